"""What a reader does: review by keyboard, mark what was read, hear of what comes."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, STORY, Site
from tracker.application.review import review
from tracker.domain.events import FindingReviewed


def _reviews(site: Site) -> list[tuple[int, str, str]]:
    """Return position, verdict and person of each review after the story's own."""
    recorded = [one for one in site.desk.app.log.read(after=20) if isinstance(one.event, FindingReviewed)]
    return [
        (one.event.position, one.event.verdict, one.actor) for one in recorded if isinstance(one.event, FindingReviewed)
    ]


def test_review_by_keyboard(site: Site) -> None:
    """J reaches the first finding, x rejects it, u shows it again and c takes that back: each is recorded by name."""
    with site.page(name="Ada") as page:
        page.goto("/review")
        page.keyboard.press("j")
        position = int(page.evaluate("document.activeElement.id").removeprefix("finding-"))
        page.keyboard.press("x")
        expect(page.get_by_role("status")).to_contain_text("reject")
        page.keyboard.press("u")
        page.keyboard.press("c")
        expect(page.get_by_role("status")).to_contain_text("confirm")
    assert _reviews(site) == [(position, "rejected", "person:Ada"), (position, "confirmed", "person:Ada")]
    assert site.complaints == []


def test_review_where_it_stands(site: Site) -> None:
    """On the page of a development j reaches the buttons, x rejects it, and the page tells it; all without a mouse."""
    with site.page(name="Ada") as page:
        page.goto(f"{STORY}/development/11")
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.get_by_role("status")).to_have_text("The finding at position 11 is rejected.")
        expect(page.get_by_role("status")).to_be_in_viewport()
        page.keyboard.press("2")
        expect(page.get_by_role("status")).to_have_text("#11: it is an update already.")
    assert _reviews(site) == [(11, "rejected", "person:Ada")]
    assert site.complaints == []


def test_a_key_without_a_button_says_why(site: Site) -> None:
    """In the queue 2 on an update records nothing and says that it is one already."""
    with site.page(name="Ada") as page:
        page.goto("/review")
        page.keyboard.press("j")
        page.keyboard.press("2")
        expect(page.get_by_role("status")).to_have_text("#14: it is an update already.")
    assert _reviews(site) == []


def test_what_is_shown_again_covers_nothing(site: Site) -> None:
    """After u the finding that was settled stands above the queue, which scrolls away with it."""
    with site.page(name="Ada") as page:
        page.goto("/review")
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.get_by_role("status")).to_contain_text("rejected")
        box = page.locator("#done")
        assert box.evaluate("box => getComputedStyle(box).position") == "sticky"
        page.keyboard.press("u")
        assert box.evaluate("box => getComputedStyle(box).position") == "static"
        expect(box.locator("[data-key=c]")).to_be_in_viewport()


def test_review_without_scripts(site: Site) -> None:
    """The buttons do the same without JavaScript, on a phone."""
    with site.page(PHONE, scripts=False, name="Grace") as page:
        page.goto("/review")
        page.get_by_role("button", name="Reject").first.click()
        expect(page.get_by_role("status")).to_contain_text("reject")
    assert [(said, who) for _, said, who in _reviews(site)] == [("rejected", "person:Grace")]


def test_what_was_read_is_new_no_more(site: Site) -> None:
    """Looking marks nothing; the button does, for this reader alone."""
    with site.page(name="Ada") as page, site.page(name="Grace") as other:
        for _ in range(2):
            page.goto(STORY)
            expect(page.locator(".briefs li").first).to_be_visible()
        page.get_by_role("button", name="I have read this").click()
        expect(page.locator(".briefs li")).to_have_count(0)
        other.goto(STORY)
        expect(other.locator(".briefs li").first).to_be_visible()


def test_what_comes_moves_nothing(site: Site) -> None:
    """A bar tells what has come since; the text under the reader stays where it is until they ask for it."""
    with site.page() as page:
        page.goto(STORY)
        page.mouse.wheel(0, 400)
        page.wait_for_function("window.scrollY > 0")
        places = "[...document.querySelectorAll('main h2, main li')].map(one => one.getBoundingClientRect().top)"
        before = page.evaluate(places)
        text = page.get_by_role("main").inner_text()
        waits = next(
            one for one in site.desk.app.views.scan("developments", "harbour-bridge/doubts") if one["needs_review"]
        )
        review(site.desk.app, waits["position"], "confirmed", "person:Grace")
        bar = page.locator("[data-live]")
        expect(bar).to_contain_text("1 new")
        assert page.evaluate(places) == before
        assert page.get_by_role("main").inner_text().replace(bar.inner_text(), "").strip() == text.strip()
        bar.get_by_role("link", name="show").click()
        expect(page.locator(f"#event-{waits['position']}")).to_be_visible()
        expect(bar).not_to_contain_text("new")
    assert site.complaints == []
