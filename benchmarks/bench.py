"""How fast the register is at its size: one table for each database, in shares of what a view does that does nothing.

    make bench                                          # everything, about a quarter of an hour
    make bench ARGS="--only browse,search --sizes 16484 --databases sqlite --rounds 2"

Each size is served by the project's own gunicorn. Eight connections, as many as its two workers have threads, ask for
the no-op, then for a page, for the no-op again, then for the next page, and all this in several rounds. What counts is
the page's rate as a share of the no-op's beside it ("share"), and the same by the processor time that the workers and
the database took for one answer ("by work"): where others keep the machine busy, the latter is the steadier of the two.
Connections are kept and answers compressed, as browsers have it; with `--plain` they are not compressed.

A page counts as fresh when it is rendered anew: those lines are asked of a server whose page cache is switched off
(PAGE_CACHE_MEGABYTES=0). What a worker remembers of a revision (sistercities/kept.py) is not switched off by that, so
the first answer after a change costs more than these lines say. The lines
of pages that were seen before are asked of one with the project's own settings.
"""

import argparse
import contextlib
import json
import statistics
import sys
import time
from dataclasses import dataclass, field

from benchmarks.clients import NO_OP, Clients, Told, request
from benchmarks.lines import ADMIN, MIDDLE, SIZES, Line, named
from benchmarks.servers import CLUSTER, DATABASES, KEPT, Server, end_in_order, filled, python

CONNECTIONS = 8

WARM = 0.3
"""Seconds for which a page is asked for before it is measured."""

SLOW = 0.8
"""Seconds of processor time above which an answer is asked for but once, of each worker."""

FRESH = {"PAGE_CACHE_MEGABYTES": "0"}
"""Settings under which every page is rendered anew."""


@dataclass
class Measured:
    """What was measured of a line over one size."""

    shares: list[float] = field(default_factory=list)
    told: Told = field(default_factory=Told)
    beside: Told = field(default_factory=Told)
    """What the no-op did beside it."""
    work: float = 0.0
    """Processor seconds that the server took for it, the database included."""
    work_beside: float = 0.0
    queries: int = 0
    spent: float = 0.0
    """Seconds that the queries of one answer take."""
    uncompressed: int = 0
    megabytes: float = 0.0

    @property
    def share(self) -> float:
        """Its rate as a share of the no-op's: the middle one of all rounds."""
        return statistics.median(self.shares)

    @property
    def work_share(self) -> float:
        """The no-op's processor time as a share of its own, for one answer."""
        return (self.work_beside / len(self.beside.seconds)) / (self.work / len(self.told.seconds) or 0.01)

    @property
    def figures(self) -> dict[str, float]:
        """What is kept of it."""
        return {
            "share": self.share,
            "work_share": self.work_share,
            "queries": self.queries,
            "query_seconds": self.spent,
            "p50_ms": self.told.percentile(0.5),
            "p99_ms": self.told.percentile(0.99),
            "bytes_on_the_wire": self.wire,
            "bytes_of_the_page": self.uncompressed,
            "rss_megabytes": self.megabytes,
        }

    @property
    def wire(self) -> float:
        """Bytes of an answer with its head."""
        return self.told.size / len(self.told.seconds)


class Run:
    """The lines over one size on one database."""

    def __init__(self, lines: list[Line], clients: Clients, options: argparse.Namespace) -> None:
        self.lines, self.clients, self.options = lines, clients, options
        self.measured = {line.name: Measured() for line in lines}
        self.no_op = Told()

    def over(self, url: str) -> None:
        """Measure them all, pages that were seen before on a server of their own."""
        known = json.loads(python("benchmarks.lines", *(line.name for line in self.lines), url=url, **FRESH))
        for line in self.lines:
            told, measured = known["lines"][line.name], self.measured[line.name]
            if told["status"] != 200:
                self.leave_out(line, f"it answers {told['status']}")
                continue
            measured.queries, measured.spent, measured.uncompressed = told["queries"], told["spent"], told["bytes"]
        for seen in (False, True):
            lines = [line for line in self.lines if line.seen is seen and line.name in self.measured]
            if lines:
                with Server(url, **({} if seen else FRESH)) as server:
                    self.clients.connect(server.port, server.workers)
                    self.measure(server, lines, known["cookies"])

    def measure(self, server: Server, lines: list[Line], cookies: dict[str, str]) -> None:
        """Ask for the lines by turns, the no-op before each."""
        plain = self.options.plain
        nothing = request(NO_OP, compressed=not plain)
        sent = {line: request(line.address, cookies[line.who], not plain) for line in lines}
        workers = len(server.workers)

        def measure(line: Line, seconds: float, alone: int = 0) -> float:
            """Measure it once; returns how long an answer took, in seconds."""
            measured, start = self.measured[line.name], server.processor
            beside = self.clients.repeat(nothing, self.options.seconds / 2)
            between = server.processor
            told = self.clients.repeat(sent[line], seconds, alone=alone)
            measured.work += server.processor - between
            measured.work_beside += between - start
            measured.shares.append(told.rate / beside.rate)
            measured.told.add(told)
            measured.beside.add(beside)
            measured.megabytes = server.megabytes
            self.no_op.add(beside)
            if wrong := told.statuses.keys() - {200}:
                raise ConnectionError(f"it answered {wrong}")
            return told.percentile(0.5) / 1000

        quick = []
        for line in lines:
            try:
                self.clients.repeat(sent[line], 0, alone=workers)  # each worker reads in what it keeps
                before = server.processor
                self.clients.repeat(sent[line], 0, alone=1)
                first = server.processor - before
                if first < SLOW:
                    self.clients.repeat(sent[line], WARM)
                    quick.append(line)
                else:
                    print(f"  {line.name}: {first:.1f} s of work for an answer", file=sys.stderr, flush=True)
                    measure(line, 0, alone=workers)
            except (OSError, TimeoutError) as error:
                self.leave_out(line, str(error))
        for _round in range(self.options.rounds):
            for line in quick:
                measure(line, self.options.seconds)

    def leave_out(self, line: Line, reason: str) -> None:
        """Say that the line is not measured, and why."""
        print(f"Not measured: {line.name}, {line.address}: {reason}", file=sys.stderr, flush=True)
        del self.measured[line.name]


