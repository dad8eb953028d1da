"""The figures that a page has to reach, counted in Chromium over HTTP with the server's headers:
weight, layout shift, policy, accessibility. Times are measured by `benchmarks/site.py`.
"""

from __future__ import annotations

import pytest

from benchmarks import in_browser
from dashboards import site
from onefunnel import web_server
from tests.foreign.workshop import or_skip

pytestmark = [pytest.mark.slow, pytest.mark.chromium, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def url(built):
    with web_server.running(built / "site") as address:
        yield address


@pytest.mark.parametrize("slug", site.pages())
def test_a_page_is_light_still_and_within_its_policy(url, browser, slug):
    with in_browser.opened(browser, url, slug) as (_, load):
        assert 10_000 < load.bytes_on_wire <= site.HEAVIEST_PAGE
        assert load.shift == 0
        assert load.problems == []


def test_what_the_policy_blocks_is_noticed(url, browser):
    with in_browser.opened(browser, url, "weekly") as (page, load):
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x')")
        assert any("style-src" in problem for problem in load.problems)


@pytest.mark.parametrize("slug", site.pages())
def test_axe_finds_nothing_in_light_and_dark_wide_and_narrow(url, browser, slug):
    modules = or_skip(in_browser.npm)
    with in_browser.opened(browser, url, slug) as (page, _):
        assert in_browser.everywhere(page, modules) == {}
