"""How a run goes on after its end: the buttons of Runs and Train, and a branch until it is started."""

from __future__ import annotations

import streamlit as st

from core.errors import RunMissing
from core.recipe import Recipe
from core.runs import lineage
from core.runs.snapshot import RunSnapshot
from core.runs.summary import RunSummary
from ui import session_keys as keys
from ui.browser.people import asking_button, concern, me, owner, started, submit
from ui.held_recipe import hold
from ui.session import Lab

_MORE = 5  # epochs, unless the person says otherwise
_LONGER_HELP = "The run learns on as itself, from where it ended, with the optimiser as it was left."
_STRETCHED = "One cycle is stretched over the new length: the rate rises once more, then ends near nothing."
_BRANCH_HELP = "A new run that begins with this one's weights, and may have another recipe for the same layers and the same data."


def go_on_button(lab: Lab, run: RunSnapshot, place: str) -> None:
    """The press that takes up a run that broke off; nothing where it cannot go on. `place` keeps two of them apart."""
    if run.diverged:
        epoch, recipe = lineage.gentler(run)
        since = f"epoch {epoch}" if epoch else "the start"
        if st.button(
            f"Go back to {since}, rate {recipe.learning_rate:g}",
            icon=":material/undo:",
            key=keys.going_on("back", place),
            help="A new run from the weights of the best epoch, with a third of the learning rate.",
        ):
            started(lab.studio.go_back(run.run_id, me(), owner()))
            st.rerun()
    elif lineage.can_resume(run):
        last = f"epoch {len(run.epochs)}" if run.epochs else "the start"
        if asking_button(
            "Resume",
            [run],
            icon=":material/play_arrow:",
            key=keys.going_on("go-on", place),
            help=f"Goes on from {last}, and ends as if nothing had been.",
        ):
            lab.studio.go_on(run.run_id, asked_by=me())
            st.rerun()


def longer_popover(lab: Lab, run: RunSnapshot) -> None:
    """More epochs for a run that has finished; nothing for another."""
    if not lineage.can_be_longer(run):
        return
    with st.popover("More epochs", icon=":material/more_time:", help=_LONGER_HELP):
        more = st.number_input("How many more", min_value=1, max_value=499, value=_MORE, key=keys.going_on("more", run.run_id))
        if run.recipe.schedule == "one-cycle":
            st.caption(_STRETCHED)
        if why := concern(run):
            st.markdown(f"{why} More epochs change its figures for everybody; a branch leaves it as it is.")
        if st.button("Continue anyway" if why else "Continue training", key=keys.going_on("longer", run.run_id)):
            lab.studio.go_on(run.run_id, more_epochs=int(more), asked_by=me())
            st.switch_page("pages/train.py")


def branch_popover(run: RunSnapshot) -> None:
    """Takes the run's recipe and one of its epochs to the Train page; nothing for a run without an epoch."""
    if not run.epochs:
        return
    with st.popover("Branch", icon=":material/fork_right:", help=_BRANCH_HELP):
        numbers = [each.epoch for each in run.epochs]
        best = numbers.index(run.best_epoch.epoch) if run.best_epoch else 0
        epoch = st.selectbox("After epoch", numbers, index=best, key=keys.going_on("fork", run.run_id))
        if st.button("Take its recipe to Train", key=keys.going_on("branch", run.run_id)):
            hold(run.recipe)
            st.session_state[keys.BRANCH] = (run.run_id, epoch)
            st.switch_page("pages/train.py")


def branch_line(lab: Lab) -> None:
    """On Train: what Start branches off from, and the way back to an ordinary start."""
    parent = _parent(lab)
    if parent is None:
        return
    run, epoch = parent
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/fork_right: Start branches off **{run.name}** after epoch {epoch}: it begins with those weights.")
        st.button("From scratch instead", key=keys.NO_BRANCH, type="tertiary", on_click=_forget)


def is_branch(lab: Lab) -> bool:
    """Whether Start branches off a run."""
    return _parent(lab) is not None


def start(lab: Lab, recipe: Recipe) -> None:
    """Queues the recipe, as a branch where one was chosen. Raises DigitLabError."""
    if (parent := _parent(lab)) is None:
        submit(lab, recipe)
    else:
        run, epoch = parent
        started(lab.studio.branch(run.run_id, epoch, recipe, me(), owner()))
        _forget()


def ancestry(row: RunSummary, names: dict[str, str]) -> str:
    """ "Branched off quick-3 after epoch 4." and how many epochs were added; empty for a run from scratch."""
    said = []
    if row.parent_id:
        after = f"after epoch {row.parent_epoch}" if row.parent_epoch else "at its start"
        said.append(f"Branched off {names.get(row.parent_id, 'a run that was deleted')} {after}.")
    if row.added_epochs:
        said.append(f"{row.added_epochs} of its {row.recipe.epochs} epochs were added after it had finished.")
    return " ".join(said)


def _parent(lab: Lab) -> tuple[RunSnapshot, int] | None:
    if keys.BRANCH not in st.session_state:
        return None
    run_id, epoch = st.session_state[keys.BRANCH]
    try:
        return lab.studio.snapshot(run_id), epoch
    except RunMissing:  # deleted since
        _forget()
        return None


def _forget() -> None:
    st.session_state.pop(keys.BRANCH, None)
