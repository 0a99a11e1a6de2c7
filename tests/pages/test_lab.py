"""The Lab: settings, curves, mistakes and canvas on one page."""

import pytest

from core.recipe.presets import PRESETS, preset
from tests.drawn import stroke
from tests.fakes import SOON_S, ended, until
from tests.pages.conftest import PATHS
from tests.pages.reading import PYTHON, has_canvas, plots, sliders, text, texts
from tests.pages.states import FAILURE, SMALL, failed, finished, first_epoch, interrupted, paused, preparing, running, stopped
from ui.lab import settings

CURVES = "Loss and accuracy of {} over the epochs, training and validation"
MATRIX = "Confusion matrix of {}: rows true digits, columns digits read"


def pressed(page):
    """The buttons of the page by their labels."""
    return [button.label for button in page.main.button]


def test_a_fresh_lab_is_set_to_the_quick_preset_on_the_built_in_digits(open_page, lab):
    page = open_page("Lab")
    assert page.title[0].value == "Lab" and has_canvas(page)
    assert page.selectbox(key="preset").value == "quick" and page.selectbox(key="dataset").value == "digits"
    assert page.button(key="get-mnist").label == "Get MNIST, 11 MB"
    page.button(key="start-lab").click().run()
    assert not page.exception and not page.error
    assert lab.studio.current().recipe == preset("quick", "digits")


def test_with_mnist_at_hand_it_is_set_to_that(open_page, lab, mnist):
    page = open_page("Lab")
    assert "get-mnist" not in {button.key for button in page.button}
    page.button(key="start-lab").click().run()
    assert not page.exception and not page.error
    assert lab.studio.current().recipe == preset("quick", "recipe-split")


def test_a_link_with_a_field_is_followed_and_not_made_quick(open_page):
    page = open_page("Lab", epochs="6")
    assert sliders(page)["epochs"]["value"] == 6 and page.session_state["optimizer"] == "rmsprop"
    assert page.query_params["epochs"] == ["6"] or page.query_params["epochs"] == "6"


def test_what_was_held_elsewhere_is_kept(open_page):
    train = open_page("Train", **SMALL.to_query())
    page = open_page("Lab", visit=train)
    assert {name: page.session_state[name] for name in vars(SMALL)} == vars(SMALL)


def test_eight_sliders_say_what_the_preset_holds(open_page):
    shown = sliders(open_page("Lab", **PRESETS["recipe"].changed(dataset="digits", epochs=13).to_query()))
    assert list(shown) == ["learning_rate", "batch_size", "epochs", "dropout", "width", "rotation_deg", "shift", "zoom"]
    assert [row["value"] for row in shown.values()] == [0.001, 128, 13, 35, 1, 10, 10, 10]
    assert shown["epochs"]["usual"] == 12


def test_every_stop_of_every_slider_can_be_in_a_recipe(open_page):
    shown = sliders(open_page("Lab"))
    base = preset("quick", "digits")
    for name, row in shown.items():
        assert sorted(set(row["stops"])) == row["stops"] and row["low"] <= row["stops"][0] and row["stops"][-1] <= row["high"]
        for stop in row["stops"]:
            assert base.changed(**changed(base, {name: stop})) is not None


def changed(base, values):
    """What the sliders' `values` set of a recipe, without a page."""
    with pytest.MonkeyPatch.context() as patch:
        found = {}
        patch.setattr("ui.held_recipe.change", lambda **changes: found.update(changes))
        settings.take(values, base)
    return found


def test_a_slider_sets_its_field_and_the_two_that_stand_for_several_set_those():
    base = preset("quick", "recipe-split")
    assert changed(base, {"shift": 7.0, "epochs": 9.0}) == {"shift": 0.07, "epochs": 9}
    assert changed(base, {"dropout": 35}) == {"dropout_conv": 0.35, "dropout_dense": 0.5}
    assert changed(base, {"dropout": 0}) == {"dropout_conv": 0.0, "dropout_dense": 0.0}
    assert changed(base, {"dropout": 90}) == {"dropout_conv": 0.9, "dropout_dense": 0.9}
    assert changed(base, {"width": 0.5}) == {"filters_1": 16, "filters_2": 16, "filters_3": 32, "filters_4": 32}
    assert changed(base, {"width": 8})["filters_3"] == 256


