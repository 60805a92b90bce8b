"""Setting back: a case whose rungs cannot be fired is tried again, ever later, then put aside and shown until taken up.

Room for: how long to wait, telling who looks after it, taking one up again, the list of them.
May not enter: firing rungs (`sweeping.py`), rows (`engine/store/setbacks.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from engine.core.draft import next_working_morning
from engine.errors import AnxuError, Conflict
from engine.model.answers import Notice, Refusal
from engine.service.office import Office, Unit
from engine.service.staff import known_person
from engine.service.watching import not_a_watcher, watchers, watches
from engine.store.setbacks import FAR, Setback
from engine.store.unit import Unit as Stored
from engine.text import Text

log = structlog.get_logger(__name__)

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
"""How long a case is left alone after its first failure, its second, and so on; after one more it is put aside."""

TRIES = len(PAUSES) + 1

CAUSE_MOST = 500

SHOWN_MOST = 200

TAKE_UP = Text("重新发起", "take it up again")


@dataclass(frozen=True, slots=True)
class SetbackLine:
    """A case that could not be settled, as shown; *put_aside* where it is not tried again by itself."""

    case: str
    number: str
    tries: int
    since: datetime
    last_at: datetime
    next_at: datetime | None
    cause: Text

    @property
    def put_aside(self) -> bool:
        """Whether it waits for somebody to take it up again."""
        return self.next_at is None


def cause_of(error: Exception) -> Text:
    """Return *error* in a sentence of bounded length."""
    if isinstance(error, AnxuError):
        return Text(error.sentence.zh[:CAUSE_MOST], error.sentence.en[:CAUSE_MOST])
    said = f"{type(error).__name__}: {error}"[:CAUSE_MOST]
    return Text(f"程序错误（{said}）", said)


def record(office: Office, at: datetime, case_id: str, cause: Text) -> None:
    """Count a failure of a case: once, whoever else failed on it at the same time; after `TRIES` it is put aside."""
    try:
        with office.writing(at) as unit:
            before = unit.setbacks.of(case_id)
            if before is None:
                unit.setbacks.begin(Setback(case_id, 1, at, at, at + PAUSES[0], cause))
                return
            if before.next_at is not None and at < before.next_at <= at + FAR:
                return  # another sweep has counted this try already
            tries = before.tries + 1
            next_at = at + PAUSES[tries - 1] if tries < TRIES else None
            after = replace(before, tries=tries, last_at=at, next_at=next_at, cause=cause)
            if before.next_at is not None and unit.setbacks.go_on(before, after) and after.next_at is None:
                _tell(unit, after, at)
                log.error("case_put_aside", case=case_id, tries=tries, cause=cause.en)
    except Conflict:
        # Somebody else failed on it too, and has written it down.
        return


def forget(office: Office, case_id: str) -> None:
    """Forget that a case failed: an act has settled it just now. Should that fail, the next sweeper forgets it."""
    try:
        with office.database.writing() as connection:
            Stored(connection, office.institution).setbacks.clear([case_id])
    except AnxuError:
        return


def lines(office: Office) -> tuple[SetbackLine, ...]:
    """Return the cases that are set back, those put aside first, then those that failed first."""
    with office.reading() as unit:
        return tuple(_line(unit, one) for one in unit.setbacks.all(SHOWN_MOST))


def take_up_again(
    office: Office, at: datetime, named: str, by: str | None = None
) -> tuple[str, str] | Refusal:
    """Forget the setback of a case, by id or number, so that the next sweep takes it; return its id and number.

    By a person (*by*) only where they are a supervisor or administrator of the case's office today; without one it is
    whoever runs the machine. A case that never failed, or is mended, is refused. Raises UnknownCase.
    """
    with office.writing(at) as unit:
        case_id = unit.cases.id_of(named)
        known = unit.setbacks.known(case_id)
        assert known is not None
        if by is not None:
            known_person(unit.rules, by)
            if not watches(unit.rules, by, known.office, at):
                return not_a_watcher(unit.rules, known.office, by, at, TAKE_UP)
        if unit.setbacks.of(case_id) is None:
            return _not_set_back(known.number)
        unit.setbacks.clear([case_id])
    log.info("case_taken_up_again", case=case_id, by=by or "")
    return case_id, known.number


def _not_set_back(number: str) -> Refusal:
    return Refusal(
        "not_set_back",
        Text(f"{number}没有被搁置，也不在等待重试", f"{number} was not put aside and awaits no other try"),
        enables=Text("无须重新发起；到期提醒由 anxu sweep 发出", "Nothing is to be taken up; anxu sweep fires what is due"),
    )  # fmt: skip


def _tell(unit: Unit, setback: Setback, at: datetime) -> None:
    known = unit.setbacks.known(setback.case)
    if known is None:
        return
    sentence = Text(
        f"{known.number}：到期提醒试发{setback.tries}次均失败，已搁置，不再自动重试。原因：{setback.cause.zh}",
        f"{known.number}: its due reminders failed {setback.tries} times and are put aside; nothing tries again by "
        f"itself. Why: {setback.cause.en}",
    )
    starts = next_working_morning(unit.rules, known.office, at)
    code = f"put_aside.{setback.first_at:%Y%m%d%H%M%S}"
    unit.incidents.tell(
        Notice(person, setback.case, known.matter, known.version, sentence, starts, code)
        for person in watchers(unit.rules, known.office, at)
    )


def _line(unit: Unit, one: Setback) -> SetbackLine:
    known = unit.setbacks.known(one.case)
    number = known.number if known else one.case
    return SetbackLine(one.case, number, one.tries, one.first_at, one.last_at, one.next_at, one.cause)
