"""Verb schema: the form of the files, for editors.

Room for: which schema is asked for, and printing it.
May not enter: how a schema is made (`engine/language/schema.py`).
"""

from __future__ import annotations

import click

from engine.language.schema import FILE_KINDS, FileKind, json_schema, schema_text
from engine.run.flags import Verb, with_shell
from engine.run.shell import DONE, Shell


@click.command("schema", cls=Verb)
@click.argument("kind", type=click.Choice(list(FILE_KINDS)), default=FILE_KINDS[0])
@with_shell
def schema_verb(shell: Shell, kind: FileKind) -> int:
    """打印 JSON Schema，供编辑器补全。 · Print the JSON Schema that editors complete by."""
    shell.answer(json_schema(kind), lambda: schema_text(kind).rstrip("\n"))
    return DONE
