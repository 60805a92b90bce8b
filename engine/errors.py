"""Errors: what is broken or asked wrongly, one class a cause.

Room for: the root error and its causes, each with a code and a sentence in both languages.
May not enter: lawful refusals (`engine/model/answers.py`): a "no" of the procedure is a value.
"""

from __future__ import annotations

from engine.text import Text


class AnxuError(Exception):
    """The root of every error of ours: a stable code and a sentence naming place, reason and remedy."""

    code = "error"

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


class CalendarEnds(AnxuError):
    """A date was asked for beyond the years the calendar table can answer for (K20)."""

    code = "calendar_ends"


class ClocksDisagree(AnxuError):
    """The two ways of counting an award period of *case* came to different answers: no date may be relied on."""

    code = "clocks_disagree"

    def __init__(self, sentence: Text, case: str) -> None:
        super().__init__(sentence)
        self.case = case


class BrokenBackup(AnxuError):
    """A backup that is cut off, changed or of a form that is not known."""

    code = "broken_backup"


class BrokenHistory(AnxuError):
    """Stored events do not add up to a case."""

    code = "broken_history"


class UnknownCase(AnxuError):
    """No case is known by this number or id."""

    code = "unknown_case"


class UnknownName(AnxuError):
    """A procedure, person, office or other name that nothing here has."""

    code = "unknown_name"


class KeyReused(AnxuError):
    """A request key came again with another request."""

    code = "key_reused"


class WrongUse(AnxuError):
    """The call itself makes no sense: flags, files or values that cannot be read."""

    code = "wrong_use"


class AlreadyThere(WrongUse):
    """What would be made is there already; it is never written over."""

    code = "already_there"


class Conflict(AnxuError):
    """The case changed while it was decided on, more often than we retry."""

    code = "conflict"


class StoreAway(AnxuError):
    """The database is locked or gone; the same call may go through later. *reason* is one of `REASONS`.

    *cause* is what the database itself said. Of work in several commits *begun* says what is true of those that went
    through before; None: nothing was written.
    """

    code = "store_away"
    REASONS = ("gone", "locked", "full", "read_only", "busy")

    def __init__(
        self, sentence: Text, reason: str = "gone", *, cause: str = "", begun: Text | None = None
    ) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.cause = cause
        self.begun = begun


class OutcomeUnknown(StoreAway):
    """The answer to a commit was lost: it may have been written. *happened* says so; what to do is said behind it.

    With a request key (`with_key`) the same call tells; without one, whoever asked has to look.
    """

    code = "outcome_unknown"

    def __init__(self, happened: Text, *, key: bool = False, cause: str = "") -> None:
        remedy = _ASK_AGAIN if key else _LOOK
        super().__init__(Text(f"{happened.zh}{remedy.zh}", f"{happened.en} {remedy.en}"), cause=cause)
        self.happened = happened

    def with_key(self) -> OutcomeUnknown:
        """Return the same for a call that has a request key."""
        return OutcomeUnknown(self.happened, key=True, cause=self.cause)


_ASK_AGAIN = Text(
    "请用同一请求键再试一次，不会重复记录。",
    "Ask again with the same request key: nothing is recorded twice.",
)
_LOOK = Text("请先查看是否已经写入，再决定是否重做。", "Look whether it is there before doing it again.")


class ClockApart(AnxuError):
    """This machine's clock and the database's are too far apart for anything to be fired by it."""

    code = "clock_apart"


class BrokenDefinition(AnxuError):
    """A file of definitions has problems; *problems* holds them in order."""

    code = "broken_definition"

    def __init__(self, sentence: Text, problems: tuple[object, ...] = ()) -> None:
        super().__init__(sentence)
        self.problems = problems
