"""The map: thousands of images as points, alike ones close together; a point shows its image, a lasso opens many."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from core import charts
from core.charts import pictures
from core.constants import NUM_CLASSES, SIDE_PX
from core.evaluation import embedding
from core.evaluation.embedding import Map
from core.network.predictor import Predictor
from core.runs.snapshot import RunSnapshot
from core.system.background_jobs import Report
from ui import session_keys as keys
from ui.browser.notes import plain
from ui.evaluate.answers import Answers
from ui.evaluate.neighbours import nearest
from ui.session import Lab, theme
from ui.widgets.image_sheet import two_sheets
from ui.widgets.job_progress import wait_line
from ui.widgets.linked_select import choice_list, choose
from ui.widgets.plot import Sprite, plot, sprite

_PATIENCE_S = 0.5  # a wait that is over before a person would read what is waited for
NUM_SHOWN = 50
_METHODS = ("PCA", "t-SNE")
_HELP = (
    "The network's last layer decides by some dozens or hundreds of numbers, its features. PCA shows the two directions in which "
    "they differ most, at once. t-SNE keeps neighbours together, which takes some seconds; there the size of a group and the "
    "distance between two groups say little."
)
_ERRORS, _CIRCLED = "errors", "circled"


@dataclass(frozen=True, eq=False)
class _Described:
    """The features of the map's points, and their first map."""

    features: np.ndarray
    principal: Map


@dataclass(frozen=True, eq=False)
class _Points:
    """The images of one epoch's map, as `rows` of the validation part, and their features."""

    answers: Answers
    rows: np.ndarray
    described: _Described

    @property
    def key(self) -> tuple[str, int]:
        return self.answers.run.run_id, self.answers.epoch


@dataclass(frozen=True, eq=False)
class _Drawn:
    """What stands on the page: it stays there while the next epoch's map is being made."""

    figure: charts.Figure
    sprite: Sprite
    rows: np.ndarray


def draw(lab: Lab, answers: Answers) -> None:
    """The map, a closer look at one of its points, and the images that were chosen on it."""
    run, key = answers.run, (answers.run.run_id, answers.epoch)
    control, news = st.columns([1, 3], vertical_alignment="bottom")
    method = control.segmented_control(
        "Map by",
        _METHODS,
        default=_METHODS[0],
        required=True,
        key=keys.MAP_METHOD,
        bind="query-params",
        persist_state="session",
        help=_HELP,
    )
    rows = _chosen_rows(*key, answers.part.labels, answers.predicted)
    lab.features.start(key, partial(_describe, lab.predictor, run, answers.epoch, answers.part.images[rows]))
    job = lab.features.wait(key, _PATIENCE_S)
    if job is not None and job.error:
        st.warning(plain(job.error))
        return
    kept = keys.map_drawn(run.run_id)
    with news:
        if job is None or job.result is None:
            wait_line(lab.features, key, "Map")
        else:
            now = _Points(answers, rows, job.result)
            found = _neighbourly(lab, now) if method == "t-SNE" else None
            points, made = found or (now, now.described.principal)
            drawn = _drawn(*points.key, "t-SNE" if found else "PCA", theme(), made, points.rows, points.answers)
            st.session_state[kept] = drawn, _in_words(points, made, answers.epoch)
    if kept in st.session_state:
        drawn, words = st.session_state[kept]
        st.caption(f"{words} Close: alike to the network. Ringed: misread.")
        _plot(run, drawn)
        _look(lab, answers)


def _describe(predictor: Predictor, run: RunSnapshot, epoch: int, images: np.ndarray, report: Report) -> _Described:
    report(0.0, f"describing {len(images):,} images")
    features = predictor.features(run, images / np.float32(255), epoch=epoch)
    return _Described(features, embedding.principal(features))


