"""Exploring: every situation that a case and a group of its matters can come to together, one matter of each kind.

Room for: situations as rows of numbers, the steps between them as the engine takes them, and the shortest way to each.
May not enter: what is asked of the situations (`situations.py`), how a part was made (`parts.py`, `collapsing.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from engine.language.proof.domains import Domains, Subject
from engine.language.proof.groups import Openers
from engine.language.proof.parts import Deed, Edge, Part, TooMany
from engine.language.proof.world import MAIN, World
from engine.model.procedure import ANY_PARTY, State

Row = tuple[int, ...]
"""One situation: for the case and each kind of the group where it is, then how each clock stands, then what late
entries the open matters are about."""

ABSENT, CANCELLED = 0, -1
"""Where a matter is that was never opened, or was cancelled; else one more than the number of its place."""

UNSTARTED, RUNNING, ENDED, STOPPED = 0, 1, 2, 3
"""How a clock stands; from STOPPED on each number is one stop by its name."""

REACTIONS_MOST = 50

_ON_A_CLOCK = frozenset({"start", "suspend", "resume", "publication", "exclude", "restart", "extend", "end"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step to another situation; *firm* where it can be counted on."""

    target: int
    name: str
    firm: bool


@dataclass(frozen=True, slots=True)
class _Turn:
    """An edge made ready: *when* in slots and what may stand there (None: always), *bare* where it only moves its part."""

    edge: Edge
    name: str
    slot: int
    when: tuple[tuple[tuple[int, frozenset[int]], ...], ...] | None
    bare: bool


@dataclass(slots=True)
class Explored:
    """What a group can come to: the rows in the order of their distance, and the steps out of each."""

    space: Space
    rows: list[Row] = field(default_factory=list)
    steps: list[list[Step]] = field(default_factory=list)
    before: list[tuple[int, str]] = field(default_factory=list)

    def way_to(self, number: int) -> tuple[str, ...]:
        """Return the shortest way to a situation: states of the case, and whatever happens between them."""
        way = [self.space.state(self.rows[number], MAIN).name]
        while self.before[number][0] >= 0:
            number, name = self.before[number]
            way += [name, self.space.state(self.rows[number], MAIN).name]
        return tuple(reversed(way))


