"""From printed to distributed: every step, every refusal, and each of them once."""

from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from config import clock
from people.enums import JobState, Role
from people.models import Absence, AuditEntry, Job, Mail, Notification, User
from people.services import jobs
from portfolio.models import ReportingCycle
from reporting.engines import pack_life as table
from reporting.enums import PackState
from reporting.models import Pack, PackRecipient
from reporting.selectors.edition import distribution_key
from reporting.services.pack_life import (
    PackStepError,
    approve,
    is_publication_due,
    publish,
    publish_due,
)
from tests.factories.packs import rendered_pack, reread
from tests.factories.people import user_with
from tests.reporting.services.test_freeze import in_thread, portfolio

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PACKS_ROOT", tmp_path / "packs")


def refusal(act, **arguments) -> str:
    with pytest.raises(PackStepError) as caught:
        act(now=clock.now(), **arguments)
    return caught.value.code


def away(director: User, deputy: User) -> Absence:
    today = clock.today()
    return Absence.objects.create(
        person=director.person, deputy=deputy.person, first_day=today, last_day=today, created_by=director
    )


def test_the_table_leads_from_draft_to_distributed_and_never_back() -> None:
    assert set(table.ORDER) == set(PackState.values)
    assert [step.target for step in table.STEPS] == list(table.ORDER[1:])


def test_director_approves_then_publishes_and_the_week_says_so() -> None:
    director, pso = user_with(Role.DIRECTOR), user_with(Role.PSO)
    pack = rendered_pack(portfolio(1), pso)
    assert pack.built_by == pso
    pack = approve(pack=pack, by=director, now=clock.now())
    assert (pack.state, pack.approved_by, pack.approved_for) == (PackState.APPROVED, director, None)
    pack = publish(pack=pack, by=director, now=clock.now())
    assert pack.state == PackState.PUBLISHED
    assert ReportingCycle.objects.get().published_at == pack.published_at
    verbs = list(AuditEntry.objects.filter(verb__startswith="pack.").order_by("number").values_list("verb", flat=True))
    assert verbs == ["pack.approved", "pack.published"]


def test_who_built_the_pack_does_not_approve_it_even_as_director() -> None:
    both = user_with(Role.PSO, Role.DIRECTOR)
    pack = rendered_pack(portfolio(1), both)
    assert refusal(approve, pack=pack, by=both) == "built_by_you"
    with pytest.raises(IntegrityError), transaction.atomic():
        Pack.objects.update(state="approved", approved_by=both, approved_at=clock.now())
    assert reread(pack).state == PackState.RENDERED


@pytest.mark.parametrize("role", [role for role in Role if role != Role.DIRECTOR])
def test_nobody_but_the_director_approves_or_publishes(role: Role) -> None:
    pack = rendered_pack(portfolio(1))
    assert refusal(approve, pack=pack, by=user_with(role)) == "not_yours"
    approve(pack=pack, by=user_with(Role.DIRECTOR), now=clock.now())
    assert refusal(publish, pack=pack, by=user_with(role)) == "not_yours"


def test_the_deputy_of_an_absent_director_approves_in_his_name() -> None:
    director, deputy = user_with(Role.DIRECTOR), user_with(Role.HEAD_OF_CENTRE)
    pack = rendered_pack(portfolio(1))
    assert refusal(approve, pack=pack, by=User.objects.get(pk=deputy.pk)) == "not_yours"
    away(director, deputy)
    pack = approve(pack=pack, by=User.objects.get(pk=deputy.pk), now=clock.now())
    assert (pack.approved_by, pack.approved_for) == (deputy, director)


