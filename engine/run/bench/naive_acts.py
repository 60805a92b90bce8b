"""Naive acts: what people write first: a machine of `transitions` on each case, kept by an object-relational mapper.

Room for: that, on the tables of the bare limit.
May not enter: the engine: this is what it is compared with.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from transitions import Machine

from engine.run.bench.bare_acts import EVENT_BODY

STATES = ("filed", "proposed", "accepted", "heard", "decided")


class Base(DeclarativeBase):
    """The tables as the mapper knows them."""


class NaiveCase(Base):
    """A case with its state in a column that the machine sets."""

    __tablename__ = "bare_cases"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, object]:  # noqa: N805 - as the mapper calls it
        return {"version_id_col": cls.__table__.c.version}


class NaiveEvent(Base):
    """What happened."""

    __tablename__ = "bare_events"

    case_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)


class NaiveTimer(Base):
    """When something is due."""

    __tablename__ = "bare_timers"

    case_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[str] = mapped_column(String(30))


class NaiveActs:
    """Acts on the cases with *ids*, one after another, round and round."""

    def __init__(self, engine: Engine, ids: Sequence[str]) -> None:
        self._engine = engine
        self._ids = ids
        self._done = 0

    def act(self) -> None:
        """Do one act in one transaction."""
        id = self._ids[self._done % len(self._ids)]
        self._done += 1
        with Session(self._engine) as session:
            case = session.get_one(NaiveCase, id)
            seq = case.version + 1
            case.state = case.state if case.state in STATES else STATES[0]
            machine = Machine(model=case, states=list(STATES), initial=case.state, auto_transitions=False)
            for source, target in zip(STATES, (*STATES[1:], STATES[0]), strict=True):
                machine.add_transition("advance", source, target)
            case.advance()  # type: ignore[attr-defined]
            timer = session.get_one(NaiveTimer, (id, "award.limit"))
            timer.due_at = f"2026-10-{self._done % 28 + 1:02} 16:00:00"
            session.add(NaiveEvent(case_id=id, seq=seq, hash="0" * 64, body=EVENT_BODY))
            session.commit()
