"""The backlog a team keeps in Jira: its issues, and which of their groups a work package follows.

Nothing about people and no description is kept; `moves` are the groups an issue left and came into, with the day.
"""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from portfolio.enums import IssueCategory, IssueKind, JiraGrouping
from portfolio.models.project import Project
from portfolio.models.versioned import Versioned
from portfolio.models.work_package import WorkPackage

JIRA_PROJECT = r"[A-Z][A-Z0-9_]{1,29}"


@tracked
class JiraBacklog(Versioned):
    """Where the work of a project is followed in Jira; `data_on` is the day its issues speak of.

    `jira_project` is what may be read live, set by the project office: the account of the server sees more than a
    project manager may.
    """

    project = models.OneToOneField(
        Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="jira_backlog"
    )
    jira_project = models.CharField(
        _("clé du projet dans Jira"),
        max_length=30,
        blank=True,
        default="",
        validators=[RegexValidator(rf"^{JIRA_PROJECT}\Z", _("Une clé de Jira : des majuscules et des chiffres."))],
    )
    grouping = models.CharField(_("regroupement"), max_length=10, choices=JiraGrouping, default=JiraGrouping.EPIC)
    data_on = models.DateField(_("données au"), null=True, blank=True)
    source_format = models.CharField(_("format"), max_length=20, blank=True, default="")
    source_name = models.CharField(_("fichier"), max_length=255, blank=True, default="")
    imported_at = models.DateTimeField(_("importé le"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("suivi Jira")
        verbose_name_plural = _("suivis Jira")
        ordering = ("project",)

    def __str__(self) -> str:
        return _("Jira de %(code)s") % {"code": self.project.code}


class JiraIssue(models.Model):
    """An issue as its source last told it, one per key for ever; `gone_on` is when a complete source lacked it."""

    backlog = models.ForeignKey(JiraBacklog, verbose_name=_("suivi"), on_delete=models.CASCADE, related_name="issues")
    key = models.CharField(_("clé"), max_length=60)
    summary = models.CharField(_("résumé"), max_length=255, blank=True, default="")
    kind = models.CharField(_("type"), max_length=80, blank=True, default="")
    status = models.CharField(_("état"), max_length=80, blank=True, default="")
    category = models.CharField(_("catégorie"), max_length=5, choices=IssueCategory, default=IssueCategory.TODO)
    role = models.CharField(_("nature"), max_length=9, choices=IssueKind, default=IssueKind.WORK)
    is_dropped = models.BooleanField(_("close sans livraison"), default=False)
    created_on = models.DateField(_("créée le"), null=True, blank=True)
    done_on = models.DateField(_("finie le"), null=True, blank=True)
    gone_on = models.DateField(_("disparue le"), null=True, blank=True)
    epic = models.CharField(_("epic"), max_length=60, blank=True, default="")
    components = models.JSONField(_("composants"), default=list, blank=True)
    versions = models.JSONField(_("versions"), default=list, blank=True)
    moves = models.JSONField(_("changements de groupe"), default=list, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {"summary": PersonalData.FREE_TEXT}

    class Meta:
        verbose_name = _("demande Jira")
        verbose_name_plural = _("demandes Jira")
        ordering = ("backlog", "pk")
        constraints = [
            models.UniqueConstraint(
                name="jira_issue_key_unique",
                fields=("backlog", "key"),
                violation_error_message=_("Cette clé existe déjà dans ce suivi."),
            ),
            models.CheckConstraint(
                name="jira_issue_done_on_when_done",
                condition=Q(done_on__isnull=True) | Q(category="done"),
                violation_error_message=_("Seule une demande finie porte la date de sa fin."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.summary}".strip()

    @property
    def project(self) -> Project:
        return self.backlog.project


@tracked
class JiraGroup(models.Model):
    """An epic, a component or a version: followed by a work package, followed without one, or left out.

    The empty `value` stands for issues without a group. Until `reviewed_at` what it follows is a proposal.
    """

    backlog = models.ForeignKey(JiraBacklog, verbose_name=_("suivi"), on_delete=models.CASCADE, related_name="groups")
    grouping = models.CharField(_("regroupement"), max_length=10, choices=JiraGrouping)
    value = models.CharField(_("groupe"), max_length=255, blank=True, default="")
    label = models.CharField(_("nom du groupe"), max_length=255, blank=True, default="")
    is_followed = models.BooleanField(_("suivi"), default=True)
    work_package = models.ForeignKey(
        WorkPackage,
        verbose_name=_("lot de travaux"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="jira_groups",
    )
    reviewed_at = models.DateTimeField(_("relu le"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {"label": PersonalData.FREE_TEXT}

    class Meta:
        verbose_name = _("groupe de demandes")
        verbose_name_plural = _("groupes de demandes")
        ordering = ("backlog", "grouping", "value")
        constraints = [
            models.UniqueConstraint(
                name="jira_group_value_unique",
                fields=("backlog", "grouping", "value"),
                violation_error_message=_("Ce groupe existe déjà dans ce suivi."),
            ),
            models.CheckConstraint(
                name="jira_group_package_is_followed",
                condition=Q(work_package__isnull=True) | Q(is_followed=True),
                violation_error_message=_("Un groupe mené par un lot est suivi."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.value

    @property
    def project(self) -> Project:
        return self.backlog.project
