"""Turn what goes wrong into a Dagster failure with cause, remedy and exit code, and no secret."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import duckdb

from connectors.errors import ConnectorError, LandingDamaged, SuddenShrink, WrongSettings
from dashboards.payload import TooManySlices
from dashboards.publish import SiteUnfit
from dashboards.site import PageTooHeavy
from onefunnel import exit_codes
from onefunnel.refusal import Refusal, storage_problem, storage_refusal


@contextmanager
def told(place: Path) -> Iterator[None]:
    """Run a step; its known ways to fail are told in one message."""
    try:
        yield
    except Refusal as refusal:
        raise failure(refusal) from None
    except ConnectorError as error:
        raise failure(from_connector(error, place)) from None
    except (SiteUnfit, PageTooHeavy, TooManySlices) as error:
        raise failure(Refusal(f"The site is not published: {error}")) from None
    except OSError as error:
        raise failure(storage_refusal(error, place)) from None
    except duckdb.Error as error:
        raise failure(from_engine(error, place)) from None


def failure(refusal: Refusal) -> dg.Failure:
    """The failure that the UI shows and the command line reads."""
    return dg.Failure(
        description=str(refusal),
        metadata={
            "problem": refusal.problem,
            "remedy": refusal.remedy or "-",
            "exit_code": refusal.exit_code,
        },
        allow_retries=False,
    )


def from_connector(error: ConnectorError, place: Path) -> Refusal:
    """A connector's error says what and what to do already."""
    code = exit_codes.SOURCE
    if isinstance(error, WrongSettings):
        code = exit_codes.USAGE
    elif isinstance(error, SuddenShrink):
        code = exit_codes.FAILED
    elif isinstance(error, LandingDamaged):
        code = exit_codes.STORAGE
    return Refusal(str(error), exit_code=code)


def from_engine(error: duckdb.Error, place: Path) -> Refusal:
    """The engine's message may quote data: only its kind is told."""
    return storage_problem(str(error), place) or Refusal(
        f"The embedded engine failed in {place} ({type(error).__name__})",
        remedy="Run again, which builds the private warehouse anew; if it fails again, please "
        "report it",
    )
