import threading

import numpy as np
import pytest

from core import datasets
from core.charts import pictures
from core.datasets import kaggle_csv, uploads
from core.datasets.download import Download
from core.datasets.validation import validation_part
from core.errors import DownloadError
from core.recipe import Recipe
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


@pytest.fixture
def with_faults(upload, trained_starter, open_page, lab):
    """The page of 200 of the built-in digits, uploaded. 150 is 20 again, 151 is 21 with another label, 152 and 153 are 22 and 23
    moved by a pixel, 154 is blank, 155 is cut, 156 has a wrong label, 158 is noise.
    """
    digits = datasets.load("digits")
    images, labels = digits.images[:200].copy(), digits.labels[:200].copy()
    images[150], labels[150] = images[20], labels[20]
    images[151], labels[151] = images[21], (labels[21] + 1) % 10
    images[152:154], labels[152:154] = np.roll(images[22:24], 1, axis=2), labels[22:24]
    images[154] = 0
    images[155] = np.roll(images[155], 9, axis=0)
    images[155, :9] = 0
    labels[156] = (labels[156] + 5) % 10
    images[158] = np.random.default_rng(0).integers(0, 256, (28, 28))
    page = open_page("Data")
    upload(page, kaggle_csv.write_labelled(images, labels))
    looked(page, lab)
    return page


def looked(page, lab):
    """Waits for the closer look that the page has begun."""
    lab.closer_looks.jobs.wait(page.session_state.dataset, SOON_S)
    page.run()
    assert not page.exception


def found(page):
    """The sentences of the report."""
    return list(page.pills(key="found").options)


def pictured(monkeypatch):
    """Collects what is composed into sheets from now on: (images, titles)."""
    sheets, grid = [], pictures.grid

    def kept(images, titles, theme, **settings):
        sheets.append((np.asarray(images), titles))
        return grid(images, titles, theme, **settings)

    monkeypatch.setattr(pictures, "grid", kept)
    return sheets


def shown(page):
    """The line under the fifty images."""
    return next(caption.value for caption in page.caption if caption.value.startswith("Images "))


def test_the_report_says_what_was_found(data):
    assert "1,797 images, 28 x 28, no missing values, pixels from 0 to 255, 0 duplicates" in text(data)
    assert plots(data) == ["How many images show each digit"]


def test_one_digit_at_a_time_page_after_page_and_back(data):
    assert shown(data) == "Images 1 to 50 of 1,797, in the order of the file." and "Page 1 of 36" in text(data)
    data.pills(key="digit").set_value("8").run()
    assert data.button(key="images-all-8-previous").disabled
    pages = [shown(data)]
    for label in ("next", "next", "next", "previous"):
        data.button(key=f"images-all-8-{label}").click().run()
        pages.append(shown(data))
    assert [page.split(" of ")[0] for page in pages] == [
        "Images 1 to 50",
        "Images 51 to 100",
        "Images 101 to 150",
        "Images 151 to 174",
        "Images 101 to 150",
    ]
    assert "Page 3 of 4" in text(data) and not data.button(key="images-all-8-next").disabled


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


def test_each_planted_fault_is_a_line_of_the_report(with_faults):
    said = found(with_faults)
    assert said[0] == "All images"
    for sentence in (
        "1 picture has more than one label",
        "2 images repeat an earlier one exactly",
        "1 image is blank",
        "2 images look cut at the border",  # the noise, too
        "2 images are nearly equal to an earlier one",
    ):
        assert sentence in said
    assert any("wrong" in each for each in said) and any("unlike all others" in each for each in said)
    assert "Not found: rare digits. Copies of MNIST's test images are found once MNIST is at hand." in text(with_faults)


