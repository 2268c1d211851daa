import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from portfolio.models.project import Project


class ImportRun(models.Model):
    """One file that entered the portfolio: what it was, how it was read, what it changed.

    Written once, inside the transaction of the import; `report` is the answer the importer gave,
    word for word (contract.md, "Import report"). With a project it is the plan of that project.
    """

    source = models.CharField(_("source"), max_length=40)
    project = models.ForeignKey(
        Project,
        verbose_name=_("projet du plan"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="plan_imports",
    )
    mapping = models.CharField(_("format"), max_length=80)
    file_name = models.CharField(_("fichier"), max_length=255)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    options = models.JSONField(_("options de lecture"), default=dict)
    report = models.JSONField(_("rapport"), default=dict)
    rows = models.PositiveIntegerField(_("lignes"))
    created = models.PositiveIntegerField(_("créés"), default=0)
    updated = models.PositiveIntegerField(_("modifiés"), default=0)
    unchanged = models.PositiveIntegerField(_("inchangés"), default=0)
    skipped = models.PositiveIntegerField(_("écartées"), default=0)
    as_of = models.DateField(_("données au"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("importé par"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("importé le"))

    personal_data: ClassVar[dict[str, PersonalData]] = {"by": PersonalData.IDENTITY}

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="import_run_accounts_for_rows",
                condition=Q(rows=F("created") + F("updated") + F("unchanged") + F("skipped")),
                violation_error_message=_("Chaque ligne du fichier a un sort, et un seul."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.mapping})"


class ImportUpload(models.Model):
    """A file waiting for its import to be confirmed, kept outside the web root under its token.

    Belongs to the person who sent it and disappears at `expires_at`, or once imported.
    """

    token = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    mapping = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    personal_data: ClassVar[dict[str, PersonalData]] = {"by": PersonalData.IDENTITY}

    class Meta:
        ordering = ("-created_at",)
        indexes = [models.Index(fields=("expires_at",), name="import_upload_expiry")]

    def __str__(self) -> str:
        return self.file_name