@pytest.mark.parametrize("name", PRESETS)
def test_the_dropout_before_the_output_goes_with_the_other_in_every_preset(name):
    recipe = PRESETS[name]
    assert settings.dense_dropout(recipe.dropout_conv) == recipe.dropout_dense


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("factor", settings._WIDTHS)
def test_a_width_is_read_back_as_it_was_set_where_filters_are_not_too_few(name, factor):
    base = PRESETS[name]
    read = settings.width(base.changed(**settings.widened(base, factor)), base)
    assert read == pytest.approx(factor, abs=0.0 if min(base.filters_1, base.filters_2) > 10 else 0.1)


def test_filters_of_no_common_factor_are_a_mean_and_the_preset_stays_the_base(open_page):
    page = open_page("Lab")
    page.session_state["filters_2"] = 2 * page.session_state["filters_2"]
    page.session_state["epochs"] = 3
    page.run()
    shown = sliders(page)
    assert (
        shown["width"]["value"] == pytest.approx(2**0.25, abs=0.01)
        and shown["epochs"]["usual"] == preset("quick", "digits").epochs
    )
    assert page.selectbox(key="preset").value == "mine"


def test_a_preset_is_chosen_from_the_list(open_page):
    page = open_page("Lab")
    page.selectbox(key="preset").set_value("tiny").run()
    assert sliders(page)["epochs"]["value"] == preset("tiny", "digits").epochs
    assert {name: page.session_state[name] for name in vars(PRESETS["tiny"])} == vars(preset("tiny", "digits"))


def test_before_the_first_run_the_starter_network_stands_there_and_answers(there, open_page, lab, draw_on_canvas):
    page = open_page("Lab")
    assert any("<strong>The starter network</strong>" in each and "<b>99.00%</b>" in each for each in htmls(page))
    assert CURVES.format("The starter network") + ", best epoch 7 with 99.0%" in plots(page)
    draw_on_canvas(stroke(252, places=(115,))[:252])
    page.run()
    assert any("lab-digit" in each and "The starter network" in each for each in htmls(page))
    (key,) = [*lab.features.pending(), *lab.features._over]
    lab.features.wait(key, SOON_S)
    page.run()
    assert "360 images of Built-in digits, read by the starter network" in texts(page) and not page.exception


def htmls(page):
    return [each.proto.body for each in page.main if each.type == "html"] or [each.proto.body for each in page.get("html")]


def test_without_a_starter_network_the_page_says_what_to_do(open_page, lab):
    page = open_page("Lab")
    assert any("Press Start, and the curves grow here." in each for each in htmls(page))
    assert "Train a network first: it answers from its first epoch on." in texts(page)


@pytest.mark.parametrize(
    ("state", "buttons", "line"),
    [
        (preparing, ["Pause", "Stop", "Start another"], "getting ready"),
        (first_epoch, ["Pause", "Stop", "Start another"], "epoch 1/3"),
        (running, ["Pause", "Stop", "Start another"], "100 images/s · 2 s left"),
        (paused, ["Resume", "Stop", "Start another"], "paused"),
        (finished, ["Start"], "finished in 3 s"),
        (stopped, ["Start"], "stopped after 1 s"),
        (failed, ["Start", "Go back to the start, rate 0.00033"], FAILURE),
        (interrupted, ["Start", "Resume"], "interrupted after 2 s"),
    ],
)
def test_where_the_run_stands_and_what_can_be_pressed(open_page, lab, trainer, state, buttons, line):
    state(lab, trainer)
    page = open_page("Lab")
    assert [each for each in pressed(page) if each in buttons] == buttons
    assert not {"Start", "Pause", "Resume", "Stop"} - set(buttons) & set(pressed(page))
    assert any(line in each for each in htmls(page))
    assert not page.error and not PYTHON.findall(text(page))


