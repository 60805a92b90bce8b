"""Measured: an engine that counts what is asked of it.

Room for: counting and timing around the engine's own methods.
May not enter: what they do (`engine/service`), the names of the figures (`metrics.py`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine.model.answers import Refusal
from engine.run.metrics import Metrics, outcome_of
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.service.sweeping import Swept
from engine.store.database import Database


class MeasuredEngine(Engine):
    """An engine whose acts and sweeps are counted in *metrics*."""

    def __init__(
        self, metrics: Metrics, database: Database, institution: str, now: Callable[[], datetime]
    ) -> None:
        super().__init__(database, institution, now)
        self._metrics = metrics

    def open_case(self, *words: Any, **more: Any) -> Done | Refusal:
        """Open a case; see `Engine.open_case`."""
        return self._counted("open", super().open_case, *words, **more)

    def act(self, *words: Any, **more: Any) -> Done | Refusal:
        """Do a move; see `Engine.act`."""
        return self._counted("act", super().act, *words, **more)

    def correct(self, *words: Any, **more: Any) -> Done | Refusal:
        """Supersede what an event recorded; see `Engine.correct`."""
        return self._counted("correct", super().correct, *words, **more)

    def sweep(self, *words: Any, **more: Any) -> Swept:
        """Fire what is due; see `Engine.sweep`."""
        begun = time.monotonic()
        try:
            swept = super().sweep(*words, **more)
        except Exception as error:
            self._metrics.sweeps.labels(outcome_of(error)).inc()
            raise
        finally:
            self._metrics.sweep_seconds.observe(time.monotonic() - begun)
        self._metrics.sweeps.labels("done").inc()
        self._metrics.rungs.inc(swept.fired)
        self._metrics.cases_failed.inc(len(swept.failed))
        return swept

    def _counted(
        self, kind: str, do: Callable[..., Done | Refusal], *words: Any, **more: Any
    ) -> Done | Refusal:
        begun = time.monotonic()
        try:
            answer = do(*words, **more)
        except Exception as error:
            self._metrics.failed(kind, error)
            raise
        finally:
            self._metrics.act_seconds.labels(kind).observe(time.monotonic() - begun)
        self._metrics.answered(kind, answer)
        return answer
