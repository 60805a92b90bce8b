"""Catalogue: every benchmark there is.

Room for: the list.
May not enter: benchmarks themselves.
"""

from __future__ import annotations

from engine.run.bench.acts import ACTS
from engine.run.bench.clock import CLOCK
from engine.run.bench.decide import DECIDE
from engine.run.bench.frame import Benchmark
from engine.run.bench.memory import MEMORY
from engine.run.bench.prove import PROVE
from engine.run.bench.queues import QUEUES
from engine.run.bench.reproject import REPROJECT
from engine.run.bench.sweeps import SWEEPS

BENCHMARKS: tuple[Benchmark, ...] = (*ACTS, *SWEEPS, DECIDE, *QUEUES, MEMORY, CLOCK, REPROJECT, PROVE)
"""In the order they are run."""
