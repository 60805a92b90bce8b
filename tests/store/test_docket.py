"""Lists over many cases, the same on either database: searching as people type, and pages that stay right."""

from __future__ import annotations

import pytest

from engine.errors import WrongUse
from engine.model.case import Party
from engine.service.engine import Engine
from engine.service.queues import CaseFilter
from engine.store.folding import fold_number, like_pattern
from tests.builders import Clock, a_file, day
from tests.cast import CLAIMANT, DU, FANG, JIA, LIN, WU, ZHOU
from tests.office import OfficeStory
from tests.procedures.way import suspend


def numbers(engine: Engine, **wanted: object) -> list[str]:
    return [line.number for line in engine.cases(CaseFilter(**wanted)).cases]  # type: ignore[arg-type]


def opened(engine: Engine, clock: Clock, *respondents: str, number: str | None = None) -> str:
    """The number of a new case against these respondents."""
    parties = [CLAIMANT, *(Party("", "respondent", name) for name in respondents)]
    answer = engine.open_case(
        "labour",
        LIN,
        parties=parties,
        facts={"cause": "wages"},
        documents=[a_file("application")],
        number=number,
    )
    return getattr(answer, "number", repr(answer))


# --- folding ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["双劳人仲案〔2026〕12号", "双劳人仲案[2026]12号", "双劳人仲案（2026）12号", "双劳人仲案(2026)12号", "双劳人仲案【2026】12号",
     "双劳人仲案〔２０２６〕１２号", "双劳人仲案〔2026〕012号", "双劳人仲案〔2026〕00012", "双劳人仲案 〔2026〕 12 号", "双劳人仲案2026-12"],
)  # fmt: skip
def test_a_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert fold_number(typed) == fold_number("双劳人仲案〔2026〕12号")


@pytest.mark.parametrize(
    "other",
    [
        "双劳人仲案〔2026〕1号",
        "双劳人仲案〔2026〕120号",
        "双劳人仲案〔2025〕12号",
        "劳人仲案〔2026〕12号",
        "双劳人仲案〔20261〕2号",
    ],
)
def test_another_number_stays_another(other: str) -> None:
    assert fold_number(other) != fold_number("双劳人仲案〔2026〕12号")


@pytest.mark.parametrize(("text", "pattern"), [("50%", "%50\\%%"), ("a_b", "%a\\_b%"), ("\\", "%\\\\%")])
def test_what_means_anything_in_a_pattern_is_taken_literally(text: str, pattern: str) -> None:
    assert like_pattern(text) == pattern


# --- searching --------------------------------------------------------------------------------------------


SEARCHES = [
    ("双劳人仲案（2026）3", ["双劳人仲案〔2026〕3号"]),
    ("〔2026〕03号", ["双劳人仲案〔2026〕3号"]),
    ("２０２６-３", ["双劳人仲案〔2026〕3号"]),
    ("甲纺织", ["双劳人仲案〔2026〕1号"]),
    ("  甲纺织 ", ["双劳人仲案〔2026〕1号"]),
    ("100%", ["双劳人仲案〔2026〕2号"]),
    ("%", ["双劳人仲案〔2026〕2号"]),
    ("_", ["双劳人仲案〔2026〕2号"]),
    ("100_", []),
    ("\\", ["双劳人仲案〔2026〕4号"]),
    ("abc", ["双劳人仲案〔2026〕3号"]),
    ("ＡＢＣ", ["双劳人仲案〔2026〕3号"]),
    ("O'Neil", ["双劳人仲案〔2026〕4号"]),
    ("'; DROP TABLE cases; --", []),
    ("𠮷野家", ["双劳人仲案〔2026〕4号"]),
    ("respondent", []),
    (":", []),
    ("(", []),
    ("没有这样的公司", []),
]  # fmt: skip
"""What is typed -> the cases that are meant."""


def test_a_search_finds_what_people_mean(engine: Engine, clock: Clock) -> None:
    opened(engine, clock, "双河甲纺织有限公司")
    opened(engine, clock, "百分之100%_公司")
    opened(engine, clock, "双河ABC贸易公司")
    opened(engine, clock, "O'Neil \\ 𠮷野家")

    assert [(typed, numbers(engine, search=typed)) for typed, _ in SEARCHES] == SEARCHES


def test_a_search_for_nothing_finds_everything(engine: Engine, clock: Clock) -> None:
    opened(engine, clock, "双河甲纺织有限公司")

    assert len(numbers(engine, search="")) == len(numbers(engine, search="  ")) == 1


def test_a_number_that_is_taken_is_refused_however_it_is_typed(engine: Engine, clock: Clock) -> None:
    opened(engine, clock, "甲公司", number="双劳人仲案〔2026〕7号")

    assert "number_taken" in opened(engine, clock, "乙公司", number="双劳人仲案(2026)007")


def test_an_allocated_number_skips_one_that_was_chosen_by_hand(engine: Engine, clock: Clock) -> None:
    opened(engine, clock, "甲公司", number="双劳人仲案(2026)1")

    assert opened(engine, clock, "乙公司") == "双劳人仲案〔2026〕2号"


def test_a_blank_number_is_allocated(engine: Engine, clock: Clock) -> None:
    assert opened(engine, clock, "甲公司", number="   ") == "双劳人仲案〔2026〕1号"


@pytest.mark.parametrize("number", ["x" * 121, "a\x00b", "a\nb"], ids=["too long", "nul", "two lines"])
def test_a_number_no_database_could_keep_is_refused(engine: Engine, clock: Clock, number: str) -> None:
    assert "Refusal" in opened(engine, clock, "甲公司", number=number)
    assert numbers(engine) == []


