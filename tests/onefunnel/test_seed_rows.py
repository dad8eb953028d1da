"""A row that cannot be right is told by file, line and remedy, before anything is built."""

import pytest

from onefunnel import seed_rows
from onefunnel.refusal import Refusal

REASONS = "mappings/rejection_reason.csv"
STATUSES = "mappings/lead_status.csv"
POINTS = "scoring/score_points.csv"
DEADLINES = "calendar/service_level.csv"
HOURS = "calendar/business_hours.csv"
RULES = "exclusions/exclusion_rule.csv"
TARGETS = "targets/target.csv"
UTM = "mappings/utm_mapping.csv"
SOURCES = "mappings/source_mapping.csv"


def test_the_shipped_seeds_are_sound(manifest):
    assert seed_rows.problems(manifest) == []


@pytest.mark.parametrize(
    ("file", "row", "problem"),
    [
        (
            REASONS,
            "Too young,too_yong,,",
            "reason 'too_yong' is unknown; it may be no_response,",
        ),
        (
            REASONS,
            "Too young,too_yong,,",
            "other; a new one needs a row of its own too: too_yong,too_yong,,",
        ),
        (
            "mappings/loss_reason.csv",
            "hubspot,Merger,merged,2026-01-01,",
            "a new one needs a row of its own too: hubspot,merged,merged,,",
        ),
        (STATUSES, "hubspot,X,opened,1,,", "(the list is in dbt_project/seeds/mappings/_handoff__"),
        (REASONS, "Too young", "1 cells where 4 belong; a value with a comma stands in"),
        (REASONS, ",other,,", "raw_reason is empty; give it a value"),
        (
            STATUSES,
            "salesforce,nurture,open,1,2026-01-01,",
            "'salesforce nurture' holds in line {known} at the same time; end that row",
        ),
        (
            STATUSES,
            "salesforce,Parked,open,1,2026-02-01,2026-01-01",
            "valid_to 2026-01-01 is not after valid_from 2026-02-01",
        ),
        (
            STATUSES,
            "salesforce,Parked,open,first,,",
            "status_rank is 'first'; write a whole number",
        ),
        (POINTS, "Poll,email,,5,1.2.2026,", "valid_from is '1.2.2026'; write a date as 2026-01-31"),
        ("icp/icp_industry.csv", "Fishing", "industry 'Fishing' is unknown; add it to dbt_project"),
        ("exclusions/own_domain.csv", "cloudfern.example", "stands in line 2 already; keep one of"),
        (REASONS, "Too young,,,", "reason is empty; give it a value"),
        (REASONS, "Too young,Other,,", "reason 'Other' is unknown; write 'other'"),
        (REASONS, "Too young,other ,,", "reason is 'other '; write 'other', without blanks"),
        (
            REASONS,
            "Too young,\u043ether,,",
            "reason '\u043ether' ('\u043e' is CYRILLIC SMALL LETTER O) is unknown; write 'other'",
        ),
        (REASONS, "NO_BUDGET,other,,", "'no_budget' holds in line 4 at the same time; end that"),
        (REASONS, '"Too young,other', "a quote has no end, or something follows it"),
        (REASONS, '"Too\nyoung",bad,,', "reason 'bad' is unknown; it may be no_response,"),
        (STATUSES, "salesforce,Parked,open,1_0,,", "status_rank is '1_0'; write a whole number"),
        (STATUSES, "salesforce,Parked,open,1,20260101,", "write a date as 2026-01-31"),
        (STATUSES, "salesforce,Parked,open,1,2026-W05-1,", "write a date as 2026-01-31"),
        (TARGETS, "2028-01-01,both,mqls,NaN,count", "target is 'NaN'; write a number with a point"),
        (
            TARGETS,
            "2028-02-01,both,mqls,9,count",
            "quarter_start 2028-02-01: no fiscal quarter begins",
        ),
        (
            DEADLINES,
            "respond,score,2,business days",
            "unit 'business days' does not belong to obligation 'respond'; it may be business "
            "hours (the list is in dbt_project/seeds/calendar/_service_level.yml)",
        ),
        (DEADLINES, "answer,score,2,business days", "obligation 'answer' is unknown; it may be"),
        (HOURS, "Monday,7,09:00,12:00", "iso_weekday '7' does not belong to weekday 'Monday'; it"),
        (HOURS, "Funday,9,09:00,12:00", "weekday 'Funday' is unknown; it may be Monday, Tuesday,"),
        (
            RULES,
            "person,account_domain,is,a.example,partner,Sales,,",
            "field 'account_domain' does not belong to subject 'person'; it may be email_domain,",
        ),
        (RULES, "opportunity,email,is,a@a.example,test,Sales,,", "it may be account_domain, oppor"),
        (TARGETS, "2028-01-01,both,mqls,9,share", "unit 'share' does not belong to metric 'mqls'"),
        (TARGETS, "2028-01-01,both,leads,9,count", "metric 'leads' is unknown; it may be pipeline"),
        (
            "icp/icp_disqualifier.csv",
            "industry,Manufacturng,no",
            "value 'Manufacturng' is unknown; write 'Manufacturing', or add it to dbt_project/seeds"
            "/mappings/industry.csv",
        ),
        ("icp/icp_disqualifier.csv", "country,Germny,no", "write 'Germany', or add it to dbt_proj"),
        ("icp/icp_disqualifier.csv", "region,Europa,no", "write 'Europe', or add it to dbt_projec"),
        (
            "feedback/claim_answer.csv",
            "Altus Suite,Half the price,Comparison,2026-01-01,Content team",
            "competitor and claim 'Altus Suite', 'Half the price' stand together in no row of "
            "dbt_project/seeds/feedback/competitor_claim.csv; write them as there, or add them",
        ),
        (
            "exclusions/competitor_domain.csv",
            "north.example,North",
            "competitor 'North' is unknown; add it to dbt_project/seeds/mappings/competitor.csv",
        ),
        ("calendar/response_bin.csv", "routing,1,Up to 1 h,60", "clock 'routing' is unknown; it"),
        (
            "mappings/click_id.csv",
            "xclid,paid_socal,x",
            "medium 'paid_socal' is unknown; write 'paid_social', or add it to dbt_project/seeds",
        ),
        (HOURS, "Saturday,6,12:00,12:00", "closes 12:00 is not after opens 12:00; move one"),
        (RULES, "person,email_domain,is,a@a.example,test,Sales,,", "write a domain as example.com"),
        (RULES, "opportunity,account_domain,is,a@a.example,test,Sales,,", "write a domain as"),
        (RULES, "person,email,is,a.example,test,Sales,,", "write an address as ada@example.com"),
        (POINTS, "Careers,page_view,/careers,-5,,", "points is '-5'; write 0 or more"),
        (TARGETS, "2028-01-01,both,win_rate,26,share", "target is '26'; write a number from 0 to"),
        (TARGETS, "2028-01-01,both,mqls,-9,count", "target is '-9'; write 0 or more"),
        (
            "calendar/currency_rate.csv",
            "VND,0.0000001,,",
            "rate is '0.0000001'; write a number with a point and at most 6 decimals, without",
        ),
        (UTM, "affiliate,,Partner,Partner,partner,,", "'affiliate' holds in line 2 at the same"),
        (
            UTM,
            "xing,,Paid Social,Paid social,marketing,,",
            "source 'Paid Social' reads like 'Paid social'",
        ),
        (
            SOURCES,
            "hubspot,BLOG,,Direct,Direct,sales,,",
            "source 'Direct' has team 'sales' here and 'marketing' in dbt_project/seeds/"
            f"{SOURCES}, line 9; write the same team, or another source",
        ),
        (
            SOURCES,
            "salesforce,Event,Fair,Events,Events,sales,2026-01-01,",
            "source 'Events' has team 'sales' here and 'marketing' in dbt_project/seeds/",
        ),
        (UTM, "xing,,Direct,Direct,sales,,", f"'marketing' in dbt_project/seeds/{SOURCES}, line 9"),
        (
            RULES,
            "person,email_domain,is,a.example,partner,Sales,2026-02-01,2026-01-01",
            "valid_to 2026-01-01 is not after valid_from 2026-02-01",
        ),
        (
            RULES,
            "person,email_domain,is,@a.example,partner,Sales,,",
            "value is '@a.example'; write ada@example.com, example.com or an id",
        ),
        ("exclusions/own_domain.csv", "https://a.example/", "write a domain as example.com"),
        ("calendar/currency_rate.csv", "chf,0.9,,", "currency is 'chf'; write an ISO code as EUR"),
        ("calendar/currency_rate.csv", "CHF,0,,", "rate is '0'; write a number above zero"),
        ("calendar/calendar.csv", "Europe/Paris,EUR,monday,1", "has 2 rows; it must have one"),
        (
            HOURS,
            "Saturday,6,9:00,12:00",
            "opens is '9:00'; write a time as",
        ),
        (
            HOURS,
            "Saturday,6,12:00,09:00",
            "closes 09:00 is not after opens 12:00; move one of them",
        ),
        (
            "feedback/marketing_response.csv",
            "2026-06-02,objection,Price,Guide,Growth team,fall",
            "week_start 2026-06-02: no week begins then; write its first day (its weeks begin on",
        ),
        (
            "feedback/marketing_response.csv",
            "2026-06-01,objection,Prices,Guide,Growth team,fall",
            "topic 'Prices' is unknown; write 'Price', or add it to dbt_project/seeds/feedback/obj",
        ),
    ],
)
def test_a_bad_row_is_named_by_file_line_and_remedy(manifest, project, file, row, problem):
    path = project / "seeds" / file
    lines = path.read_text(encoding="utf-8").rstrip("\n").splitlines()
    path.write_text("\n".join([*lines, row]) + "\n", encoding="utf-8")
    known = next((n for n, line in enumerate(lines, 1) if "Nurture" in line), 0)
    with pytest.raises(Refusal) as refused:
        seed_rows.require_sound(manifest, project)
    said = refused.value.problem
    assert f"dbt_project/seeds/{file}, line {len(lines) + 1}: " in said
    assert problem.format(known=known) in said
    assert "Correct the rows" in refused.value.remedy


