import threading

import pytest

from core.datasets.download import Download
from core.errors import DownloadError
from tests.fakes import SOON_S
from tests.pages.reading import plots, sliders, text, texts, turn
from tests.tables import content, table, with_cell


@pytest.fixture
def data(open_page):
    return open_page("Data")


def upload(page, raw, filename="mine.csv"):
    page.file_uploader(key="upload").set_value((filename, raw, "text/csv")).run()
    assert not page.exception


def shown(page):
    """The line under the fifty images."""
    return next(caption.value for caption in page.caption if caption.value.startswith("Images "))


def test_the_report_says_what_was_found(data):
    assert "1,797 images, 28 x 28, no missing values, pixels from 0 to 255, 0 duplicates" in text(data)
    assert plots(data) == ["How many images show each digit"]


def test_one_digit_at_a_time_page_after_page_and_round_again(data):
    assert shown(data) == "Images 1 to 50 of 1,797, in the order of the file."
    data.pills(key="digit").set_value("8").run()
    pages = [shown(data)]
    for _ in range(4):
        data.button(key="next").click().run()
        pages.append(shown(data))
    assert [page.split(" of ")[0] for page in pages] == [
        "Images 1 to 50",
        "Images 51 to 100",
        "Images 101 to 150",
        "Images 151 to 174",
        "Images 1 to 50",
    ]


def test_shuffle_brings_other_images(data):
    def picture():
        return data.main.image[0].value

    before = picture()
    data.button(key="shuffle").click().run()
    assert "shuffled" in shown(data)
    assert picture() != before


def test_a_good_file_becomes_the_data_in_use(data):
    upload(data, content(table()))
    assert not data.error
    assert data.session_state.dataset.startswith("csv-")
    assert "**mine.csv** – 30 images" in text(data)
    assert data.query_params["dataset"] == data.session_state.dataset


@pytest.mark.parametrize(
    ("raw", "words"),
    [(b"", "empty"), (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "CSV"), (with_cell(3, "pixel7", "300"), "pixel7")],
    ids=["empty", "a picture", "a pixel of 300"],
)
def test_a_bad_file_is_one_sentence_and_the_data_in_use_stay(data, raw, words):
    upload(data, raw)
    (error,) = data.error
    assert words in error.value and error.value.endswith("The data in use stays in use.")
    assert data.session_state.dataset == "digits"
    assert "1,797 images" in text(data)


def test_the_next_good_file_takes_the_sentence_away(data):
    upload(data, b"")
    upload(data, content(table()))
    assert not data.error


def test_missing_data_leave_the_way_out_in_place(open_page):
    page = open_page("Data", dataset="recipe-split")
    (error,) = page.error
    assert "python -m core data fetch mnist" in error.value
    assert page.selectbox(key="dataset").options == ["Built-in digits", "MNIST, the 2018 split (not at hand)"]
    page.selectbox(key="dataset").set_value("digits").run()
    assert not page.error and "1,797 images" in text(page)


def test_a_download_that_fails_is_one_sentence_and_can_be_tried_again(open_page, monkeypatch, lab):
    def refused(progress):
        raise DownloadError("There is no connection. The built-in digits stay in use.")

    download = Download(refused)
    object.__setattr__(lab, "download", download)
    page = open_page("Data")
    page.button(key="get-mnist").click().run()
    assert not download.wait(SOON_S).pending
    page.run()
    assert [warning.value for warning in page.warning] == ["There is no connection. The built-in digits stay in use."]
    assert not page.button(key="get-mnist").disabled


def test_a_download_shows_how_far_it_is(open_page, monkeypatch, lab):
    halfway, go_on = threading.Event(), threading.Event()

    def slow(progress):
        progress(5_000_000, 10_000_000)
        halfway.set()
        go_on.wait(SOON_S)

    download = Download(slow)
    object.__setattr__(lab, "download", download)
    download.start()
    assert halfway.wait(SOON_S)
    assert "MNIST: 5.0 of 10.0 MB" in texts(open_page("Data"))
    go_on.set()
    assert not download.wait(SOON_S).pending


def test_the_augmentation_sliders_belong_to_the_recipe(data, open_page):
    before = data.main.image[2].value
    turn(data, rotation_deg=40.0).run()
    assert data.main.image[2].value != before
    train = open_page("Train", visit=data)
    assert sliders(train)["rotation_deg"]["value"] == 40.0
    assert "rotation, degrees 40" in [button.label for button in train.button]


def test_drawn_digits_are_shown_while_they_are_mixed_in(data):
    turn(data, styles=0.0).run()
    assert "written by no one" not in text(data)
    images = len(data.main.image)
    turn(data, styles=2.0).run()
    assert len(data.main.image) == images + 1 and "written by no one" in text(data)
