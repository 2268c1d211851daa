"""A portfolio whose every text is hostile: the corpus, as far as the columns can hold it, in every field there is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pgtrigger
from django.db import IntegrityError, models, transaction

from config.web.limits import HIDDEN
from governance.models import Change, DecisionRequest
from governance.models.change import IMPACT_WORDS
from portfolio.enums import TargetChoice
from reporting.models import Pack
from tests.factories.guards import guards_off
from tests.hostile.corpus import TEXTS
from tests.hostile.discovery import model_fields

OWN_SIGNS = {"number", "code", "key", "hash", "digest", "slug", "path", "verb", "channel", "kind", "language"}
TECHNICAL = (
    "people.AuditEntry",
    "people.Job",
    "people.Mail",
    "people.Notification",
    "people.ScheduleMark",
    "people.IdempotencyKey",
    "people.OperationMark",
    "reporting.FragmentProof",
    "reporting.PackRendition",
    "reporting.Snapshot",
    "reporting.PackRecipient",
    "portfolio.ImportRun",
    "portfolio.ImportUpload",
    "portfolio.FrozenStanding",
    "portfolio.Standing",
)
STORABLE = [text for text in TEXTS.values() if not HIDDEN.search(text.replace("\x0b", ""))]
"""What a database can hold, the rules of the forms apart: a vertical tab may have come in by another door."""


def spoil() -> int:
    """Write a hostile text into every text a person may fill, row by row, in turn; how many were written."""
    texts, written = cycle(STORABLE), 0
    for field in _typed_fields():
        model: Any = field.model
        if field.model is Pack:
            continue
        for key in model._default_manager.values_list("pk", flat=True):
            text = next(texts)[: field.max_length or 20_000]
            written += _write(model, key, field, text)
    return written + _spoil_options(texts) + _spoil_impacts(texts)


def _typed_fields() -> Iterator[models.Field]:
    for where, field in model_fields().items():
        model = where.rpartition(".")[0]
        is_sign = (
            field.unique or field.name in OWN_SIGNS or field.name.endswith(("_hash", "_code", "_language", "_label"))
        )
        if not is_sign and model not in TECHNICAL and type(field) in (models.CharField, models.TextField):
            yield field


def _write(model: Any, key: object, field: models.Field, text: str) -> int:
    """One value, unless a rule of the table itself forbids it."""
    try:
        with (
            pgtrigger.ignore(
                "governance.Decision:decision_never_edited",
                "governance.ArbitrationStep:step_never_rewritten",
                "governance.Confidence:confidence_kept",
                "portfolio.ProductAcceptance:acceptance_never_edited",
            ),
            transaction.atomic(),
            guards_off(model._meta.db_table),
        ):
            return model._default_manager.filter(pk=key).update(**{field.name: text})
    except IntegrityError:
        return 0


def _spoil_options(texts: Iterator[str]) -> int:
    rows = list(DecisionRequest.objects.all())
    for row in rows:
        row.options = [
            {"label": next(texts)[:200], "consequence": next(texts)[:200], "recommended": number == 0}
            for number in range(3)
        ]
    return 6 * DecisionRequest.objects.bulk_update(rows, ["options"])


def _spoil_impacts(texts: Iterator[str]) -> int:
    rows = list(Change.objects.all())
    for row in rows:
        row.impacts = {
            target: {"amount": "12", "words": next(texts)[:IMPACT_WORDS].replace("\n", " ")}
            for target in TargetChoice.values
        }
    return len(TargetChoice.values) * Change.objects.bulk_update(rows, ["impacts"])
