"""Steps: what people do to cases in the simulated office: act, open, correct, send again, come with an old form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlalchemy import select

from engine.api import ActionLine, Engine, Party, Refusal, field_line
from engine.model.rules import Rules
from engine.service.pages import Done
from engine.store import tables as t
from tests.builders import INSTITUTION, a_file
from tests.cast import PLACE
from tests.simulation.checking import overdue_timers
from tests.simulation.faults import Broken
from tests.simulation.forms import filled, papers, said
from tests.simulation.world import Node, Sent, World

TROUBLE = 0.3
"""How often a request meets a fault."""

FORM_WRONG = frozenset({"guard", "bad_fact", "missing_fact", "missing_document"})
FILLED_AGAIN = 3
"""How often somebody fills in a form once more that was not taken."""

KINDS_OF_CASE = (
    "labour",
    "labour",
    "labour",
    "commercial",
    "commercial_summary",
    "agreement_review",
    "backlog",
)


def act(world: World, node: Node) -> None:
    """Somebody who is awaited, or anybody at all, does one of the moves they are shown."""
    found = _form(world, node)
    if found is None:
        return
    sent, line = found
    if world.draw.random() < 0.08:
        world.stale.append(sent)
        world.note(f"{sent.by} opens a form and leaves it: {sent.words}")
        return
    settled = _nothing_due(world, node)
    answer, smooth = send(world, node, sent)
    if smooth and settled and not line.allowed and isinstance(answer, Done):
        raise Broken(f"the page said no and the act went through: {sent.words}")
    for _ in range(FILLED_AGAIN):
        if not isinstance(answer, Refusal) or answer.code not in FORM_WRONG:
            return
        sent = _sent(world, node, sent.number, sent.by, line)
        answer, _ = send(world, node, sent)


def come_late(world: World, node: Node) -> None:
    """Somebody sends the form they opened long ago."""
    if not world.stale:
        return
    sent = world.stale.pop(world.draw.randrange(len(world.stale)))
    world.note(f"{sent.by} comes back to an old form")
    send(world, node, sent)


def send_again(world: World, node: Node) -> None:
    """A request that was answered comes once more, to any node: the answer is the same."""
    answered = [sent for sent in world.sent if sent.answer and sent.key]
    if not answered:
        return
    sent = world.draw.choice(answered)
    with world.troubled(node, TROUBLE / 2) as happened:
        answer = sent.call(node.engine)
        world.note(f"again: {sent.words} {' '.join(happened)}")
        if not (isinstance(answer, Done) and answer.again and replace(answer, again=False) == sent.answer):
            raise Broken(f"the same key got another answer: {sent.words}")
        world.count("sent again")


def open_case(world: World, node: Node) -> None:
    """Somebody who may opens a case of some kind."""
    draw, rules = world.draw, node.engine.rules()
    name = draw.choice(KINDS_OF_CASE)
    procedure = rules.definitions[rules.in_force[name]]
    opening = procedure.on_open
    assert opening is not None
    able = [p for who in procedure.opened_by for p in rules.people.holders(who.name, PLACE, world.today)]
    by = draw.choice(able) if able and draw.random() < 0.95 else _anybody(world, rules)
    fields = [
        field_line(rules, PLACE, procedure.facts[fact], fact in opening.needs, world.today)
        for fact in dict.fromkeys((*opening.needs, *opening.asks))
    ]
    facts = filled(fields, draw, world.today, _numbers(node))
    files = papers(opening.attach, draw, world.today)
    parties = [
        Party("", role, f"{role}{draw.randint(1, 99)}")
        for role in procedure.parties
        for _ in range(draw.choice([1, 1, 2]) if role == "respondent" else 1)
    ]
    key = world.new_key()
    call: Callable[[Engine], Done | Refusal] = lambda engine: engine.open_case(  # noqa: E731
        name, by, parties=parties, facts=facts, documents=files, key=key
    )
    send(world, node, Sent(f"open {name} by {by} {said(facts)}", key, by, "open", call))


def correct(world: World, node: Node) -> None:
    """The director, or somebody who may not, corrects what an event of some case recorded."""
    draw, rules = world.draw, node.engine.rules()
    number = draw.choice(_numbers(node))
    events = [
        e for e in node.engine.history(number) if e.kind in ("moved", "case_opened") and (e.facts or e.clock)
    ]
    if not events:
        return
    event = draw.choice(events)
    procedure = rules.definitions[event.definition]
    known = [n for n in event.facts if n in procedure.facts]
    chosen = draw.sample(known, min(len(known), 1)) if draw.random() < 0.7 else []
    fields = [field_line(rules, PLACE, procedure.facts[n], True, world.today) for n in chosen]
    facts = filled(fields, draw, world.today, _numbers(node))
    on = event.on + timedelta(days=draw.choice([-3, -1, 1, 2])) if draw.random() < 0.4 else None
    by = draw.choice(["fang", "fang", "wei", _anybody(world, rules)])
    files = [a_file(draw.choice(["order", "proof_of_service"]))] if draw.random() < 0.7 else []
    key = world.new_key()
    words = f"correct {number} #{event.seq} {event.move} by {by} on={on} {said(facts)}"
    call: Callable[[Engine], Done | Refusal] = lambda engine: engine.correct(  # noqa: E731
        number, event.seq, by, reason="录入有误", facts=facts, documents=files, on=on, key=key
    )
    send(world, node, Sent(words, key, by, "corrected", call))


def send(world: World, node: Node, sent: Sent) -> tuple[Done | Refusal | None, bool]:
    """Send a request, and once more where no answer came; return the answer, and whether nothing came between."""
    answer: Done | Refusal | None = None
    before = dict(_versions(node))
    with world.troubled(node, TROUBLE, partial(do_something, world)) as happened:
        answer = sent.call(node.engine)
    smooth = not happened and not world.depth
    if answer is None:
        world.ledger.doubted.append((sent.by, sent.move))
        world.note(f"{node.name}: {sent.words} {' '.join(happened)}")
        world.count("no answer")
        if sent.key is None or world.draw.random() < 0.2:
            return None, False
        again = world.some_node() if not world.depth else node
        with world.troubled(again, 0.0) as more:
            answer = sent.call(again.engine)
        happened += ["| sent again:", *more]
        if answer is None:
            return None, False
        world.ledger.doubted.remove((sent.by, sent.move))
    if isinstance(answer, Done):
        _told(world, node, sent, answer)
    elif smooth and dict(_versions(node)) != before:
        raise Broken(f"a refusal wrote something: {sent.words}")
    world.note(f"{node.name}: {sent.words} {' '.join(happened)} ⇒ {_short(answer)}")
    return answer, smooth


def do_something(world: World, node: Node) -> None:
    """What another node does while one is in the middle of something."""
    from tests.simulation.office_steps import change_people, sweep

    world.draw.choice([act, act, act, sweep, sweep, open_case, correct, send_again, change_people])(
        world, node
    )


def _told(world: World, node: Node, sent: Sent, answer: Done) -> None:
    world.count("done")
    world.count(f"move {sent.move}")
    world.ledger.told(answer.case, answer.events)
    if sent.key:
        sent.answer = replace(answer, again=False)
        world.sent.append(sent)


def _form(world: World, node: Node) -> tuple[Sent, ActionLine] | None:
    draw, engine = world.draw, node.engine
    rules = engine.rules()
    numbers = _numbers(node, open_only=draw.random() < 0.9)
    if not numbers:
        return None
    number = draw.choice(numbers)
    awaited = _awaited(node, number, rules, world)
    by = draw.choice(awaited) if awaited and draw.random() < 0.85 else _anybody(world, rules)
    lines = engine.actions(number, by)
    allowed = [line for line in lines if line.allowed]
    pool = allowed if allowed and draw.random() < 0.93 else list(lines)
    if not pool:
        return None
    line = draw.choices(pool, [4 if one.primary else 1 for one in pool])[0]
    return _sent(world, node, number, by, line), line


def _sent(world: World, node: Node, number: str, by: str, line: ActionLine) -> Sent:
    """A move's form filled in anew."""
    draw = world.draw
    facts = filled(line.fields, draw, world.today, _numbers(node))
    files = papers([kind for kind, _ in line.documents], draw, world.today)
    on = world.today - timedelta(days=draw.choice([1, 2, 5, 20])) if draw.random() < 0.06 else None
    seen = line.seen if draw.random() < 0.8 else None
    override = "特殊情况" if draw.random() < 0.03 else ""
    key = world.new_key() if draw.random() < 0.9 else None
    call: Callable[[Engine], Done | Refusal] = lambda engine: engine.act(  # noqa: E731
        number, line.move, by, matter=line.matter, facts=facts, documents=files, seen=seen, on=on, key=key,
        override=override,
    )  # fmt: skip

    def checked(engine: Engine) -> Done | Refusal:
        answer = call(engine)
        if isinstance(answer, Done) and seen is not None and not answer.again:
            _not_stale(engine, answer, line.matter, seen)
        return answer

    words = f"{number} {line.matter_kind}/{line.matter} {line.move} by {by}"
    words += f" on={on}" if on else ""
    return Sent(f"{words} {said(facts)}", key, by, line.move, checked, number)


