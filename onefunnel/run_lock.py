"""One run at a time per home, by a lock that the operating system releases when a process dies.

A second run is refused at once, naming the first. A lock that has to be tidied up after a killed
process would block every later run.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO

from onefunnel import exit_codes
from onefunnel.home import Home
from onefunnel.refusal import Refusal, storage_refusal

# Lock files held by this process, with how many users each has: the command line and the run that
# it starts share one lock.
_HELD: dict[str, tuple[IO[str], int]] = {}


class Busy(Refusal):
    """Another process holds the lock."""


@contextmanager
def run_lock(home: Home, purpose: str) -> Iterator[None]:
    """Hold the home's lock, or raise `Busy`."""
    name = str(home.lock_file)
    file, users = _HELD.get(name) or (take(home, purpose), 0)
    _HELD[name] = (file, users + 1)
    try:
        yield
    finally:
        file, users = _HELD[name]
        if users > 1:
            _HELD[name] = (file, users - 1)
        else:
            del _HELD[name]
            file.close()


def take(home: Home, purpose: str) -> IO[str]:
    """Lock the file and write into it who holds it."""
    try:
        file = open(home.lock_file, "a+", encoding="utf-8")  # noqa: SIM115 - open while locked
    except OSError as error:
        raise storage_refusal(error, home.root) from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        said = holder(home)
        file.close()
        raise Busy(
            f"Another run of {home.root} is under way: {said}",
            remedy="Wait until it has ended, or stop that process, and try again; nothing was "
            "changed",
            exit_code=exit_codes.BUSY,
        ) from None
    try:
        file.truncate(0)
        started = datetime.now(UTC).isoformat(timespec="seconds")
        json.dump({"pid": os.getpid(), "since": started, "purpose": purpose}, file)
        file.flush()
    except OSError as error:
        file.close()
        raise storage_refusal(error, home.root) from None
    return file


def holder(home: Home) -> str:
    """Who holds the lock, in words."""
    try:
        said = json.loads(home.lock_file.read_text(encoding="utf-8"))
        return f"`{said['purpose']}`, process {said['pid']}, started {said['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "a process that has only just started"
