from typing import ClassVar

import pgtrigger
from django.db import models

from people.enums import PersonalData
from portfolio.models.reporting_cycle import ReportingCycle


class Snapshot(models.Model):
    """The whole portfolio's facts at one cut, as canonical JSON; the database forbids change.

    `data_hash` is the SHA-256 of the canonical JSON (sorted keys, no spaces, UTF-8) of `data`. Edition 1 is the cut;
    a later edition holds the same facts and the corrections published since.
    """

    cycle = models.ForeignKey(ReportingCycle, on_delete=models.PROTECT, related_name="snapshots")
    edition = models.PositiveSmallIntegerField(default=1)
    schema_version = models.PositiveSmallIntegerField()
    as_of = models.DateTimeField()
    frozen_at = models.DateTimeField()
    frozen_by_label = models.CharField(max_length=160)
    data = models.JSONField()
    data_hash = models.CharField(max_length=64)
    audit_number = models.BigIntegerField()
    audit_hash = models.CharField(max_length=64)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "data": PersonalData.IDENTITY,
        "frozen_by_label": PersonalData.IDENTITY,
    }

    class Meta:
        ordering = ("cycle", "edition")
        constraints = (
            models.UniqueConstraint(name="snapshot_once_per_edition", fields=("cycle", "edition")),
            models.CheckConstraint(name="snapshot_edition_positive", condition=models.Q(edition__gte=1)),
        )
        triggers = [pgtrigger.Protect(name="snapshot_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.cycle} {self.data_hash[:8]}"
