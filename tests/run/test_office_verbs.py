"""Verbs of the office: init, people, calendar, check, draw, activate."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.language.register import read_register
from engine.model.register import Register
from engine.run.founding import rewritten, starter_texts
from tests.conftest import FreshDatabase
from tests.run.terminal import Terminal


def test_init_makes_an_office_that_is_sound_and_says_what_to_do_next(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, now=None)

    made = terminal.type(
        "init", str(tmp_path / "新" / "office"), "--title", '双河"二"院', "--institution", "second"
    )

    assert made.code == 0
    assert "anxu people password admin" in made.out
    second = Terminal(tmp_path / "新" / "office", now=None)
    assert second.ask("check") == []
    assert [person["id"] for person in second.ask("people", "list")] == ["admin"]
    assert second.ask("list") == {"cases": [], "next": None}
    assert '双河"二"院'.replace('"', '\\"') in (second.folder / "workflows.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("flags", "number", "en"),
    [
        (["--title", "清河县劳动人事争议仲裁委员会"], "清劳人仲案", "清河县劳动人事争议仲裁委员会"),
        (["--title", "清河县仲裁委", "--short", "冀清", "--title-en", "Qinghe"], "冀清劳人仲案", "Qinghe"),
        (["--title", "《清河》仲裁委"], "清劳人仲案", "《清河》仲裁委"),
        (["--institution", "qinghe"], "双劳人仲案", "Shuanghe Labour Arbitration Commission (demonstration)"),
    ],
)
def test_an_office_numbers_its_cases_by_its_own_name(
    tmp_path: Path, flags: list[str], number: str, en: str
) -> None:
    made = Terminal(tmp_path, None).type("init", str(tmp_path / "office"), *flags)

    assert made.code == 0, made
    assert f"{number}〔" in made.out
    assert "--short" in made.out
    office = Terminal(tmp_path / "office", None)
    read = read_register((office.folder / "workflows.yaml").read_text(encoding="utf-8"), "workflows.yaml")
    assert isinstance(read, Register)
    patterns = {entry.number for entry in read.procedures.values() if entry.number}
    short = number.removesuffix("劳人仲案")
    assert all(pattern.startswith(short) for pattern in patterns), patterns
    assert len(patterns) == 5
    assert read.title.en == en


@pytest.mark.parametrize("short", ["", "{n}", "清 河", "一二三四五六七八九十一", '"'])
def test_an_abbreviation_that_could_be_no_part_of_a_number_makes_no_office(
    tmp_path: Path, short: str
) -> None:
    made = Terminal(tmp_path, None).type("init", str(tmp_path / "a"), "--title", "清河", "--short", short)

    assert made.code == 2
    assert "--short" in made.err
    assert list(tmp_path.iterdir()) == []


def test_who_takes_a_case_up_again_is_asked_in_an_office_in_use(real_office: Terminal) -> None:
    asked = real_office.type("sweep", "--again", "2026-1")
    assert (asked.code, "--as" in asked.err) == (2, True)


def test_only_what_was_put_aside_is_taken_up_again(office: Terminal) -> None:
    number = office.opened()

    refused = office.type("sweep", "--again", number)

    assert (refused.code, f"{number}没有被搁置" in refused.out) == (1, True)
    assert refused.err == "", "no line of a log"


def test_a_vacant_post_is_told_with_a_command_that_fills_it(office: Terminal) -> None:
    vacant = [
        one
        for one in office.type("doctor", "--json", "--lang", "en").json["findings"]
        if one["code"] == "vacant"
    ]
    assert vacant
    typed = vacant[0]["fix"].partition("anxu ")[2].replace("ID", "zhou").split()
    assert office.type(*typed).code == 0
    left = [
        one
        for one in office.type("doctor", "--json", "--lang", "en").json["findings"]
        if one["code"] == "vacant"
    ]
    assert len(left) < len(vacant)


def test_init_leaves_an_office_that_is_there_alone(office: Terminal) -> None:
    before = {file: file.read_bytes() for file in office.folder.rglob("*.yaml")}

    again = office.type("init", str(office.folder), "--json")

    assert (again.code, again.json["refused"]["code"]) == (1, "office_exists")
    assert {file: file.read_bytes() for file in office.folder.rglob("*.yaml")} == before


def test_init_keeps_what_else_is_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("留着", encoding="utf-8")

    assert Terminal(tmp_path, None).type("init", str(tmp_path)).code == 0

    assert (tmp_path / "readme.txt").read_text(encoding="utf-8") == "留着"


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        (["--db", "postgresql://nobody@127.0.0.1:1/nothing"], 3),
        (["--institution", "no name!"], 1),
        (["--at", "2026-03-02T09:00"], 2),
        (["--rehearsal", "--at", "noon"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_init_that_fails_leaves_nothing_behind(tmp_path: Path, flags: list[str], code: int) -> None:
    folder = tmp_path / "a" / "b"

    failed = Terminal(tmp_path, None).type("init", str(folder), *flags)

    assert failed.code == code, failed
    assert list(tmp_path.iterdir()) == []


def test_two_offices_share_a_database_each_found_by_its_register(
    tmp_path: Path, fresh_postgresql_url: FreshDatabase
) -> None:
    url = fresh_postgresql_url()
    first, second = Terminal(tmp_path / "one", None), Terminal(tmp_path / "two", None)
    assert first.type("init", str(first.folder), "--db", url).code == 0
    assert second.type("init", str(second.folder), "--db", url, "--institution", "second").code == 0

    second.ask("people", "add", "lin", "--name", "林清", "--db", url)

    assert len(first.ask("people", "list", "--db", url)) == 1
    assert len(second.ask("people", "list", "--db", url)) == 2
    assert first.type("people", "list", "--db", url, ANXU_OFFICE=str(tmp_path)).code == 1


def test_a_key_of_the_register_is_written_anew_and_nothing_else() -> None:
    text = starter_texts()["workflows.yaml"]

    changed = rewritten(text, {"rehearsal": "true", "new_key": "1"})

    expected = text.replace("institution:", "new_key: 1\ninstitution:", 1)
    assert changed == expected.replace("rehearsal: false", "rehearsal: true")


def test_people_come_hold_leave_and_go(office: Terminal) -> None:
    office.ask("people", "add", "qin", "--name", "秦朗", "--role", "secretary", "--since", "2026-02-01")
    office.ask("people", "give", "qin", "arbitrator", "--since", "2026-03-01", "--until", "2026-12-31")
    office.ask(
        "people", "leave", "qin", "--since", "2026-03-05", "--until", "2026-03-09", "--substitute", "zhou"
    )
    office.ask("people", "end", "qin", "secretary", "--until", "2026-03-31")
    office.ask("people", "add", "qin", "--name", "秦郎")

    (qin,) = (person for person in office.ask("people", "list") if person["id"] == "qin")

    assert qin["name"] == "秦郎"
    assert {(r["role"], r["since"], r["until"]) for r in qin["roles"]} == {
        ("secretary", "2026-02-01", "2026-03-31"),
        ("arbitrator", "2026-03-01", "2026-12-31"),
    }
    assert qin["leave"] == [{"since": "2026-03-05", "until": "2026-03-09", "substitute": "zhou"}]
    assert "秦郎" in office.type("people", "list").out


def test_a_person_with_a_role_nobody_knows_is_not_added_at_all(office: Terminal) -> None:
    assert office.type("people", "add", "qin", "--name", "秦朗", "--role", "wizard").code == 1
    assert (
        office.type("people", "add", "qin", "--name", "秦朗", "--role", "secretary", "--place", "moon").code
        == 1
    )
    assert "qin" not in {person["id"] for person in office.ask("people", "list")}


def test_a_password_is_read_from_standard_input_or_made(office: Terminal) -> None:
    assert office.type("people", "password", "lin", input="a long enough password\n").code == 0
    assert office.type("people", "password", "lin", input="short\n").code == 2
    assert office.type("people", "password", "nobody", "--generate").code == 1
    made = office.type("people", "password", "lin", "--generate")
    assert len(made.out.strip()) >= 10


def test_the_calendar_lists_its_years_and_the_days_of_one(office: Terminal) -> None:
    years = office.ask("calendar", "list")
    days = office.ask("calendar", "list", "--year", "2026")

    assert {2025, 2026} <= {year["year"] for year in years}
    assert {key: day[key] for day in days for key in ("date", "rest") if day["date"] == "2026-02-14"} == {
        "date": "2026-02-14",
        "rest": False,
    }
    assert office.ask("calendar", "list", "--year", "2031") == []


def test_check_tells_file_line_column_quotes_the_line_and_ends_with_the_fix(
    office: Terminal, tmp_path: Path
) -> None:
    text = (office.folder / "workflows/labour.yaml").read_text(encoding="utf-8")
    alone = tmp_path / "alone.yaml"
    alone.write_text(text.replace("to: accepted,", "to: acceptd,"), encoding="utf-8")
    line = next(n for n, said in enumerate(text.splitlines(), 1) if "to: accepted," in said)

    answer = office.type("check", str(alone), "--lang", "en")

    first, quoted, under, fix = answer.out.splitlines()[:4]
    assert answer.code == 1
    assert first.startswith(f"{alone}:{line}:")
    assert "acceptd" in quoted
    assert under.strip("| ") == "^^^^^^^"
    assert "did you mean 'accepted'" in fix


def test_check_finds_what_does_not_fit_between_files(office: Terminal) -> None:
    register = office.folder / "workflows.yaml"
    register.write_text(
        register.read_text(encoding="utf-8").replace("  review:\n", "  reviews:\n"), encoding="utf-8"
    )

    whole = office.type("check", "--json")
    named = office.type("check", str(office.folder / "workflows/award_review.yaml"), "--json")

    assert whole.code == named.code == 1
    assert str(office.folder / "workflows/award_review.yaml") in {problem["file"] for problem in named.json}


def test_check_needs_no_office_and_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    nowhere = Terminal(tmp_path, None)
    Path("labour.yaml").write_text(starter_texts()["workflows/labour.yaml"], encoding="utf-8")

    assert nowhere.type("check", "labour.yaml", ANXU_OFFICE="").code == 0
    assert nowhere.type("check", ANXU_OFFICE="").code == 2
    assert nowhere.type("draw", "labour.yaml", "--format", "dot", ANXU_OFFICE="").code == 0


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"", b"- [", b"institution: \xe5\x8f", b"procedure: x\nstates: 3"]
)
def test_whatever_is_in_a_file_its_problems_have_a_place(
    office: Terminal, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "odd.yaml"
    file.write_bytes(content)

    answer = office.type("check", str(file), "--json")

    assert answer.code == 1
    assert all(problem["line"] >= 1 and problem["column"] >= 1 for problem in answer.json)


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("svg", "<svg"),
        ("mermaid", "stateDiagram"),
        ("dot", "digraph"),
        ("scxml", "<scxml "),
        ("bpmn", "<definitions "),
    ],
)
def test_draw_draws_a_name_in_force_or_a_file(office: Terminal, form: str, begins: str) -> None:
    by_name = office.type("draw", "labour", "--format", form)
    by_file = office.type("draw", str(office.folder / "workflows/labour.yaml"), "--format", form)

    assert by_name.code == 0
    assert begins in by_name.out[:200]
    assert by_file.out == by_name.out


def test_activate_puts_a_changed_definition_into_force_from_wherever_it_lies(
    office: Terminal, tmp_path: Path
) -> None:
    number = office.opened()
    text = (office.folder / "workflows/labour.yaml").read_text(encoding="utf-8")
    proposal = tmp_path / "new-labour.yaml"
    proposal.write_text(text.replace("办案规则第30条}", "办案规则第三十条}", 1), encoding="utf-8")

    (done,) = office.ask("activate", str(proposal), "--as", "admin")
    (again,) = office.ask("activate", str(proposal), "--as", "admin")

    assert (done["name"], done["unchanged"], done["open_before"]) == ("labour", False, 1)
    assert again["unchanged"] is True
    assert office.ask("show", number)["definition"] != done["hash"]
    assert office.type("activate", str(proposal), "--as", "nobody").code == 1


def test_a_new_procedure_comes_into_force_together_with_the_register_that_names_it(office: Terminal) -> None:
    register, correction = office.folder / "workflows.yaml", office.folder / "workflows/delivery.yaml"
    text = (office.folder / "workflows/award_service.yaml").read_text(encoding="utf-8")
    correction.write_text(text.replace("procedure: award_service", "procedure: delivery"), encoding="utf-8")
    named = register.read_text(encoding="utf-8").replace(
        "  service: {file", "  delivery: {file: workflows/delivery.yaml}\n  service: {file"
    )
    register.write_text(named, encoding="utf-8")

    alone = office.type("activate", str(register), "--as", "admin")
    done = office.ask("activate", str(register), str(correction), "--as", "admin")

    assert alone.code == 1
    assert [one["name"] for one in done] == ["register", "delivery"]


def test_a_record_is_corrected_by_the_move_every_case_has(office: Terminal) -> None:
    number = office.accepted()

    corrected = office.ask(
        "act", number, "correct", "--as", "wei", "--set", "event=2", "--set", "reason=笔误", "--set", "claim_amount=20000"
    )  # fmt: skip

    assert corrected["events"][0]["kind"] == "corrected"
    assert corrected["events"][0]["corrects"] == 2
    assert office.ask("show", number)["facts"]["claim_amount"] == "20000"
