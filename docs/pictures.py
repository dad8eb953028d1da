"""Small pictures of the published pages, for the documentation: `make pictures` after `make demo`.

    python -m docs.pictures [SITE] [--dagster http://127.0.0.1:3000]

Every page as a reader sees it, a few of them dark, on a phone and on paper; with the address of an
open Dagster UI its asset graph too. Not here: the pages themselves (`dashboards/`).
"""

from __future__ import annotations

import argparse
import base64
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from dashboards import digest, site

IMAGES = Path(__file__).parent / "images"
# Long pages are shown from their beginning.
HIGHEST = 1500
QUALITY = 60
SCREEN = {"viewport": {"width": 1280, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "device_scale_factor": 1.5,
}
# As wide as what an A4 sheet holds between its margins, at 96 dots an inch.
SHEET = {"viewport": {"width": 718, "height": 1040}}
EXTRA = (
    ("overview", "dark", {**SCREEN, "color_scheme": "dark"}),
    ("lost-deals", "dark", {**SCREEN, "color_scheme": "dark"}),
    ("overview", "phone", PHONE),
    ("overview", "paper", SHEET),
    ("weekly", "paper", SHEET),
)


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("site", nargs="?", type=Path, default=Path("data/current/site"))
    parser.add_argument("--dagster", help="address of an open Dagster UI")
    asked = parser.parse_args()
    if not (asked.site / "index.html").is_file():
        parser.error(f"{asked.site}: no published site there; run `make demo` first")
    chromium = digest.found_browser()
    if chromium is None:
        parser.error("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for slug in site.pages():
            take(browser, asked.site, slug, "", SCREEN)
        for slug, kind, look in EXTRA:
            take(browser, asked.site, slug, f"-{kind}", look)
        if asked.dagster:
            lineage(browser, asked.dagster)
        browser.close()
    total = sum(path.stat().st_size for path in IMAGES.iterdir())
    print(f"{len(list(IMAGES.iterdir()))} pictures in {IMAGES}, {total / 1e6:.2f} MB")


def take(browser: Browser, folder: Path, slug: str, ending: str, look: dict[str, Any]) -> None:
    """One page in one look."""
    context = browser.new_context(**look)
    page = context.new_page()
    page.goto((folder.resolve() / f"{slug}.html").as_uri())
    page.wait_for_selector('html[data-ready="1"]')
    if look is SHEET:
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_timeout(300)
    height = page.evaluate("document.documentElement.scrollHeight")
    save(page, f"{slug}{ending}.webp", look["viewport"]["width"], min(height, HIGHEST))
    context.close()


def lineage(browser: Browser, address: str) -> None:
    """The asset graph."""
    context = browser.new_context(viewport={"width": 1600, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/asset-groups")
    page.wait_for_timeout(8_000)
    save(page, "dagster.webp", 1600, 900)
    context.close()


def save(page: Page, name: str, width: int, height: int) -> None:
    """As WebP, which Playwright itself does not write."""
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    shot = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot",
        {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True},
    )
    (IMAGES / name).write_bytes(base64.b64decode(shot["data"]))


if __name__ == "__main__":
    main()
