"""Several people and one line of runs: whose run is whose, where it waits, and what is only done after a question."""

import pytest

from tests.fakes import ended, until
from tests.pages.reading import text
from tests.pages.states import SMALL, running


@pytest.fixture
def queue(lab, trainer):
    """Ana's run trains; one of Ben's, one of Ana's and one of nobody wait."""
    first = running(lab, trainer, person="Ana")
    return [first, *(lab.studio.submit(SMALL, person) for person in ("Ben", "Ana", ""))]


@pytest.fixture
def train_as(open_page, monkeypatch):
    def open_it(name, page="Train"):
        monkeypatch.setattr("ui.browser.people.kept_name", lambda: name)
        return open_page(page)

    return open_it


def press(page, key):
    page.button(key=key).click().run()
    assert not page.exception
    return page


def waiting(lab):
    return [run.name for run in lab.studio.queue().waiting]


def test_the_queue_says_whose_each_run_is_and_the_other_pages_where_mine_waits(train_as, queue):
    page = train_as("Ben")
    assert "**mine-1**, Ana's" in text(page) and "1. **mine-2**, yours" in text(page) and "2. **mine-3**, Ana's" in text(page)
    assert "3. **mine-4** \N{MIDDLE DOT}" in text(page)
    assert "Yours: mine-2, next in the queue, starts in about 5 s." in text(train_as("Ben", page="Data"))
    assert "Yours: mine-2, next in the queue, starts in about 5 s. A run with these settings" in text(page)
    assert "**mine-2** is next in the queue, starts in about 5 s." in text(page)
    assert "next in the queue, starts in about 5 s" in lab_line(train_as("Ben", page="Lab"))


def test_another_s_run_is_stopped_only_after_a_question(train_as, lab, queue):
    page = press(train_as("Ben"), "stop-sidebar")
    assert "mine-1 is Ana's. Stop it anyway?" in text(page)
    press(page, "no-sidebar")
    assert "Stop it anyway?" not in text(page) and not lab.studio.snapshot(queue[0].run_id).ending
    elsewhere = press(train_as("Ben", page="Data"), "stop-sidebar")
    press(elsewhere, "yes-sidebar")
    assert until(lab.studio, queue[0], ended).state == "stopped"


def test_one_s_own_run_and_one_of_nobody_need_no_question(train_as, lab, queue):
    page = press(train_as("Ben"), f"queue-cancel-{queue[3].run_id}")
    assert waiting(lab) == ["mine-2", "mine-3"]
    press(page, f"queue-cancel-{queue[1].run_id}")
    assert waiting(lab) == ["mine-3"]
    assert "mine-2 has left the queue." in text(page)
    press(page, "undo-cancel")
    assert waiting(lab) == ["mine-2", "mine-3"] and "has left" not in text(page)


def test_a_run_without_a_name_is_stopped_from_another_browser_only_after_a_question(open_page, lab, trainer, monkeypatch):
    run = running(lab, trainer)
    monkeypatch.setattr("ui.browser.people.num_browsers", lambda: 2)
    page = press(open_page("Train"), "stop-sidebar")
    assert "mine-1 was started in another browser, without a name. Stop it anyway?" in text(page)
    assert not lab.studio.snapshot(run.run_id).ending
    press(page, "yes-sidebar")
    assert until(lab.studio, run, ended).state == "stopped"


def test_the_browser_that_started_a_run_without_a_name_is_asked_nothing(open_page, lab, trainer, monkeypatch):
    monkeypatch.setattr("ui.browser.people.num_browsers", lambda: 2)
    page = press(open_page("Train"), "start-train")
    run = lab.studio.current()
    press(page, "stop-train")
    assert "in another browser" not in text(page)
    assert until(lab.studio, run, ended).state == "stopped"


def test_to_pass_another_is_asked_about_and_to_step_back_is_not(train_as, lab, queue):
    page = press(train_as("Ana"), f"queue-first_page-{queue[2].run_id}")
    assert "That puts it before Ben's mine-2. Move it anyway?" in text(page)
    press(page, "yes-line")
    assert waiting(lab) == ["mine-3", "mine-2", "mine-4"]
    press(page, f"queue-keyboard_arrow_down-{queue[2].run_id}")
    assert waiting(lab) == ["mine-2", "mine-3", "mine-4"]
    press(page, f"queue-cancel-{queue[1].run_id}")
    assert "mine-2 is Ben's. Stop it anyway?" in text(page)
    assert waiting(lab) == ["mine-2", "mine-3", "mine-4"]


