"""Settings: a flag beats the environment, the environment beats the folder one stands in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.errors import WrongUse
from engine.run.settings import known_url, missing_file, read_day, read_instant, settle

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "workflows.yaml").write_text("", encoding="utf-8")
    return tmp_path


def test_the_folder_one_stands_in_is_the_office_where_it_holds_a_register(office: Path) -> None:
    assert settle({}, {}, office).url == f"sqlite:///{office}/anxu.db"


def test_a_folder_without_a_register_is_no_office(tmp_path: Path) -> None:
    settings = settle({}, {}, tmp_path)

    assert settings.office is None
    with pytest.raises(WrongUse, match="anxu init"):
        _ = settings.url


def test_the_environment_beats_the_folder_and_a_flag_beats_both(office: Path, tmp_path: Path) -> None:
    environment = {"ANXU_DB": "sqlite:///env.db", "ANXU_LANG": "en", "ANXU_NOW": "2026-03-02"}

    of_environment = settle({}, environment, office)
    of_flags = settle({"db": "sqlite:///flag.db", "lang": "zh"}, environment, office)

    assert (of_environment.url, of_environment.lang) == ("sqlite:///env.db", "en")
    assert (of_flags.url, of_flags.lang, of_flags.at) == ("sqlite:///flag.db", "zh", "2026-03-02")


def test_an_empty_variable_is_none(office: Path) -> None:
    assert settle({}, {"ANXU_DB": "", "ANXU_LANG": " ", "ANXU_NOW": ""}, office) == settle({}, {}, office)


def test_a_language_nobody_speaks_here_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        settle({"lang": "fr"}, {}, tmp_path)


def test_an_office_that_is_no_folder_is_wrong_use_once_it_is_used(tmp_path: Path) -> None:
    settings = settle({"office": "/nowhere/at/all"}, {}, tmp_path)

    assert settings.register_file is None
    with pytest.raises(WrongUse, match="does not exist"):
        _ = settings.url


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("sqlite:///a.db", "sqlite:///a.db"),
        ("postgresql://u@h/n", "postgresql+psycopg://u@h/n"),
        ("postgres://u@h/n", "postgresql+psycopg://u@h/n"),
        ("postgresql+psycopg://u@h/n", "postgresql+psycopg://u@h/n"),
    ],
)
def test_a_database_is_named_by_a_url(typed: str, known: str) -> None:
    assert known_url(typed) == known


@pytest.mark.parametrize("typed", ["", "a.db", "mysql://h/n", "sqlite:///", "postgresql+asyncpg://h/n"])
def test_another_database_is_wrong_use(typed: str) -> None:
    with pytest.raises(WrongUse):
        known_url(typed)


def test_a_database_file_that_is_not_there_is_known_before_it_would_be_made(tmp_path: Path) -> None:
    there = tmp_path / "a.db"
    there.touch()

    assert missing_file(f"sqlite:///{there}") is None
    assert missing_file(f"sqlite:///{tmp_path}/b.db?x=1") == tmp_path / "b.db"
    assert missing_file("postgresql+psycopg://h/n") is None


@pytest.mark.parametrize(
    ("typed", "meant", "why"),
    [
        ("2026-03-02T09:00", datetime(2026, 3, 2, 1, tzinfo=UTC), "without a zone it is the institution's"),
        ("2026-03-02 09:00", datetime(2026, 3, 2, 1, tzinfo=UTC), "a space will do"),
        ("2026-03-02T09:00Z", datetime(2026, 3, 2, 9, tzinfo=UTC), "a zone is heeded"),
        ("2026-03-02", datetime(2026, 3, 1, 16, tzinfo=UTC), "a day alone is its midnight"),
    ],
)
def test_a_time_is_read_in_the_zone_of_the_institution(typed: str, meant: datetime, why: str) -> None:
    assert read_instant(typed, SHANGHAI) == meant, why


@pytest.mark.parametrize("typed", ["", "now", "2026-02-30T09:00", "9:00"])
def test_what_is_no_time_is_wrong_use(typed: str) -> None:
    with pytest.raises(WrongUse, match="2026-03-02T09:00"):
        read_instant(typed, SHANGHAI)


def test_a_day_is_read_in_one_writing_only() -> None:
    assert read_day("2026-03-02") == date(2026, 3, 2)
    for typed in ("20260302", "2026-3-2", "2026-W10-1", "2026-02-30", "02.03.2026", ""):
        with pytest.raises(WrongUse):
            read_day(typed)
