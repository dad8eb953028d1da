"""What a page costs and keeps to, measured in headless Chromium: bytes on the wire, time to all
charts, layout shift, what the policy blocked, what axe-core finds, what Lighthouse says.

axe-core and Lighthouse are npm packages, installed once into `build/foreign` at the versions below.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.foreign.workshop import node_environment

AXE, LIGHTHOUSE = "axe-core@4.14.1", "lighthouse@12.8.2"
SCHEMES = ("light", "dark")
SIZES = {1280: 900, 390: 844}
# Set before the page's own script runs: when all charts stood, what moved, what was blocked.
WATCH = """(() => {
  window.measured = { ready: null, shift: 0, blocked: [] };
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) measured.shift += one.value;
  }).observe({ type: "layout-shift", buffered: true });
  addEventListener("securitypolicyviolation", (event) => {
    measured.blocked.push(`${event.violatedDirective} ${event.blockedURI}`);
  });
  new MutationObserver(() => {
    if (document.documentElement.dataset.ready && measured.ready === null) {
      measured.ready = performance.now();
    }
  }).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready"] });
})()"""
SCROLLED = """async () => {
  for (let at = 0; at < document.body.scrollHeight; at += innerHeight) {
    scrollTo(0, at);
    await new Promise(requestAnimationFrame);
  }
  scrollTo(0, 0);
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return measured;
}"""

FOLD = """() => {
  for (const button of document.querySelectorAll("[data-tool=table]")) button.click();
  for (const one of document.querySelectorAll("details")) one.open = !one.open;
}"""


@dataclass
class Load:
    """One load of a page by a browser that has nothing of it yet."""

    bytes_on_wire: int = 0
    seconds: float = 0.0
    shift: float = 0.0
    problems: list[str] = field(default_factory=list)


@contextmanager
def opened(
    browser: Any, url: str, slug: str, *, scheme: str = "light", width: int = 1280
) -> Iterator[tuple[Any, Load]]:
    """A page whose charts all stand, with what was measured on the way."""
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": SIZES[width]}
    )
    page = context.new_page()
    load = Load()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: _add(load, event["encodedDataLength"]))
    page.on("console", lambda said: _note(load, said.type in ("error", "warning"), said.text))
    page.on("pageerror", lambda error: _note(load, True, str(error)))
    page.on("request", lambda asked: _note(load, not _is_ours(asked.url, url), asked.url))
    page.on("requestfailed", lambda asked: _note(load, True, f"failed: {asked.url}"))
    page.add_init_script(WATCH)
    try:
        page.goto(f"{url}/{slug}.html")
        page.wait_for_selector('html[data-ready="1"]', timeout=60_000)
        found = page.evaluate(SCROLLED)
        load.seconds, load.shift = found["ready"] / 1000, found["shift"]
        load.problems += found["blocked"]
        yield page, load
    finally:
        context.close()


def _add(load: Load, size: float) -> None:
    load.bytes_on_wire += int(size)


def _note(load: Load, is_problem: bool, text: str) -> None:
    if is_problem:
        load.problems.append(text)


def _is_ours(address: str, url: str) -> bool:
    return address.startswith((f"{url}/", "data:", "blob:"))


def npm() -> Path:
    """The folder of the npm packages; raises NotInstalled where they cannot be had."""
    return node_environment("site", (AXE, LIGHTHOUSE)) / "node_modules"


def everywhere(page: Any, modules: Path) -> dict[str, list[str]]:
    """What axe-core finds on an open page in light and dark, wide and narrow; first with every
    table and detail unfolded.
    """
    page.evaluate((modules / "axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = {"unfolded": _unfolded(page)}
    for scheme in SCHEMES:
        for width, height in SIZES.items():
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(SCROLLED)
            found[f"{scheme} {width}"] = _violations(page)
    return {state: said for state, said in found.items() if said}


def _unfolded(page: Any) -> list[str]:
    """With all numbers shown; folded again afterwards."""
    page.evaluate(FOLD)
    page.evaluate(SCROLLED)
    said = _violations(page)
    page.evaluate(FOLD)
    return said


def _violations(page: Any) -> list[str]:
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:160]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def end_marked(mark: str) -> None:
    """End every process that has this among its settings, whoever its parent is by now.

    Lighthouse gives Chromium a session of its own, and sometimes leaves it running.
    """
    for settings in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if mark.encode() in settings.read_bytes():
                os.kill(int(settings.parent.name), signal.SIGKILL)


def lighthouse(url: str, slug: str, modules: Path, chromium: str) -> dict[str, float]:
    """Scores of a page from 0 to 1, desktop."""
    mark = str(uuid4())
    process = subprocess.Popen(
        [
            "node", modules / "lighthouse/cli/index.js", f"{url}/{slug}.html", "--quiet",
            "--preset=desktop", "--only-categories=performance,accessibility", "--output=json",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        ],
        env={**os.environ, "CHROME_PATH": chromium, "LIGHTHOUSE_VISIT": mark},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        output, complaints = process.communicate(timeout=240)
    finally:
        end_marked(mark)
        process.wait()
    if process.returncode:
        raise RuntimeError(f"Lighthouse ended with {process.returncode}: {complaints[-1500:]}")
    said = json.loads(output)
    scores = {name: one["score"] for name, one in said["categories"].items()}
    shift = said["audits"]["cumulative-layout-shift"]["numericValue"]
    return {**scores, "shift": shift}
