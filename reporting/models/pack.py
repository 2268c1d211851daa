from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
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
    state = models.CharField(max_length=10, choices=PackState, default=PackState.DRAFT)
    snapshot = models.ForeignKey(Snapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="packs")
    director_message = models.TextField(
        _("message du directeur"), max_length=DIRECTOR_MESSAGE_MAX, blank=True, default=""
    )
    decision_order = models.JSONField(default=list, blank=True)
    hidden_pages = models.JSONField(default=list, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        ordering = ("cycle", "edition")
        constraints = [
            models.UniqueConstraint(name="pack_unique", fields=("kind", "cycle", "edition")),
            models.CheckConstraint(
                name="pack_frozen_has_snapshot",
                condition=Q(state="draft", snapshot__isnull=True) | (~Q(state="draft") & Q(snapshot__isnull=False)),
                violation_error_message=_("Un pack gelé porte son instantané."),
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
