import re

import numpy as np
import pytest

from core import datasets
from core.errors import RunMissing
from core.recipe import FIELDS, GROUPS, Recipe
from core.recipe.presets import preset
from core.store import Speed
from core.system import machine
from tests.fakes import ended, until
from tests.pages.reading import sliders, text, texts, turn
from tests.pages.states import FAILURE, SMALL, failed, finished, first_epoch, interrupted, paused, preparing, running, stopped

ADAPTED = "2018 recipe, adapted to few images: momentum 0.9 and batch 32. As published it would end at 10% on them."


@pytest.fixture
def train(open_page):
    """The page as a link to the recipe that was published opens it, on the built-in digits."""
    return open_page("Train", dataset="digits")


@pytest.fixture
def unfolded(train):
    """The page with every group of values open."""
    return unfold(train, *GROUPS)


def unfold(page, *groups):
    for group in groups:
        page.session_state[f"open-{group}"] = True
    return page.run()


def labels(page):
    """The buttons, but for the groups' headers and the one among the fields."""
    return [button.label for button in page.main.button if not button.key.startswith(("group-", "find-rate"))]


def epochs(page):
    """The table of epochs, once it is chosen."""
    page.segmented_control(key="show").set_value("epochs").run()
    return next(frame.value for frame in page.dataframe if "validation loss" in frame.value)


def test_before_the_first_run_the_page_says_what_to_do(train):
    assert [info.value for info in train.info] == [
        "Nothing has been trained yet. Press Start, and the curves will grow here by themselves."
    ]
    assert labels(train) == ["batch normalisation momentum 0.99", "batch size 128", "Start", "Set momentum 0.9"]
    train.segmented_control(key="preview").set_value("network").run()
    assert "**358,538** parameters, **17.1 million** multiply-adds per image" in texts(train)
    train.segmented_control(key="preview").set_value("rates").run()
    assert "12 epochs of 12 steps, 128 images each." in texts(train)


def test_the_steps_are_without_the_confirmed_faults(open_page, lab):
    validation = datasets.split(datasets.load("digits"), validation_share=0.2, seed=13).validation_rows
    training = np.setdiff1d(np.arange(1797), validation)
    for row in [*training[:5], validation[0]]:  # a fault among the images kept for validation changes nothing
        lab.store.verdicts.save("digits", int(row), "fault")
    lab.store.verdicts.save("digits", int(training[9]), "fine")
    assert "12 epochs of 180 steps, 8 images each." in texts(open_page("Train", preview="rates", batch_size="8"))
    assert "12 epochs of 179 steps, 8 images each." in texts(
        open_page("Train", preview="rates", batch_size="8", leave_out_faults="true")
    )


def test_start_trains_what_the_widgets_say(unfolded, lab):
    turn(unfolded, epochs=3)
    unfolded.selectbox(key="optimizer").set_value("nadam")
    unfolded.toggle(key="batch_norm").set_value(False)
    unfolded.button(key="start-train").click().run()
    assert lab.studio.current().recipe == Recipe(epochs=3, optimizer="nadam", batch_norm=False)
    assert [each for each in labels(unfolded) if each in ("Start", "Pause", "Stop", "Start another")] == [
        "Pause",
        "Stop",
        "Start another",
    ]


def test_a_second_start_is_warned_of_and_waits_in_line(open_page, lab, monkeypatch):
    page = open_page("Train")
    monkeypatch.setattr("ui.run_control.start._DOUBLE_CLICK_S", 60.0)
    page.button(key="start-train").click().run()
    assert "Same recipe and seed as quick-1: same result." in text(page)
    page.button(key="start-train").click().run()
    assert [row.name for row in lab.store.runs.all()] == ["quick-1"], "a double click is one press"
    monkeypatch.setattr("ui.run_control.start._DOUBLE_CLICK_S", 0.0)
    page.button(key="start-train").click().run()
    assert [row.name for row in lab.store.runs.all()] == ["quick-2", "quick-1"]
    assert lab.studio.current().name == "quick-1"
    page.button(key="mend").click().run()
    assert page.session_state["seed"] == 14 and "with this recipe and seed" not in text(page)


