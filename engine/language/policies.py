"""Policies: whether the targets of a register fit the procedures they speak of.

Room for: a target's procedure, clock and track, and its length beside the legal limit.
May not enter: reading targets (`register.py`), which of several holds (`engine/model/targets.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.pages import Page
from engine.law.duration import Duration
from engine.model.procedure import Procedure
from engine.model.register import Register, TargetPolicy


def check_targets(register: Register, procedures: Mapping[str, Procedure], page: Page) -> None:
    """Note on *page*, the register's, each target that its procedure has no place for."""
    for number, policy in enumerate(register.targets):
        procedure = procedures.get(policy.procedure or "")
        if procedure:
            _check_track(procedure, policy, page, f"targets.{number}")
            _check_clocks(procedure, policy, page, f"targets.{number}")


def _check_track(procedure: Procedure, policy: TargetPolicy, page: Page, path: str) -> None:
    if policy.track is None:
        return
    if procedure.track is None:
        page.problem(f"{path}.track", "no_tracks", name=procedure.name)
    elif policy.track not in (choices := procedure.facts[procedure.track].choices):
        page.source.unknown("choice", page.located.at(f"{path}.track"), policy.track, choices)


def _check_clocks(procedure: Procedure, policy: TargetPolicy, page: Page, path: str) -> None:
    """Note a target that is longer than a clock it is for may run, told once."""
    if policy.clock is None and not procedure.clocks:
        page.problem(f"{path}.procedure", "no_clocks", name=procedure.name)
    elif policy.clock is not None and policy.clock not in procedure.clocks:
        page.source.unknown("clock", page.located.at(f"{path}.clock"), policy.clock, procedure.clocks)
    for name, clock in procedure.clocks.items():
        if policy.clock in (None, name) and _surely_longer(policy.target, clock.limit):
            target, limit = policy.target.in_words(), clock.limit.in_words()
            page.problem(f"{path}.target", "target_beyond_limit", target=target, limit=limit)
            return


def _surely_longer(length: Duration, other: Duration) -> bool:
    """Return True where *length* is longer than *other* whatever the day both start on."""
    if length.unit == other.unit:
        return length.count > other.count
    shortest = length.count * 28 if length.unit == "months" else length.count
    longest = other.count * 31 if other.unit == "months" else other.count
    return shortest > longest
