"""The plan of a project as it is stored: calendars, activities, links, resources and who works on what.

Columns hold what people read, sort and change; `details` holds the rest of a row as its file stated it
(`engines/record_codec.py`), so that a plan goes out as it came in. Times are wall times, durations minutes.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked, tracked_except
from people.models.person import Person
from portfolio.enums import ActivityConstraint, ActivityKind, DurationUnit, PlanAct, PlanLinkType
from portfolio.models.milestone import Milestone
from portfolio.models.project import Project
from portfolio.models.versioned import Versioned
from portfolio.models.wall_time import WallTimeField


@tracked
class Plan(Versioned):
    """The one plan of a project: its calendar, its start, what it was read from. `header` is that of the file."""

    project = models.OneToOneField(Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="plan")
    start = WallTimeField(_("début"), null=True, blank=True)
    finish = WallTimeField(_("fin calculée"), null=True, blank=True)
    status_date = WallTimeField(_("date d’état"), null=True, blank=True)
    minutes_per_day = models.PositiveIntegerField(_("minutes par jour"), default=480)
    minutes_per_week = models.PositiveIntegerField(_("minutes par semaine"), default=2400)
    header = models.JSONField(_("en-tête du fichier"), default=dict, blank=True)
    source_format = models.CharField(_("format du fichier"), max_length=20, blank=True, default="")
    source_name = models.CharField(_("fichier"), max_length=255, blank=True, default="")
    source_sha256 = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True, default="")
    imported_at = models.DateTimeField(_("importé le"), null=True, blank=True)
    edited_at = models.DateTimeField(_("modifié dans Cadran le"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("plan")
        ordering = ("project",)
        constraints = [
            models.CheckConstraint(
                name="plan_units_positive",
                condition=Q(minutes_per_day__range=(1, 1440), minutes_per_week__range=(1, 10_080)),
                violation_error_message=_("Une journée a de 1 à 1440 minutes, une semaine de 1 à 10 080."),
            )
        ]

    def __str__(self) -> str:
        return _("Plan de %(code)s") % {"code": self.project.code}


class PlanCalendar(models.Model):
    """A working calendar of the plan; `definition` is its week, dated weeks and exceptions."""

    plan = models.ForeignKey(Plan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="calendars")
    uid = models.BigIntegerField(_("identifiant"))
    position = models.PositiveIntegerField(_("rang"))
    name = models.CharField(_("calendrier"), max_length=255, blank=True, default="")
    definition = models.JSONField(_("semaine et exceptions"), default=dict, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {"name": PersonalData.IDENTITY}

    class Meta:
        verbose_name = _("calendrier du plan")
        ordering = ("plan", "position")
        constraints = [models.UniqueConstraint(name="plan_calendar_uid_unique", fields=("plan", "uid"))]

    def __str__(self) -> str:
        return self.name


@tracked_except("early_start", "early_finish", "late_start", "late_finish", "free_float", "departures", "details")
class Activity(Versioned):
    """A row of the plan. `position` is its place, `number` the one people use in links, `uid` the one that never moves.

    What is above it follows from `position` and `outline_level`. Start, finish, floats and `is_critical` are computed
    when the plan is stored.
    """

    plan = models.ForeignKey(Plan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="activities")
    uid = models.BigIntegerField(_("identifiant"))
    position = models.PositiveIntegerField(_("rang"))
    number = models.PositiveIntegerField(_("n°"))
    name = models.CharField(_("activité"), max_length=255, blank=True, default="")
    outline_level = models.PositiveSmallIntegerField(_("niveau"), default=1)
    wbs = models.CharField(_("code WBS"), max_length=255, blank=True, default="")
    kind = models.CharField(_("nature"), max_length=10, choices=ActivityKind, default=ActivityKind.TASK)
    is_manual = models.BooleanField(_("planifiée à la main"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_own = models.BooleanField(_("créée dans Cadran"), default=False, editable=False)
    duration = models.DecimalField(_("durée (minutes)"), max_digits=16, decimal_places=4, null=True, blank=True)
    duration_unit = models.CharField(_("unité"), max_length=2, choices=DurationUnit, default=DurationUnit.DAYS)
    is_elapsed = models.BooleanField(_("durée écoulée"), default=False)
    remaining = models.DecimalField(_("reste (minutes)"), max_digits=16, decimal_places=4, null=True, blank=True)
    percent_complete = models.PositiveSmallIntegerField(_("avancement (%)"), default=0)
    optimistic = models.DecimalField(_("optimiste (minutes)"), max_digits=12, decimal_places=2, null=True, blank=True)
    most_likely = models.DecimalField(_("probable (minutes)"), max_digits=12, decimal_places=2, null=True, blank=True)
    pessimistic = models.DecimalField(_("pessimiste (minutes)"), max_digits=12, decimal_places=2, null=True, blank=True)
    constraint = models.CharField(
        _("contrainte"), max_length=4, choices=ActivityConstraint, default=ActivityConstraint.ASAP
    )
    constraint_date = WallTimeField(_("date de la contrainte"), null=True, blank=True)
    deadline = WallTimeField(_("échéance"), null=True, blank=True)
    actual_start = WallTimeField(_("début réel"), null=True, blank=True)
    actual_finish = WallTimeField(_("fin réelle"), null=True, blank=True)
    calendar = models.ForeignKey(
        PlanCalendar, verbose_name=_("calendrier"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    milestone = models.OneToOneField(
        Milestone,
        verbose_name=_("jalon du projet"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="activity",
    )
    start = WallTimeField(_("début"), null=True, blank=True)
    finish = WallTimeField(_("fin"), null=True, blank=True)
    baseline_start = WallTimeField(_("début de référence"), null=True, blank=True)
    baseline_finish = WallTimeField(_("fin de référence"), null=True, blank=True)
    early_start = WallTimeField(_("début au plus tôt"), null=True, blank=True)
    early_finish = WallTimeField(_("fin au plus tôt"), null=True, blank=True)
    late_start = WallTimeField(_("début au plus tard"), null=True, blank=True)
    late_finish = WallTimeField(_("fin au plus tard"), null=True, blank=True)
    total_float = models.IntegerField(_("marge totale (minutes)"), null=True, blank=True)
    free_float = models.IntegerField(_("marge libre (minutes)"), null=True, blank=True)
    is_critical = models.BooleanField(_("critique"), default=False)
    departures = models.JSONField(_("écarts avec le fichier"), default=list, blank=True)
    details = models.JSONField(_("reste de la ligne"), default=dict, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {"details": PersonalData.FREE_TEXT}

    class Meta:
        verbose_name = _("activité")
        ordering = ("plan", "position")
        constraints = [
            models.UniqueConstraint(name="activity_uid_unique", fields=("plan", "uid")),
            models.UniqueConstraint(
                name="activity_position_unique", fields=("plan", "position"), deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(
                name="activity_number_unique", fields=("plan", "number"), deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                name="activity_scales",
                condition=Q(percent_complete__range=(0, 100), outline_level__range=(0, 100)),
                violation_error_message=_("L’avancement va de 0 à 100 %%."),
            ),
            models.CheckConstraint(
                name="activity_durations_not_negative",
                condition=(Q(duration__isnull=True) | Q(duration__gte=0))
                & (Q(remaining__isnull=True) | Q(remaining__gte=0)),
                violation_error_message=_("Une durée n’est pas négative."),
            ),
            models.CheckConstraint(
                name="activity_estimates_in_order",
                condition=Q(optimistic__isnull=True, most_likely__isnull=True, pessimistic__isnull=True)
                | Q(optimistic__gte=0, optimistic__lte=F("most_likely"), most_likely__lte=F("pessimistic")),
                violation_error_message=_(
                    "Les trois estimations vont ensemble : optimiste, puis probable, puis pessimiste."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()

    @property
    def project(self) -> Project:
        return self.plan.project


@tracked
class ActivityLink(models.Model):
    """A dependency inside a plan. The lag is minutes, or a percentage of the predecessor's duration."""

    plan = models.ForeignKey(Plan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="links")
    predecessor = models.ForeignKey(
        Activity, verbose_name=_("prédécesseur"), on_delete=models.CASCADE, related_name="successors"
    )
    successor = models.ForeignKey(
        Activity, verbose_name=_("successeur"), on_delete=models.CASCADE, related_name="predecessors"
    )
    position = models.PositiveIntegerField(_("rang"), default=0)
    kind = models.CharField(_("type"), max_length=2, choices=PlanLinkType, default=PlanLinkType.FS)
    lag = models.DecimalField(_("décalage"), max_digits=16, decimal_places=4, default=0)
    lag_unit = models.CharField(_("unité"), max_length=2, choices=DurationUnit, default=DurationUnit.DAYS)
    is_elapsed = models.BooleanField(_("temps écoulé"), default=False)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("lien")
        ordering = ("plan", "successor", "position")
        constraints = [
            models.UniqueConstraint(
                name="activity_link_unique",
                fields=("successor", "predecessor"),
                violation_error_message=_("Ces deux activités sont déjà liées."),
            ),
            models.CheckConstraint(
                name="activity_link_two_ends",
                condition=~Q(predecessor=F("successor")),
                violation_error_message=_("Une activité ne dépend pas d’elle-même."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} {self.kind} {self.successor_id}"


class PlanResource(models.Model):
    """Somebody or something the plan names; `person` is who it is for Cadran, once somebody has said so."""

    plan = models.ForeignKey(Plan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="resources")
    uid = models.BigIntegerField(_("identifiant"))
    position = models.PositiveIntegerField(_("rang"))
    name = models.CharField(_("ressource"), max_length=255, blank=True, default="")
    email = models.CharField(_("adresse"), max_length=255, blank=True, default="")
    is_work = models.BooleanField(_("personne ou équipe"), default=True)
    person = models.ForeignKey(
        Person, verbose_name=_("personne"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("relue le"), null=True, blank=True)
    details = models.JSONField(_("reste de la ligne"), default=dict, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "name": PersonalData.IDENTITY,
        "email": PersonalData.CONTACT,
        "person": PersonalData.IDENTITY,
        "details": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("ressource")
        ordering = ("plan", "position")
        constraints = [models.UniqueConstraint(name="plan_resource_uid_unique", fields=("plan", "uid"))]

    def __str__(self) -> str:
        return self.name


class PlanAssignment(models.Model):
    """Work on an activity; without a resource nobody is named yet."""

    plan = models.ForeignKey(Plan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="assignments")
    uid = models.BigIntegerField(_("identifiant"))
    position = models.PositiveIntegerField(_("rang"))
    activity = models.ForeignKey(
        Activity, verbose_name=_("activité"), on_delete=models.CASCADE, related_name="assignments"
    )
    resource = models.ForeignKey(
        PlanResource,
        verbose_name=_("ressource"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="assignments",
    )
    details = models.JSONField(_("reste de la ligne"), default=dict, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {"resource": PersonalData.IDENTITY}

    class Meta:
        verbose_name = _("affectation")
        ordering = ("plan", "position")
        constraints = [models.UniqueConstraint(name="plan_assignment_uid_unique", fields=("plan", "uid"))]

    def __str__(self) -> str:
        return str(self.uid)


class PlanEdit(models.Model):
    """One change made in Cadran; `before` holds the rows it changed as they were, until it is undone or followed."""

    plan = models.ForeignKey(Plan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="edits")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("par"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("le"))
    verb = models.CharField(_("acte"), max_length=20, choices=PlanAct)
    label = models.CharField(_("activité"), max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(_("version du plan après"))
    before = models.JSONField(_("avant"), default=dict)
    undone_at = models.DateTimeField(_("annulé le"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "by": PersonalData.IDENTITY,
        "before": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("modification du plan")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{PlanAct(self.verb).label} {self.label}".strip()
