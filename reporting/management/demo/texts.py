"""What project managers write: banks of French sentences with holes for the words and figures of a project.

Holes: {thing} {actor} (with article), {Thing} {Actor} (capital), {units}, {n} of {m} (progress of the week),
{step} on {day} (next milestone), {late} (days), {over} (percent above budget), {tol} (cost tolerance, percent),
{ttol} (time tolerance, days), {keur}, {lot}, {risk} (title of the first risk), {count} (open change requests).
"""

from __future__ import annotations

GREEN = (
    "{Thing} : {n} {units} sur {m}, conforme au plan. Rien à signaler.",
    "{Actor} : validation donnée sur le lot {lot}, sans réserve. {Step} reste au {day}.",
    "Le lot {lot} est recetté pour {thing} ; deux anomalies mineures, corrigées mardi.",
    "Date du {day} confirmée pour {step_low}. Formation du personnel à {pct} %.",
    "{Thing} tourne en test depuis lundi, avec {n} {units} en base.",
    "Revue de séquence tenue avec {actor} : budget et planning tenus.",
    "Documentation d’exploitation remise pour {thing}, relue par le support. Prochaine étape le {day}.",
    "{n} {units} sur {m} ; rythme conforme au plan. Pas de demande.",
    "Atelier du {today} avec {actor} : 14 questions levées, 1 restante.",
    "Tests de charge réussis : {thing} répond sous 1,2 seconde avec {m} {units}.",
    "{Thing} : avenant signé, sans impact sur le coût. Jalon suivant le {day}.",
    "Le pilote se déroule comme prévu pour {actor} ; satisfaction 4,3 sur 5.",
    "Relecture RGPD terminée pour {thing}, aucune réserve. On prépare {step_low}.",
    "Reprise de l’ancien système : {n} {units} en base pour {thing}, taux d’erreur sous 0,4 %.",
    "Planning stable, {step_low} le {day}, équipe au complet pour {thing}.",
    "Comité de projet tenu avec {actor} ; toutes les actions de la semaine sont closes.",
    "{Thing} : recette métier à {pct} %, aucune anomalie bloquante.",
    "Le sprint {sprint} livre 11 récits sur 12 pour {thing}. La vélocité reste stable.",
    "Accord {actor_of} sur les écrans restants ; développement du lot {lot} entamé.",
    "Facture du lot {lot} vérifiée pour {thing} ; coût final prévu {over_signed} %.",
    "{Thing} : jeux d’essai fournis par le métier, {m} {units} sans données réelles.",
    "Audit d’accessibilité passé pour {thing}, 2 critères à reprendre avant {step_low}.",
)

IMPROVED = (
    "Retour au vert : {thing} a passé la recette, le {day} est maintenu pour {step_low}.",
    "Le renfort est arrivé ; le retard sur {thing} est résorbé. Jalon suivant le {day}.",
    "{Actor} : périmètre du lot {lot} accepté, la marge est reconstituée.",
    "Risque « {risk} » ramené à un niveau bas. {n} {units} sur {m} en production.",
    "Le fournisseur a livré les correctifs pour {thing} ; nouvelle recette sans réserve.",
    "Accord budgétaire trouvé avec {actor} : le coût final revient à {over_signed} %.",
)

