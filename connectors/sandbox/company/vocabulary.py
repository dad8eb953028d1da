"""The words of the simulated company: sources, industries, countries, names, titles, reasons.

Only values and their weights belong here; nothing here decides what happens to a person.
Picklist values are the vendors' own where they have them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where people come from: how often, how both vendors spell it, how well it sells."""

    name: str  # as the shared definitions call it
    weight: float
    analytics: str | None  # HubSpot hs_analytics_source
    detail: str | None  # its first drill-down
    lead_source: str | None  # Salesforce LeadSource
    quality: float  # multiplies the odds of acceptance, opportunity and win
    hand_raise: float  # share that starts by raising a hand
    warm: float  # share that shows lasting interest
    is_outbound: bool = False


SOURCES = (
    Source("Organic search", 21, "ORGANIC_SEARCH", "Unknown keywords (SSL)", "Web", 1.1, 0.15, 0.2),
    Source("Paid search", 14, "PAID_SEARCH", "brand-and-category", "Web", 0.95, 0.16, 0.16),
    Source("Paid social", 15, "PAID_SOCIAL", "LinkedIn", "Web", 0.32, 0.08, 0.33),
    Source("Organic social", 5, "SOCIAL_MEDIA", "LinkedIn", "Web", 0.8, 0.07, 0.16),
    Source("Email", 7, "EMAIL_MARKETING", "monthly-newsletter", None, 0.85, 0.06, 0.25),
    Source("Referral", 5, "REFERRALS", "reviewhub.example", "Web", 1.7, 0.26, 0.18),
    Source("Direct", 9, "DIRECT_TRAFFIC", "cloudfern.example/", "Web", 1.1, 0.25, 0.16),
    Source("Other campaigns", 2, "OTHER_CAMPAIGNS", "podcast", None, 0.7, 0.08, 0.15),
    Source("AI referral", 2, "AI_REFERRALS", "assistant.example", "Web", 1.35, 0.25, 0.18),
    Source("Direct", 1, "OFFLINE", "CRM_UI", "Phone Inquiry", 1.1, 0.3, 0.1),
    Source("Events", 5, "OFFLINE", "IMPORT", "Event", 1.0, 0.06, 0.2),
    Source("Events", 4, "OFFLINE", "IMPORT", "Webinar", 0.8, 0.04, 0.3),
    Source("Outbound", 13, "OFFLINE", "SALESFORCE", "Outbound", 0.75, 0.03, 0.08, True),
    Source("Outbound", 3, "OFFLINE", "SALESFORCE", "Purchased List", 0.35, 0.01, 0.04, True),
    Source("Partner", 4, "OFFLINE", "SALESFORCE", "Partner Referral", 3.2, 0.3, 0.1, True),
    Source("Unknown", 1.5, "OFFLINE", "SALESFORCE", "Other", 0.9, 0.1, 0.1),
    Source("Not recorded", 1.5, None, None, None, 0.8, 0.12, 0.12),
)

# What neither vendor's picklist had when the mapping was agreed.
ODD_SOURCE = Source("Unmapped", 0, "XING_ADS", None, "Trade Fair", 1.0, 1.0, 0.0)
# Whose each source is, as both teams agreed; every other one is marketing's.
TEAMS = {"Outbound": "sales", "Partner": "partner"} | dict.fromkeys(
    ("Unknown", "Not recorded", "Unmapped"), "unknown"
)

# Salesforce picklist value, HubSpot value, weight, whether the agreed ICP holds it.
INDUSTRIES = (
    ("Technology", "COMPUTER_SOFTWARE", 20, True),
    ("Technology", "INFORMATION_TECHNOLOGY_AND_SERVICES", 8, True),
    ("Telecommunications", "TELECOMMUNICATIONS", 3, True),
    ("Banking", "BANKING", 6, True),
    ("Finance", "FINANCIAL_SERVICES", 9, True),
    ("Insurance", "INSURANCE", 5, True),
    ("Healthcare", "HOSPITAL_HEALTH_CARE", 8, True),
    ("Biotechnology", "BIOTECHNOLOGY", 4, True),
    ("Manufacturing", "MACHINERY", 13, True),
    ("Consulting", "MANAGEMENT_CONSULTING", 9, True),
    ("Retail", "RETAIL", 5, False),
    ("Education", "HIGHER_EDUCATION", 3, False),
    ("Government", "GOVERNMENT_ADMINISTRATION", 2, False),
    ("Hospitality", "HOSPITALITY", 2, False),
    ("Not For Profit", "NON_PROFIT_ORGANIZATION_MANAGEMENT", 2, False),
)

