"""What a lawful no says: a matter that is still open, a clause without words of its own, whose move it is."""

from __future__ import annotations

import pytest

from engine.core.decide import consider
from engine.model.answers import Refusal
from engine.model.rules import Rules
from engine.text import Text, counted, with_article
from tests.builders import procedure, rules_of
from tests.cast import HE, JIA, LIN, ZHOU, name_of
from tests.procedures.way import a_case, request_extension


def trying(requirement: str) -> Rules:
    """The rules where a case under deliberation has one more move of its secretary, with this requirement."""
    text = "  hold_back: {title: {zh: 试办, en: Try}, by: [secretary], from: any open state, to: stays, basis: 测试, requires: [%s]}\n"
    return rules_of(procedure("labour", ("\nmoves:\n", "\nmoves:\n" + text % requirement)))


def tried(requirement: str, *, extending: bool = False) -> Refusal:
    story = a_case("deliberation", rules=trying(requirement))
    if extending:
        assert not isinstance(request_extension(story), Refusal)
    return story.refused("hold_back", ZHOU)


def test_a_matter_that_must_end_first_is_said_to_be_open_and_who_is_awaited_on_it() -> None:
    refusal = tried("{that: no extension is open}", extending=True)

    assert "尚在办理（待" in refusal.reason.zh
    assert f"待{name_of(ZHOU)}处理），须先办结。" in refusal.reason.zh
    assert f"is still open, awaiting {name_of(ZHOU)}, and must end first." in refusal.reason.en
    assert refusal.enables is None, "the reason says all of it"


def test_the_sentence_of_the_author_stands_and_what_is_awaited_is_beside_it() -> None:
    refusal = tried(
        "{that: no extension is open, else: {zh: 延期未决, en: An extension is asked for}}", extending=True
    )

    assert refusal.reason == Text(
        "暂不能“试办”：延期未决。", "“Try” is not possible yet: An extension is asked for."
    )
    assert refusal.enables is not None
    assert "须先办结" in refusal.enables.zh
    assert "must end first" in refusal.enables.en


def test_a_clause_without_words_of_its_own_is_said_as_what_it_takes_and_only_once() -> None:
    refusal = tried("{that: extension is granted}")

    assert refusal.reason.zh.startswith("暂不能“试办”：须“")
    assert refusal.reason.en.startswith("“Try” is possible only if “")
    assert refusal.enables is None


def test_of_several_clauses_the_first_that_fails_is_said_and_the_whole_is_beside_it() -> None:
    refusal = tried("{that: count respondent >= 1 and no extension is open}", extending=True)

    assert "must end first" in refusal.reason.en
    assert refusal.enables is not None
    assert refusal.enables.en.startswith("It takes: the number of respondents")
    assert [clause.holds for clause in refusal.clauses] == [True, False]


def test_whose_move_it_is_stands_with_its_article_and_the_last_act_only_in_the_answer_to_an_act() -> None:
    story = a_case("accepted")
    move = story.rules.procedure_of(story.case.main).states[story.state].moves["form_tribunal"]

    shown = consider(story.rules, story.case, story.case.main, move, LIN, story.clock())
    answered = story.refused("form_tribunal", LIN, tribunal_named=JIA)

    assert isinstance(shown, Refusal)
    assert "is for a division head" in shown.reason.en
    assert "最近一次" not in shown.reason.zh
    assert shown.who == (name_of(HE),)
    assert answered.reason.zh.startswith(shown.reason.zh)
    assert "最近一次" in answered.reason.zh


def test_titles_of_roles_are_said_in_the_language_of_the_reader() -> None:
    refusal = Refusal("x", Text("不", "no"), who=(Text("主任", "director"), "方正"))

    assert refusal.who_may("en") == ("director", "方正")
    assert refusal.who_may("zh") == ("主任", "方正")


@pytest.mark.parametrize(
    ("title", "said"),
    [("director", "a director"), ("arbitrator", "an arbitrator"), ("unit head", "a unit head"),
     ("Under-Secretary", "an Under-Secretary"), ("", "a ")],
)  # fmt: skip
def test_a_title_has_the_article_it_asks_for(title: str, said: str) -> None:
    assert with_article(title) == said


def test_a_noun_is_singular_or_plural_as_its_number_says() -> None:
    assert [counted(n, "matter") for n in (0, 1, 2)] == ["0 matters", "1 matter", "2 matters"]
    assert counted(2, "matter has", "matters have") == "2 matters have"