def test_a_press_on_start_that_a_change_of_page_overtook_starts_nothing_later(open_page, lab):
    page = open_page("Train")
    page.session_state["pressed-start"] = page.session_state["visit"]
    open_page("Data", visit=page)
    open_page("Train", visit=page)
    assert lab.store.runs.all() == []


def test_a_fresh_lab_opens_with_the_quick_preset_for_the_data_at_hand(open_page):
    page = open_page("Train")
    assert page.segmented_control(key="preset").value == "quick" and not page.query_params
    assert "Quick: good within seconds." in texts(page) and labels(page) == ["Start"]
    assert {name: page.session_state[name] for name in FIELDS} == vars(preset("quick", "digits"))


def test_where_mnist_is_at_hand_a_fresh_lab_opens_with_it(open_page, mnist):
    page = open_page("Train")
    assert {name: page.session_state[name] for name in FIELDS} == vars(preset("quick", "recipe-split"))


def test_data_that_were_chosen_on_another_page_keep_their_preset(open_page, mnist):
    page = open_page("Data")
    page.selectbox(key="dataset").set_value("mnist").run()
    open_page("Train", visit=page)
    assert page.segmented_control(key="preset").value == "quick" and page.session_state["dataset"] == "mnist"


@pytest.mark.parametrize("name", ["recipe", "tiny", "quick"])
def test_what_was_chosen_is_there_after_a_reload(open_page, name):
    page = open_page("Train")
    page.segmented_control(key="preset").set_value(name).run()
    again = open_page("Train", **page.query_params)
    assert again.segmented_control(key="preset").value == name


def test_what_will_go_wrong_is_said_before_start_and_mended_in_one_press(train, lab):
    said = [line for line in texts(train) if "144 steps are too few for batch normalisation" in line]
    assert len(said) == 1
    train.button(key="mend").click().run()
    assert train.session_state["batch_norm_momentum"] == 0.9 and "too few for batch normalisation" not in text(train)
    assert lab.store.runs.all() == [], "it changes the form and starts nothing"


def test_a_branch_is_not_warned_of_what_a_start_from_scratch_is(open_page, lab, trainer):
    run = finished(lab, trainer)
    page = open_page("Train", **SMALL.to_query())
    assert "mend" in {button.key for button in page.button}
    page.session_state["branch"] = (run.run_id, 1)
    page.run()
    assert "mend" not in {button.key for button in page.button}


def parting(lab, trainer):
    """In its second epoch, after a first that read 92 % of the training images and 10 % of the others."""
    trainer.scores = {"accuracy": 0.92, "val_accuracy": 0.1}
    return running(lab, trainer)


def test_training_far_above_validation_is_said_over_the_curves_and_one_press_tries_the_cure(open_page, lab, trainer):
    run = parting(lab, trainer)
    page = open_page("Train")
    assert "Training 92%, validation 10%: batch normalisation averages over 100 steps, too many for a run of 30." in text(page)
    page.button(key="cure").click().run()
    cure = SMALL.changed(batch_norm_momentum=0.83)
    assert lab.store.runs.all()[0].recipe == cure
    assert {name: page.session_state[name] for name in FIELDS} == vars(cure), "the form holds what was started"
    assert not lab.studio.snapshot(run.run_id).ending, "a run that this browser did not start goes on"


def test_the_cure_stops_the_run_that_it_is_for(open_page, lab, trainer):
    trainer.scores = {"accuracy": 0.92, "val_accuracy": 0.1}
    page = open_page("Train", **SMALL.to_query())
    page.button(key="start-train").click().run()
    run = lab.studio.current()
    trainer.step_allowed.release(13)
    until(lab.studio, run, lambda run: run.step == 13 and run.state == "running")
    page.run()
    page.button(key="cure").click().run()
    assert until(lab.studio, lab.studio.snapshot(run.run_id), ended).state == "stopped"


