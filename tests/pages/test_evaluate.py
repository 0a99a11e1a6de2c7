import pytest

from tests.fakes import ended, until
from tests.pages.conftest import EIGHT_AS_ONE, FOUR_AS_NINE
from tests.pages.reading import text, texts
from tests.pages.states import FAILURE, SMALL, failed, finished, first_epoch, running


@pytest.fixture
def evaluate(open_page, lab, trainer):
    """The page of a run that has finished."""
    finished(lab, trainer)
    return open_page("Evaluate")


def heading(page):
    """What is said above the images."""
    return page.main.header[0].value


def picker(page):
    (found,) = [each for each in page.selectbox if each.label == "Show the images of a cell"]
    return found


def figures(page):
    return {metric.label: metric.value for metric in page.metric}


def test_without_a_run_one_press_trains_one(open_page, lab):
    page = open_page("Evaluate")
    assert "Nothing has been trained yet." in page.info[0].value
    page.button(key="train-quick").click().run()
    assert page.info[0].value == "quick-1 has not finished an epoch yet. Its figures appear here by themselves."


def test_before_the_first_epoch_the_page_says_what_it_waits_for(open_page, lab, trainer):
    first_epoch(lab, trainer)
    page = open_page("Evaluate")
    assert page.info[0].value == "mine-1 has not finished an epoch yet. Its figures appear here by themselves."
    assert not page.metric


def test_what_waits_in_line_is_not_shown_before_what_trains(open_page, lab, trainer):
    running(lab, trainer)
    lab.studio.submit(SMALL)
    page = open_page("Evaluate")
    assert page.selectbox(key="run").options[0] == "Training now, mine-1" and page.metric


def test_a_run_that_broke_off_before_its_first_epoch_says_why(open_page, lab, trainer):
    failed(lab, trainer)
    (info,) = open_page("Evaluate").info
    assert info.value.startswith("mine-1 ended before its first epoch") and info.value.endswith(FAILURE)


def test_the_headline_says_how_good_and_where_it_is_worst(evaluate):
    assert figures(evaluate) == {"Accuracy": "98.1%", "Wrong": "7 of 360"}
    assert "Epoch 3 of mine-1, 95% interval 96.0–99.1%; loss 0.3000" in text(evaluate)
    assert "Worst: 4 (5 errors of 38), closely followed by 8 (2 of 34). Most frequent confusion: 4 read as 9 (5)." in texts(
        evaluate
    )


def test_each_digit_has_its_figures(evaluate):
    (table,) = [frame.value for frame in evaluate.dataframe if "f1" in frame.value]
    assert table["digit"].tolist() == list(range(10))
    assert table["errors"].tolist() == [0, 0, 0, 0, FOUR_AS_NINE, 0, 0, 0, EIGHT_AS_ONE, 0]
    assert table["images"].sum() == 360
    assert round(table.loc[4, "recall"], 1) == 86.8 and table.loc[4, "interval"] == "72.7–94.2%"


def test_the_misread_images_are_shown_until_a_cell_is_picked(evaluate):
    assert heading(evaluate) == "Errors"
    assert picker(evaluate).options == ["all errors", "4 read as 9: 5", "8 read as 1: 2"]
    picker(evaluate).set_value((4, 9)).run()
    assert heading(evaluate) == "A 4, read as 9"
    picker(evaluate).set_value("all").run()
    assert heading(evaluate) == "Errors"


def test_the_picked_cell_and_the_view_outlast_a_change_of_page(evaluate, open_page):
    picker(evaluate).set_value((8, 1)).run()
    evaluate.pills(key="confusion-view").set_value("Errors only").run()
    open_page("Data", visit=evaluate)
    open_page("Evaluate", visit=evaluate)
    assert heading(evaluate) == "An 8, read as 1"
    assert evaluate.pills(key="confusion-view").value == "Errors only"


def test_an_earlier_epoch_can_be_looked_at(evaluate, lab, trainer):
    run = lab.studio.newest()
    slider = evaluate.select_slider(key=f"epoch-{run.run_id}")
    assert (slider.options, slider.value) == (["1", "2", "3, best"], 3)
    slider.set_value(1).run()
    assert "Epoch 3, the last, reads 53.0%." in text(evaluate)
    assert evaluate.query_params["epoch"] == "1"
    evaluate.select_slider(key=f"epoch-{run.run_id}").set_value(3).run()
    assert "epoch" not in evaluate.query_params


def test_a_higher_point_than_the_best_epoch_s_is_explained(open_page, lab, trainer):
    trainer.val_loss = lambda epoch: 0.1 * epoch
    finished(lab, trainer)
    page = open_page("Evaluate")
    assert page.select_slider[0].value == 1
    assert "The best epoch is 1. Epoch 3 reads 53.1% (47.9–58.2): more, but within chance, and its loss is higher." in text(page)


def test_the_newest_epoch_stands_right_of_the_others_and_turns_into_the_best_at_the_end(open_page, lab, trainer):
    run = running(lab, trainer, num_steps=23)
    page = open_page("Evaluate")
    slider = page.select_slider(key=f"epoch-{run.run_id}")
    assert (slider.options, slider.value) == (["1", "newest"], "newest")
    trainer.step_allowed.release(7)
    until(lab.studio, run, ended)
    page.run()
    assert page.select_slider(key=f"epoch-{run.run_id}").value == 3


def test_predictions_that_are_gone_are_one_sentence(open_page, lab, trainer):
    run = finished(lab, trainer)
    (lab.store.runs.folder(run.run_id) / "validation-001.npz").unlink()
    page = open_page("Evaluate")
    page.select_slider(key=f"epoch-{run.run_id}").set_value(1).run()
    assert not page.exception
    assert [warning.value for warning in page.warning] == ["The predictions of epoch 1 are gone. Choose another epoch."]


def test_while_a_run_trains_its_newest_epoch_is_shown(open_page, lab, trainer):
    run = running(lab, trainer, num_steps=23)
    page = open_page("Evaluate")
    assert page.select_slider(key=f"epoch-{run.run_id}").value == "newest"
    assert figures(page)["Wrong"] == "7 of 360" and "Epoch 2 of mine-1" in text(page)


def test_a_link_opens_its_run_and_a_link_to_none_the_best(open_page, lab, trainer):
    for _ in range(2):
        finished(lab, trainer, SMALL.changed(epochs=1))
    linked = open_page("Evaluate", run="mine-1")
    assert linked.selectbox(key="run").value == "mine-1"
    lost = open_page("Evaluate", run="mine-77")
    assert not lost.error
    assert lost.selectbox(key="run").options[:2] == ["The best, mine-2", "The newest, mine-2"]
    assert lost.metric and lost.query_params.get("run") != "mine-77"


def test_a_run_whose_data_are_gone_is_one_sentence(open_page, lab, trainer):
    finished(lab, trainer, SMALL.changed(dataset="csv-0123456789ab"))
    page = open_page("Evaluate")
    assert ["is not here (any more)" in error.value for error in page.error] == [True]


def test_playing_shows_one_epoch_after_the_other_and_stops_at_the_last(evaluate, lab):
    key = f"epoch-{lab.studio.newest().run_id}"
    evaluate.button(key="play-epochs").click().run()
    seen = [evaluate.select_slider(key=key).value]
    for _ in range(2):
        evaluate.run()
        seen.append(evaluate.select_slider(key=key).value)
    assert seen == [1, 2, 3]
    evaluate.run()
    assert evaluate.select_slider(key=key).value == 3
    assert evaluate.button(key="play-epochs").label == "Play"
