"""The steps of a release, each on the draft of this run; nothing is visible before the last one."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from connectors.landing import Landing
from dashboards import digest, site
from onefunnel import dbt_manifest, headline, published_copy, recomputing, restating
from onefunnel.config import Config
from onefunnel.personal_values import own_words, personal_values
from onefunnel.private_warehouse import MATERIALISE_ALL, PrivateWarehouse, RunFacts
from onefunnel.refusal import Refusal
from onefunnel.releases import Release, Releases
from review import ledger
from review.fingerprint import logic_of, rules

# The build's own record goes with the release: pages say from it what was defined and tested.
MANIFEST = "manifest.json"
RUN_RESULTS = "run_results.json"
COPY = "published.duckdb"
LEDGER = "ledger.jsonl"


class Releasing:
    """One release in the making."""

    def __init__(self, config: Config, key: str) -> None:
        self.config = config
        self.home = config.home
        self.releases = Releases(config.home)
        self.key = key

    @property
    def draft(self) -> Path:
        """The folder of this release."""
        return self.releases.draft(self.key)

    @property
    def warehouse(self) -> Path:
        """The copy that everybody may read, and that the pages show."""
        return self.draft / COPY

    @property
    def readable(self) -> Path:
        """The copy that this run made, else the one that is served."""
        return self.warehouse if self.warehouse.is_file() else self.home.current / COPY

    def copy_published(self) -> dict[published_copy.Table, int]:
        """Copy what everybody may read, with the build's record beside it. Needs a stamp."""
        PrivateWarehouse(self.home).require_stamp()
        for name in (MANIFEST, RUN_RESULTS):
            shutil.copyfile(self.home.dbt_target / name, self.draft / name)
        counts = published_copy.copy_published(self.home.warehouse, self.warehouse, self.manifest())
        self.restate()
        return counts

    def restate(self) -> None:
        """Note the figures, and which published ones they move; the copy is told too."""
        facts = published_facts(self.warehouse)
        manifest = self.manifest()
        lines = ledger.entries(
            self.warehouse,
            run={
                **{name: str(value) for name, value in asdict(facts).items()},
                "known_at": str(recomputing.known_at(Landing(self.home.landing))),
                "logic": logic_of(manifest, "metric_month", dbt_manifest.DBT_PROJECT),
            },
            fingerprints=rules(manifest, dbt_manifest.DBT_PROJECT),
        )
        ledger.write(self.draft / LEDGER, lines)
        noted = ledger.read(self.draft / LEDGER)
        moved, records = restating.restate(
            self.home, noted, manifest, reporting_zone(self.warehouse)
        )
        if moved:
            ledger.write(self.draft / f"{ledger.RESTATEMENTS}.jsonl", moved)
            ledger.write(self.draft / f"{ledger.RECORDS}.jsonl", records)
            published_copy.add_restatements(
                self.warehouse, self.draft / f"{ledger.RESTATEMENTS}.jsonl"
            )

    def copy_review(self) -> dict[published_copy.Table, int]:
        """Copy what a reviewer needs."""
        PrivateWarehouse(self.home).require_stamp()
        return published_copy.copy_review(
            self.home.warehouse, self.draft / "review.duckdb", self.manifest()
        )

    def build_page(self, slug: str) -> Any:
        """Render a page; without a new warehouse, over that of the current release."""
        if not self.warehouse.is_file():
            self.releases.draft_from_current(self.key)
        (self.draft / "site").mkdir(exist_ok=True)
        (self.draft / "site" / f"{slug}.html").unlink(missing_ok=True)
        return site.build_page(
            slug,
            self.warehouse,
            self.draft / "site",
            manifest=self.draft / MANIFEST,
            run_results=self.draft / RUN_RESULTS,
            crm=self.config.crm_web,
        )

    def publish(self) -> Release:
        """Complete the site, record the figures, and let all readers see the release."""
        draft = self.draft
        self.require_complete(draft)
        facts = published_facts(self.warehouse)
        manifest = self.manifest()
        site.finish(
            self.warehouse,
            draft / "site",
            manifest=draft / MANIFEST,
            run_results=draft / RUN_RESULTS,
            personal_values=personal_values(PrivateWarehouse(self.home), manifest),
            own_words=own_words(manifest),
            crm=self.config.crm_web,
        )
        self.releases.carry_assets(draft)
        said = {**headline.facts(self.warehouse, draft / MANIFEST), "digest": self.digest()}
        release = self.releases.seal(draft, facts.run_id, facts.as_of, said)
        self.releases.serve(release.name)
        ledger.record(self.home.ledger, release.name, facts.run_id, self.home.current)
        self.releases.prune(self.config.keep_releases)
        return release

    def digest(self) -> str:
        """Write the Weekly review to be sent around; whatever goes wrong there is only said."""
        out = self.draft / "digest"
        if not self.config.prints_digest:
            shutil.rmtree(out, ignore_errors=True)
            return "off (ONEFUNNEL_DIGEST)"
        return digest.write(
            self.draft / "site",
            self.warehouse,
            out,
            manifest=self.draft / MANIFEST,
            crm=self.config.crm_web,
        ).said

    def require_complete(self, draft: Path) -> None:
        """Refuse a release whose parts do not belong together."""
        pages = [f"site/{slug}.html" for slug in site.page_slugs()]
        needed = ["published.duckdb", "review.duckdb", *pages]
        missing = [name for name in needed if not (draft / name).is_file()]
        if missing:
            raise Refusal(
                f"This selection has no {', '.join(missing[:4])}, so it is not published",
                remedy=f"{MATERIALISE_ALL}, or select pages together with the release to renew "
                "only them",
            )

    def manifest(self) -> Mapping[str, Any]:
        """The manifest that belongs to the build."""
        return dbt_manifest.read(self.home.manifest)


def published_facts(published: Path) -> RunFacts:
    """Which run a published warehouse shows."""
    con = published_copy.open_duckdb(published, read_only=True)
    try:
        row = con.execute(
            "select run_id, as_of, landing_fingerprint, salesforce_watermark, hubspot_watermark "
            "from marts.run"
        ).fetchall()[0]
    finally:
        con.close()
    return RunFacts(*row)


def reporting_zone(published: Path) -> str:
    """The zone of a published warehouse's months."""
    con = published_copy.open_duckdb(published, read_only=True)
    try:
        return str(con.execute("select reporting_time_zone from marts.run").fetchall()[0][0])
    finally:
        con.close()
