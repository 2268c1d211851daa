"""The options of an arbitration and what each does to each project, while no body has been asked yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from config.web.versioned import StaleVersionError
from governance.models import Arbitration, ArbitrationOption, OptionImpact
from governance.models.arbitration import IMPACT_FIELDS, OPTION_FIELDS
from people.models import User
from people.services import audit

_OPEN = ("analysis", "options")
Impacts = Mapping[int, Mapping[str, Any]]


@transaction.atomic
def write_option(
    *,
    row: Arbitration,
    by: User,
    version: int,
    values: Mapping[str, Any],
    impacts: Impacts,
    option: ArbitrationOption | None = None,
) -> ArbitrationOption:
    """Pose an option or change it, with its effects by project; a recommended one takes the mark from the others."""
    _lock(row, version)
    known = set(row.concerned.values_list("project", flat=True))
    if not known.issuperset(impacts):
        raise ValidationError(_("Cet arbitrage ne concerne pas ce projet."))
    if option is None:
        last = row.options.aggregate(last=Max("position"))["last"] or 0
        option = ArbitrationOption(arbitration=row, position=last + 1)
    if values.get("recommended"):
        row.options.exclude(pk=option.pk).filter(recommended=True).update(recommended=False)
    for name in OPTION_FIELDS:
        if name in values:
            setattr(option, name, values[name])
    option.full_clean()
    option.save()
    written = {impact.project_id: impact for impact in option.impacts.all()}
    for project, given in impacts.items():
        impact = written.get(project) or OptionImpact(option=option, project_id=project)
        for name in IMPACT_FIELDS:
            if name in given:
                setattr(impact, name, given[name])
        impact.full_clean()
        impact.save()
    audit.record(
        by=by,
        verb="arbitration.option_set",
        target=row,
        data={"project": row.project.code, "option": option.label},
    )
    return option


@transaction.atomic
def remove_option(*, row: Arbitration, by: User, version: int, option: ArbitrationOption) -> None:
    """Take an option back; doing nothing stays."""
    _lock(row, version)
    if option.do_nothing:
        raise ValidationError(_("« Ne rien faire » reste toujours une option."))
    audit.record(
        by=by,
        verb="arbitration.option_removed",
        target=row,
        data={"project": row.project.code, "option": option.label},
    )
    option.delete()


def pose_doing_nothing(row: Arbitration) -> None:
    """Every arbitration is measured against doing nothing."""
    if not row.options.filter(do_nothing=True).exists():
        last = row.options.aggregate(last=Max("position"))["last"] or 0
        ArbitrationOption.objects.create(arbitration=row, position=last + 1, label=_("Ne rien faire"), do_nothing=True)


def _lock(row: Arbitration, version: int) -> None:
    """The one write at a time on the options; refused when the arbitration has moved on since `version`."""
    held = Arbitration.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if held.version != version:
        raise StaleVersionError
    if held.state not in _OPEN:
        raise ValidationError(_("L’instance en est saisie : les faits et les options ne changent plus."))
    held.version += 1
    held.save(update_fields=["version", "updated_at"])
    row.version = held.version
