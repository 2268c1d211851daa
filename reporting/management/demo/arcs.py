"""The scripted stories of the fictional portfolio, by name of project: what the wireframes promise to show."""

from __future__ import annotations

from portfolio.enums import AskKind, MilestoneKind
from reporting.management.demo.story import Ask, Fixed, Story

_GATE, _GO = MilestoneKind.GATE, MilestoneKind.GO_LIVE
_LOT, _BUY = MilestoneKind.DELIVERY, MilestoneKind.CONTRACT

PAYROLL = Story(
    time=((26, 0.1), (12, 0.3), (7, 0.62), (1, 0.52), (0, 1.52)),
    risk=((26, 0.3), (6, 0.4), (5, 0.7), (1, 0.9), (0, 1.2)),
    resources=((9, 0.3), (8, 0.7), (0, 0.8)),
    cost=((26, 0.0), (6, 0.3), (3, 0.6), (0, 0.8)),
    lines={
        0: "Bascule de {month52} intenable : {late} jours de retard sur le chemin critique. "
        "Report à {month110} ou périmètre réduit, à trancher au CODIR.",
        1: "Bascule à blanc n° 2 interrompue : 640 fiches sur 130 000 rejetées. Le {day} tient sans nouvel échec.",
        2: "Bascule à blanc n° 1 faite : 1,9 % d’écarts de paie, cible 0,5 %. Corrections livrées jeudi.",
        3: "Règles de {next_year} reçues avec trois semaines de retard ; {step_low} passe au {day}.",
    },
    causes={
        "time": "Bascule à blanc n° 2 à refaire : règles barémiques livrées trois semaines trop tard.",
        "risk": "Sans repli testé, la paie de {month80} serait calculée sur l’ancien moteur.",
        "resources": "Deux architectes sur quatre restent affectés au réseau des écoles.",
    },
    asks={
        (0, 0): Ask(
            "Arbitrer : bascule de la paie reportée à {month110}, ou périmètre réduit en {month52}",
            "CODIR",
            amount=410_000,
            options=(
                (
                    "Reporter la bascule à {month110}",
                    "Trois mois de double exploitation, soit 410 k€ ; aucun agent mal payé.",
                    True,
                ),
                (
                    "Basculer en {month52} sans les nouveaux barèmes",
                    "110 k€ d’économie, mais 9 000 fiches calculées à la main pendant deux mois.",
                    False,
                ),
                ("Ne rien décider", "Bascule de {month52} en échec probable, retour arrière en pleine paie.", False),
            ),
            recommendation="Reporter à {month110} et garder l’équipe de bascule complète jusqu’au {in130}.",
            cost_of_waiting="Chaque semaine sans décision coûte 32 k€ et retire une fenêtre de bascule.",
        ),
        (9, 7): Ask(
            "Confirmer la priorité des architectes sur la paie jusqu’à la bascule",
            "ARBITRAGE",
            options=(
                ("Priorité à la paie", "Le réseau des écoles perd six semaines sur la vague 3.", True),
                ("Partage à parts égales", "Les deux projets glissent de trois semaines.", False),
            ),
            recommendation="Priorité à la paie jusqu’à la bascule.",
            cost_of_waiting="Une semaine perdue sur chaque projet par semaine d’attente.",
            settled=True,
        ),
    },
    milestones=(
        Fixed("Gel des règles barémiques", _GATE, -150),
        Fixed("Recette du lot 4", _LOT, -70),
        Fixed("Bascule à blanc", _LOT, 4),
        Fixed("GO / NO GO bascule", _GATE, 34),
        Fixed("Bascule générale", _GO, 52),
        Fixed("Arrêt de l’ancien moteur", _LOT, 150),
    ),
    threat=(
        "Bascule de paie sans repli testé",
        "Une seule bascule à blanc complète avant la date",
        "la première paie réelle dépasse 1 % d’écarts",
        "1 300 agents mal payés et reprise manuelle le mois suivant",
    ),
    progress=0.82,
)

