"""Erase a person from the landing: who that is, which batches hold them, what is left.

The one exception to "no version is ever lost". The tombstone is written first, so whatever comes
in between, nothing comes back, and `complete` finishes what a stop cut off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connectors import tombstones
from connectors.compaction import rewrite
from connectors.landing import Landing
from connectors.sql import identifier, literal, read_parts
from connectors.stream import Stream
from connectors.tombstones import Tombstone, Tombstones

# Where people are kept: the key, addresses, and what leads to other records of the same person.
PEOPLE = {
    ("salesforce", "Lead"): ("Id", ("Email",), ("ConvertedContactId", "MasterRecordId")),
    ("salesforce", "Contact"): ("Id", ("Email",), ("MasterRecordId",)),
    ("hubspot", "contacts"): (
        "id",
        ("email", "hs_additional_emails"),
        ("hs_merged_object_ids", "salesforceleadid", "salesforcecontactid"),
    ),
}
LEADS_TO_SALESFORCE = ("salesforceleadid", "salesforcecontactid")


@dataclass
class Subject:
    """A person: records by source, and addresses."""

    ids: dict[str, set[str]] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)

    def tokens(self) -> set[str]:
        """Ids and addresses as one set of names."""
        found = {f"@{address}" for address in self.addresses}
        return found | {f"{source}:{one}" for source, ids in self.ids.items() for one in ids}

    def take(self, token: str) -> None:
        """Add what a name stands for."""
        if token.startswith("@"):
            self.addresses.add(token[1:])
        else:
            source, _, one = token.partition(":")
            self.ids.setdefault(source, set()).add(one)


@dataclass(frozen=True)
class Cleaned:
    """What became of one raw object."""

    source: str
    stream: str
    rows: int
    batches: int


def find(landing: Landing, subject: Subject) -> Subject:
    """Add all records of the same person: converted, merged, mirrored, with the same address."""
    with landing.engine() as con:
        con.execute("create temp table named (record varchar, token varchar)")
        for (source, stream), (key, addresses, links) in PEOPLE.items():
            files, have = landing.files(source, stream), landing.columns(source, stream)
            if not files:
                continue
            tokens = [f"'{source}:' || {identifier(key)}"]
            for column in (*addresses, *links):
                if column in have:
                    each = f"unnest(string_split(lower({identifier(column)}), ';'))"
                    of = "salesforce" if column in LEADS_TO_SALESFORCE else source
                    if column not in addresses:
                        each = f"unnest(string_split({identifier(column)}, ';'))"
                    prefix = "@" if column in addresses else f"{of}:"
                    tokens.append(f"'{prefix}' || trim({each})")
            for token in tokens:
                con.execute(
                    f"insert into named select '{source}:' || {identifier(key)}, {token} "
                    f"from {read_parts(files)}"
                )
        known = set[str]()
        while (tokens_now := subject.tokens()) != known:
            known = tokens_now
            asked = ", ".join(map(literal, known))
            found = con.execute(
                "select distinct token from named where token not in ('@', 'salesforce:', "
                f"'hubspot:') and record in (select record from named where token in ({asked}))"
            ).fetchall()
            for (token,) in found:
                subject.take(token)
        records = {row[0] for row in con.execute("select distinct record from named").fetchall()}
    for source, ids in subject.ids.items():
        subject.ids[source] = {one for one in ids if f"{source}:{one}" in records}
    return subject


def nobody(landing: Landing, streams: Sequence[Stream], asked: Subject) -> list[str]:
    """Which names (`@address`, `source:id`) lead to no record and stand in no cell."""
    keys = {stream.asset_key: stream for stream in streams}
    missing = []
    for token in sorted(asked.tokens()):
        one = Subject()
        one.take(token)
        is_known = any(find(landing, one).ids.values()) or any(
            mentions(landing, source, stream, row_key(keys, source, stream), one)
            for source, stream in landing.streams()
        )
        if not is_known:
            missing.append(token)
    return missing


def erase(
    landing: Landing, streams: Sequence[Stream], subject: Subject, now: datetime
) -> list[Cleaned]:
    """Write the tombstone, then clean every batch. Only under the run lock."""
    known = tombstones.read(landing.root) or tombstones.new()
    request = Tombstone(
        now,
        {source: sorted(ids) for source, ids in subject.ids.items()},
        sorted(known.hashed(address) for address in subject.addresses),
    )
    keys = {stream.asset_key: stream for stream in streams}
    for source, stream in landing.streams():
        spec = keys.get((source, stream))
        # Where a row has no name of its own, one cell of it cannot be pointed at. Two e-mail events
        # that share an id are so rare that a cell too many may be emptied.
        if spec is None or len(spec.key) == 1 or spec.asset_key in tombstones.BY_ADDRESS:
            key = row_key(keys, source, stream)
            if cells := mentions(landing, source, stream, key, subject):
                request.blanked[f"{source}/{stream}"] = cells
    known.requests.append(request)
    tombstones.write(landing.root, known)
    return complete(landing, streams)


def complete(landing: Landing, streams: Sequence[Stream]) -> list[Cleaned]:
    """Clean what is not clean yet, remove what was replaced, note that it is done."""
    known = tombstones.read(landing.root)
    if known is None or all(request.is_done for request in known.requests):
        return []
    done = [one for one in cleaned(landing, streams, known) if one.batches]
    landing.remove_replaced()
    for request in known.requests:
        request.is_done = True
    tombstones.write(landing.root, known)
    return done


def cleaned(landing: Landing, streams: Sequence[Stream], known: Tombstones) -> Iterator[Cleaned]:
    """Write anew each batch that holds something of what was erased."""
    keys = {stream.asset_key: stream for stream in streams}
    for source, stream in landing.streams():
        rows = batches = 0
        for manifest in landing.manifests(source, stream):
            cleaning = known.cleaning(
                (source, stream), row_key(keys, source, stream), manifest.columns
            )
            folder = landing.folder(source, stream) / manifest.batch_id
            paths = [folder / part.name for part in manifest.files]
            if cleaning is None or not paths:
                continue
            query, concerned = cleaning
            with landing.engine() as con:
                count = con.execute(
                    f"select count(*) from {read_parts(paths)} where {concerned}"
                ).fetchall()[0][0]
            if count:
                rewrite(landing, [manifest], rows=query, filters="erased")
                rows, batches = rows + count, batches + 1
        yield Cleaned(source, stream, rows, batches)


def row_key(keys: dict[tuple[str, str], Stream], source: str, stream: str) -> str:
    """The column that names a row; the first where there are several."""
    known = keys.get((source, stream))
    return known.key[0] if known else ("Id" if source == "salesforce" else "id")


def mentions(
    landing: Landing, source: str, stream: str, key: str, subject: Subject
) -> dict[str, list[str]]:
    """Cells that hold one of the addresses, alone or among other text, by column."""
    files, columns = landing.files(source, stream), landing.columns(source, stream)
    if not files or not subject.addresses or key not in columns:
        return {}
    found: dict[str, list[str]] = {}
    told = " or ".join(f"contains(cell, {literal(one)})" for one in sorted(subject.addresses))
    with landing.engine() as con:
        for column in columns:
            if column != key:
                rows = con.execute(
                    f"select distinct {identifier(key)} from (select {identifier(key)}, "
                    f"lower({identifier(column)}) as cell from {read_parts(files)}) "
                    f"where {told} order by 1"
                ).fetchall()
                if rows:
                    found[column] = [row[0] for row in rows]
    return found
