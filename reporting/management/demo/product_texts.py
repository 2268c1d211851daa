"""What invented projects deliver: groups of products by kind of project, with the criteria of their acceptance."""

from __future__ import annotations

from typing import NamedTuple


class Made(NamedTuple):
    """One product; `at` is where its milestone lies between the first (0) and the last (1)."""

    title: str
    at: float
    purpose: str
    criteria: tuple[tuple[str, str, str], ...]
    kind: str = "product"


DELIVERABLE, EXTERNAL = "deliverable", "external"

_ARCHITECTURE = Made(
    "Dossier d’architecture",
    0.1,
    "Dire comment la solution tient, s’exploite et se sécurise avant de rien acheter.",
    (
        ("Chaque exigence non fonctionnelle a sa réponse", "Relecture croisée par l’architecture", "aucune"),
        ("Le coût d’exploitation sur cinq ans est chiffré", "Contrôle par le contrôleur financier", "± 10 %"),
    ),
)
_SECURITY = Made(
    "Rapport de test d’intrusion",
    0.7,
    "Savoir ce qu’un attaquant obtiendrait avant que les usagers n’arrivent.",
    (
        ("Aucune vulnérabilité critique ouverte", "Test par un tiers, boîte grise", "aucune"),
        ("Les vulnérabilités élevées ont un plan daté", "Revue avec le CISO", "deux au plus, sous 30 jours"),
    ),
)
_TRAINING = Made(
    "Parcours de formation",
    0.8,
    "Que les agents sachent faire leur premier dossier seuls.",
    (
        ("90 % des agents formés réussissent l’exercice final", "Exercice noté en fin de session", "85 %"),
        ("Les supports existent en français et en néerlandais", "Relecture par les deux services", "aucune"),
    ),
    DELIVERABLE,
)
_RUN = Made(
    "Dossier d’exploitation",
    0.9,
    "Remettre à l’exploitation de quoi reprendre le service à trois heures du matin.",
    (
        ("Une panne simulée est résolue avec le dossier seul", "Exercice avec l’équipe de garde", "en moins de 4 h"),
        ("La restauration complète est prouvée", "Restauration sur un environnement vide", "en moins de 8 h"),
    ),
    DELIVERABLE,
)
_CLOSE = Made(
    "Bilan et mesure des bénéfices",
    1.0,
    "Montrer ce que le projet a donné, et ce qui reste à suivre.",
    (("Chaque bénéfice promis a une mesure de départ", "Contrôle par le bureau de projets", "aucune"),),
)

