"""Every chosen run on every data set at hand: scored in the background, kept, and taken away as CSV."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from html import escape
from typing import NamedTuple

import streamlit as st

from core import charts
from core.evaluation import set_scores
from core.evaluation.set_scores import Cell
from core.evaluation.set_table import LEGEND, Line, as_csv, remarks
from core.metrics import interval_text
from core.runs.snapshot import RunSnapshot
from core.store import SetScore, starter
from ui import session_keys as keys
from ui.browser.notes import plain
from ui.polling import POLL_S, show_errors
from ui.session import Lab, theme
from ui.widgets.job_progress import bar

_MOST, _AT_FIRST = 8, 5  # runs


class _Asked(NamedTuple):
    """The key of a job: which part of the page asked for it, and the cells that it scores."""

    by: str
    cells: tuple[Cell, ...]


def draw(lab: Lab, run: RunSnapshot, titles: Mapping[str, str]) -> None:
    """The choice of the runs and the table; `titles`, name -> title, are its data sets. It begins with `run`."""
    st.header(
        "Every run on every set",
        help="Each run by its best epoch. A figure counts only the images that the run was not trained on.",
    )
    best = _best_epochs(lab)
    chosen = _choose_runs(best, run.run_id)
    if not chosen:
        st.write("Choose a run that has ended, or the starter network.")
        return
    cells = [Cell(run_id, best[run_id][1], name) for run_id in chosen for name in titles]
    began = busy(lab, cells)  # also a job of one cell that the page above has begun

    def drawing() -> None:
        if busy(lab, cells) != began:
            st.rerun()
        with show_errors():
            lines = [
                Line(run_id, *best[run_id], tuple(lab.store.set_scores.score(run_id, best[run_id][1], name) for name in titles))
                for run_id in chosen
            ]
            _table(lines, list(titles.values()))
            _presses(lab, cells, lines, list(titles.values()))

    st.fragment(drawing, run_every=POLL_S if began else None)()


def busy(lab: Lab, cells: Collection[Cell], asked_by: str = "") -> _Asked | None:
    """The job that scores any of the cells, or waits to, and that the "set" or the "table" has asked for; None without one."""
    pending = (_Asked(*key) for key in lab.sets.pending() if isinstance(key, tuple))
    return next((key for key in pending if key.by.startswith(asked_by) and not set(key.cells).isdisjoint(cells)), None)


def start(lab: Lab, asked_by: str, cells: tuple[Cell, ...]) -> None:
    """Has the cells scored in the background; `asked_by` is "set" or "table", the part of the page that shows how far it is."""
    st.session_state[keys.SETS_ASKED] = asked = _Asked(asked_by, cells)
    lab.sets.start(asked, partial(set_scores.score, lab.store, cells), again=True)


def hindrances(lab: Lab, asked_by: str, cells: tuple[Cell, ...] | None = None) -> None:
    """Draws why some of the cells could not be scored that this browser asked for last, there and, if given, of `cells`."""
    asked = st.session_state.get(keys.SETS_ASKED)
    if asked is None or asked.by != asked_by or cells not in (None, asked.cells):
        return
    job = lab.sets.look(asked)
    for sentence in [job.error] if job and job.error else (job.result or ()) if job else ():
        st.error(plain(sentence))


def _best_epochs(lab: Lab) -> dict[str, tuple[str, int]]:
    """Id -> name and best epoch of each run that has ended, newest first, and of the starter network."""
    found = {row.run_id: (row.name, row.best.epoch) for row in lab.store.runs.all() if row.best and not row.active}
    if network := starter.network():
        found[network.run_id] = (network.name, network.served_epoch_number)
    return found


def _choose_runs(best: Mapping[str, tuple[str, int]], first: str) -> list[str]:
    """Ids of the chosen runs: until the person chooses, `first`, the newest others and the starter network."""
    others = [run_id for run_id in best if run_id not in (first, starter.RUN_ID)][: _AT_FIRST - 2]
    otherwise = [run_id for run_id in (first, *others, starter.RUN_ID) if run_id in best]
    kept = st.session_state.get(keys.SET_RUNS)
    st.session_state[keys.SET_RUNS] = otherwise if kept is None else [run_id for run_id in kept if run_id in best]
    return st.multiselect(
        "Runs",
        list(best),
        key=keys.SET_RUNS,
        format_func=lambda run_id: best[run_id][0],
        max_selections=_MOST,
        persist_state="session",
        placeholder="Choose runs",
    )


def _table(lines: Sequence[Line], titles: Sequence[str]) -> None:
    """Runs by sets, coloured by their accuracy, and what the remarks in it mean."""
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in ("run", *titles))
    rows = "".join(
        f'<tr><th scope="row">{escape(line.name)}, epoch {line.epoch}</th>{"".join(map(_cell, line.scores))}</tr>'
        for line in lines
    )
    # Not Streamlit's table: on a phone it scrolls sideways, and no key reaches what it hides.
    st.html(
        '<div class="set-table" role="region" aria-label="The accuracy of every run on every set" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    used = {each for line in lines for score in line.scores if score for each in remarks(score)}
    if said := [f"**{name}**: {meaning}" for name, meaning in LEGEND.items() if name in used]:
        st.caption(f"{'; '.join(said)}.")


def _cell(score: SetScore | None) -> str:
    if score is None:
        return "<td>not scored yet</td>"
    ground, letters = charts.shade(score.accuracy.share, theme())
    said = ", ".join(remarks(score))
    return f'<td style="background: {ground}; color: {letters}">{interval_text(score.accuracy)}<small>{said}</small></td>'


def _presses(lab: Lab, cells: Sequence[Cell], lines: Sequence[Line], titles: Sequence[str]) -> None:
    scores = [score for line in lines for score in line.scores]
    empty = tuple(cell for cell, score in zip(cells, scores, strict=True) if score is None)
    if (running := busy(lab, cells, "table")) and (job := lab.sets.look(running)):
        bar(job, "Scoring", lab.sets.name, partial(lab.sets.cancel, running))
    hindrances(lab, "table")
    with st.container(horizontal=True, vertical_alignment="center"):
        if empty and not busy(lab, cells):
            label = "Score the empty cell" if len(empty) == 1 else f"Score all {len(empty)} empty cells"
            st.button(label, icon=":material/play_arrow:", key=keys.SCORE_SETS, on_click=start, args=(lab, "table", empty))
        if any(scores):
            st.download_button(
                "Download as CSV",
                as_csv(lines, titles),
                "sets.csv",
                "text/csv",
                icon=":material/download:",
                key=keys.SETS_DOWNLOAD,
                on_click="ignore",
            )
