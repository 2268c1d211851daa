"""The lighter scripted stories, and the table that gives each its project."""

from __future__ import annotations

from collections.abc import Mapping

from portfolio.enums import AskKind, MilestoneKind
from reporting.management.demo import arcs
from reporting.management.demo.story import Ask, Fixed, Story

_L, _G = MilestoneKind.DELIVERY, MilestoneKind.GATE

HOURS = Story(
    scope=((26, 0.2), (11, 0.6), (7, 0.9), (5, 1.2), (0, 1.7)),
    cost=((26, 0.1), (5, 0.6), (3, 1.1), (0, 1.6)),
    time=((26, 0.1), (6, 0.7), (4, 1.2), (0, 1.6)),
    lines={
        0: "Périmètre non stabilisé avec le cabinet : {count} demandes, aucune chiffrée. Gel demandé pour le {in13}.",
        1: "Deux demandes de plus cette semaine, aucune retirée. Le lot 3 ne peut pas être estimé.",
        2: "Atelier de tri annulé par le cabinet ; développement du lot 3 suspendu.",
    },
    causes={
        "scope": "{count} demandes de changement ouvertes, seuil de six.",
        "cost": "Développements refaits deux fois sur les règles de détachement : +{over} %.",
        "time": "Lot 3 suspendu tant que les règles ne sont pas gelées.",
    },
    asks={
        (1, 0): Ask(
            "Geler le périmètre du décompte au {in13} et refuser les demandes non chiffrées",
            "DIR",
            amount=58_000,
            options=(
                ("Geler au {in13}", "Lot 3 estimable le {in20} ; neuf demandes reportées.", True),
                ("Accepter les demandes", "58 k€ et onze semaines de plus.", False),
            ),
            recommendation="Geler, et traiter les demandes dans la version suivante.",
            cost_of_waiting="L’équipe de quatre personnes est à l’arrêt depuis le {ago15} : 7 k€ par semaine.",
        )
    },
    milestones=(
        Fixed("Recette du lot 1", _L, -150),
        Fixed("Recette du lot 2", _L, -90),
        Fixed("Gel du périmètre", _G, -7),
        Fixed("Recette du lot 3", _L, 70),
        Fixed("Mise en service", MilestoneKind.GO_LIVE, 135),
    ),
    threat=(
        "Règles de décompte jamais gelées",
        "Concertation sociale encore ouverte",
        "le cabinet ajoute des règles après le développement",
        "troisième réécriture du calcul et rentrée manquée",
    ),
    progress=0.55,
)

SIGNATURE = Story(
    time=((26, 0.2), (9, 0.6), (7, 1.2), (4, 1.1), (3, 0.85), (1, 0.6), (0, 0.3)),
    risk=((26, 0.3), (8, 0.7), (7, 1.2), (4, 0.8), (0, 0.3)),
    lines={
        0: "Recette de sécurité réussie au second passage, zéro faille ouverte. Mise en service maintenue au {day}.",
        1: "Contre-test en cours : les trois failles sont fermées, rapport attendu lundi.",
        2: "Correctifs livrés et relus par le RSSI ; contre-test réservé pour la semaine prochaine.",
        4: "Deux failles sur trois corrigées ; la troisième touche l’horodatage.",
        7: "Recette de sécurité refusée : trois failles majeures dans la chaîne d’horodatage.",
    },
    causes={
        "time": "Recette de sécurité à repasser après correction de l’horodatage.",
        "risk": "Failles majeures ouvertes dans la chaîne d’horodatage.",
    },
    milestones=(
        Fixed("Commande des certificats", MilestoneKind.CONTRACT, -140),
        Fixed("Recette de sécurité", _L, -12),
        Fixed("Mise en service", MilestoneKind.GO_LIVE, 17),
        Fixed("Bilan et clôture", _G, 80),
    ),
    progress=0.84,
)

GRANTS = Story(
    time=((26, 0.1), (9, 0.6), (7, 0.7), (6, 0.3), (1, 0.3), (0, 0.86)),
    resources=((26, 0.2), (1, 0.4), (0, 0.8)),
    lines={
        0: "Lot 3 glisse de {late} jours (fournisseur). La mise en service tient si le pilote démarre le {in58}.",
        1: "Lot 2 recetté sans réserve. Lot 3 en tests chez le fournisseur, livraison confirmée au {day}.",
        2: "7 400 dossiers simulés sans écart ; l’analyste métier reste partagé encore un mois.",
    },
    causes={
        "time": "Le fournisseur livre le lot 3 avec {late} jours de retard.",
        "resources": "Architecte occupé à 121 % pendant cinq semaines.",
    },
    asks={
        (0, 0): Ask(
            "Réserver 0,5 ETP architecte du {in10} au {in27} pour le guichet des bourses",
            "COPIL-GUICHET",
            options=(
                ("Réserver 0,5 ETP", "Pilote tenu ; la plateforme d’API attend trois semaines.", True),
                ("Ne pas réserver", "Pilote un mois plus tard, campagne en jeu.", False),
            ),
            recommendation="Réserver 0,5 ETP, sans frais supplémentaires.",
            cost_of_waiting="Le créneau d’architecte est libre jusqu’au {in9}.",
        )
    },
    milestones=(
        Fixed("Recette du lot 2", _L, -34),
        Fixed("Livraison du lot 3", _L, 1),
        Fixed("Pilote avec quatre écoles", _L, 55),
        Fixed("Mise en service", MilestoneKind.GO_LIVE, 98),
    ),
    progress=0.64,
)

