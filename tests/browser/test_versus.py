"""Two runs in a real browser: from the first one to a verdict, without leaving the page."""


def test_a_second_seed_is_trained_from_the_page_and_gives_verdict_and_spread(visit, trained):
    visit.open("evaluate", view="versus", run=trained)  # of one epoch: the newest may be a long one
    visit.press("Train it again with another seed")
    visit.see("Mean accuracy")
    visit.settled()
    visit.see("alone reads")
    visit.until("() => document.querySelector('.st-key-seed-band .js-plotly-plot')?._fullData?.length >= 4")
    assert "other=" in visit.page.url and "run=" in visit.page.url


def test_each_tenth_of_the_reliability_diagram_has_its_count(visit, trained):
    visit.open("evaluate", view="calibration")
    counts = visit.until("() => document.querySelector('.st-key-reliability .js-plotly-plot')?._fullData?.[2]?.text")
    assert sum(int(count.replace(",", "")) for count in counts) == 360
