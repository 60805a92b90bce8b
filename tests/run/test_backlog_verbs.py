"""The backlog drive at a shell: the numbers of what is overdue, a drive opened with them, and its count."""

from __future__ import annotations

from tests.run.terminal import Terminal


def test_the_overdue_numbers_open_a_drive_whose_count_show_answers(office: Terminal) -> None:
    for _ in range(2):
        office.ask(
            "open", "commercial_summary", "--as", "lin", "--party", "claimant:王小禾", "--party", "respondent:甲公司",
            "--set", "claim_amount=80000",
        )  # fmt: skip
    numbers = [line["number"] for line in office.ask("list")["cases"]]
    assert office.ask("list", "--overdue", "--numbers") == {"numbers": []}
    assert sorted(office.ask("list", "--numbers")["numbers"]) == sorted(numbers)
    said = office.type("list", "--numbers")
    assert sorted(said.out.split()) == sorted(numbers), "one a line, to be handed on as they are"

    office.ask(
        "people", "add", "song", "--name", "宋四阅", "--role", "deputy_director", "--since", "2026-01-01"
    )
    drive = office.ask(
        "open", "backlog", "--as", "fang", "--set", "drive_title=清理", "--set", f"listed_cases={said.out}",
        "--set", "leader_named=song", "--set", "ends_on=2026-06-30",
    )  # fmt: skip

    count = office.ask("show", drive["number"])["backlog"]
    assert {name: count[name] for name in ("listed", "cleared", "open", "newly_overdue", "net")} == {
        "listed": 2, "cleared": 0, "open": 2, "newly_overdue": 0, "net": 0,
    }  # fmt: skip
    assert [line["number"] for line in count["cases"]] == said.out.split()
    assert "backlog" not in office.ask("show", numbers[0])
    assert "清单2件，已清理0件，未结2件" in office.type("show", drive["number"]).out
