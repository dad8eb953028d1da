"""What a reader sees of a choice: cards that do not follow a filter stay and say so, few records
are named, advice can be taken, and the words of Python and of the browser are the same.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dashboards import kept, site, wording
from dashboards.breakdowns import Part
from dashboards.glossary import Metric
from dashboards.source_data import Slice

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(300)]
NARROW = "segment=smb&region=europe"


def metric(unit: str) -> Metric:
    return Metric("some", "Some", "What it means.", "win", unit, "things", "up")


CHANGES = [
    # Now, before (numerator, denominator), what is said.
    ("money_share", (60.8, 100), (60.4, 100), "within 1 pt of 60%, prior 90 days"),
    ("money_share", (60, 100), (60, 100), "no change from 60%, prior 90 days"),
    ("money_share", (0, 0), (60, 100), "60% in prior 90 days"),
    ("money_share", (60, 100), (0, 0), "none in prior 90 days"),
    ("money", (15_540_000, 0), (15_560_000, 0), "within 1% of $15.6M, prior 90 days"),
    ("money", (1_180_000, 0), (1_180_000, 0), "no change from $1.18M, prior 90 days"),
]


def of(unit: str, numbers: tuple[float, float]) -> Slice:
    top, bottom = numbers
    value = top if unit == "money" else top / bottom if bottom else None
    return Slice(numerator=top, denominator=bottom, value=value, n=100)


@pytest.mark.parametrize(("unit", "now", "before", "said"), CHANGES)
def test_figures_that_round_apart_are_not_called_the_same(built, visit, unit, now, before, said):
    found = wording.change(metric(unit), of(unit, now), of(unit, before), "prior 90 days", "USD")
    assert (found.rest, found.text) == (said, "")
    told = [
        {"num": one.numerator, "den": one.denominator, "value": one.value, "n": one.n}
        for one in (of(unit, now), of(unit, before))
    ]
    page = visit(built).open("weekly.html")
    rest = page.evaluate(
        "([unit, now, before]) => Onefunnel.wording.change("
        "{ unit, better: 'up' }, now, before, 'prior 90 days', 'USD').rest",
        [unit, *told],
    )
    assert rest == said


@pytest.mark.parametrize(
    ("numbers", "top", "share"),
    [
        ((20, 12, 8), "A", "50%"),
        ((20, 20, 8), "A and B", "42% each"),
        ((4, 4, 4, 4), "A, B and 2 others", "25% each"),
        ((1, 1), "A and B", "1 of 2 each"),
    ],
)
def test_reasons_that_lead_alike_are_all_named(built, visit, numbers, top, share):
    total = sum(numbers)
    parts = [
        Part(name, number, None, None, None, None, sum(numbers[: place + 1]), number)
        for place, (name, number) in enumerate(zip("ABCD", numbers, strict=False))
    ]
    assert (wording._leading(parts, "top"), wording._leading(parts, "share")) == (top, share)
    page = visit(built).open("weekly.html")
    given = [
        {"entry": {"label": part.name}, "num": part.numerator, "all": total, "n": part.n}
        for part in parts
    ]
    said = page.evaluate(
        "given => Onefunnel.wording.answer("
        "[{ text: '{r:top}|{r:share}', needs: 'r', otherwise: '' }], () => null, () => given, "
        "'', '', 'USD').map(piece => piece.text).join('')",
        given,
    )
    assert said.strip() == f"{top}|{share}"


def shown(page, card: str) -> SimpleNamespace:
    place = page.locator(f"#{card}")
    return SimpleNamespace(
        rows=[row.inner_text() for row in place.locator("tbody tr:visible").all()],
        empty=place.locator(".empty").inner_text() if place.locator(".empty").is_visible() else "",
        follows=place.locator(".follows").inner_text() if place.locator(".follows").count() else "",
    )


def test_a_card_that_a_filter_does_not_change_stays_as_it_is(built, visit):
    there = visit(built)
    before = shown(there.open("handoff.html"), "reasons-by-source")
    after = shown(there.open(f"handoff.html?{NARROW}&source=paid-search"), "reasons-by-source")
    assert before.follows == "Not changed by the filters"
    assert after == before
    assert len(after.rows) > 3
    # Its rows are the sources: kept along segment and region only.
    of_segment = shown(there.open("lost-deals.html?segment=smb"), "by-source")
    of_both = shown(there.open("lost-deals.html?segment=smb&source=paid-search"), "by-source")
    assert of_both == of_segment
    assert of_both.rows
    two = shown(there.open(f"lost-deals.html?{NARROW}"), "by-source")
    assert two.empty.endswith("choose only one of segment and region.")


def test_a_card_of_every_source_says_that_it_shows_all(built, visit):
    there = visit(built)
    page = there.open("sources.html?source=paid-search")
    for card in ("win-rate", "cycle", "performance", "conversion"):
        assert "shows every source" in shown(page, card).follows, card
    assert "one of segment, region and source" in shown(page, "attribution").follows
    # Breakdowns follow the source and need not say anything.
    assert not shown(page, "campaign-pipeline").follows


def test_few_wins_are_named_without_a_bar(built, visit):
    page = visit(built).open("sources.html?period=last_30_days&segment=enterprise&region=europe")
    assert "for a median length (n = " in page.locator(".answer").inner_text()
    assert not shown(page, "cycle").empty
    assert " won" in page.locator("#cycle .chart").text_content()


def test_advice_can_be_taken(built, visit, warehouse):
    names = ("segment", "region", "source")
    nobody = warehouse.execute(
        "with months as (select * from marts.pipeline_by_source), "
        "one as (select distinct segment from months), "
        "two as (select distinct region from months), "
        "three as (select distinct source from months) "
        "select segment, region, source from one cross join two cross join three "
        "where segment <> 'All' and region <> 'All' "
        "except select segment, region, source from months where amount <> 0 "
        "except select segment, region, source from marts.breakdown_slice "
        "where breakdown = 'pipeline_movement' order by all limit 1"
    ).fetchall()[0]
    page = visit(built).open("overview.html?period=last_30_days")
    for name, value in zip(names, nobody, strict=True):
        page.select_option(f"[name={name}]", label=value)
    assert shown(page, "movement").empty.endswith("Choose a longer period, or reset the filters.")
    # It shows every month, whatever the period.
    only = "Nothing here for this choice. Reset the filters."
    assert shown(page, "pipeline-by-source").empty == only
    page.select_option("[name=period]", "all_time")
    assert shown(page, "movement").empty == only


def test_a_comparison_that_a_heavy_page_leaves_out_is_said_and_is_no_0(
    built, visit, monkeypatch, tmp_path
):
    monkeypatch.setattr(kept, "LADDER", (kept.Kept(3, 1, 2, 0),))
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


def test_a_number_stands_on_its_bar_and_not_on_the_tick_far_above(built, visit):
    page = visit(built).open("lost-deals.html")
    apart = page.evaluate(
        """() => {
            const { data: [bars, ticks], layout } = document.querySelector("#stages .chart");
            const height = layout.height - layout.margin.t - layout.margin.b;
            return bars.y.map((bar, n) => [
              ((layout.annotations[n].y - bar) / layout.yaxis.range[1]) * height,
              (((ticks.y[n] || 0) - bar) / layout.yaxis.range[1]) * height,
            ]);
        }"""
    )
    assert any(tick > 25 for _, tick in apart)
    assert [text for text, _ in apart if not -0.01 <= text <= 22] == []


def test_the_weekly_sentence_claims_nothing_that_the_sheet_does_not_show(built, visit, warehouse):
    page = visit(built).open("weekly.html")
    answer = page.locator(".answer").inner_text()
    most = warehouse.execute(
        "select topic from marts.feedback_week where is_reviewed and list = 'objection' "
        "and not is_gap qualify records = max(records) over () order by position limit 3"
    ).fetchall()
    assert most
    assert [topic for (topic,) in most if topic not in answer] == []
    moved = warehouse.execute(
        "select response from marts.response_effect where verdict = 'moved' "
        "order by week_start desc limit 2"
    ).fetchall()
    shown_there = page.locator("#responses").inner_text()
    assert [response for (response,) in moved if response not in shown_there] == []
