"""The agenda of a session: items from the backlog, their order, the papers frozen with them, who is recused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from governance.engines.agenda import DEFAULT_MINUTES, AgendaEntry, proposed_order
from governance.engines.agenda import ItemKind as Kind
from governance.enums import OPEN_REQUESTS, ItemKind, RecusalGround, RequestState, SittingState
from governance.models import AgendaItem, DecisionRequest, FollowUp, Paper, Recusal, Sitting
from governance.selectors.conflict import conflicts_on
from governance.selectors.voters import day_of, seats_of
from governance.services.decision_request import move_request
from people.engines.audit_chain import canonical_json
from people.models import User
from people.services import audit
from portfolio.models import Standing

AHEAD = timedelta(days=14)


@transaction.atomic
def add_item(
    *,
    sitting: Sitting,
    by: User,
    kind: str,
    title: str = "",
    minutes: int | None = None,
    request: DecisionRequest | None = None,
) -> AgendaItem:
    """One more item at the end of a session in preparation; a request comes with its own question."""
    _only_in_preparation(sitting)
    if request is not None:
        if request.body_id != sitting.body_id:
            raise ValidationError({"request": _("Cette demande est adressée à une autre instance.")})
        move_request(request=request, act="table", by=by)
    last = sitting.items.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem(
        sitting=sitting,
        position=last + 1,
        kind=kind,
        title=title or (request.question if request else ""),
        minutes=minutes or DEFAULT_MINUTES[Kind(kind)],
        request=request,
    )
    item.full_clean()
    item.save(force_insert=True)
    audit.record(by=by, verb="agenda.item_added", target=sitting, data=_named(item))
    return item


@transaction.atomic
def fill_agenda(*, sitting: Sitting, by: User) -> int:
    """Take up what waits for the body: unmet follow-up, then the requests due by two weeks after, in order."""
    _only_in_preparation(sitting)
    day = day_of(sitting)
    added = 0
    overdue = FollowUp.objects.filter(decision__body=sitting.body_id, state__in=("open", "submitted"), due__lte=day)
    titles = set(sitting.items.values_list("title", flat=True))
    for row in overdue.select_related("decision"):
        title = f"{row.decision.number} – {row.text}"[:220]
        if title not in titles:
            add_item(sitting=sitting, by=by, kind=ItemKind.FOLLOW_UP, title=title)
            added += 1
    waiting = DecisionRequest.objects.filter(
        body=sitting.body_id, state__in=(RequestState.OPEN, RequestState.DEFERRED), needed_on__lte=day + AHEAD
    )
    for request in waiting:
        add_item(sitting=sitting, by=by, kind=ItemKind.DECISION, request=request)
        added += 1
    _put_in_order(sitting)
    return added


def _put_in_order(sitting: Sitting) -> None:
    items = {item.pk: item for item in sitting.items.select_related("request")}
    entries = [
        AgendaEntry(
            key=item.pk,
            kind=Kind(item.kind),
            minutes=item.minutes,
            needed_on=item.request.needed_on if item.request else None,
            amount=item.request.amount if item.request else None,
        )
        for item in items.values()
    ]
    _renumber([items[key] for key in proposed_order(entries)])


@transaction.atomic
def move_item(*, item: AgendaItem, by: User, step: int) -> None:
    """One place up (-1) or down (1); at the end nothing happens."""
    _only_in_preparation(item.sitting)
    items = list(item.sitting.items.select_for_update(of=("self",)))
    at = next(index for index, row in enumerate(items) if row.pk == item.pk)
    to = min(max(at + step, 0), len(items) - 1)
    if to != at:
        items.insert(to, items.pop(at))
        _renumber(items)
        audit.record(by=by, verb="agenda.item_moved", target=item.sitting, data={**_named(item), "to": to + 1})


@transaction.atomic
def remove_item(*, item: AgendaItem, by: User) -> None:
    """Take an item off; its request waits again."""
    sitting = item.sitting
    _only_in_preparation(sitting)
    if item.papers.exists():
        raise ValidationError(_("Les pièces de ce point ont été distribuées : reportez-le en séance."))
    if item.outcomes.exists():
        raise ValidationError(_("Quelque chose est déjà acté sur ce point : il reste à l’ordre du jour."))
    if item.request is not None and item.request.state == RequestState.ON_AGENDA:
        move_request(request=item.request, act="untable", by=by)
    audit.record(by=by, verb="agenda.item_removed", target=sitting, data=_named(item))
    item.delete()
    _renumber(list(sitting.items.all()))


def _renumber(items: Sequence[AgendaItem]) -> None:
    for position, item in enumerate(items, start=1):
        item.position = position
    AgendaItem.objects.bulk_update(items, ["position"])


def freeze_paper(*, item: AgendaItem, now: datetime) -> Paper:
    """The papers as they are now: the version that says the same, else the next one."""
    data = paper_content(item)
    digest = paper_hash(data)
    last = item.papers.order_by("-number").first()
    if last is not None and last.data_hash == digest:
        return last
    number = 1 if last is None else last.number + 1
    return Paper.objects.create(item=item, number=number, data=data, data_hash=digest, frozen_at=now)


def paper_content(item: AgendaItem) -> dict[str, Any]:
    """What the members read before they decide: the request, and where its project stands."""
    request = item.request
    content: dict[str, Any] = {"title": item.title, "kind": item.kind}
    if request is not None:
        standing = (
            Standing.objects.filter(project=request.project_id)
            .values("declared_overall", "computed_overall", "bac", "eac", "baseline_end", "forecast_end", "message")
            .first()
        )
        content |= {
            "request": request.number,
            "project": request.project.code,
            "question": request.question,
            "subject": request.kind,
            "level": request.level,
            "amount": request.amount,
            "options": request.options,
            "recommendation": request.recommendation,
            "cost_of_waiting": request.cost_of_waiting,
            "needed_on": request.needed_on,
            "standing": standing or {},
        }
    plain: dict[str, Any] = json.loads(json.dumps(content, cls=DjangoJSONEncoder))
    return plain


def paper_hash(data: dict[str, Any]) -> str:
    """Of what was asked; where the project stands may move without making the papers another version."""
    asked = {key: value for key, value in data.items() if key != "standing"}
    return hashlib.sha256(canonical_json(asked).encode()).hexdigest()


def recuse_the_conflicted(*, item: AgendaItem, now: datetime) -> None:
    """Recuse whoever the registers show to be conflicted; what is there already stays."""
    members = [seat.person_id for seat in seats_of(item.sitting)]
    proxies = item.sitting.attendances.filter(proxy_to__isnull=False).values_list("person", "proxy_to")
    delegates = {giver: holder for giver, holder in proxies if holder is not None}
    found = conflicts_on(item, members, day_of(item.sitting), delegates)
    Recusal.objects.bulk_create(
        (
            Recusal(item=item, person_id=person, ground=RecusalGround(ground), computed=True, at=now)
            for person, ground in found.items()
        ),
        ignore_conflicts=True,
    )


def _only_in_preparation(sitting: Sitting) -> None:
    if sitting.state != SittingState.DRAFT:
        raise ValidationError(_("L’ordre du jour se compose avant la convocation."))


def _named(item: AgendaItem) -> dict[str, object]:
    return {"item": item.title, "request": item.request.number if item.request else ""}


def waiting_for(sitting: Sitting) -> list[DecisionRequest]:
    """The requests addressed to the body that are on no agenda yet."""
    rows = DecisionRequest.objects.filter(body=sitting.body_id, state__in=OPEN_REQUESTS)
    return list(rows.exclude(state=RequestState.ON_AGENDA).select_related("project"))
