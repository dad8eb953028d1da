"""What a person does that marketing can see: forms, page views, e-mails, campaigns, meetings.

Each touch is written as the vendor would record it, then scored by `qualification`.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from connectors.sandbox.company import setting
from connectors.sandbox.company.context import Context, Person
from connectors.sandbox.company.hubspot_store import hs_time
from connectors.sandbox.company.qualification import signal
from connectors.sandbox.company.vocabulary import (
    CLICK_POINTS,
    DEMO_FORMS,
    FORM_POINTS,
    PRICING_POINTS,
    RESPONSE_POINTS,
)

_SITE = f"https://www.{setting.OWN_DOMAIN}"
_PAGES = ("/", "/product", "/blog/pipeline-reviews", "/customers", "/integrations", "/security")
_NAMESPACE = uuid.UUID("9c2b9a54-2f26-4d7e-8a53-6f2b62a41c55")
_UTM = {
    "PAID_SEARCH": ("google", "cpc", "category-terms"),
    "PAID_SOCIAL": ("linkedin", "paid-social", "lead-ads"),
    "SOCIAL_MEDIA": ("linkedin", "social", ""),
    "EMAIL_MARKETING": ("hubspot", "email", "newsletter"),
    "OTHER_CAMPAIGNS": ("podcast", "audio", "operations-talk"),
}
MEETING_CONTACT = (200, 199)


def submit_form(ctx: Context, person: Person, form: str) -> None:
    """Submit one of our forms on the site."""
    if person.contact_id is None or person.is_gone:
        return
    page = "/demo" if form in DEMO_FORMS else "/resources/" + form.split()[0].lower()
    number = len(person.episodes) * 1000
    key = f"{ctx.seed}/{person.number}/{form}/{ctx.now}/{number}"
    values = [
        {"name": "email", "value": person.email, "objectTypeId": "0-1"},
        {"name": "firstname", "value": person.first, "objectTypeId": "0-1"},
        {"name": "lastname", "value": person.last, "objectTypeId": "0-1"},
    ]
    ctx.hubspot.add_row(
        "form_submissions",
        {
            "formId": ctx.forms[form],
            "conversionId": str(uuid.uuid5(_NAMESPACE, key)),
            "submittedAt": int(ctx.now.timestamp() * 1000),
            "pageUrl": _SITE + page + _query(ctx, person),
            "pageTitle": form,
            "values": values,
        },
    )
    ctx.hubspot.change(
        "contacts",
        person.contact_id,
        "FORM",
        recent_conversion_event_name=form,
        recent_conversion_date=hs_time(ctx.now),
    )
    if form in DEMO_FORMS:
        signal(ctx, person, form, 0, hand_raise=True)
    else:
        signal(ctx, person, form, FORM_POINTS[form])


def view_page(ctx: Context, person: Person, path: str | None = None) -> None:
    """View a page; only the pricing page is scored."""
    if person.contact_id is None or person.is_gone:
        return
    path = path or person.rng.choice(_PAGES)
    person.page_views += 1
    ctx.hubspot.change(
        "contacts",
        person.contact_id,
        "ANALYTICS",
        hs_analytics_last_url=_SITE + path,
        hs_analytics_num_page_views=str(person.page_views),
    )
    if path == "/pricing":
        signal(ctx, person, "pricing page", PRICING_POINTS)


def email(ctx: Context, person: Person, *kinds: str, bot: bool = False) -> None:
    """One marketing e-mail and what came back of it (OPEN, CLICK)."""
    if person.contact_id is None or person.is_gone:
        return
    campaign = 41_000_000 + (ctx.now.year * 12 + ctx.now.month)
    for number, kind in enumerate(("SENT", *kinds)):
        moment = ctx.now + timedelta(seconds=number * (4 if bot else 900))
        if number:
            ctx.sim.at(moment, _email_event, ctx, person, kind, campaign, bot)
        else:
            _email_event(ctx, person, kind, campaign, False)


def _email_event(ctx: Context, person: Person, kind: str, campaign: int, bot: bool) -> None:
    if person.is_gone:
        return
    created = int(ctx.now.timestamp() * 1000)
    key = f"{ctx.seed}/{person.number}/{campaign}/{kind}/{created}"
    event_id = str(uuid.uuid5(_NAMESPACE, key))
    event = {
        "id": event_id,
        "type": kind,
        "created": created,
        "recipient": person.email,
        "emailCampaignId": campaign,
        "appId": 113,
        "portalId": 4_210_001,
        "filteredEvent": bot,
    }
    if kind == "CLICK":
        event["url"] = _SITE + "/resources"
    ctx.hubspot.add_row("email_events", event)
    if bot:
        ctx.case("A3", event_id)
    elif kind == "SENT":
        ctx.case("A1", event_id)
    elif kind == "CLICK":
        signal(ctx, person, "e-mail click", CLICK_POINTS)


def join_campaign(ctx: Context, person: Person, name: str, *, responded: bool) -> None:
    """Be put on a Salesforce campaign; only a response says anything about the person."""
    if person.is_gone or not (person.lead_id or person.sf_contact_id):
        return
    member_id = ctx.salesforce.create(
        "CampaignMember",
        ctx.staff.marketers[0].user_id,
        CampaignId=ctx.campaigns[name],
        LeadId=None if person.sf_contact_id else person.lead_id,
        ContactId=person.sf_contact_id,
        Status="Responded" if responded else "Sent",
        HasResponded=responded,
        FirstRespondedDate=ctx.now.date().isoformat() if responded else None,
    )
    if responded:
        signal(ctx, person, "campaign response", RESPONSE_POINTS)
    else:
        ctx.case("A1", member_id)


def book_meeting(ctx: Context, person: Person) -> None:
    """Book a meeting on a colleague's public page: a hand-raise."""
    if person.contact_id is None or person.is_gone:
        return
    start = setting.next_work(ctx.now + timedelta(days=person.rng.randint(1, 4)))
    member = person.rng.choice(ctx.staff.representatives)
    meeting_id = ctx.hubspot.create(
        "meetings",
        "MEETINGS",
        hs_meeting_title=f"Introduction: {setting.OWN_NAME}",
        hs_timestamp=hs_time(start),
        hs_meeting_start_time=hs_time(start),
        hs_meeting_end_time=hs_time(start + timedelta(minutes=30)),
        hs_meeting_outcome="SCHEDULED",
        hs_meeting_source="MEETINGS_PUBLIC",
        hs_object_source="MEETINGS",
        hubspot_owner_id=member.owner_id,
    )
    person.diary.has_ties = True
    join = ("meetings", meeting_id), ("contacts", person.contact_id)
    ctx.hubspot.associate(*join, *MEETING_CONTACT)
    ctx.hubspot.change("contacts", person.contact_id, notes_last_updated=hs_time(ctx.now))
    outcome = "COMPLETED" if person.rng.random() < 0.8 else "NO_SHOW"
    ctx.sim.at(start + timedelta(minutes=40), _hold, ctx, person, meeting_id, start, outcome)
    signal(ctx, person, "meeting booked", 0, hand_raise=True)


def _hold(ctx: Context, person: Person, meeting_id: str, start: datetime, outcome: str) -> None:
    ctx.hubspot.change("meetings", meeting_id, hs_meeting_outcome=outcome)
    if outcome == "COMPLETED":
        person.diary.talks[meeting_id] = start


def _query(ctx: Context, person: Person) -> str:
    """UTM parameters as people and tools write them: mostly right, sometimes odd."""
    tags = _UTM.get(person.source.analytics or "")
    if tags is None:
        return ""
    source, medium, campaign = tags
    kind = person.rng.random()
    if kind < 0.05:
        ctx.case("S4", person.contact_id)
        return f"?utm_source={source.title()}&utm_medium=undefined&utm_campaign={campaign}"
    if kind < 0.09:
        ctx.case("S4", person.contact_id)
        return f"?utm_source=%20{source.upper()}%20&utm_medium={medium.upper()}&utm_campaign="
    if kind < 0.15 and medium == "cpc":
        return f"?gclid=Cj0KCQ{person.number}"
    return f"?utm_source={source}&utm_medium={medium}&utm_campaign={campaign}"
