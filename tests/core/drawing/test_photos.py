import io

import numpy as np
import pytest
from PIL import Image

from core.drawing.photos import MOST_MB, read_photo
from core.drawing.preprocessing import read_canvas, read_digit
from core.errors import DrawingError
from core.system.picture_formats import heic
from tests.drawn import THREE, draw

HEIGHT, WIDTH = 480, 640


def digits(*, places=(60, 330)):
    """How much ink lies where (480, 640), of the same three at some places."""
    ink = np.zeros((HEIGHT, WIDTH), np.float32)
    one = draw(THREE, side=280, size=200, brush=16)[..., 3].astype(np.float32) / 255
    for left in places:
        ink[100:380, left : left + 280] = np.maximum(ink[100:380, left : left + 280], one)
    return ink


def photographed(ink, *, shadow=0.2):
    """(480, 640, 3) uint8: the paper lighter to the right, with a hand's shadow on it and a camera's noise."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    light = 60 + 150 * x / WIDTH + 20 * y / HEIGHT
    light[(x + y) > 700] *= 1 - shadow
    seen = light * (1 - 0.7 * ink) + np.random.default_rng(0).normal(0, 4, ink.shape)
    return np.clip(np.stack([seen, 0.95 * seen, 0.85 * seen], axis=2), 0, 255).astype(np.uint8)


def saved(pixels, kind="JPEG", **options):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def test_digits_in_uneven_light_are_found_where_they_are_and_look_as_drawn():
    ink = digits()
    photo = read_photo(saved(photographed(ink), quality=85))
    assert photo.picture.shape == (HEIGHT, WIDTH, 3) and photo.ink.shape == (HEIGHT, WIDTH)
    drawn, found = read_canvas(np.uint8(255 - 255 * ink)), read_canvas(photo.ink)
    assert len(found) == len(drawn) == 2
    for one, other in zip(drawn, found, strict=True):
        assert np.abs(np.subtract(one.box, other.box)).max() <= 4
        assert np.abs(one.image - other.image).mean() < 0.03


def test_a_telephone_s_own_format_is_read():
    heic()
    same = read_photo(saved(photographed(digits()), "HEIF", quality=90)).ink
    jpeg = read_photo(saved(photographed(digits()), "JPEG", quality=90)).ink
    assert [len(read_canvas(255 - ink)) for ink in (same, jpeg)] == [2, 2]


def test_light_ink_on_dark_is_read_as_well():
    ink = digits(places=(60,))
    found, drawn = (read_digit(each) for each in (read_photo(saved(255 - photographed(ink))).ink, np.uint8(255 - 255 * ink)))
    assert np.abs(found.image - drawn.image).mean() < 0.03


def test_a_photo_is_turned_as_the_camera_was_held():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter to the right
    lying = np.rot90(photographed(digits(places=(60,)))).copy()
    photo = read_photo(saved(lying, exif=exif))
    assert photo.picture.shape[:2] == (HEIGHT, WIDTH)
    (found,) = read_canvas(photo.ink)
    assert found.box[0] < WIDTH / 2


def test_the_tables_edge_is_no_ink():
    pixels = photographed(digits(places=(60,)))
    pixels[:, -30:] = 25
    (found,) = read_canvas(read_photo(saved(pixels)).ink)
    assert found.box[2] < WIDTH / 2 + 20


def test_what_is_transparent_is_paper():
    ink = np.zeros((300, 300, 4), np.uint8)
    ink[50:250, 140:160, 3] = 255
    assert len(read_canvas(read_photo(saved(ink, "PNG")).ink)) == 1


def test_a_photo_of_many_megapixels_is_made_small():
    large = Image.fromarray(photographed(digits())).resize((4000, 3000))
    assert max(read_photo(saved(np.asarray(large))).ink.shape) == 700


JPEG = saved(np.full((300, 300, 3), 200, np.uint8))


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "no picture that can be read"),
        (b"7" * 1000, "no picture that can be read"),
        (JPEG[: len(JPEG) // 2], "no picture that can be read"),
        (saved(np.zeros((300, 300), np.uint8), "PNG")[:-30], "no picture that can be read"),
        (bytes(MOST_MB * 1_000_000 + 1), f"up to {MOST_MB} MB"),
        (saved(np.zeros((9100, 9100), bool), "PNG"), "9100 x 9100 pixels, too many"),
        (saved(np.zeros((20, 300), np.uint8), "PNG"), "Crop it to the digits"),
        (saved(np.zeros((1, 1), np.uint8), "PNG"), "at least 16 each way"),
        (JPEG, "no ink to be seen"),
        (saved(photographed(np.zeros((HEIGHT, WIDTH)), shadow=0)), "no ink to be seen"),
    ],
    ids=["empty", "text", "half a JPEG", "cut PNG", "large file", "many pixels", "a strip", "one pixel", "flat", "blank paper"],
)
def test_what_cannot_be_read_is_one_sentence(file, said):
    with pytest.raises(DrawingError, match=said):
        read_photo(file)


def test_sixteen_bits_of_grey_are_read_as_eight_are():
    grey = photographed(digits())[..., 0]
    sixteen = Image.fromarray(grey.astype(np.uint16) * 40)  # a scanner's darker half
    file = io.BytesIO()
    sixteen.save(file, "PNG")
    assert len(read_canvas(read_photo(file.getvalue()).ink)) == 2


def test_a_damaged_picture_of_any_kind_is_one_sentence_and_never_a_decoders_own_error():
    whole = [saved(photographed(digits()), kind) for kind in ("JPEG", "PNG", "WEBP", "BMP")]
    random, refused = np.random.default_rng(0), 0
    for _ in range(200):
        damaged = bytearray(whole[random.integers(len(whole))])
        for place in random.integers(len(damaged), size=random.integers(1, 30)):
            damaged[place] = random.integers(256)
        try:
            read_photo(bytes(damaged[: random.integers(len(damaged) // 2, len(damaged))]))
        except DrawingError:
            refused += 1
    assert refused > 50


def test_a_picture_that_unpacks_to_more_than_a_phone_takes_is_refused_before_it_is_decoded():
    with pytest.raises(DrawingError, match="8900 x 8900 pixels, too many to read"):
        read_photo(saved(np.zeros((8900, 8900), bool), "PNG"))
