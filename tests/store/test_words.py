"""What a case is looked for by: every part of a name and the beginnings of its number, found by an index as by looking at each case."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.model.case import Party
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.service.queues import CaseFilter
from engine.store import tables as t
from engine.store.database import Database
from engine.store.folding import fold_name, fold_number
from engine.store.words import MOST, words_of_names, words_of_number
from tests.builders import a_file
from tests.cast import FANG, LIN, PARTIES
from tests.office import OfficeStory


def named(*names: str) -> frozenset[str]:
    return words_of_names(Party(f"p{n}", "respondent", name) for n, name in enumerate(names))


def test_every_part_of_a_name_begins_one_of_its_words() -> None:
    name = "双河 ＡＢc纺织（集团）有限公司"
    words, folded = named(name), fold_name(name)

    for first in range(len(folded)):
        for last in range(first + 1, len(folded) + 1):
            if typed := folded[first:last].strip():
                assert any(word.startswith(typed) for word in words), typed


def test_what_two_parties_share_is_one_word_and_none_begins_with_a_blank() -> None:
    assert named("甲公司", "乙公司") == {"甲公司", "乙公司", "公司", "司"}
    assert named("A B") == {"a b", "b"}
    assert named() == frozenset()


def test_a_number_is_begun_at_its_front_at_its_year_or_at_what_it_is_within_the_year() -> None:
    assert words_of_number(fold_number("双劳人仲案〔2026〕012号")) == {"双劳人仲案2026|12", "2026|12", "12"}
    assert words_of_number(fold_number("甲-7")) == {fold_number("甲-7")}


def test_a_long_name_is_kept_as_far_as_words_go() -> None:
    assert max(map(len, named("长" * 300))) == MOST


SEARCHES = (
    "河",
    "双河",
    "纺织",
    "纺织有限",
    "有限公司",
    "2026",
    "2026-",
    "双劳",
    "劳人",
    "案〔2026〕1",
    "1",
    "9",
    "司",
    "x",
    "李",
    "小",
)


@pytest.mark.parametrize("typed", SEARCHES)
def test_few_and_many_find_the_same(
    typed: str, engine: Engine, story: OfficeStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What few cases are is looked up by their words, what more are is compared case by case: neither finds more."""
    for number in range(1, 13):
        OfficeStory(engine, story.clock).given("filed", number)
    few = {line.number for line in engine.cases(CaseFilter(search=typed)).cases}
    # As if there were too many of whatever is looked for.
    monkeypatch.setattr("engine.store.docket.FEW", -1)

    assert {line.number for line in engine.cases(CaseFilter(search=typed)).cases} == few


def test_a_party_who_joins_is_found_as_well(engine: Engine, story: OfficeStory) -> None:
    story.given("accepted")
    assert engine.cases(CaseFilter(search="丙公")).cases == ()

    story.do("join_respondent", FANG, files=["order"], new_party="双河丙公司", reason="并案的被申请人")

    assert [line.number for line in engine.cases(CaseFilter(search="丙公")).cases] == [story.number]
    assert not [one for one in engine.doctor().findings if one.code == "case_words"]


def test_a_number_that_is_nothing_but_what_typists_vary_is_not_missed(
    engine: Engine, story: OfficeStory
) -> None:
    story.given("filed")
    done = engine.open_case(
        "labour",
        LIN,
        parties=PARTIES,
        facts={"cause": "wages"},
        documents=[a_file("application")],
        number="号",
    )

    assert isinstance(done, Done)
    assert not [one for one in engine.doctor().findings if one.code == "case_words"]


def test_words_are_the_same_on_either_database_in_the_order_of_their_bytes(
    engine: Engine, story: OfficeStory, database: Database
) -> None:
    story.open()
    with database.reading() as connection:
        words = connection.execute(select(t.case_words.c.word).order_by(t.case_words.c.word)).scalars().all()

    assert list(words) == sorted(words, key=lambda word: word.encode())
