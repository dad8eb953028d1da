"""A line of a mapping that is written as two, until a day and from it on, says what it said."""

from datetime import UTC

import duckdb
import pytest

from connectors.landing import Landing
from connectors.sandbox import company, straight
from onefunnel.home import Home
from tests.warehouse import begin, dbt

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

DAY = "2026-02-01"
# What these said of a value stays what it was then; `score_points` is a rule that has dates too.
MAPPINGS = {
    "competitor", "content", "country", "disqualifying_criterion", "industry", "lead_status",
    "loss_reason", "objection", "opportunity_stage", "opportunity_type", "rejection_reason",
    "source_mapping", "utm_mapping",
}  # fmt: skip
MODELS = ("build", "--quiet", "--resource-type", "model")
DATED = """
    select table_name from duckdb_columns()
    where schema_name = 'seeds' and column_name in ('valid_from', 'valid_to')
    group by all having count(*) = 2
"""
TABLES = """
    select schema_name || '.' || table_name from duckdb_tables()
    where schema_name in ('intermediate', 'definitions', 'marts')
"""


def contents(home: Home) -> dict[str, tuple]:
    """Rows and sum of their hashes by table."""
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        names = [name for (name,) in con.execute(TABLES).fetchall()]
        query = "select count(*), sum(hash(held)) from {} as held"
        return {name: con.execute(query.format(name)).fetchone() for name in names}


def test_a_mapping_line_written_as_two_moves_no_row(tmp_path):
    world, _ = company.build_with_truth("small", 1)
    straight.land(world, Landing(Home(tmp_path / "home").create().landing))
    home = begin(tmp_path / "home", world.now.astimezone(UTC).replace(tzinfo=None, microsecond=0))
    built = dbt(home, *MODELS, "--resource-type", "seed")
    assert built.returncode == 0, built.stdout[-4000:]
    before = contents(home)
    with duckdb.connect(str(home.warehouse)) as con:
        seeds = [name for (name,) in con.execute(DATED).fetchall()]
        for seed in seeds:
            con.execute(f"""
                insert into seeds.{seed}
                select * replace (date '{DAY}' as valid_from) from seeds.{seed}
                where valid_from is null and valid_to is null
            """)
            con.execute(f"""
                update seeds.{seed} set valid_to = date '{DAY}'
                where valid_from is null and valid_to is null
            """)
    built = dbt(home, *MODELS)
    assert built.returncode == 0, built.stdout[-4000:]
    after = contents(home)
    assert {*MAPPINGS, "score_points"} <= set(seeds)
    assert before["intermediate.int_status_event"][0] > 200
    assert {name for name in before if before[name] != after[name]} == set()
