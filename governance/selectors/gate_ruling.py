"""What a body may answer to the gate review a request stands for."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from governance.engines.gate_review import Ruling
from governance.models import DecisionRequest
from portfolio.engines.lifecycle import Phase, gates_behind
from portfolio.enums import LifeCycle


def rulings_on(request: DecisionRequest) -> Sequence[tuple[str, str]]:
    """Pass, pass under conditions, refuse, or send back to an earlier gate that lies behind the project."""
    behind = gates_behind(Phase(request.project.life_cycle))
    return (
        (Ruling.PASS.value, _("Passer la porte")),
        (Ruling.CONDITIONS.value, _("Passer sous conditions")),
        (Ruling.REFUSE.value, _("Refuser")),
        *(
            (
                f"back_{gate.value}",
                _("Renvoyer à %(gate)s, en « %(phase)s »") % {"gate": gate.value, "phase": LifeCycle(phase).label},
            )
            for gate, phase in behind.items()
        ),
    )
