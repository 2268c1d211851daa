"""Closed vocabularies of governance (domain.md F); life cycles are tables in `engines/lifecycles.py`."""

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


class ChangeKind(models.TextChoices):
    """Types of issues of PRINCE2 7."""

    PROBLEM = "problem", _("Problème")
    CONCERN = "concern", _("Préoccupation")
    OPPORTUNITY = "opportunity", _("Opportunité métier")
    REQUEST = "request", _("Demande de changement")
    OFF_SPECIFICATION = "off_spec", _("Hors-spécification")


class ChangeState(models.TextChoices):
    """Moves are in `engines.lifecycles.CHANGE`."""

    CAPTURED = "captured", _("Relevée")
    ASSESSED = "assessed", _("Évaluée")
    RECOMMENDED = "recommended", _("À décider")
    SUBMITTED = "submitted", _("Devant une instance")
    IMPLEMENTING = "implementing", _("En exécution")
    EXCEPTION_PLAN = "exception_plan", _("Plan d’exception demandé")
    CONCEDED = "conceded", _("Concession en cours")
    POSTPONED = "postponed", _("Ajournée")
    REJECTED = "rejected", _("Rejetée")
    MERGED = "merged", _("Fusionnée")
    CLOSED = "closed", _("Close")


class ChangeAnswer(models.TextChoices):
    """What may be answered; the values are the acts of `engines.lifecycles.CHANGE`."""

    ACCEPT = "accept", _("Accepter")
    REJECT = "reject", _("Rejeter")
    CONCESSION = "concession", _("Accorder une concession")
    EXCEPTION_PLAN = "exception_plan", _("Demander un plan d’exception")
    MORE_INFO = "more_info", _("Demander un complément")


class ChangeRank(models.TextChoices):
    """Who answered; the values are those of `engines.change.Rank`."""

    MANAGER = "manager", _("Chef de projet")
    AUTHORITY = "authority", _("Autorité de changement")
    BODY = "body", _("Instance")


class ChangeStep(models.TextChoices):
    """What a clock runs for; the values are the keys of `engines.change.PROPOSED`."""

    ASSESS = "assess", _("Évaluer")
    DECIDE = "decide", _("Décider")
    IMPLEMENT = "implement", _("Exécuter")


class GateChoice(models.TextChoices):
    """The values are those of `portfolio.engines.lifecycle.Gate`."""

    G0 = "G0", _("G0 · prêt à planifier (RfP)")
    G1 = "G1", _("G1 · prêt à exécuter (RfE)")
    GN = "Gn", _("Gn · fin de séquence")
    GC = "Gc", _("Gc · prêt à clôturer (RfC)")


class GateReviewState(models.TextChoices):
    """Moves are in `engines.lifecycles.GATE_REVIEW`."""

    DRAFT = "draft", _("En préparation")
    SUBMITTED = "submitted", _("Devant l’instance")
    PASSED = "passed", _("Passée")
    CONDITIONAL = "conditional", _("Passée sous conditions")
    REFUSED = "refused", _("Refusée")
    SENT_BACK = "sent_back", _("Renvoyée à une porte antérieure")
    DROPPED = "dropped", _("Abandonnée")


class GateAnswerChoice(models.TextChoices):
    """The values are those of `engines.gate_review.Reply`."""

    YES = "yes", _("Oui")
    PARTLY = "partly", _("En partie")
    NO = "no", _("Non")
    NOT_APPLICABLE = "na", _("Sans objet")


class CaseValidity(models.TextChoices):
    """Is the business case still worth it, at the end of a stage."""

    VALID = "valid", _("Toujours justifié")
    DOUBTFUL = "doubtful", _("À revoir")
    INVALID = "invalid", _("N’est plus justifié")


class LessonKind(models.TextChoices):
    """The values are those of `engines.lesson.Kind`."""

    PLANNING = "planning", _("Planification")
    SUPPLIER = "supplier", _("Fournisseurs et marchés")
    DATA = "data", _("Données et reprise")
    SECURITY = "security", _("Sécurité")
    QUALITY = "quality", _("Qualité et recette")
    PEOPLE = "people", _("Équipe et changement")
    GOVERNANCE = "governance", _("Gouvernance")


class LessonReply(models.TextChoices):
    """What a gate review says of a lesson proposed to it."""

    APPLIED = "applied", _("Appliquée")
    NOT_RELEVANT = "not_relevant", _("Sans objet ici")


