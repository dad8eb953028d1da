"""What a source offers: streams, the window of one reading, and what a connector must do.

Belongs here: specifications without any network or storage. Not here: how a vendor is asked
(`salesforce/`, `hubspot/`) and how rows are kept (`landing.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from connectors.batch import BatchWriter
    from connectors.landing import Landing
    from connectors.manifest import Manifest

# A record may become visible a little after the moment it is stamped with: a reading therefore
# promises completeness only up to `server_now - LAG`, and starts again OVERLAP before that.
LAG: Mapping[str, timedelta] = {
    "salesforce": timedelta(seconds=60),
    "hubspot": timedelta(seconds=90),
}
# HubSpot's search lags behind by minutes when an account is busy; what has landed with the same
# stamp is not read again, so a long overlap costs pages of ids.
OVERLAP: Mapping[str, timedelta] = {
    "salesforce": timedelta(minutes=10),
    "hubspot": timedelta(hours=1),
}
# A first load lands a piece after so many rows: no more than that is ever read twice.
PIECE_OF_FIRST_LOAD = 50_000

# The mark of a reading that waits for a job of the vendor's: where the next one takes it up.
WAITS_FOR = "waits_for"

META_COLUMNS = ("_batch_id", "_extracted_at", "_source_modified_at", "_is_deleted")


@dataclass(frozen=True)
class Stream:
    """One raw table. `key` identifies a record; a newer batch replaces a record by `group`."""

    source: str
    name: str
    key: tuple[str, ...]
    description: str
    reading: Literal["incremental", "full"] = "incremental"
    # The columns whose rows are replaced together. Same as the key but for associations, where
    # all edges of one record to one type are one statement.
    group: tuple[str, ...] = ()
    # False where absence from a full reading says nothing (history: vendors keep only the last
    # values, submissions and events are never withdrawn).
    absence_means_deleted: bool = True
    # Columns that the raw table has even when nothing landed yet.
    columns: tuple[str, ...] = ()
    permission: str = ""

    @property
    def asset_key(self) -> tuple[str, str]:
        """The path of the stream in the asset graph and in the landing."""
        return (self.source, self.name)

    @property
    def replaced_by(self) -> tuple[str, ...]:
        """The columns by which a newer batch replaces an older one."""
        return self.group or self.key

    @property
    def table_doc(self) -> str:
        """What to know before reading the raw table, in one paragraph."""
        by = ", ".join(self.replaced_by)
        how = (
            "only what changed since the last run"
            if self.reading == "incremental"
            else "in full on every run; only changed rows land"
        )
        return (
            f"{self.description} Every column is text as the API said it. Read {how}. "
            f"The truth is the row of the newest `_batch_id` per ({by}); rows with `_is_deleted` "
            "carry the last known values."
        )


@dataclass(frozen=True)
class Window:
    """One reading. Times are naive UTC, on the source's clock.

    Rows stamped in [start, read_until] are read; `end` is how far the reading is complete, and
    becomes the cursor from which the next one starts (less the overlap). `start` None: everything.
    """

    start: datetime | None
    end: datetime
    read_until: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether a row with this stamp belongs to the reading."""
        return (self.start is None or moment >= self.start) and moment <= self.read_until


def closed_at(window: Window, complete_to: datetime | None) -> Window:
    """Return the window with the end that a reading really reached."""
    return window if complete_to is None else replace(window, end=min(window.end, complete_to))


def next_window(source: str, cursor: datetime | None, server_now: datetime) -> Window:
    """Return the window that follows a cursor; it never runs backwards when a clock is skewed."""
    end = server_now - LAG[source]
    if cursor is None:
        return Window(None, end, server_now)
    end = max(end, cursor)
    return Window(cursor - OVERLAP[source], end, max(server_now, end))


@dataclass(frozen=True)
class Reading:
    """What a connector tells about the rows that it has given to the writer."""

    # True when the rows are all that exist: records that are absent were deleted or purged.
    is_full: bool = False
    # Records that the vendor says are gone although it no longer returns them (key -> when).
    gone: Mapping[str, str] = field(default_factory=dict)
    # Times of scheduled passes and other small state, merged into the manifest's.
    marks: Mapping[str, str] = field(default_factory=dict)
    # The vendor's own schema: field -> type. A change of it is told, and stored.
    fields: Mapping[str, str] = field(default_factory=dict)
    # How far a stream that follows another is complete, when not to the end of the window.
    complete_to: datetime | None = None
    # True when the ids given by `add_swept` are all that exist, the rows only some of them.
    is_sweep: bool = False
    # True for a piece of a first load: what landed before it holds other records.
    is_piece: bool = False
    # From where the first load goes on, when this piece is not its last.
    unfinished: Mapping[str, str] = field(default_factory=dict)
    message: str = ""


@dataclass
class ReadRequest:
    """Everything a connector may know when it reads one stream.

    A first load is landed in pieces: after a page its connector says from where it would go on
    (`save`), and a run that was cut off is resumed there (`position`).
    """

    stream: Stream
    window: Window
    state: Manifest | None
    writer: BatchWriter
    landing: Landing
    progress: Callable[[int], None] = lambda rows: None
    reached: dict[str, str] = field(default_factory=dict)
    told: Reading = field(default_factory=Reading)
    has_restarted: bool = False

    @property
    def is_first(self) -> bool:
        """Whether nothing has been read yet, or not everything."""
        return self.state is None or bool(self.state.unfinished)

    @property
    def position(self) -> Mapping[str, str]:
        """From where a reading that was cut off goes on; empty: from the start."""
        if self.state is None or self.state.unfinished:
            return self.state.unfinished if self.state else {}
        return dict(json.loads(self.state.marks.get(WAITS_FOR) or "{}"))

    def save(self, **position: str) -> None:
        """Note how far a first load is; land what was read once it is worth a batch."""
        if not self.is_first:
            return
        self.reached = position
        if self.writer.rows_waiting >= PIECE_OF_FIRST_LOAD:
            self.keep()

    def wait_for(self, **position: str) -> None:
        """Note which job the next run takes up, of which nothing or only pages have been read."""
        self.reached = self.reached or position

    def keep(self) -> None:
        """Land what was read up to the position reached, if any.

        After the first load a half-read window is no batch: only what it waits for is noted.
        """
        if not self.reached:
            return
        if self.state and not self.is_first:
            self.writer.discard()
            before = Window(self.state.window_start, self.state.window_end, self.state.read_until)
            marks = {WAITS_FOR: json.dumps(self.reached)}
            self.writer.commit(window=before, reading=Reading(marks=marks))
        else:
            self.writer.commit(
                window=self.window,
                reading=replace(
                    self.told, is_piece=not self.has_restarted, unfinished=self.reached
                ),
            )

    def restart(self) -> None:
        """Read from the start again; what has landed already is compared from now on."""
        self.writer.discard()
        self.reached, self.has_restarted = {}, True


class Connector(Protocol):
    """One vendor. Nothing connects before `open`."""

    source: str
    streams: tuple[Stream, ...]

    @property
    def requests(self) -> int:
        """Requests sent so far, logins included."""

    def open(self) -> datetime:
        """Log in and return the vendor's clock (naive UTC)."""

    def read(self, request: ReadRequest) -> Reading:
        """Give the stream's rows in the window to the writer. Raises only `ConnectorError`."""

    def close(self) -> None:
        """Give back connections."""


@dataclass(frozen=True)
class ConnectorSpec:
    """A source as it can be listed without a network: its streams, and how to connect to it."""

    source: str
    streams: tuple[Stream, ...]
    connect: Callable[[Any], Connector]
