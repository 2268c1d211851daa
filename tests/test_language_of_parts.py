"""WCAG 3.1.2: on an English page, what people wrote in French says that it is French."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client

from config import clock
from governance.enums import BodyKind
from people.enums import Role
from people.models import User
from people.services import audit
from portfolio.enums import AskKind, RagChoice
from portfolio.models import Project
from portfolio.services.standing import refresh_standing
from tests.factories.governance import BodyFactory, DecisionRequestFactory, MandateFactory, SittingFactory
from tests.factories.people import user_with
from tests.factories.portfolio import (
    BudgetLineFactory,
    MilestoneFactory,
    ProgrammeFactory,
    ProjectFactory,
    ReportingCycleFactory,
    RiskFactory,
    StageFactory,
    StatusReportFactory,
    StrategicAxisFactory,
    ToleranceFactory,
)
from tests.factories.products import (
    ProductAcceptanceFactory,
    ProductCriterionFactory,
    ProductFactory,
    ProductReviewFactory,
    ReviewActionFactory,
)

pytestmark = pytest.mark.django_db

CANARY = re.compile(r"cnry-[a-z]+")
# Text of a control is what its reader types; the title of a page or of a drawing cannot carry a language.
UNTAGGED = {"title", "option", "textarea", "script"}
VOID = {"meta", "link", "input", "br", "hr", "img", "col"}


class Languages(HTMLParser):
    """The language in force at each canary of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: dict[str, set[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("lang") or (self.open[-1][1] if self.open else "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without text."""

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.open or UNTAGGED & {tag for tag, _ in self.open}:
            return
        for text in CANARY.findall(data):
            self.found.setdefault(text, set()).add(self.open[-1][1])


def languages(page: str) -> dict[str, set[str]]:
    parser = Languages()
    parser.feed(page)
    return parser.found


@pytest.fixture
def people() -> dict[str, User]:
    """One project, late and worsening, whose every text is a canary; the accounts that read it."""
    users = {role.value: user_with(role, username=role.value, language="en") for role in (Role.PM, Role.PSO)}
    users["director"] = user_with(Role.DIRECTOR, username="director", language="en")
    axis = StrategicAxisFactory(code="AX", name_fr="cnry-axis")
    programme = ProgrammeFactory(code="PG", name_fr="cnry-programme", purpose="cnry-purpose", axis=axis)
    project = ProjectFactory(
        code="P-1",
        name_fr="cnry-name",
        purpose="cnry-finality",
        programme=programme,
        axis=axis,
        manager=users["pm"].person,
        is_top=True,
        priority_rank=1,
    )
    _plan(project)
    _governance(project)
    now = clock.now()
    _statuses(project)
    refresh_standing(None, now=now)
    _quiet_neighbour(project)
    refresh_standing(None, now=now)
    audit.record(by=users["pso"], verb="project.moved", target=project, data={"project": "P-1"})
    return users


def _plan(project: Project) -> None:
    today = clock.today()
    MilestoneFactory(project=project, name="cnry-milestone", baseline=today - timedelta(days=40), forecast=today)
    StageFactory(project=project, number=1, name="cnry-stage")
    BudgetLineFactory(project=project)
    ToleranceFactory(project=project, measure="cnry-measure")
    RiskFactory(
        project=project,
        number=1,
        title="cnry-risk",
        cause="cnry-cause",
        event="cnry-event",
        effect="cnry-effect",
        response_action="cnry-response",
        probability=5,
        impact=5,
        raised_on=today - timedelta(days=2),
    )
    product = ProductFactory(
        project=project, identifier="1", title="cnry-product", purpose="cnry-usage", state="rework"
    )
    ProductCriterionFactory(product=product, text="cnry-criterion", method="cnry-method", tolerance="cnry-room")
    review = ProductReviewFactory(product=product, held_on=today, result="failed", note="cnry-note")
    ReviewActionFactory(review=review, text="cnry-action")
    finding = {"number": 1, "text": "cnry-criterion", "met": False, "found": "cnry-found"}
    ProductAcceptanceFactory(product=product, note="cnry-refusal", criteria=[finding])


def _governance(project: Project) -> None:
    body = BodyFactory(code="CODIR", name_fr="cnry-body", cadence="cnry-rhythm", kind=BodyKind.EXECUTIVE, level=5)
    MandateFactory(body=body, subject="cnry-subject", source="cnry-source")
    SittingFactory(body=body, place="cnry-place")
    DecisionRequestFactory(
        number="2026-CODIR-001",
        project=project,
        body=body,
        question="Approuver cnry-question",
        recommendation="cnry-recommendation",
        cost_of_waiting="cnry-waiting",
        options=[{"label": "cnry-option", "consequence": "cnry-consequence", "recommended": True}],
    )


def _statuses(project: Project) -> None:
    monday = clock.today() - timedelta(days=clock.today().weekday())
    for day, overall in ((monday - timedelta(days=3), RagChoice.GREEN), (monday, RagChoice.RED)):
        year, week, _ = day.isocalendar()
        StatusReportFactory(
            project=project,
            cycle=ReportingCycleFactory(week=f"{year}-W{week:02d}"),
            overall=overall,
            scope=overall,
            cause_scope="cnry-why" if overall == RagChoice.RED else "",
            reason_overall="cnry-reason",
            message=f"cnry-message {overall}",
            ask_kind=AskKind.DECISION,
            ask_text="cnry-ask",
            ask_body="CODIR",
            ask_on=clock.today() + timedelta(days=5),
        )


def _quiet_neighbour(project: Project) -> None:
    """A project of the same manager that reported once, long ago."""
    silent = ProjectFactory(code="P-2", name_fr="cnry-silent", manager=project.manager, axis=project.axis)
    day = clock.today() - timedelta(days=35)
    year, week, _ = day.isocalendar()
    StatusReportFactory(project=silent, cycle=ReportingCycleFactory(week=f"{year}-W{week:02d}"), message="cnry-old")


COLUMNS = "".join(f"&columns={name}" for name in ("manager", "programme", "axis", "message", "milestone"))
PAGES = {
    ("director", "/?full=1"): "name question axis body",
    (
        "pso",
        "/projects/?group=axis&columns=manager&columns=programme&columns=axis&columns=message&columns=milestone",
    ): "name message axis silent",
    ("pso", "/projects/P-1/"): "name message why axis programme milestone risk finality",
    ("pso", "/projects/P-1/plan/"): "milestone stage",
    ("pso", "/projects/P-1/products/"): "product action stage",
    ("pso", "/projects/P-1/products/item/1/"): "product usage criterion method room note action found refusal",
    ("pso", "/projects/P-1/raid/"): "risk cause event effect response",
    ("pso", "/projects/P-1/tolerances/"): "measure",
    ("pso", "/projects/P-1/log/"): "name",
    ("pso", "/projects/P-1/status/"): "message",
    ("pso", "/projects/P-1/status/{week}/"): "name message why reason ask",
    ("pm", "/projects/P-1/status/{week}/"): "name message milestone risk",
    ("pso", "/programmes/"): "programme",
    ("pso", "/programmes/PG/"): "programme purpose axis name",
    ("pso", "/axes/"): "axis",
    ("pm", "/my/"): "name silent ask",
    ("pso", "/reports/late/"): "silent",
    ("pso", "/search/?q=cnry"): "name question",
    ("pso", "/bodies/"): "body rhythm",
    ("pso", "/bodies/CODIR/"): "body rhythm subject source place",
    ("pso", "/requests/"): "name question body",
    ("pso", "/requests/2026-CODIR-001/"): "question option consequence recommendation waiting body",
    ("pso", "/reports/packs/{week}/"): "name question option milestone risk",
    ("pso", "/reports/packs/{week}/online/"): "name question option consequence recommendation waiting milestone risk",
}


@pytest.mark.parametrize(("role", "address"), PAGES)
def test_what_people_wrote_says_its_language(people: dict[str, User], role: str, address: str) -> None:
    client = Client()
    client.force_login(people[role])
    year, week, _ = clock.today().isocalendar()

    answer = client.get(address.format(week=f"{year}-W{week:02d}"))

    assert answer.status_code == 200
    page = answer.content.decode()
    assert '<html lang="en"' in page
    found = languages(page)
    assert {f"cnry-{what}" for what in PAGES[role, address].split()} <= found.keys()
    assert {text: spoken for text, spoken in found.items() if spoken != {"fr"}} == {}
