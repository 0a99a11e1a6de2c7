import pytest

from core.datasets import mnist
from core.recipe.presets import PRESETS, preset
from tests.pages.conftest import PATHS
from tests.pages.reading import text, texts
from tests.pages.states import SMALL, finished


@pytest.fixture
def home(open_page):
    return open_page("Home")


def test_without_mnist_only_the_built_in_digits_can_start(home):
    assert [button.disabled for button in home.button if button.label == "Start"] == [False, True, True]
    assert "get it below" in home.button(key="start-good").help
    assert home.button(key="get-mnist").label == "Get MNIST, 11 MB"
    assert "Last runs" not in text(home)


def test_a_first_result_is_one_press_and_leads_to_its_curves(home, lab):
    home.button(key="start-first").click().run()
    assert home.title[0].value == "Train"
    quick = preset("quick", "digits")
    assert lab.studio.current().recipe == quick
    assert home.segmented_control(key="preset").value == "quick"
    assert home.session_state.epochs == quick.epochs


def test_the_full_recipe_starts_on_mnist_where_it_is_at_hand(open_page, lab, mnist):
    home = open_page("Home")
    assert "get-mnist" not in {button.key for button in home.button}
    home.button(key="start-full").click().run()
    assert not home.exception and not home.error
    assert lab.studio.current().recipe == PRESETS["recipe"].changed(dataset="recipe-split")


def test_the_last_runs_come_newest_first_and_lead_to_their_mistakes(open_page, lab, trainer):
    for _ in range(6):
        finished(lab, trainer, SMALL.changed(epochs=1))
    home = open_page("Home")
    links = [link for link in home.main.page_link if link.label.startswith("mine-")]
    assert [link.label for link in links] == ["mine-6", "mine-5", "mine-4", "mine-3", "mine-2"]
    assert "run=mine-6" in links[0].proto.query_string
    assert "Built-in digits · finished · 51.1% (46.0–56.2)" in texts(home)


def test_the_sidebar_leads_to_every_page_and_names_the_network_that_answers(open_page, lab, trainer):
    finished(lab, trainer)
    home = open_page("Home")
    assert [link.label for link in home.sidebar.page_link] == list(PATHS)
    assert "Network: mine-1, 53.1% (47.9–58.2)" in texts(home)


def test_mnist_files_count_as_at_hand_by_name_alone(home, data_dir):
    """The first page must not read 11 MB. What is damaged is told where it is used."""
    (data_dir / "mnist.npz").write_bytes(b"not MNIST")
    assert mnist.available()
    home.run()
    assert not home.button(key="start-good").disabled
    home.button(key="start-good").click().run()
    assert not home.exception
    assert "damaged or is not MNIST" in home.error[0].value


@pytest.mark.parametrize(("here", "words"), [(True, "on this computer;"), (False, "on the computer that serves this page;")])
def test_it_says_whose_computer_does_the_work(open_page, monkeypatch, here, words):
    monkeypatch.setattr("ui.session.at_the_server", lambda: here)
    assert f"Everything runs {words}" in text(open_page("Home"))
