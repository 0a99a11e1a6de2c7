from core.evaluation.set_table import LEGEND, Line, as_csv, remarks
from core.store import SetScore

NEW = SetScore(1000, 990, 0, 0, 0, told=True)
PART = SetScore(5000, 4900, 1234, 1234, 0, told=True)
OWN = SetScore(5000, 4900, 4000, 3990, 1000, told=True)
ALL = SetScore(40, 40, 40, 40, 0, told=True)
UNKNOWN = SetScore(1000, 500, 0, 0, 0, told=False)


def test_the_figure_counts_only_what_the_run_was_not_trained_on():
    assert (PART.num_counted, PART.num_counted_right) == (3766, 3666)
    assert PART.accuracy.share == 3666 / 3766
    assert (ALL.num_counted, ALL.num_counted_right) == (40, 40), "where nothing else is left, all of them"


def test_a_cell_says_what_to_think_of_it():
    assert [remarks(each) for each in (NEW, PART, OWN, ALL, UNKNOWN)] == [
        [],
        ["seen in part"],
        ["seen in part", "own"],
        ["seen"],
        ["unknown"],
    ]
    assert {each for score in (PART, OWN, ALL, UNKNOWN) for each in remarks(score)} == set(LEGEND)


def test_the_csv_has_a_row_for_each_score():
    head, *rows = as_csv([Line("a", 'wide, "deep"', 3, (PART, None)), Line("b", "b", 1, (UNKNOWN, ALL))], ["x", "y"]).splitlines()
    assert head == "run,epoch,set,images,in training data,in validation part,counted,right,accuracy,low,high"
    assert rows == [
        '"wide, ""deep""",3,x,5000,1234,0,3766,3666,0.973447,0.967809,0.978119',
        "b,1,x,1000,unknown,unknown,1000,500,0.500000,0.469070,0.530930",
        "b,1,y,40,40,0,40,40,1.000000,0.912378,1.000000",
    ]
