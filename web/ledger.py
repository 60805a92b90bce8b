"""Ledger: what supervisors look at twice a day: the supervised cases, and everything past its last day.

Room for: both lists.
May not enter: changing them; that is done on a case (`matters.py`).
"""

from __future__ import annotations

from flask import Blueprint, render_template

from engine.api import WATCHERS
from web.desk import acts_as, asked, engine, me, turned

bp = Blueprint("ledger", __name__)


@bp.get("/ledger")
def supervised() -> str:
    """Show the supervised cases, those not updated in time first."""
    return render_template(
        "ledger.html",
        found=engine().lists.ledger(me().offices, asked()),
        now=engine().now(),
        turned=turned(),
        put_aside=_put_aside(),
    )


@bp.get("/overdue")
def overdue() -> str:
    """Show the cases and the steps past their last day, the longest over first."""
    lists, mine = engine().lists, me().offices
    return render_template(
        "overdue.html",
        clocks=lists.overdue_clocks(mine, asked("clocks_")),
        steps=lists.overdue_steps(mine, asked("steps_")),
        now=engine().now(),
        put_aside=_put_aside(),
    )


def _put_aside() -> int:
    """How many cases wait for somebody to take them up again, for whoever looks after these."""
    return sum(line.put_aside for line in engine().setbacks()) if acts_as(WATCHERS) else 0
