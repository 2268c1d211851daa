"""Closed vocabularies of reporting."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PackKind(models.TextChoices):
    CODIR = "codir", _("Pack CODIR")


class PackState(models.TextChoices):
    """Life of a pack; each step is one conditional UPDATE (`services.pack.advance`)."""

    DRAFT = "draft", _("Brouillon")
    FROZEN = "frozen", _("Gelé")
    RENDERED = "rendered", _("Prêt")


class Language(models.TextChoices):
    FR = "fr", _("français")
    NL = "nl", _("néerlandais")
    EN = "en", _("anglais")
