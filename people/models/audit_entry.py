from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import Channel, PersonalData

_CHAINED = (
    "number",
    "at",
    "actor_id",
    "channel",
    "verb",
    "target_type",
    "target_id",
    "seals",
    "previous_hash",
    "hash",
)


class AuditEntry(models.Model):
    """One act, chained to the one before; no foreign key, so nothing audited blocks a deletion.

    Append-only. The one change the triggers let through takes keys away: the erasure of a person, which blanks the
    parts of these keys and leaves the chain as it is (`people/engines/audit_chain.py`).
    """

    number = models.BigIntegerField(_("numéro"), primary_key=True)
    at = models.DateTimeField(_("instant"), db_index=True)
    actor_id = models.BigIntegerField(_("compte de l’auteur"), null=True, blank=True)
    actor_label = models.CharField(_("auteur"), max_length=200)
    channel = models.CharField(_("voie"), max_length=8, choices=Channel.choices)
    verb = models.CharField(_("acte"), max_length=80)
    target_type = models.CharField(_("type d’objet"), max_length=80, blank=True)
    target_id = models.CharField(_("identifiant"), max_length=80, blank=True)
    target_label = models.CharField(_("objet"), max_length=200, blank=True)
    data = models.JSONField(_("détail"), default=dict)
    seals = models.JSONField(_("sceaux"), default=dict)
    keys = models.JSONField(_("clés des sceaux"), default=dict)
    previous_hash = models.CharField(_("empreinte précédente"), max_length=64)
    hash = models.CharField(_("empreinte"), max_length=64, unique=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "actor_id": PersonalData.IDENTITY,
        "actor_label": PersonalData.IDENTITY,
        "target_label": PersonalData.IDENTITY,
        "at": PersonalData.ACTIVITY,
        "verb": PersonalData.ACTIVITY,
        "data": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("entrée d’audit")
        verbose_name_plural = _("entrées d’audit")
        ordering = ("-number",)
        indexes = (
            models.Index(fields=("target_type", "target_id", "-number"), name="audit_by_target"),
            models.Index(fields=("actor_id", "-number"), name="audit_by_actor"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="audit_number_from_one",
                violation_error_message=_("Les entrées d’audit sont numérotées à partir de 1."),
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values) & ~Q(verb="") & ~Q(actor_label=""),
                name="audit_says_who_and_what",
                violation_error_message=_("Une entrée d’audit dit qui a fait quoi, et par quelle voie."),
            ),
        )
        triggers = (
            pgtrigger.Protect(name="audit_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="audit_chain_unchanged", operation=pgtrigger.Update, condition=pgtrigger.AnyChange(*_CHAINED)
            ),
            pgtrigger.Protect(
                name="audit_only_erased",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("NOT (NEW.keys <@ OLD.keys AND NEW.keys <> OLD.keys)"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"