def test_the_cure_of_overfitting_branches_off_the_best_epoch(open_page, lab, trainer):
    trainer.scores = {"accuracy": 0.99}
    trainer.val_loss = {1: 0.2, 2: 0.3, 3: 0.3, 4: 0.3}.__getitem__
    run = finished(lab, trainer, SMALL.changed(epochs=4, batch_norm_momentum=0.8, rotation_deg=0))
    page = open_page("Train")
    page.button(key="cure").click().run()
    assert not page.exception and not page.error
    branch = lab.store.runs.all()[0]
    assert (branch.parent_id, branch.parent_epoch) == (run.run_id, 4), text(page)


def test_pause_becomes_resume_and_back(open_page, lab, trainer):
    run = running(lab, trainer)
    page = open_page("Train")
    page.button(key="pause-train").click().run()
    until(lab.studio, run, lambda run: run.state == "paused")
    page.run()
    assert labels(page)[-3:] == ["Resume", "Stop", "Start another"]
    assert any("paused" in bar.text for bar in page.main.get("progress"))
    page.button(key="resume-train").click().run()
    until(lab.studio, lab.studio.snapshot(run.run_id), lambda run: run.state == "running")
    assert labels(page.run())[-3:] == ["Pause", "Stop", "Start another"]


def test_stop_keeps_what_was_learned(open_page, lab, trainer):
    run = running(lab, trainer)
    page = open_page("Train")
    page.button(key="stop-train").click().run()
    until(lab.studio, run, ended)
    page.run()
    assert "**mine-1** was stopped after 1 s, its best weights are kept." in text(page)
    assert "2, cut short" in epochs(page)["epoch"].tolist()
    assert labels(page) == ["Start"]


def test_a_paused_run_can_be_resumed_from_any_page(open_page, lab, trainer):
    run = paused(lab, trainer)
    open_page("Data").button(key="resume-sidebar").click().run()
    until(lab.studio, run, lambda run: run.state == "running")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (preparing, "**mine-1** is getting ready: data and network are being prepared."),
        (first_epoch, "**mine-1** · epoch 1/3 · batch 3/10 · 100 images/s · 0 s · 3 s left"),
        (running, "**mine-1** · epoch 2/3 · batch 3/10 · 100 images/s · 1 s · 2 s left"),
        (running, "Epoch 1 of mine-1 reads 51.1% (46.0–56.2) of the validation images."),
        (
            finished,
            "**mine-1** has finished after 3 s (said about 5 s). Its best epoch, 3, reads 53.1% (47.9–58.2) of the "
            "validation images.",
        ),
        (interrupted, "**mine-1** was interrupted after 2 s, when the server ended; its finished epochs are kept."),
    ],
)
def test_where_a_run_stands_is_said_in_a_line(open_page, lab, trainer, state, words):
    state(lab, trainer)
    assert words in text(open_page("Train"))


def test_a_luckier_epoch_than_the_best_is_spoken_of(open_page, lab, trainer):
    trainer.val_loss = {1: 0.3, 2: 0.1, 3: 0.2}.__getitem__
    finished(lab, trainer)
    said = text(open_page("Train"))
    assert "Its best epoch, 2, reads 51.9% (46.8–57.1) of the validation images." in said
    why = "The best epoch is 2. Epoch 3 reads 53.1% (47.9–58.2): more, but within chance, and its loss is higher."
    assert why in said
    for shown in (1, 2):  # whichever is looked at, it is the best one that is spoken of
        assert why in text(open_page("Evaluate", epoch=str(shown)))
    assert why in text(open_page("Runs", run="mine-1"))
    assert "best epoch 2 (epoch 3: 53.0%, within chance)" in text(open_page("Lab"))


def test_a_failure_is_one_sentence(open_page, lab, trainer):
    failed(lab, trainer)
    page = open_page("Train")
    assert [error.value for error in page.error] == [f"mine-1 could not go on. {FAILURE}"]
    assert labels(page) == ["Start", "Go back to the start, rate 0.00033"]