def _neighbourly(lab: Lab, now: _Points) -> tuple[_Points, Map] | None:
    """The t-SNE map and its points, once it is there. While a run trains, those of the epoch that it was asked for in: each
    epoch has another map, nobody wants them all, and they take time from the training.
    """
    run, kept = now.answers.run, keys.map_asked(now.answers.run.run_id)
    by_itself = not run.active and st.session_state.get(keys.MAP_CANCELLED) != now.key
    asked: _Points | None = now if by_itself else st.session_state.get(kept)
    under_way = asked is not None and (job := lab.maps.look(asked.key)) is not None and job.pending
    if (asked is None or asked.key != now.key) and not under_way:
        if st.button(f"Make the t-SNE map of epoch {now.answers.epoch}", icon=":material/scatter_plot:", key=keys.MAP_START):
            asked = st.session_state[kept] = now
            st.session_state.pop(keys.MAP_CANCELLED, None)
    if asked is None:
        return None
    job = lab.maps.start(asked.key, partial(embedding.neighbourly, asked.described.features))
    if job.pending:
        name = f"t-SNE of epoch {asked.answers.epoch}" if run.active else "t-SNE"
        wait_line(lab.maps, asked.key, name, on_cancel=partial(_cancel, lab, asked.key))
    elif job.error:
        st.warning(plain(job.error))
    return (asked, job.result) if job.result else None


def _cancel(lab: Lab, key: tuple[str, int]) -> None:
    lab.maps.cancel(key)
    st.session_state.pop(keys.map_asked(key[0]), None)
    st.session_state[keys.MAP_CANCELLED] = key


def _in_words(points: _Points, made: Map, epoch: int) -> str:
    answers, rows = points.answers, points.rows
    wrong = answers.predicted != answers.part.labels
    num_errors, num_shown, num_images = int(wrong.sum()), int(wrong[rows].sum()), len(wrong)
    if len(rows) == num_images:
        words = f"All {num_images:,} validation images, {num_errors:,} of them wrong."
    else:
        which = "all" if num_shown == num_errors else f"{num_shown:,} of the"
        words = (
            f"{len(rows):,} of {num_images:,} validation images: {which} {num_errors:,} errors, and a random sample of the "
            "others, always the same."
        )
    if answers.epoch != epoch:
        words = f"Epoch {answers.epoch}. {words}"
    if made.share is not None:
        words += f" These two directions hold {made.share:.0%} of what sets the images apart."
    return f"{words} Circle some points to see their images; press one to look closer."


def _plot(run: RunSnapshot, drawn: _Drawn) -> None:
    plot(
        drawn.figure,
        key=keys.plot_of("map", run.run_id),
        zoom=True,
        sprite=drawn.sprite,
        on_point=partial(_take_point, run.run_id, drawn.rows),
        on_select=partial(_take_selection, run.run_id, drawn.rows),
        alt="Map of the validation images: a point each, in the colour of its true digit, errors ringed",
    )


def _take_point(run_id: str, rows: np.ndarray, place: int) -> None:
    choose(keys.map_point(run_id), int(rows[place]))


def _take_selection(run_id: str, rows: np.ndarray, places: list[int]) -> None:
    st.session_state[keys.map_circled(run_id)] = rows[places]
    choose(keys.MAP_SHOW, _CIRCLED if places else _ERRORS)


def _look(lab: Lab, answers: Answers) -> None:
    """What was chosen, by mouse or keyboard: one image closer, then all of them."""
    choose, look = st.columns(2)
    with choose:
        rows = _telling_first(answers, _choice(answers))
    with look:
        row = _point_choice(answers, rows[:NUM_SHOWN].tolist())
    if row is not None:
        _closer(lab, answers, row)
    num_wrong = int((answers.predicted[rows] != answers.part.labels[rows]).sum())
    st.header(f"{len(rows):,} images, {num_wrong:,} of them wrong" if len(rows) else "No such image")
    if len(rows):
        shown = rows[:NUM_SHOWN]
        two_sheets(answers.part.images[shown], answers.titles(shown), at_most=NUM_SHOWN)
        more = f" The first {NUM_SHOWN} of {len(rows):,}." if len(rows) > NUM_SHOWN else ""
        st.caption(f"The true digit, the answer, and its certainty. The most certain errors come first.{more}")


