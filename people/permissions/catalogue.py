"""Every permission of the product. Roles receive them in `roles.py`; the page `/audit/permissions/` prints both."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData


class Permission(StrEnum):
    # everybody with an account
    ACCOUNT_EDIT = "account.edit"
    MY_WORK_VIEW = "my_work.view"
    HELP_VIEW = "help.view"
    SEARCH = "search"
    INBOX_VIEW = "inbox.view"
    ABSENCE_EDIT = "absence.edit"
    ABSENCE_OFFICE = "absence.office"
    # portfolio
    DASHBOARD_VIEW = "dashboard.view"
    PORTFOLIO_VIEW = "portfolio.view"
    PROJECT_CREATE = "project.create"
    PROJECT_EDIT = "project.edit"
    PROJECT_RANK = "project.rank"
    MILESTONE_EDIT = "milestone.edit"
    TOLERANCE_EDIT = "tolerance.edit"
    PROGRAMME_EDIT = "programme.edit"
    AXIS_EDIT = "axis.edit"
    PORTFOLIO_IMPORT = "portfolio.import"
    EXPORT = "export"
    RISK_VIEW = "risk.view"
    RISK_EDIT = "risk.edit"
    # money
    FINANCE_TOTALS_VIEW = "finance.totals.view"
    FINANCE_VIEW = "finance.view"
    FINANCE_EDIT = "finance.edit"
    FINANCE_IMPORT = "finance.import"
    FINANCE_EXPORT = "finance.export"
    # weekly status
    STATUS_VIEW = "status.view"
    STATUS_SUBMIT = "status.submit"
    STATUS_COMMENT = "status.comment"
    CHASE_VIEW = "chase.view"
    CHASE_REMIND = "chase.remind"
    CALENDAR_VIEW = "calendar.view"
    CALENDAR_EDIT = "calendar.edit"
    # bodies and decisions
    BODY_VIEW = "body.view"
    BODY_EDIT = "body.edit"
    DECISION_VIEW = "decision.view"
    DECISION_RECORD = "decision.record"
    DECISION_TAKE = "decision.take"
    ARBITRATION_JUDGE = "arbitration.judge"
    GATE_MANAGE = "gate.manage"
    CONFIDENCE_GIVE = "confidence.give"
    # the cut and the pack
    CYCLE_FREEZE = "cycle.freeze"
    PACK_BUILD = "pack.build"
    PACK_PREVIEW = "pack.preview"
    PACK_READ = "pack.read"
    DIRECTOR_MESSAGE_EDIT = "director_message.edit"
    PACK_APPROVE = "pack.approve"
    PACK_PUBLISH = "pack.publish"
    PACK_DISTRIBUTE = "pack.distribute"
    CORRECTION_PROPOSE = "correction.propose"
    CORRECTION_DECIDE = "correction.decide"
    # people and rights
    ROSTER_VIEW = "roster.view"
    ROSTER_EDIT = "roster.edit"
    USER_VIEW = "user.view"
    USER_EDIT = "user.edit"
    ROLE_VIEW = "role.view"
    ROLE_PROPOSE = "role.propose"
    ROLE_APPROVE = "role.approve"
    CATALOGUE_VIEW = "catalogue.view"
    API_TOKEN_MANAGE = "api_token.manage"  # noqa: S105 -- a name, no secret
    HANDOVER_VIEW = "handover.view"
    # evidence and operation
    AUDIT_VIEW = "audit.view"
    AUDIT_VERIFY = "audit.verify"
    HISTORY_VIEW = "history.view"
    JOB_VIEW = "job.view"
    JOB_RETRY = "job.retry"
    MAIL_VIEW = "mail.view"
    MAIL_DECIDE = "mail.decide"
    OPERATIONS_VIEW = "operations.view"

    @property
    def label(self) -> Promise:
        return LABELS[self]


LABELS: dict[Permission, Promise] = {
    Permission.ACCOUNT_EDIT: _("Régler son propre compte"),
    Permission.MY_WORK_VIEW: _("Voir son propre travail à faire"),
    Permission.HELP_VIEW: _("Lire l’aide et les règles de calcul"),
    Permission.SEARCH: _("Chercher dans ce que l’on peut voir"),
    Permission.INBOX_VIEW: _("Lire ses notifications et régler ses courriels"),
    Permission.ABSENCE_EDIT: _("Inscrire son absence et nommer son suppléant"),
    Permission.ABSENCE_OFFICE: _("Inscrire l’absence d’un chef de projet empêché et nommer son suppléant"),
    Permission.DASHBOARD_VIEW: _("Voir le tableau de bord du portefeuille"),
    Permission.PORTFOLIO_VIEW: _("Consulter projets, programmes, axes et jalons"),
    Permission.PROJECT_CREATE: _("Créer un projet"),
    Permission.PROJECT_EDIT: _("Modifier la fiche d’un projet"),
    Permission.PROJECT_RANK: _("Changer le rang, le chef de projet ou le programme d’un projet"),
    Permission.MILESTONE_EDIT: _("Modifier séquences et jalons"),
    Permission.TOLERANCE_EDIT: _("Modifier les tolérances d’un projet"),
    Permission.PROGRAMME_EDIT: _("Modifier les programmes"),
    Permission.AXIS_EDIT: _("Modifier les axes stratégiques"),
    Permission.PORTFOLIO_IMPORT: _("Importer une liste de projets"),
    Permission.EXPORT: _("Exporter ce que l’on peut voir"),
    Permission.RISK_VIEW: _("Consulter les risques"),
    Permission.RISK_EDIT: _("Modifier les risques"),
    Permission.FINANCE_TOTALS_VIEW: _("Voir les totaux budgétaires d’un projet"),
    Permission.FINANCE_VIEW: _("Voir le détail des budgets, réalisés et prévisions"),
    Permission.FINANCE_EDIT: _("Modifier budgets, réalisés et prévisions"),
    Permission.FINANCE_IMPORT: _("Importer des montants"),
    Permission.FINANCE_EXPORT: _("Exporter le détail financier"),
    Permission.STATUS_VIEW: _("Lire les statuts hebdomadaires remis"),
    Permission.STATUS_SUBMIT: _("Remettre le statut hebdomadaire"),
    Permission.STATUS_COMMENT: _("Commenter un statut remis"),
    Permission.CHASE_VIEW: _("Voir les statuts attendus, commencés ou manquants"),
    Permission.CHASE_REMIND: _("Relancer les statuts manquants"),
    Permission.CALENDAR_VIEW: _("Voir le calendrier du suivi hebdomadaire"),
    Permission.CALENDAR_EDIT: _("Modifier le calendrier du suivi hebdomadaire"),
    Permission.BODY_VIEW: _("Consulter les instances et leurs mandats"),
    Permission.BODY_EDIT: _("Modifier les instances et leurs mandats"),
    Permission.DECISION_VIEW: _("Consulter les décisions demandées et prises"),
    Permission.DECISION_RECORD: _("Enregistrer une décision comme secrétaire"),
    Permission.DECISION_TAKE: _("Prendre ou signer une décision"),
    Permission.ARBITRATION_JUDGE: _("Juger la recevabilité d’un arbitrage et en suivre l’exécution"),
    Permission.GATE_MANAGE: _("Tenir les listes de contrôle des portes et dispenser une revue"),
    Permission.CONFIDENCE_GIVE: _("Donner la confiance dans la livraison"),
    Permission.CYCLE_FREEZE: _("Geler la semaine"),
    Permission.PACK_BUILD: _("Construire le pack CODIR"),
    Permission.PACK_PREVIEW: _("Prévisualiser le pack CODIR"),
    Permission.PACK_READ: _("Lire le pack CODIR"),
    Permission.DIRECTOR_MESSAGE_EDIT: _("Écrire le message du directeur"),
    Permission.PACK_APPROVE: _("Approuver le pack CODIR"),
    Permission.PACK_PUBLISH: _("Publier le pack CODIR"),
    Permission.PACK_DISTRIBUTE: _("Suivre la distribution du pack CODIR"),
    Permission.CORRECTION_PROPOSE: _("Signaler une correction après le gel"),
    Permission.CORRECTION_DECIDE: _("Retenir ou écarter une correction et préparer un erratum"),
    Permission.ROSTER_VIEW: _("Voir qui tient quel rôle"),
    Permission.ROSTER_EDIT: _("Modifier les personnes du portefeuille"),
    Permission.USER_VIEW: _("Voir les comptes"),
    Permission.USER_EDIT: _("Créer et fermer des comptes"),
    Permission.ROLE_VIEW: _("Voir les rôles attribués"),
    Permission.ROLE_PROPOSE: _("Proposer un changement de rôle"),
    Permission.ROLE_APPROVE: _("Approuver un changement de rôle comme deuxième personne"),
    Permission.CATALOGUE_VIEW: _("Lire le catalogue des droits"),
    Permission.API_TOKEN_MANAGE: _("Gérer ses propres clés d’API"),
    Permission.HANDOVER_VIEW: _("Lire le dossier de passation"),
    Permission.AUDIT_VIEW: _("Lire le journal d’audit"),
    Permission.AUDIT_VERIFY: _("Vérifier la chaîne d’audit"),
    Permission.HISTORY_VIEW: _("Lire l’historique de tout objet"),
    Permission.JOB_VIEW: _("Voir les tâches de fond"),
    Permission.JOB_RETRY: _("Relancer une tâche de fond mise de côté"),
    Permission.MAIL_VIEW: _("Voir les courriels envoyés, refusés ou douteux"),
    Permission.MAIL_DECIDE: _("Décider d’un courriel dont l’issue est inconnue"),
    Permission.OPERATIONS_VIEW: _("Voir l’état du service"),
}


class Scope(StrEnum):
    """How far a grant reaches; letters as in the permission matrix."""

    ALL = "all"
    OWN = "own"
    PROGRAMME = "programme"
    DIRECTED = "directed"
    TRANSVERSAL = "transversal"
    ASSIGNED = "assigned"
    DECIDED = "decided"
    TOP = "top"
    STAND_IN = "stand_in"

    @property
    def label(self) -> Promise:
        return SCOPE_LABELS[self]


SCOPE_LABELS: dict[Scope, Promise] = {
    Scope.ALL: _("tous"),
    Scope.OWN: _("les siens"),
    Scope.PROGRAMME: _("ceux de son programme"),
    Scope.DIRECTED: _("ceux dont il est commanditaire et les 24 prioritaires"),
    Scope.TRANSVERSAL: _("les transversaux"),
    Scope.ASSIGNED: _("ceux qui lui sont adressés"),
    Scope.DECIDED: _("une fois gelés ou décidés"),
    Scope.TOP: _("les principaux"),
    Scope.STAND_IN: _("ceux d’un chef de projet absent que l’on remplace"),
}


# The most sensitive class of personal data that a page behind the permission shows; the others show none.
PERSONAL_DATA: dict[Permission, PersonalData] = {
    Permission.ACCOUNT_EDIT: PersonalData.CONTACT,
    Permission.MY_WORK_VIEW: PersonalData.IDENTITY,
    Permission.SEARCH: PersonalData.IDENTITY,
    Permission.INBOX_VIEW: PersonalData.FREE_TEXT,
    Permission.ABSENCE_EDIT: PersonalData.EMPLOYMENT,
    Permission.ABSENCE_OFFICE: PersonalData.EMPLOYMENT,
    Permission.DASHBOARD_VIEW: PersonalData.IDENTITY,
    Permission.PORTFOLIO_VIEW: PersonalData.IDENTITY,
    Permission.PROJECT_CREATE: PersonalData.IDENTITY,
    Permission.PROJECT_EDIT: PersonalData.IDENTITY,
    Permission.PROJECT_RANK: PersonalData.IDENTITY,
    Permission.PROGRAMME_EDIT: PersonalData.IDENTITY,
    Permission.PORTFOLIO_IMPORT: PersonalData.FREE_TEXT,
    Permission.EXPORT: PersonalData.FREE_TEXT,
    Permission.RISK_VIEW: PersonalData.FREE_TEXT,
    Permission.RISK_EDIT: PersonalData.FREE_TEXT,
    Permission.STATUS_VIEW: PersonalData.FREE_TEXT,
    Permission.STATUS_SUBMIT: PersonalData.FREE_TEXT,
    Permission.STATUS_COMMENT: PersonalData.FREE_TEXT,
    Permission.CHASE_VIEW: PersonalData.ACTIVITY,
    Permission.CHASE_REMIND: PersonalData.ACTIVITY,
    Permission.BODY_VIEW: PersonalData.IDENTITY,
    Permission.BODY_EDIT: PersonalData.IDENTITY,
    Permission.DECISION_VIEW: PersonalData.FREE_TEXT,
    Permission.DECISION_RECORD: PersonalData.FREE_TEXT,
    Permission.ARBITRATION_JUDGE: PersonalData.FREE_TEXT,
    Permission.DECISION_TAKE: PersonalData.FREE_TEXT,
    Permission.GATE_MANAGE: PersonalData.FREE_TEXT,
    Permission.CONFIDENCE_GIVE: PersonalData.FREE_TEXT,
    Permission.PACK_PREVIEW: PersonalData.FREE_TEXT,
    Permission.PACK_READ: PersonalData.FREE_TEXT,
    Permission.DIRECTOR_MESSAGE_EDIT: PersonalData.FREE_TEXT,
    Permission.PACK_APPROVE: PersonalData.FREE_TEXT,
    Permission.PACK_PUBLISH: PersonalData.IDENTITY,
    Permission.PACK_DISTRIBUTE: PersonalData.ACTIVITY,
    Permission.CORRECTION_PROPOSE: PersonalData.FREE_TEXT,
    Permission.CORRECTION_DECIDE: PersonalData.FREE_TEXT,
    Permission.ROSTER_VIEW: PersonalData.EMPLOYMENT,
    Permission.ROSTER_EDIT: PersonalData.EMPLOYMENT,
    Permission.USER_VIEW: PersonalData.CONTACT,
    Permission.USER_EDIT: PersonalData.CONTACT,
    Permission.ROLE_VIEW: PersonalData.EMPLOYMENT,
    Permission.ROLE_PROPOSE: PersonalData.EMPLOYMENT,
    Permission.ROLE_APPROVE: PersonalData.EMPLOYMENT,
    Permission.API_TOKEN_MANAGE: PersonalData.CREDENTIAL,
    Permission.HANDOVER_VIEW: PersonalData.FREE_TEXT,
    Permission.AUDIT_VIEW: PersonalData.ACTIVITY,
    Permission.AUDIT_VERIFY: PersonalData.ACTIVITY,
    Permission.HISTORY_VIEW: PersonalData.FREE_TEXT,
    Permission.JOB_VIEW: PersonalData.FREE_TEXT,
    Permission.JOB_RETRY: PersonalData.FREE_TEXT,
    Permission.MAIL_VIEW: PersonalData.CONTACT,
    Permission.MAIL_DECIDE: PersonalData.CONTACT,
    Permission.OPERATIONS_VIEW: PersonalData.IDENTITY,
}