def test_a_finished_run_leads_to_its_mistakes_and_to_the_canvas(open_page, lab, trainer):
    run = finished(lab, trainer)
    links = {link.label: link.proto.query_string for link in open_page("Train").main.page_link}
    assert links == {"See its mistakes": f"run={run.run_id}", "Draw for it": f"run={run.run_id}"}


def test_a_preset_sets_every_value_but_the_data(unfolded):
    turn(unfolded, validation_share=0.3).run()
    unfolded.segmented_control(key="preset").set_value("quick").run()
    quick = preset("quick", "digits").changed(validation_share=0.3)
    assert {name: unfolded.session_state[name] for name in vars(quick)} == vars(quick)
    assert unfolded.selectbox(key="architecture").value == "compact"
    assert unfolded.session_state["epochs"] == quick.epochs
    unfolded.segmented_control(key="preset").set_value("recipe").run()
    assert ADAPTED in texts(unfolded)


def test_on_its_own_data_the_recipe_is_the_published_one(open_page, mnist):
    assert "2018 recipe: as published." in texts(open_page("Train", dataset="recipe-split"))


def test_a_preset_stays_itself_when_the_data_change(open_page, mnist):
    """Its values may be others for other data, which must not turn it into "mine"."""
    page = unfold(open_page("Train", **preset("quick", "digits").to_query()), "Data", "Learning")
    page.selectbox(key="dataset").set_value("recipe-split").run()
    assert page.segmented_control(key="preset").value == "quick"
    assert page.session_state["epochs"] == preset("quick", "recipe-split").epochs


def test_a_changed_value_makes_the_recipe_ones_own_and_is_named(unfolded):
    turn(unfolded, epochs=5)
    unfolded.selectbox(key="optimizer").set_value("adam").run()
    assert unfolded.segmented_control(key="preset").value == "mine"
    changed = ["batch normalisation momentum 0.99", "optimiser Adam", "epochs 5", "batch size 128"]
    assert "2018 recipe, but" in texts(unfolded) and labels(unfolded)[:4] == changed
    unfolded.button(key="chip-optimizer").click().run()
    assert unfolded.session_state["optimizer"] == "rmsprop" and labels(unfolded)[:3] == [changed[0], *changed[2:]]


def test_a_closed_group_says_what_is_in_it(train):
    turn(train, epochs=5).run()
    train.button(key="group-Learning").click().run()
    assert "**Learning** – RMSprop, rate 0.001, Exponential, x 0.90 per epoch, ..." in texts(train)


def test_a_setting_is_found_by_its_name_or_description(train):
    train.text_input(key="find-setting").set_value("smooth").run()
    assert list(sliders(train)) == ["label_smoothing"]
    train.text_input(key="find-setting").set_value("hyperdrive").run()
    assert "No setting has “hyperdrive” in its name or description." in texts(train) and not sliders(train)


def test_a_closed_group_keeps_its_values_and_an_open_one_shows_all_its_fields(train):
    turn(train, epochs=5).run()
    assert sliders(train)["epochs"]["value"] == 5, "the group closed when a value in its header changed"
    assert {each for each in FIELDS if train.session_state[each] is not None} == set(FIELDS)
    train.button(key="group-Learning").click().run()
    assert "epochs" not in sliders(train) and "optimizer" not in {each.key for each in train.selectbox}
    train.button(key="start-train").click().run()
    assert "epochs=5" in str(train.query_params) or train.query_params["epochs"] == "5"
    train.button(key="group-Learning").click().run()
    assert sliders(train)["epochs"]["value"] == 5


def test_values_survive_a_change_of_page(unfolded, open_page):
    turn(unfolded, epochs=7)
    unfolded.selectbox(key="schedule").set_value("plateau")
    unfolded.toggle(key="batch_norm").set_value(False).run()
    for title in ("Data", "Draw", "Lab", "Train"):
        open_page(title, visit=unfolded)
    assert unfolded.session_state["epochs"] == 7
    assert unfolded.selectbox(key="schedule").value == "plateau"
    assert unfolded.toggle(key="batch_norm").value is False


