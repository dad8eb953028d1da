"""Our connectors against well-known ones, on the same server in one run: CPU and memory.

    .venv/bin/python -m benchmarks.connectors                       # all, about twenty minutes
    .venv/bin/python -m benchmarks.connectors --sizes 20000         # the comparison alone

Only the client's process is measured (user and system time, peak memory); the server may be as
slow as it likes. Each reader also reads a hundred records, which is what starting it costs. All
speak TLS with the local CRM. Ours writes Parquet and a manifest, the others write JSON to a file.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.connectors_report import write
from tests.conftest import ROOT
from tests.foreign import connectors as foreign
from tests.foreign.workshop import Finished, NotInstalled, run

VENDOR_RATE = 1_900
STARTING = 100
# Readings below this size take less than a second, so ours are the middle one of several, before,
# between and after those of the others.
LONG, SHORT = 50_000, 5
OURS = "onefunnel"
KEPT = ROOT / "build" / "benchmark-connectors.json"


@dataclass(frozen=True)
class Measured:
    """One reading of one object."""

    who: str
    what: str
    records: int
    cpu_seconds: float
    peak_mb: float
    requests: int | None = None
    start_seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Records per CPU second, its start apart."""
        return self.records / (self.cpu_seconds - self.start_seconds)


@dataclass(frozen=True)
class Crowd:
    """A running local CRM."""

    url: str
    secure_url: str
    environment: dict[str, str]

    @property
    def ours(self) -> dict[str, str]:
        """Settings for our own reader: the same encrypted ways in."""
        return {
            **self.environment,
            "BENCHMARK_HUBSPOT_URL": self.secure_url,
            "BENCHMARK_SALESFORCE_URL": "https://local.my.salesforce.com",
            "PYTHONPATH": str(ROOT),
        }


