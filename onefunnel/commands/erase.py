"""`onefunnel erase`: remove a person from everything that Onefunnel keeps."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from connectors import erasure
from connectors.erasure import Subject
from connectors.landing import Landing
from onefunnel import config as settings
from onefunnel import exit_codes, forgetting, sources, summary
from onefunnel.commands.run import crm
from onefunnel.config import Config
from onefunnel.private_warehouse import PrivateWarehouse
from onefunnel.refusal import Refusal
from onefunnel.run_lock import run_lock


@click.command()
@click.option("--email", multiple=True, help="An address of the person; may be given repeatedly.")
@click.option(
    "--id",
    "ids",
    multiple=True,
    metavar="SOURCE/ID",
    help="A record of the person: salesforce/00Q… or hubspot/1234.",
)
@click.option("--yes", is_flag=True, help="Do it. Without, only say who would be erased.")
@click.option("--no-run", is_flag=True, help="Do not build and publish afterwards.")
def command(email: tuple[str, ...], ids: tuple[str, ...], yes: bool, no_run: bool) -> None:
    """Erase a person at their request: landing, private warehouse, earlier releases.

    Finds all records of the person (converted, merged, mirrored, with the same address), removes
    them from every batch, and keeps ids and a salted hash of the address, so that a later reading
    does not bring them back. Then everything is built and published anew, and releases from before
    are removed, since they may name the records. Erase the person in Salesforce and HubSpot too.

    \b
    Examples:
      onefunnel erase --email ada@example.net
      onefunnel erase --email ada@example.net --yes
      onefunnel erase --id hubspot/1234 --id salesforce/00Q000000000001AAA --yes
    """
    config = settings.prepare(settings.load())
    landing = Landing(config.home.landing)
    subject = erasure.find(landing, asked(email, ids))
    tell_plan(subject)
    if not yes:
        click.echo("Nothing was changed. Look at the records above, then say --yes.")
        return
    with run_lock(config.home, "onefunnel erase"):
        erase(config, landing, subject)
        if no_run:
            click.echo("Run `onefunnel run` to publish without this person.")
            return
        with crm(config) as config:
            summary.run_and_tell(config, None, ())
        click.echo("Releases from before the erasure are removed.")


def asked(email: tuple[str, ...], ids: tuple[str, ...]) -> Subject:
    """The person as the command line names them."""
    subject = Subject(addresses={one.strip().lower() for one in email if one.strip()})
    for one in ids:
        source, _, key = one.partition("/")
        if source not in sources.ADDED or not key:
            raise Refusal(
                f"--id {one!r} names no record",
                remedy="Write salesforce/00Q… or hubspot/1234",
                exit_code=exit_codes.USAGE,
            )
        subject.ids.setdefault(source, set()).add(key)
    if not subject.tokens():
        raise Refusal("Nobody is named", remedy="Give --email or --id", exit_code=exit_codes.USAGE)
    return subject


def tell_plan(subject: Subject) -> None:
    """Who it is, as far as the landing knows."""
    for source, ids in sorted(subject.ids.items()):
        for one in sorted(ids):
            click.echo(f"  record   {source}/{one}")
    for address in sorted(subject.addresses):
        click.echo(f"  address  {address}")


def erase(config: Config, landing: Landing, subject: Subject) -> None:
    """Clean all that holds the person, and say what was done."""
    forgetting.note(config.home)
    warehouse = PrivateWarehouse(config.home)
    warehouse.wait_for_orphan()
    warehouse.discard()
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    done = erasure.erase(landing, sources.streams(), subject, now)
    for one in done:
        batches = f"{one.batches} batch{'es' if one.batches > 1 else ''}"
        click.echo(f"  cleaned  {one.source}/{one.stream}: {one.rows:,} rows in {batches}")
    if not done:
        click.echo("  The landing holds nothing of this person; they will not be landed either.")
    click.echo("  removed  the private warehouse, which every run builds anew")
