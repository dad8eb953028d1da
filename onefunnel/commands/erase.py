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

    An address or record that the landing does not hold is told, and the exit code is 2. With --yes
    it is noted all the same: what names it and is from before now does not land later. A contact
    or lead with that address that lands later is a new record: erase it then.

    \b
    Examples:
      onefunnel erase --email ada@example.net
      onefunnel erase --email ada@example.net --yes
      onefunnel erase --id hubspot/1234 --id salesforce/00Q000000000001AAA --yes
    """
    config = settings.prepare(settings.load())
    landing = Landing(config.home.landing)
    nobody = erasure.nobody(landing, sources.streams(), asked(email, ids))
    subject = erasure.find(landing, asked(email, ids))
    is_somebody = len(nobody) < len(asked(email, ids).tokens())
    if is_somebody:
        tell_plan(subject)
        if not yes:
            click.echo("Nothing was changed. Look at the records above, then say --yes.")
    if yes:
        with run_lock(config.home, "onefunnel erase"):
            for name in nobody:
                subject.take(name)
            if is_somebody:
                erase(config, landing, subject)
                publish(config, no_run)
            else:
                erasure.erase(landing, sources.streams(), subject, moment())
    if nobody:
        raise not_found(nobody, is_noted=yes)


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


def not_found(nobody: list[str], *, is_noted: bool) -> Refusal:
    """Whom the landing does not hold: more often a slip of the pen than the truth."""
    named = ", ".join(one.removeprefix("@").replace(":", "/") for one in nobody)
    noted = "it is noted, so what names it and is from before now will not land"
    return Refusal(
        f"Nobody in the landing is {named}; {noted if is_noted else 'nothing was noted'}",
        remedy="Check how it is written. Where an earlier erasure was cut off, `onefunnel run` "
        "publishes without the person",
        exit_code=exit_codes.USAGE,
    )


def publish(config: Config, no_run: bool) -> None:
    """Build and publish without the person, unless that is for later."""
    if no_run:
        click.echo("Run `onefunnel run` to publish without this person.")
        return
    with crm(config) as config:
        summary.run_and_tell(config, None, ())
    click.echo("Releases from before the erasure are removed.")


def moment() -> datetime:
    """Now, as a tombstone notes it."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def erase(config: Config, landing: Landing, subject: Subject) -> None:
    """Clean all that holds the person, and say what was done."""
    forgetting.note(config.home)
    warehouse = PrivateWarehouse(config.home)
    warehouse.wait_for_orphan()
    warehouse.discard()
    done = erasure.erase(landing, sources.streams(), subject, moment())
    for one in done:
        batches = f"{one.batches} batch{'es' if one.batches > 1 else ''}"
        click.echo(f"  cleaned  {one.source}/{one.stream}: {one.rows:,} rows in {batches}")
    if not done:
        click.echo("  The landing holds nothing of this person; they will not be landed either.")
    click.echo("  removed  the private warehouse, which every run builds anew")