STAFF_SPACE = Story(
    progress=0.93,
    lines={
        0: "Mise en production le {day} confirmée ; formation à 92 %, numéro d’appel ouvert.",
        1: "Répétition générale sans incident ; 310 agents pilotes, satisfaction 4,4 sur 5.",
        2: "Formation à 78 %. Dernières traductions néerlandaises livrées mercredi.",
    },
    milestones=(
        Fixed("Recette du lot 3", _L, -40),
        Fixed("Répétition générale", _L, -9),
        Fixed("Mise en production", MilestoneKind.GO_LIVE, 4),
        Fixed("Bilan et clôture", _G, 60),
    ),
)

CATALOGUE = Story(
    lines={
        0: "1 140 jeux décrits, 310 ouverts. Version publique prête pour le {day}.",
        1: "1 085 jeux décrits ; deux intendants formés à la culture. Rien à signaler.",
        2: "1 020 jeux décrits, doublons ramenés de 8 à 2 %.",
    },
    progress=0.76,
)

MAIL = Story(
    cost=((26, 0.0), (10, 0.3), (0, -0.4)),
    lines={
        0: "8 200 comptes migrés sur 9 500 ; plus que les établissements de la dernière vague.",
        1: "7 650 comptes migrés sur 9 500, 0,3 % d’incidents, tous résolus dans la journée.",
        2: "6 900 comptes migrés sur 9 500 ; archives de 2011 à 2018 reprises en parallèle.",
    },
    progress=0.86,
)

SUBSIDIES = Story(
    cost=((26, 0.1), (5, 0.4), (3, 0.68), (0, 0.76)),
    lines={
        0: "Avenant de +{over} % négocié pour la chaîne des subventions ; dans la tolérance, signature attendue.",
        1: "Avenant relu par le contrôle financier ; deux clauses à préciser avec l’intégrateur.",
    },
    causes={"cost": "Avenant du lot 4 : interface comptable sous-estimée, +{over} %."},
    asks={
        (2, 0): Ask(
            "Approuver l’avenant du lot 4 de la gestion des subventions",
            "CI",
            amount=268_000,
            options=(
                (
                    "Approuver l’avenant",
                    "Interface comptable livrée en {month110}, coût final dans la tolérance.",
                    True,
                ),
                ("Réduire le lot 4", "Double encodage de 2 100 conventions par an.", False),
            ),
            recommendation="Approuver, avec recette de l’interface avant le dernier paiement.",
            cost_of_waiting="Le prix de l’avenant vaut jusqu’au {in40}.",
        )
    },
    progress=0.6,
)

SITE = Story(
    scope=((26, 0.2), (4, 0.4), (3, 0.65), (0, 0.8)),
    time=((26, 0.0), (3, 0.4), (2, 0.6), (0, 0.66)),
    lines={
        0: "Accessibilité : sept critères AA restants sur cinquante ; audit confirmé, {late} jours de marge consommés.",
        1: "Neuf critères AA restants. Contraste et formulaires repris avec la communication.",
    },
    causes={
        "scope": "Critères d’accessibilité AA encore ouverts.",
        "time": "Audit reporté faute de contenus définitifs.",
    },
    progress=0.78,
)

IMMUTABLE = Story(
    cost=((26, 0.1), (4, 0.6), (0, 0.78)),
    lines={
        0: "Prix du stockage en hausse, coût final +{over} % ; la copie hors site passe son premier test de reprise."
    },
    causes={"cost": "Prix du téraoctet relevé au renouvellement : +{over} %."},
    progress=0.58,
)

PORTAL = Story(
    time=((26, 0.1), (6, 0.62), (4, 1.15), (0, 1.3)),
    optimist=4,
    lines={0: "{Step} passe au {day} ; l’équipe compte rattraper {thing} avec le lot suivant."},
    reasons={
        "overall": "Le retard sera rattrapé avec le lot suivant, la date finale ne bouge pas.",
        "time": "Le jalon en retard est interne ; {actor} en est d’accord.",
    },
    progress=0.55,
)