IDENTITY = Story(
    time=((26, 0.1), (9, 0.5), (7, 0.8), (5, 1.2), (0, 2.0)),
    risk=((26, 0.4), (6, 0.7), (4, 1.2), (0, 1.3)),
    cost=((26, 0.1), (5, 0.6), (4, 1.1), (0, 1.25)),
    lines={
        0: "Fournisseur en défaut depuis {since} : rien de livré en quatre semaines. Mise en demeure prête à signer.",
        1: "Réunion de crise sans résultat ; pénalités contestées. Plan de reprise interne chiffré à 265 k€.",
        2: "Deuxième relance écrite restée sans réponse. L’équipe interne reprend l’API d’identification.",
        3: "Lot API non livré à la date convenue ; les pénalités courent depuis lundi.",
        4: "Fournisseur : chef d’équipe parti, livraison de l’API annulée. Premier constat écrit envoyé.",
    },
    causes={
        "time": "API d’identification non livrée par le fournisseur, {late} jours de retard.",
        "cost": "Reprise interne et prolongation de l’ancien service : +{over} %.",
        "risk": "Défaillance du fournisseur principal, marché de repli à préparer.",
    },
    asks={
        (2, 0): Ask(
            "Signer la mise en demeure du fournisseur d’identité",
            "DIR",
            amount=265_000,
            options=(
                ("Mise en demeure, puis reprise interne", "265 k€ récupérables en partie sur la caution.", True),
                ("Renégocier le calendrier", "Deux mois de plus, sans garantie de livraison.", False),
                ("Résilier sans délai", "Huit mois pour un nouveau marché ; service actuel prolongé.", False),
            ),
            recommendation="Signer la mise en demeure et financer la reprise interne du lot API.",
            cost_of_waiting="18 k€ par semaine de prolongation de l’ancien service.",
        )
    },
    milestones=(
        Fixed("Analyse d’impact RGPD", _GATE, -170),
        Fixed("Maquette du parcours", _LOT, -95),
        Fixed("Livraison de l’API d’identification", _LOT, -22),
        Fixed("Recette de sécurité", _LOT, 40),
        Fixed("Pilote avec deux guichets", _LOT, 78),
        Fixed("Ouverture aux usagers", _GO, 120),
    ),
    threat=(
        "Défaillance du fournisseur d’identité",
        "Équipe du fournisseur démantelée",
        "le lot API n’est jamais livré",
        "reprise interne et neuf mois de prolongation de l’ancien service",
    ),
    progress=0.6,
)

SCHOOLS = Story(
    cost=((26, 0.1), (10, 0.4), (7, 0.65), (4, 1.2), (0, 1.88)),
    time=((26, 0.0), (6, 0.2), (5, 0.55), (0, 0.6)),
    optimist=4,
    lines={
        0: "Coût final +{over} %, au-delà de la tolérance ({tol} %) : génie civil de 38 sites. Rapport d’exception.",
        1: "Métré terminé : 38 sites exigent une tranchée non prévue. Coût final revu à +{over} %.",
        2: "Visites de sites : 31 tranchées supplémentaires confirmées. Négociation avec l’entrepreneur.",
        3: "Premiers métrés défavorables en zone rurale ; chiffrage complet attendu dans deux semaines.",
    },
    causes={
        "cost": "Tranchées non prévues sur 38 sites ruraux : +{over} % sur le coût final.",
        "time": "Permis de voirie en attente dans quatre communes.",
    },
    reasons={
        "overall": "La vague 3 peut se faire sans les sites ruraux : l’écart reste négociable.",
        "cost": "Une prise en charge des tranchées par les communes est en discussion.",
    },
    asks={
        (1, 0): Ask(
            "Autoriser un rapport d’exception : 188 k€ pour les tranchées de 38 sites",
            "CODIR",
            amount=188_000,
            options=(
                ("Financer les 38 tranchées", "Vague 3 complète en {month128} ; 188 k€ hors tolérance.", True),
                ("Reporter les sites ruraux d’un an", "0 k€ cette année ; 38 écoles restent à faible débit.", False),
                ("Relier par radio", "96 k€, débit divisé par quatre, à remplacer dans trois ans.", False),
            ),
            recommendation="Financer les tranchées et demander la participation des communes.",
            cost_of_waiting="Offre de l’entrepreneur valable jusqu’au {in24} ; +6 % ensuite.",
        )
    },
    milestones=(
        Fixed("Vague 1 : 140 sites", _GO, -200),
        Fixed("Vague 2 : 210 sites", _GO, -60),
        Fixed("Recette réseau lot 4", _LOT, 9),
        Fixed("Vague 3 : 180 sites", _GO, 128),
        Fixed("Résiliation des anciennes lignes", _LOT, 205),
    ),
    progress=0.66,
)

