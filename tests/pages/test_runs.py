import pytest

from core.errors import TrainingError
from core.recipe import FIELDS
from tests.fakes import ended, until
from tests.pages.reading import choose, plots, sliders, text
from tests.pages.states import FAILURE, SMALL, failed, finished, interrupted, running


@pytest.fixture
def runs(open_page, lab, trainer):
    """The page with two finished runs, without their weights."""
    trainer.step_allowed.release(50)
    for recipe in (SMALL.changed(epochs=2), SMALL.changed(optimizer="nadam")):
        until(lab.studio, lab.studio.submit(recipe), ended)
    return open_page("Runs")


def table(page, column="star"):
    """The table of runs, or another by one of its columns."""
    return next(frame.value for frame in page.dataframe if column in frame.value)


def button(page, label):
    return next(each for each in page.button if each.label == label)


def figures(page):
    return {metric.label: metric.value for metric in page.metric}


def test_before_the_first_run_the_page_says_what_will_be_here_and_one_press_trains_it(open_page):
    page = open_page("Runs")
    assert page.info[0].value == "Nothing has been trained yet. Every run will be listed here, and stays after a restart."
    page.button(key="train-quick").click().run()
    assert table(page)["name"].tolist() == ["quick-1"]


def test_the_table_has_every_run_newest_first_with_its_curve_and_what_differs(runs):
    shown = table(runs)
    assert shown["name"].tolist() == ["mine-2", "mine-1"]
    assert shown["accuracy"].tolist() == [53.1, 51.9]
    assert [list(curve) for curve in shown["curve"]] == [[51.0, 52.0, 53.0], [51.0, 52.0]]
    assert list(shown["apart"][0][:2]) == ["2018 recipe", "Compact"]
    assert "state" not in shown and "data" not in shown, "all have finished, on the same data"


def test_a_run_without_an_epoch_has_no_score_and_says_its_state(open_page, lab, trainer):
    failed(lab, trainer)
    line = table(open_page("Runs")).iloc[0]
    assert line["state"] == "failed" and "accuracy" not in line and "curve" not in line


def test_runs_are_found_by_what_was_written_about_them_and_sorted(runs, lab):
    first, second = reversed(lab.store.runs.all())
    lab.store.annotations.change(first.run_id, tags=["thin pen"])
    lab.store.annotations.change(first.run_id, starred=True)
    runs.text_input(key="find").set_value("THIN").run()
    assert table(runs)["name"].tolist() == ["mine-1"] and table(runs)["tags"][0] == ["thin pen"]
    assert "1 of 2 runs." in text(runs)
    runs.text_input(key="find").set_value("").run()
    runs.selectbox(key="sort").set_value("accuracy").run()
    runs.selectbox(key="state").set_value("failed").run()
    assert "No run matches." in text(runs)
    assert runs.query_params == {"sort": "accuracy", "state": "failed"}
    runs.selectbox(key="state").set_value("any").run()
    runs.toggle(key="starred").set_value(True).run()
    assert table(runs)["star"].tolist() == ["\N{BLACK STAR}"]


def test_one_chosen_run_shows_its_curve_and_what_was_different(runs):
    choose(runs, "mine-2")
    assert runs.header[0].value == "mine-2" and ":gray-badge[Nadam]" in text(runs)
    assert plots(runs) == ["Validation accuracy over the epochs: mine-2"]
    assert [link.proto.query_string for link in runs.main.page_link] == ["run=mine-2"] * 2


def test_a_run_opens_on_a_page_of_its_own_and_leads_back_to_what_was_chosen(runs):
    choose(runs, "mine-2")
    button(runs, "Open mine-2").click().run()
    assert not runs.exception
    assert runs.query_params["run"] == "mine-2" and runs.title[0].value == "mine-2"
    button(runs, "All runs").click().run()
    assert "run" not in runs.query_params and runs.title[0].value == "Runs"
    assert runs.query_params["chosen"] == "mine-2" and not runs.warning


def test_the_own_page_has_figures_curves_matrix_recipe_and_epochs(open_page, lab, trainer):
    finished(lab, trainer, SMALL.changed(optimizer="nadam"))
    page = open_page("Runs", run="mine-1")
    assert figures(page) | {"Training time": ""} == {
        "Accuracy": "53.1%",
        "Best epoch": "3 of 3",
        "Training time": "",
        "Parameters": "196",
    }
    assert [alt.partition(",")[0] for alt in plots(page)] == [
        "Loss and accuracy of mine-1 over the epochs",
        "Confusion matrix of mine-1 after epoch 3: rows true digits",
    ]
    assert ":gray-badge[Nadam]" in text(page)
    epochs = table(page, "training_loss")
    assert epochs["epoch"].tolist() == ["1", "2", "3, best"] and epochs["accuracy"].round(1).tolist() == [51, 52, 53]
    assert not page.main.subheader
    page.session_state["run-recipe"] = True
    fields = page.run().table[0].value
    assert fields.loc["Optimiser"].tolist() == ["Nadam", "RMSprop"] and len(fields) == len(FIELDS)


def test_the_matrix_of_the_own_page_says_where_its_predictions_are_gone(open_page, lab, trainer):
    run = finished(lab, trainer)
    for path in lab.store.runs.folder(run.run_id).glob("validation-*.npz"):
        path.unlink()
    assert "The predictions of epoch 3 are gone." in text(open_page("Runs", run="mine-1"))


def test_a_run_that_diverged_says_why_and_offers_the_cure(open_page, lab, trainer):
    run = failed(lab, trainer)
    trainer.before_step = lambda step: None
    page = open_page("Runs", run="mine-1")
    assert [error.value for error in page.error] == [f"mine-1 could not go on. {FAILURE}"]
    button(page, "Go back to the start, rate 0.00033").click().run()
    assert lab.studio.current().recipe == run.recipe.changed(learning_rate=0.00033)


