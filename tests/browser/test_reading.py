"""What a reader sees: every page in a real browser, wide and narrow, light and dark, with scripts and without."""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import PAGES, PHONE, STORY, WIDE, Site

_WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
_LOOKS = {"wide": (WIDE, False), "phone-dark": (PHONE, True)}
"""Width and scheme of colours, so that each is seen once."""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder for pictures: `SCREENSHOTS` where that is set."""
    named = os.environ.get("SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize(("viewport", "dark"), _LOOKS.values(), ids=_LOOKS)
def test_every_page_is_fit_for_everybody(reading: Site, pictures: Path, viewport: ViewportSize, *, dark: bool) -> None:
    """No page breaks a rule of WCAG that axe can check, is wider than its window, or upsets the browser."""
    look = next(name for name, said in _LOOKS.items() if said == (viewport, dark))
    reading.complaints.clear()
    with reading.page(viewport, dark=dark, name="Ada") as page:
        for name, address in PAGES.items():
            answer = page.goto(address)
            assert answer is not None
            assert answer.ok is (name != "missing"), name
            page.screenshot(path=pictures / f"{name}-{look}.png", full_page=True)
            assert not page.evaluate(_WIDER_THAN_THE_WINDOW), name
            assert _faults(page) == [], name
    assert reading.complaints == []


def _faults(page: Page) -> list[str]:
    """Return the rules that a page breaks, each with the first element that does."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found.response["violations"]]


def test_axe_sees_what_is_wrong(reading: Site) -> None:
    """The check of the rules is awake: a page with an unnamed button is told."""
    with reading.page() as page:
        page.goto("/")
        page.evaluate("document.querySelector('main').append(document.createElement('button'))")
        assert any(fault.startswith("button-name") for fault in _faults(page))


def test_the_browser_complains_where_the_policy_is_broken(reading: Site) -> None:
    """The check of the console is awake: a script within the page is refused, and that is told."""
    with reading.page() as page:
        page.goto("/")
        before = len(reading.complaints)
        page.evaluate("document.head.append(Object.assign(document.createElement('script'), {text: 'window.bad = 1'}))")
        assert page.evaluate("window.bad") is None
        assert any("Content Security Policy" in one for one in reading.complaints[before:])


def test_nothing_is_missing_without_scripts(reading: Site) -> None:
    """Without JavaScript the story, its past, its filters and the way to a development and back are all there."""
    with reading.page(scripts=False) as page:
        page.goto("/")
        page.get_by_role("main").get_by_role("link", name="Old harbour bridge closed").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Old harbour bridge closed")
        page.locator("summary", has_text="Filter").click()
        page.get_by_label("Kind").select_option("update")
        page.get_by_role("button", name="Filter").click()
        expect(page).to_have_url(re.compile("kind=update"))
        assert set(page.locator(".developments .kind").all_inner_texts()) == {"update"}
        page.get_by_role("link", name="#", exact=False).first.click()
        expect(page).to_have_url(re.compile("/development/"))


def test_the_past_is_one_slide_away(reading: Site) -> None:
    """The slider leads to the story as it stood, which says so and leads back to now; links stay in that past."""
    with reading.page() as page:
        page.goto(STORY)
        page.locator("summary", has_text="See how it stood").click()
        slider = page.get_by_role("slider")
        slider.focus()
        page.keyboard.press("Home")
        slider.evaluate("element => element.form.requestSubmit(element.form.querySelector('button'))")
        expect(page.get_by_text("As it stood").first).to_be_visible()
        assert "as_of=" in page.url
        page.get_by_role("main").locator(".claims a").first.click()
        assert "as_of=" in page.url
        page.go_back()
        page.get_by_role("link", name="now").first.click()
        assert "as_of=" not in page.url


def test_keys_lead_from_one_to_the_next(reading: Site) -> None:
    """J and k walk through the developments, o opens one, ? names the keys."""
    with reading.page() as page:
        page.goto(STORY)
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        first = page.evaluate("document.activeElement.id")
        page.keyboard.press("j")
        second = page.evaluate("document.activeElement.id")
        page.keyboard.press("k")
        assert first.startswith("event-")
        assert second.startswith("event-")
        assert second != first
        assert page.evaluate("document.activeElement.id") == first
        page.keyboard.press("o")
        expect(page).to_have_url(re.compile("/development/"))


def test_printed_without_the_machinery(reading: Site) -> None:
    """On paper there is the story and no navigation, search, filter or button."""
    with reading.page() as page:
        page.goto(STORY)
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        for gone in (page.get_by_role("navigation"), page.get_by_role("button"), page.get_by_role("searchbox")):
            for one in gone.all():
                expect(one).to_be_hidden()


def test_the_list_follows_the_filter(reading: Site) -> None:
    """With scripts each choice and word changes the list at once: the form keeps the focus, the address can be kept."""
    reading.complaints.clear()
    with reading.page() as page:
        page.goto(STORY)
        page.locator("summary", has_text="Filter").click()
        page.get_by_label("Kind").select_option("update")
        expect(page).to_have_url(re.compile("kind=update"))
        assert set(page.locator(".developments .kind").all_inner_texts()) == {"update"}
        words = page.get_by_label("Words", exact=True)
        words.press_sequentially("no such words")
        expect(page.get_by_text("No development is like that")).to_be_visible()
        expect(words).to_be_focused()
        page.go_back()
        expect(page.locator(".developments .kind").first).to_be_visible()
    assert reading.complaints == []
