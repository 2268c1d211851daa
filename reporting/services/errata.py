"""What a frozen week should have said: proposed, retained or set aside, then printed as a new version of its pack.

Nothing here touches an edition that exists: an erratum is a second snapshot with the same facts and the corrections.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from config import clock
from config.web.versioned import StaleVersionError
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.services import audit
from portfolio.enums import RagChoice
from portfolio.models import Project, ReportingCycle, StatusReport
from portfolio.models.status_report import DIMENSIONS
from reporting.engines import pack_life
from reporting.engines.canonical import data_hash, plain
from reporting.engines.edition import SCHEMA_VERSION, CorrectionFacts
from reporting.enums import CorrectionKind, CorrectionState, PackKind, PackState
from reporting.models import Correction, Pack, Snapshot
from reporting.models.correction import CORRECTION_MAX
from reporting.services import pack_notices
from reporting.services.pack import edition_of

JUDGED = ("overall", *DIMENSIONS)


class CannotCorrectError(Exception):
    """The act is refused; the message says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def takes_late_status(project: Project, cycle: ReportingCycle) -> bool:
    """A status was owed for that week and none was given: a late one may be reported, colours included."""
    return project.owes_status and not StatusReport.objects.filter(project=project, cycle=cycle).exists()


@transaction.atomic
def propose_correction(
    *, project: Project, cycle: ReportingCycle, by: User, text: str, declared: Mapping[str, str] | None = None
) -> Correction:
    """Report what the frozen pack should have said; with colours, a status that came too late.

    Raises CannotCorrectError before the freeze and for a project that is not the author's, ValidationError for an
    empty or long text, for colours that are no colours, and for a late status where one was given in time.
    """
    if not has_permission(by, Permission.CORRECTION_PROPOSE, project):
        raise CannotCorrectError("not_yours", _("Vos rôles ne permettent pas de signaler un erratum de ce projet."))
    if cycle.frozen_at is None:
        raise CannotCorrectError("not_frozen", _("La semaine n’est pas gelée : corrigez le statut lui-même."))
    colours = _colours(project, cycle, declared or {})
    correction = Correction.objects.create(
        cycle=cycle,
        project=project,
        author=by,
        kind=CorrectionKind.LATE_STATUS if colours else CorrectionKind.CORRECTION,
        text=_text(text),
        declared=colours,
    )
    data = {"week": cycle.slug, "kind": str(correction.kind), "text": correction.text, "declared": colours}
    audit.record(by=by, verb="correction.proposed", target=project, data=data)
    pack_notices.tell_proposed(correction)
    return correction


@transaction.atomic
def decide_correction(*, correction: Correction, accept: bool, by: User, version: int) -> Correction:
    """Retain the correction for the next erratum, or set it aside; a retained one may still be set aside.

    Raises StaleVersionError when somebody decided meanwhile, CannotCorrectError once it is printed.
    """
    state = CorrectionState.ACCEPTED if accept else CorrectionState.REFUSED
    open_ = Correction.objects.filter(pk=correction.pk, version=version).exclude(state=CorrectionState.PRINTED)
    decided = open_.update(state=state, decided_by=by, version=F("version") + 1, updated_at=clock.now())
    correction.refresh_from_db()
    if not decided:
        if correction.state == CorrectionState.PRINTED:
            raise CannotCorrectError("printed", _("Cette correction est déjà publiée dans un erratum."))
        raise StaleVersionError
    verb = "correction.accepted" if accept else "correction.refused"
    audit.record(by=by, verb=verb, target=correction.project, data={"correction": correction.pk})
    pack_notices.tell_decided(correction, by)
    return correction


def prepare_erratum(*, cycle: ReportingCycle, by: User, now: datetime) -> Pack:
    """The next edition of the week's pack: the same facts, and every correction retained so far.

    Raises CannotCorrectError where no published edition or no retained correction exists. Of two calls at once, one
    makes the edition and both answer it.
    """
    try:
        with transaction.atomic():
            return _prepare(cycle, by, now)
    except IntegrityError:
        newest = _newest(cycle)
        if newest is None:
            raise
        return newest


def _prepare(cycle: ReportingCycle, by: User, now: datetime) -> Pack:
    before = _newest(cycle)
    if before is None or before.snapshot is None or before.state not in pack_life.READABLE:
        message = _("La version actuelle du pack n’est pas publiée : un erratum se prépare après la publication.")
        raise CannotCorrectError("not_published", message)
    retained = list(
        Correction.objects.select_for_update(of=("self",))
        .filter(cycle=cycle, state=CorrectionState.ACCEPTED)
        .select_related("project", "author__person")
        .order_by("pk")
    )
    if not retained:
        raise CannotCorrectError("nothing_retained", _("Aucune correction n’est retenue."))
    edition = before.edition + 1
    snapshot = _snapshot(before.snapshot, retained, edition, by, now)
    pack = Pack.objects.create(
        kind=PackKind.CODIR,
        cycle=cycle,
        edition=edition,
        state=PackState.FROZEN,
        snapshot=snapshot,
        built_by=by,
        director_message=before.director_message,
        decision_order=before.decision_order,
        hidden_pages=before.hidden_pages,
    )
    Correction.objects.filter(pk__in=[row.pk for row in retained]).update(
        state=CorrectionState.PRINTED, pack=pack, version=F("version") + 1, updated_at=now
    )
    data = {"edition": edition, "corrections": len(retained), "data_hash": snapshot.data_hash}
    audit.record(by=by, verb="pack.erratum_prepared", target=pack, data=data)
    return pack


def _newest(cycle: ReportingCycle) -> Pack | None:
    packs = Pack.objects.filter(kind=PackKind.CODIR, cycle=cycle).select_related("snapshot", "cycle")
    return packs.order_by("-edition").first()


def _snapshot(before: Snapshot, retained: list[Correction], edition: int, by: User, now: datetime) -> Snapshot:
    facts = edition_of(before)
    added = tuple(_facts(row, edition) for row in retained)
    data = plain(replace(facts, corrections=(*facts.corrections, *added)))
    return Snapshot.objects.create(
        cycle=before.cycle,
        edition=edition,
        schema_version=SCHEMA_VERSION,
        as_of=before.as_of,
        frozen_at=now,
        frozen_by_label=by.full_name[:160],
        data=data,
        data_hash=data_hash(data),
        audit_number=before.audit_number,
        audit_hash=before.audit_hash,
    )


def _facts(row: Correction, edition: int) -> CorrectionFacts:
    return CorrectionFacts(
        project=row.project.code,
        kind=str(row.kind),
        text=row.text,
        author=row.author.full_name,
        proposed_at=row.created_at,
        edition=edition,
        declared=dict(row.declared),
    )


def _text(text: str) -> str:
    clean = " ".join(text.replace("\x00", "").split())
    if not clean:
        raise ValidationError({"text": _("Écrivez ce que le pack aurait dû dire.")})
    if len(clean) > CORRECTION_MAX:
        message = _("%(limit)d signes au plus.") % {"limit": CORRECTION_MAX}
        raise ValidationError({"text": message})
    return clean


def _colours(project: Project, cycle: ReportingCycle, declared: Mapping[str, str]) -> dict[str, str]:
    if not declared:
        return {}
    if not takes_late_status(project, cycle):
        raise ValidationError(_("Un statut a été remis à temps pour cette semaine : signalez la correction en texte."))
    missing = [name for name in JUDGED if declared.get(name) not in RagChoice.values]
    if missing:
        raise ValidationError(dict.fromkeys(missing, _("Choisissez une couleur.")))
    return {name: str(declared[name]) for name in JUDGED}