def test_pause_and_stop_steer_the_run(open_page, lab, trainer):
    run = running(lab, trainer)
    page = open_page("Lab")
    page.button(key="pause-lab").click().run()
    until(lab.studio, run, lambda run: run.state == "paused")
    page.run()
    page.button(key="stop-lab").click().run()
    until(lab.studio, run, ended)
    assert "Start" in pressed(page.run())


def test_another_run_can_be_queued_while_one_trains(open_page, lab, trainer):
    running(lab, trainer)
    open_page("Lab").button(key="start-lab").click().run()
    assert len(lab.studio.queue().waiting) == 1


def test_the_matrix_is_that_of_the_run_and_a_cell_opens_its_images(open_page, lab, trainer):
    finished(lab, trainer)
    page = open_page("Lab")
    assert MATRIX.format("mine-1, epoch 3") in plots(page)
    (cells,) = [each for each in page.selectbox if each.label == "Images of a cell"]
    assert [cells.format_func(each) for each in cells.options] if cells.options else True
    assert cells.options == ["all 7 errors", "4 read as 9: 5", "8 read as 1: 2"]
    assert "360 images of Built-in digits, read by mine-1, epoch 3" in texts(page)
    page.session_state["lab-cell"] = (4, 9)
    page.run()
    assert "360 images of Built-in digits, read by mine-1, epoch 3" in texts(page)
    page.session_state["lab-cell"] = (3, 0)
    page.run()
    assert "360 images of Built-in digits, read by mine-1, epoch 3: none in this cell" in texts(page)


def test_more_images_than_fit_are_a_link_to_evaluate(open_page, lab, trainer):
    run = finished(lab, trainer)
    page = open_page("Lab")
    (link,) = [each for each in page.main.page_link if each.label == "All 7"]
    assert link.proto.query_string == f"run={run.run_id}"
    assert open_page("Evaluate", run=run.run_id).query_params["run"] == "mine-1"


def test_a_drawing_is_read_by_the_newest_epoch_and_each_epoch_s_reading_is_kept(open_page, lab, trainer, draw_on_canvas):
    run = running(lab, trainer)
    draw_on_canvas(stroke(252, places=(115,))[:252])
    page = open_page("Lab")
    assert any("mine-1, epoch 1" in each and "lab-digit" in each for each in htmls(page))
    trainer.step_allowed.release(20)
    until(lab.studio, run, ended)
    page.run()
    (answer,) = [each for each in htmls(page) if "lab-digit" in each]
    assert "mine-1, epoch 3" in answer and "epoch 1:" in answer and "epoch 3:" in answer
    assert answer.count("<li") == 10


def test_until_its_first_epoch_the_network_before_answers(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer)
    first_epoch(lab, trainer)
    draw_on_canvas(stroke(252, places=(115,))[:252])
    assert any("mine-1, epoch 3" in each and "lab-digit" in each for each in htmls(open_page("Lab")))


def test_clear_and_undo_are_at_rest_on_an_empty_canvas(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer)
    page = open_page("Lab")
    assert page.button(key="clear").disabled and page.button(key="undo").disabled
    draw_on_canvas(stroke(252, places=(115,))[:252])
    page.run()
    assert not page.button(key="clear").disabled
    page.button(key="clear").click()
    draw_on_canvas(None, num_strokes=0)
    page.run()
    assert any("answers while you draw" in each for each in htmls(page))


def test_the_tour_is_closed_for_this_visit(open_page):
    page = open_page("Lab")
    assert any("Move a slider and press Start." in each for each in htmls(page))
    page.button(key="tour-close").click().run()
    open_page("Data", visit=page)
    open_page("Lab", visit=page)
    assert not any("Move a slider" in each for each in htmls(page))


def test_the_sidebar_leads_to_every_page(open_page):
    assert [link.label for link in open_page("Lab").sidebar.page_link] == list(PATHS)


def test_a_data_set_that_is_missing_is_a_sentence_after_start(open_page, lab, data_dir):
    (data_dir / "mnist.npz").write_bytes(b"not MNIST")
    page = open_page("Lab")  # the first page must not read 11 MB: the file counts by its name
    page.button(key="start-lab").click().run()
    assert not page.exception and "damaged or is not MNIST" in page.error[0].value
    assert not lab.store.runs.all()
