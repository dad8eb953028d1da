from onefunnel import cli, exit_codes, summary
from onefunnel.run_all import QUIET, run_config


def test_what_is_accepted_reaches_the_reading(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(summary, "run_and_tell", lambda *given: told.append(given[1:]))
    for name in ("SALESFORCE_CLIENT_SECRET", "HUBSPOT_ACCESS_TOKEN", "SALESFORCE_CLIENT_ID"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("SALESFORCE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("ONEFUNNEL_HOME", str(tmp_path / "home"))
    assert cli.run(["run", "--accept-shrink", "salesforce/Lead"]) == exit_codes.OK
    assert told == [(None, ("salesforce/Lead",))]


def test_only_an_accepted_shrink_sets_anything():
    assert run_config(()) == QUIET
    step = run_config(("salesforce/Lead",))["ops"]["extract"]
    assert step == {"config": {"accept_shrink": ["salesforce/Lead"]}}


def test_an_unknown_object_is_named_with_one_like_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ONEFUNNEL_HOME", str(tmp_path / "home"))
    assert cli.run(["run", "--accept-shrink", "salesforce/lead"]) == exit_codes.USAGE
    assert "salesforce/Lead" in capsys.readouterr().err
