from django.db import models
from django.utils.translation import gettext_lazy as _


class Versioned(models.Model):
    """A row that people edit: `version` grows by one with every service write."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    class Meta:
        abstract = True
