"""HubSpot's deals: mirrors of Salesforce opportunities, and the few that live in HubSpot only."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from connectors.sandbox.company import activities, setting
from connectors.sandbox.company.context import Context, Person
from connectors.sandbox.company.deal_diary import DealDiary, Role
from connectors.sandbox.company.hubspot_store import hs_time

if TYPE_CHECKING:
    from connectors.sandbox.company.deals import Deal

DEAL_CONTACT, DEAL_COMPANY = (3, 4), (5, 6)
STAGE_IDS = {
    "Prospecting": "appointmentscheduled",
    "Qualification": "qualifiedtobuy",
    "Needs Analysis": "presentationscheduled",
    "Value Proposition": "presentationscheduled",
    "Id. Decision Makers": "decisionmakerboughtin",
    "Perception Analysis": "decisionmakerboughtin",
    "Proposal/Price Quote": "contractsent",
    "Negotiation/Review": "contractsent",
    "Closed Won": "closedwon",
}


def open_mirror(ctx: Context, deal: Deal) -> None:
    """The sync makes a deal of an opportunity, tied to the people it knows."""
    if deal.mirror_id or ctx.salesforce["Opportunity"][deal.opportunity_id]["IsDeleted"]:
        return
    deal.mirror_id = ctx.hubspot.create(
        "deals",
        "SALESFORCE",
        pipeline="default",
        salesforceopportunityid=deal.opportunity_id,
        **_properties(ctx, deal),
    )
    for person in deal.people:
        if person.contact_id:
            contact = ("contacts", person.contact_id)
            ctx.hubspot.associate(("deals", deal.mirror_id), contact, *DEAL_CONTACT)
    if deal.company and deal.company.company_id:
        company = ("companies", deal.company.company_id)
        ctx.hubspot.associate(("deals", deal.mirror_id), company, *DEAL_COMPANY)


def follow(ctx: Context, deal: Deal) -> None:
    """The sync carries a change over."""
    if deal.mirror_id:
        ctx.hubspot.change("deals", deal.mirror_id, "SALESFORCE", **_properties(ctx, deal))


def _properties(ctx: Context, deal: Deal) -> dict[str, str | None]:
    record = ctx.salesforce["Opportunity"][deal.opportunity_id]
    amount = record["Amount"]
    owner = activities.member_of(ctx, record["OwnerId"])
    return {
        "dealname": record["Name"],
        "dealstage": STAGE_IDS.get(record["StageName"], "closedlost"),
        "amount": None if amount is None else str(amount),
        "closedate": f"{record['CloseDate']}T00:00:00.000Z",
        "deal_currency_code": record["CurrencyIsoCode"],
        "dealtype": "existingbusiness" if "Existing" in (record["Type"] or "") else "newbusiness",
        "hubspot_owner_id": owner.owner_id if owner else None,
    }


def open_native(ctx: Context, person: Person, amount: int) -> str:
    """A deal made in HubSpot for somebody whom Salesforce does not know."""
    rng = person.rng
    member = rng.choice(ctx.staff.executives)
    close = ctx.now + timedelta(days=rng.randint(30, 90))
    deal_id = ctx.hubspot.create(
        "deals",
        pipeline="default",
        dealname=f"{person.last} - first order",
        dealstage="appointmentscheduled",
        amount=str(amount),
        closedate=hs_time(close),
        deal_currency_code=str(person.country[2]),
        dealtype="newbusiness",
        hubspot_owner_id=member.owner_id,
    )
    assert person.contact_id
    ctx.hubspot.associate(("deals", deal_id), ("contacts", person.contact_id), *DEAL_CONTACT)
    if person.company and person.company.company_id:
        company = ("companies", person.company.company_id)
        ctx.hubspot.associate(("deals", deal_id), company, *DEAL_COMPANY)
    deal = ctx.diary.deals[deal_id] = DealDiary(
        deal_id,
        "hubspot",
        ctx.now,
        "newbusiness",
        str(person.country[2]),
        None,
        person.company.diary if person.company else None,
        stages=[(ctx.now, "appointmentscheduled")],
        amounts=[(ctx.now, float(amount))],
        close_dates=[(ctx.now, close.date())],
        owners=[(ctx.now, str(member.owner_id))],
    )
    ctx.diary.join(person, Role(deal.created_at, deal_id, None, False, ""))
    won = rng.random() < 0.3
    deal.planned = "won" if won else "lost"
    path = ["qualifiedtobuy", "presentationscheduled", "contractsent"]
    path.append("closedwon" if won else "closedlost")
    moment = ctx.now
    for stage in path:
        moment = setting.after_work_minutes(moment, rng.uniform(480, 480 * 14))
        ctx.sim.at(moment, _move, ctx, deal_id, stage)
    return deal_id


def _move(ctx: Context, deal_id: str, stage: str) -> None:
    properties = {"dealstage": stage}
    if stage.startswith("closed"):
        properties["closedate"] = hs_time(ctx.now)
        company = ctx.diary.deals[deal_id].company
        if company and stage == "closedwon":
            company.customer.append((ctx.now, deal_id))
    ctx.hubspot.change("deals", deal_id, **properties)
