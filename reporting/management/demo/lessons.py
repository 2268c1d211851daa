"""What the invented projects learned: fourteen lessons, and the projects they come from."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from governance.models import Lesson
from governance.services.lesson import record_lesson
from portfolio.models import Project
from reporting.management.demo.replay import Replay


class Learned(NamedTuple):
    """A lesson of the project of that rank, so many weeks ago."""

    rank: int
    ago: int
    kind: str
    event: str
    effect: str
    cause: str
    early_warning: str
    recommendation: str
    where_applied: str = ""


LESSONS = (
    Learned(
        2,
        70,
        "data",
        "Reprise des carrières commencée avec un fichier jamais contrôlé",
        "Onze mille fiches à ressaisir, six semaines de retard",
        "La qualité de la source n’avait pas été mesurée avant le plan",
        "Plus de 2 % d’anomalies dans le premier échantillon de mille fiches",
        "Mesurer la source sur un échantillon avant la porte G1, et planifier deux répétitions de la reprise.",
        "Deux répétitions de reprise inscrites au plan de la séquence 3",
    ),
    Learned(
        4,
        64,
        "supplier",
        "Marché notifié sans calendrier de livraison contraignant",
        "Le fournisseur a livré le lot 1 neuf semaines plus tard sans pénalité",
        "Le cahier des charges renvoyait les dates à une réunion de lancement",
        "Le planning du fournisseur ne porte que des mois",
        "Inscrire les dates des lots et leurs pénalités au cahier des charges, pas au procès-verbal de lancement.",
    ),
    Learned(
        7,
        58,
        "quality",
        "Recette utilisateur réduite de six à deux semaines",
        "Quarante anomalies bloquantes découvertes après la mise en service",
        "Les testeurs n’avaient pas été libérés par leurs services",
        "Moins de la moitié des testeurs inscrits un mois avant",
        "Faire signer la libération des testeurs à la porte qui ouvre la réalisation.",
        "Accord des lignes joint au plan de recette",
    ),
    Learned(
        9,
        52,
        "security",
        "Test d’intrusion commandé après la recette",
        "Mise en service reportée d’un mois pour deux failles d’authentification",
        "Le test était vu comme une formalité de fin de projet",
        "Aucune date de test au plan de la séquence",
        "Planifier un premier test d’intrusion dès le pilote, et garder trois semaines pour corriger.",
    ),
    Learned(
        11,
        47,
        "planning",
        "Trois projets ont réservé le même architecte au même trimestre",
        "Deux jalons déplacés de huit semaines",
        "Les réservations se faisaient par courriel, sans vue commune",
        "L’architecte refuse deux réunions de suite",
        "Porter toute réservation d’un profil rare à l’arbitrage avant la porte G1.",
    ),
    Learned(
        13,
        43,
        "people",
        "Agents formés quatre mois avant l’ouverture de l’outil",
        "Une seconde formation a été nécessaire pour 600 personnes",
        "La formation suivait la date initiale et n’a pas glissé avec elle",
        "La mise en service recule, les dates de formation restent",
        "Lier les sessions de formation au jalon de mise en service, pas à une date.",
    ),
    Learned(
        15,
        38,
        "governance",
        "Décision prise en réunion d’équipe, contestée deux mois plus tard",
        "Trois semaines de travail refaites",
        "Personne n’avait le mandat de l’accepter, et aucun écrit n’existait",
        "Un point revient à l’ordre du jour sans demande formelle",
        "Demander la décision à l’instance qui a le mandat, même quand tout le monde est d’accord.",
    ),
    Learned(
        17,
        33,
        "data",
        "Référentiel des établissements modifié en cours de bascule",
        "Deux jours d’arrêt des échanges",
        "Aucun gel des données de référence n’était convenu",
        "Le gestionnaire du référentiel n’est pas dans l’équipe",
        "Convenir d’un gel écrit des données de référence pour toute la durée de la bascule.",
    ),
    Learned(
        19,
        29,
        "supplier",
        "Équipe du prestataire remplacée à mi-parcours",
        "Perte de vitesse de 40 % pendant dix semaines",
        "Le marché ne nommait pas les profils clés",
        "Le chef d’équipe du prestataire est absent de deux comités",
        "Nommer les profils clés au marché, avec un recouvrement de quatre semaines en cas de remplacement.",
    ),
    Learned(
        21,
        24,
        "quality",
        "Critères d’acceptation écrits après le développement",
        "Désaccord sur onze écrans, arbitré par le comité de pilotage",
        "Les descriptions de produits n’avaient pas de propriétaire",
        "Une démonstration se termine sans accord",
        "Écrire les critères d’acceptation avec l’utilisateur principal avant le premier développement.",
        "Modèle de description de produit adopté par le programme",
    ),
    Learned(
        6,
        19,
        "security",
        "Comptes techniques partagés entre environnements",
        "Coupure de la production pendant un essai",
        "Les mots de passe étaient les mêmes partout",
        "Un essai demande un compte de production",
        "Séparer les comptes par environnement dès le montage, et le vérifier à chaque porte.",
    ),
    Learned(
        26,
        14,
        "planning",
        "Bascule planifiée la semaine de la rentrée",
        "Bascule annulée la veille, équipes mobilisées pour rien",
        "Le calendrier scolaire n’était pas au plan",
        "Une date de bascule tombe hors des périodes calmes",
        "Inscrire les périodes interdites au plan avant de placer les jalons de bascule.",
    ),
    Learned(
        28,
        9,
        "people",
        "Support de premier niveau prévenu le jour de l’ouverture",
        "1 200 appels sans réponse la première semaine",
        "Le support n’était pas partie prenante du projet",
        "Aucun membre du support dans les invitations",
        "Associer le support à la recette et lui remettre une base de réponses avant l’ouverture.",
    ),
    Learned(
        30,
        5,
        "governance",
        "Réserve pour risques dépensée sans décision",
        "Dépassement découvert à la clôture de l’exercice",
        "La réserve figurait dans le budget courant",
        "La réserve baisse sans risque clos",
        "Tenir la réserve à part et n’y toucher que par une décision qui nomme le risque.",
    ),
)


def record_lessons(replay: Replay) -> list[Lesson]:
    """Each lesson by the manager of its project, on its day."""
    pso = replay.cast.users["pso1"]
    rows = []
    for one in LESSONS:
        project = Project.objects.filter(priority_rank=one.rank).first()
        if project is None:
            continue
        manager = project.manager
        by = manager.user if manager is not None and manager.user is not None else pso
        values = {name: getattr(one, name) for name in one._fields if name not in ("rank", "ago")}
        day = replay.today - timedelta(weeks=one.ago)
        rows.append(record_lesson(project=project, by=by, on=day, values=values))
    return rows
