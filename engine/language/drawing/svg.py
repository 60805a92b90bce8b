"""The SVG picture of a procedure: lanes, boxes, arrows, labels, a key, and what stands beside the way.

Room for: which element stands for what, and what a case's own way does to it: filled, bold, dashed, pale.
May not enter: where things stand (`layout.py`), what is drawn (`plan.py`), scripts, styles, ids.

A page with `style-src 'self'` shows it as it is, and any number of pictures may stand in one page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from engine.language.drawing import ink
from engine.language.drawing.ink import AHEAD, GONE, PLAIN, TAKEN, Stroke
from engine.language.drawing.layout import (
    BOX_FONT,
    BOX_LINE,
    HEAD,
    LABEL_FONT,
    LABEL_LINE,
    LANE_FONT,
    LANE_LINE,
    LANE_TITLE,
    Box,
    Label,
    Layout,
    Point,
    layout,
)
from engine.language.drawing.plan import NO_MATTERS, Aside, Matters, aside_sentence, plan, reachable
from engine.language.drawing.text import filled, width, wrapped, xml
from engine.model.procedure import Procedure
from engine.text import Language, Text, together

FONTS = "Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, PingFang SC, Helvetica, Arial, sans-serif"
LEAST_WIDTH = 600.0
KEY_ROOM, KEY_SIGN = 40.0, 34.0

NONE: Mapping[str, str] = MappingProxyType({})

PICTURE_OF = Text("流程图：{title}", "Drawing of the procedure: {title}")
SIZE = Text("{stages} 个阶段，{states} 个状态。", "{states} states in {stages} stages.")
NOW_AT = Text("当前状态：{now}。", "Now at: {now}.")
BESIDE = Text("主线之外", "Beside the way")
CURRENT = Text("当前", "now")
BEGINNING = Text("起点", "start")
FINAL = Text("终局", "final")
WALKED = Text("已走", "way taken")
STILL_AHEAD = Text("仍可达", "still ahead")
NOTES = Text("（{notes}）", " ({notes})")


def draw_svg(
    procedure: Procedure,
    lang: Language = "zh",
    at: Collection[str] = (),
    path: Collection[tuple[str, str]] = (),
    links: Mapping[str, str] = NONE,
    matters: Matters = NO_MATTERS,
) -> str:
    """Return *procedure* as one SVG picture.

    *at* are the states where a matter stands now, *path* the ways it took (source, target); what the procedure
    does not have is passed over. *links* (state -> address) makes boxes into links, and the picture a group.
    *matters* are the procedures of the kinds of matter it waits for, which it knows by name only.
    """
    chosen = plan(procedure, lang, frozenset(path), matters)
    now = frozenset(at) & procedure.states.keys()
    marks = _Marks(now, frozenset(path), reachable(procedure, now))
    drawing = _Drawing(procedure, lang, layout(chosen), marks, links)
    return drawing.svg(chosen.asides)


@dataclass(frozen=True, slots=True)
class _Marks:
    """Where a case stands, the ways it took, and what it can still reach."""

    now: frozenset[str]
    path: frozenset[tuple[str, str]]
    ahead: frozenset[str]

    @property
    def shown(self) -> bool:
        return bool(self.now or self.path)

    def way(self, *ways: tuple[str, str]) -> Stroke:
        """How a way is drawn, or the label that several ways share."""
        if self.path.intersection(ways):
            return TAKEN
        if not self.shown:
            return PLAIN
        return AHEAD if any(source in self.ahead for source, _ in ways) else GONE

    def box(self, state: str) -> Stroke:
        """How the border of a state is drawn, and its title written."""
        if state in self.now:
            return Stroke(ink.NOW, 3.0, bold=True, ink=ink.PAPER)
        if any(state in way for way in self.path):
            return TAKEN
        return GONE if self.shown and state not in self.ahead else PLAIN


@dataclass(frozen=True, slots=True)
class _Drawing:
    procedure: Procedure
    lang: Language
    shape: Layout
    marks: _Marks
    links: Mapping[str, str]

    def svg(self, asides: Collection[Aside]) -> str:
        """The whole picture, from the lowest layer to the top."""
        full = max(self.shape.width, LEAST_WIDTH)
        beside, foot = self._beside(asides, full)
        height = self.shape.height + KEY_ROOM + foot
        title = xml(PICTURE_OF.filled(title=self.procedure.title).said(self.lang))
        parts = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full:.0f} {height:.0f}"'
            f' width="{full:.0f}" height="{height:.0f}" role="{"group" if self.links else "img"}"'
            f' aria-label="{title}" lang="{"zh-CN" if self.lang == "zh" else "en"}" font-family="{FONTS}">',
            f"<title>{title}</title>",
            f"<desc>{xml(self._described())}</desc>",
            ink.box(0, 0, (full, height), 0, ink.PAPER),
            *self._lanes(full),
            *self._ways(),
            *(self._label(label) for label in self.shape.labels),
            *self._beginning(),
            *(self._box(box) for box in self.shape.boxes),
            *self._key(self.shape.height + KEY_ROOM / 2),
            *beside,
            "</svg>",
        )
        return "\n".join(parts) + "\n"

    def _described(self) -> str:
        procedure = self.procedure
        said = SIZE.filled(states=len(procedure.states), stages=len(self.shape.lanes))
        now = together(state.title for state in procedure.states.values() if state.name in self.marks.now)
        return said.said(self.lang) + (NOW_AT.filled(now=now).said(self.lang) if self.marks.now else "")

    def _lanes(self, full: float) -> Iterator[str]:
        edge = Stroke(ink.PAPER, 2)
        for number, lane in enumerate(self.shape.lanes):
            yield ink.box(0, lane.top, (full, lane.height), 0, _band(number))
            yield ink.box(0, lane.top, (LANE_TITLE, lane.height), 0, ink.LANE, edge)
            middle = (LANE_TITLE / 2, lane.top + min(lane.height / 2, 42))
            yield ink.written(lane.lines, middle, LANE_FONT, LANE_LINE, bold=True)

    def _ways(self) -> Iterator[str]:
        """Every way, those that were taken on top; what ways share is drawn once, dashes would fill else."""
        drawn = [
            (self.marks.way((line.source, line.target)), line)
            for line in (*self.shape.lines, *self.shape.loops)
        ]
        written: list[str] = []
        before: set[tuple[Point, Point]] = set()
        for stroke, line in sorted(drawn, key=lambda found: -found[0].width):
            ends = f'data-from="{xml(line.source)}" data-to="{xml(line.target)}"'
            taken = ' data-taken="yes"' if stroke is TAKEN else ""
            written.append(f"<g {ends}{taken}>{ink.way(line, stroke, before)}</g>")
            before.update(pairwise(line.points))
        return reversed(written)

    def _label(self, label: Label) -> str:
        """A label on a patch of its lane's colour, so that the line seems to pause for it."""
        lanes = enumerate(self.shape.lanes)
        lane = next((i for i, lane in lanes if lane.top <= label.y < lane.top + lane.height), 0)
        stroke = self.marks.way(*label.of)
        corner = label.x - label.width / 2, label.y - label.height / 2
        return ink.box(*corner, (label.width, label.height), 4, _band(lane)) + ink.written(
            label.lines, (label.x, label.y), LABEL_FONT, LABEL_LINE, bold=stroke.bold, ink=stroke.ink
        )

    def _beginning(self) -> Iterator[str]:
        """A dot, and an arrow from it into the first state."""
        x, y = self.shape.start
        first = next(box for box in self.shape.boxes if box.state == self.procedure.initial)
        edge = first.x - first.width / 2
        yield f'<circle cx="{x + 6:.1f}" cy="{y:.1f}" r="6" fill="{ink.LINE}"/>'
        yield ink.straight((x + 6, y), (edge - HEAD, y), PLAIN) + ink.head((edge, y), (1, 0), PLAIN)

    def _box(self, box: Box) -> str:
        state, stroke = self.procedure.states[box.state], self.marks.box(box.state)
        now = box.state in self.marks.now
        x, y, size = box.x - box.width / 2, box.y - box.height / 2, (box.width, box.height)
        inner = Stroke(ink.PAPER if now else stroke.colour, 1.2)
        drawn = (
            f'<g data-state="{xml(box.state)}"{_now(now)}><title>{xml(self._told(box.state))}</title>'
            + ink.box(x, y, size, 12, ink.NOW if now else ink.PAPER, stroke)
            + (ink.box(x + 4.5, y + 4.5, (size[0] - 9, size[1] - 9), 8, "none", inner) if state.final else "")
            + ink.written(box.lines, (box.x, box.y), BOX_FONT, BOX_LINE, bold=stroke.bold, ink=stroke.ink)
            + "</g>"
        )
        href = self.links.get(box.state)
        return f'<a href="{xml(href)}">{drawn}</a>' if href else drawn

    def _told(self, name: str) -> str:
        """What is said of one state when it is pointed at."""
        state = self.procedure.states[name]
        told = f"{self.procedure.stages[state.stage].said(self.lang)} · {state.title.said(self.lang)}"
        notes = {
            CURRENT: name in self.marks.now,
            BEGINNING: name == self.procedure.initial,
            FINAL: state.final,
        }
        said = "、".join(note.said(self.lang) for note, holds in notes.items() if holds)
        return told + (NOTES.filled(notes=said).said(self.lang) if said else "")

    def _key(self, y: float) -> Iterator[str]:
        """What filled, bold, dashed and double mean, where the picture has them."""
        x = LANE_TITLE + 16
        signs = [(FINAL, "")]
        if self.marks.shown:
            signs = [(CURRENT, "now"), (WALKED, "taken"), (STILL_AHEAD, "ahead"), (FINAL, "")]
        for said, sign in signs:
            if sign in ("taken", "ahead"):
                stroke = TAKEN if sign == "taken" else AHEAD
                yield ink.straight((x, y), (x + KEY_SIGN - HEAD, y), stroke)
                yield ink.head((x + KEY_SIGN, y), (1, 0), stroke)
            else:
                fill, edge = (ink.NOW, Stroke(ink.NOW, 2)) if sign == "now" else (ink.PAPER, PLAIN)
                yield ink.box(x, y - 10, (KEY_SIGN, 20), 6, fill, edge)
                if not sign:
                    yield ink.box(x + 3.5, y - 6.5, (KEY_SIGN - 7, 13), 4, "none", Stroke(ink.LINE, 1.2))
            text = said.said(self.lang)
            yield ink.written([text], (x + KEY_SIGN + 8, y), LABEL_FONT, LABEL_LINE, anchor="start")
            x += KEY_SIGN + 8 + width(text, LABEL_FONT) + 26

    def _beside(self, asides: Collection[Aside], full: float) -> tuple[list[str], float]:
        """The moves that have no arrow, as text under the picture, and the height it takes."""
        if not asides:
            return [], 0.0
        x, y = LANE_TITLE + 16, self.shape.height + KEY_ROOM + 10
        title = (LANE_TITLE / 2, y + 10)
        said = wrapped(BESIDE.said(self.lang), LANE_FONT, LANE_TITLE - 12)
        parts = [ink.written(said, title, LANE_FONT, LANE_LINE, bold=True)]
        for aside in asides:
            sentence = aside_sentence(self.procedure, aside, self.lang)
            for number, line in enumerate(filled(sentence, LABEL_FONT, full - x - 32)):
                at = (x + (16 if number else 0), y + 8)
                parts.append(ink.written([line], at, LABEL_FONT, LABEL_LINE, anchor="start"))
                y += 20
            y += 4
        return parts, max(y, title[1] + 30) + 6 - self.shape.height - KEY_ROOM


def _band(number: int) -> str:
    return ink.BAND if number % 2 else ink.PAPER


def _now(now: bool) -> str:
    return ' data-now="yes"' if now else ""
