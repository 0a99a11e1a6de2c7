"""The table of runs under a real mouse and the keyboard alone, a run's own page, and links in somebody else's window."""

from tests.browser.conftest import Visit

TABLE = "[class*=st-key-runs-]"
TICK, NAME, STAR = (16, 52), (60, 52), (178, 52)  # places on the table: the first run's box, its name, and its star


def press(visit, place):
    table = visit.page.locator(f"{TABLE} canvas").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    visit.page.mouse.click(box["x"] + place[0], box["y"] + place[1])


def test_a_run_is_ticked_starred_and_described_and_the_link_shows_it_elsewhere(visit, chromium, server, trained):
    visit.open("runs", sort="name")
    press(visit, TICK)
    visit.page.wait_for_url("**chosen=**")
    visit.press("Name, tags, note")
    visit.page.get_by_label("Note", exact=True).fill("A first try")
    visit.page.get_by_role("button", name="Keep").click()
    visit.see("A first try")
    press(visit, STAR)
    visit.page.get_by_role("button", name="Copy link").click()
    visit.page.get_by_text("Copied").wait_for()
    visit.settled()
    visit.page.locator(".st-key-starred label").first.click()
    visit.page.wait_for_url("**starred=true**")
    visit.settled()
    other = Visit(chromium, server)
    other.page.goto(visit.page.url)
    other.see("A first try")
    other.page.locator(f"{TABLE} canvas").first.wait_for()
    other.close()


def test_a_press_on_a_name_opens_the_run_s_own_page_and_a_cell_there_opens_its_images(visit, trained):
    visit.open("runs", sort="name")
    press(visit, NAME)
    visit.page.get_by_role("heading", name=trained, level=1).wait_for()
    visit.page.wait_for_url(f"**run={trained}**")
    visit.settled()
    visit.see("What it confuses")
    visit.press("All runs")
    visit.page.get_by_role("heading", name="Runs", level=1).wait_for()
    visit.page.locator(f"{TABLE} canvas").first.wait_for()