def test_problems_come_in_the_order_of_the_lines(manifest, project):
    path = project / "seeds" / REASONS
    path.write_text(path.read_text().replace(",no_", ",not_") + "Too young,too_young,,\n")
    lines = [told.partition(", line ")[2].partition(":")[0] for told in
             seed_rows.problems(manifest, project)]  # fmt: skip
    assert lines == sorted(lines, key=int)
    assert len(lines) > 3


def test_settings_that_everything_reads_stand_in_one_row(manifest, project):
    path = project / "seeds/calendar/calendar.csv"
    path.write_text(path.read_text().splitlines()[0] + "\n")
    assert seed_rows.problems(manifest, project) == [
        "dbt_project/seeds/calendar/calendar.csv, line 2: the file has 0 rows; it must have one"
    ]


@pytest.mark.parametrize(
    ("file", "rows"),
    [
        (REASONS, "too_young,too_young,,\nToo young,too_young,,\n"),
        ("mappings/loss_reason.csv", "salesforce,merged,merged,,\nhubspot,Merger,merged,,\n"),
    ],
)
def test_a_new_shared_reason_is_one_line_that_says_it_of_itself(manifest, project, file, rows):
    with (project / "seeds" / file).open("a", encoding="utf-8") as seed:
        seed.write(rows)
    assert seed_rows.problems(manifest, project) == []


@pytest.mark.parametrize(
    ("file", "start", "problem"),
    [
        (DEADLINES, "respond,hand_raise", "no row for respond, hand_raise; add one"),
        (HOURS, "", "no row; add one"),
        ("calendar/response_bin.csv", "part", "no row for part; add one"),
    ],
)
def test_a_row_that_something_rests_on_is_told_when_it_is_gone(
    manifest, project, file, start, problem
):
    path = project / "seeds" / file
    header, *lines = path.read_text().splitlines()
    path.write_text("\n".join([header, *(one for one in lines if not one.startswith(start)), ""]))
    assert seed_rows.problems(manifest, project) == [f"dbt_project/seeds/{file}: {problem}"]


def test_a_cell_may_be_empty_where_its_description_says_what_that_means(manifest):
    given = {
        (node["attached_node"], column)
        for node in manifest["nodes"].values()
        if node.get("test_metadata", {}).get("name") == "always_given"
        for column in node["test_metadata"]["kwargs"]["columns"]
    }
    seeds = {key: node for key, node in manifest["nodes"].items() if key.startswith("seed.")}
    for key, node in seeds.items():
        for name, column in node["columns"].items():
            assert ((key, name) in given) != ("empty" in column["description"].lower()), (key, name)
