"""What a CRM holds before the first lead: users, queues, stages, forms, campaigns, rates, fields.

Only set-up belongs here. People's and companies' records are made in `people` and `accounts`.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from connectors.sandbox.company import setting
from connectors.sandbox.company.context import Context, Member
from connectors.sandbox.company.hubspot_store import hs_time
from connectors.sandbox.company.names import FIRST_NAMES, LAST_NAMES
from connectors.sandbox.company.vocabulary import (
    CONTENT_FORMS,
    DEMO_FORMS,
    LEAD_STATUSES,
    STAGES,
)

_NAMESPACE = uuid.UUID("5d2a1f0e-8f5a-4b39-9d35-3c5f7f1f1a10")
RATES = {"EUR": 0.92, "GBP": 0.79}  # foreign units for one dollar, before they drift
CAMPAIGNS = (
    # name, type, first month, last month (counted from the beginning)
    ("Quarterly webinar series", "Webinar", 0, 32),
    ("Operations summit 2024", "Conference", 8, 10),
    ("Operations summit 2025", "Conference", 20, 22),
    ("Industry roadshow 2026", "Conference", 25, 28),
    ("LinkedIn lead ads", "Advertisement", 2, 32),
    ("LinkedIn audience expansion", "Advertisement", 26, 32),
    ("Search: category terms", "Advertisement", 0, 32),
    ("Monthly newsletter", "Email", 0, 32),
    ("Partner co-marketing", "Partners", 4, 32),
)


def set_up(ctx: Context) -> None:
    """Create every record that the stories rely on."""
    _staff(ctx)
    _picklists(ctx)
    _forms(ctx)
    for name, kind, first, last in CAMPAIGNS:
        start = _month(first)
        ctx.campaigns[name] = ctx.salesforce.create(
            "Campaign",
            ctx.staff.marketers[0].user_id,
            Name=name,
            Type=kind,
            Status="In Progress",
            IsActive=True,
            StartDate=start.isoformat(),
            EndDate=_month(last + 1).isoformat(),
            OwnerId=ctx.staff.marketers[0].user_id,
        )
        ctx.hubspot.add_row(
            "campaigns",
            {
                "id": str(uuid.uuid5(_NAMESPACE, name)),
                "properties": {"hs_name": name, "hs_start_date": start.isoformat()},
                "createdAt": hs_time(ctx.now),
                "updatedAt": hs_time(ctx.now),
            },
        )
    _rates(ctx)


def _staff(ctx: Context) -> None:
    rng, staff = ctx.rng, ctx.staff
    admin = ctx.salesforce.create("User", None, **_user("Robin", "Admin", "IT", "System"))
    teams = (
        (staff.managers, 3, "Sales", "Sales Manager"),
        (staff.representatives, 9, "Sales", "Sales Development Representative"),
        (staff.executives, 14, "Sales", "Account Executive"),
        (staff.marketers, 3, "Marketing", "Marketing Manager"),
    )
    firsts, lasts = rng.sample(FIRST_NAMES, 29), rng.sample(LAST_NAMES, 29)
    for team, count, department, title in teams:
        for _ in range(count):
            first, last = firsts.pop(), lasts.pop()
            fields = _user(first, last, department, title)
            user_id = ctx.salesforce.create("User", admin, **fields)
            owner_id = ctx.hubspot.next_id()
            team.append(Member(user_id, owner_id, f"{first} {last}"))
            ctx.hubspot.add_row("owners", owner_row(ctx, team[-1]))
    staff.integration = ctx.salesforce.create(
        "User",
        admin,
        **{**_user("HubSpot", "Integration", None, None), "UserType": "CloudIntegrationUser"},
    )
    staff.automation = ctx.salesforce.create(
        "User",
        admin,
        **{**_user("Automated", "Process", None, None), "UserType": "AutomatedProcess"},
    )
    for name in ("Inbound leads", "Partner leads"):
        group = ctx.salesforce.create(
            "Group", admin, Name=name, DeveloperName=name.replace(" ", "_"), Type="Queue"
        )
        for member in staff.representatives[:3]:
            ctx.salesforce.create("GroupMember", None, GroupId=group, UserOrGroupId=member.user_id)
        if name.startswith("Inbound"):
            staff.queue = group
        else:
            staff.partner_queue = group


def owner_row(ctx: Context, member: Member) -> dict[str, object]:
    """HubSpot's owner of a colleague; archived once they have left."""
    user = ctx.salesforce["User"][member.user_id]
    return {
        "id": member.owner_id,
        "email": user["Email"],
        "firstName": user["FirstName"],
        "lastName": user["LastName"],
        "userId": int(member.owner_id or 0) % 10_000_000,
        "type": "PERSON",
        "createdAt": hs_time(setting.BEGIN),
        "updatedAt": hs_time(ctx.now),
        "archived": not member.is_active,
    }


