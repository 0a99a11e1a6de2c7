"""What was made before a name was given is offered, claimed and given back."""

import numpy as np
import pytest

from tests.fakes import until
from tests.pages.conftest import ME
from tests.pages.reading import text
from tests.pages.states import SMALL, keep_weights


@pytest.fixture
def before(lab, trainer):
    """Twelve drawings and a run that this browser made without a name."""
    images = np.zeros((12, 28, 28), np.uint8)
    images[np.arange(12), 5:20, 4 + np.arange(12)] = 255
    lab.store.drawings.add_many(images, np.arange(12) % 10, **ME)
    trainer.keep = keep_weights
    run = lab.studio.submit(SMALL, hand_of=ME["person"])
    trainer.step_allowed.release(100)
    return until(lab.studio, run, lambda run: not run.active)


def named(page, name):
    page.text_input(key="name").set_value(name).run()
    assert not page.exception and not page.error
    return page


def press(page, key):
    page.button(key=key).click().run()
    assert not page.exception and not page.error
    return page


def pressable(page):
    return {each.key for each in page.button}


def test_with_the_first_name_all_is_claimed_by_one_press_and_given_back_by_another(open_page, lab, before):
    page = open_page("Runs")
    assert "before you gave a name" not in text(page)
    named(page, "Ana")
    assert "**12 drawings and 1 run were made in this browser before you gave a name.**" in text(page)
    press(page, "claim-press-head")
    assert lab.store.drawings.count(person="Ana") == 12 and lab.studio.snapshot(before.run_id).person == "Ana"
    assert "**Ana has them now: 12 drawings and 1 run.**" in text(page) and "before you gave a name" not in text(page)
    press(page, "claim-undo-head")
    assert lab.store.drawings.count(**ME) == 12 and not lab.studio.snapshot(before.run_id).person
    press(page, "claim-press-head")
    press(page, "claim-close-head")
    assert not {"claim-press-head", "claim-undo-head"} & pressable(page)


def test_what_is_left_is_not_offered_on_every_page_but_beside_the_drawings(open_page, lab, before):
    page = press(named(open_page("Runs"), "Ana"), "claim-leave-head")
    assert "claim-press-head" not in pressable(page) and lab.store.drawings.count(**ME) == 12
    page = open_page("Draw", visit=page)
    assert "claim-press-head" not in pressable(page)
    page.session_state["gallery"] = True
    press(page.run(), "claim-press-hand")
    assert lab.store.drawings.count(person="Ana") == 12


def test_a_name_that_somebody_has_already_is_said_before_the_two_are_joined(open_page, lab, before):
    lab.store.drawings.add(np.full((28, 28), 9, np.uint8), 3, person="Ana")
    lab.studio.stop(lab.studio.submit(SMALL, "Ana").run_id)
    page = named(open_page("Runs"), "Ana")
    assert "Ana has 1 drawing and 1 run on this server already. If that is you, claiming joins the two." in text(page)
    assert page.button(key="claim-press-head").label == "Claim and join them" and lab.store.drawings.count(person="Ana") == 1
    named(page, "Cem")
    assert "on this server already" not in text(page) and page.button(key="claim-press-head").label == "Claim them"


def test_without_anything_from_before_nothing_is_offered(open_page, lab):
    assert "claim-press-head" not in pressable(named(open_page("Runs"), "Ana"))
