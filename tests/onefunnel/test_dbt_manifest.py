"""What dbt parsed is kept in a home: it must not outlive the folder of the project."""

import json
import shutil

import pytest

from onefunnel import dbt_manifest
from onefunnel.config import DBT_PROJECT
from onefunnel.home import Home


@pytest.mark.slow
def test_a_home_reads_the_seeds_of_the_project_that_uses_it_and_not_of_one_before(
    tmp_path, monkeypatch
):
    home = Home(tmp_path / "home").create()
    for name in ("first", "second"):
        project = tmp_path / name
        (project / "seeds").mkdir(parents=True)
        (project / "seeds" / "answer.csv").write_text("answer\nyes\n")
        (project / "models").mkdir()
        (project / "models" / "asked.sql").write_text("select * from {{ ref('answer') }}")
        (project / "dbt_project.yml").write_text("name: onefunnel\nprofile: onefunnel\n")
        shutil.copyfile(DBT_PROJECT / "profiles.yml", project / "profiles.yml")
        monkeypatch.setattr(dbt_manifest, "DBT_PROJECT", project)
        monkeypatch.setattr(dbt_manifest, "SHARED", project / "target" / "parsed")
        manifest = json.loads(dbt_manifest.ensure(home).read_bytes())
        assert manifest["nodes"]["seed.onefunnel.answer"]["root_path"] == str(project)
