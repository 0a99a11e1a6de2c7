import pytest

from core.recipe import Recipe
from core.recipe.presets import preset
from core.recipe.text_form import read, write


@pytest.mark.parametrize(
    ("recipe", "text"),
    [
        (Recipe(), "recipe"),
        (preset("quick", "digits"), "quick"),
        (preset("quick", "mnist").changed(epochs=6), "quick,epochs:6,dataset:mnist"),
        (Recipe(batch_norm=False, learning_rate=3e-05), "recipe,batch_norm:false,learning_rate:3e-05"),
        (preset("quick", "digits").changed(batch_size=128), "quick,batch_size:128"),  # a default that is none of the preset's
        (Recipe(validation_share=0.3), "recipe,validation_share:0.3"),
    ],
)
def test_a_recipe_comes_back_from_its_short_text(recipe, text):
    assert write(recipe) == text
    assert read(text) == (recipe, [])


def test_what_cannot_be_is_told_and_the_rest_holds():
    recipe, told = read("swift,epochs:6,optimizer:prayer,banana:1,,seed:x")
    assert recipe == Recipe(epochs=6)
    assert len(told) == 5
    assert told[0] == "The link's recipe begins with 'swift', which is no preset; the 2018 recipe is taken."
    assert told[1].startswith("Optimiser is 'prayer'; choose one of")
