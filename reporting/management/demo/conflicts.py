"""What the invented projects quarrel about: the question, the facts, the options and what each does to each project."""

from __future__ import annotations

from typing import NamedTuple

from governance.enums import ConcernedRole, ConflictKind


class Effect(NamedTuple):
    """Days, euros, person-days and dependencies that an option adds to one project, and the same in words."""

    days: int = 0
    cost: int = 0
    capacity: float = 0
    broken: int = 0
    note: str = ""
    benefits: int = 0
    risk: int = 0


class Way(NamedTuple):
    """An option; the first of a conflict is to do nothing. `effects` in the order of the projects."""

    label: str
    description: str
    effects: tuple[Effect, ...]


class Conflict(NamedTuple):
    """`ranks` choose the projects, the one that asks first; `ago` is how many days ago it was asked."""

    kind: ConflictKind
    question: str
    facts: str
    waiting: str
    recommendation: str
    roles: tuple[ConcernedRole, ...]
    ago: int
    ways: tuple[Way, ...]
    best: int
    quarter: str = "T1 2027"


NOTHING = "Ne rien faire"

ARCHITECTS = Conflict(
    ConflictKind.CAPACITY,
    "À quel projet affecter les deux architectes d’intégration de janvier à mars ?",
    "Deux architectes d’intégration sont disponibles, soit 84 jours-personnes au premier trimestre. Les trois projets "
    "en demandent 168 : 84 pour l’interface de paie, 52 pour le portail, 32 pour l’annuaire. Le marché-cadre ne "
    "fournit pas de profil équivalent avant avril. Faits établis avec les trois chefs de projet et le centre de "
    "compétences.",
    "Chaque semaine sans affectation coûte trois jours aux deux projets les mieux classés.",
    "Affecter les deux architectes au projet demandeur jusqu’au 31 mars, puis au portail.",
    (ConcernedRole.ASKS, ConcernedRole.COMPETES, ConcernedRole.DEPENDS),
    39,
    (
        Way(
            NOTHING,
            "Chaque projet garde un mi-temps et tous trois attendent.",
            (
                Effect(56, 45_000, -42, 1, "Reprise de février manquée", -1, -1),
                Effect(42, 30_000, -26, 1, "Essais de charge reportés à l’été"),
                Effect(28, 12_000, -16),
            ),
        ),
        Way(
            "Les deux au projet demandeur",
            "84 jours-personnes au demandeur ; le portail attend avril, l’annuaire emploie son propre analyste.",
            (
                Effect(0, 0, 84, 0, "Reprise tenue en février"),
                Effect(21, 8_000, -52, 0, "Replanifié au 1er avril"),
                Effect(7, 4_000, -32),
            ),
        ),
        Way(
            "Un architecte par projet prioritaire",
            "Un au demandeur, un au portail ; l’annuaire achète 32 jours au marché-cadre.",
            (
                Effect(28, 15_000, 42, 1, "Reprise en deux vagues", 0, -1),
                Effect(7, 0, 42),
                Effect(0, 38_000, 32, 0, "Profil externe au prix du marché"),
            ),
        ),
    ),
    1,
)

PLATFORM = Conflict(
    ConflictKind.DATES,
    "Quelle date retenir pour la bascule de la plateforme d’échange partagée ?",
    "Les deux projets emploient la même plateforme d’échange. Le premier doit basculer avant le 15 février pour "
    "sa mise en service ; le second gèle ses interfaces jusqu’au 12 mars pour la campagne d’inscription. Une bascule "
    "immobilise la plateforme quatre jours et ne se fait qu’une fois par trimestre.",
    "Sans date, les deux fournisseurs libèrent leurs équipes le 11 décembre.",
    "Basculer le 12 février avec un mode dégradé pour les inscriptions.",
    (ConcernedRole.ASKS, ConcernedRole.HOLDS),
    16,
    (
        Way(
            NOTHING,
            "Chacun garde son plan ; la plateforme tranche le jour venu.",
            (Effect(49, 60_000, 0, 2, "Mise en service après Pâques", -1, -2), Effect(14, 20_000, 0, 1, "", 0, -1)),
        ),
        Way(
            "Basculer le 12 février, mode dégradé",
            "Le demandeur tient sa date ; quatre jours d’inscriptions par fichier.",
            (Effect(0, 12_000, 6, 0, "Mise en service tenue"), Effect(3, 18_000, 12, 0, "Fichier chaque nuit", 0, -1)),
        ),
        Way(
            "Basculer le 15 mars",
            "Après la campagne ; le demandeur prolonge son environnement actuel d’un mois.",
            (Effect(28, 44_000, 0, 1, "Un mois de double exploitation"), Effect(0, 0, 0)),
        ),
    ),
    1,
)

