import threading

import numpy as np
import pytest

from core import datasets
from core.datasets import kaggle_csv
from core.datasets.download import Download
from core.errors import DownloadError
from tests.fakes import SOON_S
from tests.pages.reading import plots, sliders, text, texts, turn
from tests.tables import content, table, with_cell


@pytest.fixture
def data(open_page):
    return open_page("Data")


@pytest.fixture
def upload(lab):
    def chosen(page, raw, filename="mine.csv"):
        page.file_uploader(key="upload").set_value([(filename, raw, "text/csv")]).run()
        for key in lab.files.pending():
            lab.files.wait(key, SOON_S)
        page.run()
        assert not page.exception

    return chosen


def own_digits(change=lambda images: images):
    """Sixty of the built-in digits as a CSV."""
    digits = datasets.load("digits")
    return kaggle_csv.write_labelled(change(digits.images[:60]), digits.labels[:60])


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


def test_a_file_that_the_starter_network_reads_as_it_stands_is_in_use_at_once(upload, trained_starter, data):
    upload(data, own_digits())
    assert not data.error
    assert data.session_state.dataset.startswith("csv-")
    assert "**mine.csv** – 60 images" in text(data) and "Found: header; label in 'label'." in text(data)
    assert data.query_params["dataset"] == data.session_state.dataset


def test_images_on_their_side_are_shown_and_asked_about_before_anything_uses_them(upload, trained_starter, data):
    upload(data, own_digits(lambda images: images.transpose(0, 2, 1)))
    assert data.session_state.dataset == "digits" and datasets.available() == [("digits", "Built-in digits")]
    assert "**Found:** 60 images; header; label in 'label'; images lie on their side." in text(data)
    assert data.selectbox(key="upload-lie").value == "on their side" and len(data.main.get("image")) >= 2
    data.button(key="upload-take").click().run()
    assert not data.exception and "upload-take" not in {button.key for button in data.button}
    kept = datasets.load(data.session_state.dataset)
    np.testing.assert_array_equal(kept.images, datasets.load("digits").images[:60])
    assert "Found: header; label in 'label'; images lie on their side." in text(data)


def test_another_reading_than_the_proposed_one_can_be_taken(upload, trained_starter, data):
    upload(data, own_digits(lambda images: images.transpose(0, 2, 1)))
    data.selectbox(key="upload-lie").set_value("mirrored").run()
    data.selectbox(key="upload-ink").set_value("dark on bright").run()
    data.button(key="upload-take").click().run()
    right = 255 - datasets.load("digits").images[:60].transpose(0, 2, 1)[:, :, ::-1]
    np.testing.assert_array_equal(datasets.load(data.session_state.dataset).images, right)


def test_what_the_starter_network_does_not_know_is_asked_about(upload, trained_starter, data):
    upload(data, content(table()))
    assert "so it cannot tell how they lie" in text(data) and data.session_state.dataset == "digits"
    data.button(key="upload-leave").click().run()
    assert "upload-take" not in {button.key for button in data.button} and data.session_state.dataset == "digits"


def test_without_a_starter_network_every_file_is_looked_at(upload, data):
    upload(data, own_digits())
    data.button(key="upload-take").click().run()
    assert data.session_state.dataset.startswith("csv-") and not data.exception


@pytest.mark.parametrize(
    ("raw", "words"),
    [(b"", "cannot be read"), (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "labels"), (with_cell(3, "pixel7", "300"), "300")],
    ids=["empty", "a picture", "a pixel of 300"],
)
def test_a_bad_file_is_one_sentence_and_the_data_in_use_stay(upload, data, raw, words):
    upload(data, raw)
    (error,) = data.error
    assert words in error.value and error.value.endswith("The data in use stays in use.")
    assert data.session_state.dataset == "digits"
    assert "1,797 images" in text(data)


def test_the_next_good_file_takes_the_sentence_away(upload, data):
    upload(data, b"")
    upload(data, own_digits())
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
