"""Widgets for a recipe, made from its table of fields. Their values outlast a change of page, see held_recipe.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core import datasets
from core.recipe import FIELDS, GROUPS, SOURCES, Recipe, brief_text, value_text
from core.recipe.presets import CUT, PRESET_TITLES, PRESET_WORDS, PRESETS, adapted, nearest, preset, preset_name
from ui import recipe_sliders
from ui import session_keys as keys
from ui.browser import hiding
from ui.browser.notes import plain
from ui.held_recipe import change, held, held_recipe, hold, kept_recipe
from ui.run_control.forecasts import arithmetic_line
from ui.session import lab
from ui.widgets.sliders import sliders

_MINE = "mine"
_OPEN_AT_FIRST = ("Learning", "Augmentation")
_NUM_CHIPS = 8
_FOUND = "found"  # the place of the settings that were looked for; there, one that nothing reads is shown, at rest
_HIDDEN_AS = {"Data": "source"}  # of the groups; "data" is the page
_PUBLISHED = {name: getattr(Recipe(dataset="recipe-split"), name) for name in FIELDS}  # on the data that it was published with
# A field that only some choices of another field read. Under any other it is not shown, unless it is looked for.
_READ_UNDER: dict[str, tuple[str, tuple[Any, ...]]] = {
    "decay": ("schedule", ("exponential",)),
    "plateau_factor": ("schedule", ("plateau",)),
    "plateau_patience": ("schedule", ("plateau",)),
    "dense_units": ("architecture", ("recipe", "strided")),
    "filters_4": ("architecture", ("recipe", "compact")),
    "batch_norm_momentum": ("batch_norm", (True,)),
}


def recipe_form(below: Mapping[str, Callable[[Recipe], None]]) -> Recipe:
    """Presets, what differs from the nearest one, then every field by group; returns the recipe that they add up to. `below`
    draws what belongs under the fields of an open group. Raises RecipeError.
    """
    recipe = kept_recipe()
    if not hiding.hidden("presets"):
        _preset_row(recipe)
        _differences(recipe)
    groups = {
        group: [name for name, each in FIELDS.items() if each.group == group]
        for group in GROUPS
        if not hiding.hidden(_HIDDEN_AS.get(group, group.lower()))
    }
    if not groups:
        return recipe
    wanted = st.text_input(
        "Find a setting", key=keys.FIND_SETTING, type="search", placeholder="Find a setting", label_visibility="collapsed"
    )
    with st.container(gap=None, key=keys.GROUPS):
        if wanted and wanted.strip():
            found = [name for names in groups.values() for name in names if _is_meant(name, wanted)]
            if not found:
                st.caption(f"No setting has “{plain(wanted.strip())}” in its name or description.")
            _fields(_FOUND, found, recipe)
        else:
            for group, names in groups.items():
                _group(group, names, recipe)
                if group in below and _is_open(group):
                    below[group](recipe)
    return recipe


def _is_meant(name: str, words: str) -> bool:
    """Whether each of the words is in the field's name or description."""
    each = FIELDS[name]
    text = " ".join((each.label, each.group, each.help, name, *each.choices.values())).casefold()
    return all(word in text for word in words.casefold().split())


def _differences(recipe: Recipe) -> None:
    """What a preset is good for; else each value that differs from the nearest preset's, with a press that sets it back.

    A part of the training images stays when a preset is chosen, and changes what the preset is good for.
    """
    name, changed = nearest(recipe)
    if recipe.training_images:
        changed = ("training_images", *changed)
    if not changed:
        st.caption(_preset_line(name, recipe))
        return
    base = preset(name, recipe.dataset)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key=keys.CHIPS):
        st.caption(f"{PRESET_TITLES[name]}, but", width="content")
        for each in changed[:_NUM_CHIPS]:
            before = getattr(base, each)
            st.button(
                f"{FIELDS[each].label.lower()} {value_text(each, getattr(recipe, each))}",
                icon=":material/close:",
                icon_position="right",
                key=keys.chip(each),
                help=f"Sets it back to {value_text(each, before)}",
                on_click=change,
                kwargs={each: before},
            )
        if len(changed) > _NUM_CHIPS:
            st.caption(f"and {len(changed) - _NUM_CHIPS} more", width="content")


def field(name: str) -> None:
    """The widget of one field that is a choice, a switch or a seed, the same on every page."""
    st.session_state[keys.recipe_field(name)] = held(name)
    _WIDGETS[type(getattr(Recipe(), name))](name)


def numbers(place: str, names: Sequence[str], recipe: Recipe) -> None:
    """Sliders for fields that are numbers, with a mark at the nearest preset's value; `place` keeps two such blocks apart."""
    usual = preset(nearest(recipe)[0], recipe.dataset)
    rows = [recipe_sliders.slider(name, recipe, usual, words=_help(name), disabled=not _in_force(name)) for name in names]

    def take(values: dict[str, float]) -> None:
        change(**{name: recipe_sliders.value(name, number) for name, number in values.items()})

    sliders(rows, key=keys.recipe_sliders(place), on_change=take)


