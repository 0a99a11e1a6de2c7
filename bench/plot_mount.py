"""Our Plotly mount (ui/widgets/plot.py) against `st.plotly_chart`: do zoom and hover hold while a chart grows, and what does an
update cost the browser and the server? Two small pages with the same two growing curves, one open at a time, in turn.

    python bench/plot_mount.py --rounds 4
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.browser import ROOT, chromium, free_port, wait_until_up  # noqa: E402
from bench.machine import header  # noqa: E402

_SECONDS, _EVERY_S = 15, 0.9
_PAGE = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import numpy as np
import plotly.graph_objects as go
import streamlit as st
from core import charts
from ui.widgets.plot import plot

st.set_page_config(layout="wide")

@st.fragment(run_every={_EVERY_S})
def curves():
    count = st.session_state["count"] = st.session_state.get("count", 300) + 1
    steps = np.arange(count)
    random = np.random.default_rng(0)
    for place, column in enumerate(st.columns(2)):
        noisy = np.exp(-steps / 100) + 0.05 * random.random(count)
        line = dict(type="scatter", mode="lines", x=steps.tolist(), y=noisy.tolist(), name="training")
        layout = dict(height=340, uirevision="run", hovermode="closest")
        with column:
            MOUNT
    st.html(f"<i id=count>{{count}}</i>")

curves()
"""
_MOUNTS = {
    "plot.js": 'plot({"data": [line], "layout": layout}, key=f"curve-{place}", alt="curve", zoom=True)',
    "st.plotly_chart": 'st.plotly_chart(go.Figure(data=[line], layout=layout), key=f"curve-{place}")',
}
_RANGE = "() => document.querySelector('.js-plotly-plot')._fullLayout.xaxis.range"
_COUNT = "() => Number(document.querySelector('#count')?.innerText ?? 0)"


@dataclass
class Found:
    """`zoom` and `hover`: whether they outlast three updates; the costs in ms an update."""

    zoom: bool
    hover: bool
    browser_ms: float
    server_ms: float


def updates(page: Page, number: int) -> None:
    """Waits for so many further updates."""
    before = page.evaluate(_COUNT)
    page.wait_for_function(f"until => ({_COUNT})() >= until", arg=before + number, timeout=60_000)


def visit(page: Page, url: str, server: subprocess.Popen[bytes]) -> Found:
    page.goto(url)
    page.locator(".js-plotly-plot .scatterlayer path").first.wait_for(timeout=60_000)
    updates(page, 2)
    box = page.locator(".js-plotly-plot .nsewdrag").first.evaluate("area => area.getBoundingClientRect().toJSON()")
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.3 * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], middle, steps=5)
    page.mouse.up()
    updates(page, 1)
    zoomed = page.evaluate(_RANGE)
    updates(page, 3)
    zoom = page.evaluate(_RANGE) == zoomed
    page.mouse.dblclick(box["x"] + 5, box["y"] + 5)
    updates(page, 1)
    for share in range(2, 40):  # along the flat part of the curve, until a label is there
        page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + box["height"] * (1 - share / 40))
        if page.locator(".hovertext").count():
            break
    label = page.locator(".hovertext").count()
    updates(page, 3)
    hover = bool(label and page.locator(".hovertext").count())
    page.mouse.move(5, 5)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    began, count = (_busy(session), _cpu_s(server.pid)), page.evaluate(_COUNT)
    updates(page, round(_SECONDS / _EVERY_S))
    done = page.evaluate(_COUNT) - count
    return Found(zoom, hover, 1000 * (_busy(session) - began[0]) / done, 1000 * (_cpu_s(server.pid) - began[1]) / done)


def _busy(session: object) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]  # type: ignore[attr-defined]
    return next(each["value"] for each in metrics if each["name"] == "TaskDuration")


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args()
    print(header(), flush=True)
    servers: dict[str, tuple[str, subprocess.Popen[bytes]]] = {}
    found: dict[str, list[Found]] = {name: [] for name in _MOUNTS}
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        try:
            for name, mount in _MOUNTS.items():
                script = Path(folder) / f"{name}.py"
                script.write_text(_PAGE.replace("MOUNT", mount))
                port = free_port()
                command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
                quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
                servers[name] = f"http://localhost:{port}", subprocess.Popen(command, cwd=ROOT, **quiet)
                wait_until_up(servers[name][0], servers[name][1])
            for _ in range(options.rounds):
                for name, (url, server) in servers.items():
                    page = browser.new_page(viewport={"width": 1280, "height": 800})
                    found[name].append(visit(page, url, server))
                    page.close()
        finally:
            for _, server in servers.values():
                server.terminate()
                server.wait(30)
    print(f"{'mount':18}{'zoom holds':>12}{'hover holds':>13}{'browser ms':>22}{'server ms':>20}   an update of two curves")
    for name, each in found.items():
        browser_ms, server_ms = ([getattr(one, field) for one in each] for field in ("browser_ms", "server_ms"))
        holds = [f"{sum(getattr(one, field) for one in each)} of {len(each)}" for field in ("zoom", "hover")]
        print(f"{name:18}{holds[0]:>12}{holds[1]:>13}{_spread(browser_ms):>22}{_spread(server_ms):>20}")


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})"


if __name__ == "__main__":
    main()
