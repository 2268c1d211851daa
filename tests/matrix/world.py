"""The small world the permission matrix is tried on: one account per role, each kind of row own, foreign and hidden."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from config import clock
from governance.models import Arbitration, ArbitrationOption
from governance.services.arbitration import request_arbitration
from people.enums import MailState, Purpose, Role, RoleAction, TokenScope
from people.models import Mail, Notification, User
from people.services import audit, jobs
from people.services.account import propose_role_change
from people.services.api_token import create_token
from people.services.mail import queue_mail
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.enums import Confidentiality, FeedScope
from portfolio.models import CrossLink, ImportRun, Project, ReportingCycle, RiskDelay
from portfolio.services.calendar_feed import create_feed
from portfolio.services.importers.uploads import keep_upload
from portfolio.services.standing import refresh_standing
from reporting.models import Correction, PackRecipient
from reporting.services.distribution import distribute
from reporting.services.freeze import draft_pack
from reporting.services.pack_life import approve, publish
from tests.factories.changes import (
    ChangeActionFactory,
    ChangeDelegationFactory,
    ChangeFactory,
)
from tests.factories.gates import (
    ConfidenceActionFactory,
    GateCriterionFactory,
    GateReviewFactory,
    LessonFactory,
)
from tests.factories.governance import (
    AgendaItemFactory,
    BodyFactory,
    DecisionRequestFactory,
    EffectFactory,
    ExceptionFactory,
    FollowUpFactory,
    InterestFactory,
    MandateFactory,
    OutcomeFactory,
    RaciActivityFactory,
    SeatFactory,
    SittingFactory,
)
from tests.factories.packs import rendered_pack, reread
from tests.factories.people import UserFactory, user_with
from tests.factories.portfolio import (
    ActivityFactory,
    BudgetLineFactory,
    JiraGroupFactory,
    JiraIssueFactory,
    MilestoneFactory,
    ProgrammeFactory,
    ProjectFactory,
    ReportingCycleFactory,
    RiskFactory,
    StageFactory,
    StatusDraftFactory,
    StatusReportFactory,
    StrategicAxisFactory,
    ToleranceFactory,
    WorkPackageFactory,
)
from tests.factories.products import (
    ProductAcceptanceFactory,
    ProductCriterionFactory,
    ProductFactory,
    ProductReviewFactory,
    ReviewActionFactory,
)

NUMBERS = {"own": 11, "foreign": 22, "hidden": 33}
CANARIES = (
    "name",
    "purpose",
    "milestone",
    "stage",
    "package",
    "product",
    "activity",
    "group",
    "risk",
    "change",
    "source",
    "message",
    "draft",
    "question",
    "reason",
)


REPORT = {
    "file": "liste.csv",
    "format": "essai",
    "variant": "essai",
    "as_of": "2026-11-20",
    "rows": 0,
    "created": 0,
    "updated": 0,
    "unchanged": 0,
    "skipped": [],
    "warnings": [],
    "totals": {
        "projects": 0,
        "currency": "EUR",
        "exchange_rate": "1",
        "with_start": 0,
        "with_end": 0,
        "first_start": None,
        "last_end": None,
    },
    "blank_rows_after_the_last": 0,
    "absent_from_file": [],
    "hash": "0" * 64,
}


def canary(kind: str, what: str) -> str:
    return f"CNRY-{kind}-{what}"


@dataclass
class World:
    """Accounts by role, and the parameters of an address by kind of object."""

    users: dict[str, User]
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)

    def arguments(self, kind: str, names: tuple[str, ...]) -> dict[str, Any]:
        """The parameters an address of that kind of object takes; `crossed` names a child of another parent."""
        if kind == "crossed":
            mixed = {**self.parameters["foreign"], "code": self.parameters["own"]["code"]}
            return {name: mixed[name] for name in names}
        return {name: self.parameters[kind][name] for name in names}


def build() -> World:
    users = {role.value: user_with(role, username=role.value) for role in Role}
    world = World(users)
    now = clock.now()
    programmes = {
        "own": ProgrammeFactory(code="PG-OWN", manager=users["programme_manager"].person),
        "foreign": ProgrammeFactory(code="PG-FOREIGN"),
    }
    StrategicAxisFactory(code="AX-OWN")
    this_week = ReportingCycleFactory()
    last_week = ReportingCycleFactory(week=str(IsoWeek.of(clock.today()).previous))
    projects = {
        "own": ProjectFactory(code="P-OWN", manager=users["pm"].person, programme=programmes["own"]),
        "foreign": ProjectFactory(
            code="P-FOREIGN",
            manager=user_with(Role.PM).person,
            programme=programmes["foreign"],
            is_top=True,
            priority_rank=1,
        ),
        "hidden": ProjectFactory(code="P-HIDDEN", confidentiality=Confidentiality.RESTRICTED),
    }
    for kind, project in projects.items():
        world.parameters[kind] = _children(kind, project, this_week, last_week)
    for kind, first in (("own", projects["own"]), ("hidden", projects["hidden"])):
        world.parameters[kind] |= _arbitration(kind, first, projects["foreign"])
    world.parameters["missing"] = _missing()
    refresh_standing(None, now=now)
    _people_rows(world, now)
    _packs(world, last_week, this_week, now)
    world.parameters["own"]["exception"] = ExceptionFactory(project=projects["own"]).number
    return world


def _children(kind: str, project: Project, this_week: ReportingCycle, last_week: ReportingCycle) -> dict[str, Any]:
    """One row of each kind; every free text carries the canary of its project."""
    Project.objects.filter(pk=project.pk).update(name_fr=canary(kind, "name"), purpose=canary(kind, "purpose"))
    milestone = MilestoneFactory(project=project, name=canary(kind, "milestone"))
    StageFactory(project=project, number=NUMBERS[kind], name=canary(kind, "stage"))
    activity = ActivityFactory(plan__project=project, name=canary(kind, "activity"))
    package = WorkPackageFactory(project=project, code=f"LT-{NUMBERS[kind]}", name=canary(kind, "package"))
    JiraGroupFactory(backlog=JiraIssueFactory(backlog__project=project).backlog, label=canary(kind, "group"))
    produced = _product(kind, project)
    BudgetLineFactory(project=project, actual_source=canary(kind, "source"))
    ToleranceFactory(project=project, measure=canary(kind, "measure"))
    tie = CrossLink.objects.create(
        predecessor_project=ProjectFactory(code=f"P-TIED-{NUMBERS[kind]}"),
        predecessor_uid=1,
        successor_project=project,
        successor_uid=activity.uid,
        created_by=UserFactory(),
        created_at=clock.now(),
    )
    risk = RiskFactory(project=project, number=NUMBERS[kind], title=canary(kind, "risk"), cause=canary(kind, "risk"))
    delay = RiskDelay.objects.create(risk=risk, activity_uid=activity.uid, optimistic=1, most_likely=2, pessimistic=3)
    for cycle in (last_week, this_week):
        StatusReportFactory(
            project=project,
            cycle=cycle,
            message=canary(kind, f"message-{'open' if cycle == this_week else 'past'}"),
            reason_overall=canary(kind, "reason"),
            author=project.manager.user or UserFactory(),
        )
    StatusDraftFactory(project=project, cycle=this_week, data={"values": {"message": canary(kind, "draft")}})
    body = BodyFactory(code=f"B-{kind.upper()}")
    seat = SeatFactory(body=body)
    SittingFactory(body=body)
    number = f"2026-{body.code}-001"
    DecisionRequestFactory(
        number=number, project=project, body=body, question=canary(kind, "question"), owner=project.manager
    )
    issue = ChangeFactory(
        project=project, number=f"{project.code}-C01", title=canary(kind, "change"), cause=canary(kind, "change")
    )
    delegation = ChangeDelegationFactory(budget__project=project)
    review = GateReviewFactory(project=project, performance=canary(kind, "review"))
    return {
        "code": project.code,
        "change": issue.number,
        "change_act": "resume",
        "change_action_id": ChangeActionFactory(change=issue).pk,
        "budget_id": delegation.budget_id,
        "delegation_id": delegation.pk,
        "review": review.number,
        "gate_act": "submit",
        "key": milestone.pk,
        "uid": activity.uid,
        "package": package.code,
        **produced,
        "delay": delay.pk,
        "tie": tie.pk,
        "level": "work_package",
        "number": NUMBERS[kind],
        "year": 2026,
        "nature": "capex",
        "target": "time",
        "week": this_week.slug,
        "sheet_week": last_week.slug,
        "request": number,
        "programme": f"PG-{kind.upper()}",
        "axis": "AX-OWN",
        "body": body.code,
        "seat_id": seat.pk,
        "mandate_id": MandateFactory(body=body).pk,
    }


def _product(kind: str, project: Project) -> dict[str, Any]:
    """One product with a criterion, a review to hold, another held that left something to do."""
    words, number = canary(kind, "product"), NUMBERS[kind]
    row = ProductFactory(project=project, identifier=f"LIV-{number}", title=words, purpose=words)
    ProductCriterionFactory(product=row, number=number, text=words, method=words, tolerance=words)
    ProductReviewFactory(product=row, number=number)
    held = ProductReviewFactory(
        product=row, number=number + 1, held_on=clock.today(), result="follow_ups", note=words, evidence=words
    )
    finding = {"number": number, "text": words, "method": words, "tolerance": words, "met": False, "found": words}
    ProductAcceptanceFactory(product=row, note=words, evidence=words, criteria=[finding])
    return {"product": row.identifier, "product_action": ReviewActionFactory(review=held, text=words).pk}


def _arbitration(kind: str, first: Project, second: Project) -> dict[str, Any]:
    """A conflict in analysis between the project and the foreign one."""
    row = request_arbitration(
        project=first,
        others=[(second, "holds")],
        by=first.manager.user or UserFactory(),
        values={"kind": "capacity", "question": canary(kind, "question"), "facts": canary(kind, "question")},
        on=clock.today(),
    )
    for state in ("admissible", "analysis"):
        Arbitration.objects.filter(pk=row.pk).update(state=state, analyst=first.manager)
    option = ArbitrationOption.objects.create(arbitration=row, position=1, label=canary(kind, "question"))
    return {"arbitration": row.number, "arbitration_act": "table", "position": option.position}


def _missing() -> dict[str, Any]:
    return {
        "code": "P-MISSING",
        "key": 987_654,
        "uid": 987_654,
        "package": "LT-999",
        "product": "LIV-999",
        "product_action": 987_654,
        "delay": 987_654,
        "tie": 987_654,
        "level": "work_package",
        "exception": "P-MISSING-E99",
        "number": 987,
        "year": 2031,
        "nature": "opex",
        "target": "cost",
        "week": "2025-W01",
        "sheet_week": "2025-W01",
        "request": "2026-NONE-999",
        "programme": "PG-MISSING",
        "axis": "AX-MISSING",
        "body": "B-MISSING",
        "seat_id": 987_654,
        "mandate_id": 987_654,
        "interest_id": 987_654,
        "activity_id": 987_654,
        "sitting_id": 987_654,
        "item_id": 987_654,
        "outcome_id": 987_654,
        "effect_id": 987_654,
        "act": "fill",
        "arbitration": "2031-A999",
        "arbitration_act": "table",
        "position": 987,
        "change": "P-MISSING-C99",
        "change_act": "resume",
        "change_action_id": 987_654,
        "budget_id": 987_654,
        "delegation_id": 987_654,
        "review": "P-MISSING-G09",
        "gate_act": "submit",
        "lesson": "L-2031-999",
        "criterion_id": 987_654,
        "action_id": 987_654,
        "item_act": "up",
        "decision": "2031-NONE-999",
        "follow_up_id": 987_654,
        "language": "de",
        "kind": "exe",
        "register_file": "exe",
        "token": uuid.UUID(int=1),
        "run": 987_654,
        "entry": 987_654,
        "job_id": 987_654,
        "absence_id": 987_654,
        "recipient": 987_654,
        "correction": 987_654,
        "user_id": 987_654,
        "request_id": 987_654,
        "feed_id": 987_654,
        "token_id": 987_654,
        "note_id": 987_654,
        "mail_id": 987_654,
        "reference": "0000000000000000",
        "pk": 987_654,
    }


def _people_rows(world: World, now: datetime) -> None:
    """Rows of machinery: a job, a key, a role to decide, an import to confirm and one done."""
    pso = world.users["pso"]
    job = jobs.enqueue(kind="pack.build", key="matrix", payload={}, by=pso)
    target = user_with(Role.PM)
    request = propose_role_change(
        action=RoleAction.GRANT, user=target, role=Role.SECRETARY, by=world.users["pso"], reason="Remplacement"
    )
    upload = keep_upload(by=pso, file_name="liste.csv", data=b"code;nom\nA;B\n", mapping={}, now=now)
    run = ImportRun.objects.create(
        source="essai",
        mapping="essai",
        file_name="liste.csv",
        sha256="0" * 64,
        rows=0,
        report=REPORT,
        as_of=now.date(),
        by=pso,
        at=now,
    )
    key = create_token(owner=pso, name="essai", scopes=[TokenScope.READ], days=1).token
    entry = audit.record(by=pso, verb="matrix.act", target=None)
    note = Notification.objects.create(user=pso, key="matrix", kind="matrix", purpose=Purpose.ALERT)
    mail = queue_mail(key="matrix", purpose=Purpose.ALERT, to=pso, subject="Essai", text="Essai")
    Mail.objects.filter(pk=mail.pk).update(state=MailState.UNKNOWN)
    world.parameters["own"] |= {
        "feed_id": create_feed(owner=world.users["pm"], scope=FeedScope.PERSON).feed.pk,
        **_session(),
        **_gates(),
        "interest_id": InterestFactory(person=world.users["pm"].person).pk,
        "activity_id": RaciActivityFactory().pk,
        "job_id": job.pk,
        "user_id": target.pk,
        "request_id": request.pk,
        "token": upload.token,
        "run": run.pk,
        "token_id": key.pk,
        "note_id": note.pk,
        "mail_id": mail.pk,
        "entry": entry.number,
        "kind": "csv",
        "register_file": "json",
        "language": "fr",
    }


def _gates() -> dict[str, Any]:
    """A lesson and a mandatory action of the own project, and a criterion."""
    project = Project.objects.get(code="P-OWN")
    return {
        "lesson": LessonFactory(project=project).number,
        "criterion_id": GateCriterionFactory().pk,
        "action_id": ConfidenceActionFactory(confidence__project=project).pk,
    }


def _session() -> dict[str, Any]:
    """A session in preparation with one item, and a decision with something left to do."""
    project = Project.objects.get(code="P-OWN")
    item = AgendaItemFactory(sitting__body__code="B-SESSION")
    outcome = OutcomeFactory(item=item)
    follow_up = FollowUpFactory(decision__project=project)
    return {
        "sitting_id": item.sitting_id,
        "item_id": item.pk,
        "outcome_id": outcome.pk,
        "effect_id": EffectFactory(outcome=outcome, rank=1).pk,
        "act": "fill",
        "item_act": "up",
        "decision": follow_up.decision.number,
        "follow_up_id": follow_up.pk,
    }


def _packs(world: World, last_week: ReportingCycle, this_week: ReportingCycle, now: datetime) -> None:
    """Last week's pack published and sent, the one before printed and waiting for approval, this week's a draft."""
    earlier = ReportingCycleFactory(week=str(IsoWeek.of(clock.today()).previous.previous))
    rendered_pack(earlier)
    pack = rendered_pack(last_week, world.users["pso"])
    approve(pack=pack, by=world.users["director"], now=now)
    publish(pack=pack, by=world.users["director"], now=now)
    distribute(pack=reread(pack), now=now)
    draft_pack(this_week)
    correction = Correction.objects.create(
        cycle=last_week, project=Project.objects.get(code="P-OWN"), author=world.users["pm"], text="Erratum"
    )
    numbers = {
        "recipient": PackRecipient.objects.get(pack=pack, user=world.users["codir"]).pk,
        "correction": correction.pk,
        "language": "fr",
    }
    world.parameters["published"] = {**numbers, "week": last_week.slug}
    world.parameters["waiting"] = {**numbers, "week": earlier.slug}
    world.parameters["draft"] = {**numbers, "week": this_week.slug}
