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
    """One node's mending of *office*, done once; *edition* is the node's own (empty: it does not matter who swept).

    After an interruption it goes on with the page at which that happened. *mended* counts rows and cases.
    """

    office: Office
    edition: str = ""
    mended: int = 0
    _begun: bool = field(default=False, init=False)
    _after: str = field(default="", init=False)
    _done: bool = field(default=False, init=False)

    def begin(self) -> None:
        """Let the next sweep arm every case anew where a sweeper of another edition was there of late.

        Raises StoreAway, Conflict.
        """
        if self._begun:
            return
        with self.office.database.reading() as connection:
            others = others_swept(connection, self.office.institution, self.edition)
        if others:
            self.mended += retried(self._armed_anew)
        self._begun = True

    def pages(self) -> Iterator[None]:
        """Mend page by page, each in a commit of its own, yielding after each; nothing once all is done.

        Raises StoreAway, Conflict.
        """
        self.begin()
        while not self._done:
            with self.office.database.reading() as connection:
                found = lacking(connection, self.office.institution, self._after)
            if found is None:
                self._done = True
                return
            if found.anything:
                self.mended += retried(partial(self._mended, found))
            self._after = found.last
            yield

    def _armed_anew(self) -> int:
        with self.office.database.writing() as connection:
            return arm_anew(connection, self.office.institution)

    def _mended(self, found: Lacking) -> int:
        with self.office.database.writing() as connection:
            return mend(connection, self.office.institution, found)
