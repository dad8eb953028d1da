"""The Weekly review to be sent around: one sheet, and never a reason not to publish."""

import stat
from pathlib import Path

import pytest

from dashboards import digest


def _write(built: Path, out: Path, **more: str) -> digest.Digest:
    return digest.write(
        built / "site",
        built / "published.duckdb",
        out,
        manifest=built.parent / "target/manifest.json",
        **more,
    )


def test_the_week_is_one_sheet_and_a_picture(built, chromium, tmp_path):
    found = _write(built, tmp_path / "digest")
    assert found.note == ""
    assert found.files == ("weekly.md", "weekly.pdf", "weekly.png")
    assert digest.sheets_of(tmp_path / "digest/weekly.pdf") == 1
    assert (tmp_path / "digest/weekly.png").read_bytes().startswith(b"\x89PNG")
    text = (tmp_path / "digest/weekly.md").read_text()
    assert text.startswith("# Weekly review: 22 Jun – 28 Jun 2026")
    assert "| Price |" in text


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (None, "Chromium could not be started"),
        ("exit 3", "Chromium ended with 3"),
        ("exit 0", "Chromium wrote nothing"),
        ("sleep 30", "took longer than"),
    ],
)
def test_a_browser_that_fails_is_said_and_stops_nothing(built, tmp_path, monkeypatch, script, said):
    browser = tmp_path / "browser"
    if script:
        browser.write_text(f"#!/bin/sh\n{script}\n")
        browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(digest, "SECONDS", 1)
    found = _write(built, tmp_path / "digest", browser=str(browser))
    assert found.files == ("weekly.md",)
    assert said in found.said
    assert said in (tmp_path / "digest/weekly.md").read_text()


def test_without_a_browser_the_digest_says_what_to_install(built, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = _write(built, tmp_path / "digest")
    assert found.files == ("weekly.md",)
    assert "apt-get install chromium" in (tmp_path / "digest/weekly.md").read_text()
