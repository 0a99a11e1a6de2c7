import re
from dataclasses import replace

import numpy as np
import pytest

from core.network import precision
from core.recipe import Recipe
from core.runs import events
from core.store import Speed, Store
from core.system import machine
from core.training import speed, worker
from core.training.control import Control
from core.training.job import TrainingJob
from core.training.live_runs import LiveRuns
from tests.runs import TINY, trained

FAST, SLOW = (Speed(flop_per_s=flop, step_s=0.001, startup_s=2.0) for flop in (4e11, 1e11))


def speeds(in_32_bits, in_16_bits, architecture="recipe"):
    return {(architecture, "float32"): in_32_bits, (architecture, "mixed_bfloat16"): in_16_bits}


@pytest.fixture
def flags(monkeypatch):
    """Pretends a processor with these instruction sets."""
    return lambda *names: monkeypatch.setattr(machine, "cpu_flags", lambda: set(names))


def test_automatic_is_what_was_measured_to_be_faster_and_never_worse_than_32_bits():
    recipe = Recipe()
    assert speed.fastest(recipe, speeds(SLOW, FAST)) == "mixed_bfloat16"
    assert speed.fastest(recipe, speeds(FAST, SLOW)) == "float32", "though the processor has the instructions"
    assert speed.fastest(recipe, speeds(FAST, FAST)) == "float32", "nothing to win"
    assert speed.fastest(recipe, {}) == "float32", "nothing measured"
    assert speed.fastest(recipe, speeds(SLOW, FAST, "compact")) == "float32", "another kind of network"
    assert speed.resolved(recipe, speeds(SLOW, FAST)) == recipe.changed(precision="mixed_bfloat16")
    asked = recipe.changed(precision="mixed_bfloat16")
    assert speed.resolved(asked, speeds(FAST, SLOW)) == asked, "a person's choice holds"


def test_what_a_step_takes_grows_with_the_images_and_the_network():
    small, large = (speed.step_s(Recipe(batch_size=size), FAST) for size in (64, 128))
    assert small - FAST.step_s == pytest.approx((large - FAST.step_s) / 2)
    assert speed.step_s(Recipe(filters_2=128), FAST) > large


def test_a_processor_is_measured_in_16_bits_only_if_it_has_instructions_for_them(flags):
    flags("avx2", "fma")
    assert precision.candidates() == ("float32",)
    flags("avx2", "avx512f", "avx512_bf16")
    assert precision.candidates() == ("float32", "mixed_bfloat16")


@pytest.mark.slow
def test_each_arithmetic_is_measured_once_and_kept(store, flags):
    flags("avx512_bf16")
    made = speed.measure(store, ["compact"])
    assert set(made) == {("compact", "float32"), ("compact", "mixed_bfloat16")}
    assert all(each.flop_per_s > 1e8 and each.startup_s > 0 for each in made.values())
    assert speed.measure(store, ["compact"]) == made == speed.known(store)
    name = machine.name()
    assert re.search(r", \d+ cores, TensorFlow \d", name), "another version is measured anew"
    assert Store(store.folder).speeds.of(name).keys() == speed.known(store).keys()


@pytest.mark.parametrize(("bits", "expected"), [(SLOW, "float32"), (Speed(1e15, 1e-6, 2.0), "mixed_bfloat16")])
def test_a_run_says_what_it_was_trained_in_and_keeps_to_it(store, bits, expected, monkeypatch):
    monkeypatch.setattr(speed, "known", lambda store: speeds(FAST, bits, TINY.architecture))
    happened = []
    recipe = TINY.changed(precision="auto", epochs=1)
    run = store.runs.create(recipe, "mine")
    job = TrainingJob(run.run_id, run.name, recipe, store.runs.folder(run.run_id))
    worker.import_and_train(store, job, Control(), happened.append)
    started = next(each for each in happened if isinstance(each, events.RunStarted))
    assert started.precision == expected
    assert np.isfinite(next(each for each in happened if isinstance(each, events.EpochEnded)).epoch.val_loss)


def test_a_run_that_goes_on_keeps_the_arithmetic_that_it_began_in(store):
    begun = replace(trained(store), precision="mixed_bfloat16")
    jobs = []
    for run in (begun, replace(begun, epochs=())):
        worker.train_guarded(run, Control(), lambda job, *_: jobs.append(job), LiveRuns(store, lambda run_id: None))
    assert [job.arithmetic for job in jobs] == ["mixed_bfloat16", ""]
