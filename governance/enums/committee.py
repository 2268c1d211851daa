"""Vocabularies of bodies, sessions, votes, decisions and their follow-up."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BodyKind(models.TextChoices):
    PROJECT_COMMITTEE = "project_committee", _("Comité de projet")
    PROJECT_BOARD = "project_board", _("Comité de pilotage")
    PROGRAMME_BOARD = "programme_board", _("Comité de programme")
    ARBITRATION = "arbitration", _("Comité d’arbitrage")
    INVESTMENT = "investment", _("Comité d’investissement")
    EXECUTIVE = "executive", _("Comité de direction (CODIR)")
    DIRECTOR = "director", _("Direction IT transversale")
    OTHER = "other", _("Autre instance")


class Subject(models.TextChoices):
    """What a body may be asked to decide."""

    STAGE = "stage", _("Séquences et jalons décisionnels")
    CHANGE = "change", _("Changements")
    EXCEPTION = "exception", _("Exceptions et tolérances")
    BUDGET = "budget", _("Budgets et transferts")
    PRIORITY = "priority", _("Priorités, capacité, ordre des projets")
    APPOINTMENT = "appointment", _("Désignation du chef de projet")
    INVESTMENT = "investment", _("Dossiers d’investissement")
    TRANCHE = "tranche", _("Libération de tranches")
    STRATEGY = "strategy", _("Stratégie et escalades")
    ACTION = "action", _("Actions d’un lot de travaux")


class ToleranceLevel(models.IntegerChoices):
    """Whose tolerance a request would use up; the values are those of `engines.mandate.Level`."""

    WORK_PACKAGE = 1, _("du lot de travaux")
    STAGE = 2, _("de la séquence")
    PROJECT = 3, _("du projet")
    PROGRAMME = 4, _("du programme")


class SeatRole(models.TextChoices):
    CHAIR = "chair", _("Présidence")
    DEPUTY = "deputy", _("Vice-présidence")
    SECRETARY = "secretary", _("Secrétariat")
    MEMBER = "member", _("Membre")


class BoardRole(models.TextChoices):
    """What a seat of a project board stands for (PRINCE2)."""

    EXECUTIVE = "executive", _("Exécutif")
    SENIOR_USER = "senior_user", _("Utilisateur principal")
    SENIOR_SUPPLIER = "senior_supplier", _("Fournisseur principal")
    ASSURANCE = "assurance", _("Assurance projet")
    CHANGE_AUTHORITY = "change_authority", _("Autorité de changement")


class TieRule(models.TextChoices):
    CHAIR = "chair", _("La présidence départage")
    ESCALATE = "escalate", _("Le point monte à l’instance supérieure")


class Rhythm(models.TextChoices):
    WEEKLY = "weekly", _("Toutes les n semaines")
    MONTHLY = "monthly", _("Chaque mois")


class Weekday(models.IntegerChoices):
    MONDAY = 1, _("lundi")
    TUESDAY = 2, _("mardi")
    WEDNESDAY = 3, _("mercredi")
    THURSDAY = 4, _("jeudi")
    FRIDAY = 5, _("vendredi")


class MonthWeek(models.IntegerChoices):
    FIRST = 1, _("premier")
    SECOND = 2, _("deuxième")
    THIRD = 3, _("troisième")
    FOURTH = 4, _("quatrième")
    LAST = -1, _("dernier")


class ClosedDayRule(models.TextChoices):
    NEXT = "next", _("au jour ouvrable suivant")
    PREVIOUS = "previous", _("au jour ouvrable précédent")
    SKIP = "skip", _("pas de séance")


class InterestKind(models.TextChoices):
    """What a member declares; the values are those of `engines.interest.Ground`."""

    OWN_PROJECT = "own_project", _("Projet auquel je participe")
    SUPPLIER = "supplier", _("Lien avec un fournisseur")
    FAMILY = "family", _("Lien familial")
    LINE_MANAGER = "line_manager", _("Lien hiérarchique")
    OTHER = "other", _("Autre intérêt")


class RaciRole(models.TextChoices):
    EXECUTIVE = "executive", _("Exécutif")
    PROJECT_MANAGER = "project_manager", _("Chef de projet")
    SENIOR_USER = "senior_user", _("Utilisateur principal")
    CHANGE_MANAGER = "change_manager", _("Responsable du changement métier")
    TEAM = "team", _("Équipe")
    BOARD = "board", _("Comité de pilotage")
    ARBITRATION = "arbitration", _("Comité d’arbitrage")
    CODIR = "codir", _("CODIR")
    HEAD_OF_CENTRE = "head_of_centre", _("Centre de compétences")
    PSO = "pso", _("PSO")
    FINANCE = "finance", _("Finances")
    PROCUREMENT = "procurement", _("Marchés publics")
    REVIEWERS = "reviewers", _("DPO et CISO")


class RaciLetter(models.TextChoices):
    """The values are those of `engines.responsibility.Letter`."""

    ACCOUNTABLE = "A", _("A : rend des comptes")
    RESPONSIBLE = "R", _("R : réalise")
    BOTH = "AR", _("A/R : rend des comptes et réalise")
    CONSULTED = "C", _("C : consulté")
    INFORMED = "I", _("I : informé")


class RequestState(models.TextChoices):
    """Moves are in `engines.lifecycles.REQUEST`."""

    OPEN = "open", _("Demandée")
    ON_AGENDA = "on_agenda", _("À l’ordre du jour")
    DEFERRED = "deferred", _("Reportée")
    SETTLED = "settled", _("Tranchée")
    ESCALATED = "escalated", _("Montée à l’instance supérieure")
    WITHDRAWN = "withdrawn", _("Retirée")


OPEN_REQUESTS = (RequestState.OPEN, RequestState.ON_AGENDA, RequestState.DEFERRED)
"""Still waiting for a decision; the same as `engines.lifecycles.REQUEST_OPEN`."""


class SittingState(models.TextChoices):
    """Moves are in `engines.lifecycles.SESSION`."""

    DRAFT = "draft", _("En préparation")
    PUBLISHED = "published", _("Convoquée")
    IN_PROGRESS = "in_progress", _("En séance")
    MINUTES_DRAFT = "minutes_draft", _("Procès-verbal à approuver")
    APPROVED = "approved", _("Procès-verbal approuvé")
    CLOSED = "closed", _("Close")
    CANCELLED = "cancelled", _("Annulée")


class SittingMode(models.TextChoices):
    MEETING = "meeting", _("En séance")
    WRITTEN = "written", _("Procédure écrite")


class ItemKind(models.TextChoices):
    """The values are those of `engines.agenda.ItemKind`."""

    FOLLOW_UP = "follow_up", _("Suivi")
    DECISION = "decision", _("Pour décision")
    DISCUSSION = "discussion", _("Pour discussion")
    INFORMATION = "information", _("Pour information")


class Presence(models.TextChoices):
    PRESENT = "present", _("Présent")
    ABSENT = "absent", _("Absent")


class VoteChoice(models.TextChoices):
    FOR = "for", _("Pour")
    AGAINST = "against", _("Contre")
    ABSTAIN = "abstain", _("Abstention")


class Polling(models.TextChoices):
    """Whether votes on an item are taken."""

    NOT_YET = "not_yet", _("pas encore ouvert")
    OPEN = "open", _("ouvert")
    CLOSED = "closed", _("clos")


class OutcomeKind(models.TextChoices):
    """What an item leads to; without quorum a decision is kept as an advice."""

    DECISION = "decision", _("Décision")
    DEFERRAL = "deferral", _("Report à une autre séance")
    PRECEDENT = "precedent", _("Condition préalable")
    SUBSEQUENT = "subsequent", _("Condition à lever ensuite")
    ACTION = "action", _("Action")


FOLLOWED = (OutcomeKind.PRECEDENT, OutcomeKind.SUBSEQUENT, OutcomeKind.ACTION)
"""Outcomes that somebody has to do by a day."""


class RecusalGround(models.TextChoices):
    """The values are those of `engines.interest.Ground`."""

    OWN_PROJECT = "own_project", _("partie au projet")
    SUPPLIER = "supplier", _("lien avec un fournisseur")
    FAMILY = "family", _("lien familial")
    LINE_MANAGER = "line_manager", _("lien hiérarchique")
    OTHER = "other", _("autre intérêt")
    DELEGATE = "delegate", _("porte la voix d’un membre récusé")


class DecisionState(models.TextChoices):
    """Moves are in `engines.lifecycles.DECISION`; a register row begins in force."""

    IN_FORCE = "in_force", _("En vigueur")
    EXECUTED = "executed", _("Exécutée")
    SUPERSEDED = "superseded", _("Remplacée")
    REVOKED = "revoked", _("Révoquée")


class Verdict(models.TextChoices):
    """The result of the votes; the values are those of `engines.voting.Outcome`, and where a written procedure ends."""

    ADOPTED = "adopted", _("Adoptée")
    REJECTED = "rejected", _("Rejetée")
    ESCALATED = "escalated", _("Renvoyée à l’instance supérieure")
    ADVICE = "advice", _("Avis, faute de quorum")
    TO_SESSION = "to_session", _("Renvoyée en séance")


class Publication(models.TextChoices):
    """Who may read a decision."""

    BODY = "body", _("Membres de l’instance")
    PORTFOLIO = "portfolio", _("Lecteurs du portefeuille")


class FollowUpState(models.TextChoices):
    """Moves are in `engines.lifecycles.FOLLOW_UP`."""

    OPEN = "open", _("À faire")
    SUBMITTED = "submitted", _("Preuve remise")
    MET = "met", _("Levée")
    WAIVED = "waived", _("Abandonnée par l’instance")


class EffectKind(models.TextChoices):
    """What a decision changes by itself."""

    BUDGET = "budget", _("Fixer le budget approuvé d’une année")
    BASELINE = "baseline", _("Fixer la fin de référence")
    TOLERANCE = "tolerance", _("Fixer une tolérance")
    RANK = "rank", _("Changer le rang de priorité")
    MANAGER = "manager", _("Désigner le chef de projet")
    PHASE = "phase", _("Passer une porte, suspendre, reprendre ou arrêter")
    TRANSFER = "transfer", _("Transférer un budget à un autre projet")
    EXCEPTION = "exception", _("Répondre à une exception")
    GATE = "gate", _("Répondre à une revue de porte")
    CHANGE = "change", _("Répondre à une demande de changement")
    ARBITRATION = "arbitration", _("Retenir une option d’arbitrage")