def _not_stale(engine: Engine, answer: Done, matter: str, seen: int) -> None:
    between = [
        e.seq for e in engine.history(answer.number)
        if e.matter == matter and e.kind in ("moved", "reacted") and seen < e.seq < answer.seq
    ]  # fmt: skip
    if between:
        raise Broken(f"{answer.number}: a form of {seen} went through after {between}")


def _awaited(node: Node, number: str, rules: Rules, world: World) -> list[str]:
    c, d = t.cases.c, t.todos.c
    query = (
        select(d.role, d.person)
        .join(t.cases, (c.institution == d.institution) & (c.id == d.case_id))
        .where(c.institution == INSTITUTION, c.number == number)
        .order_by(d.matter, d.role, d.person)
    )
    with node.database.reading() as connection:
        rows = connection.execute(query).all()
    people = rules.people
    found = [
        person
        for row in rows
        for person in (
            [row.person] if people.person(row.person) else people.holders(row.role, PLACE, world.today)
        )
    ]
    return [people.substitute(person, world.today) or person for person in found]


def _numbers(node: Node, open_only: bool = False) -> Sequence[str]:
    c = t.cases.c
    query = select(c.number).where(c.institution == INSTITUTION).order_by(c.opened_at, c.id)
    with node.database.reading() as connection:
        return list(connection.execute(query.where(c.open) if open_only else query).scalars())


def _versions(node: Node) -> list[tuple[str, int]]:
    c = t.cases.c
    with node.database.reading() as connection:
        rows = connection.execute(select(c.id, c.version).where(c.institution == INSTITUTION)).all()
    return [(row.id, row.version) for row in rows]


def _nothing_due(world: World, node: Node) -> bool:
    with node.engine.office.reading() as unit:
        return overdue_timers(unit, world.now()) == 0


def _anybody(world: World, rules: Rules) -> str:
    return world.draw.choice(sorted(person.id for person in rules.people.persons))


def _short(answer: Done | Refusal | None) -> str:
    if isinstance(answer, Done):
        seqs = f"{answer.events[0].seq}..{answer.events[-1].seq}"
        return f"{answer.number} {seqs} {answer.source or ''}→{answer.target or ''}{' again' if answer.again else ''}"
    return f"no: {answer.code} {answer.fact or ''}" if answer else "nothing"
