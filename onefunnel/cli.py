"""The command line: which commands exist, and how an error is told. Each command has its module."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Mapping

import click

from onefunnel import exit_codes, garbage
from onefunnel.refusal import Refusal, storage_problem, storage_refusal

COMMANDS: Mapping[str, str] = {
    "demo": "the whole path once, on the local CRM",
    "run": "extract, build, audit and publish, in this process",
    "dev": "the Dagster UI and its daemon",
    "doctor": "credentials, reachability, permissions, fields, mappings",
    "landing": "what has landed, up to which moment",
    "erase": "remove a person at their request",
    "audit": "what both systems say, before and after anything was agreed",
    "releases": "what was published",
    "rollback": "serve an earlier release again",
    "impact": "which numbers move if a change is merged, and for whom",
    "backtest": "evidence for a rule: what sales accepted and won of those it passes",
    "agree": "a team signs a definition",
    "history": "who agreed to what, when, and what it did",
    "serve": "the published site on this machine",
    "sandbox": "the local CRM and its clock",
}
EPILOG = "\b\nExit codes:\n" + exit_codes.table()


class Commands(click.Group):
    """Commands are imported when they are used: the help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they are met."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command."""
        if cmd_name not in COMMANDS:
            return None
        return importlib.import_module(f"onefunnel.commands.{cmd_name}").command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Onefunnel: sales and marketing on one set of numbers.

    \b
    Example:
      onefunnel demo
    """


def main() -> None:
    """Run a command; every error is one message with its remedy, and an exit code."""
    garbage.look_seldom()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code."""
    try:
        said = commands.main(arguments, prog_name="onefunnel", standalone_mode=False)
        return said if isinstance(said, int) else exit_codes.OK
    except click.ClickException as error:
        error.show()
        return exit_codes.USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. The last release is still served.", err=True)
        return exit_codes.INTERRUPTED
    except Refusal as refusal:
        return told(refusal)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exit_codes.OK
    except OSError as error:
        return told(storage_refusal(error, os.environ.get("ONEFUNNEL_HOME", "the home folder")))
    except Exception as error:
        return told(unexpected(error))


def told(refusal: Refusal) -> int:
    """Print the message."""
    click.secho(f"Error: {refusal.problem}", fg="red", err=True)
    if refusal.remedy:
        click.echo(f"{refusal.remedy}.", err=True)
    return refusal.exit_code


def unexpected(error: Exception) -> Refusal:
    """A defect of ours is named by its place: what it says may quote a record or a setting."""
    home = os.environ.get("ONEFUNNEL_HOME", "the home folder")
    known = storage_problem(str(error), home)
    if known:
        return known
    if os.environ.get("PYTHONDEVMODE"):
        traceback.print_exception(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return Refusal(
        f"unexpected {type(error).__name__} at {frame.filename}:{frame.lineno}",
        remedy="This is a defect of Onefunnel: please report it with this line (PYTHONDEVMODE=1 "
        "prints everything, which may include records)",
    )


if __name__ == "__main__":
    main()