def test_a_run_that_failed_otherwise_says_why_and_can_go_on(open_page, lab, trainer):
    def fail(step):
        raise TrainingError("The disk is full. Make room and try again.")

    trainer.before_step = fail
    trainer.step_allowed.release()
    until(lab.studio, lab.studio.submit(SMALL), ended)
    page = open_page("Runs", run="mine-1")
    assert [error.value for error in page.error] == ["mine-1 could not go on. The disk is full. Make room and try again."]
    assert button(page, "Resume")


def test_an_interrupted_run_can_go_on_from_its_own_page(open_page, lab, trainer):
    interrupted(lab, trainer)
    assert button(open_page("Runs", run="mine-1"), "Resume")


def test_the_own_page_of_a_run_that_trains_follows_it(open_page, lab, trainer):
    running(lab, trainer)
    page = open_page("Runs", run="mine-1")
    assert figures(page)["Newest epoch"] == "1 of 3"
    assert table(page, "training_loss")["epoch"].tolist() == ["1, best"]


def test_a_run_deleted_on_its_own_page_is_in_the_bin_and_a_link_to_it_says_so(open_page, lab, trainer):
    finished(lab, trainer)
    page = open_page("Runs", run="mine-1")
    page.button(key="delete-runs").click().run()
    assert "mine-1 is in the bin." in text(page) and "run" not in page.query_params and not page.warning
    (warning,) = open_page("Runs", run="mine-1").warning
    assert warning.value == "mine-1 is in the bin, where it can be taken back."


def test_its_recipe_can_be_taken_up_again_and_nothing_starts(runs, lab):
    choose(runs, "mine-2")
    next(button for button in runs.button if button.label == "Start from this recipe").click().run()
    assert not runs.exception
    assert runs.title[0].value == "Train" and lab.studio.current() is None
    assert {name: runs.session_state[name] for name in ("optimizer", "epochs")} == {"optimizer": "nadam", "epochs": 3}
    assert runs.selectbox(key="optimizer").value == "nadam" and sliders(runs)["epochs"]["value"] == 3


def test_two_runs_stand_side_by_side_with_what_differs_and_the_best_marked(runs, lab):
    choose(runs, "mine-1", "mine-2")
    assert plots(runs) == ["Validation accuracy over the epochs: mine-1, mine-2"]
    results, fields = (each.value for each in runs.table)
    assert results.loc["Accuracy"].tolist() == ["51.9%", "**53.1%**, best"]
    assert results.loc["95% interval"].tolist() == ["46.8–57.1%", "47.9–58.2%"]
    assert fields.loc["Optimiser"].tolist() == ["RMSprop", "Nadam"] and set(fields.index) == {"Optimiser", "Epochs"}
    assert [link.proto.query_string for link in runs.main.page_link][0] == "run=mine-2&view=versus&other=mine-1"
    runs.toggle(key="all_fields").set_value(True).run()
    assert len(runs.table[1].value) == len(FIELDS)


def test_a_chosen_run_that_is_deleted_is_no_fault_of_a_link(runs, lab):
    choose(runs, "mine-1", "mine-2")
    lab.studio.throw_away([row.run_id for row in lab.store.runs.all() if row.name == "mine-1"])
    runs.run()
    assert not runs.warning and runs.query_params["chosen"] == "mine-2"
    runs.button(key="delete-runs").click().run()
    assert not runs.warning and "mine-2 is in the bin." in text(runs)


def test_deleted_runs_can_be_taken_back_until_the_bin_is_emptied(runs, lab):
    folders = list((lab.store.folder / "runs").iterdir())
    choose(runs, "mine-1", "mine-2")
    runs.button(key="delete-runs").click().run()
    assert "Nothing has been trained yet." in text(runs) and "2 runs are in the bin." in text(runs)
    runs.button(key="undo-delete").click().run()
    assert table(runs)["name"].tolist() == ["mine-2", "mine-1"]
    choose(runs, "mine-1")
    runs.button(key="delete-runs").click().run()
    assert table(runs)["name"].tolist() == ["mine-2"] and all(folder.exists() for folder in folders)


def test_a_run_in_training_is_not_deleted_and_the_page_says_why(open_page, lab, trainer):
    running(lab, trainer)
    page = open_page("Runs", chosen="mine-1")
    page.button(key="delete-runs").click().run()
    assert [error.value for error in page.error] == ["mine-1 is still training. Stop it first, then delete it."]
    assert lab.store.runs.all()


def test_boards_name_their_images_and_say_what_an_empty_one_needs(runs):
    written = text(runs)
    assert "Built-in digits, 20% for validation, split seed 13." in written and "2 of 2 runs qualify." in written
    assert table(runs, "run")["run"].tolist() == ["mine-2", "mine-1"]
    assert "No run from scratch has reached 99% on these images." in written


def test_who_started_a_run_stands_there_once_somebody_has_given_a_name(runs, open_page, lab, trainer):
    assert "person" not in table(runs)
    trainer.step_allowed.release(30)
    until(lab.studio, lab.studio.submit(SMALL, "Ana"), ended)
    assert table(open_page("Runs"))["person"].tolist() == ["Ana", "", ""]


def test_the_small_curves_begin_below_three_quarters_of_their_points(runs, open_page, lab, trainer):
    assert {share for curve in table(runs)["curve"] for share in curve} == {51.0, 52.0, 53.0}
    trainer.scores = {"val_accuracy": 0.97}
    trainer.step_allowed.release(300)
    until(lab.studio, lab.studio.submit(SMALL.changed(epochs=30)), ended)
    assert min(share for curve in table(open_page("Runs"))["curve"] for share in curve) == 95.0, "what is below is at the bottom"
