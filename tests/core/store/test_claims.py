import numpy as np

from core.drawing.labelled import NOT_MINE
from core.recipe import Recipe
from core.store import Holdings


def image(number):
    """A (28, 28) uint8 picture that is different for each number."""
    return np.full((28, 28), 1 + number, np.uint8)


def made_without_a_name(store):
    """Three drawings and two runs of browser #a, the second run in the bin; one of the browser #b each."""
    for number, label in enumerate((0, 1, NOT_MINE)):
        store.drawings.add(image(number), label, person="#a")
    store.drawings.add(image(9), 9, person="#b")
    runs = [store.runs.create(Recipe(), "mine", hand_of=each).run_id for each in ("#a", "#a", "#b")]
    store.annotations.change(runs[1], name="old")
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE runs SET deleted = 1 WHERE name = 'old'")
    return runs


def everything(store):
    """What belongs to whom: labels by image, and owners by run."""
    owners = {"#a", "#b", "Ana", "Bob"}
    drawn = {(owner, each.digest): each.label for owner in owners for each in store.drawings.all(person=owner)}
    return drawn, {(each, run.person, run.hand_of) for each in store.runs.newest_ids() for run in [store.runs.load(each)]}


def test_what_one_browser_made_comes_under_the_name_and_nothing_else_does(store):
    first, binned, other = made_without_a_name(store)
    assert store.claims.held("#a") == Holdings(3, 1) and not store.claims.held("Ana")
    claimed = store.claims.claim("#a", "Ana")
    assert store.claims.held("Ana") == Holdings(3, 1) and not store.claims.held("#a")
    assert claimed.num_runs == 1 and set(claimed.run_ids) == {first, binned}
    assert [(run.person, run.hand_of) for run in map(store.runs.load, (first, binned, other))] == [
        ("Ana", "Ana"),
        ("Ana", "Ana"),
        ("", "#b"),
    ]
    assert store.claims.held("#b") == Holdings(1, 1)
    assert [each.label for each in store.drawings.all(person="Ana")] == [0, 1, NOT_MINE]


def test_a_claim_is_undone_to_the_letter_though_the_name_had_some_of_it(store):
    made_without_a_name(store)
    store.drawings.add(image(1), 7, person="Ana")
    store.runs.create(Recipe(), "mine", person="Ana")
    before = everything(store)
    claimed = store.claims.claim("#a", "Ana")
    assert len(claimed.drawing_ids) == 2 and len(claimed.dropped) == 1
    assert store.drawings.label_of(image(1), person="Ana") == 7
    store.claims.give_back(claimed)
    assert everything(store) == before


def test_what_changed_hands_or_was_deleted_since_is_left_alone_by_the_undoing(store):
    made_without_a_name(store)
    claimed = store.claims.claim("#a", "Ana")
    store.drawings.delete(claimed.drawing_ids[0])
    store.drawings.hand_over("Ana", "Bob")
    store.claims.give_back(claimed)
    assert store.claims.held("#a") == Holdings(0, 1) and store.drawings.count(person="Bob") == 2
