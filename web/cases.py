"""Cases: the list, the page of one case, its count sheet and its documents.

Room for: reading the filter off the address, choosing what these pages show.
May not enter: acts (`acts.py`), counting, SQL.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from urllib.parse import quote

from flask import Blueprint, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.api import ANNEX_STYLE, CaseFilter, View
from web.desk import engine, me, rules, today, turned
from web.forms import Trouble
from web.language import spoken
from web.presenting import beginning, groups_of, may_open, seen_by

bp = Blueprint("cases", __name__)

SHOWN = ("open", "soon", "overdue", "mine", "all")
SOON = timedelta(days=10)
EVENTS_SHOWN = 40
"""How much of a long history the page of a case begins with; the rest is one link away."""

PDF = b"%PDF-"

STYLE_VERSION = hashlib.sha256(ANNEX_STYLE.encode()).hexdigest()[:10]


@bp.get("/cases")
def index() -> str:
    """Show one page of cases, the nearest last day first; the filter stands in the address."""
    search, stage = request.args.get("q", "").strip()[:200], request.args.get("stage", "")
    # Somebody who searches looks for a case wherever it stands, ended ones too.
    show = request.args.get("show", "all" if search else "open")
    show = show if show in SHOWN else "all"
    procedures = [p for p in rules().readable() if p.borrowed is None]
    found = engine().cases(
        CaseFilter(
            offices=me().offices,
            search=search,
            stage=stage or None,
            open_only=show != "all",
            overdue=show == "overdue",
            due_before=today() + SOON if show == "soon" else None,
            awaits=me().id if show == "mine" else None,
            after=request.args.get("after") or None,
            before=request.args.get("before") or None,
        )
    )
    stages = {name: title for procedure in procedures for name, title in procedure.stages.items()}
    return render_template(
        "cases.html", found=found, search=search, show=show, stage=stage, stages=stages, may_open=may_open(),
        turned=turned(),
    )  # fmt: skip


@bp.get("/cases/<case>")
def page(case: str) -> str:
    """Show one case."""
    return shown(case)


def shown(case: str, trouble: Trouble | None = None) -> str:
    """Return the page of a case, with the trouble a form of it ran into."""
    whole = seen_by(me(), case)
    svg, outline = engine().drawing(case, None, spoken())
    latest = beginning(whole.events[::-1], len(whole.events) if request.args.get("all") else EVENTS_SHOWN)
    return render_template(
        "case.html",
        page=whole,
        line=whole.line,
        groups=groups_of(whole),
        svg=svg,
        outline=outline,
        latest=latest,
        trouble=trouble,
    )


@bp.get("/cases/<case>/drawing")
def drawing(case: str) -> Response:
    """Hand out the drawing of a case alone, to be read at any size."""
    seen_by(me(), case)
    answer = make_response(engine().drawing(case, None, spoken())[0])
    answer.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/cases/<case>/count")
def count(case: str) -> str:
    """Show how the last day of a case comes about, day by day; a past day as it is known now or was shown then."""
    seen_by(me(), case)
    wanted, view = _looked_at()
    sheet = engine().sheet(case, wanted, view)
    return render_template(
        "count.html", sheet=sheet, line=sheet.case, today=today(), wanted=wanted, view=view,
        annex=engine().annex(sheet, me().name, spoken()), annex_style=_style_address(),
    )  # fmt: skip


@bp.get("/cases/<case>/annex")
def annex(case: str) -> str:
    """Show the count sheet as it is printed: a page of its own."""
    seen_by(me(), case)
    sheet = engine().sheet(case, *_looked_at())
    return engine().annex(sheet, me().name, spoken()).page(_style_address())


@bp.get("/annex.css")
def annex_style() -> Response:
    """Hand out the style of what is printed; its address changes whenever it does."""
    answer = make_response(ANNEX_STYLE)
    answer.headers["Content-Type"] = "text/css; charset=utf-8"
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


def _looked_at() -> tuple[date | None, View]:
    """Return the day and the way of looking that the address asks for; what is no date is today."""
    view: View = "shown" if request.args.get("view") == "shown" else "known"
    try:
        return date.fromisoformat(request.args.get("as_of", "")), view
    except ValueError:
        return None, view


def _style_address() -> str:
    return url_for("cases.annex_style", v=STYLE_VERSION)


@bp.get("/cases/<case>/documents/<digest>")
def document(case: str, digest: str) -> Response:
    """Hand out a document of a case: a PDF to look at, anything else to save."""
    seen_by(me(), case)
    found = engine().document(case, digest)
    if found is None:
        abort(404)
    answer = make_response(found.content)
    # The type a browser once claimed is not believed: only what really is a PDF is opened in the window.
    pdf = found.content.startswith(PDF)
    answer.headers["Content-Type"] = "application/pdf" if pdf else "application/octet-stream"
    way = "inline" if pdf else "attachment"
    answer.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(found.name, safe='')}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
