"""Mutated inputs for whatever reads what comes from outside. Each is either refused in a sentence or read as what it says."""

from __future__ import annotations

import gzip
import io
import json
import struct
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from PIL import Image

from core.constants import SIDE_PX
from core.datasets import forms, kaggle_csv, mnist_files
from core.drawing.photos import read_photo
from core.errors import DigitLabError
from core.recipe import Recipe, text_form
from core.recipe.presets import preset
from core.runs.snapshot import STATES
from core.store import run_columns, tables
from core.system import files
from core.text import inert
from tests import form_files
from tests.drawn import draw
from tests.tables import content, table

SLOW_S = 10.0
_LONGEST_SENTENCE = 700
# What breaks parsers: names of Python and of shells, numbers at their ends, brackets, invisible letters, marks.
_TOKENS = [
    *b"self __class__ cls null NaN Infinity -1 1e999 true [] {} '' \"\"".split(),
    *"\u202e \u200b \u3164 ![x](https:h?q) <script> :red[x] $x$ www.evil.example".encode().split(b" "),
    *(b"9" * 400, b"[" * 3000, b"{" * 300, b"\0", b"\r", b"\n" * 50, b",,", b":", b"%00"),
    *(b"../../etc/passwd", b"\xff\xfe", b"sep=;"),
]


@dataclass(frozen=True)
class Parser:
    """`read` takes bytes; it may raise one of `refusals`, and checks by assertions that what it took in is right."""

    seeds: Callable[[], Sequence[bytes]]
    read: Callable[[bytes], None]
    refusals: tuple[type[Exception], ...] = (DigitLabError,)


@dataclass
class Outcome:
    """Of `tried` inputs `refused` were refused; `failures` are the inputs, and what they raised, that were neither."""

    tried: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    failures: list[str] = field(default_factory=list)


def attack(name: str, number: int, seed: int) -> Outcome:
    """Gives the parser that many mutated inputs."""
    parser, random, outcome = PARSERS[name], np.random.default_rng([seed, *name.encode()]), Outcome()
    seeds = parser.seeds()
    for _ in range(number):
        given = mutated(random, seeds)
        began = time.perf_counter()
        try:
            parser.read(given)
        except parser.refusals as error:
            outcome.refused += 1
            if not 0 < len(str(error)) <= _LONGEST_SENTENCE:
                outcome.failures.append(f"{given[:200]!r}: a sentence of {len(str(error))} characters")
        except Exception as error:
            outcome.failures.append(f"{given[:200]!r}: {type(error).__name__}: {str(error)[:200]}")
        took_s = time.perf_counter() - began
        outcome.slowest_s = max(outcome.slowest_s, took_s)
        if took_s > SLOW_S:
            outcome.failures.append(f"{given[:200]!r}: took {took_s:.1f} s")
        outcome.tried += 1
    return outcome


