"""The tables of the Weekly review, read from marts: what sales heard, and what marketing answered.

Belongs here: which lines each list shows, and in which words. Not here: the page
(`reports/weekly.py`) or the digest that is made of it (`digest.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboards import crm, formats
from dashboards.breakdowns import humane
from dashboards.intervals import TOO_FEW
from dashboards.kinds.rows import Column, Link, Table
from dashboards.source_data import PageData

TOP, PIECES, COMBINATIONS, RESPONSES, OVERDUE = 3, 6, 4, 5, 6
NOBODY = "nothing yet"
VERDICTS = {
    "moved": "✓ moved",
    "no_clear_change": "– no clear change",
    "wrong_way": "✗ the wrong way",
    "too_early": "… too early",
    "too_few": "… too few to say",
}
SHOULD = {"fall": "↓", "rise": "↑"}
ABOUT = {
    "objection": "Objection",
    "criterion": "Criterion",
    "competitor_claim": "Not countered",
    "rejection_reason": "Rejected as",
}


def week(data: PageData) -> dict[str, Any] | None:
    """The week that is reviewed: the last complete one; None before the first is over."""
    found = data.rows(
        "select distinct week_start, week_end from marts.feedback_week where is_reviewed"
    )
    return found[0] if found else None


def lines(data: PageData, name: str) -> list[dict[str, Any]]:
    """The lines of a list in the reviewed week, most records first."""
    return data.rows(
        "select * from marts.feedback_week where is_reviewed and list = ? order by position", name
    )


def objections(data: PageData) -> Table:
    """Top three objections, and the content made for each."""
    made: dict[str, list[str]] = {}
    for row in data.rows(
        "select topic, answer from marts.answer_made where about = 'objection' and is_available "
        "order by available_from desc, answer"
    ):
        made.setdefault(row["topic"], []).append(row["answer"])
    shown = [
        [row["topic"], row["records"], row["prior_records"], row["change"],
         ", ".join(made.get(row["topic"], [])[:2]) or NOBODY]
        for row in _top(lines(data, "objection"))
    ]  # fmt: skip
    return Table(
        (Column("Objection"), *_counts(), Column("Made to answer it")),
        shown, "No objection was noted in this week.",
    )  # fmt: skip


def criteria(data: PageData) -> Table:
    """What ruled people out after the first conversation; how often nobody said."""
    found = lines(data, "criterion")
    shown = _top(found) + [row for row in found if row["is_gap"] and row["records"]]
    return Table(
        (Column("Criterion"), *_counts()),
        [[row["topic"], row["records"], row["prior_records"], row["change"]] for row in shown],
        "Nobody was turned down after a conversation.",
    )


def claims(data: PageData) -> Table:
    """Competitors' claims that sales could not counter."""
    answers = {
        row["topic"]: (row["competitor"], row["answer"] if row["is_available"] else None)
        for row in data.rows(
            "select * from marts.answer_made where about = 'competitor_claim' "
            "order by is_available nulls first, available_from"
        )
    }
    shown = []
    for row in _top(lines(data, "competitor_claim")):
        competitor, answer = answers.get(row["topic"], ("", None))
        named = f"{row['topic']} ({competitor})" if competitor else row["topic"]
        before = _of(row["prior_records"], row["prior_of_all"])
        shown.append([named, _of(row["records"], row["of_all"]), before, answer or NOBODY])
    return Table(
        (Column("Claim"), Column("Not countered"), Column("Week before"), Column("Answer")),
        shown, "No claim went without an answer.",
    )  # fmt: skip


def content(data: PageData) -> Table:
    """Content that sales used, and in which deals."""
    found = data.rows(
        "select * from marts.content_outcome where is_reviewed and content <> 'unmapped' "
        "order by uses desc, prior_uses desc, content limit ?",
        PIECES,
    )
    return Table(
        (Column("Content"), Column("Used", "count", "content_uses"), Column("Week before", "count"),
         Column("In won deals", "rate", "content_won"), Column("In lost deals", "rate")),
        [[row["content"], row["uses"], row["prior_uses"], (row["won_with"], row["won_deals"]),
          (row["lost_with"], row["lost_deals"])] for row in found],
        "No content was noted yet.",
    )  # fmt: skip


