"""Each page opens with the session that each other page leaves behind: they share one name space for what they remember."""

import pytest

from tests.drawn import stroke
from tests.pages.conftest import PATHS
from tests.pages.reading import PYTHON, text
from tests.pages.states import finished, untouched


def tour(titles):
    """Pages in an order in which each comes right after each other one once: Hierholzer's way through all pairs."""
    ways = {title: [other for other in titles if other != title] for title in titles}
    stack, order = [titles[0]], []
    while stack:
        if ways[stack[-1]]:
            stack.append(ways[stack[-1]].pop())
        else:
            order.append(stack.pop())
    return order[::-1]


def two_chosen(lab, trainer):
    finished(lab, trainer)
    finished(lab, trainer)


def test_the_tour_has_every_pair():
    order = tour(list(PATHS))
    assert len(set(zip(order, order[1:], strict=False))) == len(PATHS) * (len(PATHS) - 1) == len(order) - 1


@pytest.mark.parametrize("state", [untouched, two_chosen], ids=["nothing trained", "two runs chosen"])
def test_each_page_opens_after_each_other(open_page, lab, trainer, draw_on_canvas, state):
    state(lab, trainer)
    draw_on_canvas(stroke(672, places=(100, 300, 500)))  # a number, one of whose digits is looked at closer
    queries = {"Draw": {"drawing": "number"}}
    if lab.store.runs.all():
        queries["Runs"] = {"chosen": "mine-1,mine-2"}
    first, *others = tour(list(PATHS))
    visit = open_page(first, **queries.get(first, {}))
    for title in others:
        open_page(title, visit=visit, **queries.get(title, {}))
        assert not visit.error, title
        assert not PYTHON.findall(text(visit)), title
