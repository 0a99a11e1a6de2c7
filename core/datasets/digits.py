"""The built-in digits: scikit-learn's 1,797 real 8 x 8 digits, brought to 28 x 28 the way a drawing is.

Everything works at first start with them, without a download. Each 8 x 8 value counts the inked pixels of a 4 x 4 block of the
scanned bitmap (E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI, doi 10.24432/C50P49), so the
strokes are recovered as the smooth outline with exactly those counts.
"""

from __future__ import annotations

import numpy as np
from sklearn.datasets import load_digits

from core.datasets.dataset import Dataset
from core.drawing import preprocessing

_BLOCK_INK = 16  # pixels of a block, so the most ink in one 8 x 8 value
_MARGIN = 1  # blank block around: strokes that touch the border get an outline there, too
_FINE = 4  # outline samples per block, the resolution of the scanned bitmap
_STEEP = 8.0  # how fast the outline's field turns paper into ink: the rim is about half a sample wide
_ROUNDS = 6  # leaves the counts off by .0033 of a block on average; none would by .021, 10 by .0024
# The bitmaps were squeezed sideways: the upright strokes of their zeros are .65 times as wide as the level ones, .88 in MNIST's
# training images; and the ink is 13.4 px wide for 20 px of height, MNIST's 15.5.
_WIDEN = 1.3
_STROKE_PX = 2.4  # these pens were thicker than MNIST's: they go further towards its stroke width than a drawing does,
_EVENING = 0.75  # but not all the way: some variety of pens stays


def load() -> Dataset:
    """The 1,797 digits, with ink box, place, stroke width and contrast like MNIST's; the same bytes each time."""
    source = load_digits()
    fields = _fields(source.images.astype(np.float32) / _BLOCK_INK)
    images = np.stack(
        [preprocessing.centred(preprocessing.evened(field, stroke_px=_STROKE_PX, share=_EVENING)) for field in fields]
    )
    return Dataset(
        name="digits",
        title="Built-in digits",
        provenance="1,797 digits by 13 writers, scikit-learn's from UCI's Optical Recognition of Handwritten Digits, enlarged.",
        images=np.round(images * 255).astype(np.uint8),
        labels=source.target.astype(np.uint8),
    )


def _fields(counts: np.ndarray) -> np.ndarray:
    """(n, h, w) smooth fields, above .5 inside the strokes, whose inked share of each block is `counts` (n, 8, 8) in [0, 1].

    The field is a bicubic surface over one control value per block; each round raises the values of blocks with too little
    ink and lowers the others: iterative back-projection (M. Irani, S. Peleg, CVGIP 53(3), 1991).
    """
    wanted = np.pad(counts, ((0, 0), (_MARGIN, _MARGIN), (_MARGIN, _MARGIN)))
    size = wanted.shape[1]
    fine = _bicubic(size, size * _FINE)
    control = 2 * wanted - 1
    for _ in range(_ROUNDS):
        ink = (1 + np.tanh(_STEEP / 2 * (fine @ control @ fine.T))) / 2
        got = ink.reshape(-1, size, _FINE, size, _FINE).mean(axis=(2, 4))
        control = np.clip(control + wanted - got, -1.5, 1.5)  # bounded: a full block would be asked for ever more
    return np.asarray(0.5 + fine @ control @ _bicubic(size, round(size * _FINE * _WIDEN)).T)


def _bicubic(size: int, samples: int) -> np.ndarray:
    """(samples, size) weights that sample a row of `size` values evenly: R. Keys' cubic convolution, ends repeated."""
    places = (np.arange(samples) + 0.5) * size / samples - 0.5
    weights = np.zeros((samples, size), np.float32)
    for offset in range(-1, 3):
        neighbour = np.floor(places).astype(int) + offset
        far = np.abs(places - neighbour)
        near_part = 1.5 * far**3 - 2.5 * far**2 + 1
        far_part = -0.5 * far**3 + 2.5 * far**2 - 4 * far + 2
        np.add.at(weights, (np.arange(samples), np.clip(neighbour, 0, size - 1)), np.where(far <= 1, near_part, far_part))
    return weights
