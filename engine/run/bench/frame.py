"""Frame: what a benchmark is, how pairs of times are taken, and what they come to.

Room for: the benchmark itself, an engine as it is before anything is timed, repeated timing, medians and ratios.
May not enter: what is timed (one module each), printing (`verbs_bench.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from time import get_clock_info, perf_counter, process_time
from typing import Any

from engine.errors import AnxuError
from engine.run.settings import Settings
from engine.service.engine import Engine
from engine.store.database import Database
from engine.text import Text

PAIRS = 51
WINDOW = 0.002
"""How often a short piece of work is timed beside its limit, and for how many seconds at a time."""

# The time of this process alone, where it is told finely enough: what else runs on the machine is not our work.
_CLOCK = process_time if get_clock_info("process_time").resolution < 1e-5 else perf_counter


class LeftOut(AnxuError):
    """A benchmark that cannot be run here; the sentence says what is missing. The others go on."""

    code = "left_out"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two times of one run, in the unit of the benchmark: ours, and the limit's, taken right after each other."""

    ours: float
    limit: float


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for: how many cases, the whole of it or not, where to work, and whom to tell how far it is."""

    settings: Settings
    cases: int
    full: bool
    told: Callable[[Text], None]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One thing worth timing. *most* is the ratio to the limit's time that it promises to keep; 0: none is promised.

    *limit* says what the comparison is: the least anybody could do to have the same answer. Where so many a second are
    told instead of times, *least* is the ratio promised.
    """

    name: str
    title: Text
    limit: Text
    most: float
    unit: str
    pairs: Callable[[Order], Iterable[Pair]]
    least: float | None = None
    within: float | None = None
    """Where the figure itself is promised too: the most it may come to, in *unit*."""

    @property
    def promise(self) -> str:
        """The promise as it is shown."""
        said = [
            f"≤ {self.most:g}" if self.most else "",
            f"≥ {self.least:g}" if self.least is not None else "",
            f"≤ {self.within:g} {self.unit}" if self.within is not None else "",
        ]
        return ", ".join(filter(None, said))


@dataclass(frozen=True, slots=True)
class Figure:
    """What a benchmark came to."""

    benchmark: Benchmark
    pairs: tuple[Pair, ...]

    @property
    def value(self) -> float:
        """The median of our times, in the benchmark's unit."""
        return median(pair.ours for pair in self.pairs)

    @property
    def limit(self) -> float:
        """The median of the limit's times."""
        return median(pair.limit for pair in self.pairs)

    @property
    def ratio(self) -> float:
        """Ours as a multiple of the limit: of its time, or of how much it does a second."""
        return self.value / self.limit

    @property
    def kept(self) -> bool:
        """Whether everything promised is kept."""
        told = self.benchmark
        return (
            (not told.most or self.ratio <= told.most)
            and (told.least is None or self.ratio >= told.least)
            and (told.within is None or self.value <= told.within)
        )

    def plain(self) -> dict[str, Any]:
        """Return the figure as `anxu bench --json` gives it."""
        return {
            "name": self.benchmark.name,
            "ratio": round(self.ratio, 3),
            "value": round(self.value, 3),
            "unit": self.benchmark.unit,
            "ours": [round(pair.ours, 4) for pair in self.pairs],
            "limit": [round(pair.limit, 4) for pair in self.pairs],
        }


def ready_engine(database: Database, institution: str, at: datetime) -> Engine:
    """Return the engine of an office whose time is *at*; what a process reads once has been read, so that nothing timed reads it."""
    engine = Engine(database, institution, lambda: at)
    tuple(engine.rules().readable())
    return engine


def measured(benchmark: Benchmark, order: Order) -> Figure:
    """Run *benchmark* and return what it came to."""
    return Figure(benchmark, tuple(benchmark.pairs(order)))


def side_by_side(
    ours: Callable[[], object], limit: Callable[[], object], *, window: float = WINDOW, pairs: int = PAIRS
) -> Iterator[Pair]:
    """Time two short pieces of computing in turns, each as often as fills *window* seconds; yield microseconds a call.

    In turns and in short windows, so that whatever else the machine is doing weighs on both alike. Not for work
    that waits for a disk or another process.
    """
    rounds, turns = _filling(window, ours), _filling(window, limit)
    for _ in range(pairs):
        yield Pair(seconds(ours, rounds) / rounds * 1e6, seconds(limit, turns) / turns * 1e6)


def _filling(window: float, work: Callable[[], object]) -> int:
    """How often *work* can be done in *window* seconds, at least once; it is warm afterwards."""
    rounds = 1
    while (taken := seconds(work, rounds)) < window:
        rounds = max(rounds * 2, int(rounds * window / max(taken, 1e-9)))
    return rounds


def seconds(work: Callable[[], object], rounds: int) -> float:
    """Return the seconds that doing *work* so often takes."""
    turns = range(rounds)
    begun = _CLOCK()
    for _ in turns:
        work()
    return _CLOCK() - begun