def _user(first: str, last: str, department: str | None, title: str | None) -> dict[str, object]:
    email = f"{first}.{last}@{setting.OWN_DOMAIN}".lower().replace("'", "")
    return {
        "Name": f"{first} {last}",
        "FirstName": first,
        "LastName": last,
        "Email": email,
        "Username": email,
        "Department": department,
        "Title": title,
        "UserType": "Standard",
        "IsActive": True,
    }


def _picklists(ctx: Context) -> None:
    for order, (name, probability, closed, won, forecast) in enumerate(STAGES, start=1):
        ctx.salesforce.create(
            "OpportunityStage",
            None,
            MasterLabel=name,
            ApiName=name,
            SortOrder=order,
            IsActive=True,
            IsClosed=closed,
            IsWon=won,
            DefaultProbability=probability,
            ForecastCategoryName=forecast,
        )
    # A stage that was taken out of use: its label stays on the records that had it.
    ctx.salesforce.create(
        "OpportunityStage",
        None,
        MasterLabel="Legal Review",
        ApiName="Legal Review",
        SortOrder=20,
        IsActive=False,
        IsClosed=False,
        IsWon=False,
        DefaultProbability=80,
        ForecastCategoryName="Forecast",
    )
    for order, (name, is_default, is_converted) in enumerate(LEAD_STATUSES, start=1):
        ctx.salesforce.create(
            "LeadStatus",
            None,
            MasterLabel=name,
            ApiName=name,
            SortOrder=order,
            IsDefault=is_default,
            IsConverted=is_converted,
        )
    for name in ("New business", "Existing business"):
        ctx.record_types[name] = ctx.salesforce.create(
            "RecordType",
            None,
            Name=name,
            DeveloperName=name.replace(" ", "_"),
            SobjectType="Opportunity",
            IsActive=True,
        )


def _forms(ctx: Context) -> None:
    for name in (*DEMO_FORMS, *CONTENT_FORMS):
        ctx.forms[name] = str(uuid.uuid5(_NAMESPACE, name))
        ctx.hubspot.add_row(
            "forms",
            {
                "id": ctx.forms[name],
                "name": name,
                "formType": "hubspot",
                "createdAt": hs_time(ctx.now),
                "updatedAt": hs_time(ctx.now),
                "archived": False,
                "fieldGroups": [{"fields": [{"name": "email", "objectTypeId": "0-1"}]}],
            },
        )


def _rates(ctx: Context) -> None:
    for code, is_corporate in (("USD", True), ("EUR", False), ("GBP", False), ("CHF", False)):
        ctx.salesforce.create(
            "CurrencyType",
            None,
            IsoCode=code,
            ConversionRate=RATES.get(code, 1.0),
            DecimalPlaces=2,
            IsActive=True,
            IsCorporate=is_corporate,
        )
    # CHF has no dated rate: a deal in it has no amount in reporting currency.
    current: dict[str, str] = {}
    for month in range(33):
        ctx.sim.at(_moment(_month(month)), _next_rates, ctx, _month(month), current)


def _next_rates(ctx: Context, start: date, current: dict[str, str]) -> None:
    for code, base in (("USD", 1.0), *RATES.items()):
        if code in current:
            ctx.salesforce.change(
                "DatedConversionRate",
                current[code],
                ctx.staff.managers[0].user_id,
                NextStartDate=start.isoformat(),
            )
        drift = 1.0 if code == "USD" else 1 + 0.03 * ctx.rng.uniform(-1, 1)
        current[code] = ctx.salesforce.create(
            "DatedConversionRate",
            ctx.staff.managers[0].user_id,
            IsoCode=code,
            ConversionRate=round(base * drift, 6),
            StartDate=start.isoformat(),
            NextStartDate="9999-12-31",
        )


def _month(number: int) -> date:
    years, month = divmod(number, 12)
    return date(setting.BEGIN.year + years, month + 1, 1)


def _moment(day: date) -> datetime:
    return setting.BEGIN.replace(year=day.year, month=day.month, day=day.day) - timedelta(hours=8)
