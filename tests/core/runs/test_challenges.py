"""Challenges: who meets them, by rows alone."""

import pytest

from core.recipe import Recipe
from core.runs import challenges
from core.runs.challenges import CHALLENGES, IMAGES, PARAMETERS, SECONDS, Challenge
from core.runs.listing import parameters
from tests.core.runs.test_listing import row

WIDE, NARROW = Recipe(), Recipe(filters_1=2, filters_2=2, filters_3=2, filters_4=2, dense_units=10)
SMALL = Challenge(Recipe().validation_key, 0.96, 1000, PARAMETERS)
QUICK = Challenge(Recipe().validation_key, 0.96, 10, SECONDS)
FEW = Challenge(Recipe().validation_key, 0.96, 1000, IMAGES)


def held(challenge, *rows):
    return [place.row.number for place in challenges.leaderboard(challenge, rows).places]


def test_the_fewest_parameters_hold_a_challenge_of_size_and_the_accuracy_is_as_scored():
    narrower = NARROW.changed(filters_4=1)
    rows = row(1, 0.96, recipe=NARROW), row(2, 0.97, recipe=narrower), row(3, 0.99, recipe=WIDE), row(4, 0.9599, recipe=narrower)
    assert held(SMALL, *rows) == [2, 1], "too many parameters, and too low an accuracy, do not count"
    first = challenges.leaderboard(SMALL, rows).places[0]
    assert first.figure == parameters(narrower) and first.accuracy.low < 0.97 < first.accuracy.high
    assert held(SMALL, row(5, float("0.95999998"), recipe=NARROW)) == [5], "as 32-bit floats hold 96%"


def test_the_quickest_whole_run_holds_a_challenge_of_time_but_no_branch_and_none_that_still_trains():
    rows = (
        row(1, 0.97, active_s=9.0),
        row(2, 0.97, active_s=10.0),
        row(3, 0.97, active_s=10.1),
        row(4, 0.97, active_s=1.0, parent_id="id1"),
        row(5, 0.97, active_s=2.0, state="running"),
        row(6, active_s=1.0),
    )
    assert held(QUICK, *rows) == [1, 2]


def test_the_fewest_images_hold_a_challenge_of_images_but_no_branch_and_none_that_learned_from_all():
    few, fewer = Recipe(training_images=1000), Recipe(training_images=300)
    rows = (
        row(1, 0.97, recipe=few),
        row(2, 0.97, recipe=fewer),
        row(3, 0.99),
        row(4, 0.99, recipe=fewer, parent_id="id3"),
        row(5, 0.99, recipe=Recipe(training_images=1001)),
    )
    assert held(FEW, *rows) == [2, 1]
    assert challenges.standing(FEW, fewer, None).sentence == "300 training images: within the limit."
    assert challenges.standing(FEW, Recipe(training_images=1200), None).sentence == "1,200 training images: 200 too many."
    assert challenges.standing(FEW, Recipe(), None).sentence == "All training images: at most 1,000 are allowed."


def test_a_branch_may_hold_a_challenge_of_size():
    assert held(SMALL, row(1, 0.97, recipe=NARROW, parent_id="id0")) == [1]


def test_only_runs_scored_on_the_same_images_count():
    others = [NARROW.changed(dataset="mnist"), NARROW.changed(split_seed=7), NARROW.changed(validation_share=0.05)]
    board = challenges.leaderboard(SMALL, [row(number, 0.99, recipe=recipe) for number, recipe in enumerate(others, start=1)])
    assert (board.places, board.num_qualified, board.num_runs) == ([], 0, 0)


def test_a_recipe_is_told_how_far_it_is_from_the_limit():
    count = parameters(NARROW)
    within = challenges.standing(SMALL, NARROW, None)
    assert within.met and within.sentence == f"{count} parameters: within the limit."
    over = challenges.standing(SMALL, WIDE, None)
    assert not over.met and over.sentence == "358,538 parameters: 357,538 too many."
    assert challenges.standing(QUICK, WIDE, 25.34).sentence == "25.3 s forecast: 15.3 s too many."
    assert challenges.standing(QUICK, WIDE, 10.0).met
    assert challenges.standing(QUICK, WIDE, None) is None


def test_the_challenges_say_what_they_ask_for():
    assert CHALLENGES["mnist-tiny"].title == "99% with at most 1,000 parameters"
    assert CHALLENGES["mnist-quick"].title == "99.4% in at most 10 seconds of training"
    assert {each.scored.dataset for each in CHALLENGES.values()} == {"recipe-split", "digits"}


@pytest.mark.parametrize("name", [name for name, each in CHALLENGES.items() if each.unit == PARAMETERS])
def test_a_network_of_each_kind_can_be_small_enough(name):
    least = {f"filters_{place}": 1 for place in (1, 2, 3, 4)}
    for architecture in ("recipe", "compact", "strided"):
        recipe = Recipe(architecture=architecture, dense_units=4, **least)
        assert challenges.standing(CHALLENGES[name], recipe, None).met
