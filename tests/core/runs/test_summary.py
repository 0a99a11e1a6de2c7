"""What a link calls a run, whatever it is called by now."""

from core.recipe.presets import preset
from core.runs.summary import find
from tests.core.runs.test_listing import row


def test_a_renaming_leaves_the_first_name_in_links():
    assert row(7, name="mine-7", kind="mine").handle == "mine-7"
    assert row(7, name="wide", kind="hand").handle == "hand-7"


def test_a_run_that_was_renamed_before_kinds_were_kept_is_named_by_the_recipe_that_was_submitted():
    quick = preset("quick", "digits")
    longer = quick.changed(epochs=quick.epochs + 5)
    assert row(7, name="wide", recipe=quick).handle == "quick-7"
    assert row(7, name="wide", recipe=longer, added_epochs=5).handle == "quick-7"
    assert row(7, name="wide", recipe=longer).handle == "mine-7"


def test_any_first_name_with_the_number_finds_the_run():
    rows = [row(7, name="wide"), row(8)]
    assert find(rows, "quick-7") is rows[0] and find(rows, "wide") is rows[0] and find(rows, "7") is rows[0]
    assert find(rows, "quick-9") is None
