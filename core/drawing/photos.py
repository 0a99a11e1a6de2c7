"""A photo or a picture file of digits on paper -> what a canvas would hold: dark ink on even white paper.

Any thread may call this; a photo of 12 megapixels takes a quarter of a second. Knows nothing of networks or the browser.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageOps
from scipy.ndimage import find_objects, gaussian_filter, grey_closing, label, median_filter, zoom

from core.errors import DrawingError
from core.system.picture_formats import heic

MOST_MB = 10
PAPER = 255  # of what is read as ink: the darker, the more
# Of a JPEG the decoder makes a small picture at once; of all others it holds every pixel: a tenth of a gigabyte.
_MOST_PIXELS = {"JPEG": 64_000_000, "MPO": 64_000_000} | dict.fromkeys(("PNG", "WEBP", "BMP", "AVIF", "HEIF"), 25_000_000)
_ONE_AT_A_TIME = threading.Lock()  # a class that sends its photos at once would fill the memory
_LONGER_PX = 700  # of what is read: enough for a number across the whole photo
_LEAST_PX, _LONGEST = 16, 8  # the shorter side, and how many of it the longer one may have
_COARSE = 4  # the light changes slowly, so it is estimated on a picture that many times smaller
_SOFT = 1.0  # more would leave a dark seam along a shadow's sharp edge
_STROKE = 0.15  # of the longer side: no stroke is wider, and what is darker over more than this is shadow
_LEFT = 0.05  # of the ink; on squared paper the digits hang on the rim as well
_SMALL, _CROSSINGS, _MOST_TURNS = 0.15, 20, 2  # of the largest part's longer side; so many small ones are a grid's
_ACROSS = 0.9  # of the picture's width or height that the lines of ruled paper reach
_LEAST_CONTRAST = 0.12  # of the paper's light; what is fainter is the paper's own grain, or the back side showing through


@dataclass(frozen=True, eq=False)
class Photo:
    """`picture` (h, w, 3) uint8 as it was taken, made smaller, and `ink` (h, w) uint8, 255 paper, the darker the more ink."""

    picture: np.ndarray
    ink: np.ndarray


def read_photo(file: bytes) -> Photo:
    """The photo in a file's bytes. Raises DrawingError where it is too large, damaged, of another kind, or shows no ink."""
    picture = picture_of(file)
    return Photo(picture, inked(picture))


def picture_of(file: bytes) -> np.ndarray:
    """(h, w, 3) uint8: the picture in a file's bytes, upright, at most 700 px wide and high. Raises DrawingError where it is too
    large, damaged or of another kind.
    """
    if len(file) > MOST_MB * 1_000_000:
        raise DrawingError(f"The file has {len(file) / 1e6:.0f} MB; up to {MOST_MB} MB are read. Send it in a smaller size.")
    return np.asarray(_decoded(file))


def _decoded(file: bytes) -> Image.Image:
    """The picture upright, in colour, its longer side at most 700 px."""
    try:
        with _ONE_AT_A_TIME, Image.open(io.BytesIO(file), formats=_formats()) as picture:
            width, height = picture.size
            if width * height > _MOST_PIXELS[picture.format or "PNG"]:
                raise DrawingError(f"The picture has {width} x {height} pixels, too many to read. Send it in a smaller size.")
            if min(width, height) < _LEAST_PX or max(width, height) > _LONGEST * min(width, height):
                raise DrawingError(
                    f"The picture has {width} x {height} pixels; expected at least {_LEAST_PX} each way, and no side more than "
                    f"{_LONGEST} times the other. Crop it to the digits."
                )
            picture.draft("RGB", (2 * _LONGER_PX, 2 * _LONGER_PX))  # of a JPEG, only as much is decoded as is needed
            upright = ImageOps.exif_transpose(_small(picture))
    except DrawingError:
        raise
    except Exception as error:  # a decoder raises anything where the file is damaged: AVIF's a RuntimeError
        raise DrawingError("The file is no picture that can be read, or it is damaged. Send a JPEG or PNG file.") from error
    whole = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright).convert("RGB")
    whole.thumbnail((_LONGER_PX, _LONGER_PX), Image.Resampling.BOX)
    return whole


@cache
def _formats() -> list[str]:
    """Those of the formats that this Pillow can read."""
    Image.init()
    heic()
    return [name for name in _MOST_PIXELS if name in Image.OPEN]


def _small(picture: Image.Image) -> Image.Image:
    """As RGBA, averaged down to no less than twice 700 px before other copies are made of it."""
    if picture.mode.startswith("I") or picture.mode == "F":  # 16-bit grey: Pillow would cut it off at 255
        levels = np.asarray(picture, np.float32)
        exif = picture.getexif()
        picture = Image.fromarray(np.uint8(255 * levels / max(float(levels.max()), 1.0)))
        picture.getexif().update(exif)
    smaller = max(picture.size) // (2 * _LONGER_PX)
    if smaller > 1:
        exif = picture.getexif()
        if picture.mode in ("P", "1", "PA"):  # averages need levels
            picture = picture.convert("RGBA")
        picture = picture.reduce(smaller)
        picture.getexif().update(exif)
    return picture.convert("RGBA")


