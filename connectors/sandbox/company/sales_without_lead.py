"""People whom sales works without a Salesforce lead: known contacts, and a sync that failed."""

from __future__ import annotations

from connectors.sandbox.company import activities, deals, people, setting
from connectors.sandbox.company.context import Context, Episode, Person
from connectors.sandbox.company.verdicts import OPPORTUNITY, reason_for, will_accept


def executive_answers(ctx: Context, person: Person, episode: Episode) -> None:
    """A known contact of an account goes to the account's executive; no lead is involved."""
    if person.is_gone or person.company is None or person.open_deals:
        return
    activities.first_touch(ctx, person, True)
    if person.rng.random() < OPPORTUNITY:
        account_id = people.account_for(ctx, person, ctx.staff.managers[0].user_id)
        owner = ctx.salesforce["Account"][account_id]["OwnerId"]
        ctx.sim.at(
            setting.after_work_minutes(ctx.now, 900),
            deals.open_deal_later,
            ctx,
            person,
            account_id,
            owner,
            episode,
        )


def work_in_hubspot(ctx: Context, person: Person, episode: Episode) -> None:
    """Without a lead, HubSpot's own lead status speaks."""
    if person.is_gone or person.lead_id or person.contact_id is None:
        return
    member = person.rng.choice(ctx.staff.representatives)
    ctx.hubspot.change(
        "contacts", person.contact_id, hs_lead_status="NEW", hubspot_owner_id=member.owner_id
    )
    activities.first_touch(ctx, person, True)
    ctx.sim.at(setting.after_work_minutes(ctx.now, 480), _decide_in_hubspot, ctx, person, episode)


def _decide_in_hubspot(ctx: Context, person: Person, episode: Episode) -> None:
    if person.is_gone or person.lead_id or person.contact_id is None:
        return
    if will_accept(person):
        ctx.hubspot.change("contacts", person.contact_id, hs_lead_status="IN_PROGRESS")
        if episode.mql_at:
            episode.accepted_at = episode.decided_at = ctx.now
        if person.rng.random() < OPPORTUNITY:
            ctx.sim.at(
                setting.after_work_minutes(ctx.now, 1200),
                deals.open_hubspot_deal,
                ctx,
                person,
                episode,
            )
    else:
        reason = reason_for(ctx, person, "rejected")
        ctx.hubspot.change(
            "contacts",
            person.contact_id,
            hs_lead_status="UNQUALIFIED",
            lead_rejection_reason=reason,
        )
        episode.decision, episode.decided_at = "rejected", ctx.now
        episode.closed_at, episode.closed_by = ctx.now, "rejected"
