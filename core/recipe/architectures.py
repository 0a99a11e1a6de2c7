"""The layers of a recipe's network as a plain list, with shapes and costs. No TensorFlow, so the list can be shown before it is
imported; `core.network.model` builds the same layers in Keras.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.constants import NUM_CLASSES, SIDE_PX
from core.errors import RecipeError
from core.recipe import Recipe, value_text


@dataclass(frozen=True)
class Layer:
    """One layer: `shape` is its output for one image, `multiply_adds` the cost of a forward pass of one image.

    `units` are filters or outputs; `rate` is the share of dropout or the momentum of batch normalisation; `kernel` and `stride`
    are those of a convolution, in pixels along each axis, and so are the `added` ones of zero padding, half of them, or one less,
    before the first pixel. `activation` has Keras' name.
    """

    kind: str
    title: str
    shape: tuple[int, ...]
    num_parameters: int
    multiply_adds: int
    units: int = 0
    rate: float = 0.0
    kernel: int = 0
    stride: int = 0
    added: int = 0
    activation: str = ""


def layers(recipe: Recipe) -> tuple[Layer, ...]:
    """The layers of the recipe's network, first to last, for 28 x 28 x 1 input. Raises RecipeError."""
    stack = _Stack()
    _ARCHITECTURES[recipe.architecture](stack, recipe)
    stack.output()
    return tuple(stack.layers)