@contextmanager
def crowd(obj: str, records: int, folder: Path) -> Iterator[Crowd]:
    """Serve so many records from another process."""
    command = [sys.executable, "-m", "benchmarks.crowd", "--object", obj]
    command += ["--records", str(records), "--folder", str(folder / "authority")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise SystemExit("the local CRM did not start")
        yield Crowd(**json.loads(line))
    finally:
        process.terminate()
        process.wait(timeout=60)


def ours(there: Crowd, folder: Path, source: str, stream: str) -> Measured:
    """Extract and land one object; once more into the same landing for what is new."""
    finished = run(
        [sys.executable, "-m", "benchmarks.read_ours", source, stream, folder / "landing"],
        folder / "ours.out",
        there.ours,
        folder=folder,
        timeout=3600,
    )
    told = json.loads(finished.output.read_text())
    return Measured(
        OURS,
        f"{source} {stream}",
        told["rows"],
        finished.cpu_seconds,
        finished.peak_mb,
        told["requests"],
    )


def theirs(
    who: str,
    what: str,
    there: Crowd,
    folder: Path,
    read: Callable[..., Finished],
    stream: str,
) -> Measured | None:
    """Let a foreign connector read one object; None, said aloud, when it cannot be installed."""
    try:
        finished = read(folder, there.environment, [stream])
    except NotInstalled as reason:
        print(f"{who}: not measured, {reason}", flush=True)
        return None
    records = sum(line["type"] == "RECORD" for line in foreign.lines(finished.output))
    return Measured(who, what, records, finished.cpu_seconds, finished.peak_mb)


FOREIGN: list[tuple[str, Callable[..., Finished], str]] = [
    ("tap-hubspot", foreign.read_tap_hubspot, "contacts"),
    ("meltano-tap-hubspot", foreign.read_meltano_tap_hubspot, "contacts"),
    ("airbyte-source-hubspot", foreign.read_airbyte_hubspot, "contacts"),
    ("tap-salesforce", foreign.read_tap_salesforce, "Lead"),
    ("airbyte-source-salesforce", foreign.read_airbyte_salesforce, "Lead"),
    ("airbyte-source-salesforce", foreign.read_airbyte_salesforce, "Task"),
]
# These are compared at larger sizes too; the others are far away, or not what we measure against.
COMPARED_AT_ALL_SIZES = ("tap-hubspot", "airbyte-source-salesforce")
OBJECTS = (("salesforce", "Lead"), ("salesforce", "Task"), ("hubspot", "contacts"))


def told(measured: Measured) -> Measured:
    """Print one line of progress."""
    print(
        f"{measured.who:27} {measured.what:18} {measured.records:>9,} records "
        f"{measured.cpu_seconds:8.2f} CPU s {measured.rate:>9,.0f} a CPU s "
        f"{measured.peak_mb:5.0f} MB",
        flush=True,
    )
    return measured


def readings(
    size: int, source: str, stream: str, others: Sequence[str]
) -> tuple[list[Measured], Measured]:
    """Read one object of one size by all; return first readings, and our second one."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        with crowd(stream, size, folder) as there:
            found = [reading(there, folder, source, stream, size)]
            quiet = ours(there, folder, source, stream)
            first = []
            for who, read, wanted in FOREIGN:
                if wanted == stream and who in others:
                    other = theirs(who, found[0].what, there, folder, read, stream)
                    first += [other] if other is not None else []
                    found.append(reading(there, folder, source, stream, size))
            while len(found) < (SHORT if size < LONG else 1):
                found.append(reading(there, folder, source, stream, size))
    return [middle(found), *first], quiet


def reading(there: Crowd, folder: Path, source: str, stream: str, size: int) -> Measured:
    """Read all of one object into an empty landing with our connector."""
    shutil.rmtree(folder / "landing", ignore_errors=True)
    one = ours(there, folder, source, stream)
    if one.records != size:
        raise SystemExit(f"{one.what}: {one.records:,} of {size:,} came")
    return one


def middle(found: list[Measured]) -> Measured:
    """The reading of middle length, with the highest memory of all."""
    one = sorted(found, key=lambda each: each.cpu_seconds)[len(found) // 2]
    return replace(one, peak_mb=max(each.peak_mb for each in found))


def measure(sizes: list[int], compared: list[int], objects: list[str]) -> Iterator[dict[str, Any]]:
    """Run everything and yield what was measured; all are compared at the first of those sizes."""
    everyone = [who for who, _, _ in FOREIGN]
    for source, stream in OBJECTS:
        if stream not in objects:
            continue
        starts, _ = readings(STARTING, source, stream, everyone if compared[0] in sizes else ())
        start = {one.who: one.cpu_seconds for one in starts}
        for size in sizes:
            others = everyone if size == compared[0] else COMPARED_AT_ALL_SIZES
            found, again = readings(size, source, stream, others if size in compared else ())
            for one in found:
                yield asdict(told(replace(one, start_seconds=start[one.who])))
            yield {**asdict(again), "known": size}


def main() -> None:
    """Measure and write `docs/connectors-performance.md` and its picture."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sizes", type=int, nargs="+", default=[20_000, 100_000, 1_000_000])
    asked.add_argument(
        "--compared", type=int, nargs="+", default=[20_000, 100_000], help="others run too"
    )
    asked.add_argument("--objects", nargs="+", default=[stream for _, stream in OBJECTS])
    asked.add_argument("--no-docs", action="store_true", help="print only")
    options = asked.parse_args()
    found = measure(options.sizes, options.compared, options.objects)
    if options.no_docs:
        list(found)
    else:
        KEPT.parent.mkdir(exist_ok=True)
        write(ROOT / "docs", kept_with(found), options.compared, VENDOR_RATE)


def kept_with(found: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add what is measured to what earlier runs measured of other sizes and objects."""
    for one in found:
        known = json.loads(KEPT.read_text()) if KEPT.exists() else []
        same = [(row["who"], row["what"], row.get("known"), row["records"]) for row in known]
        key = (one["who"], one["what"], one.get("known"), one["records"])
        known = [row for row, other in zip(known, same, strict=True) if other != key]
        KEPT.write_text(json.dumps([*known, one], indent=1))
    return json.loads(KEPT.read_text())


if __name__ == "__main__":
    main()