PHONES = Story(
    risk=((26, 0.3), (8, 0.7), (5, 1.2), (0, 1.2)),
    optimist=5,
    lines={
        0: "Portabilité des numéros confirmée pour 1 900 lignes ; l’opérateur sortant n’a pas répondu pour le reste."
    },
    reasons={
        "overall": "Le plan de repli de la téléphonie est écrit, sa mise en œuvre prend deux jours.",
        "risk": "Le repli a été joué une fois en salle ; un essai réel est prévu le mois prochain.",
    },
    threat=(
        "Numéros d’urgence non portés à temps",
        "Opérateur sortant peu coopératif",
        "les numéros d’accueil restent muets le jour de la bascule",
        "écoles injoignables pendant deux jours",
    ),
    progress=0.7,
)

HR_DATA = Story(
    time=((26, 0.2), (10, 0.7), (8, 1.25), (3, 1.1), (2, 0.85), (1, 0.62), (0, 0.25)),
    lines={
        0: "Barèmes de 1986 à 1998 reconstitués ; l’historique est complet et le jalon revient dans le plan.",
        1: "Deux périodes de barèmes manquaient, une est retrouvée aux archives.",
    },
    asks={
        (8, 6): Ask(
            "Autoriser la saisie manuelle de 4 200 carrières antérieures à 1998",
            "COPIL-PAIE",
            amount=36_000,
            options=(
                ("Saisie manuelle", "36 k€, six semaines.", True),
                ("Attendre les archives", "Durée inconnue.", False),
            ),
            recommendation="Autoriser la saisie.",
            cost_of_waiting="Le jalon suivant bouge d’autant.",
        )
    },
    progress=0.66,
)

FORENSICS = Story(
    pessimist=True,
    lines={0: "Chiffres conformes, mais deux départs annoncés dans l’équipe de veille : je préfère prévenir."},
    progress=0.5,
)

WORKSTATION = Story(
    cost=((26, 0.1), (6, 0.3), (0, 0.34)),
    lines={
        0: "Offres ouvertes pour le poste de travail : cinq soumissionnaires, prix 2 % sous l’estimation.",
        1: "Questions des soumissionnaires closes, 46 réponses publiées. Ouverture des offres mardi.",
    },
    asks={(0, 0): Ask("Informer le CODIR de l’ouverture des offres du poste de travail", kind=AskKind.INFORMATION)},
    progress=0.47,
)

ENROLMENT = Story(
    silent=frozenset({0}),
    time=((26, 0.1), (3, 0.2), (1, 0.6), (0, 0.7)),
    lines={
        1: "La commission relit les critères de classement ; {step_low} passe au {day}, sans effet sur la campagne.",
        2: "6 200 demandes simulées sans doublon ; reste l’essai avec les écoles à liste d’attente.",
    },
    causes={"time": "Relecture des critères par la commission, {late} jours."},
    milestones=(
        Fixed("Recette du lot 1", _L, -88),
        Fixed("Gel des critères de classement", _G, 20),
        Fixed("Essai avec huit écoles", _L, 41),
        Fixed("Ouverture des inscriptions", MilestoneKind.GO_LIVE, 72),
        Fixed("Bilan et clôture", _G, 150),
    ),
    progress=0.68,
)

TESTS = Story(
    silent=frozenset({0}),
    lines={
        1: "Vingt-deux épreuves saisies sur vingt-six ; l’inspection relit les barèmes. Rien à signaler.",
        2: "Essai en classe réussi dans trois écoles, 640 élèves, aucune coupure.",
        3: "Temps de réponse divisé par deux après le réglage du serveur d’épreuves.",
    },
    progress=0.71,
)

SCRIPTED: Mapping[str, Story] = {
    "Migration du moteur de paie enseignants": arcs.PAYROLL,
    "Identité numérique des usagers": arcs.IDENTITY,
    "Réseau des écoles, phase 3": arcs.SCHOOLS,
    "Archivage probant": arcs.ARCHIVES,
    "Portail des aides sociales": arcs.AID,
    "Gestion documentaire du courrier": arcs.MAILROOM,
    "Dossier unique de l’élève": arcs.PUPIL,
    "Centre de sécurité opérationnel mutualisé": arcs.SOC,
    "Résilience du centre de données": arcs.DATACENTRE,
    "Décompte des prestations enseignants": HOURS,
    "Signature électronique": SIGNATURE,
    "Guichet unique des bourses d’études": GRANTS,
    "Espace personnel de l’agent public": STAFF_SPACE,
    "Catalogue de données": CATALOGUE,
    "Messagerie collaborative": MAIL,
    "Gestion des subventions culturelles": SUBSIDIES,
    "Refonte du site institutionnel": SITE,
    "Sauvegarde immuable": IMMUTABLE,
    "Parcours de formation continue": PORTAL,
    "Téléphonie unifiée": PHONES,
    "Inscriptions en ligne au secondaire": ENROLMENT,
    "Évaluations externes en ligne": TESTS,
    "Carrières et barèmes historiques": HR_DATA,
    "Gestion des vulnérabilités": FORENSICS,
    "Poste de travail 2027": WORKSTATION,
}
