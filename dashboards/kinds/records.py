"""Kind `records`: the records behind a number, as links into the CRM; they follow segment, region
and source, and are those of the moment of the run, whatever the period.

A page gives the card `table=`, e.g. `lambda data: records.table(data, "overdue_mql")`; the lists
are those of `marts.record_to_act_on`.
"""

from __future__ import annotations

from collections import Counter

from dashboards import crm, formats
from dashboards.kinds.rows import Column, Link, Table
from dashboards.source_data import PageData

# The longest waiting ones; a page stays light, and nobody works through more in a week.
MOST = 200
# Of each source at least so many, so that whoever chooses a source finds where to begin.
EACH = 3
COLUMNS = (Column("Record", "link"), Column("Waiting since", "date"), Column("Days", "count"),
           Column("Segment"), Column("Region"), Column("Source"))  # fmt: skip


def table(
    data: PageData, name: str, *, empty: str = "Nothing waits here. Well done.", most: int = MOST
) -> Table:
    """The records of a list, longest waiting first."""
    found = data.rows(
        "select system, object, record_id, since_on, days, segment, region, source "
        "from marts.record_to_act_on where list = ? order by days desc, record_id",
        name,
    )
    rows: list[list[object]] = []
    places: list[dict[str, str]] = []
    without = 0
    of_source: Counter[str] = Counter()
    slug_of = {
        (kind, choice.value): choice.slug
        for kind, choices in data.choices.items()
        for choice in choices
    }
    for row in found:
        link = crm.address(data.crm, row["system"], row["object"], row["record_id"])
        if link is None:
            without += 1
            continue
        if len(rows) >= most and of_source[row["source"]] >= EACH:
            continue
        of_source[row["source"]] += 1
        shown = Link(f"{row['object']} {row['record_id']}", link)
        rows.append([shown, row["since_on"], row["days"], row["segment"], row["region"],
                     row["source"]])  # fmt: skip
        places.append(
            {kind: slug_of.get((kind, row[kind]), "") for kind in ("segment", "region", "source")}
        )
    if without and not rows:
        empty = f"{formats.count(without)} records, which are not linked: {_where_to_set(data)}."
    return Table(COLUMNS, rows, empty, places, foot=_foot(data, len(found), len(rows), without))


def _foot(data: PageData, total: int, shown: int, without: int) -> str:
    said = []
    if shown and shown + without < total:
        said.append(
            f"{formats.count(shown)} of {formats.count(total)} are linked: those that wait "
            "longest, of each source some. Filters choose among these, not among all."
        )
    if shown and without:
        said.append(f"{formats.count(without)} are not linked: {_where_to_set(data)}.")
    return " ".join(said)


def _where_to_set(data: PageData) -> str:
    missing = [setting for system, setting in crm.SETTING.items() if system not in data.crm]
    if not missing:
        return "their ids are none that the CRM would give"
    return f"whoever runs the pipeline can set {' and '.join(missing)}"
