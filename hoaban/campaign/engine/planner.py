"""A week's plan: an order sought, days made of it, everything judged."""

from __future__ import annotations

from dataclasses import dataclass

from hoaban.campaign.engine import layout, simulator, solver
from hoaban.campaign.engine.simulator import Judgement
from hoaban.campaign.rules.planning import LeftOut, Problem


@dataclass(frozen=True)
class Made:
    """The plan as replayed, and what found no day."""

    judgement: Judgement
    left_out: tuple[LeftOut, ...]


def plan(problem: Problem) -> Made:
    """A plan for the week. Look at `judgement.is_sound` before you promise anything."""
    tours, left_out = layout.lay_out(problem, solver.orders(problem))
    return Made(simulator.judge(problem, tours), tuple(left_out))
