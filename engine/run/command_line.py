"""Command line: the door `anxu` and its verbs.

Room for: the list of verbs.
May not enter: what any of them does.
"""

from __future__ import annotations

from importlib.metadata import version

import click

from engine.run.demonstration.verb import demo_verb
from engine.run.door import Door
from engine.run.verbs_activation import activate_verb
from engine.run.verbs_archive import archive_verb
from engine.run.verbs_bench import bench_verb
from engine.run.verbs_calendar import calendar_group
from engine.run.verbs_cases import act_verb, actions_verb, explain_verb, list_verb, open_verb, show_verb
from engine.run.verbs_clock import clock_verb
from engine.run.verbs_definitions import check_verb, draw_verb
from engine.run.verbs_init import init_verb
from engine.run.verbs_notices import notices_verb
from engine.run.verbs_office import doctor_verb, serve_verb, sweep_verb, tick_verb
from engine.run.verbs_people import people_group
from engine.run.verbs_proof import certificate_verb, checkpoint_verb, verify_verb
from engine.run.verbs_schema import schema_verb
from engine.run.verbs_store import backup_verb, restore_verb
from engine.run.verbs_versions import diff_verb, migrate_verb

VERBS: tuple[click.Command, ...] = (
    init_verb, people_group, calendar_group, check_verb, schema_verb, draw_verb, diff_verb, activate_verb, migrate_verb,
    open_verb, act_verb, actions_verb, show_verb, list_verb, explain_verb, clock_verb,
    serve_verb, tick_verb, sweep_verb, notices_verb, doctor_verb, verify_verb, checkpoint_verb, certificate_verb, archive_verb, backup_verb, restore_verb, bench_verb, demo_verb,
)  # fmt: skip
"""Every verb, in the order of the help: the office, its definitions, its cases, its running."""


@click.group(cls=Door)
@click.version_option(version("anxu"), prog_name="anxu")
def anxu() -> None:
    """案序：按 YAML 状态机办理仲裁案件。 · Arbitration cases driven as YAML state machines."""


for verb in VERBS:
    anxu.add_command(verb)


def main() -> None:
    """Run the command line of this process."""
    anxu(prog_name="anxu")
