"""Verb on speed: benchmarks, each beside the least anybody could do.

Room for: the verb `bench` and its answer in words.
May not enter: what is timed and how (`bench/`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from engine.errors import WrongUse
from engine.run.bench.catalogue import BENCHMARKS
from engine.run.bench.frame import Benchmark, Figure, LeftOut, Order, measured
from engine.run.flags import Verb, with_shell
from engine.run.layout import table
from engine.run.shell import DONE, Shell
from engine.text import Language, Text

CASES = 10_000

_HEADINGS = (
    Text("名称", "name"), Text("所测", "what"), Text("本系统", "ours"), Text("对照", "limit"), Text("倍数", "ratio"),
    Text("应达", "promised"), Text("结论", "verdict"),
)  # fmt: skip
_KEPT, _MISSED = Text("达到", "kept"), Text("未达到", "MISSED")


@click.command("bench", cls=Verb)
@click.option(
    "--only", metavar="NAME", help=f"只测这一项 · this one alone: {', '.join(one.name for one in BENCHMARKS)}"
)
@click.option(
    "--cases",
    type=click.IntRange(min=1),
    default=CASES,
    show_default=True,
    metavar="N",
    help="案件数量，用于需要案件的项目 · how many cases, where a benchmark needs any",
)
@click.option("--full", is_flag=True, help="按全量测试，耗时较长 · the whole size; takes longer")
@with_shell
def bench_verb(shell: Shell, only: str | None, cases: int, full: bool) -> int:
    """测速：与最简做法同场比较。 · Measure speed, beside the least that could do."""
    order = Order(shell.settings, cases, full, shell.note)
    figures = list(_measured(shell, order, _chosen(only)))
    shell.answer([figure.plain() for figure in figures], lambda: _text(figures, shell.lang))
    return DONE


def _measured(shell: Shell, order: Order, chosen: Sequence[Benchmark]) -> Iterator[Figure]:
    for benchmark in chosen:
        try:
            yield measured(benchmark, order)
        except LeftOut as error:
            shell.note(error.sentence)


def _chosen(only: str | None) -> Sequence[Benchmark]:
    chosen = [benchmark for benchmark in BENCHMARKS if only in (None, benchmark.name)]
    if not chosen:
        names = ", ".join(benchmark.name for benchmark in BENCHMARKS)
        raise WrongUse(
            Text(
                f"没有名为“{only}”的测试，现有：{names}。",
                f"There is no benchmark “{only}”; there are: {names}.",
            )
        )
    return chosen


def _text(figures: Sequence[Figure], lang: Language) -> str:
    rows = [[heading.said(lang) for heading in _HEADINGS]]
    rows += [
        [
            figure.benchmark.name,
            figure.benchmark.title.said(lang),
            f"{figure.value:.3g} {figure.benchmark.unit}",
            f"{figure.limit:.3g} {figure.benchmark.unit}",
            f"{figure.ratio:.2f}",
            figure.benchmark.promise,
            (_KEPT if figure.kept else _MISSED).said(lang),
        ]
        for figure in figures
    ]
    limits = [
        Text("{name} 的对照：{limit}。", "{name} is held against {limit}.").filled(
            name=figure.benchmark.name, limit=figure.benchmark.limit
        )
        for figure in figures
    ]
    return "\n".join([table(rows), *(limit.said(lang) for limit in limits)])
