from decimal import Decimal
from typing import ClassVar

from django.db import models

from people.enums import PersonalData
from portfolio.enums import AskKind, RagChoice
from portfolio.models.project import Project
from portfolio.models.reporting_cycle import ReportingCycle

WEEKS_SHOWN = 12


class StandingFields(models.Model):
    """Where a project stood at `computed_at`. `history` holds the declared state of the last twelve weeks, oldest
    first: green, amber, red, `stale` (owed, not given) or `none` (not owed).
    """

    computed_at = models.DateTimeField()
    last_report_cycle = models.ForeignKey(ReportingCycle, null=True, on_delete=models.SET_NULL, related_name="+")
    last_status_on = models.DateField(null=True)
    declared_overall = models.CharField(max_length=6, choices=RagChoice, blank=True, default="")
    previous_overall = models.CharField(max_length=6, blank=True, default="")
    computed_overall = models.CharField(max_length=8, default="unknown")
    declared = models.JSONField(default=dict)
    previous_declared = models.JSONField(default=dict)
    computed = models.JSONField(default=dict)
    history = models.JSONField(default=list)
    message = models.CharField(max_length=220, blank=True, default="")
    message_language = models.CharField(max_length=2, default="fr")
    ask_kind = models.CharField(max_length=12, choices=AskKind, default=AskKind.NONE)
    ask_text = models.CharField(max_length=220, blank=True, default="")
    ask_body = models.CharField(max_length=24, blank=True, default="")
    ask_on = models.DateField(null=True)
    gap_count = models.PositiveSmallIntegerField(default=0)
    greener_than_evidence = models.BooleanField(default=False)
    gap_weeks = models.PositiveSmallIntegerField(default=0)
    worsened = models.BooleanField(default=False)
    exposure = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    bac = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    eac = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    actual = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    baseline_end = models.DateField(null=True)
    forecast_end = models.DateField(null=True)
    end_slip_days = models.IntegerField(null=True)
    first_end_slip_days = models.IntegerField(null=True)
    next_milestone = models.CharField(max_length=140, blank=True, default="")
    next_milestone_on = models.DateField(null=True)
    next_milestone_slip = models.IntegerField(null=True)
    open_risks = models.PositiveSmallIntegerField(default=0)
    high_risks = models.PositiveSmallIntegerField(default=0)

    personal_data: ClassVar[dict[str, PersonalData]] = {"message": PersonalData.FREE_TEXT}

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class Standing(StandingFields):
    """Where a project stands now: the one row dashboards and registers read.

    A read model, rebuilt by `services.standing.refresh_standing` after every write and nightly;
    never edited by people.
    """

    project = models.OneToOneField(Project, primary_key=True, on_delete=models.CASCADE, related_name="standing")

    class Meta:
        indexes = [
            models.Index(fields=("-exposure",), name="standing_exposure"),
            models.Index(fields=("declared_overall",), name="standing_overall"),
        ]


class FrozenStanding(StandingFields):
    """Where a project stood when the last week was frozen: what a reader without the open week is shown.

    Written by `services.standing.store_frozen_standings` at the freeze, from the statuses up to that week.
    """

    project = models.OneToOneField(Project, primary_key=True, on_delete=models.CASCADE, related_name="frozen_standing")
