"""What the CRMs may answer that stops a run, or leaves figures incomplete: told by name."""

from collections.abc import Iterator

import pytest
import requests

from connectors.sandbox.company import build
from connectors.sandbox.serve import start
from onefunnel import exit_codes
from tests.running import SECRET, environment, onefunnel

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    sandbox = start(build("small", seed=3))
    yield sandbox.url
    sandbox.stop()


@pytest.fixture
def faulty(url) -> Iterator:
    def arm(**fault: object) -> None:
        requests.post(f"{url}/_sandbox/faults", json=fault, timeout=10).raise_for_status()

    yield arm
    requests.delete(f"{url}/_sandbox/faults", timeout=10).raise_for_status()


def test_refused_credentials_are_named_with_what_to_check(tmp_path, url, faulty):
    faulty(kind="unauthorized", match="/services/")
    done = onefunnel("run", env=environment(tmp_path / "home", url))
    assert done.returncode == exit_codes.SOURCE, done.stderr
    assert "SALESFORCE_CLIENT_SECRET" in done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert not (tmp_path / "home/current").exists()


def test_an_object_that_may_not_be_read_is_told_in_the_terminal_and_on_every_page(
    tmp_path, url, faulty
):
    faulty(kind="hidden_object", object="CampaignMember", match="/")
    home = tmp_path / "home"
    done = onefunnel("run", env=environment(home, url))
    assert done.returncode == 0, done.stderr
    assert "not permitted: salesforce/CampaignMember" in done.stdout
    assert "permission Read" in done.stdout.replace("\n", " ")
    for page in (home / "current/site").glob("*.html"):
        if page.name != "index.html":
            assert "Salesforce CampaignMember may not be read" in page.read_text(), page.name


def test_stages_that_no_mapping_knows_stop_the_release_and_are_named(tmp_path, url):
    deals = [
        {
            "Id": f"006Zz{number:010d}AAA",
            "Name": f"Deal {number}",
            "StageName": "Wibble",
            "CloseDate": "2026-08-01",
            "CreatedDate": "2026-06-20T10:00:00.000+0000",
        }
        for number in range(60)
    ]
    added = {"vendor": "salesforce", "object": "Opportunity", "records": deals}
    requests.post(f"{url}/_sandbox/records", json=added, timeout=10).raise_for_status()
    home = tmp_path / "home"
    done = onefunnel("run", env=environment(home, url))
    assert done.returncode == exit_codes.FAILED, done.stderr
    assert "opportunity_stage 'Wibble' (60 records)" in done.stderr
    assert "--draft-mappings" in done.stderr
    assert not (home / "current").exists()
