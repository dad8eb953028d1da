"""How long what is no longer true is kept, when a limit is set.

Two limits, both off unless set: superseded versions of records (what "as known on a date" shows of
that time), and people who were deleted in the CRM. The current state of everything stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors import erasure, horizon
from connectors.compaction import rewrite
from connectors.erasure import PEOPLE, Cleaned, Subject
from connectors.landing import Landing
from connectors.sql import identifier, listed, literal, read_parts
from connectors.stream import Stream

# HubSpot shows an archived record for 90 days, and what is shown would be read again.
SHORTEST_AFTER_DELETION = timedelta(days=100)


@dataclass(frozen=True)
class Retention:
    """None: for ever."""

    versions: timedelta | None = None
    deleted_people: timedelta | None = None


def apply(
    landing: Landing, streams: Sequence[Stream], retention: Retention, now: datetime
) -> list[Cleaned]:
    """Remove what is older than the limits; `now` on the sources' clock, under the run lock."""
    done = []
    if retention.deleted_people:
        gone = deleted_before(landing, now - retention.deleted_people)
        if gone.ids:
            done += erasure.erase(landing, streams, gone, now)
    if retention.versions:
        since = now - retention.versions
        known = horizon.read(landing.root)
        if known and since - known < timedelta(days=1):
            return done
        keys = {stream.asset_key: stream for stream in streams}
        horizon.write(landing.root, since)
        for source, stream in landing.streams():
            spec = keys.get((source, stream))
            if spec and (rows := drop_superseded(landing, spec, since)):
                done.append(Cleaned(source, stream, rows, 1))
    return done


def deleted_before(landing: Landing, moment: datetime) -> Subject:
    """People whose last version says that they are deleted, and was read before a moment."""
    subject = Subject()
    for (source, stream), (key, _, _) in PEOPLE.items():
        files = landing.files(source, stream)
        if not files:
            continue
        with landing.engine() as con:
            rows = con.execute(
                f"select {identifier(key)} from {read_parts(files)} group by 1 having "
                "arg_max(_is_deleted, _batch_id) and max(_extracted_at) < "
                f"{literal(moment.isoformat())}::timestamp"
            ).fetchall()
        if rows:
            subject.ids.setdefault(source, set()).update(row[0] for row in rows)
    return subject


def drop_superseded(landing: Landing, stream: Stream, since: datetime) -> int:
    """Leave, of what was extracted before a moment, the version that was true then."""
    manifests = landing.manifests(stream.source, stream.name)
    files = landing.files(stream.source, stream.name)
    if not files:
        return 0
    early = f"_extracted_at <= {literal(since.isoformat())}::timestamp"
    last = (
        f"max(case when {early} then _batch_id end) over (partition by "
        f"{listed(stream.replaced_by)})"
    )
    with landing.engine() as con:
        old = con.execute(
            f"select count(*) from (select {early} and _batch_id < {last} as is_old "
            f"from {read_parts(files)}) where is_old"
        ).fetchall()[0][0]
    if old:
        query = f"select * from {{rows}} qualify not ({early} and _batch_id < {last})"
        rewrite(landing, manifests, rows=query, filters="retention")
    return int(old)
