"""The shape of the fictional portfolio: axes, programmes, and what a project of each kind goes through."""

from __future__ import annotations

from typing import NamedTuple

from portfolio.enums import MilestoneKind

TOP_COUNT = 24


class Trilingual(NamedTuple):
    """A code and its names in French, Dutch and English."""

    code: str
    fr: str
    nl: str
    en: str


class ProgrammeSpec(NamedTuple):
    names: Trilingual
    axis: str
    manager: str
    purpose: str


AXES = (
    Trilingual(
        "USAGER", "Services numériques à l’usager", "Digitale diensten voor de gebruiker", "Digital services for users"
    ),
    Trilingual("ENSEIGN", "Enseignement numérique", "Digitaal onderwijs", "Digital education"),
    Trilingual("CYBER", "Cybersécurité & résilience", "Cyberveiligheid & weerbaarheid", "Cybersecurity & resilience"),
    Trilingual("SOCLE", "Socle & cloud", "Fundament & cloud", "Foundations & cloud"),
    Trilingual("DATA", "Données & interopérabilité", "Gegevens & interoperabiliteit", "Data & interoperability"),
    Trilingual("EXCEL", "Excellence opérationnelle", "Operationele uitmuntendheid", "Operational excellence"),
)

PROGRAMMES = (
    ProgrammeSpec(
        Trilingual(
            "PRG-PAIE",
            "Paie et carrières de l’enseignement",
            "Loon en loopbaan in het onderwijs",
            "Pay and careers in education",
        ),
        "ENSEIGN",
        "pgm1",
        "Payer juste et à temps 130 000 membres du personnel, depuis une seule source de carrière.",
    ),
    ProgrammeSpec(
        Trilingual(
            "PRG-GUICHET", "Guichet numérique unifié", "Eengemaakt digitaal loket", "Unified digital front desk"
        ),
        "USAGER",
        "pgm2",
        "Une porte d’entrée, une identité et un suivi unique pour toutes les démarches des citoyens et des écoles.",
    ),
    ProgrammeSpec(
        Trilingual(
            "PRG-SOCLE", "Socle et réseaux 2028", "Fundament en netwerken 2028", "Foundations and networks 2028"
        ),
        "SOCLE",
        "pgm3",
        "Remplacer les infrastructures en fin de vie et raccorder chaque site à un réseau administré.",
    ),
    ProgrammeSpec(
        Trilingual("PRG-CYBER", "Résilience et confiance", "Weerbaarheid en vertrouwen", "Resilience and trust"),
        "CYBER",
        "pgm4",
        "Détecter, contenir et reprendre : ramener la reprise des services vitaux sous quatre heures.",
    ),
    ProgrammeSpec(
        Trilingual("PRG-DATA", "Données partagées", "Gedeelde gegevens", "Shared data"),
        "DATA",
        "pgm5",
        "Demander une fois, réutiliser partout : des données de référence décrites et échangées par des API.",
    ),
    ProgrammeSpec(
        Trilingual("PRG-AGENT", "Administration plus simple", "Eenvoudiger bestuur", "A simpler administration"),
        "EXCEL",
        "pgm6",
        "Des outils communs pour les agents : moins de papier, moins de ressaisies, des délais connus.",
    ),
)


class Step(NamedTuple):
    """A milestone of a kind of project: how far along the project it lies (0 to 1)."""

    name: str
    kind: MilestoneKind
    share: float


_GATE, _GO = MilestoneKind.GATE, MilestoneKind.GO_LIVE
_LOT, _BUY = MilestoneKind.DELIVERY, MilestoneKind.CONTRACT

