"""Companies out there, and their records: HubSpot company, Salesforce account.

Firmographics and what the systems know of them are decided here; who works there is in `people`.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from connectors.sandbox.company import setting
from connectors.sandbox.company.context import Company, Context
from connectors.sandbox.company.names import COMPANY_HEADS, COMPANY_TAILS
from connectors.sandbox.company.vocabulary import (
    COMPANY_SUFFIXES,
    COUNTRIES,
    INDUSTRIES,
    TLDS,
)

PRIMARY_COMPANY = (1, 2)  # HubSpot's association types contact -> company and back


def make_companies(ctx: Context, count: int) -> None:
    """Invent the companies; no record exists before somebody there becomes known."""
    names = [head + tail for head in COMPANY_HEADS for tail in COMPANY_TAILS]
    ctx.rng.shuffle(names)
    for number in range(count):
        again = number // len(names)
        word = names[number % len(names)] + (str(again + 1) if again else "")
        ctx.companies.append(_company(Random(f"{ctx.seed}/company/{number}"), number, word))


def _company(rng: Random, number: int, word: str) -> Company:
    size = rng.lognormvariate(5.9, 1.2)
    return Company(
        number=number,
        name=f"{word} {rng.choice(COMPANY_SUFFIXES)}",
        domain=f"{word.lower()}.{rng.choice(TLDS)}",
        industry=rng.choices(INDUSTRIES, [row[2] for row in INDUSTRIES])[0],
        employees=max(3, int(size)),
        country=rng.choices(COUNTRIES, [row[3] for row in COUNTRIES])[0],
        knows_industry=rng.random() < 0.95,
        knows_employees=rng.random() < 0.93,
        knows_country=rng.random() < 0.97,
        executive=rng.randrange(14),
    )


def firmographics(company: Company) -> dict[str, object]:
    """What Salesforce knows of it, under the account's field names."""
    return {
        "Industry": company.industry[0] if company.knows_industry else None,
        "NumberOfEmployees": company.employees if company.knows_employees else None,
        "BillingCountry": company.country[0] if company.knows_country else None,
        "AnnualRevenue": company.revenue if company.knows_employees else None,
    }


def _properties(company: Company) -> dict[str, str | None]:
    # HubSpot's country is free text: some say `US`, some `United States`.
    country = company.country[company.number % 4 == 0]
    return {
        "industry": company.industry[1] if company.knows_industry else None,
        "numberofemployees": str(company.employees) if company.knows_employees else None,
        "country": str(country) if company.knows_country else None,
        "annualrevenue": str(company.revenue) if company.knows_employees else None,
    }


def ensure_hubspot_company(ctx: Context, company: Company) -> str:
    """HubSpot makes a company from the e-mail domain of its first contact."""
    if company.company_id is None:
        company.company_id = ctx.hubspot.create(
            "companies",
            "COMPANIES",
            name=company.name,
            domain=company.domain,
            lifecyclestage="customer" if company.customer_since else "lead",
            salesforceaccountid=company.account_id,
            **_properties(company),
        )
    return company.company_id


def ensure_account(ctx: Context, company: Company, by: str, **fields: object) -> str:
    """The Salesforce account, made when sales first works with the company."""
    if company.account_id is None:
        company.account_id = ctx.salesforce.create(
            "Account",
            by,
            Name=company.name,
            Website=f"https://www.{company.domain}",
            OwnerId=executive_of(ctx, company).user_id,
            CurrencyIsoCode=company.country[2],
            **firmographics(company),
            **{"Type": "Prospect", **fields},
        )
        if company.company_id:
            ctx.hubspot.change(
                "companies",
                company.company_id,
                "SALESFORCE",
                salesforceaccountid=company.account_id,
            )
    return company.account_id


def executive_of(ctx: Context, company: Company):
    """Who in sales owns the account."""
    executives = ctx.staff.executives
    member = executives[company.executive % len(executives)]
    return member if member.is_active else executives[0]


def become_customer(ctx: Context, company: Company, by: str) -> None:
    """Both systems show a customer from the first won deal on."""
    if company.customer_since is None:
        company.customer_since = ctx.now
        company.diary.customer.append((ctx.now, None))
        account_id = ensure_account(ctx, company, by)
        ctx.salesforce.change("Account", account_id, by, Type="Customer - Direct")
        if company.company_id:
            ctx.hubspot.change(
                "companies", company.company_id, "SALESFORCE", lifecyclestage="customer"
            )


def refresh_firmographics(ctx: Context, company: Company) -> None:
    """Write what is known now into the records that exist (enrichment, growth)."""
    if company.account_id:
        ctx.salesforce.change(
            "Account", company.account_id, ctx.staff.integration, **firmographics(company)
        )
    if company.company_id:
        ctx.hubspot.change("companies", company.company_id, "ENRICHMENT", **_properties(company))
    if company.account_id or company.company_id:
        ctx.diary.learn(ctx, company)


def plan_changes(ctx: Context) -> None:
    """Some gaps are filled later, some companies grow out of the ICP or into it."""
    span = (setting.END - setting.BEGIN).days
    for company in ctx.companies:
        rng = Random(f"{ctx.seed}/change/{company.number}")
        day = setting.BEGIN + timedelta(days=rng.uniform(60, span), seconds=rng.randrange(86_400))
        if rng.random() < 0.4 and not (company.knows_industry and company.knows_employees):
            ctx.sim.at(day.replace(microsecond=0), _enrich, ctx, company)
        elif rng.random() < 0.04:
            factor = rng.choice((0.4, 0.7, 1.5, 2.5))
            ctx.sim.at(day.replace(microsecond=0), _grow, ctx, company, factor)


def _enrich(ctx: Context, company: Company) -> None:
    company.knows_industry = company.knows_employees = True
    refresh_firmographics(ctx, company)


def _grow(ctx: Context, company: Company, factor: float) -> None:
    company.employees = max(3, int(company.employees * factor))
    refresh_firmographics(ctx, company)
    ctx.case("L11", company.account_id)


def make_legacy_customers(ctx: Context, count: int) -> None:
    """Companies that were customers before this CRM: accounts without a won deal in it."""
    for company in ctx.companies[-count:]:
        company.customer_since = ctx.now
        company.diary.customer.append((ctx.now, None))
        executive = executive_of(ctx, company)
        ensure_account(ctx, company, executive.user_id, Type="Customer - Direct")
