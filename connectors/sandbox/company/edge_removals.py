"""Rare stories of records that vanish, merge, double, move or lose their owner or address.

One function a story; the case's id is that of the shared definitions.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from connectors.sandbox.company import people, sales, setting, touches
from connectors.sandbox.company.accounts import ensure_account, executive_of, firmographics
from connectors.sandbox.company.context import Context, Person
from connectors.sandbox.company.edge_people import someone, walk_on
from connectors.sandbox.company.reference import owner_row
from connectors.sandbox.company.salesforce_store import sf_time

START = setting.START_CLOCK


def plant(ctx: Context) -> None:
    """Plan all stories; those after START_CLOCK show when the clock is advanced."""
    for at in (_day(2025, 4, 8), _day(2026, 2, 4), START + timedelta(days=3, hours=3)):
        came = min(at, START - timedelta(days=2))
        ctx.sim.at(came, _duplicates_are_merged, ctx, at)
        ctx.sim.at(at + timedelta(hours=1), _lead_is_deleted, ctx)
        ctx.sim.at(at + timedelta(hours=2), _contact_is_archived, ctx)
    for at in (_day(2026, 2, 20), START + timedelta(days=4)):
        ctx.sim.at(at, _address_changes, ctx)
        ctx.sim.at(at + timedelta(hours=3), _contact_moves, ctx)
        ctx.sim.at(at + timedelta(hours=4), _company_changes, ctx)
    ctx.sim.at(START + timedelta(days=15), _person_is_erased, ctx)
    ctx.sim.at(_day(2026, 2, 13), _representative_leaves, ctx)
    ctx.sim.at(_day(2025, 6, 3), _second_account_of_a_domain, ctx)


def _day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 10, 15, tzinfo=UTC)


def _duplicates_are_merged(ctx: Context, at: datetime) -> None:
    """Three leads of one human, merged one after the other; HubSpot's contacts as well."""
    person = walk_on(ctx, 100 + at.month)
    admin = ctx.staff.managers[0].user_id
    survivor = people.create_lead(ctx, person, ctx.staff.integration, ctx.staff.queue)
    twins = [
        people.create_lead(ctx, person, admin, ctx.staff.representatives[0].user_id)
        for _ in range(2)
    ]
    person.lead_id, twin_contact = (
        survivor,
        ctx.hubspot.create(
            "contacts",
            "IMPORT",
            email=f"{person.first}.{person.last}.old@{person.email.split('@')[1]}".lower(),
            firstname=person.first,
            lastname=person.last,
            lifecyclestage="lead",
            hs_analytics_source="OFFLINE",
            salesforceleadid=twins[0],
        ),
    )
    ctx.diary.know(ctx, person, "hubspot", "contacts", twin_contact)
    ctx.sim.at(at + timedelta(days=1), _merge, ctx, person, twins[0], twins[1], admin)
    ctx.sim.at(at + timedelta(days=1, hours=1), _merge, ctx, person, survivor, twins[0], admin)
    ctx.sim.at(
        at + timedelta(days=1, hours=2),
        ctx.hubspot.merge,
        "contacts",
        person.contact_id,
        twin_contact,
    )
    ctx.sim.at(at + timedelta(days=5), touches.submit_form, ctx, person, "Request a demo")
    for lead_id in (survivor, *twins):
        ctx.case("I6", lead_id)


def _merge(ctx: Context, person: Person, survivor: str, loser: str, by: str) -> None:
    ctx.salesforce.delete("Lead", loser, by, merged_into=survivor)
    ctx.salesforce.note_history("Lead", survivor, by, "leadMerged")
    person.diary.owners.append((ctx.now, ctx.salesforce["Lead"][survivor]["OwnerId"]))


def _lead_is_deleted(ctx: Context) -> None:
    """An MQL whose lead is deleted before anyone decided."""
    person = someone(ctx, lambda p: bool(_open_lead(ctx, p) and p.episode and p.episode.mql_at))
    person = person or someone(ctx, lambda p: bool(_open_lead(ctx, p)))
    if person and person.lead_id:
        person.is_gone = True
        ctx.salesforce.delete("Lead", person.lead_id, ctx.staff.managers[0].user_id)
        if person.contact_id:
            ctx.hubspot.archive("contacts", person.contact_id)
        ctx.case("I7", person.lead_id)


