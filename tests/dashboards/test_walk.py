"""What a person does on Monday: from the weakest number to its records, in five clicks."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboards import site

pytestmark = pytest.mark.chromium
CRM = {"salesforce": "https://acme.example", "hubspot": "https://hub.example/contacts/1"}
CHOSEN = "period=last_12_months&segment=smb"


@pytest.fixture
def linked(built, tmp_path):
    """The pages of the walk, with an address of the CRMs."""
    for slug in ("overview", "definitions", "sources", "handoff"):
        site.build_page(
            slug, built / "published.duckdb", tmp_path / "site",
            manifest=built.parent / "target/manifest.json", run_results=None, crm=CRM,
        )  # fmt: skip
    return tmp_path


def chosen(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_from_the_weakest_number_to_its_records_in_five_clicks(linked, visit):
    there = visit(linked)
    page = there.open(f"overview.html?{CHOSEN}")
    kept, clicks = chosen(f"?{CHOSEN}"), 0
    # Of what is promised between the teams, less is accepted than answered in time.
    rates = {
        metric: float(page.locator(f"[data-tile={metric}] .value").get_attribute("data-value"))
        for metric in ("sales_acceptance", "sla_met")
    }
    weakest = min(rates, key=rates.get)
    assert weakest == "sales_acceptance"

    page.click(f"[data-tile={weakest}] .info")
    clicks += 1
    assert "sales accepted" in page.locator(f"#about-{weakest}").inner_text()

    page.click(f"#about-{weakest} >> text=Read the definition")
    clicks += 1
    page.wait_for_selector('html[data-ready="1"]')
    assert page.url.endswith("#sal")
    assert "Sales accepted lead" in page.locator("#sal").inner_text()

    page.click("#sal .shown-on >> text=Sources")
    clicks += 1
    page.wait_for_selector('html[data-ready="1"]')
    assert chosen(page.url) == kept
    rows = {
        row.locator("th").inner_text(): float(value)
        for row in page.locator("#performance tbody tr").all()[1:]
        if int((cell := row.locator("[data-metric=sales_acceptance]")).get_attribute("data-n")) > 19
        and (value := cell.get_attribute("data-value"))
    }
    cause = min(rows, key=rows.get)

    page.click(f"#performance tbody a >> text={cause}")
    clicks += 1
    page.wait_for_selector('html[data-ready="1"]')
    source = chosen(page.url).pop("source")
    assert chosen(page.url) == {**kept, "source": source}
    assert page.locator("[name=source] option:checked").inner_text() == cause
    assert page.url.endswith("#reasons")
    assert page.locator("#reasons").is_visible()
    assert "No response" in page.locator("#reasons .chart").get_attribute("aria-label")

    shown = page.locator("#unexplained tbody tr:visible, #overdue tbody tr:visible")
    assert shown.count() > 0
    assert {row.get_attribute("data-source") for row in shown.all()} == {source}
    is_to_crm = {"predicate": lambda request: request.url.startswith("https://")}
    with there.context.expect_event("request", **is_to_crm) as asked:
        shown.first.locator("a").click()
        clicks += 1
    assert re.fullmatch(
        r"https://(acme\.example/lightning/r/Lead/00Q\w{12}/view"
        r"|hub\.example/contacts/1/record/0-1/\d+)",
        asked.value.url,
    )
    assert clicks == 5
    assert there.problems == []
    # And back: what was chosen is still there.
    page.go_back()
    page.wait_for_selector('html[data-ready="1"]')
    assert chosen(page.url) == kept
