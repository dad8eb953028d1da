"""A report in words: whoever wrote a value, it is text in comment, page and values."""

import json
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from review.effect.suppressed import suppressed
from review.shown.files import written_to

HOSTILE = [
    "| @everyone ![](http://evil.example/a.png)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](https://evil.example)",
    "https://evil.example www.evil.example",
    "`code` **bold** #1 GH-1 @octocat",
    "</code><h1>x</h1>",
    "\u202egnp.exe\u0000\n# heading",
    "jane.doe@victim.example",
    "=HYPERLINK(1)",
]


def figure(slug: str, unit: str, base, head, of=None) -> dict:
    found = {"slug": slug, "title": HOSTILE[1], "unit": unit, "of": "", "base": base, "head": head}
    if of:
        found |= {"base_of": of[0], "head_of": of[1]}
    return {**found, "moved": base != head}


def report(value: str = "Paid search") -> dict:
    """A report in which every text that is not ours is the same hostile one."""
    row = {
        "value": value,
        "figures": {
            "mqls": figure("mqls", "count", 120, 100),
            "sals": figure("sals", "count", 60, 55),
            "acceptance": figure("acceptance", "rate", 0.5, 0.55, ([60, 120], [55, 100])),
            "opportunities": figure("opportunities", "count", 30, 30),
            "pipeline_created": figure("pipeline_created", "money", 1e6, 1e6),
            "won": figure("won", "count", 10, 10),
        },
    }
    group = {"kind": "leaves", "n": 20, "accepted": 9, "rejected": 6, "never_worked": 5}
    group |= {"pending": 0, "decided": 20, "with_opportunity": 8, "won": 6, "pipeline": 5.5}
    group |= {"won_rate": 0.3, "won_rate_interval": [0.15, 0.52]}
    group |= {"acceptance": 0.45, "acceptance_interval": [0.26, 0.66]}
    clause = {"base_judged": 9, "head_judged": 9, "base_failed": 5, "head_failed": 7}
    clause |= {"base_alone": 5, "head_alone": 6, "moved": True}
    target = {"quarter": "2026-04-01", "team": value, "metric": value, "unit": value}
    target |= {"base_target": 9.0, "head_target": 9.0, "base": 5.0, "head": 6.0, "moved": True}
    signed = {"definition": value, "team": value, "owner": value, "command": value}
    judged = {"what": value, "from": value, "to": value, "n": 9, "pipeline": 1.0}
    out = {"term": "mql", "kind": "leaves", "clauses": [value], "n": 20, "accepted": 9, "won": 6}
    names = [value, value]
    return {
        "format": 1,
        "verdict": "moved",
        "is_signed": False,
        "headline": [figure("mqls", "count", 120, 100), figure("won", "count", 10, 10)],
        "targets": [{**target, "base_share": 0.5, "head_share": 0.6}],
        "figures": [
            {
                "metric": value,
                "title": value,
                "unit": value,
                "base": 0.5,
                "head": 0.6,
                "moved": 1,
                "figures": 6,
            }
        ],
        "breakdowns": {"source": [row], "campaign": [row], value: [row]},
        "movers": {"mql": [group], value: [group]},
        "judgements": [judged],
        "by_clause": [{**out, "pipeline": 5.5}],
        "clauses": [{**clause, "definition": value, "clause": value}],
        "warnings": [
            {"kind": "left_out", "names": names},
            {"kind": "by_macro", "names": names, "macros": names},
            {"kind": "version", "definition": value, "version": 1},
            {"kind": "targets", "metrics": names},
            {"kind": value},
        ],
        "agreements": [
            {**signed, "is_agreed": False, "inputs_changed": True, "concerned": True},
            {**signed, "is_agreed": True, "inputs_changed": True, "concerned": True},
        ],
        "pages": names,
        "changes": [{"file": value, "kind": value, "reasons": names, "diff": [f"+{value}"]}],
        "fingerprints": [{"definition": value, "base": value, "head": value + "x"}],
        "tables": [],
        "run": {"currency": value, "landing_fingerprint": value},
        "base": {"name": value, "release": value, "as_of": value},
        "built": {"tables": 1, "tests": 1},
        "seconds": {value: 1},
    }


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.bare = ""
        self.code = 0

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.code += tag in ("code", "pre")

    def handle_endtag(self, tag):
        self.code -= tag in ("code", "pre")

    def handle_data(self, data):
        self.text += data
        if not self.code:
            self.bare += data


def tags_of(html: str) -> Tags:
    found = Tags()
    found.feed(html)
    return found


COMMENT = {"p", "strong", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "h3", "ul"}
COMMENT |= {"li", "details", "summary"}


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("verdict", ["moved", "failed"])
def test_a_hostile_value_is_text_in_the_comment_on_the_page_and_in_the_values(
    tmp_path, value, verdict
):
    told = report(value)
    if verdict == "failed":
        told = {"verdict": "failed", "problems": [value], "remedy": value, "format": 1}
    written_to(tmp_path, told, [])
    comment = (tmp_path / "impact.md").read_text()
    # Rendered as GitHub does: HTML allowed, tables, and addresses made links wherever they stand.
    markdown = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table")
    seen = tags_of(markdown.render(comment))
    assert seen.tags <= COMMENT
    assert seen.attributes <= {"style"}
    # Mentions, issues and addresses become links outside of code, whatever the Markdown was.
    assert not set("@#<") & set(seen.bare)
    assert "http" not in seen.bare
    assert "www." not in seen.bare
    assert "victim.example" not in comment
    page = tags_of((tmp_path / "impact.html").read_text())
    assert not {"script", "img", "a", "iframe", "link", "object"} & page.tags
    assert not {name for name in page.attributes if name.startswith("on")}
    assert "\u202e" not in page.text + seen.text
    assert json.loads((tmp_path / "impact.json").read_text())["verdict"] == verdict


