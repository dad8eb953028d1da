"""A setting that cannot be right, given to a run as a user gives it."""

import os

import pytest

from tests.running import SECRET, environment, onefunnel


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"ONEFUNNEL_AS_OF": "yesterday"}, "ONEFUNNEL_AS_OF"),
        ({"ONEFUNNEL_HOMES": "/x"}, "ONEFUNNEL_HOMES"),
        ({"SALESFORCE_URL": "http://127.0.0.1:9"}, "127.0.0.1:9"),
        ({"HUBSPOT_ACCESS_TOKEN": ""}, "HUBSPOT_ACCESS_TOKEN"),
    ],
)
def test_a_bad_setting_is_named_with_its_remedy_and_publishes_nothing(tmp_path, change, named):
    home = tmp_path / "home"
    settings = environment(home, "http://127.0.0.1:9") | change
    done = onefunnel("run", env=settings)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert named in said
    assert "Traceback" not in said
    assert SECRET not in said
    assert not os.path.lexists(home / "current")
