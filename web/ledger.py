"""Ledger: what supervisors look at twice a day: the supervised cases, and everything past its last day.

Room for: both lists.
May not enter: changing them; that is done on a case (`matters.py`).
"""

from __future__ import annotations

from flask import Blueprint, render_template

from web.desk import engine, me

bp = Blueprint("ledger", __name__)


@bp.get("/ledger")
def supervised() -> str:
    """Show the supervised cases, stale entries first."""
    return render_template("ledger.html", lines=engine().ledger(me().offices), now=engine().now())


@bp.get("/overdue")
def overdue() -> str:
    """Show every case or step past its last day, the longest over first."""
    lines = engine().overdue(me().offices)
    return render_template(
        "overdue.html",
        clocks=[line for line in lines if line.what == "clock"],
        steps=[line for line in lines if line.what == "step"],
        now=engine().now(),
    )
