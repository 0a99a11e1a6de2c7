"""How well a network reads the person's own drawings: one line, on every page that names a network."""

from __future__ import annotations

import streamlit as st

from core import metrics
from core.drawing.labelled import MIN_DRAWINGS, Hand
from core.runs.snapshot import RunSnapshot
from ui.browser import people
from ui.session import Lab
from ui.widgets.job_progress import wait_line


def unseen(lab: Lab, run: RunSnapshot) -> Hand:
    """The drawings that the run has not learned from."""
    return lab.store.drawings.hand(person=people.owner()).without(lab.store.learned_drawings.of(run.run_id))


def hand_line(lab: Lab, run: RunSnapshot | None, epoch: int = 0, *, at_once: bool = False) -> None:
    """ "Your hand: 43 drawings, 95.3% (84.5-98.7)" by the weights after `epoch`, else by those that answer for the run; nothing
    without drawings or network.

    They are read in the background, because a network's first answer may have to wait for TensorFlow; `at_once` where the page
    has just had one.
    """
    epoch = epoch or (run.served_epoch_number if run else 0)
    hand = unseen(lab, run) if run and epoch else None
    if not run or not hand:
        return
    read = lab.readings.read(run, epoch, hand) if at_once else lab.readings.known(run, epoch, hand)
    if read is None and run.active:  # reading them anew each epoch would make the page jump; the run scores them itself
        share = run.epochs[epoch - 1].hand_accuracy
        score = metrics.accuracy_interval(share or 0, run.num_hand)
        st.markdown(_line(run.num_hand, score) if share is not None else f"{_line(len(hand))} read once {run.name} has ended")
        return
    if read is None:
        key = (run.run_id, epoch, hand.digests)
        job = lab.hand.start(key, lambda report: lab.readings.read(run, epoch, hand))
        if job.pending:
            wait_line(lab.hand, key, _line(len(hand)).rstrip(","))
            return
        if job.result is None:
            st.caption(f"{_line(len(hand))} not read. {job.error}")
            return
        read = job.result
    st.markdown(_line(len(hand), metrics.accuracy(hand.digits, read)))
    if num_learned := len(lab.store.drawings.hand(person=people.owner())) - len(hand):
        st.caption(f"{count_text(num_learned)} that {run.name} learned from are not counted.")


def _line(count: int, score: metrics.Interval | None = None) -> str:
    if score and count < MIN_DRAWINGS:  # an interval of so few says little, in many digits
        return f"Your hand: **{round(score.share * count)} of {count}** read right"
    return f"Your hand: {count_text(count)}," + (f" **{metrics.interval_text(score)}**" if score else "")


def count_text(count: int) -> str:
    """ "1 drawing", "1,234 drawings"."""
    return "1 drawing" if count == 1 else f"{count:,} drawings"
