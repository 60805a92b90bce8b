"""Worked: the table of worked deadline cases (`worked_cases.yaml`), read once for everybody who tries them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

# As the product reads its definitions: libyaml is some twenty times faster, where there is one.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

TABLE: dict[str, Any] = yaml.load(
    (Path(__file__).parent / "worked_cases.yaml").read_text(encoding="utf-8"), Loader=_LOADER
)