# Name, ISO code, currency, weight, in the agreed region.
COUNTRIES = (
    ("United States", "US", "USD", 48, True),
    ("Canada", "CA", "USD", 7, True),
    ("United Kingdom", "GB", "GBP", 14, True),
    ("Germany", "DE", "EUR", 9, True),
    ("France", "FR", "EUR", 5, True),
    ("Netherlands", "NL", "EUR", 4, True),
    ("Ireland", "IE", "EUR", 3, True),
    ("Sweden", "SE", "EUR", 2, True),
    ("Switzerland", "CH", "CHF", 0.6, True),
    ("India", "IN", "USD", 3, False),
    ("Australia", "AU", "USD", 2, False),
    ("Brazil", "BR", "USD", 1.5, False),
    ("Singapore", "SG", "USD", 1, False),
)

# Title, weight, buying role it plays in a deal.
TITLES = (
    ("Chief Operating Officer", 4, "Economic Decision Maker"),
    ("Chief Financial Officer", 4, "Economic Decision Maker"),
    ("CEO", 3, "Economic Decision Maker"),
    ("VP Operations", 8, "Decision Maker"),
    ("VP of Sales Operations", 6, "Decision Maker"),
    ("Director of Revenue Operations", 8, "Executive Sponsor"),
    ("Head of Digital Transformation", 6, "Executive Sponsor"),
    ("Operations Manager", 14, "Business User"),
    ("Business Analyst", 10, "Business User"),
    ("IT Manager", 8, "Technical Buyer"),
    ("Enterprise Architect", 4, "Evaluator"),
    ("Data Engineer", 6, "Evaluator"),
    ("Security Officer", 3, "Evaluator"),
    ("Procurement Manager", 4, "Other"),
    ("Marketing Operations Specialist", 6, "Business User"),
    ("Student", 1, "Other"),
    ("", 6, "Other"),
)

COMPANY_SUFFIXES = ("Inc.", "LLC", "Ltd", "GmbH", "Group", "AG", "Corp", "Systems", "Labs", "Co.")
TLDS = ("example", "test.example", "co.example", "biz.example")
PERSONAL_DOMAINS = ("gmail.com", "outlook.com", "yahoo.com", "hotmail.com", "icloud.com")
SHARED_MAILBOXES = ("info", "sales", "contact", "office")

# Rejection reasons as sales writes them, with weights; the last months move them (see `journey`).
REJECTION_REASONS = {
    "no_response": 24,
    "not_icp": 13,
    "no_budget": 12,
    "no_authority": 9,
    "no_need": 13,
    "bad_timing": 6,
    "uses_competitor": 7,
    "bad_data": 7,
    "student_or_job_seeker": 4,
    "other": 5,
}
LOSS_REASONS = {
    "price": 24,
    "no_decision": 26,
    "competitor": 18,
    "missing_feature": 12,
    "timing": 11,
    "champion_left": 5,
    "other": 4,
}
OBJECTIONS = {
    "price": 26,
    "timing": 15,
    "security": 16,
    "integration": 17,
    "missing_feature": 10,
    "status_quo": 12,
    "trust": 4,
}
CRITERIA = {
    "Fewer than 50 employees": 22,
    "No budget this year": 20,
    "Not the decision maker": 17,
    "Needs on-premise hosting": 14,
    "Built in-house already": 12,
    "Outside our regions": 8,
    "Under contract with a competitor": 7,
}
CONTENT = {
    "ROI calculator": 20,
    "Security whitepaper": 18,
    "Case study: Manufacturing": 16,
    "Integration guide": 15,
    "Competitor comparison": 12,
    "Pricing sheet": 12,
    "Product tour video": 7,
}

