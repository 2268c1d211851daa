"""The dated rules of a body: how it votes, when it meets, and the sessions that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from governance.engines.recurrence import Frequency, Recurrence, Shift, occurrences
from governance.models import Body, BodyRules, MeetingRule, Sitting
from people.models import User
from people.services import audit
from portfolio.selectors.closing_day import closed_days

HORIZON = timedelta(days=400)


@transaction.atomic
def set_rules(*, body: Body, by: User, values: Mapping[str, Any], today: date) -> BodyRules:
    """New rules from a day on; what has been voted under older ones stays as it was, so never in the past."""
    rules = BodyRules(body=body, **values)
    if rules.valid_from < today:
        raise ValidationError({"valid_from": _("De nouvelles règles valent à partir d’aujourd’hui au plus tôt.")})
    rules.full_clean()
    rules.save(force_insert=True)
    audit.record(by=by, verb="body.rules_set", target=body, data={"from": rules.valid_from})
    return rules


@transaction.atomic
def set_meeting_rule(*, body: Body, by: User, values: Mapping[str, Any], today: date) -> MeetingRule:
    """A new rhythm: the one before ends the day before, and the coming sessions are planned anew."""
    Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
    rule = MeetingRule(body=body, **values)
    if rule.valid_from < today:
        raise ValidationError({"valid_from": _("Un nouveau rythme vaut à partir d’aujourd’hui au plus tôt.")})
    before = MeetingRule.objects.filter(body=body)
    before.filter(valid_from__gte=rule.valid_from).delete()
    before.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=rule.valid_from)).update(
        valid_to=rule.valid_from - timedelta(days=1)
    )
    rule.full_clean()
    rule.save(force_insert=True)
    planned = plan_sittings(body=body, rule=rule, first=max(today + timedelta(days=1), rule.valid_from))
    audit.record(by=by, verb="body.rhythm_set", target=body, data={"from": rule.valid_from, "sittings": planned})
    return rule


def plan_sittings(*, body: Body, rule: MeetingRule, first: date) -> int:
    """Write the sessions of a year that the rule asks for; those there already stay. Answers how many are new."""
    last = first + HORIZON if rule.valid_to is None else min(rule.valid_to, first + HORIZON)
    closed = closed_days(first - timedelta(days=21), last + timedelta(days=21))
    wanted = [
        Sitting(body=body, starts_at=item.starts_at, place=rule.place)
        for item in occurrences(recurrence(rule), first, last, closed)
    ]
    before = Sitting.objects.filter(body=body).count()
    Sitting.objects.bulk_create(wanted, ignore_conflicts=True)
    return Sitting.objects.filter(body=body).count() - before


def recurrence(rule: MeetingRule) -> Recurrence:
    return Recurrence(
        frequency=Frequency(rule.rhythm),
        weekday=rule.weekday,
        at=rule.at,
        since=rule.valid_from,
        until=rule.valid_to,
        every=rule.every,
        nth=rule.month_week,
        shift=Shift(rule.closed_day),
    )
