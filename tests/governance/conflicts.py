"""Two projects that want the same thing, the people around them and the committee that arbitrates, for tests."""

from datetime import date
from decimal import Decimal

from config import clock
from governance.enums import BodyKind, ConcernedRole, SeatRole, Subject
from governance.models import Arbitration, Body, DecisionRequest
from governance.services import arbitration as steps
from governance.services.arbitration_body import table
from governance.services.arbitration_options import write_option
from people.enums import Role
from tests.factories.governance import BodyFactory, MandateFactory, SeatFactory
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory

VALUES = {
    "kind": "capacity",
    "question": "Qui reçoit les deux architectes au premier trimestre ?",
    "facts": "2 postes.",
}


class Conflict:
    """An arbitration that its project manager has just asked for."""

    def __init__(self) -> None:
        self.today: date = clock.today()
        self.pm, self.other_pm = user_with(Role.PM), user_with(Role.PM)
        self.pso, self.analyst = user_with(Role.PSO), user_with(Role.HEAD_OF_CENTRE)
        self.project = ProjectFactory(manager=self.pm.person, sponsor=None)
        self.other = ProjectFactory(manager=self.other_pm.person, sponsor=None)
        self.body: Body = BodyFactory(code="ARBITRAGE", kind=BodyKind.ARBITRATION, level=5)
        MandateFactory(body=self.body, kind=Subject.PRIORITY)
        self.chair = user_with(Role.CODIR)
        SeatFactory(body=self.body, person=self.chair.person, role=SeatRole.CHAIR)
        self.row: Arbitration = steps.request_arbitration(
            project=self.project,
            others=[(self.other, ConcernedRole.HOLDS)],
            by=self.pm,
            values=VALUES,
            on=self.today,
        )

    def upper(self) -> Body:
        upper: Body = BodyFactory(code="CODIR", kind=BodyKind.EXECUTIVE, level=8)
        MandateFactory(body=upper, kind=Subject.PRIORITY)
        return upper

    def fresh(self) -> Arbitration:
        self.row = Arbitration.objects.get(pk=self.row.pk)
        return self.row

    def take(self, act: str, **values: object) -> Arbitration:
        """One step, by the PSO unless said otherwise."""
        row = self.fresh()
        given = {"by": self.pso, "version": row.version, "on": self.today, **values}
        getattr(steps, act)(row=row, **given)
        return self.fresh()

    def analysed(self) -> "Conflict":
        self.take("admit", analyst=self.analyst.person)
        self.take("analyse", by=self.analyst)
        self.take("propose", by=self.analyst)
        return self

    def option(self, label: str, days: int = 0, cost: int = 0, *, nothing: bool = False) -> None:
        row = self.fresh()
        option = row.options.get(do_nothing=True) if nothing else None
        impacts = {
            self.project.pk: {"days": days, "cost": Decimal(cost)},
            self.other.pk: {"days": -days, "cost": Decimal(0)},
        }
        write_option(
            row=row,
            by=self.analyst,
            version=row.version,
            values={"label": label},
            impacts=impacts,
            option=option,
        )

    def ripe(self) -> "Conflict":
        """Two options and doing nothing, each with its effects."""
        self.analysed()
        self.option("Les deux au demandeur", 0, 1000)
        self.option("Un chacun", 20)
        self.option("Ne rien faire", 40, nothing=True)
        return self

    def tabled(self) -> DecisionRequest:
        row = self.ripe().fresh()
        return table(row=row, by=self.pso, version=row.version, on=self.today)
