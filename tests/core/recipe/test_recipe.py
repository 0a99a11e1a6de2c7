import json

import pytest

from core.errors import RecipeError
from core.recipe import FIELDS, Recipe, value_text
from core.recipe.presets import PRESETS, adapted, nearest, preset, preset_name


@pytest.mark.parametrize("recipe", PRESETS.values(), ids=PRESETS)
def test_json_and_query_bring_a_recipe_back(recipe):
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert Recipe.from_query(recipe.to_query()) == recipe


def test_the_query_holds_only_what_differs_and_ignores_foreign_keys():
    assert Recipe(epochs=5, batch_norm=False).to_query() == {"epochs": "5", "batch_norm": "false"}
    assert Recipe.from_query({"epochs": "5", "run": "abc"}) == Recipe(epochs=5)


def test_the_defaults_are_the_2018_recipe():
    recipe = PRESETS["recipe"]
    assert (recipe.optimizer, recipe.learning_rate, recipe.schedule, recipe.decay) == ("rmsprop", 0.001, "exponential", 0.9)
    assert (recipe.epochs, recipe.batch_size, recipe.validation_share, recipe.split_seed) == (12, 128, 0.2, 13)
    assert (recipe.rotation_deg, recipe.shift, recipe.zoom, recipe.shear_deg) == (10, 0.1, 0.1, 0.1)
    assert (recipe.dropout_conv, recipe.dropout_dense) == (0.35, 0.5)
    assert recipe.styles == 0


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("epochs", 0, "Epochs is 0; it must be a whole number from 1 to 500."),
        ("epochs", 2.5, "whole number"),
        ("epochs", True, "whole number"),
        ("zoom", float("nan"), "a number from 0 to 0.5"),
        ("learning_rate", "fast", "'fast'"),
        ("optimizer", "newton", "rmsprop, adam"),
        ("batch_norm", "maybe", "true or false"),
        ("dataset", "../../etc/passwd", "choose one of"),
        ("dataset", "csv-123", "choose one of"),
        ("seed", -1, "0 or more"),
        ("kernel_size", 1, "Kernel size is 1; it must be 0 or a whole number from 2 to 9."),
        ("training_images", 9, "0 or a whole number from 10 to 70000"),
        ("training_images", "9", "0 or a whole number from 10 to 70000"),
        ("activation", "step", "relu, leaky_relu"),
    ],
)
def test_a_bad_value_is_named_with_what_was_expected(field, value, words):
    with pytest.raises(RecipeError) as caught:
        Recipe(**{field: value})
    assert FIELDS[field].label in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"epoch": 3}',
        '{"epochs": null}',
        '{"self": 1}',
        '{"__class__": 1}',
        '{"dataset": []}',
        '{"dataset": {}}',
        '{"batch_norm": [true]}',
        '{"epochs": 1' + 400 * "0" + "}",
        '{"epochs": 1' + 5000 * "0" + "}",
        '{"zoom": Infinity}',
        9_000 * "[",
        100_000 * "[",
    ],
)
def test_text_that_is_no_recipe_is_refused_in_a_short_sentence(text):
    with pytest.raises(RecipeError) as caught:
        Recipe.from_json(text)
    assert len(str(caught.value)) < 600


def test_what_was_received_is_quoted_at_a_length_that_can_be_read():
    with pytest.raises(RecipeError, match="^Optimiser is 'n{40}…'; choose one of: rmsprop"):
        Recipe(optimizer=30_000 * "n")
    with pytest.raises(RecipeError, match=r"^Optimiser is '\\u202eadam'; choose"):
        Recipe(optimizer="\u202eadam")


def test_differences_name_both_values():
    assert Recipe(epochs=5).differences(Recipe()) == {"epochs": (5, 12)}


def test_values_read_as_words():
    shown = {name: value_text(name, getattr(Recipe(), name)) for name in FIELDS}
    assert shown["validation_share"] == "20%"
    assert shown["batch_norm"] == "on"
    assert shown["optimizer"] == "RMSprop"


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("dataset", ["digits", "mnist", "csv-0123456789ab"])
def test_a_preset_is_known_by_its_name_on_any_data_and_with_any_split(name, dataset):
    recipe = preset(name, dataset)
    assert recipe.dataset == dataset
    assert preset_name(recipe.changed(split_seed=7, validation_share=0.3)) == name
    assert preset_name(recipe.changed(epochs=recipe.epochs + 1)) == "mine"


def test_presets_adapt_to_the_few_built_in_digits_and_the_2018_recipe_is_as_published_on_mnist():
    assert preset("quick", "digits").styles > preset("quick", "mnist").styles
    for dataset in ("recipe-split", "mnist"):
        assert preset("recipe", dataset) == Recipe(dataset=dataset) and adapted("recipe", dataset) == ()
    assert adapted("recipe", "digits") == ("batch_norm_momentum", "batch_size")
    assert preset_name(Recipe()) == "mine", "as published, on few images, it is not the preset"


def test_the_nearest_preset_names_what_is_changed_of_it_but_not_data_and_split():
    recipe = preset("tiny", "mnist").changed(epochs=3, seed=7, split_seed=5, validation_share=0.3)
    assert nearest(recipe) == ("tiny", ("epochs", "seed"))
    assert nearest(preset("best", "digits")) == ("best", ())


def test_recipes_and_links_from_before_the_split_by_group_mean_what_they_meant():
    before = {name: value for name, value in json.loads(Recipe(dataset="mnist").to_json()).items() if name != "split_by_group"}
    assert Recipe.from_json(json.dumps(before)) == Recipe(dataset="mnist")
    assert "split_by_group" not in Recipe(dataset="mnist").to_query()
    assert Recipe.from_query({"dataset": "mnist"}).validation_key == ("mnist", 0.2, 13, False)
    assert Recipe(split_by_group=True).validation_key != Recipe().validation_key


NEW = {"training_images": 0, "kernel_size": 0, "extra_convolutions": 0, "activation": "relu", "weight_decay": 0.0}


def test_recipes_and_links_from_before_a_field_mean_what_they_meant():
    before = {name: value for name, value in json.loads(Recipe(epochs=3).to_json()).items() if name not in NEW}
    assert Recipe.from_json(json.dumps(before)) == Recipe(epochs=3)
    assert {name: getattr(Recipe(epochs=3), name) for name in NEW} == NEW
    assert Recipe(epochs=3).to_query() == {"epochs": "3"}


def test_what_the_new_fields_hold_goes_into_a_link_and_comes_back():
    recipe = Recipe(training_images=300, kernel_size=5, extra_convolutions=2, activation="gelu", weight_decay=0.01)
    query = {name: str(getattr(recipe, name)) for name in NEW}
    assert recipe.to_query() == query and Recipe.from_query(query) == recipe
    words = [value_text(name, getattr(recipe, name)) for name in NEW]
    assert words == ["300", "5 x 5", "2", "GELU", "0.01"]
    assert [value_text(name, value) for name, value in NEW.items()] == [
        "all",
        "as designed",
        "none",
        "ReLU",
        "the optimiser's own",
    ]


def test_learning_from_a_part_of_the_images_is_a_cut_of_the_data_and_leaves_a_preset_what_it_is():
    recipe = preset("quick", "digits").changed(training_images=300)
    assert preset_name(recipe) == "quick" and nearest(recipe) == ("quick", ())
    assert recipe.validation_key == preset("quick", "digits").validation_key
    assert preset_name(recipe.changed(activation="tanh")) == "mine"
