"""Whatever the procedures here stand on is told in English too: the register names each source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.builders import register

ROOT = Path(__file__).parents[2]


def bases(written: Any) -> Iterator[str]:
    """Yield every basis in a file, however deep it stands."""
    if isinstance(written, dict):
        for key, value in written.items():
            yield from (value,) if key == "basis" else bases(value)
    elif isinstance(written, list):
        for one in written:
            yield from bases(one)


def test_every_basis_here_is_told_in_english() -> None:
    files = [ROOT / "workflows.yaml", *(ROOT / "workflows").rglob("*.yaml")]
    # As text: no value of a basis is anything else.
    every = {one for file in files for one in bases(yaml.load(file.read_text("utf-8"), yaml.BaseLoader))}

    told = {one: register().cited(one) for one in every}

    assert len(every) > 80
    assert {one: text for one, text in told.items() if text is None or re.search("[㐀-鿿]", text.en)} == {}
