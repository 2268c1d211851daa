"""What is asked to change in the invented projects, and their change budgets."""

from __future__ import annotations

from typing import NamedTuple


class Money(NamedTuple):
    """The change budget of a project, its authority and the limit per change."""

    project: str
    amount: int
    authority: str
    each: int


class Case(NamedTuple):
    """One issue; `end` is how far it has come, `impacts` are (target, number, words)."""

    project: str
    kind: str
    title: str
    description: str
    cause: str
    severity: int
    priority: int
    ago: int
    end: str
    author: str = "pso2"
    size: int = 2
    cost: int | None = 0
    days: int = 3
    impacts: tuple[tuple[str, int, str], ...] = ()
    answer: str = "accept"
    recommendation: str = ""
    if_rejected: str = ""
    until: int = 0
    condition: str = ""
    action: str = ""
    doer: str = "pgm1"
    due: int = 21
    evidence: str = ""


PAY = "Migration du moteur de paie enseignants"
PUPIL = "Dossier unique de l’élève"
IDENTITY = "Identité numérique des usagers"
GRANTS = "Guichet unique des bourses d’études"
AID = "Portail des aides sociales"
CULTURE = "Gestion des subventions culturelles"
AGENT = "Espace personnel de l’agent public"
TESTS = "Évaluations externes en ligne"
HOURS = "Décompte des prestations enseignants"
ENROL = "Inscriptions en ligne au secondaire"
CAREERS = "Carrières et barèmes historiques"
SITE = "Refonte du site institutionnel"
FORMS = "Accessibilité des formulaires"

MONEY = (
    Money(PAY, 120_000, "codir6", 25_000),
    Money(PUPIL, 40_000, "head", 12_000),
    Money(IDENTITY, 80_000, "codir7", 20_000),
    Money(GRANTS, 35_000, "head", 10_000),
    Money(CULTURE, 24_000, "codir6", 8_000),
    Money(HOURS, 18_000, "head", 6_000),
)

