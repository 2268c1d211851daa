"""Threats that projects of each kind meet: title, cause, event, effect, answer. Holes as in `texts`."""

from __future__ import annotations

from typing import NamedTuple

from portfolio.enums import RiskResponse


class Threat(NamedTuple):
    title: str
    cause: str
    event: str
    effect: str
    action: str
    response: RiskResponse = RiskResponse.REDUCE


_COMMON = (
    Threat(
        "Départ de l’analyste métier",
        "Contrat de l’analyste échu à la fin du trimestre",
        "l’analyste quitte le projet avant la fin de la recette",
        "trois semaines de passation et des règles métier à redécouvrir",
        "Passation filmée et suppléant désigné dans l’équipe",
    ),
    Threat(
        "Validation tardive par le métier",
        "{Actor} : charge élevée en fin d’année",
        "les validations du lot {lot} prennent plus de dix jours ouvrables",
        "la recette suivante démarre en retard",
        "Créneaux de validation bloqués dans les agendas dès maintenant",
    ),
    Threat(
        "Architecte retiré au profit d’un autre projet",
        "Deux projets mieux classés demandent le même architecte",
        "l’architecte passe à un jour par semaine",
        "les choix techniques du lot {lot} attendent",
        "Arbitrage de capacité demandé, revue par les pairs en attendant",
    ),
    Threat(
        "Prix du marché révisé",
        "Formule de révision liée aux indices de salaires",
        "le fournisseur facture la révision en janvier",
        "dépassement du budget de l’année",
        "Provision inscrite et volume du lot optionnel réduit",
        RiskResponse.ACCEPT,
    ),
    Threat(
        "Adhésion faible des utilisateurs",
        "Changement d’outil sans formation préalable",
        "moins de la moitié des {units} passent par {thing}",
        "double travail pendant six mois",
        "Ambassadeurs dans chaque service et formation avant la bascule",
    ),
)

_OF_KIND = {
    "app": (
        Threat(
            "Livraison tardive du lot {lot} par l’intégrateur",
            "Équipe de l’intégrateur partagée entre trois clients",
            "le lot {lot} arrive avec plus de deux semaines de retard",
            "la mise en service de l’ensemble est repoussée",
            "Pénalités rappelées, livraisons intermédiaires toutes les deux semaines",
            RiskResponse.TRANSFER,
        ),
        Threat(
            "Recette de sécurité refusée",
            "Exigences de sécurité connues tard par les développeurs",
            "le test d’intrusion révèle une faille majeure",
            "reprise du code et nouvelle recette",
            "Revue de sécurité à chaque sprint, pré-test un mois avant",
        ),
        Threat(
            "Données source incomplètes",
            "Vingt ans de saisie sans contrôle",
            "plus de 2 % des {units} sont rejetés à la reprise",
            "correction manuelle par {actor}",
            "Rapport de qualité mensuel et règles de redressement signées",
        ),
    ),
    "infra": (
        Threat(
            "Matériel livré en retard",
            "Tension mondiale sur les composants",
            "la livraison dépasse douze semaines",
            "bascule repoussée après les examens",
            "Commande anticipée et prêt de matériel négocié",
            RiskResponse.TRANSFER,
        ),
        Threat(
            "Échec d’une bascule de nuit",
            "Dépendances non documentées entre applications",
            "le retour arrière dépasse la fenêtre autorisée",
            "interruption du service le matin pour {actor}",
            "Deux bascules à blanc et critère d’arrêt écrit",
            RiskResponse.PREPARE,
        ),
    ),
    "sec": (
        Threat(
            "Contournement par les utilisateurs",
            "Mesure ressentie comme une gêne",
            "des comptes partagés réapparaissent",
            "protection affaiblie et constat d’audit",
            "Accompagnement des correspondants et contrôle mensuel",
        ),
        Threat(
            "Licences insuffisantes",
            "Inventaire initial sous-évalué",
            "plus de {m} {units} à couvrir",
            "avenant au marché",
            "Recensement complet avant le déploiement général",
            RiskResponse.ACCEPT,
        ),
    ),
    "data": (
        Threat(
            "Convention d’échange non signée",
            "Base légale discutée entre deux administrations",
            "le flux ne peut pas être ouvert",
            "travail à blanc et bénéfices reportés",
            "Note juridique commune, escalade au délégué à la protection des données",
        ),
        Threat(
            "Qualité des données sous le seuil",
            "Identifiants différents selon les sources",
            "le rapprochement échoue pour plus de 3 % des {units}",
            "indicateurs contestés par {actor}",
            "Table de correspondance et seuil publié",
        ),
    ),
    "org": (
        Threat(
            "Sponsor moins disponible",
            "Réorganisation de la direction",
            "les arbitrages attendent plus d’un mois",
            "perte d’élan des équipes",
            "Délégation écrite au suppléant",
        ),
    ),
    "buy": (
        Threat(
            "Recours d’un soumissionnaire",
            "Critères d’attribution contestés",
            "un recours suspend l’attribution",
            "quatre mois de retard",
            "Motivation relue par la cellule marchés publics",
            RiskResponse.PREPARE,
        ),
        Threat(
            "Offres au-dessus de l’estimation",
            "Estimation datant de deux ans",
            "aucune offre sous le budget",
            "relance de la procédure ou rallonge",
            "Consultation du marché et lots optionnels",
        ),
    ),
}


def threats_of(kind: str) -> tuple[Threat, ...]:
    """The threats of that kind of project first, then those any project meets."""
    return (*_OF_KIND[kind], *_COMMON)