AMBER = {
    "time": (
        "{Step} glisse de {late} jours, au {day}. {Actor} : décision attendue sur la recette partielle.",
        "Livraison du lot {lot} repoussée par l’intégrateur ; {late} jours perdus sur {thing}.",
        "{Thing} : jeux d’essai reçus en retard, {step_low} passe au {day} (tolérance {ttol} jours).",
        "{n} {units} sur {m} au lieu de {p} au plan. Une deuxième équipe démarre lundi.",
        "Convention non signée par {actor} : {late} jours de retard, rattrapage possible de moitié.",
        "Environnement de recette indisponible quatre jours ; {step_low} le {day} pour {thing}.",
        "{Actor} : validation attendue depuis deux semaines, le lot {lot} glisse de {late} jours.",
        "Reprise de {n} {units} à refaire : données source incomplètes. {Step} passe au {day}.",
    ),
    "cost": (
        "Coût final prévu à +{over} % pour {thing} (tolérance {tol} %). Offre complémentaire de {keur} k€ à l’étude.",
        "Licences plus chères que prévu pour {thing} : +{over} %. Négociation ouverte avec le fournisseur.",
        "{m} {units} à traiter au lieu de {p} : +{over} % sur le coût final, encore dans la tolérance.",
        "Jours de consultance supplémentaires pour {actor} : +{keur} k€, absorbables dans la provision.",
        "Révision des prix du marché : {thing} passe à +{over} %. Le lot {lot} pourrait être réduit.",
        "Hébergement de recette prolongé deux mois pour {thing}, soit {keur} k€.",
    ),
    "scope": (
        "{count} demandes de changement ouvertes par {actor}. Le lot {lot} reste ferme, le suivant est à trier.",
        "{Actor} : trois écrans ajoutés hors cahier des charges. Tri prévu au prochain comité pour {thing}.",
        "Exigence d’accessibilité étendue à {m} {units} ; {count} demandes en attente d’arbitrage.",
        "Règles métier encore mouvantes pour {thing} : {count} changements en quatre semaines.",
        "{Thing} : anomalies bloquantes au-dessus du seuil après la recette du lot {lot}.",
    ),
    "resources": (
        "Analyste métier partagé avec un autre projet jusqu’au {day} ; {thing} avance à mi-régime.",
        "Architecte disponible un jour sur trois pour {thing}. {Step} tient si le renfort arrive.",
        "Départ d’un développeur ; remplaçant annoncé dans trois semaines pour {thing}.",
        "Congé de maladie au sein de l’équipe {actor_of} ; le suppléant reprend le dossier du {day}.",
        "Testeurs non libérés par {actor} : contrôle arrêté à {n} {units} sur {m}.",
    ),
    "risk": (
        "Risque « {risk} » monté d’un cran. Plan de repli écrit pour {thing}, à valider.",
        "« {risk} » : probabilité relevée après l’atelier avec {actor}. Action en cours.",
        "Alerte sur {thing} : « {risk} ». Décision de repli avant {step_low}.",
        "{Actor} : dépendance non levée, « {risk} » reste le point dur de la semaine.",
    ),
}

RED = {
    "time": (
        "{Step} glisse de {late} jours, au-delà de la tolérance ({ttol}). Nouveau plan soumis {actor_to}.",
        "Chemin critique +{late} jours sur {thing} : la date du {day} suppose de couper le lot {lot}.",
        "{Thing} : troisième report du lot {lot}. Sans décision, {step_low} passe le {day}.",
        "{n} {units} sur {m} seulement ; {late} jours de retard, non rattrapables sans renfort.",
    ),
    "cost": (
        "Coût final à +{over} %, tolérance {tol} % dépassée sur {thing}. Rapport d’exception en rédaction.",
        "{Thing} : +{keur} k€ confirmés par le fournisseur. Arrêt du lot {lot} ou rallonge à décider.",
        "Budget épuisé avant la fin à ce rythme : +{over} % pour {m} {units} au lieu de {p}.",
    ),
    "scope": (
        "Périmètre non stabilisé : {count} demandes ouvertes par {actor}, deux fois le seuil admis.",
        "{Thing} : {count} changements acceptés sans budget. Gel du périmètre demandé.",
        "Recette du lot {lot} refusée par {actor} : anomalies bloquantes hors tolérance.",
    ),
    "resources": (
        "Équipe réduite à deux personnes pour {thing}. Sans renfort avant le {day}, arrêt du lot {lot}.",
        "Aucun architecte affecté depuis trois semaines ; {thing} est à l’arrêt.",
    ),
    "risk": (
        "« {risk} » devient probable : {thing} n’a pas de repli testé.",
        "Risque critique « {risk} » signalé {actor_to}, plan de repli attendu vendredi.",
    ),
}

ENDINGS = (
    "",
    "",
    "Équipe au complet.",
    "Marge restante : {slack} jours.",
    "Prochain point avec {actor} lundi.",
    "Jalon suivant : {step_low}, le {day}.",
    "Coût final prévu : {over_signed} %.",
)
CALM_ENDINGS = 4
"""The first endings are told by green statuses only, those after them by green and amber ones."""

