"""A real server and a real Chromium. Whatever a page asks of another computer fails the test that opened it."""

import re
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench import browser as launcher
from core.recipe import Recipe
from tests.conftest import absent

SLOW_S = 600  # for a busy machine of two cores; every wait ends as soon as what it waits for is there
_SENT, _GIVEN = BackMsg.DESCRIPTOR.fields_by_name, ForwardMsg.DESCRIPTOR.fields_by_name
SCRIPT_RUNS = "({})({}, {}, {})".format(
    (Path(__file__).parent / "script_runs.js").read_text(),
    _SENT["rerun_script"].number,
    _GIVEN["new_session"].number,
    _GIVEN["script_finished"].number,
)
# True once the run that was asked for last is over, for which the state alone does not do: it says "running" only when the server
# has begun; and the page's block has kept its place and size for ten frames: the sidebar's opening moves it by 300 px. A request
# may have no run of its own, where a part of the page asks that is no longer on it.
AT_REST = """() => {
    const {asked, began, ended} = window.runs;
    const answered = (began > asked && ended >= began) || performance.now() - asked > 5000;
    const isOver = answered && document.querySelector(".stApp[data-test-script-state=notRunning]");
    const {left, top, width, height} = document.querySelector(".stMainBlockContainer").getBoundingClientRect();
    const place = [left, top, width, height].join();
    window.framesAtRest = isOver && window.placeBefore === place ? window.framesAtRest + 1 : 0;
    window.placeBefore = place;
    return window.framesAtRest >= 10;
}"""


expect.set_options(timeout=SLOW_S * 1000)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("slow")


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """One for all: the files of this folder come between others, and a browser lasts no longer than the folder's turn."""
    with launcher.dashboard(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="package")
def chromium():
    try:
        with launcher.chromium() as browser:
            yield browser
    except BrowserError as error:
        absent(f"needs a browser: install chromium, or run 'playwright install chromium' ({error.message.splitlines()[0]})")


class Visit:
    """One person's browser window, with a fresh profile."""

    open_now: list["Visit"] = []

    def __init__(self, chromium, server: launcher.Dashboard, **context) -> None:
        self.server = server
        self.context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **context})
        self.context.set_default_timeout(SLOW_S * 1000)
        self.context.add_init_script(SCRIPT_RUNS)
        self.page = self.context.new_page()
        self.strangers: list[str] = []
        self.faults: list[str] = []
        self.context.on("request", lambda request: self._note(request.url))
        self.page.on("websocket", self._note_socket)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        Visit.open_now.append(self)

    def _note_socket(self, socket) -> None:
        self.socket = socket
        self._note(socket.url)

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(self.server.url).netloc:
            self.strangers.append(url)

    def open(self, path: str = "", **query: str) -> None:
        """Opens a page by its address, and waits until it is drawn to its end."""
        self.page.goto(f"{self.server.url}/{path}?{urlencode(query)}")
        self.settled()

    def settled(self) -> None:
        """Waits until the page has its heading, the script run that the last press asked for is over, and nothing moves."""
        self.page.locator(".stMain h1").wait_for()
        self.page.evaluate("window.framesAtRest = 0; window.placeBefore = ''")
        self.page.wait_for_function(AT_REST)

    def see(self, text: str) -> None:
        """Waits until the text stands on the page."""
        self.page.locator(".stMain").get_by_text(text).first.wait_for()

    def press(self, name: str) -> None:
        self.page.locator(".stMain").get_by_role("button", name=name, exact=True).click()

    def go(self, title: str) -> None:
        """Changes the page by the sidebar, as a person does."""
        self.page.locator(".stSidebar").get_by_role("link", name=title, exact=True).click()
        self.page.get_by_role("heading", name=title, level=1, exact=True).wait_for()
        self.settled()

    def until(self, condition: str, *arguments):
        """Waits until a JavaScript function of the arguments gives something true; gives what it gave."""
        return self.page.wait_for_function(f"given => ({condition})(...given)", arg=list(arguments)).json_value()

    def close(self) -> None:
        Visit.open_now.remove(self)
        self.context.close()
        assert not self.strangers, f"the page asked other computers: {self.strangers}"
        assert not self.faults, f"the page's own script failed: {self.faults}"


@pytest.fixture
def visit(chromium, server):
    visit = Visit(chromium, server)
    yield visit
    visit.close()


@pytest.fixture(scope="session")
def trained_names():
    return []


@pytest.fixture(scope="package")
def trained(chromium, server, trained_names):
    """The name of a run that has finished, of one epoch, so that every page has something to show."""
    if trained_names:
        return trained_names[0]
    visit = Visit(chromium, server)
    visit.open("train", **Recipe(architecture="compact", filters_1=4, filters_2=8, filters_3=8, filters_4=8, epochs=1).to_query())
    visit.page.locator(".st-key-start-train button:visible").first.click()  # "Start another" while one trains
    visit.see("has finished")
    name = re.search(r"(\S+) has finished", visit.page.locator(".stMain").inner_text())[1]
    visit.close()
    trained_names.append(name)
    return name


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Adds to a failure's report where its screenshots are, and the end of the server's log."""
    report = yield
    if report.failed and call.when == "call":
        item.module.broken_at = item.name
        for number, visit in enumerate(Visit.open_now):
            path = visit.server.log.with_name(f"{item.originalname}-{number}.png")
            try:
                visit.page.screenshot(path=path)
            except BrowserError as error:
                report.sections.append(("screenshot", f"could not be taken: {error}"))
            else:
                report.sections.append(("screenshot", str(path)))
            report.sections.append(("the end of the server's log", visit.server.log.read_text()[-3000:]))
    return report
