"""A link opened elsewhere shows the same, and hides what it says."""

import numpy as np
import pytest

from core.datasets.validation import validation_part
from core.recipe.presets import preset
from tests.pages.reading import text
from tests.pages.states import SMALL, finished


def navigation(visit):
    return [link.label for link in visit.sidebar.page_link]


def test_a_recipe_alone_prepares_a_run_on_the_lab_and_starts_nothing(open_page, lab):
    visit = open_page("Lab", recipe="quick,epochs:9")
    assert visit.title[0].value == "Lab" and lab.store.runs.all() == []
    wanted = preset("quick", "digits").changed(epochs=9)
    assert {name: visit.query_params.get(name) for name in wanted.to_query()} == wanted.to_query()
    assert "recipe" not in visit.query_params


@pytest.mark.parametrize(
    ("title", "query", "sentence"),
    [
        ("Lab", {"recipe": "quick,epochs:many"}, "Epochs is 'many'; it must be a whole number from 1 to 500."),
        ("Train", {"optimizer": "prayer"}, "Optimiser is 'prayer'; choose one of"),
        ("Runs", {"chosen": "mine-1,mine-9", "sort": "luck"}, "The link says chosen=mine-9; there is no such run here."),
        ("Runs", {"sort": "luck"}, "The link says sort=luck; it must be one of: newest, accuracy"),
        ("Runs", {"hide": "kaggle,sun"}, "The link says hide=sun; what can be hidden is: data, train"),
        ("Runs", {"run": "nobody"}, "The link says run=nobody; there is no such run here, so all of them are listed."),
        ("Evaluate", {"run": "nobody"}, "The link says run=nobody; there is no such run here"),
        ("Evaluate", {"epoch": "9"}, "The link says epoch=9; it must be a number from 1 to 3."),
        ("Evaluate", {"cell": "4-x"}, "The link says cell=4-x; it is written like 4-9"),
        ("Evaluate", {"view": "mistakes", "image": "-1"}, "The link says image=-1; that image is not among the errors"),
    ],
)
def test_what_a_link_says_wrong_is_told_in_a_sentence_and_the_rest_holds(open_page, lab, trainer, title, query, sentence):
    finished(lab, trainer)
    visit = open_page(title, **query)
    (warning,) = visit.warning
    assert sentence in warning.value.replace("\\", "")
    assert not visit.error
    assert len(warning.value.split("  \n")) == len(query) or title == "Evaluate"


def test_what_several_bad_values_have_in_common_is_said_once(open_page):
    (warning,) = open_page("Train", epochs="0", batch_size="x", optimizer="prayer").warning
    lines = warning.value.split("  \n")
    assert len(lines) == 3 and warning.value.count("The rest of the link was applied.") == 1
    assert lines[-1].endswith("The rest of the link was applied.")


def test_somebody_else_s_words_bring_no_picture_with_them(open_page, lab, trainer):
    finished(lab, trainer)
    (warning,) = open_page("Runs", sort="![x](http://a.b/c.png)").warning
    assert "\\!\\[x\\](http\\://\N{WORD JOINER}a.b/c.png)" in warning.value


def test_epoch_cell_and_image_come_from_the_link(open_page, lab, trainer, monkeypatch):
    monkeypatch.setattr("ui.evaluate.mistakes.nearest", lambda *given: None)  # it would ask the network
    finished(lab, trainer)
    visit = open_page("Evaluate", run="mine-1", epoch="2", cell="4-9")
    assert "A 4, read as 9" in text(visit) and visit.select_slider[0].value == 2
    assert {name: visit.query_params[name] for name in ("run", "epoch", "cell")} == {"run": "mine-1", "epoch": "2", "cell": "4-9"}
    part = validation_part(SMALL)
    image = int(part.rows[np.flatnonzero(part.labels == 8)[0]])
    visit = open_page("Evaluate", view="mistakes", order="digit", image=str(image))
    assert "An 8, read as 1" in text(visit) and f"Image {image:,} of the data set." in text(visit)
    assert visit.query_params["image"] == str(image) and visit.query_params["order"] == "digit"


def test_another_run_begins_without_the_epoch_of_the_one_before(open_page, lab, trainer):
    finished(lab, trainer)
    finished(lab, trainer, SMALL.changed(seed=2))
    visit = open_page("Evaluate", run="mine-1", epoch="2", cell="4-9")
    visit.selectbox(key="run").set_value("mine-2").run()
    assert visit.query_params["run"] == "mine-2" and "epoch" not in visit.query_params and not visit.warning


def test_what_a_link_hides_stays_hidden_on_the_next_pages_until_one_says_otherwise(open_page, lab, trainer):
    finished(lab, trainer)
    visit = open_page("Train", hide="kaggle,presets,network,layers,boards,delete,links")
    assert "Kaggle" not in navigation(visit) and "Draw" in navigation(visit)
    assert not {button.key for button in visit.button} & {"group-Network", "class-link"}
    assert [each.key for each in visit.segmented_control] == ["show"]
    assert visit.segmented_control(key="show").options == ["Curves", "Epochs", "Rates"]
    visit.query_params.clear()  # as a link without a query does
    visit = open_page("Runs", visit=visit, chosen="mine-1")
    assert "Kaggle" not in navigation(visit) and visit.query_params["hide"].startswith("kaggle,presets")
    assert "Leaderboards" not in text(visit) and "delete-runs" not in {button.key for button in visit.button}
    visit = open_page("Runs", visit=visit, hide="")
    assert "Kaggle" in navigation(visit) and "Leaderboards" in text(visit)


def test_a_renamed_run_is_found_by_the_link_that_was_made_before(open_page, lab, trainer):
    run = finished(lab, trainer)
    finished(lab, trainer, SMALL.changed(seed=2))
    lab.studio.annotate(run.run_id, name="wide")
    visit = open_page("Evaluate", run="mine-1")
    assert visit.selectbox(key="run").value == "mine-1" and not visit.warning and visit.query_params["run"] == "mine-1"