def test_a_deputy_approves_neither_his_own_build_nor_the_directors() -> None:
    director, deputy = user_with(Role.DIRECTOR), user_with(Role.PSO)
    away(director, deputy)
    pack = rendered_pack(portfolio(1), deputy)
    assert refusal(approve, pack=pack, by=User.objects.get(pk=deputy.pk)) == "built_by_you"
    Pack.objects.update(built_by=director)
    assert refusal(approve, pack=pack, by=User.objects.get(pk=deputy.pk)) == "built_by_you"
    with pytest.raises(IntegrityError), transaction.atomic():
        Pack.objects.update(state="approved", approved_by=deputy, approved_for=director, approved_at=clock.now())


def test_steps_are_taken_in_order_and_once() -> None:
    director = user_with(Role.DIRECTOR)
    pack = rendered_pack(portfolio(1))
    assert refusal(publish, pack=pack, by=director) == "not_yet"
    approve(pack=pack, by=director, now=clock.now())
    assert refusal(approve, pack=pack, by=director) == "done_already"
    publish(pack=pack, by=director, now=clock.now())
    assert refusal(publish, pack=pack, by=director) == "done_already"
    assert Job.objects.filter(key=distribution_key(pack)).count() == 1


def test_two_publishers_at_once_publish_once_and_each_recipient_gets_one_mail() -> None:
    director = user_with(Role.DIRECTOR)
    members = [user_with(Role.CODIR) for _ in range(3)]
    pack = rendered_pack(portfolio(1))
    approve(pack=pack, by=director, now=clock.now())
    start = Barrier(2)

    def press() -> Pack:
        start.wait()
        return publish(pack=pack, by=director, now=clock.now())

    threads = [in_thread(press), in_thread(press)]
    for thread, _outcome in threads:
        thread.join()
    outcomes = [outcome[0] for _thread, outcome in threads]
    assert sorted(type(one).__name__ for one in outcomes) == ["Pack", "PackStepError"]
    job = Job.objects.get(key=distribution_key(pack))
    assert jobs.run_now(job.pk) == JobState.DONE
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED, finished_at=None)
    assert jobs.run_now(job.pk) == JobState.DONE
    assert {row.user_id for row in PackRecipient.objects.all()} == {director.pk, *(user.pk for user in members)}
    assert Mail.objects.filter(key__startswith=f"pack:{pack.pk}:").count() == 4
    assert AuditEntry.objects.filter(verb="pack.published").count() == 1
    assert AuditEntry.objects.filter(verb="pack.distributed").count() == 1


def test_an_approved_pack_is_published_by_the_calendar_at_its_hour() -> None:
    pack = rendered_pack(portfolio(1))
    at = pack.cycle.publish_at
    approve(pack=pack, by=user_with(Role.DIRECTOR), now=clock.now())
    assert not is_publication_due(at - timedelta(minutes=1))
    assert publish_due(at - timedelta(minutes=1)) == []
    assert is_publication_due(at)
    assert publish_due(at) == [pack]
    assert publish_due(at) == []
    assert not is_publication_due(at)
    assert reread(pack).published_at == at


def test_a_pack_nobody_approved_in_time_alerts_director_and_pso_once() -> None:
    director, pso = user_with(Role.DIRECTOR), user_with(Role.PSO)
    user_with(Role.CODIR)
    pack = rendered_pack(portfolio(1))
    for minutes in (0, 1, 90):
        assert publish_due(pack.cycle.publish_at + timedelta(minutes=minutes)) == []
    told = Notification.objects.filter(kind="pack_not_approved")
    assert sorted(told.values_list("user", flat=True)) == sorted([director.pk, pso.pk])
    assert not is_publication_due(pack.cycle.publish_at + timedelta(minutes=91))
    approve(pack=pack, by=director, now=clock.now())
    assert publish_due(pack.cycle.publish_at + timedelta(hours=2)) == [pack]


def test_the_pso_is_told_of_an_approval() -> None:
    pso = user_with(Role.PSO)
    approve(pack=rendered_pack(portfolio(1)), by=user_with(Role.DIRECTOR), now=clock.now())
    assert list(Notification.objects.filter(kind="pack_approved").values_list("user", flat=True)) == [pso.pk]
