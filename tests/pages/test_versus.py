import pytest

from tests.fakes import ended, until
from tests.pages.conftest import EIGHT_AS_ONE, FOUR_AS_NINE
from tests.pages.reading import plots, text
from tests.pages.states import SMALL, finished

OTHER = SMALL.changed(filters_1=3)


@pytest.fixture
def two_runs(lab, trainer, perfect):
    """mine-1 reads everything, mine-2 misreads a few fours and eights."""
    scripted, trainer.probabilities = trainer.probabilities, perfect
    finished(lab, trainer, OTHER)
    trainer.probabilities = scripted
    return finished(lab, trainer)


@pytest.fixture
def versus(open_page, two_runs):
    return open_page("Evaluate", view="versus")


def headings(page):
    return [each.value for each in page.main.header]


def test_the_only_run_is_told_what_to_train(open_page, lab, trainer):
    finished(lab, trainer)
    page = open_page("Evaluate", view="versus")
    assert page.info[0].value == (
        "No other run was scored on the same images as mine-1. Train another one on Built-in digits, with 20% kept for "
        "validation and split seed 13, then compare."
    )


def test_a_run_on_other_images_is_not_offered(open_page, lab, trainer):
    finished(lab, trainer, SMALL.changed(split_seed=14))
    finished(lab, trainer)
    assert "No other run" in open_page("Evaluate", view="versus").info[0].value


def test_the_verdict_has_scores_p_and_counts(versus):
    assert (
        "**98.1% and 100.0% on 360 images really differ, mine-1 is better than mine-2 (p = .016): "
        "mine-2 alone reads 0 of them, mine-1 alone 7.**"
    ) in text(versus)


def test_the_images_that_one_alone_reads_are_counted_and_shown(versus):
    assert headings(versus)[:2] == ["Only mine-2 reads these: 0", f"Only mine-1 reads these: {FOUR_AS_NINE + EIGHT_AS_ONE}"]
    assert [len(each.proto.imgs) for each in versus.get("image")] == [1]


def test_curves_and_difference_name_both_runs(versus):
    alts = plots(versus)
    assert "Confusion matrix of mine-2 minus that of mine-1" in alts
    assert "Validation accuracy over the epochs, mine-2 and mine-1" in alts


def test_runs_that_answer_alike_cannot_be_told_apart(open_page, lab, trainer):
    for recipe in (OTHER, SMALL):
        finished(lab, trainer, recipe)
    assert "cannot be told apart (p = 1.00)" in text(open_page("Evaluate", view="versus"))


def test_the_choice_of_the_other_run_is_in_the_address_and_outlasts_a_change_of_page(versus, lab, trainer, open_page):
    finished(lab, trainer, OTHER.changed(filters_2=3))
    page = open_page("Evaluate", view="versus", run="mine-2")
    assert page.selectbox(key="other").value == "mine-3"
    page.selectbox(key="other").set_value("mine-1").run()
    assert page.query_params["other"] == "mine-1"
    del page.query_params["other"]
    open_page("Data", visit=page)
    open_page("Evaluate", visit=page)
    assert page.selectbox(key="other").value == "mine-1"


def test_a_link_names_both_runs_and_one_to_a_run_that_is_gone_the_newest(open_page, two_runs, lab, trainer):
    finished(lab, trainer, OTHER.changed(filters_2=3))
    assert open_page("Evaluate", view="versus", run="mine-2", other="mine-1").selectbox(key="other").value == "mine-1"
    assert open_page("Evaluate", view="versus", run="mine-2", other="mine-77").selectbox(key="other").value == "mine-3"


def test_another_run_takes_the_place_of_one_that_was_deleted_and_no_link_is_blamed(versus, lab, trainer):
    finished(lab, trainer, OTHER.changed(filters_2=3))
    versus.query_params["run"] = "mine-2"
    versus.run()
    assert versus.query_params["other"] == "mine-1"
    lab.studio.throw_away([row.run_id for row in lab.store.runs.all() if row.name == "mine-1"])
    versus.run()
    assert versus.query_params["other"] == "mine-3" and not versus.warning


def test_the_other_runs_predictions_that_are_gone_are_one_sentence(open_page, two_runs, lab):
    (other,) = [row for row in lab.store.runs.all() if row.name == "mine-1"]
    for path in lab.store.runs.folder(other.run_id).glob("validation-*.npz"):
        path.unlink()
    lab.studio._live_runs._snapshots.clear()
    page = open_page("Evaluate", view="versus", run="mine-2")
    assert [each.value for each in page.warning] == ["The predictions of mine-1 are gone. Choose another run."]


def test_one_seed_is_told_how_to_become_a_group(versus):
    assert "Train the same recipe with another seed" in text(versus)
    assert "Mean accuracy" not in [metric.label for metric in versus.metric]


def test_runs_that_differ_in_the_seed_alone_make_a_group(open_page, lab, trainer):
    for seed in (1, 2, 3):
        finished(lab, trainer, SMALL.changed(seed=seed))
    page = open_page("Evaluate", view="versus")
    figures = {metric.label: metric.value for metric in page.metric}
    assert figures["Runs, each with its own seed"] == "3"
    assert figures["Mean accuracy"] == "53.00%"
    assert figures["Standard deviation"] == "0.00 points"
    assert "mine-1, mine-2, mine-3. The last epoch of each counts" in text(page)


def test_while_the_other_seed_trains_the_page_stays_and_says_so(versus, lab):
    versus.button(key="another-seed").click().run()
    assert "Training or in the queue: mine-3." in text(versus)
    assert "really differ" in text(versus)
    versus.button(key="another-seed").click().run()
    assert sorted(row.recipe.seed for row in lab.store.runs.all()) == [13, 13, 14, 15]


def test_another_seed_is_trained_and_the_page_stays_with_its_run(versus, lab, trainer):
    trainer.step_allowed.release(30)
    versus.button(key="another-seed").click().run()
    newest = lab.studio.newest()
    assert newest.recipe == SMALL.changed(seed=14)
    until(lab.studio, newest, ended)
    versus.run()
    assert versus.query_params["run"] == "mine-2"
    assert "Only mine-2 reads these: 0" in headings(versus)
    assert "2" in [metric.value for metric in versus.metric]
