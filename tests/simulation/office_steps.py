"""Office steps: what happens around the cases: sweeps, leave, notices, versions, clocks that are set, days away, looking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from engine.api import AnxuError, Engine
from engine.model.answers import Refusal
from engine.model.people import Absence, Holding, Person
from engine.service.migration_pages import MigrationPage
from tests.builders import REGISTER_FILE, edited, register_text
from tests.cast import ADMIN, FANG, PLACE, WEI
from tests.service.notice_texts import NOTICE, notice_2027
from tests.service.versions import titled
from tests.simulation.checking import overdue_timers
from tests.simulation.faults import Broken
from tests.simulation.steps import TROUBLE, _anybody, _numbers, do_something
from tests.simulation.world import EXPECTED, Node, World


def sweep(world: World, node: Node) -> None:
    """Fire what is due; without a fault nothing due is left."""
    with world.troubled(node, TROUBLE, partial(do_something, world)) as happened:
        swept = node.engine.sweep()
        world.count("rungs fired" if swept.fired else "idle sweeps")
        if swept.fired or happened:
            world.note(f"{node.name}: sweep fired {swept.fired} in {swept.cases} {' '.join(happened)}")
        if happened or world.depth:
            return
        if swept.failed:
            raise Broken(f"a sweep failed on {swept.failed} without a fault")
        with node.engine.office.reading() as unit:
            left = overdue_timers(unit, world.now())
        if left:
            raise Broken(f"{left} rungs are due after a sweep that nothing disturbed")
    if "→ died" in happened:
        world.note(f"{node.name}: sweep {' '.join(happened)}")


def change_people(world: World, node: Node) -> None:
    """Somebody goes on leave, gets a role for a while, loses one, or begins to work here."""
    draw, rules, today = world.draw, node.engine.rules(), world.today
    who, other = _anybody(world, rules), _anybody(world, rules)
    staff = node.engine.staff
    until = today + timedelta(days=draw.choice([0, 1, 3, 10]))
    roles = ("arbitrator", "reviewer_1", "reviewer_2", "reviewer_3", "secretary", "director", "supervisor")
    role = draw.choice(roles)
    new = f"new{draw.randint(1, 30)}"

    def join() -> None:
        staff.add(Person(new, f"新人{new}"))
        staff.give(Holding(new, role, PLACE, today))

    changes: dict[str, Callable[[], None]] = {
        f"{who} is away until {until}, {other} stands in": lambda: staff.leave(
            Absence(who, today, until, other if other != who else None)
        ),
        f"{who} is away until {until}": lambda: staff.leave(Absence(who, today, until)),
        f"{who} is {role} until {until}": lambda: staff.give(Holding(who, role, PLACE, today, until)),
        f"{who} is {role} no more": lambda: staff.end(who, role, PLACE, today),
        f"{new} joins as {role}": join,
    }  # fmt: skip
    words, change = list(changes.items())[draw.choices(range(5), [4, 2, 3, 1, 2])[0]]
    _done(world, node, words, change)


def change_calendar(world: World, node: Node) -> None:
    """A holiday notice comes, or the office gets a rest day of its own, or has to give one back."""
    draw, engine, today = world.draw, node.engine, world.today
    day = today + timedelta(days=draw.randint(-5, 60))
    changes: dict[str, Callable[[], object]] = {
        "the notice of 2027": lambda: engine.load_notice("2027.csv", notice_2027(), 2027, NOTICE, ADMIN),
        f"another notice of 2027 with {day.replace(year=2027)}": lambda: engine.load_notice(
            "2027.csv", notice_2027(rest=[day.replace(year=2027, day=min(day.day, 28)).isoformat()]), 2027, f"{NOTICE}更正", ADMIN
        ),
        f"{day} is a rest day here": lambda: engine.change_rest_days(PLACE, ADMIN, reason="停电", add=[day]),
        f"{day} is no rest day here": lambda: engine.change_rest_days(PLACE, ADMIN, reason="来电", remove=[day]),
    }  # fmt: skip
    words, change = list(changes.items())[draw.randrange(4)]
    _done(world, node, words, change)


def change_register(world: World, node: Node) -> None:
    """Another register comes into force, today or on a day to come."""
    draw = world.draw
    w1, target, r1 = draw.choice([10, 12, 14]), draw.choice([25, 30]), draw.choice([10, 15])
    text = edited(
        register_text(),
        ("rung: W1, when: 10 days", f"rung: W1, when: {w1} days"),
        ("labour, target: 30 days", f"labour, target: {target} days"),
        (
            "rung: R1, when: 30 days after stop, every: 15 days",
            f"rung: R1, when: 30 days after stop, every: {r1} days",
        ),
    )
    since = draw.choice([None, None, world.today + timedelta(days=draw.randint(1, 6))])
    _done(
        world,
        node,
        f"register W1={w1} target={target} R1={r1} since {since}",
        lambda: node.engine.activate({REGISTER_FILE: text}, ADMIN, since),
    )


def migrate(world: World, node: Node) -> None:
    """A procedure gets another version, and the open cases are brought to it by two persons, or back again."""
    draw, engine = world.draw, node.engine
    name = draw.choice(["extension", "award_review", "labour", "supervision"])
    mark = draw.choice("甲乙丙")
    _done(
        world,
        node,
        f"{name} version {mark}",
        lambda: engine.activate(titled(mark, f"workflows/{name}.yaml"), ADMIN),
    )
    number: int | None = None

    def propose() -> None:
        nonlocal number
        page = engine.migrations.propose(name, ADMIN)
        number = page.number if isinstance(page, MigrationPage) else None

    _done(world, node, f"migration of {name} proposed", propose)
    if number is None:
        return
    one = number
    _done(
        world,
        node,
        f"migration {one} approved",
        lambda: engine.migrations.approve(one, draw.choice([FANG, WEI]), skip_changed=True),
    )
    for _ in range(2):
        _done(
            world,
            world.some_node(),
            f"migration {one} gone on with",
            lambda: node.engine.migrations.resume(one),
        )
    if draw.random() < 0.5:
        _undo(world, node, one)


def _undo(world: World, node: Node, number: int) -> None:
    def undo() -> None:
        page = node.engine.migrations.propose_undoing(number, ADMIN)
        if not isinstance(page, Refusal) and page.number is not None:
            node.engine.migrations.approve(page.number, FANG, skip_changed=True)

    _done(world, node, f"migration {number} undone", undo)


def look(world: World, node: Node) -> None:
    """Somebody looks at a page; every page can be shown."""
    draw, engine = world.draw, node.engine
    number, by = draw.choice(_numbers(node)), _anybody(world, engine.rules())
    day = world.today - timedelta(days=draw.randint(0, 20))
    pages: dict[str, Callable[[Engine], object]] = {
        f"case {number}": lambda e: e.case_page(number, by), f"todos {by}": lambda e: e.lists.todos(by).lines, "cases": lambda e: e.cases(),
        "overdue clocks": lambda e: e.lists.overdue_clocks(), "overdue steps": lambda e: e.lists.overdue_steps(), "ledger": lambda e: e.lists.ledger().lines, f"strip {by}": lambda e: e.strip(by),
        f"inbox {by}": lambda e: e.inbox.page(by).lines, f"drawing {number}": lambda e: e.drawing(number), "moved": lambda e: e.moved_cases(),
        f"sheet {number}": lambda e: _sheet(e, number), f"case {number} as of {day}": lambda e: _as_of(e, number, by, day),
        f"read {by}": lambda e: e.inbox.mark_all_read(by),
    }  # fmt: skip
    words = draw.choice(sorted(pages))
    with world.troubled(node, TROUBLE / 3) as happened:
        try:
            pages[words](engine)
        except EXPECTED:
            raise
        except AnxuError as error:
            if error.code not in ("unknown_name", "wrong_use"):
                raise Broken(f"page {words}: {error.code}: {error}") from error
    world.count("pages")
    if happened:
        world.note(f"{node.name}: look at {words} {' '.join(happened)}")


def _sheet(engine: Engine, number: str) -> object:
    return engine.annex(engine.sheet(number), "admin")


def _as_of(engine: Engine, number: str, by: str, day: date) -> object:
    return engine.case_page(number, by, day)


def set_clock(world: World, node: Node) -> None:
    """The clocks of the office are set wrong, or right again."""
    hours = world.draw.choice([-1, 1, 25, -25, 0, 0])
    world.skew = timedelta(hours=hours)
    world.note(f"the clocks are {hours} h wrong")
    world.count("clock set")


def _done(world: World, node: Node, words: str, change: Callable[[], object]) -> None:
    outcome = "no answer"
    with world.troubled(node, TROUBLE if not world.depth else 0.0, partial(do_something, world)) as happened:
        try:
            answer = change()
            outcome = f"no: {answer.code}" if isinstance(answer, Refusal) else "done"
        except EXPECTED:
            raise
        except AnxuError as error:
            if error.code not in ("wrong_use", "unknown_name", "broken_definition", "broken_notice"):
                raise Broken(f"{words}: {error.code}: {error}") from error
            outcome = f"no: {error.code} {error}"
    world.count(f"office: {change.__qualname__.split('.')[0]}")
    world.note(f"{node.name}: {words} {' '.join(happened)} ⇒ {outcome[:160]}")
