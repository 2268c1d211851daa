from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.user import User
from portfolio.models.reporting_cycle import ReportingCycle
from portfolio.models.versioned import Versioned
from reporting.enums import Language, PackKind, PackState
from reporting.models.snapshot import Snapshot

DIRECTOR_MESSAGE_MAX = 600


class Pack(Versioned):
    """One edition of a pack: week, kind, version; what may still be edited before the freeze."""

    kind = models.CharField(max_length=12, choices=PackKind, default=PackKind.CODIR)
    cycle = models.ForeignKey(ReportingCycle, on_delete=models.PROTECT, related_name="packs")
    edition = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=PackState, default=PackState.DRAFT)
    snapshot = models.ForeignKey(Snapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="packs")
    director_message = models.TextField(
        _("message du directeur"), max_length=DIRECTOR_MESSAGE_MAX, blank=True, default=""
    )
    decision_order = models.JSONField(default=list, blank=True)
    hidden_pages = models.JSONField(default=list, blank=True)

    built_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_for = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    distributed_at = models.DateTimeField(null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "built_by": PersonalData.IDENTITY,
        "approved_by": PersonalData.IDENTITY,
        "approved_for": PersonalData.IDENTITY,
    }

    class Meta:
        ordering = ("cycle", "edition")
        constraints = [
            models.UniqueConstraint(name="pack_unique", fields=("kind", "cycle", "edition")),
            models.CheckConstraint(
                name="pack_frozen_has_snapshot",
                condition=Q(state="draft", snapshot__isnull=True) | (~Q(state="draft") & Q(snapshot__isnull=False)),
                violation_error_message=_("Un pack gelé porte son instantané."),
            ),
            models.CheckConstraint(
                name="pack_approved_says_who",
                condition=Q(
                    state__in=["draft", "frozen", "rendered"], approved_by__isnull=True, approved_at__isnull=True
                )
                | Q(
                    state__in=["approved", "published", "distributed"],
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                ),
                violation_error_message=_("Un pack approuvé dit par qui et quand."),
            ),
            models.CheckConstraint(
                name="pack_approved_by_another",
                condition=Q(approved_by__isnull=True) | Q(built_by__isnull=True) | ~Q(approved_by=models.F("built_by")),
                violation_error_message=_("Qui a construit le pack ne l’approuve pas."),
            ),
            models.CheckConstraint(
                name="pack_approved_for_another",
                condition=Q(approved_for__isnull=True)
                | Q(built_by__isnull=True)
                | ~Q(approved_for=models.F("built_by")),
                violation_error_message=_("Qui a construit le pack ne l’approuve pas, même par son suppléant."),
            ),
            models.CheckConstraint(
                name="pack_published_says_when",
                condition=Q(state__in=["published", "distributed"], published_at__isnull=False)
                | (~Q(state__in=["published", "distributed"]) & Q(published_at__isnull=True)),
                violation_error_message=_("Un pack publié dit quand."),
            ),
            models.CheckConstraint(
                name="pack_distributed_says_when",
                condition=Q(state="distributed", distributed_at__isnull=False)
                | (~Q(state="distributed") & Q(distributed_at__isnull=True)),
                violation_error_message=_("Un pack distribué dit quand."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.cycle} v{self.edition}"


class PackRendition(models.Model):
    """One immutable PDF of a pack in one language; the file is named by its own hash."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="renditions")
    language = models.CharField(max_length=2, choices=Language)
    path = models.CharField(max_length=200)
    pdf_sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField()
    rendered_at = models.DateTimeField()

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        ordering = ("pack", "language")
        constraints = [models.UniqueConstraint(name="rendition_unique", fields=("pack", "language"))]
        triggers = [pgtrigger.Protect(name="rendition_is_immutable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.pack} {self.language}"
