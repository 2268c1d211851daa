"""What people are told about packs: the words of each notice, and to whom it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from config import clock
from config.web import formats
from people.enums import Purpose, Role
from people.models import Absence, Notification, User
from people.selectors.holders import holders_of
from people.services import notify
from people.services.notify import Kind, Wording
from portfolio.models import ReportingCycle
from reporting.enums import CorrectionState
from reporting.models import Correction, Pack, PackRecipient

TO_APPROVE, APPROVED, NOT_APPROVED = "pack_to_approve", "pack_approved", "pack_not_approved"
PUBLISHED, PROPOSED, DECIDED = "pack_published", "correction", "correction_decided"


def register() -> None:
    notify.register_kind(Kind(TO_APPROVE, Purpose.PACK, _word_to_approve))
    notify.register_kind(Kind(APPROVED, Purpose.PACK, _word_approved))
    notify.register_kind(Kind(NOT_APPROVED, Purpose.ALERT, _word_not_approved))
    notify.register_kind(Kind(PUBLISHED, Purpose.PACK, _word_published, mailed=False))
    notify.register_kind(Kind(PROPOSED, Purpose.PACK, _word_proposed))
    notify.register_kind(Kind(DECIDED, Purpose.PACK, _word_decided))


def tell_to_approve(pack: Pack) -> None:
    """A printed edition waits for the director, and for who stands in for him."""
    _tell(_approvers(), TO_APPROVE, f"{TO_APPROVE}:{pack.pk}", pack)


def tell_approved(pack: Pack) -> None:
    _tell(holders_of(Role.PSO), APPROVED, f"{APPROVED}:{pack.pk}", pack)


def tell_not_approved(cycle: ReportingCycle) -> None:
    """The hour of publication has come and nobody has approved: once per week."""
    users = {user.pk: user for user in (*_approvers(), *holders_of(Role.PSO))}
    notify.notify(
        users=users.values(),
        kind=NOT_APPROVED,
        key=_late_key(cycle),
        data={"week": cycle.slug},
        path=reverse("reporting:pack", args=[cycle.slug]),
    )


def was_told_not_approved(cycle: ReportingCycle) -> bool:
    return Notification.objects.filter(key=_late_key(cycle)).exists()


def tell_proposed(correction: Correction) -> None:
    """Somebody reports an error in a frozen week."""
    notify.notify(
        users=[user for user in holders_of(Role.PSO) if user.pk != correction.author_id],
        kind=PROPOSED,
        key=f"{PROPOSED}:{correction.pk}",
        data={"week": correction.cycle.slug, "code": correction.project.code, "by": correction.author.full_name},
        path=reverse("reporting:pack", args=[correction.cycle.slug]),
    )


def tell_published(pack: Pack) -> None:
    """In the inbox of everybody who was sent it; the pack itself is in a mail of its own, which may be refused."""
    served = PackRecipient.objects.filter(pack=pack).values("user")
    _tell(User.objects.filter(pk__in=served).select_related("person"), PUBLISHED, f"{PUBLISHED}:{pack.pk}", pack)


def tell_decided(correction: Correction, by: User) -> None:
    """Who reported an error learns whether it will be printed."""
    notify.notify(
        users=[correction.author] if correction.author_id != by.pk else [],
        kind=DECIDED,
        key=f"{DECIDED}:{correction.pk}:{correction.version}",
        data={"week": correction.cycle.slug, "code": correction.project.code, "state": correction.state},
        path=reverse("portfolio:status", args=[correction.project.code, correction.cycle.slug]),
    )


def _late_key(cycle: ReportingCycle) -> str:
    return f"{NOT_APPROVED}:{cycle.slug}"


def _tell(users: Iterable[User], kind: str, key: str, pack: Pack) -> None:
    slug = pack.cycle.slug
    data = {"week": slug, "edition": pack.edition}
    notify.notify(users=users, kind=kind, key=key, data=data, path=reverse("reporting:pack", args=[slug]))


def _approvers() -> list[User]:
    """Directors, and the deputies of those who are away today."""
    directors = holders_of(Role.DIRECTOR)
    away = Absence.objects.in_force_on(clock.today()).filter(person__user__in=directors)
    deputies = User.objects.filter(is_active=True, person__replacements__in=away).select_related("person").distinct()
    return [*directors, *deputies]


def _edition(data: Mapping[str, Any]) -> str:
    """« semaine 47 », or « semaine 47, version 2 »."""
    week = formats.week_year(str(data["week"]))
    if int(data.get("edition", 1)) == 1:
        return week
    return _("%(week)s, version %(edition)s") % {"week": week, "edition": data["edition"]}


def _word_to_approve(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _("Pack CODIR à approuver : %(pack)s") % {"pack": _edition(data)},
        _("Le pack est imprimé. Relisez-le, puis approuvez-le : il paraîtra à l’heure prévue."),
    )


def _word_approved(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _("Pack CODIR approuvé : %(pack)s") % {"pack": _edition(data)},
        _("Il paraîtra à l’heure prévue et partira alors vers ses destinataires."),
    )


def _word_not_approved(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _("Le pack CODIR n’est pas approuvé : %(pack)s") % {"pack": _edition(data)},
        _("L’heure de publication est passée. Le pack paraîtra dès son approbation."),
    )


def _word_proposed(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _("Erratum signalé pour %(code)s, %(week)s")
        % {"code": data["code"], "week": formats.week_year(str(data["week"]))},
        _("%(by)s signale ce que le pack gelé aurait dû dire. À retenir ou à écarter.") % {"by": data["by"]},
    )


def _word_published(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _("Pack CODIR publié : %(pack)s") % {"pack": _edition(data)},
        _("Il se lit en ligne ; votre exemplaire est dans un courriel à part."),
    )


def _word_decided(data: Mapping[str, Any]) -> Wording:
    about = {"code": data["code"], "week": formats.week_year(str(data["week"]))}
    if data["state"] == CorrectionState.ACCEPTED:
        title = _("Erratum retenu pour %(code)s, %(week)s") % about
        return Wording(title, _("Il paraîtra avec votre nom dans la prochaine version du pack."))
    title = _("Erratum écarté pour %(code)s, %(week)s") % about
    return Wording(title, _("Il ne paraîtra pas. Si vous n’êtes pas d’accord, parlez-en au bureau de projets."))
