import pytest

from tests.pages.conftest import EIGHT_AS_ONE, FOUR_AS_NINE
from tests.pages.reading import plots, text
from tests.pages.states import SMALL, finished


@pytest.fixture
def mistakes(open_page, lab, trainer):
    finished(lab, trainer)
    return open_page("Evaluate", view="mistakes")


def listed(page):
    return next(frame.value for frame in page.dataframe if "probabilities" in frame.value)


def test_every_misread_image_is_listed_with_its_probabilities(mistakes):
    table = listed(mistakes)
    assert sorted(zip(table["true"], table["read as"], strict=True)) == [(4, 9)] * FOUR_AS_NINE + [(8, 1)] * EIGHT_AS_ONE
    assert all(abs(sum(row) - 1) < 0.01 for row in table["probabilities"])
    assert table["image"].str.startswith("data:image/png;base64,").all()


def test_by_digit_puts_fours_before_eights_and_stays_in_the_link(mistakes):
    mistakes.segmented_control(key="order").set_value("digit").run()
    assert listed(mistakes)["true"].tolist() == [4] * FOUR_AS_NINE + [8] * EIGHT_AS_ONE
    assert mistakes.query_params["order"] == "digit"


def test_the_first_is_looked_at_closely_until_another_is_chosen(mistakes):
    mistakes.segmented_control(key="order").set_value("digit").run()
    assert mistakes.main.header[-1].value == "A 4, read as 9"
    assert "How sure each epoch was of the true digit and of the one that was read" in plots(mistakes)


def test_a_run_without_mistakes_says_so(open_page, lab, trainer, probabilities):
    from core.datasets.validation import validation_part

    trainer.probabilities = probabilities[:, :] * 0 + (validation_part(SMALL).labels[:, None] == range(10))
    finished(lab, trainer)
    page = open_page("Evaluate", view="mistakes")
    assert "There are no errors: every image was read right." in [each.value for each in page.markdown]


def test_the_misread_doctor_is_one_press_away_and_asks_about_the_image_as_it_is(mistakes):
    mistakes.session_state["why-misread"] = True
    page = mistakes.run()
    assert "**Raw**, answered" in text(page)
    assert sum("changed drawings are still read as" in alt for alt in plots(page)) == 3


def test_a_chosen_cell_lists_its_errors_alone(open_page, lab, trainer):
    finished(lab, trainer)
    page = open_page("Evaluate", view="mistakes", cell="8-1")
    assert listed(page)["true"].tolist() == [8] * EIGHT_AS_ONE
    (cells,) = [each for each in page.selectbox if each.label == "Show the images of a cell"]
    cells.set_value("all").run()
    assert len(listed(page)) == EIGHT_AS_ONE + FOUR_AS_NINE and "cell" not in page.query_params


def test_a_cell_without_errors_lists_nothing(open_page, lab, trainer):
    finished(lab, trainer)
    page = open_page("Evaluate", view="mistakes", cell="3-4")
    assert "No such image." in text(page) and not page.exception