def weight_shapes(recipe: Recipe) -> list[tuple[int, ...]]:
    """The shapes of the network's weights, in Keras' order. Raises RecipeError."""
    shapes: list[tuple[int, ...]] = []
    for layer in layers(recipe):
        if layer.kind == "batch_norm":
            shapes += 4 * [layer.shape[-1:]]
        elif layer.num_parameters:
            inputs = layer.num_parameters // layer.units - 1
            kernel = layer.kernel
            shapes += [(kernel, kernel, inputs // kernel**2, layer.units) if kernel else (inputs, layer.units), (layer.units,)]
    return shapes


def num_parameters(recipe: Recipe) -> int:
    """All numbers of the network, including the moving statistics of batch normalisation."""
    return sum(layer.num_parameters for layer in layers(recipe))


def multiply_adds(recipe: Recipe) -> int:
    """Multiply-adds of a forward pass of one image."""
    return sum(layer.multiply_adds for layer in layers(recipe))


class _Stack:
    """The layers so far, and the output shape of the last one."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.shape: tuple[int, ...] = (SIDE_PX, SIDE_PX, 1)

    def add(self, kind: str, title: str, shape: tuple[int, ...], *, parameters: int = 0, cost: int = 0, **details: Any) -> None:
        if min(shape) < 1:
            raise RecipeError(f"No pixels are left for {title} after {len(self.layers)} layers. Choose another architecture.")
        self.layers.append(Layer(kind, title, shape, parameters, cost, **details))
        self.shape = shape

    def convolution(self, filters: int, recipe: Recipe, *, designed: int = 3, stride: int = 1, added: int | None = None) -> None:
        """A convolution with the recipe's kernel size, else the `designed` one, and its batch normalisation.

        With a larger kernel the picture is padded first, so that its output is as large as designed; or by `added` pixels.
        """
        kernel = recipe.kernel_size or designed
        self.zero_padding(kernel - designed if added is None else added)
        height, width, channels = self.shape
        shape = ((height - kernel) // stride + 1, (width - kernel) // stride + 1, filters)
        weights = kernel * kernel * channels * filters
        step = f", stride {stride}" if stride > 1 else ""
        self.add(
            "convolution",
            f"Convolution {kernel} x {kernel}{step}, {filters} filters, {value_text('activation', recipe.activation)}",
            shape,
            parameters=weights + filters,
            cost=weights * shape[0] * shape[1],
            units=filters,
            kernel=kernel,
            stride=stride,
            activation=recipe.activation,
        )
        self.batch_norm(recipe)

    def extra_convolutions(self, recipe: Recipe) -> None:
        """Those that the recipe adds after the last one, each with as many filters and with an output of the same size."""
        for _ in range(recipe.extra_convolutions):
            self.convolution(self.shape[-1], recipe, added=(recipe.kernel_size or 3) - 1)

    def zero_padding(self, added: int) -> None:
        if added > 0:
            height, width, channels = self.shape
            title = f"Zero padding, {added} pixel{'s' * (added > 1)} along each axis"
            self.add("zero_padding", title, (height + added, width + added, channels), added=added)

    def batch_norm(self, recipe: Recipe) -> None:
        if recipe.batch_norm:
            parameters = 4 * self.shape[-1]
            self.add("batch_norm", "Batch normalisation", self.shape, parameters=parameters, rate=recipe.batch_norm_momentum)

    def max_pool(self) -> None:
        height, width, channels = self.shape
        self.add("max_pool", "Max pooling 2 x 2", (height // 2, width // 2, channels))

    def dropout(self, rate: float) -> None:
        if rate:
            self.add("dropout", f"Dropout {rate:g}", self.shape, rate=rate)

    def flatten(self) -> None:
        height, width, channels = self.shape
        self.add("flatten", "Flatten", (height * width * channels,))

    def global_max(self) -> None:
        self.add("global_max", "Global max pooling", self.shape[-1:])

    def dense(self, recipe: Recipe) -> None:
        title = f"Dense, {recipe.dense_units} units, {value_text('activation', recipe.activation)}"
        self._connected("dense", title, recipe.dense_units, recipe.activation)

    def output(self) -> None:
        self._connected("output", f"Output, {NUM_CLASSES} digits, softmax", NUM_CLASSES, "softmax")

    def _connected(self, kind: str, title: str, units: int, activation: str) -> None:
        (inputs,) = self.shape
        size = {"parameters": (inputs + 1) * units, "cost": inputs * units}
        self.add(kind, title, (units,), **size, units=units, activation=activation)


def _recipe(stack: _Stack, recipe: Recipe) -> None:
    """The 2018 network: ReLU before batch normalisation, 'valid' padding (docs/recipe-2018.md)."""
    stack.convolution(recipe.filters_1, recipe)
    stack.convolution(recipe.filters_2, recipe)
    stack.max_pool()
    stack.dropout(recipe.dropout_conv)
    stack.convolution(recipe.filters_3, recipe)
    stack.convolution(recipe.filters_4, recipe)
    stack.extra_convolutions(recipe)
    stack.max_pool()
    stack.dropout(recipe.dropout_conv)
    stack.flatten()
    stack.dense(recipe)
    stack.dropout(recipe.dropout_dense)


def _compact(stack: _Stack, recipe: Recipe) -> None:
    """Pools early, so that the wide layers run on small feature maps: about a third of the 2018 network's arithmetic."""
    stack.convolution(recipe.filters_1, recipe)
    stack.max_pool()
    stack.dropout(recipe.dropout_conv)
    for filters in (recipe.filters_2, recipe.filters_3, recipe.filters_4):
        stack.convolution(filters, recipe)
    stack.extra_convolutions(recipe)
    stack.global_max()
    stack.dropout(recipe.dropout_dense)


def _strided(stack: _Stack, recipe: Recipe) -> None:
    """Halves the resolution in the first layer: under half of the compact network's arithmetic. It flattens its feature maps, so
    it keeps the position of each pattern.
    """
    stack.convolution(recipe.filters_1, recipe, designed=5, stride=2)
    for filters in (recipe.filters_2, recipe.filters_3):
        stack.convolution(filters, recipe)
    stack.extra_convolutions(recipe)
    stack.max_pool()
    stack.dropout(recipe.dropout_conv)
    stack.flatten()
    stack.dense(recipe)
    stack.batch_norm(recipe)
    stack.dropout(recipe.dropout_dense)


_ARCHITECTURES: dict[str, Callable[[_Stack, Recipe], None]] = {"recipe": _recipe, "compact": _compact, "strided": _strided}
