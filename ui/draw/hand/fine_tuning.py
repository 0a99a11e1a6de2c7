"""Learn from me: starts fine-tuning on the person's drawings, shows its progress and effect, keeps or discards the result."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial

import pandas as pd
import streamlit as st

from core.metrics import interval_text
from core.runs.snapshot import RunSnapshot
from core.training import fine_tuning
from core.training.fine_tuning import Effect, FineTuned
from ui import session_keys as keys
from ui.browser import people
from ui.browser.address import link
from ui.browser.notes import plain
from ui.hand_score import count_text
from ui.polling import show_errors
from ui.session import Lab
from ui.widgets.job_progress import wait_line
from ui.words import duration


def learn_from_me(lab: Lab, run: RunSnapshot) -> None:
    """Whatever state it is in, for the chosen network and the drawings that there are."""
    hand = lab.store.drawings.hand(person=people.owner())
    st.write(
        f"{run.name} is trained for a few more seconds on half of your drawings, mixed with the images it was trained on so that "
        "it does not forget them. The effect is measured on the other half. Nothing changes until you keep the result."
    )
    if run.active:
        st.info(f"{run.name} is still training. It can learn from you once that has ended.")
        return
    if reason := fine_tuning.shortage(hand, lab.store.learned_drawings.of(run.run_id)):
        st.info(f"{reason} *Test me* asks for one digit after the other.")
        return
    key = (run.run_id, hand.digests, hand.digits.tobytes())
    job = lab.fine_tuning.look(key)
    if job is None:
        st.button(
            f"Let {run.name} learn from {count_text(len(hand))}",
            icon=":material/school:",
            key=keys.LEARN,
            on_click=_start,
            args=(lab, key, run),
        )
    elif job.pending:
        wait_line(lab.fine_tuning, key, f"{run.name} learns from you", on_cancel=partial(lab.fine_tuning.cancel, key))
    elif job.result is None:
        st.error(plain(job.error), icon=":material/error:")
        st.button("Try again", key=keys.LEARN_AGAIN, on_click=lab.fine_tuning.cancel, args=(key,))
    else:
        _outcome(lab, key, job.result)


def _start(lab: Lab, key: Hashable, run: RunSnapshot) -> None:
    hand = lab.store.drawings.hand(person=people.owner())
    lab.fine_tuning.start(key, lambda report: fine_tuning.learn(lab.store, run, hand, report))


def _outcome(lab: Lab, key: Hashable, tuned: FineTuned) -> None:
    changes = _change(tuned.hand, "drawings held out"), _change(tuned.validation, "validation images")
    st.markdown(f"**{'; '.join(changes).capitalize()}.**")
    st.dataframe(
        pd.DataFrame(
            [
                _line(f"{count_text(tuned.hand.num_images)} held out", tuned.hand),
                _line(f"{tuned.validation.num_images:,} validation images", tuned.validation),
            ]
        ),
        hide_index=True,
        key=keys.FINE_TUNED,
    )
    st.caption(
        f"Shares read right with their 95% intervals, after {duration(tuned.seconds)} of learning. The last column: how often "
        "two equally good networks would differ this much. Above 5% it may well be chance."
    )
    with st.container(horizontal=True):
        forgot = tuned.validation.num_gained < 0 and tuned.validation.p < 0.05
        worth_it = tuned.hand.num_gained > 0 and not forgot
        st.button(
            "Keep as a new run",
            icon=":material/check:",
            type="primary" if worth_it else "secondary",
            key=keys.FINE_TUNED_KEEP,
            on_click=_keep,
            args=(lab, key, tuned),
        )
        st.button("Discard", icon=":material/close:", key=keys.FINE_TUNED_DISCARD, on_click=lab.fine_tuning.cancel, args=(key,))


def _change(effect: Effect, what: str) -> str:
    gained, of = effect.num_gained, f"of {effect.num_images:,} {what}"
    if not gained:
        return f"as many {of} read right as before"
    return f"{abs(gained)} more {of} {'read right' if gained > 0 else 'read wrong'}"


def _line(what: str, effect: Effect) -> dict[str, str]:
    before, after = interval_text(effect.before), interval_text(effect.after)
    return {"read right": what, "before": before, "after": after, "chance": f"{effect.p:.1%}"}


def _keep(lab: Lab, key: Hashable, tuned: FineTuned) -> None:
    with show_errors():
        run = people.started(fine_tuning.keep(lab.studio, tuned, people.me(), people.owner()))
        lab.fine_tuning.cancel(key)
        link("run", run.name)  # the new network is the one that answers from here on
        st.toast(f"Kept as {run.name}, which answers now.")