# --- filters ----------------------------------------------------------------------------------------------


@pytest.fixture
def several(engine: Engine, clock: Clock) -> dict[str, str]:
    """State -> number of a case in that state."""
    states = ("filed", "accepted", "deliberation", "under_review", "archived")
    return {state: OfficeStory(engine, clock).given(state, n).number for n, state in enumerate(states, 1)}


def test_cases_are_listed_by_state_stage_and_openness(engine: Engine, several: dict[str, str]) -> None:
    assert numbers(engine, state="accepted") == [several["accepted"]]
    assert numbers(engine, stage="review") == [several["under_review"]]
    assert several["archived"] not in numbers(engine, open_only=True)
    assert len(numbers(engine)) == 5


def test_cases_are_listed_by_whom_they_await(engine: Engine, several: dict[str, str]) -> None:
    assert numbers(engine, awaits=JIA) == [several["deliberation"]]
    assert numbers(engine, awaits=LIN) == [several["filed"]]
    assert numbers(engine, awaits="shen") == [several["under_review"]], "one of a pool is awaited as well"
    assert numbers(engine, awaits=WU) == []


def test_cases_are_listed_by_the_role_or_relation_they_await(engine: Engine, several: dict[str, str]) -> None:
    assert numbers(engine, role="tribunal") == [several["deliberation"]]
    assert numbers(engine, role="reviewer_1") == [several["under_review"]]
    assert numbers(engine, role="secretary") == [several["accepted"]], "its services wait for the secretary"


def test_two_filters_narrow_each_other(engine: Engine, several: dict[str, str]) -> None:
    assert numbers(engine, awaits=ZHOU, role="tribunal") == []
    assert numbers(engine, awaits=JIA, role="tribunal") == [several["deliberation"]]
    assert numbers(engine, state="accepted", search="甲纺织") == [several["accepted"]]


def test_cases_are_listed_by_their_due_date(engine: Engine, clock: Clock, several: dict[str, str]) -> None:
    assert numbers(engine, due_before=day("2026-04-17")) == []
    assert set(numbers(engine, due_before=day("2026-04-18"))) == {
        several["accepted"], several["deliberation"], several["under_review"],
    }  # fmt: skip


def test_supervised_cases_are_listed_alone(engine: Engine, clock: Clock) -> None:
    listed, _ = (
        OfficeStory(engine, clock).given("accepted", 1),
        OfficeStory(engine, clock).given("accepted", 2),
    )
    listed.do("list_supervised", DU, listing_reason="petition")

    assert numbers(engine, supervised=True) == [listed.number]


# --- pages ------------------------------------------------------------------------------------------------


def paged(engine: Engine, most: int) -> list[list[str]]:
    pages: list[list[str]] = []
    after: str | None = None
    while True:
        page = engine.cases(CaseFilter(after=after, most=most))
        pages.append([line.number for line in page.cases])
        if page.next is None:
            return pages
        after = page.next


def test_pages_together_are_the_whole_list_in_its_order(engine: Engine, clock: Clock) -> None:
    for n in range(1, 12):
        OfficeStory(engine, clock).given("accepted" if n % 2 else "filed", n)

    pages = paged(engine, 3)

    assert [len(page) for page in pages] == [3, 3, 3, 2]
    assert [number for page in pages for number in page] == numbers(engine)


def test_the_nearest_due_date_comes_first_and_cases_without_one_last(engine: Engine, clock: Clock) -> None:
    for n, state in enumerate(["filed", "accepted", "filed", "deliberation"], 1):
        OfficeStory(engine, clock).given(state, n)
    suspended = OfficeStory(engine, clock).given("deliberation", 5)
    suspend(suspended, "expert", FANG)

    dues = [line.due for line in engine.cases().cases]

    assert [d for d in dues if d] == sorted(d for d in dues if d)
    assert [d is None for d in dues] == [False, False, True, True, True]


def test_a_page_stays_right_when_cases_come_and_go_between_two_pages(engine: Engine, clock: Clock) -> None:
    stories = [OfficeStory(engine, clock).given("accepted", n) for n in range(1, 9)]
    before = numbers(engine)
    first = engine.cases(CaseFilter(most=3))
    shown = [line.number for line in first.cases]

    # A case with the same due date is put in, and one of the first page gets a later one.
    OfficeStory(engine, clock).given("accepted", 9)
    gone = next(story for story in stories if story.number == shown[0])
    gone.do("withdraw", ZHOU, files=["order"], reason="申请人撤回")
    rest: list[str] = []
    after = first.next
    while after:
        page = engine.cases(CaseFilter(after=after, most=3))
        rest += [line.number for line in page.cases]
        after = page.next

    assert set(before) <= {*shown, *rest}, "none that was there all the time is left out"
    assert len(rest) == len(set(rest)), "none comes twice"


@pytest.mark.parametrize("mark", ["nonsense", "2026-02-30_x", "%"])
def test_a_page_mark_that_cannot_be_read_is_said_so(engine: Engine, mark: str) -> None:
    with pytest.raises(WrongUse):
        engine.cases(CaseFilter(after=mark))


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-5, 1), (1, 1), (10_000, 3)])
def test_a_page_has_at_least_one_row_and_never_too_many(
    engine: Engine, clock: Clock, asked: int, given: int
) -> None:
    for n in range(1, 4):
        OfficeStory(engine, clock).given("accepted", n)

    assert len(engine.cases(CaseFilter(most=asked)).cases) == given


def test_the_last_page_has_no_next(engine: Engine, clock: Clock) -> None:
    OfficeStory(engine, clock).given("accepted", 1)

    assert engine.cases(CaseFilter(most=1)).next is None
