"""What a reader sees of a choice: cards that do not follow a filter stay and say so, few records
are named, advice can be taken, and the words of Python and of the browser are the same.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dashboards import payload, site

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(300)]
NARROW = "segment=smb&region=europe"


def shown(page, card: str) -> SimpleNamespace:
    place = page.locator(f"#{card}")
    return SimpleNamespace(
        rows=[row.inner_text() for row in place.locator("tbody tr:visible").all()],
        empty=place.locator(".empty").inner_text() if place.locator(".empty").is_visible() else "",
        follows=place.locator(".follows").inner_text() if place.locator(".follows").count() else "",
    )


def test_a_comparison_that_a_heavy_page_leaves_out_is_said_and_is_no_0(
    built, visit, monkeypatch, tmp_path
):
    monkeypatch.setattr(payload, "LADDER", (payload.Kept(3, 1, 2, 0),))
    site.build_page(
        "sources", built / "published.duckdb", tmp_path / "site",
        manifest=built.parent / "target/manifest.json", run_results=None,
    )  # fmt: skip
    there = visit(tmp_path)

    def said(choice: str) -> tuple[str, bool, int]:
        page = there.open(f"sources.html?{choice}")
        page.click("#campaign-pipeline [data-tool=table]")
        there.settle()
        return (
            page.locator(".beyond").text_content(),
            "compared with" in page.locator(".applied").inner_text(),
            page.locator("#campaign-pipeline thead th:has-text('Prior')").count(),
        )

    assert said("") == ("", True, 1)
    without, is_compared, columns = said("segment=smb")
    assert "leaves out some comparisons" in without
    assert (is_compared, columns) == (True, 0)
    without, is_compared, columns = said(NARROW)
    assert "leaves out the comparison" in without
    assert (is_compared, columns) == (False, 0)
    assert said(f"{NARROW}&compare=none") == ("", False, 0)
    assert said("segment=smb&period=all_time") == ("", False, 0)


def test_what_is_kept_for_the_period_alone_is_compared_with_nothing(built, visit):
    page = visit(built).open("overview.html")
    assert "compared with" in page.locator(".applied").inner_text()
    page.click("#movement [data-tool=table]")
    head = page.locator("#movement thead th").all_inner_texts()
    assert head == ["Step", "Amount", "Deals"]
