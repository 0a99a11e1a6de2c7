"""What import-linter cannot hold: imports in fresh processes and on pages, and tables that must agree."""

import ast
import math
import subprocess
import sys
from pathlib import Path

import pytest

from core import datasets
from core.network.model import _OPTIMIZERS, build
from core.recipe import Recipe, architectures, presets, recipe, schedules

ROOT = Path(__file__).parents[2]
LIGHT = (
    "errors",
    "recipe",
    "recipe.architectures",
    "runs.events",
    "runs.snapshot",
    "drawing.preprocessing",
    "datasets",
    "store",
    "charts.confusion",
    "network.predictor",
    "evaluation.label_faults",
    "evaluation.error_budget",
    "training.label_search",
    "training.studio",
)


def loaded_by(modules):
    """Top-level names in sys.modules of a fresh process that has imported `modules`."""
    script = f"import sys, {', '.join(modules)}; print(*{{name.split('.')[0] for name in sys.modules}})"
    command = [sys.executable, "-c", script]
    return set(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=120).stdout.split())


def modules_of(folder):
    paths = (path.relative_to(ROOT).with_suffix("") for path in sorted((ROOT / folder).rglob("*.py")))
    names = [".".join(path.parts).removesuffix(".__init__") for path in paths]
    return [name for name in names if name != "core.store.migrations.env"]  # alembic runs it, nothing imports it


def imported_by(path):
    """Full names of what a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def test_core_does_without_the_browser():
    modules = modules_of("core")
    assert "core.training.trainer" in modules
    assert not loaded_by(modules) & {"streamlit", "ui", "pages"}


def test_what_the_first_page_needs_comes_without_tensorflow_cleanlab_and_alembic():
    assert not loaded_by([f"core.{name}" for name in LIGHT]) & {"tensorflow", "keras", "cleanlab", "alembic"}


@pytest.mark.parametrize("page", [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))], ids=lambda path: path.stem)
def test_a_page_talks_to_ui_alone(page):
    assert {"ui"} <= {name.split(".")[0] for name in imported_by(page)} <= {"streamlit", "ui"}


@pytest.mark.parametrize("path", sorted((ROOT / "ui").rglob("*.py")), ids=lambda path: path.stem)
def test_ui_leaves_networks_to_core(path):
    imported = set(imported_by(path))
    assert not {name.split(".")[0] for name in imported} & {"tensorflow", "keras", "pages", "app"}
    assert "core.training.trainer" not in imported


SHAPES = {
    "full": {},
    "bare": {"batch_norm": False, "dropout_conv": 0.0, "dropout_dense": 0.0},
    "small kernels": {"kernel_size": 2, "extra_convolutions": 1},
    "even kernels": {"kernel_size": 4, "extra_convolutions": 2},
    "large kernels": {"kernel_size": 9, "extra_convolutions": 4, "batch_norm": False},
}


@pytest.mark.parametrize("changes", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("architecture", recipe.ARCHITECTURES)
def test_the_table_of_layers_is_the_network_that_trains(architecture, changes):
    chosen = Recipe(architecture=architecture, filters_1=5, filters_2=6, filters_3=7, filters_4=8, dense_units=9, **changes)
    built = [(layer.output.shape[1:], layer.count_params()) for layer in build(chosen).layers]
    assert [(layer.shape, layer.num_parameters) for layer in architectures.layers(chosen)] == built


def test_kernel_size_and_extra_convolutions_change_the_number_of_parameters_as_by_hand():
    bare = Recipe(batch_norm=False)
    # Kernels of 5 x 5 in place of 3 x 3: 16 more weights for each pair of channels; the dense layer stays.
    pairs = 1 * 32 + 32 * 64 + 64 * 64 + 64 * 64
    assert architectures.num_parameters(bare.changed(kernel_size=5)) - architectures.num_parameters(bare) == 16 * pairs
    assert architectures.num_parameters(bare.changed(kernel_size=3)) == architectures.num_parameters(bare)
    # Two more layers of 64 filters with 3 x 3 x 64 weights and a bias, at 8 x 8 places.
    deeper = bare.changed(extra_convolutions=2)
    assert architectures.num_parameters(deeper) - architectures.num_parameters(bare) == 2 * 64 * (9 * 64 + 1)
    assert architectures.multiply_adds(deeper) - architectures.multiply_adds(bare) == 2 * 64 * 9 * 64 * 8 * 8
    strided = bare.changed(architecture="strided", kernel_size=5)  # its first layer is designed so
    assert architectures.layers(strided)[0] == architectures.layers(strided.changed(kernel_size=0))[0]


def test_the_2018_network_has_its_published_size():
    model = build(presets.PRESETS["recipe"])
    assert architectures.num_parameters(presets.PRESETS["recipe"]) == model.count_params() == 358_538
    assert sum(math.prod(weight.shape) for weight in model.trainable_weights) == 358_090


@pytest.mark.parametrize(
    ("offered", "made"),
    [
        (recipe.ARCHITECTURES, architectures._ARCHITECTURES),
        (recipe.OPTIMIZERS, _OPTIMIZERS),
        (recipe.SCHEDULES, schedules._SCHEDULES),
        (recipe.SOURCES, datasets._SOURCES),
        (presets.PRESETS, presets.PRESET_TITLES),
        (presets.PRESETS, presets.PRESET_WORDS),
    ],
    ids=["architectures", "optimizers", "schedules", "sources", "presets", "words"],
)
def test_whatever_can_be_chosen_can_be_made(offered, made):
    assert set(offered) == set(made)
