"""The list of runs, the boards, runs side by side: from rows alone."""

from core.recipe import Recipe
from core.recipe.presets import preset
from core.runs import comparison_table, leaderboards, listing
from core.runs.snapshot import Epoch
from core.runs.summary import Reached, RunSummary


def row(number, accuracy=None, *, reached=None, recipe=None, **changes):
    best = accuracy and Epoch(3, 0.1, 0.9, 1 - accuracy, accuracy, 0.001, 2.0, 600.0)
    first = reached and Reached(2, reached, 0.991)
    given = {"name": f"mine-{number}", "state": "finished", "created": 0.0, "active_s": 10.0 * number} | changes
    return RunSummary(
        run_id=f"id{number}",
        number=number,
        recipe=recipe or Recipe(),
        num_validation=1000 if best else 0,
        num_epochs=3 if best else 0,
        best=best or None,
        reached=first or None,
        **given,
    )


def names(rows):
    return [each.name for each in rows]


def test_a_run_is_listed_where_each_word_is_in_its_name_tags_or_note():
    rows = [row(1, note="wide"), row(2, tags=("Thin pen",)), row(3, name="thin one", note="too wide")]
    assert names(listing.listed(rows, words="THIN")) == ["thin one", "mine-2"]
    assert names(listing.listed(rows, words="thin wide")) == ["thin one"]


def test_runs_are_sorted_and_those_without_a_score_come_last():
    rows = [row(3), row(2, 0.9), row(1, 0.95, starred=True, recipe=Recipe(filters_1=2))]
    assert names(listing.listed(rows, order="accuracy")) == ["mine-1", "mine-2", "mine-3"]
    assert names(listing.listed(rows, order="parameters"))[0] == "mine-1"
    assert names(listing.listed(rows, starred=True)) == ["mine-1"]
    assert names(listing.listed([row(1, state="paused"), *rows[:1]], state="training")) == ["mine-1"]


def test_what_sets_a_recipe_apart_is_told_from_the_nearest_preset():
    assert listing.differences(Recipe(dataset="recipe-split", seed=5)) == ("2018 recipe", "seed 5")
    quick = preset("quick", "digits").changed(optimizer="sgd", filters_1=20, validation_share=0.3)
    assert listing.differences(quick) == ("Quick", "30% for validation", "filters 20/48/64/96", "SGD with momentum")


def test_what_does_not_fit_is_counted_and_nothing_is_cut():
    texts = ("Quick", "rate 0.003", "6 epochs", "batch 64")
    assert listing.shortened(texts, 100) == list(texts)
    assert listing.shortened(texts, 32) == ["Quick", "rate 0.003", "+2"]
    assert listing.shortened(texts, 5) == ["Quick", "+3"]
    assert listing.shortened(texts[:1], 0) == ["Quick"]


def test_the_published_recipe_differs_from_itself_in_nothing_whatever_the_data():
    assert listing.from_published(Recipe(dataset="mnist", split_seed=3)) == []
    assert listing.from_published(Recipe(epochs=3, filters_1=2, filters_2=3)) == ["filters 2/3/64/64", "3 epochs"]


def test_a_board_holds_runs_on_the_same_images_and_says_how_many_qualify():
    mnist = Recipe(dataset="mnist")
    rows = [
        row(1, 0.992, reached=30.0),
        row(2, 0.995, reached=40.0, recipe=Recipe(filters_1=2)),
        row(3, 0.98),
        row(4),
        row(5, 0.999, reached=1.0, recipe=mnist),
        row(6, 0.996, reached=2.0, parent_id="id1"),
    ]
    groups = leaderboards.groups(rows)
    assert [len(group) for group in groups.values()] == [4, 1]
    here = groups[Recipe().validation_key]
    best, quickest, smallest = (
        board(here) for board in (leaderboards.best_accuracy, leaderboards.seconds_to_target, leaderboards.parameters_for_target)
    )
    assert [place.row.number for place in best.places] == [6, 2, 1, 3]
    assert [(place.row.number, place.figure) for place in quickest.places] == [(1, 30.0), (2, 40.0)]  # a branch had a head start
    assert smallest.places[0].row.number == 2 and (smallest.num_qualified, smallest.num_runs) == (3, 4)
    for board in (quickest, smallest):
        accuracy = board.places[0].accuracy  # where it was reached: the best epoch may read less than that asks for
        assert accuracy.share == 0.991 and accuracy.low < 0.991 < accuracy.high


def test_the_best_of_each_line_is_marked_unless_the_images_differ():
    rows = [row(1, 0.95), row(2, 0.97, hand=(9, 10)), row(3, 0.97)]
    lines = {line.label: line for line in comparison_table.figures(rows)}
    assert lines["Accuracy"].texts[0] == "95.0%" and lines["95% interval"].texts[0] == "93.5–96.2%"
    assert lines["Accuracy"].best == {1, 2} and lines["Seconds"].best == {0}
    assert lines["Parameters"].best == frozenset()  # all level
    assert lines["My hand"].texts[1].startswith("90.0%") and lines["My hand"].texts[0] == ""
    apart = [row(1, 0.95), row(2, 0.97, recipe=Recipe(dataset="mnist"))]
    assert not comparison_table.comparable(apart)
    assert {line.label: line.best for line in comparison_table.figures(apart)}["Accuracy"] == frozenset()


def test_recipes_are_compared_in_the_fields_that_differ_or_in_all():
    rows = [row(1), row(2, recipe=Recipe(batch_norm=False))]
    assert [(line.label, line.texts) for line in comparison_table.recipes(rows)] == [("Batch normalisation", ["on", "off"])]
    assert len(comparison_table.recipes(rows, every=True)) > 20
