"""A first load of many contacts with histories, killed in the middle: what is read twice?

    .venv/bin/python -m benchmarks.first_load --contacts 1000000

Starts the local CRM with that many contacts in a process of its own, reads contacts and histories
in another, kills that one with -9 once, lets it go on, and prints requests, seconds, CPU and peak
memory of the reader that went on. The local CRM keeps to HubSpot's pace, so a hundred thousand take
two minutes and a million under half an hour; the kill must come before that.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def serve(contacts: int) -> None:
    """The local CRM with plain contacts, until it is ended."""
    from connectors.sandbox import serve as server
    from connectors.sandbox.world import World

    world = World()
    for number in range(contacts):
        at = (NOW - timedelta(days=400, seconds=number % 86_400)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        later = (NOW - timedelta(days=number % 300 + 1)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        first = {"value": "lead", "timestamp": at, "sourceType": "FORM"}
        second = {"value": "opportunity", "timestamp": later, "sourceType": "CRM_UI"}
        record = {
            "id": str(100_000 + number),
            "properties": {
                "email": f"person{number}@example{number % 5000}.net",
                "firstname": f"First {number % 977}",
                "lastname": f"Last {number % 7919}",
                "jobtitle": f"Head of {number % 53}",
                "lifecyclestage": "opportunity",
                "hs_lead_status": "OPEN",
            },
            "propertiesWithHistory": {"lifecyclestage": [second, first]},
            "createdAt": at,
            "updatedAt": later,
            "archived": False,
        }
        world.add("hubspot", "contacts", record)
    world.advance_to(NOW)
    with server.start(world) as running:
        print(running.url, flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


def read(url: str, root: str) -> None:
    """Contacts and their histories, once; prints what it took."""
    from connectors import CONNECTORS
    from connectors.extract import extract
    from connectors.landing import Landing
    from connectors.settings import HubSpotSettings

    (connector,) = (
        spec.connect(HubSpotSettings("x", url)) for spec in CONNECTORS if spec.source == "hubspot"
    )
    select = {("hubspot", "contacts"), ("hubspot", "contacts_history")}
    started = time.monotonic()
    results = list(extract([connector], Landing(Path(root)), select=select))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "seconds": round(time.monotonic() - started, 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mb": round(usage.ru_maxrss / 1024),
        "rows": {result.stream: result.total_rows for result in results},
        "requests": {result.stream: result.requests for result in results},
    }
    print(json.dumps(told), flush=True)


def asked(url: str) -> int:
    """Requests that the local CRM has answered since it was asked last."""
    with urllib.request.urlopen(f"{url}/_sandbox/requests") as answer:
        total = json.load(answer)["total"]
    urllib.request.urlopen(urllib.request.Request(f"{url}/_sandbox/requests", method="DELETE"))
    return int(total)


def main() -> None:
    """Serve, read, kill, go on."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--kill-after", type=float, default=60.0, help="seconds of reading")
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--read", nargs=2)
    given = parser.parse_args()
    if given.serve:
        return serve(given.contacts)
    if given.read:
        return read(*given.read)
    # As a module: beside this file lies another `connectors`.
    me = [sys.executable, "-m", "benchmarks.first_load"]
    server = subprocess.Popen(
        [*me, "--serve", "--contacts", str(given.contacts)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert server.stdout is not None
    try:
        url = server.stdout.readline().strip()
        if not url:
            raise SystemExit("the local CRM did not start")
        with tempfile.TemporaryDirectory() as root:
            command = [*me, "--read", url, root]
            reader = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT)
            try:
                ended = reader.wait(given.kill_after)
                raise SystemExit(f"the reader ended with {ended} before it was killed")
            except subprocess.TimeoutExpired:
                os.kill(reader.pid, signal.SIGKILL)
                reader.wait()
            print(json.dumps({"killed_after": given.kill_after, "requests": asked(url)}))
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True)
            print(done.stdout.strip())
            total = asked(url)
            needed = given.contacts // 100 + given.contacts // 50
            print(json.dumps({"requests_after_the_kill": total, "needed_without_kill": needed}))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
