"""The register says what an institution has in force, each entry dated."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from engine.language.problem import Problems
from engine.language.register import read_register
from engine.law.duration import Duration
from engine.model.register import Register, RegisteredProcedure, Rung, TargetPolicy
from engine.text import Text
from tests.language.small import ROOT, changed

REGISTER = """\
institution: small
title: {zh: 小院, en: Small court}
zone: Asia/Shanghai
offices:
  main: {zh: 仲裁院, en: Court}
roles:
  secretary: {zh: 秘书, en: secretary}
procedures:
  labour: {file: workflows/labour.yaml, series: 劳人仲案, number: "〔{year}〕{n}号"}
  service: {file: workflows/service.yaml}
targets:
  - {procedure: labour, clock: award, target: 30 days, from: 2023-01-01, basis: 承诺}
ladders:
  award:
    - {rung: W1, when: 10 days before limit, every: 1 day, to: [handler, secretary], says: {zh: 快到期, en: Soon}}
    - {rung: O1, when: 1 day after limit, to: handler, opens: supervision, says: {zh: 超期, en: Overdue}}
    - {rung: T1, when: on target, to: [awaited], says: {zh: 目标日, en: Target}}
    - {rung: R1, when: 30 days after stop, every: 15 days, to: [handler], says: {zh: 已久, en: Long}}
"""


def register_of(text: str) -> Register:
    read = read_register(text, "workflows.yaml")
    assert isinstance(read, Register), read.said("en")
    return read


def test_the_register_that_comes_with_anxu_has_no_problem() -> None:
    register = register_of((ROOT / "workflows.yaml").read_text(encoding="utf-8"))
    assert register.institution == "shuanghe"
    assert register.zone == ZoneInfo("Asia/Shanghai")


def test_a_register_says_procedures_and_targets() -> None:
    register = register_of(REGISTER)

    labour, service = register.procedures.values()
    assert labour == RegisteredProcedure("labour", "workflows/labour.yaml", "劳人仲案", "〔{year}〕{n}号")
    assert service.number is None
    assert register.targets == (
        TargetPolicy(Duration(30, "days"), date(2023, 1, 1), "承诺", procedure="labour", clock="award"),
    )


def test_a_rung_says_when_to_whom_and_what() -> None:
    w1, o1, t1, r1 = register_of(REGISTER).ladders["award"]

    assert w1 == Rung("W1", "limit", -10, ("handler", "secretary"), Text("快到期", "Soon"), every=1)
    assert (o1.days, o1.opens, o1.to) == (1, "supervision", ("handler",))
    assert (t1.anchor, t1.days) == ("target", 0)
    assert (r1.anchor, r1.days, r1.every) == ("stop", 30, 15)


def test_what_is_not_said_has_the_usual_value() -> None:
    register = register_of(REGISTER)
    assert (register.work_begins, register.amber_days, register.rehearsal) == (time(9), 10, False)


def test_what_is_said_is_taken() -> None:
    said = "zone: Asia/Shanghai\nwork_begins: 08:30\namber_days: 0\nrehearsal: true"
    register = register_of(changed(REGISTER, ("zone: Asia/Shanghai", said)))
    assert (register.work_begins, register.amber_days, register.rehearsal) == (time(8, 30), 0, True)


@pytest.mark.parametrize("zone", ["Asia", "../../etc/passwd", "/etc/localtime", "asia shanghai", "x" * 5000])
def test_a_zone_that_is_none_is_a_problem_and_never_a_file(zone: str) -> None:
    read = read_register(changed(REGISTER, ("Asia/Shanghai", zone)), "workflows.yaml")
    assert isinstance(read, Problems)
    assert [p.code for p in read] == ["bad_zone"]


@pytest.mark.parametrize(
    "file", ["/etc/passwd", "../labour.yaml", "workflows/../../x.yaml", "labour.txt", "a b.yaml"]
)
def test_a_registered_file_stands_below_the_register(file: str) -> None:
    read = read_register(changed(REGISTER, ("workflows/labour.yaml", file)), "workflows.yaml")
    assert isinstance(read, Problems)
    assert [p.code for p in read] == ["bad_path"]


@pytest.mark.parametrize(
    "when",
    ["before limit", "0 days after limit", "5 work days before limit", "on stopp", "3 days before stop", ""],
)
def test_a_rung_counts_natural_days_from_a_known_moment(when: str) -> None:
    read = read_register(
        changed(REGISTER, ("when: 10 days before limit", f"when: '{when}'")), "workflows.yaml"
    )
    assert isinstance(read, Problems)
    assert [p.code for p in read] == ["bad_when" if when else "empty_value"]
