"""A target speaks of what its procedure has, and never of more than the law allows."""

from __future__ import annotations

import pytest

from engine.language.register import read_register
from engine.law.duration import Duration
from engine.model.register import Register
from tests.language.fitting import FILES, REGISTER, together
from tests.language.small import SMALL, changed, small

ROAD = (
    "facts:\n",
    "track: road\nfacts:\n  road: {type: choice, choices: {simple: {zh: 简易, en: simple}, full: {zh: 普通, en: ordinary}}, title: {zh: 程序, en: Road}}\n",
)
LAYERS = """\
targets:
  - {target: 60 days, from: 2026-01-01}
  - {procedure: small, target: 40 days, from: 2026-01-01}
  - {procedure: small, clock: award, track: simple, target: 20 days, from: 2026-01-01}
"""
TARGET_FILES = {
    **FILES,
    "workflows.yaml": changed(REGISTER, ("targets:\n", LAYERS)),
    "small.yaml": changed(SMALL, ROAD),
}


def test_a_procedure_says_which_fact_is_its_track() -> None:
    assert small(ROAD).track == "road"
    assert small().track is None


def test_a_target_may_be_the_institution_s_the_procedure_s_or_a_track_s() -> None:
    register = read_register(TARGET_FILES["workflows.yaml"], "workflows.yaml")

    assert isinstance(register, Register)
    assert [(t.layer, t.procedure, t.clock, t.track, t.target.count) for t in register.targets] == [
        ("institution", None, None, None, 60),
        ("procedure", "small", None, None, 40),
        ("track", "small", "award", "simple", 20),
        ("procedure", "small", "award", None, 30),
    ]


def test_a_target_of_the_whole_institution_may_be_longer_than_one_clock() -> None:
    assert together(TARGET_FILES) == []


TARGET_MISFITS = [
    ("a track of a procedure without tracks", "small.yaml", [("track: road\n", "")],
     ["workflows.yaml:18:45 no_tracks"]),
    ("a track that is none of the choices", "workflows.yaml", [("track: simple", "track: simpel")],
     ["workflows.yaml:18:45 unknown_choice"]),
    ("a target for a matter's procedure", "workflows.yaml", [("procedure: small, target: 40", "procedure: review, target: 40")],
     ["workflows.yaml:17:17 no_clocks"]),
    ("a target for every clock that one may not reach", "workflows.yaml", [("40 days", "46 days")],
     ["workflows.yaml:17:32 target_beyond_limit"]),
    ("months that are always more days", "workflows.yaml", [("40 days", "2 months")],
     ["workflows.yaml:17:32 target_beyond_limit"]),
    ("days that are more than months ever are", "small.yaml", [("limit: 45 days", "limit: 1 month")],
     ["workflows.yaml:17:32 target_beyond_limit"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "edits", "told"), [row[1:] for row in TARGET_MISFITS], ids=[row[0] for row in TARGET_MISFITS]
)
def test_a_target_without_its_place_is_told(file: str, edits: list[tuple[str, str]], told: list[str]) -> None:
    assert together({**TARGET_FILES, file: changed(TARGET_FILES[file], *edits)}) == told


@pytest.mark.parametrize(("target", "limit"), [("1 month", "30 days"), ("31 days", "1 month")])
def test_months_and_days_that_may_be_alike_are_left_to_the_day_the_clock_starts(
    target: str, limit: str
) -> None:
    files = {
        "workflows.yaml": changed(REGISTER, ("30 days", target)),
        "small.yaml": changed(SMALL, ("45 days", limit)),
    }
    assert Duration.parse(target).unit != Duration.parse(limit).unit
    assert together({**FILES, **files}) == []
