"""Show a run while it goes on, and what it published when it has ended."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from onefunnel.config import Config
from onefunnel.releases import Releases
from onefunnel.run_all import Outcome, run_pipeline

STAGES = {"extract": "Extract", "build": "Build and test", "release": "Release"}


class Bars:
    """A bar per stage on a terminal, a line per stage elsewhere."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<15}"),
            BarColumn(bar_width=30),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[what]}"),
            console=console,
            transient=False,
            disable=not console.is_terminal,
        )
        self.tasks: dict[str, int] = {}

    def hear(self, stage: str, what: str, done: int, total: int | None) -> None:
        """Take the news of a step."""
        if stage not in self.tasks:
            for task in self.tasks.values():
                self.bars.update(task, completed=1, total=1, what="")  # type: ignore[arg-type]
            self.tasks[stage] = self.bars.add_task(STAGES[stage], total=total, what=what)
            if not self.console.is_terminal:
                self.console.print(f"{STAGES[stage]} …")
        self.bars.update(self.tasks[stage], completed=done, total=total, what=what[:50])  # type: ignore[arg-type]

    def finish(self) -> None:
        """Fill the last bar."""
        for task in self.tasks.values():
            self.bars.update(task, completed=1, total=1, what="")  # type: ignore[arg-type]


def run_and_tell(config: Config, select: str | None, accept_shrink: Sequence[str] = ()) -> Outcome:
    """Run with progress bars, then say what came out."""
    console = Console(stderr=True, highlight=False)
    started = time.monotonic()
    before = Releases(config.home).current()
    bars = Bars(console)
    with bars.bars:
        outcome = run_pipeline(config, select, bars.hear, accept_shrink)
        bars.finish()
    seconds = time.monotonic() - started
    print_outcome(config, outcome, before.name if before else None, seconds)
    return outcome


def print_outcome(config: Config, outcome: Outcome, before: str | None, seconds: float) -> None:
    """The result in a few lines, on standard output."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"{outcome.rows_landed:,} rows landed with {outcome.requests:,} requests; "
        f"{outcome.models} models built, {outcome.checks_passed:,} checks passed, "
        f"{len(outcome.warnings)} warnings; {seconds:.0f} s"
    )
    for warning in outcome.warnings[:10]:
        console.print(f"  warning: {warning}")
    for denied in outcome.not_permitted:
        console.print(f"  not permitted: {denied}", style="bold")
    current = Releases(config.home).current()
    if current is None or current.name == before:
        console.print("Nothing was published: the selection was not complete.")
        return
    console.print(f"Published {current.name}, as of {current.as_of} UTC")
    for name, value in current.headline.items():
        console.print(f"  {name.replace('_', ' '):<32}{value:>16}")
    console.print(f"Digest: {current.facts.get('digest', 'none')}")
    console.print(f"Site: {config.home.current / 'site' / 'index.html'}")
