"""A challenge on Train, and who holds it, there and on Runs."""

from core.recipe import Recipe
from core.recipe.presets import preset
from tests.pages.reading import text, texts, turn
from tests.pages.states import finished

NARROW = Recipe(architecture="compact", filters_1=2, filters_2=2, filters_3=2, filters_4=2, epochs=1)


def buttons(page):
    return {button.key for button in page.button}


def test_a_challenge_says_how_far_the_form_is_from_its_limit_and_follows_it(open_page):
    page = open_page("Train", **preset("tiny", "digits").to_query())
    assert page.selectbox(key="challenge").value == "none" and "Held by" not in text(page)
    page.selectbox(key="challenge").set_value("digits-tiny").run()
    assert page.query_params["challenge"] == "digits-tiny"
    assert ":material/close: 4,851 parameters: 3,851 too many." in texts(page) and "Nobody holds it yet." in text(page)
    turn(page, filters_1=2, filters_2=2, filters_3=2, filters_4=2, dense_units=10).run()
    assert "parameters: within the limit." in text(page) and "too many" not in text(page)
    page.selectbox(key="challenge").set_value("digits-quick").run()
    assert " s forecast: " in text(page)


def test_challenges_are_on_data_at_hand(open_page, mnist):
    page = open_page("Train")
    assert any(
        "99% with at most 1,000 parameters, MNIST, the 2018 split" in each for each in page.selectbox(key="challenge").options
    )


def test_without_mnist_there_are_easier_ones_on_the_built_in_digits(open_page):
    page = open_page("Train")
    options = page.selectbox(key="challenge").options
    assert len(options) == 5 and not any("MNIST" in each for each in options)


def test_settings_with_other_validation_images_are_told_and_set_in_one_press(open_page):
    page = open_page("Train", dataset="digits", split_seed="7", challenge="digits-small")
    assert "these settings have other validation images" in text(page)
    page.button(key="challenge-cut").click().run()
    assert page.session_state["split_seed"] == 13 and "parameters: " in text(page)
    assert "challenge-cut" not in buttons(page)


def test_who_holds_it_is_said_on_train_and_on_runs_with_the_interval(open_page, lab, trainer):
    trainer.scores = {"val_accuracy": 0.96}
    run = finished(lab, trainer, NARROW)
    page = open_page("Train", challenge="digits-tiny")
    assert f"Held by {run.name}: 196 parameters, 96.1% (93.6" in text(page), text(page)
    runs = open_page("Runs")
    (frame,) = [each.value for each in runs.dataframe if "challenge" in each.value]
    line = frame.set_index("challenge").loc["95% with at most 1,000 parameters"]
    assert (line["held by"], line["with"], line["met by"]) == (run.name, "196 parameters", "1 of 1")
    assert line["accuracy"].startswith("96.1% (93.6")
    assert frame.set_index("challenge").loc["98% in at most 10 seconds of training"]["held by"] == "nobody yet"


def test_a_link_that_hides_the_leaderboards_hides_the_challenges(open_page, lab, trainer):
    finished(lab, trainer, NARROW)
    assert "challenge" not in {each.key for each in open_page("Train", hide="boards").selectbox}
    assert not [each for each in open_page("Runs", hide="boards").dataframe if "challenge" in each.value]