def _telling_first(answers: Answers, rows: np.ndarray) -> np.ndarray:
    """`rows` with the misread images first, the most certain of them on top; then the others, the least certain on top."""
    sure = answers.certainties[rows]
    right = answers.predicted[rows] == answers.part.labels[rows]
    return np.asarray(rows[np.lexsort((np.where(right, sure, -sure), right))])


def _title(answers: Answers, row: int) -> str:
    """ "4 read as 9, 87%"."""
    return f"{answers.part.labels[row]} read as {answers.predicted[row]}, {100 * answers.certainties[row]:.0f}%"


def _choice(answers: Answers) -> np.ndarray:
    """Rows of the images to show: the same choice by keyboard as by lasso."""
    labels, wrong = answers.part.labels, answers.predicted != answers.part.labels
    circled = st.session_state.get(keys.map_circled(answers.run.run_id), ())
    names = {_ERRORS: "all errors", **{str(digit): f"digit {digit}" for digit in range(NUM_CLASSES)}}
    if len(circled):
        names[_CIRCLED] = "the points that you circled"
    choice = st.session_state.get(keys.MAP_SHOW, _ERRORS)
    if choice not in names:
        choice = _ERRORS
    choice_list(
        "Show", list(names), choice, names.__getitem__, keys.MAP_SHOW, help="The same as a lasso around points of the map."
    )
    if choice == _CIRCLED:
        return np.asarray(circled)
    return np.flatnonzero(wrong if choice == _ERRORS else labels == int(choice))


def _point_choice(answers: Answers, rows: list[int]) -> int | None:
    """One of the images shown: the same choice by keyboard as a press on its point."""
    name = keys.map_point(answers.run.run_id)
    row: int | None = st.session_state.get(name)
    options = [None, *rows, *([row] if row is not None and row not in rows else [])]

    def words(row: int | None) -> str:
        return "no image yet" if row is None else f"{_title(answers, row)} (image {row})"

    choice_list("Look closer at", options, row, words, name, help="The same as a press on a point of the map.")
    return row


def _closer(lab: Lab, answers: Answers, row: int) -> None:
    st.header(_title(answers, row))
    image, bars, alike = st.columns([1, 2, 2])
    picture = pictures.png(pictures.digit(answers.part.images[row], theme()))
    image.image(picture, width=224, alt=f"The image: {_title(answers, row)}")
    with bars:
        plot(
            charts.probabilities(answers.probabilities[row]),
            key=keys.MAP_BARS,
            alt="Ten bars: how sure the network is of each digit",
        )
    with alike:
        nearest(lab, answers, row)


# A run's validation images are always the same, so that its id and the epoch name all of these.
@st.cache_data(show_spinner=False, max_entries=32)
def _chosen_rows(run_id: str, epoch: int, _labels: np.ndarray, _predicted: np.ndarray) -> np.ndarray:
    return embedding.points(_labels, _predicted)


@st.cache_data(show_spinner=False, max_entries=8)
def _drawn(run_id: str, epoch: int, method: str, theme: str, _shown: Map, _rows: np.ndarray, _answers: Answers) -> _Drawn:
    part, rows = _answers.part, _rows
    figure = charts.embedding(
        _shown.places,
        part.labels[rows],
        _answers.predicted[rows],
        _answers.probabilities[rows].max(axis=1),
        theme,
        revision=f"{run_id} {epoch} {method}",
    )
    png, columns = pictures.sprites(part.images[rows], theme)
    return _Drawn(figure, sprite(png, side_px=SIDE_PX, columns=columns), rows)