def test_a_table_keeps_its_columns_whatever_a_value_holds(tmp_path):
    for value in ("Paid search", HOSTILE[0]):
        written_to(tmp_path, report(value), [])
        comment = (tmp_path / "impact.md").read_text()
        rows = [line for line in comment.splitlines() if line.startswith("| ")]
        assert len({len(row) - len(row.replace("|", "")) for row in rows[:4]}) == 1


def test_the_comment_is_made_anew_from_the_values_alone_with_the_standard_library(tmp_path):
    written_to(tmp_path, report(), [])
    (tmp_path / "impact.md").write_text("@everyone")
    command = [sys.executable, "-S", "-m", "review.shown.markdown", str(tmp_path / "impact.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("**If this is merged:** MQLs from 120 to 100;")
    assert "everyone" not in done.stdout


def test_a_long_report_is_cut_between_its_parts(tmp_path):
    told = report()
    told["changes"] = [told["changes"][0] | {"diff": ["+x" * 70] * 200}] * 40
    written_to(tmp_path, told, [])
    comment = (tmp_path / "impact.md").read_text()
    assert len(comment) < 65_536
    assert comment.rstrip().endswith("in its page and in `impact.json`.")


def test_ids_are_in_a_file_of_their_own_that_only_the_owner_reads(tmp_path):
    written_to(tmp_path, report(), [{"subject": "00Q000000000001AAA"}])
    private = tmp_path / "ids.json"
    assert private.stat().st_mode & 0o077 == 0
    for name in ("impact.md", "impact.html", "impact.json"):
        assert "00Q000000000001AAA" not in (tmp_path / name).read_text()
    written_to(tmp_path, report(), [])
    assert not private.exists(), "an older list must not stay"


def breakdown(*mqls: tuple[int, int]) -> list[dict]:
    return [
        {
            "value": str(number),
            "figures": {
                "mqls": figure("mqls", "count", *pair),
                "opportunities": figure("opportunities", "count", 50, 50),
                "pipeline_created": figure("pipeline_created", "money", 1.0, 1.0),
            },
        }
        for number, pair in enumerate(mqls)
    ]


def shown(rows: list[dict]) -> list[object]:
    return [row["figures"]["mqls"]["base"] for row in rows]


def test_small_cells_are_withheld_from_strangers_and_none_can_be_worked_out():
    told = report()
    told["breakdowns"] = {"source": breakdown((3, 3), (90, 80), (20, 30))}
    found = suppressed(told)["breakdowns"]["source"]
    assert shown(found) == [None, 90, None], "the smallest neighbour goes with a lone small cell"
    told["breakdowns"] = {"source": breakdown((3, 3), (4, 2), (20, 30))}
    assert shown(suppressed(told)["breakdowns"]["source"]) == [None, None, 20]
    told["breakdowns"] = {"source": breakdown((20, 18), (50, 40), (60, 60))}
    assert shown(suppressed(told)["breakdowns"]["source"])[0] is None, "two leads changed sides"


def test_a_small_group_and_the_code_are_withheld_from_strangers(tmp_path):
    told = report()
    told["movers"]["mql"].append({**told["movers"]["mql"][0], "kind": "enters", "won": 2})
    told["by_clause"][0]["accepted"] = 1
    public = suppressed(told)
    assert public["movers"]["mql"][1]["n"] is None
    assert public["movers"]["mql"][1]["pipeline"] is None
    assert public["by_clause"][0]["n"] is None
    assert told["by_clause"][0]["n"] == 20, "the report itself is left as it is"
    written_to(tmp_path, public, [])
    comment = (tmp_path / "impact.md").read_text()
    assert "fewer than 5" in comment
    assert "<pre>&#43;" not in comment


def test_figures_of_the_pages_that_move_stand_in_their_own_unit(tmp_path):
    row = {"moved": 2, "figures": 6}
    told = {**report(), "figures": [
        {"title": "Cycle length", "unit": "days", "base": 49.0, "head": 50.5, **row},
        {"title": "First answer", "unit": "minutes", "base": 42.0, "head": 90.0, **row},
        {"title": "Lost amount", "unit": "money", "base": 940_000, "head": None, **row},
        {"title": "ICP share", "unit": "rate1", "base": 0.25, "head": 0.755, **row},
        {"title": "Won", "unit": "count", "base": 9, "head": 9, "moved": 0, "figures": 6},
    ]}  # fmt: skip
    written_to(tmp_path, told, [])
    said = (tmp_path / "impact.md").read_text()
    table = said.split("### Figures of the pages")[1].split("###")[0]
    rows = [line for line in table.splitlines() if line.startswith("| <code>")]
    assert [row.replace("<code>", "").replace("</code>", "") for row in rows] == [
        "| Cycle length | 49 days | 50.5 days | 2 of 6 |",
        "| First answer | 42 min | 1.5 h | 2 of 6 |",
        "| Lost amount | $940k | – | 2 of 6 |",
        "| ICP share | 25.0% | 75.5% | 2 of 6 |",
    ]
    assert suppressed(told)["figures"] == []