ARCHIVES = Story(
    resources=((26, 0.1), (2, 0.2), (1, 0.3), (0, 0.85)),
    time=((26, 0.1), (1, 0.3), (0, 0.42)),
    lines={
        0: "Deux architectes partent vers la paie dès le {in10}. Sans arbitrage, {step_low} glisse après le {day}.",
        1: "Dossier de sélection complet ; trois éditeurs retenus pour la démonstration.",
    },
    causes={"resources": "2 ETP architectes retirés au profit de la paie dès le {in10}."},
    asks={
        (0, 0): Ask(
            "Trancher le conflit d’architectes entre l’archivage et la paie",
            "ARBITRAGE",
            amount=120_000,
            options=(
                ("Garder 1 ETP sur l’archivage", "La paie perd 9 jours ; l’archivage tient sa date.", True),
                ("Tout donner à la paie", "Archivage arrêté huit semaines.", False),
                ("Louer un architecte", "120 k€ sur six mois, disponible en {month45}.", False),
            ),
            recommendation="Garder 1 ETP jusqu’au choix de l’éditeur.",
            cost_of_waiting="Les démonstrations sont planifiées le {in48} et ne se déplacent pas.",
        )
    },
    milestones=(
        Fixed("Cahier des exigences", _GATE, -110),
        Fixed("Avis de marché", _BUY, -48),
        Fixed("Choix de l’éditeur", _BUY, 45),
        Fixed("Premier versement probant", _LOT, 130),
        Fixed("Ouverture aux services", _GO, 215),
    ),
    progress=0.42,
)

AID = Story(
    time=((26, 0.2), (8, 0.4), (7, 0.7), (0, 0.8)),
    resources=((9, 0.3), (8, 0.7), (0, 0.8)),
    silent=frozenset({0, 1, 2, 3}),
    lines={4: "Cheffe de projet en congé de maladie ; suppléance demandée. Le GO du {day} n’est pas préparé."},
    causes={
        "resources": "Cheffe de projet absente, aucun suppléant désigné.",
        "time": "Recette métier arrêtée à 40 %.",
    },
    milestones=(
        Fixed("Validation des parcours", _LOT, -120),
        Fixed("Recette métier", _LOT, -35),
        Fixed("GO / NO GO aides sociales", _GATE, -8),
        Fixed("Ouverture du portail", _GO, 60),
        Fixed("Bilan et clôture", _GATE, 150),
    ),
    progress=0.7,
)

MAILROOM = Story(
    time=((9, 0.3), (6, 0.65), (0, 0.7)),
    silent=frozenset({0, 1, 2}),
    lines={3: "Numérisation du courrier en test ; chef de projet absent trois semaines, pas de suppléant."},
    causes={"time": "Chef de projet absent, recette non planifiée."},
    progress=0.5,
)