_APP = (
    (
        "Cadrage",
        (
            Made(
                "Dossier d’initialisation",
                0.0,
                "Dire pourquoi, quoi, quand et pour combien, assez pour décider.",
                (
                    ("Approuvé par le comité de pilotage", "Procès-verbal de séance", "aucune"),
                    ("Les bénéfices ont un responsable et une mesure", "Relecture du bureau de projets", "aucune"),
                ),
            ),
            _ARCHITECTURE,
            Made(
                "Maquettes validées",
                0.15,
                "Montrer l’écran avant de le construire, à ceux qui s’en serviront.",
                (
                    (
                        "Huit usagers sur dix finissent la tâche sans aide",
                        "Test d’usage, dix personnes",
                        "sept sur dix",
                    ),
                    ("Conforme WCAG 2.2 AA", "Audit de l’expert accessibilité", "aucun écart bloquant"),
                ),
            ),
        ),
    ),
    (
        "Application",
        (
            Made(
                "Lot 1 : parcours de demande",
                0.28,
                "L’usager introduit sa demande en ligne et en reçoit la preuve.",
                (
                    ("Les 46 cas de recette passent", "Recette métier", "deux défauts mineurs"),
                    ("Réponse en moins de deux secondes", "Test de charge, 400 usagers", "2,5 s pour 5 % des appels"),
                ),
                DELIVERABLE,
            ),
            Made(
                "Lot 2 : instruction et décision",
                0.5,
                "L’agent instruit, décide et notifie sans ressaisir.",
                (
                    ("Les 61 cas de recette passent", "Recette métier", "trois défauts mineurs"),
                    ("Chaque décision garde sa preuve", "Échantillon de 50 dossiers", "aucune"),
                ),
                DELIVERABLE,
            ),
            Made(
                "Interfaces avec les sources authentiques",
                0.45,
                "Reprendre ce que l’administration sait déjà.",
                (
                    ("Les cinq flux répondent en environnement de test", "Test d’intégration", "un flux différé"),
                    ("Disponibilité des flux", "Mesure sur quatre semaines", "99,5 %"),
                ),
                EXTERNAL,
            ),
            _SECURITY,
        ),
    ),
    ("Mise en service", (_TRAINING, _RUN, _CLOSE)),
)
_INFRA = (
    (
        "Conception",
        (
            _ARCHITECTURE,
            Made(
                "Plan de bascule",
                0.3,
                "Basculer sans surprise, et pouvoir revenir.",
                (
                    ("Chaque étape a son retour arrière", "Relecture avec l’exploitation", "aucune"),
                    ("Durée de la bascule", "Simulation sur table", "moins de 6 h"),
                ),
            ),
        ),
    ),
    (
        "Plateforme",
        (
            Made(
                "Matériel livré et monté",
                0.2,
                "Disposer de la capacité commandée, au bon endroit.",
                (("Conforme au bon de commande", "Réception contradictoire", "aucune"),),
                EXTERNAL,
            ),
            Made(
                "Plateforme de test",
                0.4,
                "Éprouver la configuration avant la production.",
                (
                    ("Tient 120 % de la charge mesurée", "Test de charge de huit heures", "110 %"),
                    ("Sauvegarde et restauration prouvées", "Restauration complète", "en moins de 8 h"),
                ),
            ),
            Made(
                "Première vague de services",
                0.65,
                "Montrer que les services tournent comme avant, ou mieux.",
                (("Aucun incident majeur pendant dix jours", "Journal des incidents", "un incident"),),
                DELIVERABLE,
            ),
            _SECURITY,
        ),
    ),
    ("Exploitation", (_RUN, _CLOSE)),
)
_SEC = (
    (
        "Cadre",
        (
            Made(
                "Analyse de risques",
                0.0,
                "Savoir ce qu’il faut protéger d’abord.",
                (("Chaque actif critique a son scénario", "Revue avec le CISO", "aucune"),),
            ),
            Made(
                "Politique de sécurité",
                0.25,
                "Dire les règles que tous suivront.",
                (
                    ("Validée par le comité de direction", "Procès-verbal", "aucune"),
                    ("Lisible en vingt minutes", "Lecture par cinq agents", "vingt-cinq minutes"),
                ),
                DELIVERABLE,
            ),
        ),
    ),
    (
        "Mesures",
        (
            Made(
                "Pilote sur deux services",
                0.5,
                "Éprouver les mesures avant de les étendre.",
                (("Moins de 3 % de demandes d’aide", "Comptage au support", "5 %"),),
            ),
            _SECURITY,
            _TRAINING,
            _RUN,
        ),
    ),
    ("Preuve", (_CLOSE,)),
)
_DATA = (
    (
        "Modèle",
        (
            Made(
                "Dictionnaire de données",
                0.0,
                "Que chacun entende la même chose par le même mot.",
                (("Chaque donnée a un propriétaire", "Contrôle du registre", "aucune"),),
            ),
            Made(
                "Convention d’échange signée",
                0.2,
                "Pouvoir demander les données en droit.",
                (("Avis favorable du DPO", "Avis écrit", "aucune"),),
                EXTERNAL,
            ),
            _ARCHITECTURE,
        ),
    ),
    (
        "Données",
        (
            Made(
                "Historique repris",
                0.5,
                "Ne rien perdre de ce qui a été décidé.",
                (
                    ("Dossiers repris sans écart", "Comparaison de 500 dossiers", "0,5 %"),
                    ("Totaux égaux par exercice", "Rapprochement comptable", "aucune"),
                ),
                DELIVERABLE,
            ),
            Made(
                "Flux en production",
                0.7,
                "Que les services reçoivent les données le jour même.",
                (("Délai de bout en bout", "Mesure sur quatre semaines", "moins de 30 min à 99 %"),),
                DELIVERABLE,
            ),
            Made(
                "Tableau de bord de qualité",
                0.8,
                "Voir la qualité baisser avant les usagers.",
                (("Six indicateurs mesurés chaque nuit", "Relevé de dix nuits", "cinq sur six"),),
            ),
        ),
    ),
    ("Ouverture", (_TRAINING, _RUN, _CLOSE)),
)
_ORG = (
    (
        "Modèle",
        (
            Made(
                "Diagnostic partagé",
                0.0,
                "Partir du travail tel qu’il se fait.",
                (("Validé par les six services", "Atelier de restitution", "cinq services"),),
            ),
            Made(
                "Modèle cible",
                0.3,
                "Dire qui fait quoi, avec quoi.",
                (("Chaque processus a un responsable", "Relecture RACI", "aucune"),),
                DELIVERABLE,
            ),
        ),
    ),
    (
        "Déploiement",
        (
            Made(
                "Bilan du pilote",
                0.6,
                "Décider d’étendre, ou de corriger.",
                (("Délai moyen de traitement", "Mesure avant et après", "− 20 %"),),
            ),
            _TRAINING,
            _CLOSE,
        ),
    ),
)
_BUY = (
    (
        "Marché",
        (
            Made(
                "Cahier spécial des charges",
                0.0,
                "Demander ce dont on a besoin, et pouvoir le vérifier.",
                (
                    ("Chaque exigence est vérifiable", "Relecture par les achats", "aucune"),
                    ("Avis de légalité", "Avis du service juridique", "aucune"),
                ),
            ),
            Made(
                "Rapport d’attribution",
                0.5,
                "Motiver le choix de l’offre.",
                (("Chaque critère est coté et motivé", "Contrôle par le contrôleur financier", "aucune"),),
            ),
        ),
    ),
    (
        "Fourniture",
        (
            Made(
                "Première livraison",
                0.7,
                "Mettre le fournisseur à l’épreuve sur un petit volume.",
                (
                    ("Conforme au cahier des charges", "Réception provisoire", "deux écarts mineurs"),
                    ("Délai de livraison", "Bon de livraison", "cinq jours ouvrables"),
                ),
                EXTERNAL,
            ),
            Made(
                "Service en production",
                0.85,
                "Rendre le service à tous les sites.",
                (("Disponibilité mensuelle", "Relevé du fournisseur, contrôlé", "99,8 %"),),
                DELIVERABLE,
            ),
            _TRAINING,
            _CLOSE,
        ),
    ),
)

TREES = {"app": _APP, "infra": _INFRA, "sec": _SEC, "data": _DATA, "org": _ORG, "buy": _BUY}

PASSED = (
    "Conforme ; deux remarques de forme corrigées en séance.",
    "Tous les cas rejoués ont réussi.",
    "Conforme, le relevé de mesures est joint.",
)
FAILED = (
    "« {text} » n’est pas atteint : à corriger, puis à mesurer à nouveau.",
    "La première mesure reste sous le critère « {text} » ; la cause est connue, la correction ne l’est pas.",
)
FOLLOW_UPS = (
    ("Corriger les remarques relevées en séance", "Rejouer le contrôle du premier critère"),
    ("Compléter les annexes", "Faire relire la version finale par le métier"),
)
FOUND = ("Constaté lors de la recette", "Relevé joint au procès-verbal", "Vérifié sur l’échantillon")
RESERVES = "Accepté sous réserve que les défauts mineurs restants soient corrigés avant la mise en service."
