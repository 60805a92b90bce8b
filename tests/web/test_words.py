"""Words: both languages of every sentence, and no word of the machine on any screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from engine.api import Engine
from tests.cast import ADMIN, DAI, DU, FANG, HE, JIA, LIN, SHEN, SONG, TANG, WEI, ZHOU
from tests.web.conftest import ARCHIVED, AUDITOR, FILED, FORMED, HEARD, PROPOSED, READY, REVIEWED, AtDesk
from web.application import FAULTS

TEMPLATES = sorted((Path(__file__).parents[2] / "web" / "templates").glob("*.html"))
CHINESE = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]")
MACHINE = re.compile(
    r"\b[a-z]+_[a-z0-9_]+\b"  # names of moves, states, roles, facts
    r"|\b[0-9a-f]{16,}\b"  # ids and digests
    r"|\b(?:None|True|False|Undefined|Text\(|not_started|transition|matter_|null)\b"
    r"|\b\d{4}-\d{2}-\d{2}T"
)


def calls(template: Path) -> Iterator[nodes.Call]:
    tree = Environment().parse(template.read_text(encoding="utf-8"))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t":
            yield call


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_sentence_stands_in_both_languages(template: Path) -> None:
    for call in calls(template):
        assert len(call.args) == 2, f"{template.name}:{call.lineno}"
        zh, en = call.args
        assert isinstance(zh, nodes.Const), f"{template.name}:{call.lineno}"
        assert isinstance(en, nodes.Const), f"{template.name}:{call.lineno}"
        assert zh.value.strip(), f"{template.name}:{call.lineno}"
        assert en.value.strip(), f"{template.name}:{call.lineno}"
        names = [set(re.findall(r"\{(\w+)\}", text)) for text in (zh.value, en.value)]
        given = {keyword.key for keyword in call.kwargs}
        assert names[0] | names[1] <= given, f"{template.name}:{call.lineno} {names}"
        # English is said in English; the switch alone names the other language.
        assert not CHINESE.search(en.value) or en.value == "中文", f"{template.name}:{call.lineno}"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_chinese_stands_outside_a_pair(template: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    tree = Environment().parse(source)
    outside = [data.data for data in tree.find_all(nodes.TemplateData) if CHINESE.search(data.data)]
    assert outside == []


def test_every_fault_is_told_in_both_languages() -> None:
    for texts in FAULTS.values():
        for text in texts:
            assert CHINESE.search(text.zh)
            assert text.en
            assert not CHINESE.search(text.en)


EVERYBODY = (LIN, ZHOU, JIA, SHEN, HE, TANG, SONG, FANG, WEI, DU, DAI, ADMIN, AUDITOR)
"""One person for each role."""

READERS = (FANG, WEI, DU, ADMIN, AUDITOR)
"""Who sees which version is in force."""


@pytest.mark.parametrize(
    ("person", "lang"),
    [*((person, "zh") for person in EVERYBODY), *((person, "en") for person in (ZHOU, TANG, FANG))],
)
def test_every_page_answers_everybody_without_a_word_of_the_machine(
    at_desk: AtDesk, engine: Engine, address: Callable[..., str], person: str, lang: str
) -> None:
    desk = at_desk(person)
    desk.client.set_cookie("lang", lang)
    places = ["/", "/?show=overdue", "/?show=today", "/cases", "/cases?show=all", "/cases?q=12", "/cases?show=mine",
              "/ledger", "/overdue", "/inbox", "/help", "/calendar", "/calendar/2026", "/calendar/2027"]  # fmt: skip
    cases = (FILED, PROPOSED, FORMED, HEARD, REVIEWED, READY, ARCHIVED)
    places += [address(n) for n in cases] + [address(n) + "/count" for n in cases]
    places += [address(HEARD, "extension"), address(HEARD, "supervision"), address(REVIEWED, "award_review")]
    places += [address(FORMED, "service"), address(FORMED) + "/annex"]
    places += [address(FORMED) + "/count?as_of=2026-03-10&view=shown"]
    places += ["/definitions"] if person in READERS else []
    for place in places:
        page = desk.get(place)
        assert desk.status == 200, place
        seen = re.sub(r"\w+\.txt", "", page.text)
        assert not MACHINE.findall(seen), (place, MACHINE.findall(seen))
        assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}"' in page.html


def test_the_switch_changes_the_language_and_stays_where_one_was(
    at_desk: AtDesk, address: Callable[..., str]
) -> None:
    desk = at_desk(ZHOU)
    page = desk.get("/cases?show=all&q=2026-3")
    page = desk.send(page.form(action="/language"))
    assert desk.answer.request.full_path == "/cases?show=all&q=2026-3"
    assert "Find a case" in page.text
    assert "days left" in page.text
    page = desk.send(page.form(action="/language"))
    assert "查找案件" in page.text


def test_dates_are_written_as_each_language_writes_them(at_desk: AtDesk, address: Callable[..., str]) -> None:
    desk = at_desk(FANG)
    assert "2026年3月26日 周四" in desk.get("/").text
    assert re.search(r"2026年3月\d{1,2}日 09:30", desk.get(address(READY)).text)
    desk.client.set_cookie("lang", "en")
    assert "26 Mar 2026 Thu" in desk.get("/").text
    assert re.search(r"\d{1,2} Mar 2026 09:30", desk.get(address(READY)).text)
