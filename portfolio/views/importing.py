from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config import clock
from config.web.htmx import see_other
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.engines.source_fields import Field
from portfolio.forms.importing import FIELD_LABELS, OTHER, AsOfForm, ConfirmForm, ReadingForm, RolesForm, UploadForm
from portfolio.models.import_run import ImportUpload
from portfolio.selectors.import_run import get_import_run, import_runs, latest_edition, pending_upload
from portfolio.services.importers.mapping_file import mapping_as_json, mapping_from_bytes, mapping_from_json
from portfolio.services.importers.portfolio_list import import_portfolio
from portfolio.services.importers.presets import PRESETS
from portfolio.services.importers.preview import Look, Preview, headings, look_at, preview_json
from portfolio.services.importers.reconciliation import reconcile
from portfolio.services.importers.refusals import ImportRefusedError
from portfolio.services.importers.uploads import choose_mapping, discard_upload, keep_upload, read_upload
from portfolio.views.import_display import option_facts, report_facts, shown_fate, total_facts

RUNS_SHOWN = 20
TOO_LARGE, REFUSED, GONE, CONFLICT = 413, 422, 410, 409


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PORTFOLIO_IMPORT)
def start(request: AuthenticatedRequest) -> HttpResponse:
    """Step 1: a file and its format; below, what was imported before."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*posted, presets=[(mapping.name, mapping.label) for mapping in PRESETS.values()])
    if form.is_bound and form.is_valid() and (mapping := _stated_mapping(form)) is not None:
        try:
            look_at(form.cleaned_data["file"])
        except ImportRefusedError as error:
            form.add_error("file", error.message)
        else:
            upload = keep_upload(
                by=request.user,
                file_name=form.cleaned_data["file_name"],
                data=form.cleaned_data["file"],
                mapping=mapping,
                now=clock.now(),
            )
            return see_other(reverse("portfolio:import_preview", args=[upload.token]))
    context = {"form": form, "runs": import_runs(request.user)[:RUNS_SHOWN]}
    return render(request, "portfolio/import/start.html", context, status=_form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PORTFOLIO_IMPORT)
def preview(request: AuthenticatedRequest, token: UUID) -> HttpResponse:
    """Step 2: what the file holds under its format; a format not described yet is described here."""
    upload = pending_upload(request.user, token, now=clock.now())
    if upload is None:
        return _expired(request)
    try:
        data = read_upload(upload)
        if not upload.mapping or "describe" in request.GET:
            return _describe(request, upload, data)
        found = preview_json(data, upload.mapping)
    except ImportRefusedError as error:
        return _refused(request, upload, error)
    return render(request, "portfolio/import/preview.html", _preview_context(upload, found, clock.today()))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PORTFOLIO_IMPORT)
def reconciliation(request: AuthenticatedRequest, token: UUID) -> HttpResponse:
    """Step 3: what would change; posting its fingerprint imports exactly that."""
    now = clock.now()
    upload = pending_upload(request.user, token, now=now)
    if upload is None:
        return _expired(request)
    form = (ConfirmForm if request.method == "POST" else AsOfForm)(request.POST or request.GET)
    if not form.is_valid():
        return see_other(reverse("portfolio:import_preview", args=[upload.token]))
    try:
        if request.method == "POST":
            return _import(request, upload, form.cleaned_data, now)
        return _reconcile(request, upload, form.cleaned_data["as_of"])
    except ImportRefusedError as error:
        return _refused(request, upload, error)


@require_safe
@requires(Permission.PORTFOLIO_IMPORT)
def run(request: AuthenticatedRequest, number: int) -> HttpResponse:
    """The report of a past import."""
    found = get_import_run(request.user, number)
    return render(
        request,
        "portfolio/import/run.html",
        {"run": found, "report": found.report, "facts": report_facts(found.report)},
    )


def _stated_mapping(form: UploadForm) -> dict[str, Any] | None:
    """The format chosen, empty when it is still to be described; None once the form carries the error."""
    chosen, description = form.cleaned_data["format"], form.cleaned_data["description"]
    if chosen != OTHER:
        return {"extends": chosen}
    if description is None:
        return {}
    try:
        mapping = mapping_from_bytes(description)
    except ImportRefusedError as error:
        form.add_error("description", error.message)
        return None
    return mapping_as_json(mapping, mapping.variants[0])


def _form_status(form: UploadForm) -> int:
    if not form.errors:
        return 200
    return TOO_LARGE if form.is_too_big else REFUSED


def _describe(request: AuthenticatedRequest, upload: ImportUpload, data: bytes) -> HttpResponse:
    look = look_at(data)
    initial, known_roles = _described(upload)
    posted = request.POST if request.method == "POST" else None
    form = ReadingForm(posted, kind=look.kind, sheets=look.sheets, initial=initial)
    roles: RolesForm | None = None
    if form.is_bound and form.is_valid():
        roles = _roles(form, data, request.POST, known_roles)
        if roles is not None and roles.is_bound and roles.is_valid():
            raw = form.as_mapping(roles.roles())
            mapping_from_json(raw)
            choose_mapping(upload, raw)
            return see_other(reverse("portfolio:import_preview", args=[upload.token]))
    context = {"upload": upload, "look": look, "form": form, "roles": roles, "seen": _seen(look)}
    bad = bool(form.errors or (roles is not None and roles.errors))
    return render(request, "portfolio/import/describe.html", context, status=REFUSED if bad else 200)


def _roles(form: ReadingForm, data: bytes, posted: Any, known: dict[str, str]) -> RolesForm | None:
    """One choice per column of the header these options show; None when they show none."""
    cleaned = form.cleaned_data
    try:
        columns = headings(
            data,
            text=form.text_options(),
            sheet=cleaned.get("sheet", ""),
            header_line=cleaned["header_line"],
            header=form.header_options(),
        )
    except ImportRefusedError as error:
        form.add_error(None, error.message)
        return None
    shown = RolesForm(None, columns=columns, initial=known)
    return RolesForm(posted, columns=columns, initial=known) if posted.get("columns") == shown.signature else shown


def _described(upload: ImportUpload) -> tuple[dict[str, Any], dict[str, str]]:
    """What was described before, when somebody comes back to correct it."""
    raw = upload.mapping
    columns = raw.get("columns", [])
    initial = {name: raw[name] for name in ("source", "encoding", "delimiter", "sheet", "header_line") if name in raw}
    for column in columns:
        initial |= {name: column[name] for name in ("date_format", "decimal", "group", "unit") if name in column}
    return initial, {column["header"]: column["field"] for column in columns}


def _seen(look: Look) -> list[tuple[str, str]]:
    """The evidence a person chooses by; nothing is chosen from it for him."""
    if look.evidence is None:
        return []
    shown, none = look.evidence, _("aucun")
    marks = {",": _("virgule"), ";": _("point-virgule"), "\t": _("tabulation"), "|": _("barre")}
    return [
        (_("Première ligne"), shown.first_line),
        (_("Marque d’ordre des octets"), shown.bom or none),
        (_("Se lit sans erreur en"), ", ".join(shown.decodes_as) or none),
        (_("Octets hors ASCII"), str(shown.non_ascii_bytes)),
        (
            _("Signes sur la première ligne"),
            ", ".join(f"{marks[mark]} × {count}" for mark, count in shown.delimiters.items() if count) or none,
        ),
        (
            _("Fins de ligne"),
            ", ".join(f"{name.upper()} × {count}" for name, count in shown.line_endings.items() if count) or none,
        ),
    ]


def _preview_context(upload: ImportUpload, found: Preview, today: date) -> dict[str, Any]:
    reading = found.reading
    return {
        "upload": upload,
        "reading": reading,
        "preview": found,
        "verdicts": [
            (item, FIELD_LABELS[Field(item.feeds)] if item.feeds else "") for item in found.extraction.verdicts
        ],
        "facts": option_facts(reading),
        "totals": total_facts(found),
        "is_described_here": _is_described_here(upload),
        "as_of_form": AsOfForm(initial={"as_of": reading.variant.edition or today}),
    }


def _is_described_here(upload: ImportUpload) -> bool:
    return bool(upload.mapping) and "extends" not in upload.mapping


def _reconcile(request: AuthenticatedRequest, upload: ImportUpload, as_of: date) -> HttpResponse:
    found = preview_json(read_upload(upload), upload.mapping)
    outcome = reconcile(found.reading, found.extraction)
    latest = latest_edition(request.user, found.reading.mapping.source)
    context = {
        "newer": latest if latest and latest > as_of else None,
        "upload": upload,
        "preview": found,
        "outcome": outcome,
        "created": outcome.of_kind("created"),
        "updated": [shown_fate(fate) for fate in outcome.of_kind("updated")],
        "unchanged": outcome.of_kind("unchanged"),
        "as_of": as_of,
        "form": ConfirmForm(initial={"as_of": as_of, "expected": outcome.fingerprint}),
    }
    return render(request, "portfolio/import/reconciliation.html", context)


def _import(request: AuthenticatedRequest, upload: ImportUpload, agreed: dict[str, Any], now: datetime) -> HttpResponse:
    report = import_portfolio(
        data=read_upload(upload),
        file_name=upload.file_name,
        mapping=mapping_from_json(upload.mapping),
        by=request.user,
        now=now,
        as_of=agreed["as_of"],
        expected=agreed["expected"],
    )
    discard_upload(upload)
    if report.run_id is None:
        messages.info(request, _("Rien à importer : chaque ligne du fichier est déjà dans le portefeuille."))
        return see_other(reverse("portfolio:import"))
    messages.success(request, _("Import terminé."))
    return see_other(reverse("portfolio:import_run", args=[report.run_id]))


def _refused(request: AuthenticatedRequest, upload: ImportUpload, error: ImportRefusedError) -> HttpResponse:
    if error.code == "upload_expired":
        return _expired(request)
    context = {
        "upload": upload,
        "error": error,
        "is_described_here": _is_described_here(upload),
    }
    status = CONFLICT if error.code == "changed_meanwhile" else REFUSED
    return render(request, "portfolio/import/refused.html", context, status=status)


def _expired(request: AuthenticatedRequest) -> HttpResponse:
    return render(request, "portfolio/import/expired.html", status=GONE)
