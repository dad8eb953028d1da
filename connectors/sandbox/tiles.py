"""A company of any size: copies of the simulated one with ids, addresses and domains of their own.

The shape stays that of one company (merges, histories, conversions, odd values), and no two copies
share a person, an account or a deal; users, campaigns and settings are common to all. Rows are made
by the embedded engine, a copy at a time, and land through the ordinary batch writer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import duckdb

from connectors import CONNECTORS
from connectors.landing import Landing
from connectors.sandbox.company.ids import PREFIXES
from connectors.sql import identifier, literal, read_parts
from connectors.stream import Reading, Stream, next_window

# Streams of which every copy has its own rows; all others land once.
COPIED = {
    "salesforce": (
        *("Account", "AccountHistory", "CampaignMember", "Contact", "ContactHistory", "Event"),
        *("Lead", "LeadHistory", "Opportunity", "OpportunityContactRole"),
        *("OpportunityFieldHistory", "OpportunityHistory", "Task"),
    ),
    "hubspot": (
        *("contacts", "contacts_history", "companies", "companies_history", "deals"),
        *("deals_history", "calls", "emails", "meetings", "tasks", "associations"),
        *("email_events", "form_submissions"),
    ),
}
# Columns that hold HubSpot's ids of copied records (owners are common), and random ids.
MERGED_IDS = frozenset(("hs_merged_object_ids", "hs_calculated_merged_vids"))
HUBSPOT_IDS = frozenset(("id", "hs_object_id", "fromObjectId", "toObjectId", "associatedcompanyid"))
RANDOM_IDS = frozenset(("conversionId", "email_events.id"))
EMAILS = frozenset(("Email", "email", "recipient"))
SITES = frozenset(("Website", "domain"))
# A Salesforce id of a copied record.
COPIED_ID = literal(
    f"^({'|'.join(PREFIXES[obj] for obj in COPIED['salesforce'] if obj in PREFIXES)})"
    r"5e000(\w{7}|\w{10})$"
)
# HubSpot's ids of one company span less than this.
STRIDE = 100_000_000
MOST = 9_999
COPIES_A_PART = 20


def tile(
    base: Landing,
    landing: Landing,
    copies: int,
    now: datetime,
    on_stream: Callable[[str, int, int], None] = lambda name, done, copies: None,
) -> int:
    """Land `copies` companies made of the one in `base`; return the number of rows."""
    if not 1 <= copies <= MOST:
        raise ValueError(f"a company has from 1 to {MOST} copies, not {copies}")
    moment, total = now.astimezone(UTC).replace(tzinfo=None), 0
    for spec in CONNECTORS:
        for stream in spec.streams:
            state = base.state(*stream.asset_key)
            paths = base.files(*stream.asset_key)
            if state is None:
                continue
            name = "/".join(stream.asset_key)
            with landing.writer(stream.source, stream, extracted_at=moment) as writer:
                number = copies if stream.name in COPIED[stream.source] else 1
                for first in range(0, number if paths else 0, COPIES_A_PART):
                    last = min(first + COPIES_A_PART, number)
                    on_stream(name, first, number)
                    with base.engine() as con:
                        query = copied(con, base, stream, first, last)
                    writer.add_query(query, state.columns)
                reading = Reading(is_full=True, fields=state.fields)
                window = next_window(stream.source, None, moment)
                total += writer.commit(window=window, reading=reading).rows
                on_stream(name, number, number)
    return total


def copied(
    con: duckdb.DuckDBPyConnection,
    base: Landing,
    stream: Stream,
    first: int,
    last: int,
) -> str:
    """Select the rows of some copies: as they are, but for what names a record of the company."""
    source = read_parts(base.files(*stream.asset_key))
    columns = base.columns(*stream.asset_key)
    chosen = [f"{identifier(name)}" for name in columns]
    if stream.name in COPIED[stream.source]:
        named = id_columns(con, source, columns) if stream.source == "salesforce" else set()
        chosen = [renamed(stream, name, named) for name in columns]
    return (
        f"select {', '.join(chosen)}, _source_modified_at, _is_deleted from {source} "
        f"cross join (select unnest(range({first}, {last})) as copy)"
    )


def id_columns(con: duckdb.DuckDBPyConnection, source: str, columns: Iterable[str]) -> set[str]:
    """Columns of Salesforce that hold an id of a copied record."""
    names = list(columns)
    asked = ", ".join(f"bool_or(regexp_matches({identifier(one)}, {COPIED_ID}))" for one in names)
    found = con.execute(f"select {asked} from {source}").fetchall()[0]
    return {name for name, is_id in zip(names, found, strict=True) if is_id}


def renamed(stream: Stream, name: str, salesforce_ids: set[str]) -> str:
    """One column of a copy: what names a record of the company gets the copy's number."""
    column = identifier(name)
    if name in salesforce_ids or (stream.source == "hubspot" and name.startswith("salesforce")):
        # The three check characters stay right: digits have no case. A history has ids of what is
        # common to all copies too, and texts.
        value = f"substr({column}, 1, 4) || printf('%04d', copy) || substr({column}, 9)"
        value = f"case when regexp_matches({column}, {COPIED_ID}) then {value} else {column} end"
    elif f"{stream.name}.{name}" == "contacts_history.value":
        value = f"case property when 'associatedcompanyid' then {shifted(column)} else {column} end"
    elif name in RANDOM_IDS or f"{stream.name}.{name}" in RANDOM_IDS:
        value = f"printf('%04x', copy) || substr({column}, 5)"
    elif name in MERGED_IDS:
        parts = f"list_transform(string_split({column}, ';'), lambda one: {shifted('one')})"
        value = f"array_to_string({parts}, ';')"
    elif stream.source == "hubspot" and name in HUBSPOT_IDS:
        value = shifted(column)
    elif name in EMAILS:
        value = moved_address(column)
    elif name in SITES:
        value = f"regexp_replace({column}, '^(https://www\\.)?', '\\1c' || copy || '-')"
    else:
        return column
    return f"case when {column} <> '' then {value} else {column} end as {column}"


def shifted(number: str) -> str:
    """A HubSpot id of a copy."""
    return f"cast(cast({number} as bigint) + copy * {STRIDE} as varchar)"


def moved_address(column: str) -> str:
    """An address of a copy: at the copy's own domain, unless the domain is everybody's."""
    is_own = f"regexp_matches({column}, '@[^@]+[.]example$', 'i') and not {common_domain(column)}"
    own = f"replace({column}, '@', '@c' || copy || '-')"
    return f"case when {is_own} then {own} else replace({column}, '@', '.c' || copy || '@') end"


def common_domain(column: str) -> str:
    """Whether the domain belongs to the company that sells, its partners or its competitors."""
    from connectors.sandbox.company import setting

    domains = (setting.OWN_DOMAIN, *setting.COMPETITORS.values(), *setting.PARTNER_DOMAINS)
    listed = ", ".join(map(literal, domains))
    return f"lower(split_part({column}, '@', 2)) in ({listed})"
