"""People are reached, messages go out with the sweep, and those that could not are seen and sent again, by command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.run.terminal import Terminal

TRIAL = """
channels:
  trial: {kind: file, title: {zh: 试发, en: trial}, secret: env ANXU_CHANNEL_TRIAL}
"""


@pytest.fixture
def told(office: Terminal) -> Terminal:
    """A rehearsal office whose messages are written into a file, with a case that is about to be accepted."""
    register = office.folder / "workflows.yaml"
    register.write_text(register.read_text(encoding="utf-8") + TRIAL, encoding="utf-8")
    office.ask("activate", str(register), "--as", "admin")
    office.ask("people", "reach", "zhou", "zhou", "--channel", "trial", "--wants", "each", "--speaks", "en")
    office.ask(
        "open", "labour", "--as", "lin", "--party", "claimant:陈禾", "--party", "respondent:双河机械厂",
        "--set", "cause=wages", "--doc", office.application(),
    )  # fmt: skip
    office.ask("act", "2026-1", "propose", "--as", "lin", "--set", "claim_amount=35000")
    office.now = "2026-03-03T10:00"
    office.ask("act", "2026-1", "accept", "--as", "fang", "--set", "secretary_named=zhou")
    return office


def test_a_notice_goes_out_with_the_sweep_of_a_machine_that_has_the_secret(
    told: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "sent.jsonl"
    assert told.ask("notices")["waiting"] == 1
    assert told.ask("sweep")["delivered"] == {"sent": 0, "failed": 0, "dead": 0}

    swept = told.type("sweep", "--json", ANXU_CHANNEL_TRIAL=str(file))

    assert swept.json["delivered"] == {"sent": 1, "failed": 0, "dead": 0}
    (line,) = file.read_text(encoding="utf-8").splitlines()
    sent = json.loads(line)
    assert sent["subject"].startswith("Anxu 双劳人仲案〔2026〕1号")
    assert "陈禾" not in line
    (kept,) = told.ask("notices", "--sent")["deliveries"]
    assert kept["key"] == sent["key"]
    assert told.ask("notices")["waiting"] == 0


def test_a_machine_without_the_secret_says_so_while_something_waits(told: Terminal, tmp_path: Path) -> None:
    said = "渠道“试发”：本机没有密钥（ANXU_CHANNEL_TRIAL），1条在等"
    for verb in ("sweep", "notices", "doctor"):
        assert said in told.type(verb).out, verb
    assert told.ask("sweep")["without_secret"] == [
        {"channel": "trial", "secret": "ANXU_CHANNEL_TRIAL", "waiting": 1}
    ]
    codes = [one["code"] for one in told.type("doctor", "--json").json["advice"]]
    assert "channel_without_secret" in codes

    sent = told.type("sweep", ANXU_CHANNEL_TRIAL=str(tmp_path / "sent.jsonl"))
    assert "密钥" not in sent.out
    assert "密钥" not in told.type("notices").out


def test_what_could_not_go_says_why_and_nothing_secret(told: Terminal, tmp_path: Path) -> None:
    secret = str(tmp_path / "no" / "such-secret-folder" / "sent.jsonl")

    swept = told.type("sweep", ANXU_CHANNEL_TRIAL=secret)
    listed = told.type("notices")

    assert "1条未发出" in swept.out
    assert "文件写不了" in listed.out
    assert "such-secret-folder" not in swept.out + swept.err + listed.out
    assert told.type("notices", "--again", "nosuchkey").code == 1
    assert told.type("notices", "--again", "a", "--all-dead").code == 2
    assert "0条将再次发送" in told.type("notices", "--all-dead").err


def test_how_somebody_is_reached_is_listed_changed_and_ended(told: Terminal) -> None:
    def reached() -> list[dict[str, str]]:
        people = {one["id"]: one for one in told.ask("people", "list")}
        found: list[dict[str, str]] = people["zhou"]["reached"]
        return found

    assert reached() == [{"channel": "trial", "address": "zhou", "wants": "each", "language": "en"}]
    told.ask("people", "reach", "zhou", "--channel", "trial", "--wants", "digest")
    assert reached()[0]["wants"] == "digest"
    told.ask("people", "reach", "zhou", "--channel", "trial", "--none")
    assert reached() == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("zhou", "zhou@example.cn", "--channel", "mail"), 1, "登记册没有通知渠道"),
        (("nobody", "x", "--channel", "trial"), 1, "查无此人"),
        (("zhou", "--channel", "trial"), 2, "请写明地址"),
        (("zhou", "x", "--channel", "trial", "--none"), 2, "--none"),
        (("lin", "--channel", "trial", "--none"), 1, "没有登记"),
        (("zhou", "a\nBcc: b", "--channel", "trial"), 2, "地址"),
    ],
)
def test_an_address_that_cannot_be_is_refused_in_words(
    told: Terminal, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = told.type("people", "reach", *words)

    assert (answer.code, said in answer.err) == (code, True), answer
