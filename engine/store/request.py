"""Request: what a request key was used for.

Room for: that one noun, which whoever reads and whoever writes an act share.
May not enter: SQL.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """What a request key was used for: *fingerprint* of the request, and the events that answered it."""

    key: str
    case: str
    fingerprint: str
    first: int
    last: int
