"""The house stands: each file imports only from below, and says what it has room for."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.house.floors import FLOORS, problems_of

ROOT = Path(__file__).parents[2]
HEADER = '"""A room.\n\nRoom for: this.\nMay not enter: that.\n"""\n'


def test_every_file_imports_only_from_lower_floors() -> None:
    problems = [
        problem
        for folder in ("engine", "web")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for problem in problems_of(path.relative_to(ROOT), path.read_text(encoding="utf-8"))
    ]
    assert not problems, "\n" + "\n".join(problems)


def told(path: str, body: str) -> list[str]:
    return list(problems_of(Path(path), HEADER + dedent(body)))


def test_a_database_in_the_core_is_told_where_it_stands_and_what_the_core_may_import() -> None:
    assert told("engine/core/decide.py", "\nimport sqlalchemy\n") == [
        'engine/core/decide.py:7 imports sqlalchemy: floor "core" may import only '
        "errors, text, law, model, transitions"
    ]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        pytest.param(
            "engine/law/terms.py", "import chinese_calendar", id="law is the standard library alone"
        ),
        pytest.param("engine/law/terms.py", "from engine.model import Case", id="law knows no case"),
        pytest.param("engine/errors.py", "from engine.law import terms", id="the ground stands on nothing"),
        pytest.param("engine/core/decide.py", "from engine.language import load", id="core reads no YAML"),
        pytest.param(
            "engine/language/load.py", "from engine.core import decide", id="language decides nothing"
        ),
        pytest.param("engine/model/case.py", "import structlog", id="structlog stays at the doors"),
        pytest.param(
            "engine/store/rows.py", "from engine.service import act", id="the store calls nobody above"
        ),
        pytest.param("engine/service/act.py", "import sqlalchemy.orm", id="only the store speaks SQL"),
        pytest.param("engine/api.py", "from engine.run import settings", id="the door does not open upwards"),
        pytest.param("engine/run/serve.py", "import web", id="run finds the web by its entry point"),
        pytest.param("web/queue.py", "from engine.store import rows", id="the web has one door"),
        pytest.param(
            "web/queue.py", "from engine.text import Text", id="the door gives the web its texts too"
        ),
        pytest.param("web/queue.py", "import engine", id="the whole engine is not the door"),
        pytest.param("web/queue.py", "import sqlalchemy", id="the web speaks no SQL"),
        pytest.param("engine/service/act.py", "import requests", id="an unknown package has no room"),
        pytest.param("engine/core/decide.py", "from ..store import rows", id="a relative import counts"),
        pytest.param("engine/core/decide.py", "from .. import store", id="and a relative name"),
        pytest.param("engine/core/decide.py", "from engine import store", id="and a name of the package"),
        pytest.param(
            "engine/core/decide.py", "def late():\n    import yaml", id="an import in a function counts"
        ),
        pytest.param("engine/core/decide.py", "import_module('yaml')", id="an import by its name counts"),
        pytest.param(
            "engine/core/decide.py", "if TYPE_CHECKING:\n    import yaml", id="an import for types counts"
        ),
    ],
)
def test_a_wrong_import_is_told(path: str, line: str) -> None:
    (sentence,) = told(path, line)
    assert " imports " in sentence
    assert " may import only " in sentence


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("engine/law/clock.py", "from engine.law.terms import Term"),
        ("engine/law/clock.py", "from .terms import Term"),
        ("engine/law/clock.py", "from datetime import date"),
        ("engine/language/load.py", "import yaml"),
        ("engine/core/decide.py", "from transitions import Machine"),
        ("engine/store/migrations/versions/first.py", "from alembic import op"),
        ("engine/service/act.py", "import structlog"),
        ("engine/api.py", "from engine.service.act import act"),
        ("engine/run/serve.py", "from engine.api import Engine"),
        ("web/pages/queue.py", "from engine.api import Engine"),
        ("web/pages/queue.py", "from web.pages import case"),
        ("web/pages/queue.py", "from flask import Blueprint"),
    ],
)
def test_a_right_import_is_left_alone(path: str, line: str) -> None:
    assert told(path, line) == []


def test_a_file_on_no_floor_is_told() -> None:
    (sentence,) = told("engine/misc.py", "")
    assert sentence.startswith(
        "engine/misc.py:1 stands on no floor: the rooms of engine/ are errors, text, law"
    )


def test_a_header_that_names_no_room_is_told() -> None:
    sentences = list(problems_of(Path("engine/law/terms.py"), '"""Terms.\n\nRoom for: terms.\n"""\n'))
    assert sentences == ["engine/law/terms.py:1 has a header without 'May not enter:'"]


def test_a_package_needs_one_line_only() -> None:
    assert list(problems_of(Path("engine/law/__init__.py"), '"""Pure date law."""\n')) == []
    (sentence,) = problems_of(Path("engine/law/__init__.py"), "")
    assert sentence == "engine/law/__init__.py:1 has no docstring: one line must say what the package is"


def test_no_third_party_package_has_two_rooms() -> None:
    at_the_doors = {"structlog"}
    rooms = [package for floor in FLOORS.values() for package in floor.packages - at_the_doors]
    assert len(rooms) == len(set(rooms))
