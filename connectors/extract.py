"""Read what changed from every source and land it: a thread per source, results as they come.

Belongs here: the order of work and what an error means for the rest. How a vendor is read is in
its own folder, how rows are kept in `landing.py`.
"""

from __future__ import annotations

import gc
import queue
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import duckdb

from connectors.compaction import compact
from connectors.errors import (
    ConnectorError,
    LandingDamaged,
    NotPermitted,
    QuotaExhausted,
    Unreachable,
    WrongCredentials,
)
from connectors.landing import Landing
from connectors.manifest import Manifest
from connectors.stream import (
    Connector,
    ReadRequest,
    Stream,
    Window,
    closed_at,
    next_window,
)

# After one of these the next object of the same source would only fail again.
HOPELESS = (WrongCredentials, QuotaExhausted, Unreachable, LandingDamaged)

Progress = Callable[[str, str, int], None]


@dataclass(frozen=True)
class LandResult:
    """What became of one stream."""

    source: str
    stream: str
    status: Literal["ok", "nothing_new", "not_permitted"]
    rows: int
    total_rows: int
    requests: int
    seconds: float
    window_start: datetime | None
    window_end: datetime | None
    batch_id: str | None
    message: str = ""


def extract(
    connectors: Iterable[Connector],
    landing: Landing,
    *,
    select: Collection[tuple[str, str]] | None = None,
    on_progress: Progress | None = None,
    accept_shrink: Collection[tuple[str, str]] = (),
) -> Iterator[LandResult]:
    """Yield a result per selected stream, from the calling thread.

    Call it under the run lock. An error stops its own stream (or source, when the rest could only
    fail too); all other results are still yielded, then the first error is raised.
    """
    landing.clear_leftovers()
    told: queue.Queue[LandResult | ConnectorError | None] = queue.Queue()
    stopped = threading.Event()
    threads = []
    for connector in connectors:
        streams = [
            stream for stream in connector.streams if select is None or stream.asset_key in select
        ]
        if streams:
            work = SourceWork(
                connector, streams, landing, told, stopped, on_progress, frozenset(accept_shrink)
            )
            threads.append(
                threading.Thread(target=work.run, name=f"extract-{connector.source}", daemon=True)
            )
    for thread in threads:
        thread.start()
    running, first_error = len(threads), None
    # Pages of answers are trees: to look for cycles in each finds none, and costs a twentieth.
    usual = gc.get_threshold()
    gc.set_threshold(max(usual[0], 50_000), *usual[1:])
    try:
        while running:
            told_now = told.get()
            if told_now is None:
                running -= 1
            elif isinstance(told_now, ConnectorError):
                first_error = first_error or told_now
            else:
                yield told_now
    finally:
        stopped.set()
        gc.set_threshold(*usual)
    if first_error is not None:
        raise first_error


@dataclass(frozen=True)
class SourceWork:
    """The streams of one source, one after the other, in a thread of its own."""

    connector: Connector
    streams: list[Stream]
    landing: Landing
    told: queue.Queue[LandResult | ConnectorError | None]
    stopped: threading.Event
    on_progress: Progress | None
    accept_shrink: frozenset[tuple[str, str]]

    def run(self) -> None:
        """Read all; whatever happens, say that the work has ended."""
        try:
            self.read_all()
        except ConnectorError as error:
            self.told.put(error.about(self.connector.source, ""))
        except BaseException as error:
            # A defect of ours: it must fail the run, but what it says may quote a record.
            self.told.put(unexpected(error, self.connector.source, ""))
        finally:
            self.told.put(None)

    def read_all(self) -> None:
        """Open the source, then read stream after stream."""
        try:
            server_now = self.connector.open()
            for stream in self.streams:
                if self.stopped.is_set():
                    return
                try:
                    self.told.put(self.read_one(stream, server_now))
                except ConnectorError as error:
                    self.told.put(error.about(stream.source, stream.name))
                    if isinstance(error, HOPELESS):
                        return
        finally:
            self.connector.close()

    def read_one(self, stream: Stream, server_now: datetime) -> LandResult:
        """Read one stream and land what is new."""
        started, sent = time.monotonic(), self.connector.requests
        state = self.landing.state(stream.source, stream.name)
        window = window_after(state, stream, server_now)

        def progress(rows: int) -> None:
            if self.on_progress:
                self.on_progress(stream.source, stream.name, rows)

        message = ""
        try:
            with self.landing.writer(
                stream.source, stream, extracted_at=window.read_until
            ) as writer:
                request = ReadRequest(stream, window, state, writer, self.landing, progress)
                try:
                    reading = self.connector.read(request)
                except NotPermitted:
                    raise
                except ConnectorError:
                    # A first load goes on from here, tomorrow when the quota is used up.
                    request.keep()
                    raise
                if request.is_first and writer.state is not None:
                    # The rows of its last piece are not all that exist.
                    reading = replace(reading, is_full=False)
                manifest = writer.commit(
                    window=closed_at(window, reading.complete_to),
                    reading=reading,
                    accept_shrink=stream.asset_key in self.accept_shrink,
                )
                compact(self.landing, stream.source, stream.name)
                known = len(state.drifts) if state else 0
                changed = [one.words() for one in manifest.drifts[known:]]
                message = "; ".join(part for part in (reading.message, *changed) if part)
        except NotPermitted as refusal:
            refusal.about(stream.source, stream.name)
            return LandResult(
                stream.source,
                stream.name,
                "not_permitted",
                0,
                state.total_rows if state else 0,
                self.connector.requests - sent,
                time.monotonic() - started,
                window.start,
                state.window_end if state else None,
                None,
                str(refusal),
            )
        except (OSError, duckdb.Error) as error:
            raise unwritable(error, self.landing) from None
        landed = manifest.total_rows - (state.total_rows if state else 0)
        return LandResult(
            stream.source,
            stream.name,
            "ok" if landed else "nothing_new",
            landed,
            manifest.total_rows,
            self.connector.requests - sent,
            time.monotonic() - started,
            window.start,
            manifest.window_end,
            manifest.batch_id if landed else None,
            message,
        )


def window_after(state: Manifest | None, stream: Stream, server_now: datetime) -> Window:
    """The window of a reading; a first load that was cut off keeps the end it began with."""
    if state and state.unfinished:
        return Window(None, state.window_end, max(server_now, state.window_end))
    return next_window(stream.source, state.window_end if state else None, server_now)


def unwritable(error: Exception, landing: Landing) -> LandingDamaged:
    """Say that the landing could not be written, without repeating what was to be written."""
    reason = getattr(error, "strerror", None) or type(error).__name__
    return LandingDamaged(
        f"the landing in {landing.root} could not be read or written ({reason})",
        remedy="Check free space, permissions and the disk; the next run continues from the last "
        "complete batch",
    )


def unexpected(error: BaseException, source: str, stream: str) -> ConnectorError:
    """Name the place of a defect instead of its message, which may quote a record."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown place"
    return ConnectorError(
        f"unexpected {type(error).__name__} at {place}",
        source=source,
        stream=stream,
        remedy="This is a defect of Onefunnel: please report it with this line",
    )
