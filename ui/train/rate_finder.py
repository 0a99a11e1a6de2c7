"""Under Train's learning rate: the press that finds one by a range test, its progress, its curve, and the press that takes it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import charts
from core.recipe import Recipe
from core.training import range_tests
from core.training.rate_suggestion import RangeTest
from ui import session_keys as keys
from ui.browser.notes import plain
from ui.held_recipe import change, held_recipe
from ui.polling import show_errors
from ui.session import Lab
from ui.widgets.job_progress import wait_line
from ui.widgets.plot import plot
from ui.words import duration

_HELP = (
    "A learning-rate range test (L. Smith, 2015): a fresh network of this recipe takes some steps while its rate rises from "
    "0.00001 to 1. A tenth of the rate at which the loss is lowest is suggested: at that rate itself it is about to grow again."
)


def rate_finder(lab: Lab, recipe: Recipe) -> None:
    """The offer to find a rate for the recipe, how far the test is, or what it found. A result is shown as long as the form holds
    a recipe to which it applies.
    """
    tests = lab.range_tests
    job = tests.job(recipe)
    with st.container(key=keys.RATE_FINDER):
        if job and job.pending:
            wait_line(tests.jobs, range_tests.key(recipe), "Finding a rate", on_cancel=partial(tests.cancel, recipe))
        elif job and job.result:
            _found(job.result, recipe)
        else:
            if job:
                st.error(plain(job.error), icon=":material/error:")
            _offer(lab, recipe)


def _offer(lab: Lab, recipe: Recipe) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Find a rate", icon=":material/search:", key=keys.FIND_RATE, help=_HELP, on_click=_start, args=(lab,))
        with show_errors():
            takes = duration(range_tests.expected_s(recipe, lab.store))
            st.caption(f"About {takes}. It gives way while a run trains.", width="content")


def _start(lab: Lab) -> None:
    """Tests what the form holds now, for a slider may have been turned in the moment before."""
    with show_errors():
        lab.range_tests.start(held_recipe())


def _found(test: RangeTest, recipe: Recipe) -> None:
    rate = test.suggestion(recipe)
    if len(test.rates):
        plot(
            charts.range_test(test.rates, test.losses, rate),
            key=keys.RANGE_TEST,
            alt="Smoothed training loss over the learning rate, which rises from step to step"
            + (f"; {rate:g} is suggested" if rate else ""),
        )
    if rate is None:
        st.markdown(f":material/warning: {test.trouble}")
        return
    what = "the peak of one cycle" if recipe.schedule == "one-cycle" else "the rate"
    st.caption(f"{_end(test)} Suggested as {what}: {rate:g}.", help=_HELP)
    if recipe.learning_rate == rate:
        st.caption("The form has this rate.")
    else:
        st.button(f"Take {rate:g}", icon=":material/check:", key=keys.TAKE_RATE, on_click=change, kwargs={"learning_rate": rate})


def _end(test: RangeTest) -> str:
    if test.diverged_at is None:
        return f"The loss stayed bounded up to a rate of {test.rates[-1]:.2g}."
    return f"The loss grew without bound at a rate of {test.diverged_at:.2g}."