def test_a_name_is_asked_where_others_train_and_goes_with_the_run(train_as, lab, queue):
    page = train_as("")
    page.text_input(key="name-asked").set_value("*Cem* ").run()
    assert "Others train here" not in text(page)
    press(page, "start-train")
    assert [(run.name, run.person) for run in lab.studio.queue().waiting][-1] == ("quick-5", "Cem")


def test_alone_nobody_is_asked_for_a_name(train_as, lab, trainer):
    page = press(train_as(""), "start-train")
    assert "name-asked" not in [each.key for each in page.text_input]


def test_the_rate_is_one_s_own_to_change(train_as, lab, trainer, queue):
    key = f"rate-{queue[0].run_id}"
    lab.studio.stop(queue[3].run_id)
    assert train_as("Cem").select_slider(key=key).disabled
    page = train_as("Ana")
    page.select_slider(key=key).set_value(0.5).run()
    trainer.step_allowed.release()
    run = until(lab.studio, lab.studio.snapshot(queue[0].run_id), lambda run: run.rate_changes)
    assert run.rate_changes == ((13, 0.5),)
    assert page.run().select_slider(key=key).value == 0.5


def test_how_many_train_at_once_is_for_whoever_sits_at_the_server(train_as, lab, queue, monkeypatch):
    assert not train_as("Ana").number_input
    monkeypatch.setattr("ui.run_control.queue_list.at_the_server", lambda: True)
    train_as("Ana").number_input(key="at-once").set_value(2).run()
    assert len(lab.studio.queue().running) == 2


def lab_line(page):
    """What the Lab says of the run that it shows."""
    (line,) = [each.proto.body for each in page.main.get("html") if "lab-line" in each.proto.body]
    return line


@pytest.mark.parametrize("page", ["Lab", "Train"])
def test_while_others_train_start_stays_and_theirs_is_steered_from_the_sidebar(train_as, lab, trainer, page):
    running(lab, trainer, person="Ana")
    opened = train_as("Cem", page=page)
    labels = [button.label for button in opened.main.button]
    assert "Start" in labels and not {"Pause", "Stop", "Start another"} & set(labels)
    assert "starts after Ana's mine-1." in text(opened)
    assert opened.button(key="stop-sidebar").label == "Stop"
    press(opened, f"start-{page.lower()}")
    assert waiting(lab) == ["quick-2"]
    assert "Yours: quick-2, next in the queue" in text(opened)
    press(opened, f"stop-{page.lower()}")
    assert waiting(lab) == []


def test_one_s_own_finished_run_stays_in_view_while_others_train_and_after(train_as, lab, trainer):
    trainer.step_allowed.release(30)
    until(lab.studio, lab.studio.submit(SMALL, "Cem"), ended)
    running(lab, trainer, person="Ana")
    assert "<strong>mine-1</strong>" in lab_line(train_as("Cem", page="Lab"))
    assert "<strong>mine-2</strong>" in lab_line(train_as("Dora", page="Lab")), "who has none sees what trains"
    trainer.step_allowed.release(30)
    until(lab.studio, lab.studio.newest(), ended)
    assert "<strong>mine-1</strong>" in lab_line(train_as("Cem", page="Lab"))
    assert "<strong>mine-2</strong>" in lab_line(train_as("Dora", page="Lab"))


def test_a_reloaded_page_knows_the_runs_that_its_browser_started_without_a_name(open_page, lab, trainer, monkeypatch):
    monkeypatch.setattr("ui.browser.people.num_browsers", lambda: 2)
    monkeypatch.setattr("ui.browser.people.kept_number", lambda: 32 * "a")
    press(open_page("Train"), "start-train")
    assert "stop-train" in {button.key for button in open_page("Train").button}
    monkeypatch.setattr("ui.browser.people.kept_number", lambda: 32 * "b")
    assert "stop-train" not in {button.key for button in open_page("Train").button}