def test_a_press_on_a_line_shows_its_images_and_stands_in_the_address(with_faults, monkeypatch):
    sheets = pictured(monkeypatch)
    dataset = datasets.load(with_faults.session_state.dataset)
    with_faults.pills(key="found").set_value("near").run()
    assert not with_faults.exception and with_faults.query_params["found"] == "near"
    (images, titles), *_ = [each for each in sheets if each[1] and "\n" in each[1][0]]
    np.testing.assert_array_equal(images, dataset.images[[22, 152, 23, 153]])
    assert titles == [f"{dataset.labels[row]}\n{row + 1}" for row in (22, 152, 23, 153)]
    assert "Pairs 1 to 2 of 2, in the order of the file. Above each image: its label and its number in the set." in text(
        with_faults
    )
    with_faults.pills(key="found").set_value("all").run()
    assert "found" not in with_faults.query_params and shown(with_faults).startswith("Images 1 to 50 of 200")


def test_labels_that_look_wrong_are_shown_with_what_is_read(with_faults, monkeypatch):
    sheets = pictured(monkeypatch)
    dataset = datasets.load(with_faults.session_state.dataset)
    with_faults.pills(key="found").set_value("labels").run()
    (_, titles), *_ = [each for each in sheets if each[1] and "read" in each[1][0]]
    label, right = dataset.labels[156], datasets.load("digits").labels[156]
    assert titles[0] == f"{label}, read {right}\n157", "the most suspicious first"
    assert "Whether it has learned from some of these images cannot be told without MNIST." in text(with_faults)
    sheets.clear()
    with_faults.pills(key="digit").set_value(str(label)).run()
    (_, of_one_digit), *_ = [each for each in sheets if each[1] and "read" in each[1][0]]
    assert of_one_digit[0] == titles[0] and all(title.startswith(str(label)) for title in of_one_digit)


def test_other_data_begin_with_all_their_images(with_faults):
    with_faults.pills(key="found").set_value("blank").run()
    with_faults.selectbox(key="dataset").set_value("digits").run()
    assert not with_faults.exception and "found" not in with_faults.query_params
    assert shown(with_faults).startswith("Images 1 to 50 of 1,797")


def test_a_clean_set_is_told_in_one_line(data, lab):
    looked(data, lab)
    assert "Not found: conflicting labels, " in text(data) and "Without the starter network, no label is judged." in text(data)


def test_a_link_to_a_finding_that_is_not_there_says_so(open_page, lab):
    page = open_page("Data", found="blank")
    assert found(page)[-1] == "blank images: none"
    assert shown(page).startswith("Images 1 to 50")


def test_a_large_set_is_looked_at_more_closely_after_a_press(open_page, lab, monkeypatch):
    monkeypatch.setattr("ui.data.report.begins_by_itself", lambda num_images: False)
    page = open_page("Data")
    assert lab.closer_looks.job("digits") is None
    assert "near-copies" in text(page) and "about 2 s on two cores" in text(page)
    page.button(key="look-closer").click().run()
    looked(page, lab)
    assert "look-closer" not in {button.key for button in page.button} and "near-copies" in text(page)


def test_data_that_tell_their_writers_can_be_split_by_them(open_page, lab):
    digits = datasets.load("digits")
    writers = np.arange(200) % 7
    name = uploads.keep(digits.images[:200].copy(), digits.labels[:200].copy(), filename="class.csv", groups=writers).name
    page = open_page("Data", dataset=name)
    assert "7 writers or groups in this data set." in text(page)
    page.toggle(key="split_by_group").set_value(True).run()
    assert not page.exception and page.query_params["split_by_group"] == "true"
    kept = validation_part(Recipe(dataset=name, split_by_group=True))
    assert len(set(writers[kept.rows])) == 1 and set(kept.rows) == set(np.flatnonzero(writers == writers[kept.rows[0]]))


def test_data_without_writers_offer_no_such_split(data):
    assert "split_by_group" not in {toggle.key for toggle in data.toggle}


def test_train_offers_the_split_by_writers_only_where_the_data_tell_them(open_page):
    train = open_page("Train", dataset="digits")
    train.button(key="group-Data").click().run()
    assert "split_by_group" not in {toggle.key for toggle in train.toggle}, "it would change nothing"
    digits = datasets.load("digits")
    images, labels = digits.images[:200].copy(), digits.labels[:200].copy()
    train = open_page("Train", dataset=uploads.keep(images, labels, filename="class.csv", groups=np.arange(200) % 7).name)
    train.button(key="group-Data").click().run()
    assert not train.toggle(key="split_by_group").disabled