STEPS = {
    "app": (
        Step("Dossier d’initialisation", _GATE, 0.08),
        Step("Validation des maquettes", _LOT, 0.2),
        Step("Recette du lot 1", _LOT, 0.38),
        Step("Porte G2", _GATE, 0.5),
        Step("Recette du lot 2", _LOT, 0.62),
        Step("Recette de sécurité", _LOT, 0.74),
        Step("Pilote avec {pilot}", _LOT, 0.83),
        Step("Mise en service", _GO, 0.93),
        Step("Bilan et clôture", _GATE, 1.0),
    ),
    "infra": (
        Step("Dossier d’architecture", _GATE, 0.12),
        Step("Livraison du matériel", _BUY, 0.34),
        Step("Plateforme de test", _LOT, 0.48),
        Step("Bascule à blanc", _LOT, 0.65),
        Step("Première vague, {pilot}", _LOT, 0.76),
        Step("Bascule générale", _GO, 0.9),
        Step("Arrêt de l’ancien environnement", _LOT, 1.0),
    ),
    "sec": (
        Step("Analyse de risques", _GATE, 0.14),
        Step("Politique de sécurité", _LOT, 0.3),
        Step("Pilote avec {pilot}", _LOT, 0.5),
        Step("Test d’intrusion", _LOT, 0.68),
        Step("Déploiement général", _GO, 0.86),
        Step("Audit de conformité", _GATE, 1.0),
    ),
    "data": (
        Step("Dictionnaire de données", _GATE, 0.16),
        Step("Signature de la convention", _BUY, 0.3),
        Step("Premier flux en test", _LOT, 0.46),
        Step("Reprise de l’historique", _LOT, 0.62),
        Step("Contrôle qualité des données", _LOT, 0.77),
        Step("Ouverture aux services", _GO, 0.9),
        Step("Bilan des usages", _GATE, 1.0),
    ),
    "org": (
        Step("Diagnostic partagé", _LOT, 0.15),
        Step("Modèle cible", _GATE, 0.35),
        Step("Pilote avec {pilot}", _LOT, 0.6),
        Step("Généralisation", _GO, 0.85),
        Step("Mesure à six mois", _LOT, 1.0),
    ),
    "buy": (
        Step("Cahier des charges", _GATE, 0.18),
        Step("Avis de marché", _BUY, 0.3),
        Step("Ouverture des offres", _BUY, 0.44),
        Step("Attribution du marché", _BUY, 0.58),
        Step("Première livraison", _LOT, 0.76),
        Step("Mise en service", _GO, 0.92),
        Step("Réception définitive", _GATE, 1.0),
    ),
}

STAGES = {
    "app": ("Initialisation", "Conception", "Réalisation", "Recette et pilote", "Mise en service"),
    "infra": ("Initialisation", "Acquisition et montage", "Bascules", "Décommissionnement"),
    "sec": ("Initialisation", "Cadre et pilote", "Déploiement"),
    "data": ("Initialisation", "Modèle et flux", "Reprise et contrôle", "Ouverture"),
    "org": ("Initialisation", "Pilote", "Généralisation"),
    "buy": ("Initialisation", "Procédure de marché", "Livraison", "Réception"),
}

CAPEX_SHARE = {"app": 0.7, "infra": 0.85, "sec": 0.6, "data": 0.6, "org": 0.2, "buy": 0.9}
PILOTS = ("deux services", "trois sites", "quatre équipes", "une direction", "deux antennes")
SCHOOL_PILOTS = ("quatre écoles", "six écoles", "douze écoles", "deux réseaux")

PURPOSES = {
    "app": (
        "Remplacer une application en fin de vie : {thing} doit traiter les {units} sans ressaisie, "
        "avec un délai connu de chacun et une preuve de chaque décision.",
        "Offrir {actor_to} un parcours complet en ligne avec {thing} : 80 % des {units} sans papier "
        "un an après la mise en service, en trois langues et accessible à tous.",
    ),
    "infra": (
        "Sortir d’un équipement qui n’est plus maintenu : {thing} doit porter les {units} avec une interruption "
        "annuelle inférieure à quatre heures, et un coût d’exploitation réduit de 15 %.",
        "Mutualiser ce que chaque service payait seul : {thing} devient un service commun, mesuré et facturé au réel.",
    ),
    "sec": (
        "Ramener un risque jugé critique à un niveau accepté par le CODIR : {thing} couvre l’ensemble des {units} "
        "et produit les preuves attendues par l’audit.",
        "Donner {actor_to} les moyens de détecter et de contenir un incident en moins d’une heure avec {thing}.",
    ),
    "data": (
        "Demander une fois, réutiliser partout : {thing} décrit et partage les données avec une qualité publiée.",
        "Mettre fin aux fichiers parallèles : {thing} devient la source unique, tenue par {actor}.",
    ),
    "org": (
        "Changer la façon de travailler avant l’outil : {thing} est revu avec {actor}, puis mesuré à six mois.",
        "Réduire de moitié les délais et les relances autour des {units}, avec des rôles clairs.",
    ),
    "buy": (
        "Acquérir au meilleur coût complet : {thing}, avec des critères d’accessibilité, de réparation et de reprise.",
        "Renouveler un marché échu : {thing}, livré par vagues, avec un prix révisable encadré.",
    ),
}
"""Why projects of each kind exist, two ways of saying it."""
