"""The range test and a challenge on a phone, by keyboard alone."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_accessibility import SIZES, violations

AS_WIDE_AS_THE_WINDOW = "() => document.querySelector('.stMain').scrollWidth <= window.innerWidth"


@pytest.mark.parametrize(("theme", "seed"), [("light", "101"), ("dark", "102")])  # a test is kept for its recipe
def test_a_rate_is_found_and_taken_by_keyboard_on_a_phone(chromium, server, theme, seed):
    visit = Visit(chromium, server, color_scheme=theme, **SIZES["phone"])
    visit.open("train", dataset="digits", challenge="digits-tiny", optimizer="adam", batch_norm_momentum="0.9", seed=seed)
    visit.see("parameters: 35")  # how many are too many
    find = visit.page.get_by_role("button", name="Find a rate")
    find.focus()
    visit.page.keyboard.press("Enter")
    visit.see("Suggested as the rate")
    visit.page.locator(".st-key-range-test .main-svg").first.wait_for()
    visit.settled()
    assert visit.page.evaluate(AS_WIDE_AS_THE_WINDOW)
    assert violations(visit) == []
    take = visit.page.get_by_role("button", name="Take ")
    rate = take.inner_text().split()[-1]
    take.focus()
    visit.page.keyboard.press("Enter")
    visit.see("The form has this rate.")
    assert f"learning_rate={rate}" in visit.page.url
    visit.close()