def _contact_is_archived(ctx: Context) -> None:
    """HubSpot archives somebody who never answered; Salesforce has no record of them."""
    person = someone(ctx, lambda p: bool(p.contact_id and not p.lead_id and not p.sf_contact_id))
    if person and person.contact_id:
        person.is_gone = True
        ctx.hubspot.archive("contacts", person.contact_id)
        ctx.case("I7", person.contact_id)


def _address_changes(ctx: Context) -> None:
    """Somebody who has answered forms takes another address; HubSpot keeps the old one too."""
    person = someone(ctx, lambda p: bool(p.contact_id and not p.lead_id and p.episodes))
    if person and person.contact_id:
        former = person.email
        name, _, domain = former.partition("@")
        person.email = f"{name}.new@{domain}"
        ctx.hubspot.change(
            "contacts",
            person.contact_id,
            "CRM_UI",
            email=person.email,
            hs_additional_emails=former,
        )
        ctx.case("address", person.contact_id)


def _contact_moves(ctx: Context) -> None:
    """A contact who was an MQL leaves for a company out of the ICP and is not heard of again."""
    person = someone(ctx, lambda p: not p.open_deals and _became_mql_as_contact(ctx, p))
    accounts = [
        ctx.salesforce["Account"][company.account_id]
        for company in ctx.companies
        if company.account_id and company.fit == "not_fit"
    ]
    if person and person.sf_contact_id and accounts:
        person.is_gone = True
        oldest = min(accounts, key=lambda account: account["CreatedDate"])
        ctx.salesforce.change(
            "Contact", person.sf_contact_id, oldest["OwnerId"], AccountId=oldest["Id"]
        )
        ctx.case("L11", person.sf_contact_id)


def _person_is_erased(ctx: Context) -> None:
    """A data-subject request: the contact vanishes from HubSpot for good."""
    person = someone(ctx, lambda p: bool(p.contact_id and not p.lead_id and not p.sf_contact_id))
    if person and person.contact_id:
        person.is_gone = True
        ctx.hubspot.purge("contacts", person.contact_id)
        ctx.case("purged", person.contact_id)


def _representative_leaves(ctx: Context) -> None:
    """The user stays, inactive; the owner is archived; open leads go to colleagues."""
    member, manager = ctx.staff.representatives[4], ctx.staff.managers[1].user_id
    member.is_active = False
    ctx.salesforce.change("User", member.user_id, manager, IsActive=False)
    ctx.hubspot.add_row("owners", owner_row(ctx, member))
    ctx.case("I8", member.user_id)
    for person in ctx.people:
        if person.lead_owner == member.user_id and person.lead_id and not person.is_gone:
            status = ctx.salesforce["Lead"][person.lead_id]["Status"]
            if status in ("Open - Not Contacted", "Working - Contacted"):
                sales.set_owner(ctx, person, sales.representative(ctx, person), manager)
                ctx.case("F5", person.lead_id)


def _second_account_of_a_domain(ctx: Context) -> None:
    """Two accounts have the same website: which one is a lead's?"""
    company = next(c for c in ctx.companies if c.fit == "fit" and not c.customer_since)
    by = executive_of(ctx, company).user_id
    ctx.case("I9", ensure_account(ctx, company, by))
    twin = ctx.salesforce.create(
        "Account",
        by,
        Name=f"{company.name} (EMEA)",
        Type="Prospect",
        Website=company.domain,
        OwnerId=by,
        CurrencyIsoCode=company.country[2],
        **firmographics(company),
    )
    ctx.case("I9", twin)


def _company_changes(ctx: Context) -> None:
    """The same of somebody whom HubSpot alone knows."""
    person = someone(
        ctx,
        lambda p: bool(
            p.contact_id
            and not (p.lead_id or p.sf_contact_id)
            and p.company
            and p.episode
            and p.episode.mql_at
        ),
    )
    companies = [c for c in ctx.companies if c.company_id and c.fit == "not_fit"]
    if person and person.contact_id and companies:
        person.is_gone = True
        ctx.hubspot.change(
            "contacts", person.contact_id, "CRM_UI", associatedcompanyid=companies[0].company_id
        )
        ctx.case("L11", person.contact_id)


def _became_mql_as_contact(ctx: Context, person: Person) -> bool:
    if not (person.sf_contact_id and person.episode and person.episode.mql_at):
        return False
    made = ctx.salesforce["Contact"][person.sf_contact_id]["CreatedDate"]
    return made < sf_time(person.episode.mql_at)


def _open_lead(ctx: Context, person: Person) -> bool:
    if person.is_gone or person.lead_id is None:
        return False
    return ctx.salesforce["Lead"][person.lead_id]["Status"] == "Open - Not Contacted"
