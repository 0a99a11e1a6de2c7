"""What persons do with runs that are there."""

import pytest

from core.errors import AnnotationError, RunMissing, TrainingError
from core.recipe import Recipe
from core.runs.summary import find
from tests.runs import trained


@pytest.fixture
def run(store):
    made = trained(store)
    store.processes.mark_interrupted([made.run_id])
    return made


def test_what_a_person_says_of_a_run_stands_in_the_table(store, run):
    store.annotations.change(run.run_id, name="  wide,   no dropout ")
    store.annotations.change(run.run_id, tags=["thin pen", " class 7b", "thin pen", ""])
    store.annotations.change(run.run_id, note="Twice the filters.\n")
    store.annotations.change(run.run_id, starred=True)
    (row,) = store.runs.all()
    assert (row.name, row.tags, row.note, row.starred) == (
        "wide, no dropout",
        ("thin pen", "class 7b"),
        "Twice the filters.",
        True,
    )
    assert store.runs.load(run.run_id).name == "wide, no dropout"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (" ", "1 to 40 characters, this one 0"),
        ("n" * 41, "this one 41"),
        ("quick-99", "read as the number of another run"),
        ("7", "read as the number of another run"),
        ("taken", "Another run is called taken already"),
        ("[best](https://elsewhere)", "plain text, without markup, links .* such as best"),
        ("__proto__", "such as proto"),
        ("www.evil.example", "such as www .evil.example"),
        ("\u3164\u200b", "with letters that can be seen"),
        ("a\u202eb", "such as ab"),
        ("Starter", "means something else here"),
        ("newest", "means something else here"),
    ],
)
def test_a_name_that_would_mislead_is_refused(store, run, name, words):
    other = trained(store)
    store.annotations.change(other.run_id, name="taken")
    with pytest.raises(AnnotationError, match=words):
        store.annotations.change(run.run_id, name=name)
    assert store.runs.load(run.run_id).name == "mine-1"


def test_tags_and_notes_have_their_bounds(store, run):
    for tags in (["a,b"], ["t" * 25], [str(each) for each in range(9)]):
        with pytest.raises(AnnotationError):
            store.annotations.change(run.run_id, tags=tags)
    with pytest.raises(AnnotationError, match="this one 2,001"):
        store.annotations.change(run.run_id, note="n" * 2001)
    with pytest.raises(RunMissing):
        store.annotations.change("nobody", starred=True)


def test_a_link_finds_a_run_by_its_first_name_whatever_it_is_called_now(store, run):
    store.annotations.change(run.run_id, name="wide")
    rows = store.runs.all()
    assert rows[0].handle == "mine-1"
    assert [find(rows, each) for each in ("wide", "mine-1", "1")] == [rows[0]] * 3
    assert find(rows, "mine-2") is find(rows, "") is None


def test_the_bin_keeps_a_run_whole_until_it_is_emptied(store, run):
    other = trained(store)
    with pytest.raises(TrainingError, match="mine-2 is still training"):
        store.bin.put([run.run_id, other.run_id])
    store.bin.put([run.run_id])
    assert [row.name for row in store.runs.all()] == ["mine-2"] and [row.name for row in store.bin.all()] == ["mine-1"]
    assert store.bin.num_bytes() > 0
    store.bin.restore([run.run_id])
    assert [row.num_epochs for row in store.runs.all()] == [2, 2]
    store.bin.put([run.run_id])
    store.bin.empty()
    store.bin.restore([run.run_id])
    assert [row.name for row in store.runs.all()] == ["mine-2"] and store.bin.all() == []
    assert not store.runs.folder(run.run_id).exists() and store.runs.folder(other.run_id).exists()
    with pytest.raises(RunMissing):
        store.runs.load(run.run_id)


def test_a_run_that_goes_on_leaves_the_bin(store, run):
    store.bin.put([run.run_id])
    store.processes.reopen(store.runs.load(run.run_id))
    assert [row.name for row in store.runs.all()] == ["mine-1"]


def test_the_first_epoch_at_99_percent_counts_with_the_seconds_until_its_end(store):
    run = trained(store, num_epochs=10, recipe=Recipe(epochs=10))  # .91, .92, ... 1.00; two seconds each
    (row,) = store.runs.all()
    assert (row.reached.epoch, row.reached.seconds, row.best.epoch, row.num_epochs) == (9, 18.0, 10, 10)
    assert row.best == run.best_epoch


def test_a_long_run_keeps_forty_accuracies_for_its_small_curve_from_the_first_to_the_last(store):
    trained(store, num_epochs=3)
    assert [round(each, 2) for each in store.runs.all()[0].accuracies] == [0.91, 0.92, 0.93]
    trained(store, num_epochs=90, recipe=Recipe(epochs=90))
    curve = store.runs.all()[0].accuracies
    assert (len(curve), round(curve[0], 2), round(curve[-1], 2)) == (40, 0.91, 1.8)