BUDGET = Conflict(
    ConflictKind.BUDGET,
    "Qui reçoit les 420 000 € non engagés de la ligne sécurité 2026 ?",
    "La ligne sécurité garde 420 000 € non engagés au 31 octobre ; ils tombent en annulation au 31 décembre. Le "
    "demandeur a un bon de commande prêt (310 000 €), le second un avenant au marché d’hébergement (260 000 €).",
    "Au-delà du 11 décembre, aucun engagement n’est plus visé cette année.",
    "Donner 310 000 € au demandeur et reporter l’avenant sur 2027.",
    (ConcernedRole.ASKS, ConcernedRole.COMPETES),
    30,
    (
        Way(
            NOTHING,
            "Le crédit tombe en annulation.",
            (Effect(90, 35_000, 0, 0, "Marché à refaire en 2027", -1, -2), Effect(60, 25_000, 0, 1, "", -1, -1)),
        ),
        Way(
            "310 000 € au demandeur",
            "Bon de commande engagé en décembre ; avenant sur le budget 2027.",
            (Effect(0, 0, 0, 0, "Licences livrées en janvier"), Effect(30, 9_000, 0, 0, "Hébergement prolongé")),
        ),
        Way(
            "Partager : 210 000 € chacun",
            "Chacun réduit son périmètre d’un tiers.",
            (Effect(30, 0, 0, 0, "Deux sites sur trois", -1), Effect(15, 0, 0, 1, "Sauvegarde non couverte", 0, -1)),
        ),
    ),
    1,
)

DEPENDENCY = Conflict(
    ConflictKind.DEPENDENCIES,
    "Faut-il livrer l’annuaire des établissements avant que son modèle de données soit stabilisé ?",
    "Le demandeur attend l’annuaire pour ses essais de janvier ; le projet qui le fournit a déplacé sa livraison deux "
    "fois. Le modèle de données change encore : onze champs sur quarante ne sont pas arrêtés.",
    "Les essais de janvier tombent et les testeurs des écoles ne reviennent qu’en avril.",
    "",
    (ConcernedRole.ASKS, ConcernedRole.HOLDS, ConcernedRole.DEPENDS),
    13,
    (
        Way(NOTHING, "L’annuaire vient quand il est prêt.", ()),
        Way(
            "Livrer une version provisoire en janvier",
            "Vingt-neuf champs stables, les autres vides.",
            (Effect(5, 6_000, 8), Effect(12, 14_000, 20, 0, "Deux livraisons à entretenir"), Effect(0, 5_000, 4)),
        ),
    ),
    1,
)

PRIORITY = Conflict(
    ConflictKind.PRIORITY,
    "Les deux refontes peuvent-elles mobiliser les mêmes écoles pilotes au printemps ?",
    "Les vingt écoles pilotes sont les mêmes, et chacune n’accepte qu’un essai par trimestre.",
    "Les conventions avec les écoles se signent avant le 18 décembre.",
    "",
    (ConcernedRole.ASKS, ConcernedRole.COMPETES),
    1,
    (),
    0,
)

WITHIN_ONE = Conflict(
    ConflictKind.BUDGET,
    "Peut-on avancer de deux semaines l’achat des licences de test ?",
    "L’achat est inscrit au budget du projet.",
    "",
    "",
    (ConcernedRole.ASKS, ConcernedRole.DEPENDS),
    45,
    (),
    0,
)
