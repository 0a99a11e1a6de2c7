import pytest

from core.recipe import Recipe
from core.recipe.presets import preset
from core.recipe.text_form import read, write


@pytest.mark.parametrize(
    ("recipe", "text"),
    [
        (preset("recipe", "digits"), "recipe"),
        (Recipe(), "recipe,batch_norm_momentum:0.99,batch_size:128"),  # as published, not adapted to few images
        (Recipe(dataset="recipe-split"), "recipe,dataset:recipe-split"),
        (preset("quick", "digits"), "quick"),
        (preset("quick", "mnist").changed(epochs=6), "quick,epochs:6,dataset:mnist"),
        (
            preset("recipe", "digits").changed(batch_norm=False, learning_rate=3e-05),
            "recipe,batch_norm:false,learning_rate:3e-05",
        ),
        (preset("quick", "digits").changed(batch_size=128), "quick,batch_size:128"),  # a default that is none of the preset's
        (preset("recipe", "digits").changed(validation_share=0.3), "recipe,validation_share:0.3"),
    ],
)
def test_a_recipe_comes_back_from_its_short_text(recipe, text):
    assert write(recipe) == text
    assert read(text) == (recipe, [])


def test_an_invalid_part_is_named_and_the_other_parts_are_used():
    recipe, problems = read("swift,epochs:6,optimizer:prayer,banana:1,,seed:x")
    assert recipe == preset("recipe", "digits").changed(epochs=6)
    assert len(problems) == 5
    assert problems[0] == "The link's recipe begins with 'swift', which is not a preset; the 2018 recipe is used."
    assert problems[1].startswith("Optimiser is 'prayer'; choose one of")


@pytest.mark.parametrize("part", ["self:1", "__class__:1", "changed:1", "epochs:" + 400 * "9", "dataset:" + 3_000 * "x"])
def test_a_part_that_is_no_field_or_value_is_one_short_sentence(part):
    recipe, problems = read(f"quick,{part}")
    assert recipe == preset("quick", "digits")
    assert len(problems) == 1 and len(problems[0]) < 250


def test_a_text_longer_than_any_recipe_is_not_read():
    recipe, problems = read("quick," + 4000 * "a,")
    assert recipe == Recipe() and problems == [
        "The link's recipe has 8,006 characters, which no recipe has; the 2018 recipe is used."
    ]
