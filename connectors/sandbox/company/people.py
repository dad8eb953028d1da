"""People who become known, and their records: HubSpot contact, Salesforce lead and contact.

Who they are and when they come is decided here; what they then do is in `journey`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from connectors.sandbox.company import setting
from connectors.sandbox.company.accounts import (
    PRIMARY_COMPANY,
    ensure_account,
    ensure_hubspot_company,
)
from connectors.sandbox.company.context import Company, Context, Person
from connectors.sandbox.company.deal_diary import CompanyDiary
from connectors.sandbox.company.names import FIRST_NAMES, LAST_NAMES
from connectors.sandbox.company.vocabulary import (
    COUNTRIES,
    PERSONAL_DOMAINS,
    SHARED_MAILBOXES,
    SOURCES,
    TITLES,
    Source,
)

# How busy each month is, January first.
SEASON = (1.08, 1.05, 1.12, 1.05, 1.0, 0.95, 0.78, 0.7, 1.15, 1.15, 1.05, 0.68)
GROWTH = 1.7  # arrivals at the end of the 30 months, over and above those at their beginning
EXPANSION = setting.START_CLOCK - timedelta(days=120)  # paid social reaches for a wider audience


def arrivals(ctx: Context, count: int) -> list[datetime]:
    """Moments at which people come in: `count` before START_CLOCK, more at that pace after it."""
    rng = ctx.rng
    span = (setting.START_CLOCK - setting.BEGIN).days
    days = [setting.BEGIN + timedelta(days=n) for n in range((setting.END - setting.BEGIN).days)]
    weights = [
        (1 + GROWTH * n / span) * SEASON[day.month - 1] * (1.0 if setting.is_workday(day) else 0.22)
        for n, day in enumerate(days)
    ]
    total = round(count * sum(weights) / sum(weights[:span]))
    chosen = rng.choices(days, weights, k=total)
    return sorted(
        day.replace(hour=0) + timedelta(seconds=int(rng.triangular(6, 23, 14) * 3600))
        for day in chosen
    )


def invent(ctx: Context, number: int, moment: datetime) -> Person:
    """Somebody who will become known at this moment."""
    rng = Random(f"{ctx.seed}/person/{number}")
    source = _source(rng, moment)
    company = _pick_company(ctx, rng, source)
    person = plain_person(ctx, rng, number, source, company)
    _odd_address(ctx, person)
    return person


def invent_colleague(ctx: Context, company: Company, number: int) -> Person:
    """Somebody at an account whom sales met by itself: a contact without a lead."""
    rng = Random(f"{ctx.seed}/colleague/{number}")
    source = next(source for source in SOURCES if source.lead_source == "Outbound")
    return plain_person(ctx, rng, 10_000_000 + number, source, company)


def _source(rng: Random, moment: datetime) -> Source:
    progress = (moment - setting.BEGIN) / (setting.START_CLOCK - setting.BEGIN)
    weights = []
    for source in SOURCES:
        weight = source.weight
        if source.name == "AI referral":
            weight *= max(0.0, 4 * (progress - 0.45))
        elif source.name == "Paid social" and moment > EXPANSION:
            weight *= 2.0
        weights.append(weight)
    return rng.choices(SOURCES, weights)[0]


def _pick_company(ctx: Context, rng: Random, source: Source) -> Company:
    misfit = 0.6 if source.name == "Paid social" else 0.12 if source.is_outbound else 0.4
    company = ctx.companies[0]
    for _ in range(4):
        company = ctx.companies[int(len(ctx.companies) * rng.random() ** 1.3)]
        if company.fit != "not_fit" or rng.random() < misfit:
            break
    return company


def plain_person(
    ctx: Context, rng: Random, number: int, source: Source, company: Company
) -> Person:
    """Somebody with an address at the company's own domain."""
    title, _, role = rng.choices(TITLES, [row[1] for row in TITLES])[0]
    person = Person(
        number=number,
        rng=rng,
        first=rng.choice(FIRST_NAMES),
        last=rng.choice(LAST_NAMES),
        title=title,
        role=role,
        email="",
        source=source,
        company=company,
        country=company.country,
    )
    set_email(ctx, person, f"{_local(person)}@{company.domain}")
    company.people.append(person)
    return person


def _local(person: Person) -> str:
    return f"{person.first}.{person.last}".lower().replace("'", "")


def set_email(ctx: Context, person: Person, email: str) -> None:
    """Give an address that nobody else has (HubSpot keeps one contact an address)."""
    if email in ctx.emails:
        local, _, domain = email.partition("@")
        email = f"{local}{person.number}@{domain}"
    ctx.emails.add(email)
    person.email = email