PUPIL = Story(
    time=((26, 0.3), (14, 0.7), (12, 1.2), (2, 1.15), (1, 1.1), (0, 0.9)),
    scope=((26, 0.2), (13, 0.7), (6, 0.6), (3, 0.3), (0, 0.2)),
    lines={
        0: "Nouveau calendrier validé par les réseaux ; pilote de douze écoles le {day}, marge de {slack} jours.",
        1: "Les réseaux relisent le calendrier ; accord de principe mardi, deux écoles à remplacer.",
        2: "Pilote déplacé après les examens. Les réseaux demandent un calendrier écrit.",
        3: "Réserve d’un réseau sur l’identifiant unique, levée par une note commune avec le délégué à la protection.",
    },
    causes={"time": "Pilote déplacé après les examens, à la demande des réseaux."},
    milestones=(
        Fixed("Identifiant unique", _GATE, -140),
        Fixed("Recette du lot 2", _LOT, -55),
        Fixed("Pilote avec 12 écoles", _LOT, 45),
        Fixed("Généralisation", _GO, 190),
    ),
    progress=0.7,
)

SOC = Story(
    cost=((26, 0.0), (3, 0.3), (1, 0.4), (0, 0.92)),
    time=((26, 0.0), (1, 0.3), (0, 0.6)),
    lines={
        0: "Licences {over} % plus chères que le marché-cadre ; la veille 24/7 décale de {late} jours, au {day}.",
        1: "Prix des licences confirmé vendredi par la centrale d’achat ; 61 sources raccordées sur 74.",
    },
    causes={
        "cost": "Prix unitaire des licences relevé par la centrale d’achat : +{over} %.",
        "time": "Recrutement de la deuxième équipe de nuit, {late} jours.",
    },
    asks={
        (0, 0): Ask(
            "Prendre acte du surcoût des licences, couvert par la provision du programme",
            kind=AskKind.INFORMATION,
        )
    },
    milestones=(
        Fixed("Raccordement de 50 sources", _LOT, -75),
        Fixed("Procédures d’alerte", _GATE, -20),
        Fixed("Service 24 h sur 24", _GO, 25),
        Fixed("Premier exercice complet", _LOT, 95),
    ),
    progress=0.72,
)

DATACENTRE = Story(
    time=((26, 0.2), (9, 0.6), (6, 0.9), (5, 1.1), (0, 1.4)),
    risk=((26, 0.4), (8, 0.7), (4, 1.2), (0, 1.3)),
    lines={
        0: "Second site non qualifié : climatisation refusée au test. Continuité couverte jusqu’au {in130} seulement.",
        1: "Test de climatisation refait, échec à 80 % de charge. L’installateur revient mercredi.",
        2: "Réserve sur la climatisation ; la qualification du second site glisse au {day}.",
        3: "Location de secours prolongée de trois mois ; {step_low} au {day}.",
    },
    causes={
        "time": "Qualification du second site refusée deux fois, {late} jours.",
        "risk": "Plus aucune couverture de continuité après l’échéance de location.",
    },
    asks={
        (3, 0): Ask(
            "Engager 310 k€ pour prolonger la location de secours et refaire la climatisation",
            "CI",
            amount=310_000,
            options=(
                ("Climatisation neuve et location de six mois", "310 k€ ; second site qualifié en {month170}.", True),
                ("Location d’un an sans travaux", "240 k€ par an, sans solution durable.", False),
                ("Ne rien engager", "Aucune continuité après le {in130}.", False),
            ),
            recommendation="Engager le lot climatisation et la location pour six mois.",
            cost_of_waiting="L’installateur garde son créneau jusqu’au {in13}.",
        )
    },
    milestones=(
        Fixed("Salle du second site", _LOT, -130),
        Fixed("Doublement des liaisons", _LOT, -60),
        Fixed("Test de bascule", _LOT, 27),
        Fixed("Qualification du second site", _GATE, 55),
        Fixed("Reprise sous quatre heures", _GO, 130),
    ),
    threat=(
        "Aucune continuité après l’échéance de location",
        "Climatisation du second site refusée au test de charge",
        "la location de secours s’arrête avant la qualification",
        "arrêt possible de tous les services pendant plus de 24 heures",
    ),
    progress=0.62,
)
