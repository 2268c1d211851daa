"""Closed vocabularies of reporting."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PackKind(models.TextChoices):
    CODIR = "codir", _("Pack CODIR")


class PackState(models.TextChoices):
    """Life of a pack; each step is one conditional UPDATE from the state before it."""

    DRAFT = "draft", _("Brouillon")
    FROZEN = "frozen", _("Gelé")
    RENDERED = "rendered", _("Prêt à approuver")
    APPROVED = "approved", _("Approuvé")
    PUBLISHED = "published", _("Publié")
    DISTRIBUTED = "distributed", _("Distribué")


class CorrectionKind(models.TextChoices):
    LATE_STATUS = "late_status", _("Statut remis après le gel")
    CORRECTION = "correction", _("Correction")


class CorrectionState(models.TextChoices):
    PROPOSED = "proposed", _("À traiter")
    ACCEPTED = "accepted", _("Retenue")
    REFUSED = "refused", _("Écartée")
    PRINTED = "printed", _("Publiée")


class DeliveryChannel(models.TextChoices):
    """A pack with restricted content leaves as a personal link only."""

    LINK = "link", _("Lien personnel")
    ATTACHMENT = "attachment", _("Pièce jointe")


class DownloadChannel(models.TextChoices):
    SESSION = "session", _("Application")
    LINK = "link", _("Lien personnel")


class ProofState(models.TextChoices):
    PROVED = "proved", _("Rendu vérifié")
    FAILED = "failed", _("Non rendu")


class Language(models.TextChoices):
    FR = "fr", _("français")
    NL = "nl", _("néerlandais")
    EN = "en", _("anglais")
