import pytest

from review.fingerprint import canonical_seed, canonical_sql, fingerprint

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


def graph(seed_parent: str) -> dict:
    def model(name: str, folder: str, parents: list[str]) -> dict:
        return {
            "resource_type": "model",
            "fqn": ["onefunnel", folder, name],
            "name": name,
            "unique_id": name,
            "compiled_code": RULE,
            "original_file_path": f"models/{name}.sql",
            "depends_on": {"nodes": parents},
        }

    seed = {
        "resource_type": "seed",
        "fqn": ["onefunnel", "scoring"],
        "name": "points",
        "original_file_path": "points.csv",
        "depends_on": {},
    }
    return {
        "nodes": {
            "mql": model("mql", "definitions", ["int_signal"]),
            "sal": model("sal", "definitions", ["mql"]),
            "int_signal": model("int_signal", "intermediate", [seed_parent]),
            "points": seed,
            "int_x": model("int_x", "intermediate", []),
        }
    }


def test_a_seed_counts_for_the_definition_that_reads_it_not_for_one_behind_it(tmp_path):
    (tmp_path / "points.csv").write_text("form,points\nWhitepaper,15\n")
    before = {name: fingerprint(graph("points"), name, tmp_path) for name in ("mql", "sal")}
    (tmp_path / "points.csv").write_text("form,points\nWhitepaper,20\n")
    after = {name: fingerprint(graph("points"), name, tmp_path) for name in ("mql", "sal")}
    assert after["mql"] != before["mql"]
    assert after["sal"] == before["sal"]