REQUESTS = (
    Case(
        PAY,
        "request",
        "Ajouter le calcul des rappels sur trois exercices",
        "La direction du personnel demande que les rappels de traitement portent sur trois exercices au lieu d’un.",
        "Arrêt récent sur la prescription des créances",
        4,
        5,
        60,
        "closed",
        cost=21_500,
        days=32,
        size=3,
        impacts=(("scope", 0, "trois règles de calcul de plus"), ("quality", 0, "recette des rappels à refaire")),
        recommendation="Obligation légale, et le coût tient dans le budget de changement.",
        if_rejected="Rappels calculés à la main pour 1 800 dossiers",
        action="Livrer et recetter le calcul des rappels sur trois exercices",
        evidence="Recette signée, 212 dossiers rejoués sans écart.",
    ),
    Case(
        PUPIL,
        "request",
        "Afficher le parcours de l’élève sur une seule page",
        "Les conseillers demandent une page unique avec écoles, options et dispenses.",
        "Retour des écoles pilotes",
        2,
        3,
        50,
        "closed",
        cost=9_800,
        days=14,
        recommendation="Gain de temps confirmé par huit écoles pilotes sur dix.",
        if_rejected="Trois écrans à ouvrir par élève",
        action="Mettre la page unique en production",
        doer="pgm2",
        evidence="En production, vue par 46 conseillers la première semaine.",
    ),
    Case(
        PUPIL,
        "request",
        "Reprendre aussi les dossiers des élèves sortis avant 2015",
        "Les archives demandent que la reprise remonte à 2005.",
        "Demandes d’attestations anciennes",
        2,
        2,
        40,
        "answered",
        cost=11_000,
        days=25,
        size=4,
        answer="reject",
        recommendation="Moins de deux cents demandes par an : le papier suffit.",
        if_rejected="Consultation des archives papier",
    ),
    Case(
        IDENTITY,
        "opportunity",
        "Reprendre le registre des mandats d’un autre service",
        "Le service fédéral ouvre son registre des mandats ; le projet devait en construire un.",
        "Ouverture annoncée le mois passé",
        2,
        4,
        21,
        "recommended",
        cost=18_000,
        days=20,
        size=3,
        impacts=(("benefits", 0, "un registre de moins à tenir"),),
        recommendation="Évite un développement plus cher et un registre de plus à tenir à jour.",
        if_rejected="Développement propre, quatre mois de plus",
    ),
    Case(
        IDENTITY,
        "request",
        "Ajouter un second facteur sans téléphone",
        "Les publics fragiles n’ont pas toujours de téléphone : une carte à codes est demandée.",
        "Avis du médiateur",
        4,
        5,
        28,
        "submitted",
        author="dpo",
        cost=62_000,
        days=70,
        size=4,
        impacts=(("scope", 0, "un moyen d’identification de plus"), ("time", 15, "trois semaines de recette")),
        recommendation="Sans cela, un usager sur douze reste au guichet.",
        if_rejected="Douze mille usagers sans accès en ligne",
    ),
    Case(
        GRANTS,
        "request",
        "Pré-remplir le revenu du ménage",
        "Les allocations demandent la reprise automatique du revenu de l’avant-dernière année.",
        "Nouveau flux disponible",
        3,
        4,
        25,
        "proven",
        cost=8_600,
        days=12,
        recommendation="Le champ le plus souvent faux des dossiers.",
        if_rejected="Trois dossiers sur dix à corriger",
        action="Raccorder le flux des revenus et mesurer les corrections",
        doer="pgm2",
        due=10,
        evidence="Flux en recette, taux de correction tombé à 9 %.",
    ),
    Case(
        AID,
        "request",
        "Ouvrir le portail aux centres publics d’action sociale",
        "Quarante centres demandent un accès direct aux dossiers de leurs usagers.",
        "Convention signée entre administrations",
        3,
        4,
        20,
        "submitted",
        cost=9_000,
        days=15,
        impacts=(("scope", 0, "un profil d’accès de plus"),),
        recommendation="La convention est signée et les centres fournissent leurs testeurs.",
        if_rejected="Double encodage dans quarante centres",
    ),
    Case(
        CULTURE,
        "request",
        "Envoyer les décisions par recommandé électronique",
        "Le service demande l’envoi électronique des décisions de refus.",
        "Coût du recommandé papier",
        2,
        3,
        15,
        "recommended",
        cost=7_200,
        days=9,
        recommendation="Rentabilisé en huit mois.",
        if_rejected="Quatre mille envois papier par an",
    ),
    Case(
        AGENT,
        "request",
        "Ajouter la demande de télétravail",
        "Les services demandent que la demande de télétravail passe par l’espace agent.",
        "Nouveau règlement de travail",
        2,
        2,
        22,
        "postponed",
        recommendation="Le règlement définitif n’est attendu qu’en janvier.",
    ),
    Case(
        HOURS,
        "request",
        "Accepter les prestations partagées entre deux écoles",
        "Un enseignant sur neuf partage son horaire ; l’outil ne connaît qu’une école par fiche.",
        "Cas non prévu à l’analyse",
        4,
        5,
        32,
        "answered",
        cost=5_800,
        days=8,
        recommendation="Sans cela, neuf pour cent des fiches sont fausses.",
        if_rejected="Correction à la main de mille fiches par mois",
        action="Livrer le partage des prestations entre écoles",
        doer="pgm1",
        due=14,
    ),
    Case(
        HOURS,
        "request",
        "Ajouter une seconde école sur la fiche",
        "Même besoin, demandé par un autre réseau.",
        "Demande parallèle",
        3,
        3,
        20,
        "merged",
        recommendation="Même demande que celle des prestations partagées.",
    ),
    Case(
        SITE,
        "request",
        "Publier les marchés publics attribués",
        "La cellule marchés demande une page des marchés attribués, tenue à jour seule.",
        "Obligation de publicité active",
        2,
        3,
        26,
        "answered",
        cost=4_000,
        days=6,
        recommendation="Petit développement, obligation légale.",
        if_rejected="Publication à la main chaque semaine",
    ),
    Case(
        FORMS,
        "opportunity",
        "Proposer les formulaires accessibles à d’autres administrations",
        "Deux administrations demandent à reprendre la bibliothèque de formulaires.",
        "Présentation au réseau des correspondants",
        1,
        2,
        10,
        "assessed",
        cost=3_000,
        days=5,
        impacts=(("benefits", 0, "visibilité et contributions en retour"),),
    ),
)