def _group(group: str, names: list[str], recipe: Recipe) -> None:
    """A header that says a closed group's values in one line; a press opens it.

    A closed group's widgets are not there at all: thirty of them took the browser longer than all the rest of the page.
    Streamlit's own expander would forget that it is open whenever a value in its header changes.
    """
    is_open = _is_open(group)
    summary = "" if is_open else f" \N{EN DASH} {_shortened(', '.join(_brief(name) for name in names if _in_force(name)))}"
    st.button(
        f"**{group}**{summary}",
        key=keys.group_button(group),
        type="tertiary",
        width="stretch",
        icon=":material/expand_more:" if is_open else ":material/chevron_right:",
        on_click=_turn,
        args=(group,),
    )
    if is_open:
        _fields(group, names, recipe)


def _fields(place: str, names: Sequence[str], recipe: Recipe) -> None:
    """What is chosen, then what is turned."""
    names = [name for name in names if _in_force(name) or place == _FOUND]
    on_sliders = [name for name in names if recipe_sliders.on_slider(name)]
    with st.container(key=keys.fields_of(place)):
        for name in names:
            if name not in on_sliders:
                field(name)
        if on_sliders:
            numbers(place, on_sliders, recipe)


def _is_open(group: str) -> bool:
    return bool(st.session_state.get(keys.group_is_open(group), group in _OPEN_AT_FIRST))


def _turn(group: str) -> None:
    st.session_state[keys.group_is_open(group)] = not _is_open(group)


def _preset_line(name: str, recipe: Recipe) -> str:
    """What a preset is good for, and what of it is adapted to the data."""
    if name == "recipe" and (changed := adapted(name, recipe.dataset)):
        values = " and ".join(brief_text(field, getattr(recipe, field)) for field in changed)
        return f"{PRESET_TITLES[name]}, adapted to few images: {values}. As published it would end at 10% on them."
    return f"{PRESET_TITLES[name]}: {PRESET_WORDS[name]}."


def preset_select(recipe: Recipe) -> None:
    """The presets in a list, where there is little room."""
    if not hiding.hidden("presets"):
        _preset_row(recipe, st.selectbox)


def _preset_row(recipe: Recipe, widget: Callable[..., Any] = st.segmented_control) -> None:
    current = preset_name(recipe)
    st.session_state[keys.PRESET] = current
    widget(
        "Preset",
        [*PRESETS, _MINE] if current == _MINE else list(PRESETS),
        format_func=lambda name: PRESET_TITLES.get(name, "Mine"),
        key=keys.PRESET,
        on_change=_take_preset,
        help="Sets every value below except the data. Change any of them and it becomes yours. "
        + ", ".join(f"{PRESET_TITLES[name]}: {words}" for name, words in PRESET_WORDS.items())
        + ".",
    )


def _take_preset() -> None:
    chosen = st.session_state[keys.PRESET]
    if chosen in PRESETS:
        hold(preset(chosen, held("dataset")).changed(**{name: held(name) for name in CUT}))


def _take_dataset() -> None:
    """A preset stays what it is when the data change, though its values may be others for them."""
    now = held_recipe()
    for name in (preset_name(now.changed(dataset=other)) for other in SOURCES):
        if name in PRESETS:
            hold(preset(name, now.dataset).changed(**{cut: held(cut) for cut in CUT}))
            return


def _in_force(name: str) -> bool:
    if name == "split_by_group":
        return datasets.has_groups(held("dataset"))
    other, choices = _READ_UNDER.get(name, ("", ()))
    return not other or held(other) in choices


def _brief(name: str) -> str:
    return datasets.title(held(name)) if name == "dataset" else brief_text(name, held(name))


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:58].rsplit(",", 1)[0] + ", ..."


def _help(name: str) -> str:
    return f"{FIELDS[name].help} 2018 recipe: {value_text(name, _PUBLISHED[name])}."


def _common(name: str) -> dict[str, Any]:
    return {
        "label": FIELDS[name].label,
        "key": name,
        "help": _help(name),
        "persist_state": "session",
        "disabled": not _in_force(name),
    }


def _choice(name: str) -> None:
    choices = dict(datasets.available()) if name == "dataset" else FIELDS[name].choices
    now = held(name)
    if now not in choices:
        choices = {**choices, now: f"{value_text(name, now)} (not at hand)"}
    st.selectbox(
        **_common(name),
        options=list(choices),
        format_func=lambda key: choices.get(key, key),
        on_change=_take_dataset if name == "dataset" else None,
    )
    if name == "precision":
        st.caption(arithmetic_line(lab(), held_recipe()))


def _seed(name: str) -> None:
    bounds = {"min_value": int(FIELDS[name].low), "max_value": int(FIELDS[name].high), "value": getattr(Recipe(), name)}
    st.number_input(**_common(name), **bounds)


def _switch(name: str) -> None:
    st.toggle(**_common(name), value=getattr(Recipe(), name))


_WIDGETS = {str: _choice, int: _seed, bool: _switch}
