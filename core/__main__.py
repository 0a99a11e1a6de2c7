"""Digit Lab without a browser: `python -m core train --preset quick`, `python -m core data fetch mnist`."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import asdict, replace
from io import BytesIO
from pathlib import Path
from types import FrameType
from typing import IO

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, ProgressColumn, TextColumn

from core import datasets
from core.datasets import forms, mnist, uploads
from core.errors import DataError, DigitLabError, RecipeError, reason
from core.metrics import accuracy_interval, interval_text
from core.network.predictor import Predictor
from core.recipe import Recipe
from core.recipe.presets import PRESETS, preset
from core.runs.epoch import Epoch
from core.runs.snapshot import RunSnapshot
from core.store import Store, starter
from core.system.paths import data_dir
from core.system.temporary import use_own_folder
from core.training.starter import make
from core.training.studio import Studio

_SMALL_BYTES = 2**22


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and gives the exit status: 0, 1 after an error of one sentence, 130 after Ctrl-C."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    use_own_folder()
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except DigitLabError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description="Train a network on handwritten digits.")
    commands = parser.add_subparsers(required=True, metavar="command")
    train = commands.add_parser("train", help="train a recipe and keep its weights")
    _recipe_options(train, preset="recipe", dataset="digits")
    train.add_argument("--json", action="store_true", help="one JSON line per epoch instead of a progress bar")
    train.set_defaults(command=_train)
    started = commands.add_parser("starter", help="make the network that answers before any run was trained")
    _recipe_options(started, preset="hands", dataset="mnist")
    started.set_defaults(command=_starter)
    data = commands.add_parser("data", help="get data").add_subparsers(required=True, metavar="what")
    fetch = data.add_parser("fetch", help="download a data set")
    fetch.add_argument("name", choices=["mnist"])
    fetch.set_defaults(command=_fetch)
    imported = data.add_parser("import", help="import digits of one's own: a file of any form, several, or a folder")
    imported.add_argument("path", nargs="+")
    imported.add_argument("--accept", action="store_true", help="take what is proposed where the images are not as they stand")
    imported.add_argument("--lie", choices=forms.ORIENTATIONS, help="how the images lie in the file")
    imported.add_argument("--ink", choices=("bright", "dark"), help="the ink, on paper that is the other")
    imported.add_argument("--labels", choices=forms.LABEL_MAPS, help="what the labels mean")
    imported.set_defaults(command=_import)
    data.add_parser("list", help="list the data sets").set_defaults(command=_list)
    return parser


def _recipe_options(command: argparse.ArgumentParser, *, preset: str, dataset: str) -> None:
    command.add_argument("--preset", choices=PRESETS, default=preset, help=f"the recipe to start from (default: {preset})")
    command.add_argument(
        "--dataset", default=dataset, help=f"digits, mnist, recipe-split, or the name of an imported file (default: {dataset})"
    )
    command.add_argument(
        "--set", action="append", default=[], metavar="field=value", help="change a field of the recipe; repeatable"
    )


def _starter(options: argparse.Namespace) -> int:
    shown = RunSnapshot(run_id=starter.RUN_ID, name=starter.NAME, recipe=_recipe(options))

    def report(run: RunSnapshot) -> None:
        nonlocal shown
        _report(shown, run, progress)
        shown = run

    with _training_progress() as progress:
        run = make(shown.recipe, report)
    print(f"{run.name}: {_best_line(run)}, in {starter.FOLDER}")
    return 0


def _best_line(run: RunSnapshot) -> str:
    if run.best_epoch is None:
        return "no epoch was finished"
    score = interval_text(accuracy_interval(run.best_epoch.val_accuracy, run.num_validation))
    return f"best epoch {run.best_epoch.epoch}, {score} on {run.num_validation:,} images"


def _train(options: argparse.Namespace) -> int:
    recipe = _recipe(options)
    datasets.load(recipe.dataset)  # raises DatasetMissing before the run is queued
    studio = Studio(Store(data_dir()))
    run = studio.submit(recipe)
    with _stopping(studio, run.run_id) as interrupted, nullcontext() if options.json else _training_progress() as progress:
        while run.active:
            later = studio.wait(run)
            _report(run, later, progress)
            run = later
    studio.close()
    return _closing_line(run, studio, as_json=options.json) or (130 if interrupted.is_set() else 0)


@contextmanager
def _stopping(studio: Studio, run_id: str) -> Iterator[threading.Event]:
    """Inside, Ctrl-C stops the run and sets the event. A KeyboardInterrupt could end the command between any two lines."""
    interrupted = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        interrupted.set()
        studio.stop(run_id)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def _recipe(options: argparse.Namespace) -> Recipe:
    changes: dict[str, str] = {}
    for pair in options.set:
        name, equals, value = pair.partition("=")
        if not equals:
            raise RecipeError(f"--set {pair} has no value; write it as --set {pair}=VALUE.")
        changes[name] = value
    return preset(options.preset, options.dataset).changed(**changes)


def _report(before: RunSnapshot, run: RunSnapshot, progress: Progress | None) -> None:
    """Prints the epochs that `run` has and `before` has not: above the bar, or as JSON without one."""
    for epoch in run.epochs[len(before.epochs) :]:
        if progress is None:
            print(json.dumps(_values(epoch)), flush=True)
        else:
            progress.console.print(
                f"epoch {epoch.epoch}/{run.recipe.epochs}  loss {epoch.loss:.4f}  accuracy {epoch.accuracy:.4f}  "
                f"val_loss {epoch.val_loss:.4f}  val_accuracy {epoch.val_accuracy:.4f}  {epoch.seconds:.0f} s",
                soft_wrap=True,
                highlight=False,
            )
    if progress is not None and run.active and run.steps_per_epoch:
        _move_bar(progress, run)


def _values(epoch: Epoch) -> dict[str, float]:
    return {name: value for name, value in asdict(epoch).items() if value is not False and value is not None}


def _training_progress() -> Progress:
    """The bar of one run, drawn when the run changes: a thread that redraws it would take time from the training."""
    return _progress(BarColumn(30), TextColumn("{task.description}"), auto_refresh=False)


def _progress(*columns: ProgressColumn, auto_refresh: bool = True) -> Progress:
    """Bars that are drawn on a terminal only, and removed at the end."""
    console = Console()
    return Progress(*columns, console=console, auto_refresh=auto_refresh, transient=True, disable=not console.is_terminal)


def _move_bar(progress: Progress, run: RunSnapshot) -> None:
    left = f"  {run.remaining_s:.0f} s left" if run.remaining_s is not None else ""
    words = f"epoch {run.current_epoch}/{run.recipe.epochs}  {run.images_per_s:,.0f} images/s{left}"
    if not progress.task_ids:
        progress.add_task(words, total=1.0)
    progress.update(progress.task_ids[0], description=words, completed=run.progress, refresh=True)


def _closing_line(run: RunSnapshot, studio: Studio, *, as_json: bool) -> int:
    folder, best = str(studio.store.runs.folder(run.run_id)), run.best_epoch
    if as_json:
        print(json.dumps({"run": run.name, "state": run.state, "folder": folder, "best_epoch": best and best.epoch}))
    elif best:
        print(f"{run.name} {run.state}: {_best_line(run)}, in {folder}")
    if run.state == "failed":
        print(run.message, file=sys.stderr)
    return 1 if run.state == "failed" else 0


def _fetch(options: argparse.Namespace) -> int:
    with _progress(TextColumn("MNIST"), BarColumn(30), DownloadColumn()) as progress:
        task = progress.add_task("MNIST", total=None)
        mnist.fetch(lambda num_bytes, total: progress.update(task, completed=num_bytes, total=total))
    print("MNIST is here: --dataset mnist or --dataset recipe-split")
    return 0


def _import(options: argparse.Namespace) -> int:
    paths = [each for path in options.path for each in forms.files_at(Path(path))]
    run, store = starter.network(), Store(data_dir())
    with ExitStack() as opened, _progress(TextColumn("Reading"), BarColumn(30)) as progress:
        opened.callback(store.close)
        task = progress.add_task("Reading", total=1.0)
        given = [(name, opened.enter_context(_opened(path))) for name, path in paths]
        called = uploads.title(str(options.path[0]).rstrip("/")) if len(options.path) == 1 else f"{len(paths)} files"
        recognise = Predictor(store).reader(run) if run else None
        found = forms.look(given, called, recognise, lambda share: progress.update(task, completed=share))
    print(f"Found: {found.sentence}.")
    chosen = _reading(found, options)
    if not (found.sure or options.accept or chosen != found.proposed):
        told = f"The starter network agrees with {found.agreement:.0%} of the labels" if found.known else "It cannot be told how"
        print(f"{told}. Nothing was kept: add --accept to read it so, or say --lie, --ink or --labels.", file=sys.stderr)
        return 1
    images, labels = forms.take(found, chosen)
    words = "; ".join(chosen.words())
    dataset = uploads.keep(images, labels, filename=called, found=found.form, reading=words, groups=found.raw.groups)
    print(f"{dataset.title}: {len(dataset):,} images, --dataset {dataset.name}")
    return 0


def _opened(path: Path) -> IO[bytes]:
    """Small files are read at once: a folder may have more of them than a process may have open."""
    try:
        return BytesIO(path.read_bytes()) if path.stat().st_size < _SMALL_BYTES else path.open("rb")
    except OSError as error:
        raise DataError(f"{path} cannot be read ({reason(error)}). Check that it may be opened.") from None


def _reading(found: forms.Found, options: argparse.Namespace) -> forms.Reading:
    """The proposal with what the options say otherwise."""
    proposed = found.proposed
    if options.ink and (options.ink == "dark") != proposed.inverted:
        proposed = proposed.other_ink()
    return replace(proposed, orientation=options.lie or proposed.orientation, labels=options.labels or proposed.labels)


def _list(options: argparse.Namespace) -> int:
    for name, title in datasets.available():
        print(f"{name:14} {title}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
