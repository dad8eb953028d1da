"""The objects that are read from Salesforce, under the API's own names. No network here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from connectors.stream import Stream


def stream(
    name: str,
    description: str,
    reading: Literal["incremental", "full"] = "incremental",
    *,
    absence: bool = True,
) -> Stream:
    """One object; the permission to ask for is that of reading it."""
    return Stream(
        source="salesforce",
        name=name,
        key=("Id",),
        description=description,
        reading=reading,
        absence_means_deleted=absence,
        permission=f"object permission Read (better View All) on {name}, and field-level "
        "security that shows its fields",
    )


STREAMS: tuple[Stream, ...] = (
    stream("User", "People and automations that own records and change them."),
    stream("Group", "Queues and groups, which may own leads.", "full"),
    stream("GroupMember", "Who is in which queue or group.", "full"),
    stream("RecordType", "Record types, which tell kinds of opportunities apart.", "full"),
    stream("OpportunityStage", "Stages with order, probability and outcome.", "full"),
    stream("LeadStatus", "Lead statuses and which of them mean converted.", "full"),
    stream("CurrencyType", "Active currencies and the corporate one.", "full"),
    stream("DatedConversionRate", "Exchange rates by day.", "full"),
    stream("Campaign", "Marketing campaigns."),
    stream("CampaignMember", "Leads and contacts in campaigns, and whether they responded."),
    stream("Account", "Companies."),
    stream("Contact", "People at accounts."),
    stream("Lead", "People not yet, or no longer, qualified; converted ones included."),
    stream("Opportunity", "Deals, with amount, stage and close date."),
    stream("OpportunityContactRole", "Which contacts take part in a deal, and as what."),
    stream("Task", "Calls, e-mails and other to-dos."),
    stream("Event", "Meetings in calendars."),
    stream("LeadHistory", "Each change of a tracked lead field.", absence=False),
    stream("ContactHistory", "Each change of a tracked contact field.", absence=False),
    stream("AccountHistory", "Each change of a tracked account field.", absence=False),
    stream("OpportunityFieldHistory", "Each change of a tracked opportunity field.", absence=False),
    stream("OpportunityHistory", "Stage, amount and close date after each change.", absence=False),
)


def streams_with(extra: Iterable[str]) -> tuple[Stream, ...]:
    """All streams, and those of objects that only the configuration names."""
    known = {one.name for one in STREAMS}
    return (
        *STREAMS,
        *(
            stream(
                name,
                f"{name}, named in SALESFORCE_OBJECTS.",
                absence=not name.endswith("History"),
            )
            for name in extra
            if name not in known
        ),
    )
