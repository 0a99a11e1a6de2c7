"""The recipe: everything a person can choose about a run, as one flat frozen record.

The sliders, the address bar, the database, the command line and exported scripts all read the one table of
fields below: a field's limits, choices, words and group stand beside it. Knows nothing of TensorFlow.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, NamedTuple

from core.errors import RecipeError
from core.recipe.fields import Field, checked, recipe_field

ARCHITECTURES = {
    "recipe": "2018 network: two pairs of convolutions, then a dense layer",
    "compact": "Compact: four convolutions and a global maximum",
    "strided": "Strided: a convolution that skips pixels, two more, a dense layer",
}
OPTIMIZERS = {"rmsprop": "RMSprop", "adam": "Adam", "adamw": "AdamW", "nadam": "Nadam", "sgd": "SGD with momentum"}
SCHEDULES = {
    "exponential": "Exponential: times a factor after each epoch",
    "one-cycle": "One cycle: up to the peak, then down to nothing",
    "plateau": "Plateau: down when validation stops improving",
    "constant": "Constant",
}
PRECISIONS = {
    "auto": "Automatic: whatever is fastest on this machine",
    "float32": "32-bit floats",
    "mixed_bfloat16": "16-bit brain floats, 32-bit weights",
}
SOURCES = {
    "digits": "Built-in digits",
    "mnist": "MNIST",
    "recipe-split": "MNIST, the 2018 split",
}
UPLOAD_NAME = re.compile(r"csv-[0-9a-f]{12}")
GROUPS = ("Data", "Network", "Learning", "Augmentation", "Stopping", "Advanced")


class ValidationKey(NamedTuple):
    """The fields of a recipe that decide which images are kept for validation."""

    dataset: str
    validation_share: float
    split_seed: int


@dataclass(frozen=True)
class Recipe:
    """All choices of a run. The defaults are the published 2018 recipe. Raises RecipeError on a value out of bounds."""

    # fmt: off
    dataset: str = recipe_field("digits", "Data", "Data", "The labelled images to learn from.", choices=SOURCES, also=UPLOAD_NAME)
    validation_share: float = recipe_field(
        0.2, "Data", "Kept for validation",
        "Share of the images that the network never learns from. Its score is measured on them.",
        low=0.05, high=0.5, step=0.05, format="{:.0%}", brief="{} kept",
    )
    split_seed: int = recipe_field(
        13, "Data", "Split seed", "The same number always keeps the same images for validation.", low=0, high=2**31 - 1,
        brief="split seed {}",
    )
    leave_out_faults: bool = recipe_field(
        False, "Data", "Leave out confirmed faults",
        "Does not learn from the images whose label you called a fault on the Evaluate page. The images kept for validation "
        "stay the same, so that scores can be compared. The list is fixed when the run starts.",
        brief="faults left out: {}",
    )
    architecture: str = recipe_field(
        "recipe", "Network", "Architecture", "How the layers are stacked.", choices=ARCHITECTURES
    )
    filters_1: int = recipe_field(
        32, "Network", "Filters, convolution 1", "How many small patterns the first layer looks for.", low=1, high=256
    )
    filters_2: int = recipe_field(
        64, "Network", "Filters, convolution 2", "Patterns made of the first layer's.", low=1, high=256
    )
    filters_3: int = recipe_field(
        64, "Network", "Filters, convolution 3", "Patterns made of the second layer's.", low=1, high=256
    )
    filters_4: int = recipe_field(
        64, "Network", "Filters, convolution 4", "Patterns made of the third layer's. The strided network has no such layer.",
        low=1, high=256,
    )
    dense_units: int = recipe_field(
        256, "Network", "Units in the dense layer",
        "Weighs all patterns together before the answer. The compact network has no such layer.", low=1, high=1024,
        brief="dense {}",
    )
    batch_norm: bool = recipe_field(
        True, "Network", "Batch normalisation", "Keeps each layer's outputs on one scale. Learning is faster and steadier.",
        brief="batch norm {}",
    )
    batch_norm_momentum: float = recipe_field(
        0.99, "Network", "Memory of batch normalisation",
        "How slowly its running averages move. Answers lag behind learning when a run has fewer than a few hundred steps.",
        low=0.5, high=0.999, step=0.001, format="{:g}", brief="memory {}",
    )
    dropout_conv: float = recipe_field(
        0.35, "Network", "Dropout after pooling",
        "Share of values set to zero at random while learning, so that the network does not lean on a few.",
        low=0.0, high=0.9, step=0.05, format="{:.2f}", brief="dropout {}",
    )
    dropout_dense: float = recipe_field(
        0.5, "Network", "Dropout before the answer", "The same, in front of the last layer.",
        low=0.0, high=0.9, step=0.05, format="{:.2f}", brief="then {}",
    )
    optimizer: str = recipe_field(
        "rmsprop", "Learning", "Optimiser", "The rule that turns errors into new weights.", choices=OPTIMIZERS
    )
    learning_rate: float = recipe_field(
        0.001, "Learning", "Learning rate",
        "Size of each correction: too small is slow, too large never settles. With one cycle, this is the peak.",
        low=1e-6, high=1.0, step=0.0001, format="{:g}", brief="rate {}",
    )
    schedule: str = recipe_field(
        "exponential", "Learning", "Schedule", "How the learning rate changes during the run.", choices=SCHEDULES
    )
    decay: float = recipe_field(
        0.9, "Learning", "Factor per epoch", "Exponential schedule: the rate is multiplied by this after each epoch.",
        low=0.1, high=1.0, step=0.01, format="{:.2f}", brief="x {} per epoch",
    )
    plateau_factor: float = recipe_field(
        0.1, "Learning", "Factor on a plateau", "Plateau schedule: the rate is multiplied by this when validation loss stalls.",
        low=0.01, high=0.9, step=0.01, format="{:.2f}", brief="x {}",
    )
    plateau_patience: int = recipe_field(
        10, "Learning", "Patience, epochs", "Plateau schedule: epochs without a better validation loss before the rate drops.",
        low=1, high=100, brief="patience {}",
    )
    epochs: int = recipe_field(
        12, "Learning", "Epochs", "How many times each training image is seen.", low=1, high=500, brief="{} epochs"
    )
    batch_size: int = recipe_field(
        128, "Learning", "Batch size", "Images per correction. Larger is faster per image; smaller corrects more often.",
        low=8, high=2048, step=8, brief="batch {}",
    )
    rotation_deg: float = recipe_field(
        10.0, "Augmentation", "Rotation, degrees", "Each image is turned by up to this much, either way, each time it is seen.",
        low=0.0, high=45.0, step=1.0, format="{:g}", brief="rotation {}°",
    )
    shift: float = recipe_field(
        0.1, "Augmentation", "Shift", "Moved up, down and sideways by up to this share of the picture.",
        low=0.0, high=0.4, step=0.01, format="{:.2f}", brief="shift {}",
    )
    zoom: float = recipe_field(
        0.1, "Augmentation", "Zoom", "Each axis is stretched or squeezed by up to this share, each by itself.",
        low=0.0, high=0.5, step=0.01, format="{:.2f}", brief="zoom {}",
    )
    shear_deg: float = recipe_field(
        0.1, "Augmentation", "Shear, degrees",
        "Slant of up to this many degrees. The 2018 recipe says .1, which Keras has read as degrees since 2018: almost none.",
        low=0.0, high=45.0, step=0.1, format="{:g}", brief="shear {}°",
    )
    styles: float = recipe_field(
        0.0, "Augmentation", "Handwriting styles",
        "How many images of other hands are mixed in for each real image to learn from: digits drawn by rule in many people's "
        "ways of writing, and real ones under a thicker pen, or with a slash, an upstroke or a bar more. So a network that few "
        "hands taught reads others, too. Validation stays on real images.",
        low=0.0, high=10.0, step=0.1, format="{:g}", brief="{} of other hands per image",
    )
    stop_patience: int = recipe_field(
        0, "Stopping", "Patience, epochs",
        "Ends the run once its validation loss has not come below its best for this many epochs. 0: it never does.",
        low=0, high=100, brief="patience {}", zero="off",
    )
    stop_accuracy: float = recipe_field(
        0.0, "Stopping", "Target accuracy",
        "Ends the run after the first epoch that reads this share of the validation images right: 0.99 for 99%. 0: no target. "
        "The epoch that answers afterwards may have read a little less, with a lower loss.",
        low=0.0, high=1.0, step=0.001, format="{:g}", brief="target {}", zero="off",
    )
    stop_minutes: float = recipe_field(
        0.0, "Stopping", "Time limit, minutes",
        "Ends the run, in the middle of an epoch if need be, once it has worked this long. Pauses do not count. 0: no limit.",
        low=0.0, high=1440.0, step=1.0, format="{:g}", brief="time limit {}", zero="off",
    )
    label_smoothing: float = recipe_field(
        0.0, "Advanced", "Label smoothing", "Asks for a little less than full certainty: the network is less overconfident.",
        low=0.0, high=0.5, step=0.01, format="{:.2f}", brief="label smoothing {}",
    )
    precision: str = recipe_field(
        "auto", "Advanced", "Arithmetic", "Shorter numbers are faster where the processor has instructions for them.",
        choices=PRECISIONS, brief="arithmetic {}",
    )
    seed: int = recipe_field(
        13, "Advanced", "Seed", "The same seed, data and machine give the same run again; on a GPU, nearly the same.",
        low=0, high=2**31 - 1, brief="seed {}",
    )

    # fmt: on
    def __post_init__(self) -> None:
        for name, each in FIELDS.items():
            object.__setattr__(self, name, checked(each, getattr(self, name), _DEFAULTS[name]))

    @property
    def validation_key(self) -> ValidationKey:
        """What names the images that a run of the recipe is scored on, and their order."""
        return ValidationKey(self.dataset, self.validation_share, self.split_seed)

    def to_json(self) -> str:
        """The recipe as a JSON object, one key per field."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """The recipe that `to_json` wrote. Fields left out keep the 2018 value. Raises RecipeError."""
        try:
            values = json.loads(text)
        except ValueError:
            raise RecipeError("The recipe is not JSON. Copy it again from a run's details, whole.") from None
        if not isinstance(values, dict):
            raise RecipeError(f"A recipe is a JSON object with one key per field, not a {type(values).__name__}.")
        return cls().changed(**values)

    def changed(self, **values: Any) -> Recipe:
        """A copy with some fields changed; text is read as the field's type. Raises RecipeError."""
        for name in values:
            if name not in FIELDS:
                raise RecipeError(f"There is no recipe field {name!r}. The fields are: {', '.join(FIELDS)}.")
        return replace(self, **values)

    def to_query(self) -> dict[str, str]:
        """Only what differs from the 2018 recipe, as text for a web address."""
        return {name: plain_text(getattr(self, name)) for name in self.differences(Recipe())}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Recipe:
        """The recipe in a web address; keys that are no field are left to others. Raises RecipeError."""
        return cls().changed(**{name: value for name, value in query.items() if name in FIELDS})

    def differences(self, other: Recipe) -> dict[str, tuple[Any, Any]]:
        """Field -> (this one's value, the other's), for the fields that differ."""
        pairs = {name: (getattr(self, name), getattr(other, name)) for name in FIELDS}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


FIELDS: dict[str, Field] = {each.name: each.metadata["field"] for each in fields(Recipe)}
_DEFAULTS: dict[str, Any] = {each.name: each.default for each in fields(Recipe)}


def value_text(name: str, value: Any) -> str:
    """A field's value in words for a person: "20%", "Adam", "on"."""
    its = FIELDS[name]
    if isinstance(value, bool):
        return "on" if value else "off"
    if its.zero and not value:
        return its.zero
    return its.choices[value].split(":")[0] if value in its.choices else its.format.format(value)


def brief_text(name: str, value: Any) -> str:
    """A field's value with just enough of its name: "batch 128"."""
    return FIELDS[name].brief.format(value_text(name, value))


def plain_text(value: Any) -> str:
    """A field's value as `changed` reads it: "0.2", "adam", "true"."""
    return str(value).lower() if isinstance(value, bool) else str(value)
