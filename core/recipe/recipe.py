"""The recipe: everything a person can choose about a run, as one flat, frozen record.

The sliders, the address bar, the database, the command line and exported scripts all read this one table of fields: a field's
limits, choices, words and group stand beside it. Knows nothing of TensorFlow.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, NamedTuple

from core.errors import RecipeError, quoted
from core.recipe.fields import PERCENT, Field, checked, recipe_field, shown

ARCHITECTURES = {
    "recipe": "2018 network: two pairs of convolutions, then a dense layer",
    "compact": "Compact: four convolutions, then global max pooling",
    "strided": "Strided: a strided convolution, two more, then a dense layer",
}
OPTIMIZERS = {
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
    "nadam": "Nadam",
    "sgd": "SGD with momentum",
    "muon": "Muon: orthogonal steps",
}
ACTIVATIONS = {
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU: negative values times 0.2",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU: also called swish",
    "tanh": "tanh",
    "sigmoid": "Sigmoid",
    "linear": "Linear: none at all",
}
SCHEDULES = {
    "exponential": "Exponential: times a factor after each epoch",
    "one-cycle": "One cycle: up to a peak, then down again",
    "plateau": "Plateau: reduced when validation stalls",
    "constant": "Constant",
}
PRECISIONS = {
    "auto": "Automatic: the faster one on this machine, as measured",
    "float32": "32-bit floats",
    "mixed_bfloat16": "bfloat16 arithmetic, 32-bit weights",
}
SOURCES = {
    "digits": "Built-in digits",
    "mnist": "MNIST",
    "recipe-split": "MNIST, the 2018 split",
}
_LONGEST_JSON = 20_000  # characters, ten times what a recipe takes
UPLOAD_NAME, MERGED_NAME = re.compile(r"csv-[0-9a-f]{12}"), re.compile(r"mix-[0-9a-f]{12}")
_OWN_NAME = re.compile(f"{UPLOAD_NAME.pattern}|{MERGED_NAME.pattern}")
GROUPS = ("Data", "Network", "Learning", "Augmentation", "Stopping", "Advanced")


class ValidationKey(NamedTuple):
    """The fields of a recipe that decide which images are kept for validation."""

    dataset: str
    validation_share: float
    split_seed: int
    split_by_group: bool = False


@dataclass(frozen=True)
class Recipe:
    """Every choice for a run. The defaults are the published 2018 recipe. Raises RecipeError for a value out of bounds."""

    # fmt: off
    dataset: str = recipe_field(
        "digits", "Data", "Data", "The labelled images that the network is trained on.", choices=SOURCES, also=_OWN_NAME
    )
    training_images: int = recipe_field(
        0, "Data", "Training images",
        "How many images the network learns from, in equal shares of the ten digits as far as they go. The validation images "
        "stay the same. A larger number adds images to those of a smaller one. 0: all.",
        low=0, high=70_000, least=10, format="{:,}", brief="{} training images", zero="all",
    )
    validation_share: float = recipe_field(
        0.2, "Data", "Kept for validation",
        "The share of images that are never trained on. The network is scored on them.",
        low=0.05, high=0.5, step=0.05, format=PERCENT, brief="{} for validation",
    )
    split_seed: int = recipe_field(
        13, "Data", "Split seed", "The same seed always keeps the same images for validation.", low=0, high=2**31 - 1,
        brief="split seed {}",
    )
    split_by_group: bool = recipe_field(
        False, "Data", "Split by writer or group",
        "Keeps whole writers or groups for validation, so that the score is of hands never seen in training. It takes effect on "
        "uploaded data whose files or columns tell who wrote them.",
        brief="split by group: {}",
    )
    leave_out_faults: bool = recipe_field(
        False, "Data", "Leave out label faults",
        "Trains without the images whose label you have confirmed to be wrong. The validation images stay the same, so scores "
        "remain comparable. The list is fixed when the run is started.",
        brief="label faults left out: {}",
    )
    architecture: str = recipe_field(
        "recipe", "Network", "Architecture", "Which layers the network has, and in which order.", choices=ARCHITECTURES
    )
    filters_1: int = recipe_field(
        32, "Network", "Filters, convolution 1", "How many patterns the first convolution looks for.", low=1, high=256
    )
    filters_2: int = recipe_field(
        64, "Network", "Filters, convolution 2", "How many patterns the second convolution looks for.", low=1, high=256
    )
    filters_3: int = recipe_field(
        64, "Network", "Filters, convolution 3", "How many patterns the third convolution looks for.", low=1, high=256
    )
    filters_4: int = recipe_field(
        64, "Network", "Filters, convolution 4",
        "How many patterns the fourth convolution looks for. The strided network has only three.",
        low=1, high=256,
    )
    dense_units: int = recipe_field(
        256, "Network", "Dense units",
        "Size of the dense layer that combines all patterns. The compact network has none.", low=1, high=1024,
        brief="dense {}",
    )
    kernel_size: int = recipe_field(
        0, "Network", "Kernel size",
        "Width and height of the patterns that each convolution looks for, in pixels. For a kernel larger than designed, the "
        "image gets a margin of zeros, so that the output has the same size. 0: as designed, 3 x 3, in the first layer of the "
        "strided network 5 x 5.",
        low=0, high=9, least=2, format="{0} x {0}", brief="kernels {}", zero="as designed",
    )
    extra_convolutions: int = recipe_field(
        0, "Network", "Extra convolutions",
        "Makes the network deeper: so many more convolutions after the last one, each with as many filters and an output of the "
        "same size.",
        low=0, high=4, brief="extra convolutions {}", zero="none",
    )
    activation: str = recipe_field(
        "relu", "Network", "Activation",
        "The function after each convolution and dense layer but the output. With none at all, max pooling alone keeps the "
        "network from being linear.",
        choices=ACTIVATIONS,
    )
    batch_norm: bool = recipe_field(
        True, "Network", "Batch normalisation",
        "Keeps each layer's outputs on one scale, which makes training faster and more stable.",
        brief="batch norm {}",
    )
    batch_norm_momentum: float = recipe_field(
        0.99, "Network", "Batch normalisation momentum",
        "How slowly the running averages change. Close to 1, a run of fewer than a few hundred steps is scored with averages "
        "that lag behind.",
        low=0.5, high=0.999, step=0.001, format="{:g}", brief="momentum {}",
    )
    dropout_conv: float = recipe_field(
        0.35, "Network", "Dropout after pooling",
        "Share of values set to zero at random during training, so that the network does not rely on a few of them.",
        low=0.0, high=0.9, step=0.05, format=PERCENT, brief="dropout {}",
    )
    dropout_dense: float = recipe_field(
        0.5, "Network", "Dropout before the output", "The same, before the last layer.",
        low=0.0, high=0.9, step=0.05, format=PERCENT, brief="output dropout {}",
    )
    optimizer: str = recipe_field(
        "rmsprop", "Learning", "Optimiser", "The rule that updates the weights from the gradient.", choices=OPTIMIZERS
    )
    learning_rate: float = recipe_field(
        0.001, "Learning", "Learning rate",
        "Size of each update. Too small is slow; too large never converges. With one cycle, this is the peak.",
        low=1e-6, high=1.0, step=0.0001, format="{:g}", brief="rate {}",
    )
    schedule: str = recipe_field(
        "exponential", "Learning", "Schedule", "How the learning rate changes during the run.", choices=SCHEDULES
    )
    decay: float = recipe_field(
        0.9, "Learning", "Decay per epoch", "Exponential schedule: the rate is multiplied by this after each epoch.",
        low=0.1, high=1.0, step=0.01, format="{:.2f}", brief="x {} per epoch",
    )
    plateau_factor: float = recipe_field(
        0.1, "Learning", "Plateau factor",
        "Plateau schedule: the rate is multiplied by this when the validation loss stops improving.",
        low=0.01, high=0.9, step=0.01, format="{:.2f}", brief="x {}",
    )
    plateau_patience: int = recipe_field(
        10, "Learning", "Plateau patience, epochs",
        "Plateau schedule: epochs without a better validation loss before the rate drops.",
        low=1, high=100, brief="plateau patience {}",
    )
    epochs: int = recipe_field(
        12, "Learning", "Epochs", "How many times the network sees each training image.", low=1, high=500, brief="{} epochs"
    )
    batch_size: int = recipe_field(
        128, "Learning", "Batch size",
        "Images per update. Larger batches take less time per image; smaller ones update the weights more often.",
        low=8, high=2048, step=8, brief="batch {}",
    )
    weight_decay: float = recipe_field(
        0.0, "Learning", "Weight decay",
        "Before each step every kernel shrinks by this share times the learning rate. It is L2 regularisation, kept out of the "
        "gradient and of the loss that is shown. 0: the optimiser's own, which is 0.004 of all weights for AdamW and none for "
        "the others.",
        low=0.0, high=1.0, step=0.001, format="{:g}", brief="weight decay {}", zero="the optimiser's own",
    )
    rotation_deg: float = recipe_field(
        10.0, "Augmentation", "Rotation, degrees",
        "Each time an image is seen, it is rotated by up to this much in either direction.",
        low=0.0, high=45.0, step=1.0, format="{:g}", brief="rotation {}°",
    )
    shift: float = recipe_field(
        0.1, "Augmentation", "Shift", "The image is moved in each direction by up to this share of its side.",
        low=0.0, high=0.4, step=0.01, format=PERCENT, brief="shift {}",
    )
    zoom: float = recipe_field(
        0.1, "Augmentation", "Zoom", "Each axis is stretched or shrunk by up to this share, independently.",
        low=0.0, high=0.5, step=0.01, format=PERCENT, brief="zoom {}",
    )
    shear_deg: float = recipe_field(
        0.1, "Augmentation", "Shear, degrees",
        "The image is slanted by up to this much. The 2018 recipe says 0.1, which Keras reads as degrees: almost nothing.",
        low=0.0, high=45.0, step=0.1, format="{:g}", brief="shear {}°",
    )
    styles: float = recipe_field(
        0.0, "Augmentation", "Synthetic digits",
        "How many synthetic digits are added for each real training image: digits generated in many styles of handwriting, and "
        "real ones redrawn with a thicker pen or an added slash, upstroke or bar. They help when the data come from few writers. "
        "Validation uses real images only.",
        low=0.0, high=10.0, step=0.1, format="{:g}", brief="{} synthetic per image",
    )
    stop_patience: int = recipe_field(
        0, "Stopping", "Patience, epochs",
        "Stops the run when its validation loss has not improved for this many epochs. 0: never.",
        low=0, high=100, brief="patience {}", zero="off",
    )
    stop_accuracy: float = recipe_field(
        0.0, "Stopping", "Target accuracy",
        "Stops the run after the first epoch with this validation accuracy. 0: no target. The best epoch may be an "
        "earlier one, with a slightly lower accuracy and a lower loss.",
        low=0.0, high=1.0, step=0.001, format=PERCENT, brief="target {}", zero="off",
    )
    stop_minutes: float = recipe_field(
        0.0, "Stopping", "Time limit, minutes",
        "Stops the run after this much training time, within an epoch if necessary. Pauses do not count. 0: no limit.",
        low=0.0, high=1440.0, step=1.0, format="{:g}", brief="time limit {}", zero="off",
    )
    label_smoothing: float = recipe_field(
        0.0, "Advanced", "Label smoothing",
        "Trains towards slightly less than full certainty, which makes the network less overconfident.",
        low=0.0, high=0.5, step=0.01, format=PERCENT, brief="label smoothing {}",
    )
    precision: str = recipe_field(
        "auto", "Advanced", "Arithmetic", "Shorter numbers are faster on processors with instructions for them.",
        choices=PRECISIONS, brief="arithmetic {}",
    )
    seed: int = recipe_field(
        13, "Advanced", "Seed", "The same seed, data and machine repeat a run exactly; on a GPU, almost exactly.",
        low=0, high=2**31 - 1, brief="seed {}",
    )

    # fmt: on
    def __post_init__(self) -> None:
        for name, each in FIELDS.items():
            object.__setattr__(self, name, checked(each, getattr(self, name), _DEFAULTS[name]))

    @property
    def validation_key(self) -> ValidationKey:
        """What names the images that a run of the recipe is scored on, and their order."""
        return ValidationKey(self.dataset, self.validation_share, self.split_seed, self.split_by_group)

    def to_json(self) -> str:
        """The recipe as a JSON object, one key per field."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """The recipe that `to_json` wrote. Missing fields have their 2018 values. Raises RecipeError."""
        if len(text) > _LONGEST_JSON:
            raise RecipeError(
                f"The recipe has {len(text):,} characters, and {_LONGEST_JSON:,} are the most. Copy the recipe of a run again."
            )
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            raise RecipeError("The recipe is not valid JSON. Copy the whole recipe of a run again.") from None
        if not isinstance(values, dict):
            raise RecipeError(f"A recipe is a JSON object with one key per field, not a {type(values).__name__}.")
        return cls().changed(**values)

    def changed(self, /, **values: Any) -> Recipe:
        """A copy with some fields changed; text is read as the field's type. Raises RecipeError."""
        for name in values:
            if name not in FIELDS:
                raise RecipeError(f"There is no recipe field {quoted(name)}. The fields are: {', '.join(FIELDS)}.")
        return replace(self, **values)

    def to_query(self) -> dict[str, str]:
        """The fields that differ from the 2018 recipe, as text for a web address."""
        return {name: plain_text(getattr(self, name)) for name in self.differences(Recipe())}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Recipe:
        """The recipe in a web address; keys that are not fields are ignored. Raises RecipeError."""
        return cls().changed(**{name: value for name, value in query.items() if name in FIELDS})

    def differences(self, other: Recipe) -> dict[str, tuple[Any, Any]]:
        """Field -> (own value, the other's value), for the fields that differ."""
        pairs = {name: (getattr(self, name), getattr(other, name)) for name in FIELDS}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


FIELDS: dict[str, Field] = {each.name: each.metadata["field"] for each in fields(Recipe)}
_DEFAULTS: dict[str, Any] = {each.name: each.default for each in fields(Recipe)}


def value_text(name: str, value: Any) -> str:
    """A field's value as shown to a person: "20%", "Adam", "on"."""
    field = FIELDS[name]
    if isinstance(value, bool):
        return "on" if value else "off"
    if field.zero and not value:
        return field.zero
    return field.choices[value].split(":")[0] if value in field.choices else shown(field, value)


def brief_text(name: str, value: Any) -> str:
    """A field's value with a short form of its name: "batch 128"."""
    text = FIELDS[name].brief.format(value_text(name, value))
    return text.removesuffix("s") if name == "epochs" and value == 1 else text


def plain_text(value: Any) -> str:
    """A field's value as `changed` reads it: "0.2", "adam", "true"."""
    return str(value).lower() if isinstance(value, bool) else str(value)
