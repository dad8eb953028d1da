from pathlib import Path

import pytest

from onefunnel import config, exit_codes
from onefunnel.refusal import Refusal

NO_FILE = Path("/nonexistent/.env")
GOOD = {
    "SALESFORCE_URL": "https://acme.my.salesforce.com",
    "SALESFORCE_CLIENT_ID": "id",
    "SALESFORCE_CLIENT_SECRET": "canary-secret",
    "HUBSPOT_ACCESS_TOKEN": "canary-token",
}


def refusal(values: dict[str, str], dotenv: Path = NO_FILE) -> Refusal:
    with pytest.raises(Refusal) as caught:
        config.load(values, dotenv).sources()
    assert caught.value.exit_code == exit_codes.USAGE
    assert "canary" not in str(caught.value)
    return caught.value


def test_good_values_are_taken_and_secrets_are_not_shown(tmp_path):
    loaded = config.load(GOOD | {"ONEFUNNEL_HOME": str(tmp_path)}, NO_FILE)
    assert loaded.home.root == tmp_path
    assert set(loaded.sources()) == {"salesforce", "hubspot"}
    assert "canary" not in repr(loaded)


def test_records_are_linked_where_people_open_the_crm():
    usual = config.load(GOOD, NO_FILE)
    assert usual.crm_web == {"salesforce": "https://acme.my.salesforce.com"}
    web = {
        "SALESFORCE_WEB_URL": "https://acme.lightning.force.com/",
        "HUBSPOT_WEB_URL": "https://app.hubspot.com/contacts/1",
    }
    assert config.load(GOOD | web, NO_FILE).crm_web == {
        "salesforce": "https://acme.lightning.force.com",
        "hubspot": "https://app.hubspot.com/contacts/1",
    }
    # An address alone configures no source.
    assert config.load(web, NO_FILE).has_crm is False


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ONEFUNNEL_HOMES": "/x"}, "did you mean ONEFUNNEL_HOME?"),
        ({"SALESFORCE_TOKEN": "canary"}, "SALESFORCE_TOKEN is no setting"),
        ({"ONEFUNNEL_AS_OF": "yesterday"}, "write it like 2026-06-30T12:00:00Z"),
        ({"ONEFUNNEL_KEEP_RELEASES": "0"}, "ONEFUNNEL_KEEP_RELEASES is '0'"),
        ({"HUBSPOT_QUOTA_RESERVE": "2"}, "HUBSPOT_QUOTA_RESERVE is '2'"),
        ({"HUBSPOT_URL": "http://example.org"}, "HUBSPOT_URL uses http"),
        ({"HUBSPOT_WEB_URL": "http://app.hubspot.com/contacts/1"}, "HUBSPOT_WEB_URL uses http"),
        ({"SALESFORCE_WEB_URL": "javascript:alert(1)"}, "SALESFORCE_WEB_URL is not a web address"),
        ({"SALESFORCE_CLIENT_SECRET": ""}, "SALESFORCE_CLIENT_SECRET"),
        ({"HUBSPOT_ACCESS_TOKEN": " "}, "HUBSPOT_ACCESS_TOKEN"),
    ],
)
def test_a_bad_value_is_named_with_what_to_write(change, told):
    assert told in str(refusal(GOOD | change))


def test_all_problems_are_told_at_once():
    said = str(refusal({"ONEFUNNEL_AS_OF": "x", "ONEFUNNEL_KEEP_RELEASES": "y", "HUBSPOT_X": "1"}))
    for name in ("ONEFUNNEL_AS_OF", "ONEFUNNEL_KEEP_RELEASES", "HUBSPOT_X"):
        assert name in said


def test_the_environment_wins_over_the_file_and_an_empty_value_is_none(tmp_path):
    dotenv = tmp_path / ".env"
    dotenv.write_text("ONEFUNNEL_KEEP_RELEASES=3\nONEFUNNEL_AS_OF=2026-01-01T01:00:00+01:00\n")
    loaded = config.load({"ONEFUNNEL_KEEP_RELEASES": "7", "HUBSPOT_URL": ""}, dotenv)
    assert loaded.keep_releases == 7
    assert str(loaded.as_of) == "2026-01-01 00:00:00"
    assert not loaded.has_crm


def test_an_unreadable_file_is_named(tmp_path):
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"\xff\xfe\x00")
    assert str(dotenv) in str(refusal({}, dotenv))


def test_the_home_is_private_to_its_owner(tmp_path):
    home = config.load({"ONEFUNNEL_HOME": str(tmp_path / "home")}, NO_FILE).home.create()
    for folder in (home.root, home.landing, home.private, home.releases):
        assert folder.stat().st_mode & 0o077 == 0


def test_a_private_key_is_text_or_a_file(tmp_path):
    key = tmp_path / "key.pem"
    key.write_text("-----BEGIN KEY-----\ncanary\n-----END KEY-----\n")
    base = GOOD | {"SALESFORCE_CLIENT_SECRET": "", "SALESFORCE_USERNAME": "me"}
    texts = {
        config.load(base | {"SALESFORCE_PRIVATE_KEY": given}, NO_FILE).salesforce.private_key
        for given in (str(key), key.read_text().strip().replace("\n", "\\n"))
    }
    assert {text.strip() for text in texts} == {key.read_text().strip()}
    assert "SALESFORCE_PRIVATE_KEY" in str(refusal(base | {"SALESFORCE_PRIVATE_KEY": "/no/key"}))