def mutated(random: np.random.Generator, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds, changed in one to eight ways."""
    made = bytearray(seeds[random.integers(len(seeds))])
    for _ in range(random.integers(1, 9)):
        place = int(random.integers(len(made) + 1))
        length = int(random.integers(1, 60))
        match random.integers(7):
            case 0 if made:
                made[place % len(made)] ^= 1 << int(random.integers(8))
            case 1:
                made[place:place] = _TOKENS[random.integers(len(_TOKENS))]
            case 2:
                del made[place : place + length]
            case 3:
                made[place:place] = made[place : place + length]
            case 4 if random.random() < 0.3:
                del made[place:]
            case 5:
                made[place : place + length] = random.bytes(length)
            case 6:
                other = seeds[random.integers(len(seeds))]
                start = int(random.integers(len(other) + 1))
                made[place : place + length] = other[start : start + length]
    return bytes(made)


def _recipe(given: bytes) -> None:
    recipe = Recipe.from_json(given.decode(errors="replace"))
    assert Recipe.from_json(recipe.to_json()) == recipe


def _link(given: bytes) -> None:
    recipe, problems = text_form.read(given.decode(errors="replace"))
    assert text_form.read(text_form.write(recipe)) == (recipe, [])
    assert all(0 < len(each) <= _LONGEST_SENTENCE for each in problems)


def _query(given: bytes) -> None:
    pairs = [each.partition("=") for each in given.decode(errors="replace").split("&")]
    recipe = Recipe.from_query({name: value for name, _, value in pairs})
    assert Recipe.from_query(recipe.to_query()) == recipe


def _name(given: bytes) -> None:
    shown = inert(given.decode(errors="replace"))
    assert inert(shown) == shown and not set(shown) & set("*[]<>`\n\u202e\u200b")


def _row(given: bytes) -> None:
    text = given.decode(errors="replace")
    good = {each.name: 1 for each in tables.runs.c}
    good |= {"recipe": Recipe().to_json(), "rate_changes": "[[1, 2.0]]", "state": "finished"}
    good |= {"name": "a", "person": "b", "tags": "c, d"}
    for name in ("name", "person", "tags", "rate_changes", "state", "active_s", "recipe"):
        try:
            row = run_columns.summary(SimpleNamespace(**good | {name: text}))
        except DigitLabError as error:
            assert 0 < len(str(error)) <= _LONGEST_SENTENCE
            assert name not in ("name", "person", "tags")
        else:
            assert row.name and row.state in STATES
    run_columns.summary(SimpleNamespace(**good | {"recipe": text}))


def _train_csv(given: bytes) -> None:
    images, labels = kaggle_csv.read_labelled(io.BytesIO(given), title="train.csv")
    assert (
        images.shape == (len(labels), SIDE_PX, SIDE_PX)
        and images.dtype == labels.dtype == np.uint8
        and labels.max(initial=0) <= 9
    )


def _form(given: bytes) -> None:
    found = forms.look([("mine", io.BytesIO(given))], "mine", None, lambda share: None)
    images, labels = forms.take(found, found.proposed)
    assert images.shape == (len(labels), SIDE_PX, SIDE_PX) and images.dtype == labels.dtype == np.uint8 and labels.max() <= 9


def _mnist(given: bytes) -> None:
    mnist_files.read(mnist_files.Y_TEST, io.BytesIO(given))
    raise AssertionError("a changed file was taken for MNIST")


def _arrays(given: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        file.write(given)
        file.flush()
        read = files.load_arrays(Path(file.name), "x", shapes={"x": (None, 3)})
    assert read["x"].shape[1:] == (3,) and not read["x"].dtype.hasobject


def _photo(given: bytes) -> None:
    photo = read_photo(given)
    assert photo.ink.dtype == np.uint8 and photo.picture.shape == (*photo.ink.shape, 3) and max(photo.ink.shape) <= 700


@cache
def _texts() -> list[bytes]:
    return [recipe.to_json().encode() for recipe in (Recipe(), preset("quick", "digits"), preset("hands", "mnist"))] + [
        b'{"epochs": 3}'
    ]


@cache
def _links() -> list[bytes]:
    recipes = (preset("quick", "digits"), Recipe(), preset("best", "mnist").changed(epochs=7, seed=3, optimizer="sgd"))
    return [text_form.write(each).encode() for each in recipes]


@cache
def _queries() -> list[bytes]:
    recipes = (Recipe(epochs=5), Recipe(batch_norm=False, zoom=0.2, dataset="mnist", optimizer="adam"))
    return ["&".join(f"{name}={value}" for name, value in each.to_query().items()).encode() for each in recipes]


@cache
def _names() -> list[bytes]:
    return [b"quick-7", b"wide, no dropout", "Jürgen O'Neil-2.".encode(), b"train (2).csv", "手書き_1".encode()]


@cache
def _rows() -> list[bytes]:
    epochs = json.dumps([[3, 0.5], [9, 2.0]]).encode()
    return [*_texts(), epochs, b"finished", b"interrupted", b"quick-7"]


@cache
def _tables() -> list[bytes]:
    return [content(table(24)), content(table(21), end="\r\n"), b"sep=,\n" + content(table(20))]


@cache
def _forms() -> list[bytes]:
    """One file of each form, of small pictures; of those that are several files, all in a zip."""
    random = np.random.default_rng(0)
    images, labels = random.integers(0, 256, (24, 8, 8)).astype(np.uint8), (np.arange(24) % 10).astype(np.uint8)
    made = []
    for make in form_files.FORMS:
        for _ in range(2):
            files, _, _ = make(random, images, labels.astype(int))
            made.append(files[0][1] if len(files) == 1 else form_files.zipped(dict(files)))
    return made


@cache
def _idx() -> list[bytes]:
    labels = np.arange(10_000) % 10
    whole = struct.pack(">4BI", 0, 0, 8, 1, 10_000) + labels.astype(np.uint8).tobytes()
    packed = io.BytesIO()
    np.savez_compressed(packed, y_test=labels.astype(np.uint8))
    return [whole, gzip.compress(whole), packed.getvalue()]


@cache
def _archives() -> list[bytes]:
    made = []
    for save in (np.savez, np.savez_compressed):
        packed = io.BytesIO()
        save(packed, x=np.arange(12, dtype=np.float32).reshape(4, 3), y=np.arange(3))
        made.append(packed.getvalue())
    return made


@cache
def _pictures() -> list[bytes]:
    digit = Image.fromarray(draw(side=120, size=80, left=20, top=20, brush=10))
    paper = Image.alpha_composite(Image.new("RGBA", digit.size, "white"), digit).convert("RGB")
    made = []
    for kind, mode in (("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "L"), ("PNG", "P"), ("WEBP", "RGB"), ("BMP", "RGB")):
        file = io.BytesIO()
        paper.convert(mode).save(file, kind)
        made.append(file.getvalue())
    return made


PARSERS: dict[str, Parser] = {
    "recipe JSON": Parser(_texts, _recipe),
    "recipe in a link": Parser(_links, _link),
    "recipe in the address": Parser(_queries, _query),
    "names": Parser(_names, _name),
    "rows of the record": Parser(_rows, _row),
    "train.csv": Parser(_tables, _train_csv),
    "digits in any form": Parser(_forms, _form),
    "MNIST's files": Parser(_idx, _mnist, (mnist_files.NotMNIST,)),
    "arrays": Parser(_archives, _arrays, (files.DamagedFile,)),
    "photos": Parser(_pictures, _photo),
}


def dose(name: str, of: int) -> int:
    """How many of `of` inputs over all parsers this one gets: slow ones fewer."""
    shares: dict[str, Any] = {
        "train.csv": 0.06,
        "photos": 0.04,
        "MNIST's files": 0.08,
        "arrays": 0.1,
        "recipe in a link": 0.12,
        "digits in any form": 0.25,
    }
    rest = (1 - sum(shares.values())) / (len(PARSERS) - len(shares))
    return round(of * shares.get(name, rest))