def table(database: str, runs: dict[int, Run], lines: list[Line]) -> str:
    """The figures of one database in Markdown."""
    sizes, main = list(runs), MIDDLE if MIDDLE in runs else max(runs)
    rows = [
        ["line", *(f"share at {size:,}" for size in sizes), "by work", "÷ admin", "bar", "growth", "bar"]
        + ["queries", "their ms", "p50 ms", "p99 ms", "KB wire", "KB page", "RSS MB"]
    ]
    admin = runs[main].measured.get(ADMIN)
    for line in lines:
        found = {size: run.measured[line.name] for size, run in runs.items() if line.name in run.measured}
        if not found:
            continue
        one = found.get(main) or next(iter(found.values()))
        growth = found[SIZES[0]].share / found[SIZES[-1]].share if {SIZES[0], SIZES[-1]} <= found.keys() else None
        bar = line.bar[DATABASES.index(database)] if line.bar else None
        rows.append(
            [
                line.name,
                *(f"{found[size].share:.4f}" if size in found else "" for size in sizes),
                f"{one.work_share:.4f}",
                f"{one.work_share / admin.work_share:.1f}" if admin else "",
                verdict(one.share, bar, one.share >= bar) if bar and main == MIDDLE else "",
                f"{growth:.2f}" if growth else "",
                verdict(growth, line.growth, growth <= line.growth) if growth and line.growth else "",
                str(one.queries),
                f"{1000 * one.spent:.1f}",
                f"{one.told.percentile(0.5):.1f}",
                f"{one.told.percentile(0.99):.1f}",
                f"{one.wire / 1000:.1f}",
                f"{one.uncompressed / 1000:.1f}",
                f"{one.megabytes:.0f}",
            ]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, ["-" * width for width in widths])
    text = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    told = runs[main].no_op
    of_clients = told.spent / told.elapsed
    text += [
        "",
        f"No-op over {main:,}: {told.rate:,.0f} a second, p50 {told.percentile(0.5):.1f} ms, "
        f"p99 {told.percentile(0.99):.1f} ms; the clients themselves took {of_clients:.2f} of a processor meanwhile.",
    ]
    return "\n".join([f"## {database}, {CONNECTIONS} connections", "", *text, ""])


def verdict(value: float, bar: float, met: bool) -> str:
    """The bar, and whether it is met or by how much not."""
    return f"{bar:g} met" if met else f"{bar:g} short ×{max(value / bar, bar / value):.2f}"


def main(options: argparse.Namespace) -> None:
    """Measure what is asked for and print it."""
    end_in_order()
    lines = named(options.only)
    clients = Clients(CONNECTIONS)
    results, began = {}, time.perf_counter()
    with contextlib.ExitStack() as stack:
        stack.callback(clients.end)
        for database in options.databases:
            runs: dict[int, Run] = {}
            for size in options.sizes:
                # The other sizes are there for the growth; what none is asked of is measured over the middle one.
                measured = [line for line in lines if line.growth or size == MIDDLE or len(options.sizes) == 1]
                if not measured:
                    continue
                with filled(database, size) as url:
                    print(f"{database}, {size:,}: {len(measured)} lines", file=sys.stderr, flush=True)
                    runs[size] = Run(measured, clients, options)
                    runs[size].over(url)
            print(table(database, runs, lines), flush=True)
            results[database] = {
                size: {name: one.figures for name, one in run.measured.items()} for size, run in runs.items()
            }
    stamp = time.strftime("%Y%m%d-%H%M%S")
    (KEPT / f"result-{stamp}.json").write_text(json.dumps(results, indent=1))
    print(f"{time.perf_counter() - began:.0f} s; also in var/bench/result-{stamp}.json")


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    split = lambda kind: lambda text: [kind(part) for part in text.split(",")]  # noqa: E731
    parser.add_argument("--sizes", type=split(int), default=list(SIZES), help="numbers of agreements, with commas")
    parser.add_argument("--databases", type=split(str), default=[], help="sqlite, postgresql or both")
    parser.add_argument("--only", type=split(str), default=[], help="the beginnings of lines, with commas")
    parser.add_argument("--seconds", type=float, default=0.8, help="how long a page is asked for in each round")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--plain", action="store_true", help="ask for answers that are not compressed")
    options = parser.parse_args()
    options.databases = options.databases or [one for one in DATABASES if one == "sqlite" or CLUSTER]
    if "postgresql" in options.databases and not CLUSTER:
        parser.error("there is no PostgreSQL server: start this by scripts/bench.sh")
    return options


if __name__ == "__main__":
    main(arguments())
