"""The Data page's blocks. Reports and pictures are kept per data set, so that a slider costs only what it changes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core import charts, datasets
from core.charts import pictures
from core.datasets import Dataset, checks, synthetic
from core.evaluation import mnist_test
from core.evaluation.data_report import Finding
from core.recipe import Recipe
from ui import held_recipe, recipe_form
from ui import session_keys as keys
from ui.data import report
from ui.polling import show_errors
from ui.session import theme
from ui.widgets.pager import first_shown, pager
from ui.widgets.plot import plot

NUM_SHOWN = 50
_NUM_VERSIONS = 25
_NUM_DRAWN = 20
_AUGMENTATION = ("rotation_deg", "shift", "zoom", "shear_deg", "styles")


def chosen() -> Dataset:
    """The data set of the recipe. Raises DataError where it is not at hand."""
    return datasets.load(held_recipe.held("dataset"))


def report_line(dataset: Dataset) -> None:
    """What the data set is, and what about the whole of it deserves a warning."""
    found = report.checked(dataset.name)
    st.markdown(f"**{dataset.title}** \N{EN DASH} {checks.summary(found)}")
    st.caption(dataset.provenance)
    for warning in checks.warnings(found):
        st.warning(warning)


def class_balance(dataset: Dataset) -> None:
    """How many images show each digit."""
    plot(charts.class_balance(report.checked(dataset.name).counts), key=keys.CLASS_BALANCE, alt="How many images show each digit")


def mean_digits(dataset: Dataset) -> None:
    """The mean image of each digit."""
    st.markdown("**The mean image of each digit:** sharp where all writers agree")
    st.image(_means_sheet(dataset.name, theme()), width="stretch", alt="Mean images of the digits 0 to 9")


def browser(dataset: Dataset, finding: Finding | None) -> None:
    """Fifty images at a time with their labels, back and forward: all or one digit, those of a finding or all of them."""
    digit = st.pills(  # not in the row below, where it would not wrap on a phone
        "Digit",
        ["all", *map(str, range(10))],
        default="all",
        required=True,
        key=keys.DIGIT,
        label_visibility="collapsed",
        bind="query-params",
        persist_state="session",
    )
    cells = np.arange(len(dataset))[:, None] if finding is None else finding.rows
    places = np.arange(len(cells))  # of the images or pairs that are left
    if digit != "all":
        places = np.flatnonzero((dataset.labels[cells] == int(digit)).any(axis=1))
    if not len(places):
        st.info(f"No image {'' if finding is None else 'of them '}shows a {digit}.")
        return
    if shuffled := st.session_state.get(keys.SHUFFLED, 0):
        places = np.random.default_rng(shuffled).permutation(places)
    width = cells.shape[1] + (finding is not None and finding.theirs is not None)
    at_once, pages = NUM_SHOWN // width // 2 * 2, keys.image_pages(finding.kind if finding else "all", digit)
    with st.container(horizontal=True, vertical_alignment="center"):
        pager(pages, len(places), at_once)
        st.button("Shuffle", icon=":material/shuffle:", key=keys.SHUFFLE, on_click=_count_up, args=(keys.SHUFFLED,))
    first = first_shown(pages, len(places), at_once)
    shown = places[first : first + at_once]
    if finding is None:
        st.image(_sheet(dataset.name, shown.tolist(), theme()), width="stretch", alt=f"{len(shown)} digits with their labels")
    else:
        _finding_sheets(dataset, finding, shown, at_once)
    things, order = "Images" if width == 1 else "Pairs", _order(finding, bool(shuffled))
    numbered = "" if finding is None else " Above each image: its label and its number in the set."
    st.caption(f"{things} {first + 1:,} to {first + len(shown):,} of {len(places):,}, {order}.{numbered}")


def _order(finding: Finding | None, shuffled: bool) -> str:
    if shuffled:
        return "shuffled"
    if finding is None or finding.kind not in ("labels", "outliers"):
        return "in the order of the file"
    return "the most suspicious first" if finding.kind == "labels" else "the farthest first"


def _finding_sheets(dataset: Dataset, finding: Finding, shown: np.ndarray, at_once: int) -> None:
    """The images of a finding at the places `shown`, those of a pair side by side, on two sheets, which a phone stacks."""
    for column, begin in zip(st.columns(2), (0, at_once // 2), strict=True):
        if len(part := shown[begin : begin + at_once // 2]):
            column.image(_finding_sheet(dataset, finding, part), width="stretch", alt="Images with their labels and numbers")


def _finding_sheet(dataset: Dataset, finding: Finding, shown: np.ndarray) -> bytes:
    rows = finding.rows[shown]
    read = finding.read[shown].tolist() if finding.read is not None else [None] * len(shown)
    images = [dataset.images[rows]]
    titles = [
        [f"{dataset.labels[row]}{'' if digit is None else f', read {digit}'}\n{row + 1:,}" for row in pair]
        for pair, digit in zip(rows.tolist(), read, strict=True)
    ]
    test = mnist_test.pictures() if finding.theirs is not None else None
    if finding.theirs is not None and test is not None:
        theirs = finding.theirs[shown]
        images.append(test[theirs][:, None])
        titles = [[*own, f"test\n{row + 1:,}"] for own, row in zip(titles, theirs.tolist(), strict=True)]
    together = np.concatenate(images, axis=1).reshape(-1, *dataset.images.shape[1:])
    columns = 5 if len(titles[0]) == 1 else 4
    return pictures.png(pictures.grid(together, [title for pair in titles for title in pair], theme(), columns=columns))


@st.fragment
@show_errors()
def augmentation(dataset: Dataset) -> None:
    """One image in 25 versions, as training would see it, moving with the sliders."""
    st.header("Augmentation")
    st.caption("Each time an image is used for training it is changed a little at random. These sliders belong to the recipe.")
    sliders, picture = st.columns([2, 3])
    recipe = held_recipe.held_recipe()
    held_recipe.link(recipe)
    with sliders:
        recipe_form.numbers("augmentation", _AUGMENTATION, recipe)
        st.button("Another image", icon=":material/refresh:", key=keys.ANOTHER, on_click=_count_up, args=(keys.PICTURED,))
    row = (st.session_state.get(keys.PICTURED, 0) * 7919) % len(dataset)  # a prime step visits every image in time
    with picture:
        alt = f"A {dataset.labels[row]} in {_NUM_VERSIONS} augmented versions"
        st.image(_versions_sheet(dataset.name, row, recipe, theme()), width="stretch", alt=alt)
    if recipe.styles:
        st.markdown("**Synthetic digits:** generated, written by no one")
        st.image(_drawn_sheet(recipe.seed, theme()), width="stretch", alt=f"{_NUM_DRAWN} synthetic digits with their labels")
        st.caption(
            "A simulated pen draws each digit in the ways that people write it, never twice alike. They are mixed in for "
            "training and augmented like the others; scores are measured on real images only."
        )


def _count_up(key: str) -> None:
    st.session_state[key] = st.session_state.get(key, 0) + 1


@st.cache_data(show_spinner=False, max_entries=8)
def _means_sheet(name: str, theme: str) -> bytes:
    dataset = datasets.load(name)
    blank = np.zeros(dataset.images.shape[1:])
    pictured = [dataset.images[dataset.labels == digit] for digit in range(10)]
    means = np.stack([each.mean(axis=0) / 255 if len(each) else blank for each in pictured])
    return pictures.png(pictures.grid(means, [str(digit) for digit in range(len(means))], theme, columns=5))


@st.cache_data(show_spinner=False, max_entries=64)
def _sheet(name: str, rows: list[int], theme: str) -> bytes:
    dataset = datasets.load(name)
    return pictures.png(pictures.grid(dataset.images[rows], [str(label) for label in dataset.labels[rows]], theme))


@st.cache_data(show_spinner=False, max_entries=64, hash_funcs={Recipe: Recipe.to_json})
def _versions_sheet(name: str, row: int, recipe: Recipe, theme: str) -> bytes:
    from core.network.preview import augmented

    versions = augmented(datasets.load(name).images[row], recipe, _NUM_VERSIONS)
    return pictures.png(pictures.grid(versions, None, theme, columns=5))


@st.cache_data(show_spinner=False, max_entries=16)
def _drawn_sheet(seed: int, theme: str) -> bytes:
    images, labels = synthetic.drawn(_NUM_DRAWN, seed)
    return pictures.png(pictures.grid(images, [str(label) for label in labels], theme))
