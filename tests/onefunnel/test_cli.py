import os
import re
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from onefunnel import cli, exit_codes
from onefunnel.refusal import Refusal
from tests.running import as_someone_bound_by_permissions


def every_command() -> list[str]:
    return [*cli.COMMANDS, "sandbox serve", "sandbox advance"]


@pytest.mark.parametrize("name", every_command())
def test_every_command_has_help_with_an_example(name):
    said = CliRunner().invoke(cli.commands, [*name.split(), "--help"]).output
    assert re.search(r"Examples?:\n  +onefunnel", said)
    assert "\\b" not in said


def test_the_help_lists_the_exit_codes():
    said = CliRunner().invoke(cli.commands, ["--help"]).output
    for code, meaning in exit_codes.MEANING.items():
        assert f"{code}  {meaning.split(' (')[0][:30]}" in said


def raising(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    @click.command()
    def command() -> None:
        raise error

    monkeypatch.setattr(cli.Commands, "get_command", lambda *_: command)


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (Refusal("No", remedy="Do", exit_code=4), 4, "Error: No\nDo."),
        (OSError(28, "No space left on device"), 5, "the disk is full"),
        (PermissionError(13, "Permission denied", "/home/x"), 5, "/home/x cannot be used"),
        (RuntimeError("database or disk is full"), 5, "the disk is full"),
        (ValueError("canary a@b.example"), 1, "unexpected ValueError at "),
    ],
)
def test_every_error_is_one_message_with_a_code(monkeypatch, capsys, error, code, told):
    raising(monkeypatch, error)
    assert cli.run(["anything"]) == code
    said = capsys.readouterr()
    assert told in said.err
    assert "canary" not in said.err + said.out
    assert "Traceback" not in said.err


def test_usage_errors_have_their_code():
    assert cli.run(["run", "--nonsense"]) == exit_codes.USAGE
    assert cli.run(["nonsense"]) == exit_codes.USAGE


def test_a_read_only_home_is_named(tmp_path):
    tmp_path.chmod(0o500)
    assert_refused_as_storage(tmp_path / "home")


def test_a_home_that_cannot_be_a_folder_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    assert_refused_as_storage(tmp_path / "file")


def assert_refused_as_storage(home) -> None:
    done = subprocess.run(
        [*as_someone_bound_by_permissions(), sys.executable, "-m", "onefunnel.cli", "run"],
        env={**os.environ, "ONEFUNNEL_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == exit_codes.STORAGE, done.stderr
    assert str(home) in done.stderr
    assert "ONEFUNNEL_HOME" in done.stderr


@pytest.mark.parametrize("command", [["serve"], ["dev"], ["sandbox", "serve"]])
def test_a_port_that_cannot_be_is_wrong_usage(command, capsys):
    assert cli.run([*command, "--port", "99999"]) == exit_codes.USAGE
    assert "99999 is not in the range 0<=x<=65535" in capsys.readouterr().err