CAUSES = {
    "time": (
        "L’intégrateur livre le lot {lot} avec {late} jours de retard.",
        "Report au {day} pour {step_low} : validation tardive par {actor}.",
        "Jeux d’essai incomplets ; {late} jours perdus en recette.",
    ),
    "cost": (
        "Coût final prévu +{over} % : prix unitaires révisés au marché.",
        "Jours supplémentaires du fournisseur, soit {keur} k€.",
        "Volume réel de {m} {units} au lieu de {p}.",
    ),
    "scope": (
        "{count} demandes de changement ouvertes par {actor}.",
        "Règles métier modifiées en cours de lot {lot}.",
    ),
    "resources": (
        "Architecte partagé avec un projet mieux classé.",
        "Analyste métier absent, suppléance à mi-temps.",
        "Testeurs non libérés par {actor}.",
    ),
    "risk": ("« {risk} » : niveau relevé, réponse en cours.", "Dépendance externe non levée : « {risk} »."),
}

REASONS = {
    "greener": {
        "overall": "Le dépassement est isolé et un plan de rattrapage est accepté par {actor}.",
        "time": "Le retard calculé porte sur un jalon interne ; la mise en service n’en dépend pas.",
        "cost": "La prévision contient {keur} k€ d’options que nous ne lèverons pas.",
        "scope": "La moitié des {count} demandes sera refusée au prochain comité.",
        "resources": "Renfort confirmé par écrit.",
        "risk": "Le plan de repli pour « {risk} » est prêt et testé.",
    },
    "graver": {
        "overall": "Les chiffres sont bons, mais {actor} n’a pas confirmé la suite.",
        "time": "Le plan ne montre pas encore le report annoncé oralement par le fournisseur.",
        "cost": "Une facture complémentaire est annoncée, pas encore chiffrée.",
        "scope": "Le périmètre mesuré est bon ; celui du lot {lot} n’est pas signé.",
        "resources": "Deux départs annoncés ne sont pas encore dans le plan de charge.",
        "risk": "L’exposition chiffrée sous-estime l’effet sur l’image.",
    },
}

DUTCH = {
    "green": (
        "{nl}: {n} van {m} klaar, geen bijzonderheden.",
        "{nl}: volgende mijlpaal bevestigd voor {day_nl}; team voltallig.",
        "Testen van {nl} verlopen volgens plan, geen blokkerende fouten.",
        "{nl}: levering {lot} aanvaard zonder voorbehoud.",
        "Gebruikersopleiding voor {nl} op {pct} %. Budget blijft binnen plan.",
        "{nl}: stuurgroep akkoord met de planning, geen open vragen.",
    ),
    "time": (
        "{nl}: mijlpaal schuift {late} dagen op naar {day_nl}; tweede ploeg start maandag.",
        "{nl}: leverancier levert levering {lot} later, {late} dagen vertraging.",
    ),
    "cost": (
        "{nl}: eindraming +{over} %, tolerantie {tol} %. Onderhandeling met de leverancier loopt.",
        "{nl}: prijsherziening maakt levering {lot} duurder, +{over} % op het geheel.",
    ),
    "scope": (
        "{nl}: {count} wijzigingsverzoeken open; de volgende levering wacht op een keuze.",
        "Eisen voor {nl} blijven bewegen: {count} verzoeken in vier weken.",
        "{nl}: levering {lot} is vast, {count} vragen gaan naar de stuurgroep.",
    ),
    "resources": (
        "Analist voor {nl} slechts halftijds beschikbaar, versterking gevraagd.",
        "{nl}: architect één dag op drie beschikbaar, mijlpaal van {day_nl} onder druk.",
    ),
    "risk": (
        "{nl}: risico op levering {lot} is gestegen; terugvalplan is geschreven.",
        "Afhankelijkheid voor {nl} nog niet opgelost; beslissing vóór {day_nl}.",
    ),
}
DUTCH_WRITERS = ("pm13",)
"""Log-ins that write in Dutch; the working language of the others is French."""

_RARE = ("modules", "flux", "applications", "épreuves", "bornes", "scénarios", "indicateurs", "interfaces", "rôles")
_COMMON = ("agents", "fiches", "demandes", "dossiers", "comptes", "documents", "actes", "courriers", "carrières")
MAGNITUDES = {
    **dict.fromkeys(_RARE, (14, 60, 1)),
    **dict.fromkeys(_COMMON, (1200, 9600, 20)),
    **dict.fromkeys(("appels", "tickets", "messages", "notes", "imputations", "créneaux"), (2400, 9000, 100)),
}
"""How many of each unit a project counts: from, up to, by; a few hundred when not named."""