class ConfidenceLevel(models.TextChoices):
    """Confidence in delivery, on five levels (domain.md F); the values are those of `engines.confidence.Level`."""

    GREEN = "green", _("Élevée")
    AMBER_GREEN = "amber_green", _("Probable")
    AMBER = "amber", _("Incertaine")
    AMBER_RED = "amber_red", _("Compromise")
    RED = "red", _("Irréaliste")


class ConflictKind(models.TextChoices):
    """What two or more projects want at once."""

    CAPACITY = "capacity", _("Capacité")
    BUDGET = "budget", _("Budget")
    DATES = "dates", _("Dates")
    DEPENDENCIES = "dependencies", _("Dépendances")
    PRIORITY = "priority", _("Priorité")


class ConcernedRole(models.TextChoices):
    """What a project is in an arbitration; exactly one asks."""

    ASKS = "asks", _("demande")
    HOLDS = "holds", _("détient ce qui est demandé")
    COMPETES = "competes", _("en concurrence")
    DEPENDS = "depends", _("dépend du résultat")


class ArbitrationState(models.TextChoices):
    """Moves are in `engines.lifecycles.ARBITRATION`."""

    REQUESTED = "requested", _("Demandé")
    REJECTED = "rejected", _("Irrecevable")
    ADMISSIBLE = "admissible", _("Recevable")
    ANALYSIS = "analysis", _("En analyse")
    OPTIONS = "options", _("Options posées")
    ON_AGENDA = "on_agenda", _("Devant l’instance")
    DEFERRED = "deferred", _("Reporté")
    ESCALATED = "escalated", _("Monté à l’instance supérieure")
    DECIDED = "decided", _("Tranché")
    NOTIFIED = "notified", _("Notifié")
    EXECUTING = "executing", _("En exécution")
    VERIFIED = "verified", _("Vérifié")
    CLOSED = "closed", _("Clos")


class Shift(models.IntegerChoices):
    """What an option does to a target that no amount tells."""

    MUCH_WORSE = -2, _("nettement plus mal")
    WORSE = -1, _("plus mal")
    SAME = 0, _("inchangé")
    BETTER = 1, _("mieux")
    MUCH_BETTER = 2, _("nettement mieux")


class ClockKind(models.TextChoices):
    """The values are those of `engines.arbitration.Clock`; a reaction time is that of a nature of bodies."""

    ADMISSIBILITY = "admissibility", _("Arbitrage : recevabilité")
    ANALYSIS = "analysis", _("Arbitrage : analyse et options")
    DECISION = "decision", _("Arbitrage : décision")
    NOTIFICATION = "notification", _("Arbitrage : notification")
    FOLLOW_UP = "follow_up", _("Arbitrage : premier suivi")
    REACTION = "reaction", _("Réponse d’une instance à une demande")


class ExceptionState(models.TextChoices):
    """Moves are in `engines.lifecycles.EXCEPTION`."""

    RAISED = "raised", _("Levée")
    REPORT_DRAFTED = "report_drafted", _("Rapport en préparation")
    SUBMITTED = "submitted", _("Rapport remis")
    DECIDED = "decided", _("Tranchée")
    PLAN_SUBMITTED = "plan_submitted", _("Plan d’exception remis")
    PLAN_APPROVED = "plan_approved", _("Plan d’exception approuvé")
    CLOSED = "closed", _("Close")


class ExceptionAnswer(models.TextChoices):
    """What a body may answer; `approve_plan` only to an exception plan."""

    REMOVE_CAUSE = "remove_cause", _("Supprimer la cause")
    ADJUST_TOLERANCE = "adjust_tolerance", _("Adapter la tolérance, le budget ou la référence")
    PLAN = "exception_plan_requested", _("Demander un plan d’exception")
    PREMATURE_CLOSURE = "premature_closure", _("Clore le projet avant terme")
    MORE_INFO = "more_info", _("Demander un complément")
    ACCEPT = "accept", _("Accepter l’écart")
    APPROVE_PLAN = "approve_plan", _("Approuver le plan d’exception")


class ExceptionClosing(models.TextChoices):
    """Why an exception is over."""

    BACK = "back", _("prévision revenue dans la tolérance")
    ACCEPTED = "accepted", _("écart accepté")
    PREMATURE = "premature", _("projet clos avant terme")
    ENDED = "ended", _("projet sorti de l’exécution")
