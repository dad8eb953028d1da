import pytest

from review.fingerprint import canonical_seed, canonical_sql, fingerprints

RULE = 'with agreed as (select 50 as minimum_score) select * from "w"."intermediate"."int_x"'


@pytest.mark.parametrize(
    "same",
    [
        RULE + "  -- a remark",
        RULE.replace('"w".', '"another_file".'),
        RULE.upper().replace("MINIMUM_SCORE", "minimum_score").replace('"W"', '"w"'),
        "/* said otherwise */\n" + RULE.replace(" select", "\n\n    select"),
    ],
)
def test_a_remark_layout_case_or_file_name_changes_nothing(same):
    assert canonical_sql(same) == canonical_sql(RULE)


def test_a_number_changes_it():
    assert canonical_sql(RULE.replace("50", "51")) != canonical_sql(RULE)


def test_line_ends_and_quotes_of_a_seed_do_not_count():
    assert canonical_seed(b'a,b\r\n"1","x, y"\r\n') == canonical_seed(
        b'\xef\xbb\xbfa,b\n1,"x, y"\n'
    )


def graph(signal: str = RULE) -> dict:
    def model(name: str, folder: str, parents: list[str], sql: str = RULE) -> dict:
        return {
            "resource_type": "model",
            "fqn": ["onefunnel", folder, name],
            "name": name,
            "unique_id": name,
            "compiled_code": sql,
            "original_file_path": f"models/{name}.sql",
            "depends_on": {"nodes": parents},
        }

    def seed(name: str, *of: str) -> dict:
        return {
            "resource_type": "seed",
            "fqn": ["onefunnel", "scoring"],
            "name": name,
            "original_file_path": f"{name}.csv",
            "config": {"meta": {"definitions": list(of)}},
            "depends_on": {},
        }

    return {
        "nodes": {
            "mql": model("mql", "definitions", ["int_signal"]),
            "sal": model("sal", "definitions", ["mql"]),
            "int_signal": model("int_signal", "intermediate", ["points", "domain"], signal),
            "points": seed("points", "mql"),
            "domain": seed("domain", "lead"),
        }
    }


@pytest.fixture
def project(tmp_path):
    (tmp_path / "points.csv").write_text("form,points\nWhitepaper,15\n")
    (tmp_path / "domain.csv").write_text("domain\ngmail.com\n")
    return tmp_path


def moved(before: dict, after: dict) -> set[str]:
    """Which fingerprints of which definitions differ."""
    return {
        f"{name}.{part}"
        for name in before
        for part in ("rule", "inputs")
        if getattr(before[name], part) != getattr(after[name], part)
    }


def test_a_seed_is_part_of_the_rule_it_is_tagged_to_and_an_input_of_what_stands_on_it(project):
    before = fingerprints(graph(), project)
    (project / "points.csv").write_text("form,points\nWhitepaper,20\n")
    assert moved(before, fingerprints(graph(), project)) == {"mql.rule", "sal.inputs"}


def test_a_seed_of_another_rule_and_sql_upstream_are_inputs(project):
    before = fingerprints(graph(), project)
    assert moved(before, fingerprints(graph(RULE + " -- why"), project)) == set()
    changed = fingerprints(graph(RULE.replace("50", "60")), project)
    assert moved(before, changed) == {"mql.inputs", "sal.inputs"}
    (project / "domain.csv").write_text("domain\ngmx.net\n")
    assert moved(before, fingerprints(graph(), project)) == {"mql.inputs", "sal.inputs"}
