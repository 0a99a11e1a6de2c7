import threading

import numpy as np
import pytest

from core import datasets
from core.datasets.validation import validation_part
from core.training.label_search import LabelSearch
from tests.fakes import SOON_S
from tests.pages.reading import plots, text, texts
from tests.pages.states import SMALL, finished

PART = validation_part(SMALL)


@pytest.fixture
def worker():
    """Finds three labels to doubt, once it is allowed to."""

    def work(dataset, recipe, check):
        while not work.allowed.wait(0.02):
            check(0.25)
        probabilities = np.full((len(dataset), 10), 0.01, np.float32) + 0.9 * np.eye(10, dtype=np.float32)[dataset.labels]
        for row in work.doubted:
            probabilities[row] = np.roll(probabilities[row], 1)
        return probabilities

    work.allowed, work.doubted = threading.Event(), [11, 500, 1700]
    return work


@pytest.fixture
def search(lab, worker):
    made = LabelSearch(lab.studio, worker)
    object.__setattr__(lab, "label_search", made)
    yield made
    assert made.close(SOON_S)


@pytest.fixture
def page(open_page, lab, trainer, search):
    """The label faults of a run that misreads five fours and two eights, and always the same."""
    finished(lab, trainer)
    return open_page("Evaluate", view="faults")


def choices(page):
    return [control for control in page.segmented_control if str(control.key).startswith("verdict-")]


def suspects(page):
    """Rows of the data set that are shown to be judged."""
    return [int(control.key.split("-")[-1]) for control in choices(page)]


def budget(page):
    """What the chart of the errors' kinds says of itself; the page has the matrix before it."""
    return next(alt for alt in plots(page) if alt.startswith("Errors by kind"))


def figures(page):
    return {metric.label: metric.value for metric in page.metric}


def test_the_error_budget_puts_every_misread_image_in_one_part(page):
    alt = budget(page)
    counts = [int(part.split()[-1]) for part in alt.removeprefix("Errors by kind: ").split(", ")]
    assert sum(counts) == 7
    assert "Ambiguous: the epochs 1 to 3 do not agree." in text(page)


def test_a_part_of_the_budget_opens_its_images(page):
    assert "The most certain come first." not in text(page)
    kind = next(name for name in ("probable label fault", "plainly wrong") if f"{name} 0" not in budget(page))
    page.pills(key="budget-kind").set_value(kind).run()
    assert "The label, the answer, and its certainty. The most certain come first." in texts(page)


def test_a_verdict_is_kept_counted_and_taken_back(page, lab):
    first = suspects(page)[0]
    num = len(suspects(page))
    choices(page)[0].set_value("fault").run()
    assert lab.store.verdicts.of("digits") == {first: "fault"}
    assert f"1 of {num} judged" in text(page)
    assert figures(page)["Without the 1 confirmed fault"] == "98.3%"
    choices(page)[0].set_value(None).run()
    assert lab.store.verdicts.of("digits") == {}
    choices(page)[0].set_value("unclear").run()
    page.button(key="undo-verdict").click().run()
    assert lab.store.verdicts.of("digits") == {} and choices(page)[0].value is None
    assert page.button(key="undo-verdict").disabled


def test_a_label_called_fine_is_no_fault_in_the_budget(page, lab):
    for row in suspects(page):
        lab.store.verdicts.save("digits", row, "fine")
    page.run()
    assert budget(page) == "Errors by kind: probable label fault 0, ambiguous 0, plainly wrong 7"


def test_verdicts_of_an_earlier_process_are_shown(page, lab, open_page):
    row = suspects(page)[0]
    lab.store.verdicts.save("digits", row, "fine")
    assert choices(open_page("Evaluate", view="faults"))[0].value == "fine"


def test_another_run_on_the_same_images_decides_what_is_ambiguous(open_page, lab, trainer, search, probabilities):
    finished(lab, trainer)
    trainer.probabilities = np.eye(10, dtype=np.float32)[PART.labels]
    finished(lab, trainer)
    page = open_page("Evaluate", view="faults", run="mine-1")
    assert "Ambiguous: mine-2 and this run do not agree." in text(page)
    assert "plainly wrong 0" in budget(page)


def test_the_whole_data_set_is_searched_on_a_press_with_its_time_told_before(page, search, worker):
    page.segmented_control(key="suspects-of").set_value("all").run()
    assert "About " in text(page) and not choices(page)
    page.button(key="search-labels").click().run()
    assert "Searching Built-in digits" in text(page)
    worker.allowed.set()
    search.jobs.wait("digits", SOON_S)
    page.run()
    assert sorted(suspects(page)) == worker.doubted
    label = datasets.load("digits").labels[suspects(page)[0]]
    assert f"Label **{label}**, read as **{(label + 1) % 10}**, 91% sure" in texts(page)


def test_a_search_can_be_cancelled(page, search):
    page.segmented_control(key="suspects-of").set_value("all").run()
    page.button(key="search-labels").click().run()
    page.button(key="cancel-search").click().run()
    search.jobs.wait("digits", SOON_S)
    page.run()
    assert page.button(key="search-labels") and search.probabilities("digits") is None


def test_many_suspects_come_a_dozen_at_a_time(page, search, worker):
    worker.doubted = list(range(0, 300, 10))
    worker.allowed.set()
    search.start("digits")
    search.jobs.wait("digits", SOON_S)
    page.segmented_control(key="suspects-of").set_value("all").run()
    first = suspects(page)
    page.button(key="suspects-next").click().run()
    assert len(first) == len(suspects(page)) == 12 and not set(first) & set(suspects(page))
    assert "Page 2 of 3" in text(page)


def test_training_without_the_faults_is_one_press_and_the_run_says_what_it_left_out(page, lab, trainer, open_page):
    assert page.button(key="train-without").disabled
    in_training = int(np.setdiff1d(np.arange(1797), PART.rows)[0])
    lab.store.verdicts.save("digits", in_training, "fault")
    page.run()
    page.button(key="train-without").click().run()
    assert page.session_state["leave_out_faults"] is True
    run = finished(lab, trainer, SMALL.changed(leave_out_faults=True))
    assert run.left_out == (in_training,)
    again = open_page("Evaluate", view="faults")
    assert f"{run.name} did not learn from the 1 confirmed fault; its validation images are all there." in text(again)


def test_answers_that_are_no_numbers_are_one_sentence(open_page, lab, trainer, search, probabilities):
    trainer.probabilities = np.full_like(probabilities, np.nan)
    finished(lab, trainer)
    page = open_page("Evaluate", view="faults")
    assert [error.value.startswith("The answers for 360 of 360 images are not probabilities") for error in page.error] == [True]
