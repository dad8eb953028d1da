"""Weekly review: what should this week's 30 minutes look at? One printable A4 sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards import formats, weekly
from dashboards.report import Card, Report
from dashboards.source_data import PageData


def content(data: PageData) -> Mapping[str, Any]:
    """The week, and the sentence that sums it up."""
    found = weekly.week(data)
    listed = weekly.objections(data).rows
    top = [str(row[0]) for row in listed if row[1] == listed[0][1]]
    moved = data.rows("select verdict from marts.response_effect where verdict = 'moved'")
    return {
        "week": weekly.span(found) if found else None,
        "top": formats.listed(top),
        "raised": _times(listed[0][1], len(top)) if top else "",
        "moved": len(moved),
        "responses": len(data.rows("select verdict from marts.response_effect")),
        "turned_down": sum(row["records"] for row in weekly.lines(data, "rejection_reason")),
    }


def _times(number: object, alike: int) -> str:
    each = " each" if alike > 1 else ""
    return (
        f"{'were' if alike > 1 else 'was'} raised most ({number} time{'s' * (number != 1)}{each})"
    )


REPORT = Report(
    slug="weekly",
    title="Weekly review",
    question="What should this week's 30 minutes look at?",
    intro="Sales says what it heard, marketing says what changes next week, and the sheet says "
    "later whether it did. Every line stands against the week before.",
    order=4,
    has_filters=False,
    template="weekly.html",
    content=content,
    cards=(
        Card("objections", "Which objections were raised most?",
             "Top three of the week, and the content made for each", "rows",
             table=weekly.objections, width="wide"),
        Card("criteria", "What ruled people out?",
             "Turned down after the first conversation", "rows",
             table=weekly.criteria, width="narrow"),
        Card("content", "Which content is used, and in which deals?",
             "Uses in the week; share of the deals won and lost in 13 weeks in which it was used",
             "rows", table=weekly.content, width="wide"),
        Card("overdue", "Which MQLs are overdue?",
             "Latest first; each opens in the CRM", "rows", table=weekly.overdue, width="narrow"),
        Card("claims", "Which claims could sales not counter?",
             "Of the times each was heard in the week", "rows", table=weekly.claims),
        Card("came-back", "Who came back?",
             "Turned down in the week: reason, source and campaign, fit", "rows",
             table=weekly.rejections),
        Card("responses", "Did what marketing changed move the number?",
             "Share of the list in the 4 weeks before, against the complete weeks since", "rows",
             table=weekly.responses, width="full",
             note="A share can also fall because another line grew. **Too early**: fewer than 3 "
             "complete weeks. A change counts when chance would bring it less than once in 20."),
    ),
)  # fmt: skip
