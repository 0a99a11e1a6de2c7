"""The command line as a person runs it: a process of its own, real data, a real tiny training."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import __main__ as cli
from core import datasets
from core.datasets import kaggle_csv, uploads
from core.recipe import Recipe
from core.runs.paths import weights_path
from core.runs.snapshot import Epoch, RunSnapshot
from core.store import Store

SMALL = "architecture=compact filters_1=4 filters_2=4 filters_3=4 filters_4=4 batch_size=64".split()


def command(*arguments, sets=SMALL):
    return [sys.executable, "-m", "core", *arguments, *(part for pair in sets for part in ("--set", pair))]


def run(*arguments, sets=()):
    return subprocess.run(command(*arguments, sets=sets), capture_output=True, text=True, timeout=120)


def test_train_prints_a_line_per_epoch_and_the_folder_with_the_weights(data_dir):
    done = run("train", "--preset", "recipe", "--json", sets=[*SMALL, "epochs=2"])
    *epochs, last = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 0
    assert [row["epoch"] for row in epochs] == [1, 2]
    assert set(epochs[0]) == {"epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds", "images_per_s"}
    assert epochs[1]["learning_rate"] == pytest.approx(0.0009)
    assert weights_path(Path(last["folder"]), 2).exists()


def test_ctrl_c_stops_cleanly_and_keeps_the_best_weights(data_dir):
    process = subprocess.Popen(
        command("train", "--json", sets=[*SMALL, "epochs=500"]), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    *_, last = process.communicate(timeout=60)[0].splitlines()
    assert process.returncode == 130
    assert json.loads(last)["state"] == "stopped"
    store = Store(data_dir)
    (row,) = store.runs.all()
    store.close()
    assert row.state == "stopped" and weights_path(store.runs.folder(row.run_id), row.best.epoch).exists()


def test_ctrl_c_while_a_line_is_printed_stops_as_cleanly(data_dir, monkeypatch, capsys):
    """Between two looks at the run, where an exception would end the command with a traceback."""
    report, handler = cli._report, signal.getsignal(signal.SIGINT)

    def interrupted(before, run, progress):
        report(before, run, progress)
        if run.epochs:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(cli, "_report", interrupted)
    changes = [part for each in [*SMALL, "epochs=500"] for part in ("--set", each)]
    assert cli.main(["train", "--json", *changes]) == 130
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["state"] == "stopped"
    assert signal.getsignal(signal.SIGINT) is handler


def test_away_from_a_terminal_an_epoch_is_one_plain_line_without_a_bar(capsys):
    before = RunSnapshot("run", "mine-1", Recipe(epochs=3), state="running", steps_per_epoch=10, step=12)
    epoch = Epoch(1, 0.5, 0.8, 0.25, 0.9, 0.001, 4.0, 1000.0)
    with cli._training_progress() as progress:
        cli._report(before, replace(before, epochs=(epoch,)), progress)
    expected = "epoch 1/3  loss 0.5000  accuracy 0.8000  val_loss 0.2500  val_accuracy 0.9000  4 s\n"
    assert capsys.readouterr().out == expected


@pytest.mark.parametrize(
    ("arguments", "sets", "words"),
    [
        (["train"], ["epochs=0"], "Epochs is 0; it must be a whole number from 1 to 500."),
        (["train"], ["epochs"], "--set epochs has no value"),
        (["train"], ["epoch=3"], "There is no recipe field 'epoch'"),
        (["train"], ["self=1"], "There is no recipe field 'self'"),
        (["train", "--dataset", "mnist"], [], "python -m core data fetch mnist"),
        (["train", "--dataset", "nothing"], [], "choose one of: digits"),
        (["data", "import", "missing.csv"], [], "missing.csv"),
    ],
)
def test_a_mistake_is_one_sentence_and_no_traceback(data_dir, arguments, sets, words):
    done = run(*arguments, sets=sets)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not os.listdir(data_dir) or not list(data_dir.glob("runs/*"))


@pytest.fixture(scope="module")
def own_digits(tmp_path_factory):
    """Forty of the built-in digits: as a table, as the same on their side, and as pictures in folders."""
    folder, digits = tmp_path_factory.mktemp("own"), datasets.load("digits")
    images, labels = digits.images[:40], digits.labels[:40]
    (folder / "plain.csv").write_bytes(kaggle_csv.write_labelled(images, labels))
    (folder / "side.csv").write_bytes(kaggle_csv.write_labelled(images.transpose(0, 2, 1), labels))
    for row, (image, label) in enumerate(zip(images, labels, strict=True)):
        path = folder / "pictures" / str(label) / f"{row:03}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path)
    return folder


def imported(capsys, *arguments):
    status = cli.main(["data", "import", *map(str, arguments)])
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize("name", ["plain.csv", "pictures"])
def test_digits_that_are_read_as_they_stand_are_imported(own_digits, data_dir, capsys, name):
    status, said, _ = imported(capsys, own_digits / name)
    assert status == 0 and f"{name}: 40 images, --dataset csv-" in said
    (found,) = uploads.uploads()
    assert sorted(datasets.load(found[0]).labels) == sorted(datasets.load("digits").labels[:40])


def test_digits_on_their_side_are_imported_only_once_that_is_accepted(own_digits, data_dir, capsys):
    status, said, told = imported(capsys, own_digits / "side.csv")
    assert status == 1 and "images lie on their side" in said and "add --accept" in told and uploads.uploads() == []
    status, said, _ = imported(capsys, own_digits / "side.csv", "--accept")
    assert status == 0
    np.testing.assert_array_equal(datasets.load(uploads.uploads()[0][0]).images, datasets.load("digits").images[:40])


def test_another_reading_can_be_said(own_digits, data_dir, capsys):
    assert imported(capsys, own_digits / "side.csv", "--lie", "upright", "--ink", "dark")[0] == 0
    right = 255 - datasets.load("digits").images[:40].transpose(0, 2, 1)
    np.testing.assert_array_equal(datasets.load(uploads.uploads()[0][0]).images, right)