def test_a_link_carries_the_recipe(open_page, train):
    opened = open_page("Train", **SMALL.to_query())
    opened.button(key="start-train").click().run()
    assert "**mine-1**" in text(opened)
    assert {name: opened.session_state[name] for name in vars(SMALL)} == vars(SMALL)


def test_a_choice_goes_into_the_address_bar_by_its_key(unfolded):
    unfolded.selectbox(key="optimizer").set_value("adam").run()
    assert unfolded.query_params == {"optimizer": "adam"}
    unfolded.selectbox(key="optimizer").set_value("rmsprop").run()
    assert unfolded.query_params == {"dataset": "digits"}, "a bare address would open with quick"


@pytest.mark.parametrize("query", [{"epochs": "0"}, {"epochs": "1e9"}, {"batch_size": "x"}, {"optimizer": "prayer"}])
def test_a_link_with_a_value_that_cannot_be_falls_back_to_the_published_one(open_page, query):
    page = open_page("Train", **query)
    assert not page.error
    assert {name: page.session_state[name] for name in FIELDS} == vars(Recipe())


def test_a_value_that_nothing_reads_is_not_in_the_way(unfolded):
    assert "decay" in sliders(unfolded) and "plateau_patience" not in sliders(unfolded)
    unfolded.selectbox(key="schedule").set_value("plateau").run()
    assert "decay" not in sliders(unfolded) and not sliders(unfolded)["plateau_patience"]["disabled"]
    unfolded.text_input(key="find-setting").set_value("decay").run()
    assert sliders(unfolded)["decay"]["disabled"], "found, and at rest"


def test_without_its_data_nothing_starts_and_the_page_says_how_to_get_them(open_page, lab):
    page = open_page("Train", dataset="recipe-split")
    page.button(key="start-train").click().run()
    assert not page.exception
    assert ["python -m core data fetch mnist" in error.value for error in page.error] == [True, True]
    assert not lab.store.runs.all()
    unfold(page, "Data").selectbox(key="dataset").set_value("digits").run()
    assert not page.error


def test_each_epoch_has_its_line(open_page, lab, trainer):
    stopped(lab, trainer)
    assert epochs(open_page("Train"))["validation accuracy"].tolist() == ["51.00%", "52.00%"]


def test_before_start_the_page_says_what_to_expect(open_page, lab, trainer):
    quick = preset("quick", "digits")
    page = open_page("Train", **quick.to_query())
    assert any(line.startswith("about ") and "98.1% expected" in line for line in texts(page)), "before it is measured, too"
    lab.store.speeds.save(machine.name(), quick.architecture, "float32", Speed(flop_per_s=1e11, step_s=0.01, startup_s=2.0))
    page = open_page("Train", **quick.to_query())
    assert any(re.match(r"about \d+ s, 98\.1% expected", line) for line in texts(page)), texts(page)
    finished(lab, trainer, quick.changed(epochs=2))
    page = open_page("Train", **quick.changed(epochs=2, seed=99).to_query())
    assert "52.0% expected (1 run here)" in text(page)


def test_a_run_that_was_deleted_elsewhere_is_told_once(open_page, lab, trainer, monkeypatch):
    running(lab, trainer)

    def gone(run_id):
        raise RunMissing("This run is gone.")

    monkeypatch.setattr(lab.studio, "snapshot", gone)
    page = open_page("Train")
    assert [each.value for each in page.error] == ["This run is gone."]


def test_a_run_that_the_record_does_not_hold_yet_says_so_on_lab_train_and_its_own_page(open_page, lab, trainer, data_dir):
    run = running(lab, trainer)
    (lab.store.runs.folder(run.run_id) / "validation-002.npz").mkdir()  # in the way
    trainer.step_allowed.release(17)
    run = until(lab.studio, run, ended)
    assert run.state == "finished" and run.unwritten
    for title, query in (("Lab", {}), ("Train", {}), ("Runs", {"run": run.run_id})):
        page = open_page(title, **query)
        assert any("is not in the record yet. It is written as soon as that works." in each.value for each in page.warning), title
