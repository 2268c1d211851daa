"""Closed lists of the people app; the values are stored, the labels are shown."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Language(TextChoices):
    FRENCH = "fr", "Français"
    DUTCH = "nl", "Nederlands"
    ENGLISH = "en", "English"


class Theme(TextChoices):
    AUTO = "auto", _("Comme l’appareil")
    LIGHT = "light", _("Clair")
    DARK = "dark", _("Sombre")


class ContractKind(TextChoices):
    INTERNAL = "internal", _("Interne")
    EXTERNAL = "external", _("Externe")
    INTERIM = "interim", _("Intérim")


class Role(TextChoices):
    """What a person may be; what each role may do is in `people/permissions/roles.py`."""

    PM = "pm", _("Chef de projet")
    PROGRAMME_MANAGER = "programme_manager", _("Responsable de programme")
    PSO = "pso", _("Bureau de projets (PSO)")
    HEAD_OF_CENTRE = "head_of_centre", _("Responsable du centre de compétence")
    DIRECTOR = "director", _("Directeur")
    CODIR = "codir", _("Membre du CODIR")
    INVESTMENT_COMMITTEE = "investment_committee", _("Membre du comité d’investissement")
    SECRETARY = "secretary", _("Secrétaire d’instance")
    FINANCE = "finance", _("Contrôle financier")
    REVIEWER = "reviewer", _("Relecteur")
    AUDITOR = "auditor", _("Auditeur")
    ADMINISTRATOR = "administrator", _("Administrateur technique")


# These decide about money, people or the record: a second factor is required of them.
DECISION_MAKERS: frozenset[Role] = frozenset(
    {
        Role.DIRECTOR,
        Role.CODIR,
        Role.INVESTMENT_COMMITTEE,
        Role.SECRETARY,
        Role.PSO,
        Role.ADMINISTRATOR,
    }
)


class ReviewerKind(TextChoices):
    DPO = "dpo", _("Protection des données (DPO)")
    CISO = "ciso", _("Sécurité de l’information (CISO)")
    LEGAL = "legal", _("Juridique")
    ARCHITECTURE = "architecture", _("Architecture")


class RoleAction(TextChoices):
    GRANT = "grant", _("Attribuer")
    REVOKE = "revoke", _("Retirer")


class RequestState(TextChoices):
    PENDING = "pending", _("En attente d’une deuxième personne")
    APPROVED = "approved", _("Approuvée")
    REFUSED = "refused", _("Refusée")


class Channel(TextChoices):
    """Where an act came from."""

    WEB = "web", _("Page web")
    API = "api", _("API")
    JOB = "job", _("Tâche de fond")
    COMMAND = "command", _("Ligne de commande")


class TokenScope(TextChoices):
    """What a key of the API may do, within the rights of its owner."""

    READ = "read", _("Lire")
    WRITE = "write", _("Écrire")


class JobState(TextChoices):
    """`failed` = refused by its own rules, trying again would change nothing; `parked` = three attempts used up;
    `stopped` = by a person.
    """

    QUEUED = "queued", _("En file")
    RUNNING = "running", _("En cours")
    DONE = "done", _("Terminée")
    FAILED = "failed", _("Refusée")
    PARKED = "parked", _("Mise de côté")
    STOPPED = "stopped", _("Annulée")


class MailState(TextChoices):
    """`unknown` = handed over, answer lost: a person decides; `refused` = the server said no for good."""

    QUEUED = "queued", _("En file")
    SENDING = "sending", _("En cours d’envoi")
    SENT = "sent", _("Accepté par le serveur")
    REFUSED = "refused", _("Refusé")
    UNKNOWN = "unknown", _("Issue inconnue")
    PARKED = "parked", _("Mis de côté")


class Purpose(TextChoices):
    """Why somebody is written to; each has its own setting."""

    STATUS_DUE = "status_due", _("Mes statuts à remettre")
    ESCALATION = "escalation", _("Statuts en retard de mes projets ou de mon équipe")
    DECISION = "decision", _("Décisions qui me concernent")
    PACK = "pack", _("Pack CODIR : à approuver, publié, rectifié")
    REPLACEMENT = "replacement", _("Absences et suppléances")
    ALERT = "alert", _("Alertes d’exploitation")
    ACCOUNT = "account", _("Mon compte")


class MailChoice(TextChoices):
    NOW = "now", _("Tout de suite")
    DIGEST = "digest", _("Une fois par jour")
    NONE = "none", _("Jamais")


class OperationKind(TextChoices):
    BACKUP = "backup", _("Sauvegarde")
    DRILL = "drill", _("Exercice de restauration")
    RESTORE = "restore", _("Restauration")
    RETENTION = "retention", _("Purge des données échues")


class PersonalData(TextChoices):
    """Class of a field under the GDPR; each model declares its own in `personal_data`."""

    NONE = "none", _("Aucune")
    IDENTITY = "identity", _("Identité")
    CONTACT = "contact", _("Coordonnées")
    EMPLOYMENT = "employment", _("Relation de travail")
    CREDENTIAL = "credential", _("Secret d’authentification")
    ACTIVITY = "activity", _("Trace d’activité")
    FREE_TEXT = "free_text", _("Texte libre")
    EVALUATION = "evaluation", _("Évaluation (C4)")