def rejections(data: PageData) -> Table:
    """Who came back: reason, source, campaign and fit together."""
    found = data.rows(
        "select reason, source, campaign, icp_fit, sum(records) as records, "
        "sum(prior_records) as prior_records from marts.rejection_week where is_reviewed "
        "group by all having sum(records) > 0 "
        "order by records desc, prior_records desc, reason, source, campaign, icp_fit limit ?",
        COMBINATIONS,
    )
    return Table(
        (Column("Reason"), Column("From"), Column("ICP"), Column("This week", "count"),
         Column("Week before", "count")),
        [[humane(row["reason"]), _from(row), _fit(row["icp_fit"]), int(row["records"]),
          int(row["prior_records"])] for row in found],
        "Nobody was turned down in this week.",
    )  # fmt: skip


def responses(data: PageData) -> Table:
    """What marketing changed, newest first, and whether its number moved."""
    found = data.rows(
        "select * from marts.response_effect order by week_start desc, topic limit ?", RESPONSES
    )
    total = data.rows("select count(*) as responses from marts.response_effect")[0]["responses"]
    foot = f"The latest {len(found)} of {formats.count(total)}." if total > len(found) else ""
    earlier = data.rows(
        "select week_start, response from marts.response_effect where verdict = 'moved' "
        "order by week_start desc, topic"
    )
    # Those that the page counts and the list no longer shows.
    earlier = [row for row in earlier if found and row["week_start"] < found[-1]["week_start"]]
    if earlier:
        named = [f"{row['response']} ({formats.day(row['week_start'])})" for row in earlier[:2]]
        foot += f" Moved before: {', '.join(named)}{' and others' if len(earlier) > 2 else ''}."
    return Table(
        (Column("Since", "date"), Column("What changed"), Column("Should move"),
         Column("Before"), Column("Since then"), Column("Did it?")),
        [[row["week_start"], f"{row['response']} · {row['owner']}",
          f"{SHOULD[row['should']]} {ABOUT[row['about']]}: {humane(row['topic'])}",
          _share(row, "before"), _share(row, "after"), VERDICTS[row["verdict"]]]
         for row in found],
        "Marketing has not recorded a response yet.", foot=foot,
    )  # fmt: skip


def overdue(data: PageData) -> Table:
    """MQLs that wait longest for a decision, as links into the CRM."""
    found = data.rows(
        "select system, object, record_id, since_on, days, source from marts.record_to_act_on "
        "where list = 'overdue_mql' order by since_on desc, record_id"
    )
    shown: list[list[Any]] = []
    for row in found:
        link = crm.address(data.crm, row["system"], row["object"], row["record_id"])
        if link and len(shown) < OVERDUE:
            shown.append([Link(row["record_id"], link), row["since_on"], row["source"]])
    foot = f"The latest {len(shown)} of {formats.count(len(found))} that wait." if shown else ""
    return Table(
        (Column("Record", "link"), Column("Due on", "date"), Column("Source")),
        shown, _unlinked(data, len(found)), foot=foot,
    )  # fmt: skip


def span(found: Mapping[str, date]) -> str:
    """The days of a week."""
    return formats.span(found["week_start"], found["week_end"])


def _fit(fit: str | None) -> str:
    return {"fit": "Fit", "insufficient_data": "Not known"}.get(fit or "", "Unknown")


def _from(row: Mapping[str, Any]) -> str:
    has_campaign = row["campaign"] != "No campaign"
    return f"{row['source']}, {row['campaign']}" if has_campaign else str(row["source"])


def _top(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in found if not row["is_gap"] and row["records"]][:TOP]


def _counts() -> tuple[Column, Column, Column]:
    return (Column("This week", "count", "feedback_week"), Column("Week before", "count"),
            Column("Change", "change"))  # fmt: skip


def _of(hits: int | None, total: int | None) -> str:
    return f"{hits or 0} of {total}" if total else formats.NOTHING


def _share(row: Mapping[str, Any], side: str) -> str:
    hits, total = row[f"{side}_records"], row[f"{side}_of"]
    if not total:
        return formats.NOTHING
    return (
        f"{hits} of {total}" if total < TOO_FEW else f"{formats.percent(hits / total)} of {total}"
    )


def _unlinked(data: PageData, total: int) -> str:
    if not total:
        return "No MQL is overdue. Well done."
    missing = " and ".join(name for system, name in crm.SETTING.items() if system not in data.crm)
    return f"{formats.count(total)} MQLs are overdue; set {missing} to link them."
