"""A basis, written once in Chinese, is told in English by the names of its sources; what is not known stays as written."""

from __future__ import annotations

import pytest

from engine.model.citing import cited
from engine.text import Text

SOURCES = {
    "办案规则": "Case-Handling Rules",
    "仲裁法": "Arbitration Law",
    "调解仲裁法": "Mediation and Arbitration Law",
    "内部规则": "Internal Rules",
    "参照": "by analogy with",
}


@pytest.mark.parametrize(
    ("written", "english"),
    [
        ("内部规则", "Internal Rules"),
        ("办案规则第45条", "Case-Handling Rules art. 45"),
        ("办案规则第46条第(6)项", "Case-Handling Rules art. 46(6)"),
        ("办案规则第46条第6项", "Case-Handling Rules art. 46(6)"),
        ("办案规则第9条第2款第（3）项", "Case-Handling Rules art. 9(2)(3)"),
        ("办案规则第46条第(6)项、第47条", "Case-Handling Rules arts. 46(6), 47"),
        ("办案规则第46条第1、3、4项", "Case-Handling Rules art. 46(1), (3), (4)"),
        ("办案规则第46、49、61条", "Case-Handling Rules arts. 46, 49, 61"),
        ("办案规则第5条、第62条至第67条", "Case-Handling Rules arts. 5, 62 to 67"),
        ("办案规则第39条；调解仲裁法第36条、第42条", "Case-Handling Rules art. 39; Mediation and Arbitration Law arts. 36, 42"),
        ("仲裁法(2025修订)第35条", "Arbitration Law (2025 revision) art. 35"),
        ("仲裁法（2017修正）、内部规则", "Arbitration Law (2017 amendment); Internal Rules"),
        ("办案规则(2017)", "Case-Handling Rules (2017)"),
        ("办案规则第39条；第42条", "Case-Handling Rules art. 39; art. 42"),
        ("办案规则(2017)、第45条（第46条）", "Case-Handling Rules (2017); art. 45 (art. 46)"),
        ("第45条", "art. 45"),
        ("内部规则（参照仲裁法第70条）", "Internal Rules (by analogy with Arbitration Law art. 70)"),
    ],
)  # fmt: skip
def test_articles_and_names_are_told_in_english(written: str, english: str) -> None:
    assert cited(written, SOURCES) == Text(written, english)


@pytest.mark.parametrize(
    "written",
    ["", "Rules art. 3", "商会规则第3条", "办案规则第三条", "办案规则第45条等", "《办案规则》第45条", "仲裁法(2025年修订)第35条"],
)  # fmt: skip
def test_a_basis_with_an_unknown_word_is_left_as_it_is_written(written: str) -> None:
    assert cited(written, SOURCES) == Text(written, written)


def test_nothing_is_known_where_no_source_is_named() -> None:
    assert cited("办案规则第45条", {}) == Text("办案规则第45条", "办案规则第45条")
