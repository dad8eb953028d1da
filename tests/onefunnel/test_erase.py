"""`onefunnel erase`: says whom it would erase, does it, and leaves nothing from before."""

import pytest

from connectors import tombstones
from connectors.landing import Landing
from onefunnel import cli, exit_codes, forgetting, sources
from onefunnel.home import Home
from onefunnel.releases import Releases
from orchestration.orphans import finish_ledger
from review import ledger
from tests.connectors.test_landing import land, row
from tests.onefunnel.test_releases import AS_OF, publish

ADA = "ada@example.net"


@pytest.fixture
def home(tmp_path, monkeypatch) -> Home:
    for name in ("SALESFORCE_URL", "HUBSPOT_ACCESS_TOKEN", "ONEFUNNEL_KEEP_RELEASES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ONEFUNNEL_HOME", str(tmp_path / "home"))
    home = Home(tmp_path / "home").create()
    people = [row(1234, "x", email=ADA), row(2, "y", email="ben@example.net")]
    land(Landing(home.landing), people, 1)
    home.warehouse.write_bytes(b"built from her")
    return home


def test_without_yes_it_only_says_whom_it_would_erase(home, capsys):
    before = Landing(home.landing).fingerprint()
    assert cli.run(["erase", "--email", ADA]) == exit_codes.OK
    said = capsys.readouterr().out
    assert "hubspot/1234" in said
    assert "Nothing was changed" in said
    assert Landing(home.landing).fingerprint() == before
    assert home.warehouse.exists()


def test_it_cleans_landing_and_warehouse_and_says_so(home, capsys):
    assert cli.run(["erase", "--id", "hubspot/1234", "--yes", "--no-run"]) == exit_codes.OK
    said = capsys.readouterr().out
    assert "cleaned  hubspot/contacts: 1 rows in 1 batch" in said
    assert "removed  the private warehouse" in said
    assert not home.warehouse.exists()
    held = [
        path
        for path in home.root.rglob("*")
        if path.is_file() and ADA.encode() in path.read_bytes()
    ]
    assert held == []


def test_releases_from_before_go_with_the_next_one(home):
    releases = Releases(home)
    first, second = publish(releases, "run1", "one"), publish(releases, "run2", "two")
    forgetting.note(home)
    # The one that is served stays until there is another.
    assert releases.prune(5) == [first]
    third = publish(releases, "run3", "three")
    assert releases.prune(5) == [second]
    assert [release.name for release in releases.all()] == [third]


def test_ids_behind_restatements_go_at_once_and_do_not_come_back(home):
    releases = Releases(home)
    draft = releases.draft("run1")
    for name in ("ledger", ledger.RESTATEMENTS, ledger.RECORDS):
        (draft / f"{name}.jsonl").write_text('{"kind": "run"}\n')
    releases.serve(releases.seal(draft, "run1", AS_OF, {}).name)
    finish_ledger(releases)
    kept = home.ledger / ledger.RECORDS / "run1.jsonl"
    assert kept.exists()
    forgetting.note(home)
    finish_ledger(releases)
    assert not kept.exists()
    assert (home.ledger / ledger.RESTATEMENTS / "run1.jsonl").exists()


@pytest.mark.parametrize("given", [[], ["--id", "nonsense"], ["--email", " "]])
def test_nobody_is_named(home, given):
    assert cli.run(["erase", *given]) == exit_codes.USAGE


@pytest.mark.parametrize("name", [["--email", "ada@exmple.net"], ["--id", "hubspot/999"]])
def test_whom_nobody_knows_is_told_and_noted_only_with_yes(home, capsys, name):
    before = Landing(home.landing).fingerprint()
    for more in ([], ["--yes"]):
        assert tombstones.read(home.landing) is None
        assert cli.run(["erase", *name, *more]) == exit_codes.USAGE
        assert f"Nobody in the landing is {name[1]}" in capsys.readouterr().err
    known = tombstones.read(home.landing)
    (request,) = known.requests
    assert request.is_done
    if "--email" in name:
        assert request.addresses == [known.hashed(name[1])]
    else:
        assert request.ids == {"hubspot": ["999"]}
    # Nobody is gone, so there is nothing to build anew.
    assert Landing(home.landing).fingerprint() == before
    assert home.warehouse.exists()


def test_one_of_two_addresses_is_wrong(home, capsys):
    given = ["erase", "--email", ADA, "--email", "ben@exmple.net", "--yes", "--no-run"]
    assert cli.run(given) == exit_codes.USAGE
    said = capsys.readouterr()
    assert "cleaned  hubspot/contacts: 1 rows" in said.out
    assert "Nobody in the landing is ben@exmple.net" in said.err
    assert ADA not in said.err


def test_who_stands_in_a_form_alone_is_somebody(home, capsys):
    stream = next(one for one in sources.streams() if one.name == "form_submissions")
    sent = {**row(1, "x", email="eve@example.net"), "conversionId": "c1"}
    land(Landing(home.landing), [sent], 1, stream)
    assert cli.run(["erase", "--email", "eve@example.net", "--yes", "--no-run"]) == exit_codes.OK
    assert "cleaned  hubspot/form_submissions: 1 rows" in capsys.readouterr().out
