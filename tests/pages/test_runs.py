import pytest

from core.recipe import FIELDS
from tests.fakes import ended, until
from tests.pages.reading import choose, plots, text
from tests.pages.states import SMALL, failed, running


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


def test_before_the_first_run_the_page_says_what_will_be_here(open_page):
    (info,) = open_page("Runs").info
    assert info.value == "Nothing has been trained yet. Every run will be listed here, and stays after a restart."


def test_the_table_has_every_run_newest_first(runs):
    shown = table(runs)
    assert shown["name"].tolist() == ["mine-2", "mine-1"]
    assert shown["epochs"].tolist() == ["3/3", "2/2"]
    assert shown["accuracy"].round(1).tolist() == [53.1, 51.9]
    assert shown["interval"].tolist() == ["47.9\N{EN DASH}58.2", "46.8\N{EN DASH}57.1"]
    assert shown["data"].tolist() == ["Built-in digits"] * 2
    assert "Nadam" in shown["apart"][0] and "Nadam" not in shown["apart"][1]


def test_a_run_without_an_epoch_has_no_score(open_page, lab, trainer):
    failed(lab, trainer)
    line = table(open_page("Runs")).iloc[0]
    assert (line["state"], line["epochs"]) == ("failed", "0/3") and "accuracy" not in line


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


def test_a_chosen_run_tells_what_was_different(runs):
    choose(runs, "mine-2")
    assert "**mine-2**" in text(runs) and "optimiser Nadam (RMSprop)" in text(runs)
    assert [link.proto.query_string for link in runs.main.page_link] == ["run=mine-2"] * 2


def test_its_recipe_can_be_taken_up_again_and_nothing_starts(runs, lab):
    choose(runs, "mine-2")
    next(button for button in runs.button if button.label == "Start from this recipe").click().run()
    assert not runs.exception
    assert runs.title[0].value == "Train" and lab.studio.current() is None
    assert {name: runs.session_state[name] for name in ("optimizer", "epochs")} == {"optimizer": "nadam", "epochs": 3}
    header = runs.button(key="group-Learning").label
    assert "Nadam" in header and "3 epochs" in header


def test_two_runs_stand_side_by_side_with_what_differs_and_the_best_marked(runs, lab):
    choose(runs, "mine-1", "mine-2")
    assert plots(runs) == ["Validation accuracy over the epochs: mine-1, mine-2"]
    figures = table(runs, "Accuracy, best epoch")
    assert figures["Accuracy, best epoch"].str.contains("best").tolist() == [False, True]
    fields = runs.dataframe[2].value
    assert fields.loc["Optimiser"].tolist() == ["RMSprop", "Nadam"] and set(fields.index) == {"Optimiser", "Epochs"}
    assert [link.proto.query_string for link in runs.main.page_link][0] == "run=mine-2&view=versus&other=mine-1"
    runs.toggle(key="all_fields").set_value(True).run()
    assert len(runs.dataframe[2].value) == len(FIELDS)


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
    assert "Built-in digits, 20% kept, split seed 13." in written and "2 of 2 runs qualify." in written
    assert table(runs, "run")["run"].tolist() == ["mine-2", "mine-1"]
    assert "No run from scratch has reached 99% on these images." in written