# The content that sales brings when it meets an objection; for the others there is none.
ANSWERS = {
    "price": "ROI calculator",
    "security": "Security whitepaper",
    "integration": "Integration guide",
    "trust": "Case study: Manufacturing",
}
# How much oftener each is used in deals that end so.
USED_IN_WON = {"ROI calculator": 1.9, "Case study: Manufacturing": 1.7, "Integration guide": 1.3}
USED_IN_LOST = {"Competitor comparison": 1.6, "Pricing sheet": 1.5}
# What competitors tell prospects: how often sales hears it, how often it has an answer.
CLAIMS = {
    "Live in a day": (30, 0.18),
    "Half the price": (24, 0.55),
    "One suite for everything": (16, 0.7),
    "Runs on your own servers": (12, 0.3),
    "More integrations": (12, 0.62),
    "No lock-in": (6, 0.8),
}

DEMO_FORMS = ("Request a demo", "Contact sales", "Pricing request")
CONTENT_FORMS = ("Whitepaper download", "Webinar registration", "Newsletter")
FORM_POINTS = {"Whitepaper download": 15, "Webinar registration": 20, "Newsletter": 2}
CLICK_POINTS = 5
PRICING_POINTS = 25
RESPONSE_POINTS = 10

STAGES = (
    # name, probability, closed, won, forecast category
    ("Prospecting", 10, False, False, "Pipeline"),
    ("Qualification", 10, False, False, "Pipeline"),
    ("Needs Analysis", 20, False, False, "Pipeline"),
    ("Value Proposition", 50, False, False, "Pipeline"),
    ("Id. Decision Makers", 60, False, False, "Pipeline"),
    ("Perception Analysis", 70, False, False, "BestCase"),
    ("Proposal/Price Quote", 75, False, False, "BestCase"),
    ("Negotiation/Review", 90, False, False, "Forecast"),
    ("Closed Won", 100, True, True, "Closed"),
    ("Closed Lost", 0, True, False, "Omitted"),
    ("Unqualified", 0, True, False, "Omitted"),
    ("Duplicate", 0, True, False, "Omitted"),
)
# What each status says of a person, in either system.
STATUS_KINDS = {
    "Open - Not Contacted": "open",
    "Working - Contacted": "accepted",
    "Nurture": "recycled",
    "Recycled": "recycled",
    "Closed - Not Converted": "rejected",
    "Unqualified": "rejected",
    "Disqualified": "disqualified",
    "Closed - Converted": "converted",
    "NEW": "open",
    "IN_PROGRESS": "accepted",
    "UNQUALIFIED": "rejected",
}
# What each stage is: sales has not accepted the deal yet, has, or it is over. In order.
STAGE_KINDS = {
    "Prospecting": "not_accepted",
    "appointmentscheduled": "not_accepted",
    "Qualification": "accepted",
    "qualifiedtobuy": "accepted",
    "Needs Analysis": "accepted",
    "presentationscheduled": "accepted",
    "Value Proposition": "accepted",
    "Id. Decision Makers": "accepted",
    "Perception Analysis": "accepted",
    "Proposal/Price Quote": "accepted",
    "Negotiation/Review": "accepted",
    "contractsent": "accepted",
    "Closed Won": "won",
    "closedwon": "won",
    "Closed Lost": "lost",
    "closedlost": "lost",
    "Unqualified": "unqualified",
    "Duplicate": "removed",
}
LEAD_STATUSES = (
    # value, default, converted
    ("Open - Not Contacted", True, False),
    ("Working - Contacted", False, False),
    ("Closed - Converted", False, True),
    ("Closed - Not Converted", False, False),
    ("Unqualified", False, False),
    ("Nurture", False, False),
    ("Recycled", False, False),
    ("Disqualified", False, False),
    ("Waiting on Legal", False, False),
)
