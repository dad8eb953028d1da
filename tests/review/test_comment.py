"""`.ci/comment` as the workflow runs it: from three folders alone, by the system's Python.

The forge is the one part that is not here: what would be sent to it is recorded instead.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.conftest import ROOT
from tests.review.test_shown import HOSTILE, report, tags_of

# What `comment.yml` checks out, and no more.
FOLDERS = ("review", "dashboards", ".ci")
FORGE = """#!/bin/sh
echo "$*" >> "$SENT"
case "$*" in
    *"repos/o/r/pulls"*) echo "$NUMBER";;
    *"--paginate"*) printf '%b' "$OLD";;
esac
for part in "$@"; do
    case "$part" in body=@*) cp "${part#body=@}" "$SENT.body";; esac
done
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The folders alone, with the forge's client beside them."""
    for name in FOLDERS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / "code" / name, ignore=ignored)
    client = tmp_path / "bin" / "gh"
    client.parent.mkdir()
    client.write_text(FORGE)
    client.chmod(0o755)
    return tmp_path


def comment(place: Path, told: dict, **env: str) -> subprocess.CompletedProcess:
    """Run the script over a report, seeing nothing of our environment."""
    (place / "impact.json").write_text(json.dumps(told))
    return subprocess.run(
        [place / "code" / ".ci" / "comment", place / "impact.json"],
        env={
            "PATH": f"{place / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "SENT": str(place / "sent"),
            **env,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_comment_is_written_once_and_then_renewed(checkout: Path) -> None:
    change = {"REPOSITORY": "o/r", "HEAD_OWNER": "x", "HEAD_BRANCH": "b", "HEAD_SHA": "abc"}
    first = comment(checkout, report(), NUMBER="7", OLD="", **change)
    assert first.returncode == 0, first.stderr
    sent = (checkout / "sent").read_text()
    assert "head=x:b" in sent
    assert "--method POST repos/o/r/issues/7/comments" in sent
    body = (checkout / "sent.body").read_text()
    assert body.startswith("<!-- effect of this change -->\n**If this is merged:** MQLs from 120")
    again = comment(checkout, report(), NUMBER="7", OLD="41\n42\n", **change)
    assert again.returncode == 0, again.stderr
    assert "--method PATCH repos/o/r/issues/comments/41" in (checkout / "sent").read_text()
    # The commit is no longer the head of an open pull request.
    (checkout / "sent").unlink()
    gone = comment(checkout, report(), NUMBER="", OLD="", **change)
    assert (gone.returncode, "comments" in (checkout / "sent").read_text()) == (0, False)


def test_whatever_a_source_is_called_stays_text_in_the_comment(checkout: Path) -> None:
    shown = [comment(checkout, report(value)) for value in ("Plain", " ".join(HOSTILE))]
    assert [one.returncode for one in shown] == [0, 0], shown[1].stderr
    plain, found = (tags_of(MarkdownIt("commonmark").enable("table").render(one.stdout))
                    for one in shown)  # fmt: skip
    assert found.tags == plain.tags
    assert found.attributes == plain.attributes
    assert "@" not in found.bare
    assert "@everyone" not in shown[1].stdout


def test_a_report_that_is_none_is_not_posted(checkout: Path) -> None:
    (checkout / "impact.json").write_text("{")
    assert comment(checkout, {"format": 99}, REPOSITORY="o/r").returncode != 0
    assert not (checkout / "sent").exists()