def _odd_address(ctx: Context, person: Person) -> None:
    """Some write from a personal, shared, own, competitor's or test address."""
    rng, company, local = person.rng, person.company, _local(person)
    assert company
    kind = rng.random()
    if kind < 0.075:
        set_email(ctx, person, f"{local}@{rng.choice(PERSONAL_DOMAINS)}")
        person.company, person.country = None, rng.choices(COUNTRIES, [c[3] for c in COUNTRIES])[0]
        ctx.case("I3", person.email)
    elif kind < 0.085:
        set_email(ctx, person, f"{rng.choice(SHARED_MAILBOXES)}@{company.domain}")
        ctx.case("I3", person.email)
    elif kind < 0.1:
        rivals = setting.COMPETITORS.values()
        domain = rng.choice((setting.OWN_DOMAIN, *rivals, "test.com", *setting.PARTNER_DOMAINS))
        set_email(ctx, person, f"{local}@{domain}")
        person.company, person.is_excluded = None, domain not in setting.PARTNER_DOMAINS
        ctx.case("X1", person.email)
    elif kind < 0.12:
        set_email(ctx, person, f"{local}+{rng.choice(('crm', 'trial'))}@{company.domain}")
    if person.company is None:
        company.people.remove(person)


def create_contact(ctx: Context, person: Person, channel: str, **properties: str | None) -> str:
    """Make the HubSpot contact and join it to its company."""
    rng, company = person.rng, person.company
    person.contact_id = ctx.hubspot.create(
        "contacts",
        channel,
        email=person.email,
        firstname=person.first,
        lastname=person.last,
        jobtitle=person.title or None,
        company=company.name if company else None,
        country=str(person.country[0]) if rng.random() < 0.6 else None,
        hs_analytics_source=person.source.analytics,
        hs_analytics_source_data_1=person.source.detail,
        lifecyclestage="lead",
        **properties,
    )
    ctx.diary.know(ctx, person, "hubspot", "contacts", person.contact_id)
    if company:
        company_id = ensure_hubspot_company(ctx, company)
        ctx.hubspot.change("contacts", person.contact_id, channel, associatedcompanyid=company_id)
        ctx.hubspot.associate(
            ("contacts", person.contact_id), ("companies", company_id), *PRIMARY_COMPANY
        )
    return person.contact_id


def create_lead(ctx: Context, person: Person, by: str, owner: str, **fields: object) -> str:
    """Make the Salesforce lead; HubSpot learns its id."""
    company = person.company
    known = company if company and company.knows_industry else None
    sized = company if company and company.knows_employees else None
    person.lead_owner = owner
    person.lead_id = ctx.salesforce.create(
        "Lead",
        by,
        FirstName=person.first,
        LastName=person.last,
        Name=f"{person.first} {person.last}",
        Email=person.email.upper() if person.number % 97 == 5 else person.email,
        Title=person.title or None,
        Company=company.name if company else "[not provided]",
        Industry=known.industry[0] if known else None,
        NumberOfEmployees=sized.employees if sized else None,
        Country=person.country[0] if not company or company.knows_country else None,
        OwnerId=owner,
        IsConverted=False,
        LeadSource=person.source.lead_source,
        CurrencyIsoCode=person.country[2],
        Rejection_Reason__c=None,
        Revisit_On__c=None,
        **{"Status": "Open - Not Contacted", **fields},
    )
    ctx.diary.know(ctx, person, "salesforce", "Lead", person.lead_id)
    if person.contact_id:
        ctx.hubspot.change(
            "contacts", person.contact_id, "SALESFORCE", salesforceleadid=person.lead_id
        )
    return person.lead_id


def create_sf_contact(ctx: Context, person: Person, by: str, account_id: str, owner: str) -> str:
    """Make the Salesforce contact at an account; HubSpot learns its id."""
    person.sf_contact_id = ctx.salesforce.create(
        "Contact",
        by,
        AccountId=account_id,
        FirstName=person.first,
        LastName=person.last,
        Name=f"{person.first} {person.last}",
        Email=person.email,
        Title=person.title or None,
        LeadSource=person.source.lead_source,
        MailingCountry=person.country[0],
        OwnerId=owner,
    )
    ctx.diary.know(ctx, person, "salesforce", "Contact", person.sf_contact_id)
    if person.contact_id:
        ctx.hubspot.change(
            "contacts",
            person.contact_id,
            "SALESFORCE",
            salesforcecontactid=person.sf_contact_id,
            salesforceaccountid=account_id,
        )
    return person.sf_contact_id


def account_for(ctx: Context, person: Person, by: str) -> str:
    """The account a converted lead goes to: its company's, or one of its own."""
    if person.company:
        return ensure_account(ctx, person.company, by)
    fit = "insufficient_data" if person.country[4] else "not_fit"
    person.diary.own_account = CompanyDiary(fits=[(ctx.now, fit)])
    return ctx.salesforce.create(
        "Account",
        by,
        Name=f"{person.first} {person.last}",
        Type="Prospect",
        OwnerId=ctx.staff.executives[person.number % len(ctx.staff.executives)].user_id,
        CurrencyIsoCode=person.country[2],
        Industry=None,
        NumberOfEmployees=None,
        BillingCountry=person.country[0],
    )