def grey_of(picture: np.ndarray) -> np.ndarray:
    """(h, w) float32, 0 to 255: how light the `picture` (h, w, 3) uint8 is, with dark ink on light paper."""
    grey = np.asarray(Image.fromarray(picture).convert("L"), np.float32)
    # Chalk on a blackboard, or a picture from MNIST.
    return 255 - grey if np.median(grey) < (grey.min() + grey.max()) / 2 else grey


def darkness_of(grey: np.ndarray) -> tuple[np.ndarray, float]:
    """(h, w) by how much of the paper's light each pixel of `grey` is darker than the paper, 0 to 1; and above which share it is
    ink, by Otsu's threshold. A closing with a square larger than a stroke estimates the light without ink.
    """
    steady = median_filter(grey, 3)
    darkness = np.clip(1 - steady / np.maximum(_light(steady), 1), 0, 1)
    return darkness, _otsu(darkness)


def inked(picture: np.ndarray) -> np.ndarray:
    """(h, w) uint8, 255 paper, of a `picture` (h, w, 3) uint8. Raises DrawingError where there is no ink.

    Ink is what is darker than the paper by more than a threshold. Parts that touch the rim are the table's edge or a thumb, if
    there is other ink; small ones are specks, or where lines of squared paper cross.
    """
    darkness, threshold = darkness_of(grey_of(picture))
    mask = darkness > threshold
    if not mask.any() or darkness[mask].mean() < _LEAST_CONTRAST:
        raise DrawingError("There is no ink to be seen in this photo. Write dark on light paper with digits that fill the photo.")
    if _is_ruled(mask) or _num_small(mask) > _CROSSINGS:
        mask = _without_rules(mask, darkness)
    full = float(np.quantile(darkness[mask], 0.5))
    mask &= ~_touching_rim(mask)
    parts, sizes = _parts(mask)
    mask &= np.concatenate([[0.0], sizes])[parts] >= _SMALL * sizes.max(initial=0.0)
    return np.where(mask, 255 - np.clip(darkness / full, 0, 1) * 255, 255).astype(np.uint8)


def _light(grey: np.ndarray) -> np.ndarray:
    """(h, w): how light the paper is at each pixel, wherever ink may lie on it."""
    coarse = grey[::_COARSE, ::_COARSE]
    size = max(round(_STROKE * max(coarse.shape)), 3)
    padded = np.pad(coarse, size, mode="reflect", reflect_type="odd")  # goes on as it comes; a mirror would make a valley
    light = gaussian_filter(grey_closing(padded, (size, size)), _SOFT)[size:-size, size:-size]
    return np.asarray(zoom(light, np.array(grey.shape) / light.shape, order=1, mode="nearest", grid_mode=True), np.float32)


def _otsu(values: np.ndarray) -> float:
    """The threshold in [0, 1] that splits `values` into two classes with the largest variance between them; 1 for one shade.

    N. Otsu, "A threshold selection method from gray-level histograms", IEEE Trans. SMC 9(1), 1979.
    """
    from skimage.filters import threshold_otsu  # here: only photos need it

    counts, edges = np.histogram(values, 256, (0, 1))
    if np.count_nonzero(counts) < 2:  # a single shade: nothing is darker than the paper
        return 1.0
    return float(threshold_otsu(hist=(counts, edges[1:])))


def _is_ruled(mask: np.ndarray) -> bool:
    """Whether what reaches the rim goes all across the picture, as lines of ruled and squared paper do, and is most of it."""
    reaching = _touching_rim(mask, spared=False)
    across = reaching.any(axis=0).mean() > _ACROSS or reaching.any(axis=1).mean() > _ACROSS
    return bool(across and reaching.sum() > mask.sum() / 2)


def _without_rules(mask: np.ndarray, darkness: np.ndarray) -> np.ndarray:
    """Without the paper's own lines: of what is darker than paper ink is the darker part, by Otsu's threshold again."""
    ink = mask
    for _ in range(_MOST_TURNS):
        if not (_is_ruled(ink) or _num_small(ink) > _CROSSINGS):
            break
        darker = darkness > _otsu(darkness[ink])
        if not darker.any():
            break
        ink = darker
    return mask if _is_ruled(ink) else ink


def _num_small(mask: np.ndarray) -> int:
    _, sizes = _parts(mask)
    return int((sizes < _SMALL * sizes.max()).sum()) if len(sizes) else 0


def _parts(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(h, w) the number of each pixel's connected part, 0 for paper, and (n,) the parts' longer sides."""
    parts, _ = label(mask, np.ones((3, 3)))
    sides = [max(each[0].stop - each[0].start, each[1].stop - each[1].start) for each in find_objects(parts)]
    return parts, np.array(sides, float)


def _touching_rim(mask: np.ndarray, *, spared: bool = True) -> np.ndarray:
    """(h, w) True for parts that reach the picture's rim; if `spared`, none where hardly anything would be left without them."""
    labels, _ = label(mask, np.ones((3, 3)))
    rim = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    reaching = np.isin(labels, rim[rim > 0])
    left = (mask & ~reaching).sum() > _LEFT * mask.sum()
    return reaching if left or not spared else np.zeros_like(mask)
