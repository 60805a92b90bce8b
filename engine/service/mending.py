"""Mending: what nodes of the version before left undone is put right, a page of cases at a time, by each node that starts.

Room for: how far a node has come, and one page after another in commits of their own.
May not enter: what can be lacking and how it is put right (`engine/store/upgrading.py`), the sweeps in between
(`engine/run/nodes.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from engine.service.office import Office
from engine.service.persisting import retried
from engine.store.upgrading import Lacking, arm_anew, lacking, mend, others_swept


@dataclass(slots=True)
class Mending:
    """One node's mending of *office*, done once; *edition* is that of the node ("" : whoever swept is no matter).

    Whoever is interrupted goes on with the page at which that happened. *mended* counts rows and cases.
    """

    office: Office
    edition: str = ""
    mended: int = 0
    _after: str | None = field(default=None, init=False)
    _done: bool = field(default=False, init=False)

    def begin(self) -> None:
        """Let the next sweep arm every case anew where one of another edition was there of late. Raises StoreAway."""
        if self._after is not None:
            return
        office = self.office
        with office.database.reading() as connection:
            others = others_swept(connection, office.institution, self.edition)
        if others:
            with office.database.writing() as connection:
                self.mended += arm_anew(connection, office.institution)
        self._after = ""

    def pages(self) -> Iterator[None]:
        """Mend page by page, yielding after each; nothing once all have been. Raises StoreAway, Conflict."""
        self.begin()
        while not self._done:
            with self.office.database.reading() as connection:
                found = lacking(connection, self.office.institution, self._after or "")
            if found is None:
                self._done = True
                return
            if found.anything:
                self.mended += retried(partial(self._mended, found))
            self._after = found.last
            yield

    def _mended(self, found: Lacking) -> int:
        with self.office.database.writing() as connection:
            return mend(connection, self.office.institution, found)