class Space:
    """The case (*parts* of MAIN) and the kinds of one group, with those *clocks* that they have to do with.

    *open_from*: what opens a kind from outside of the group; *unlisted*: the kinds that are opened for each case of a
    list which need not be known then.
    """

    def __init__(
        self,
        domains: Domains,
        parts: Mapping[str, Part],
        open_from: Openers,
        clocks: tuple[str, ...],
        unlisted: Collection[str] = (),
    ) -> None:
        self.domains = domains
        self.world: World = domains.world
        self.parts = parts
        self.owners = tuple(parts)
        self.open_from = open_from
        self.unlisted = unlisted
        self.slot = {owner: number for number, owner in enumerate(self.owners)}
        self.clocks = clocks
        self.clock_slot = {name: len(self.owners) + number for number, name in enumerate(self.clocks)}
        self.stops = {name: _stops(parts, name) for name in self.clocks}
        after = len(self.owners) + len(self.clocks)
        late = dict.fromkeys(kind for clock in clocks if (kind := self.world.clocks[clock].late) in parts)
        self.late = {kind: after + number for number, kind in enumerate(late) if kind}
        self.about: list[Deed | None] = [None]
        self._fitting: dict[tuple[Subject, frozenset[int]], tuple[int, frozenset[int]] | None] = {}
        turns = {
            owner: [[self._turn(owner, e) for e in edges] for edges in part.edges]
            for owner, part in parts.items()
        }
        self._acts = [[[t for t in own if not _urgent(t.edge)] for own in turns[owner]] for owner in parts]
        self._urgent = [[[t for t in own if _urgent(t.edge)] for own in turns[owner]] for owner in parts]
        self._reacting = [slot for slot, own in enumerate(self._urgent) if any(own)]
        kinds = self.world.main.matters
        self._blocking = [
            owner for owner in self.owners[1:] if owner in kinds and kinds[owner].at_end == "blocks"
        ]
        self._cancelled = [
            owner for owner in self.owners[1:] if owner in kinds and kinds[owner].at_end == "cancelled"
        ]
        self._open = [
            frozenset(n for n, place in enumerate(p.places, 1) if not place.state.final)
            for p in parts.values()
        ]
        self._last = after + len(self.late)

    def state(self, row: Row, owner: str) -> State:
        """Return the state *owner* is in; that of a matter that is not open is meaningless."""
        return self.parts[owner].places[row[self.slot[owner]] - 1].state

    def is_open(self, row: Row, owner: str) -> bool:
        """Return True where *owner* is there and has not ended."""
        slot = self.slot[owner]
        return row[slot] in self._open[slot]

    def stopped(self, row: Row, clock: str) -> bool:
        """Return True where *clock* stands still."""
        return row[self.clock_slot[clock]] >= STOPPED

    def explore(self, most: int) -> Explored:
        """Return every situation that can be reached. Raises TooMany where there are more than *most*."""
        found = Explored(self)
        numbers: dict[Row, int] = {}
        for row in self._first():
            _number(found, numbers, self._settled(row), (-1, ""), most)
        at = 0
        while at < len(found.rows):
            steps: dict[tuple[int, str, bool], None] = {}
            for row, name, firm in self._next(found.rows[at]):
                steps[_number(found, numbers, row, (at, name), most), name, firm] = None
            found.steps.append([Step(*step) for step in steps])
            at += 1
        return found

    def _first(self) -> Iterator[Row]:
        opening = self.world.main.on_open
        clocks = [UNSTARTED] * (self._last - len(self.owners))
        for begins in self.parts[MAIN].begins:
            row = (begins + 1, *(ABSENT for _ in self.owners[1:]), *clocks)
            if opening is None:
                yield row
                continue
            deeds = tuple(Deed(effect.clock, effect.verb) for effect in opening.clock)
            edge = Edge("opening", begins, deeds=deeds, opens=opening.open)
            yield from self._done(row, MAIN, edge)

    def _next(self, row: Row) -> Iterator[tuple[Row, str, bool]]:
        for slot, acts in enumerate(self._acts):
            at = row[slot] - 1
            for turn in acts[at] if at >= 0 else ():
                if not self._possible(row, turn):
                    continue
                if turn.bare:
                    yield (
                        self._settled(_with(row, slot, turn.edge.target + 1)),
                        turn.name,
                        not turn.edge.limited,
                    )
                    continue
                for done in self._done(row, self.owners[slot], turn.edge):
                    yield self._settled(done), turn.name, not turn.edge.limited
        if self.open_from and row[0] in self._open[0]:
            here = self.parts[MAIN].places[row[0] - 1].states
            for kind, opened in self.open_from.items():
                by = next((by for by, states in opened if states & here), None)
                if by is not None and not self.is_open(row, kind):
                    for done in self._opened(row, kind):
                        yield self._settled(done), by, False

    def _turn(self, owner: str, edge: Edge) -> _Turn:
        when = (
            None
            if () in edge.when
            else tuple(
                tuple(place for one in condition if (place := self._places(*one)) is not None)
                for condition in edge.when
            )
        )
        name = f"{owner}.{edge.name}" if owner else edge.name
        bare = not (edge.deeds or edge.opens or edge.closes)
        return _Turn(edge, name, self.slot[owner], when, bare)

    def _possible(self, row: Row, turn: _Turn) -> bool:
        if turn.when is not None and not _holds(row, turn.when):
            return False
        if turn.edge.waits and any(row[slot] >= STOPPED for slot in self.clock_slot.values()):
            return False
        return not (turn.edge.ends and any(self.is_open(row, owner) for owner in self._blocking))

    def _places(self, subject: Subject, known: frozenset[int]) -> tuple[int, frozenset[int]] | None:
        """Return the slot that *subject* stands in and what may stand there; None where it is not looked at here."""
        key = (subject, known)
        if key not in self._fitting:
            if subject.kind == "matter":
                self._fitting[key] = self._matters(subject, known)
            else:
                self._fitting[key] = self._facts(subject, known)
        return self._fitting[key]

    def _matters(self, subject: Subject, known: frozenset[int]) -> tuple[int, frozenset[int]] | None:
        part = self.parts.get(subject.name)
        if part is None or subject.name == MAIN:
            return None
        values = {self.domains.values(subject)[n] for n in known}
        found = {ABSENT} if () in values else set()
        found |= {CANCELLED} if ("cancelled",) in values else set()
        found |= {n for n, place in enumerate(part.places, 1) if (place.state.outcome,) in values}
        return self.slot[subject.name], frozenset(found)

    def _facts(self, subject: Subject, known: frozenset[int]) -> tuple[int, frozenset[int]] | None:
        main = self.parts[MAIN]
        if subject not in main.tracked:
            return None
        number = main.tracked.index(subject)
        return self.slot[MAIN], frozenset(
            n for n, place in enumerate(main.places, 1) if place.facts[number] & known
        )

    def _done(self, row: Row, owner: str, edge: Edge) -> Iterator[Row]:
        """Yield what *edge* may make of *row*, before anything reacts to it."""
        moved = _with(row, self.slot[owner], edge.target + 1)
        for clocked in self._clocked(moved, owner, edge.deeds):
            closed = clocked
            for kind in edge.closes:
                if kind in self.slot and self.is_open(closed, kind):
                    closed = _with(closed, self.slot[kind], CANCELLED)
            rows = [closed]
            for kind in edge.opens:
                rows = [done for r in rows for done in self._opened(r, kind)] if kind in self.slot else rows
            yield from rows
            for deed in edge.deeds:
                late = self.world.clocks[deed.clock].late if deed.clock in self.world.clocks else None
                if late in self.late and deed.verb in _ON_A_CLOCK:
                    for r in rows:
                        for opened in self._opened(r, late):
                            yield _with(opened, self.late[late], self._about(deed))

    def _opened(self, row: Row, kind: str) -> Iterator[Row]:
        for begins in self.parts[kind].begins:
            yield _with(row, self.slot[kind], begins + 1)
        if self._may_be_none(kind):
            yield row

    def _may_be_none(self, kind: str) -> bool:
        """Return True where opening *kind* may open nothing: a case need not have a third party, nor a list its cases."""
        per = self.world.kinds[kind].per
        fact = self.world.main.facts.get(per or "")
        if fact is not None:
            return not fact.least or kind in self.unlisted
        if per is None or self.world.alone:
            return per == "third_party"
        sides = self.world.main.parties
        return not sides if per == ANY_PARTY else per not in sides

    def _clocked(self, row: Row, owner: str, deeds: tuple[Deed, ...]) -> list[Row]:
        rows = [row]
        for deed in deeds:
            if deed.clock in self.clock_slot:
                rows = [done for r in rows for done in self._turned(r, owner, deed)]
        return rows

    def _turned(self, row: Row, owner: str, deed: Deed) -> Iterator[Row]:
        """Yield what the law lets *deed* make of its clock; nothing where it refuses it."""
        slot = self.clock_slot[deed.clock]
        now, stops = row[slot], self.stops[deed.clock]
        alive = now not in (UNSTARTED, ENDED)
        match deed.verb:
            case "start" if now == UNSTARTED:
                yield _with(row, slot, RUNNING)
            case "suspend" if now == RUNNING:
                yield from (
                    _with(row, slot, STOPPED + n) for n, stop in enumerate(stops) if stop == deed.refs
                )
            case "resume" if now >= STOPPED and (deed.refs == {""} or deed.refs & stops[now - STOPPED]):
                yield _with(row, slot, RUNNING)
            case "end" if alive:
                yield _with(row, slot, ENDED)
            case "restart" | "extend" | "exclude" | "publication" if alive:
                yield row
            case "target":
                yield row
            case "strike":
                yield self._struck(row, owner, deed.clock)
            case _:
                return

    def _struck(self, row: Row, owner: str, clock: str) -> Row:
        """Return *row* without the late entry that *owner*'s matter is about."""
        about = self.about[row[self.late[owner]]] if owner in self.late else None
        slot = self.clock_slot[clock]
        now, stops = row[slot], self.stops[clock]
        if about is None or about.clock != clock:
            return row
        if about.verb == "suspend" and now >= STOPPED and stops[now - STOPPED] == about.refs:
            return _with(row, slot, RUNNING)
        if about.verb == "resume" and now == RUNNING:
            was = [n for n, stop in enumerate(stops) if about.refs == {""} or stop & about.refs]
            return _with(row, slot, STOPPED + was[0]) if was else row
        return row

    def _about(self, deed: Deed) -> int:
        kept = deed if deed.verb in ("suspend", "resume") else None
        if kept not in self.about:
            self.about.append(kept)
        return self.about.index(kept)

    def _settled(self, row: Row) -> Row:
        """Return *row* after whatever follows by itself: reactions of all that wait, and the end of the case."""
        for _ in range(REACTIONS_MOST):
            if (reacted := self._reacted(row)) is None:
                break
            row = reacted
        if row[0] not in self._open[0]:
            for kind in self._cancelled:
                if self.is_open(row, kind):
                    row = _with(row, self.slot[kind], CANCELLED)
            for slot in self.clock_slot.values():
                row = _with(row, slot, ENDED) if row[slot] != UNSTARTED else row
        for kind, slot in self.late.items():
            row = row if self.is_open(row, kind) else _with(row, slot, 0)
        return row

    def _reacted(self, row: Row) -> Row | None:
        for slot in self._reacting:
            at = row[slot] - 1
            for turn in self._urgent[slot][at] if at >= 0 else ():
                if self._possible(row, turn):
                    return _with(row, slot, turn.edge.target + 1)
        return None


def _urgent(edge: Edge) -> bool:
    """Return True for a reaction of which all is known: it comes at once, before anybody can act."""
    return edge.reaction and edge.exact


def _holds(row: Row, when: tuple[tuple[tuple[int, frozenset[int]], ...], ...]) -> bool:
    return any(all(row[slot] in fitting for slot, fitting in condition) for condition in when)


def _with(row: Row, slot: int, value: int) -> Row:
    return row if row[slot] == value else (*row[:slot], value, *row[slot + 1 :])


def _stops(parts: Mapping[str, Part], clock: str) -> tuple[frozenset[str], ...]:
    """Return every name that a stop of *clock* can go by."""
    found: dict[frozenset[str], None] = {}
    for part in parts.values():
        for edges in part.edges:
            for edge in edges:
                found |= {
                    deed.refs: None for deed in edge.deeds if deed.clock == clock and deed.verb == "suspend"
                }
    return tuple(found)


def _number(found: Explored, numbers: dict[Row, int], row: Row, before: tuple[int, str], most: int) -> int:
    if row not in numbers:
        if len(numbers) >= most:
            raise TooMany
        numbers[row] = len(numbers)
        found.rows.append(row)
        found.before.append(before)
    return numbers[row]
