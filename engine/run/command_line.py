"""Command line: the door `anxu` and its verbs.

Room for: the list of verbs.
May not enter: what any of them does.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

from engine.run.door import Door

VERBS: Mapping[str, str] = {
    "init": "verbs_init:init_verb",
    "people": "verbs_people:people_group",
    "calendar": "verbs_calendar:calendar_group",
    "check": "verbs_definitions:check_verb",
    "schema": "verbs_schema:schema_verb",
    "draw": "verbs_definitions:draw_verb",
    "diff": "verbs_versions:diff_verb",
    "activate": "verbs_activation:activate_verb",
    "migrate": "verbs_versions:migrate_verb",
    "open": "verbs_cases:open_verb",
    "act": "verbs_cases:act_verb",
    "actions": "verbs_cases:actions_verb",
    "show": "verbs_cases:show_verb",
    "list": "verbs_cases:list_verb",
    "explain": "verbs_cases:explain_verb",
    "clock": "verbs_clock:clock_verb",
    "serve": "verbs_office:serve_verb",
    "tick": "verbs_office:tick_verb",
    "sweep": "verbs_office:sweep_verb",
    "notices": "verbs_notices:notices_verb",
    "doctor": "verbs_office:doctor_verb",
    "verify": "verbs_seals:verify_verb",
    "checkpoint": "verbs_seals:checkpoint_verb",
    "certificate": "verbs_seals:certificate_verb",
    "archive": "verbs_archive:archive_verb",
    "backup": "verbs_store:backup_verb",
    "restore": "verbs_store:restore_verb",
    "bench": "verbs_bench:bench_verb",
    "demo": "demonstration.verb:demo_verb",
}
"""Every verb, in the order of the help: the office, its definitions, its cases, its running.

Each verb's module is imported only when the verb is asked for: whoever lists cases need not load the benchmarks.
"""


class Anxu(Door):
    """The group of all verbs, which finds each by its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module, _, name = VERBS[cmd_name].partition(":")
        verb: click.Command = getattr(import_module(f"engine.run.{module}"), name)
        return verb


@click.group(cls=Anxu)
@click.version_option(package_name="anxu", prog_name="anxu")
def anxu() -> None:
    """案序：按 YAML 状态机办理仲裁案件。 · Arbitration cases driven as YAML state machines."""


def main() -> None:
    """Run the command line of this process."""
    anxu(prog_name="anxu")
