"""A damaged archive, or one whose header promises what its data are not, is one kind of error and takes no memory."""

import io
import os
import struct
import zipfile

import numpy as np
import pytest

from core.system import files

GOOD = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"


def archive(path, header, data=b"\0" * 12):
    """An `.npz` whose zip is right, with one array of that header."""
    text = header.encode() + b" " * (64 - len(header) % 64) + b"\n"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("x.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data)
    return path


def test_arrays_come_back_as_they_were_written(tmp_path):
    files.save_arrays(tmp_path / "a.npz", x=np.arange(6).reshape(2, 3), y=np.array("text"))
    read = files.load_arrays(tmp_path / "a.npz", shapes={"x": (None, 3), "y": ()})
    np.testing.assert_array_equal(read["x"], [[0, 1, 2], [3, 4, 5]])
    assert read["y"] == "text" and list(files.load_arrays(archive(tmp_path / "b.npz", GOOD))["x"]) == [0, 0, 0]


@pytest.mark.parametrize(
    "header",
    [
        GOOD.replace("(3,)", "(9999999999999,)"),
        GOOD.replace("(3,)", f"({10**400},)"),
        GOOD.replace("(3,)", "(-3,)"),
        GOOD.replace("(3,)", "(2,)"),
        GOOD.replace("<f4", "|O"),
        GOOD.replace("'descr'", "'''descr'"),
        "{" * 200,
        "",
        "'" + GOOD,
        GOOD.replace("False", "None"),
    ],
)
def test_a_header_that_does_not_fit_is_a_damaged_file(tmp_path, header):
    with pytest.raises(files.DamagedFile, match=r"^a\.npz cannot be read"):
        files.load_arrays(archive(tmp_path / "a.npz", header))


@pytest.mark.parametrize("shape", [(3, 3), (2,), (None,), (None, None, None)])
def test_an_array_of_another_shape_is_a_damaged_file(tmp_path, shape):
    files.save_arrays(tmp_path / "a.npz", x=np.zeros((2, 3)))
    with pytest.raises(files.DamagedFile, match="has the shape"):
        files.load_arrays(tmp_path / "a.npz", "x", shapes={"x": shape})


def test_a_name_that_is_not_in_it_is_a_damaged_file(tmp_path):
    files.save_arrays(tmp_path / "a.npz", x=np.zeros(2))
    with pytest.raises(files.DamagedFile):
        files.load_arrays(tmp_path / "a.npz", "y")


@pytest.mark.parametrize("seed", range(200))
def test_a_byte_changed_anywhere_is_found_or_changes_nothing(tmp_path, seed):
    random = np.random.default_rng(seed)
    path = tmp_path / "a.npz"
    files.save_arrays(path, x=np.arange(20, dtype=np.float32), y=np.arange(5))
    content = bytearray(path.read_bytes())
    content[random.integers(len(content))] ^= 1 << random.integers(8)
    path.write_bytes(content)
    try:
        read = files.load_arrays(path, "x")
    except files.DamagedFile:
        return
    np.testing.assert_array_equal(read["x"], np.arange(20))


def test_what_is_no_archive_is_a_damaged_file(tmp_path):
    for content in (b"", b"PK\x03\x04", io.BytesIO().getvalue(), b"x" * 1000):
        (tmp_path / "a.npz").write_bytes(content)
        with pytest.raises(files.DamagedFile):
            files.load_arrays(tmp_path / "a.npz")


def test_what_a_killed_write_left_goes_a_day_later_and_nothing_else(tmp_path):
    (tmp_path / "deep").mkdir()
    with files.atomic_write(tmp_path / "deep" / "a.npz"):
        (unfinished,) = (tmp_path / "deep").iterdir()
    (tmp_path / "deep" / "a.npz").unlink()
    old, young, other = unfinished, unfinished.with_name(f".young{unfinished.name}"), unfinished.with_name(".other")
    for path in (old, young, other):
        path.write_text("x")
    for path in (old, other):
        os.utime(path, (0, 0))
    files.remove_unfinished(tmp_path)
    assert set((tmp_path / "deep").iterdir()) == {young, other}
