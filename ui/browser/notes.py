"""Sentences at the head of a page: what could not be followed of the link that opened it."""

from __future__ import annotations

import re

import streamlit as st

from ui import session_keys as keys

_MOST_SHOWN = 40  # characters of what a link says wrong
_MOST_NOTES = 6
_REST = "The rest of the link was applied."
_MARKS = re.compile(r"[\\`*\[\]<>$~]|:(?=\S)|!(?=\[)|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|^[#+=-]")
_ITEM = re.compile(r"^(\d+)([.)])")  # of a list
# Streamlit's Markdown makes links of these even where their marks are escaped; an invisible joint keeps their parts apart.
_ADDRESS = re.compile(r"(?i)(\bwww)(?=\.)|(://)|(@)(?=\w)")
_JOINT = "\N{WORD JOINER}"


def plain(text: str) -> str:
    """Somebody's text as it is: no part of it is read as a mark, a link or a picture."""
    apart = _ADDRESS.sub(lambda found: found[0] + _JOINT, " ".join(text.split("\n")))
    return _ITEM.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", apart.strip()))


def broken(name: str, value: str, why: str) -> None:
    """Tells that a value of the link could not be followed, and what was expected."""
    note(f"The link says {name}={value[:_MOST_SHOWN]}; {why}. {_REST}")


def note(sentence: str) -> None:
    """Plain text, shown until another page is opened."""
    st.session_state.setdefault(keys.NOTES, []).append(sentence)


def show(page: str) -> None:
    """Draws the notes of the page, those of another being gone."""
    notes = st.session_state.get(keys.NOTES, [])
    if st.session_state.get(keys.NOTES_PAGE, page) != page:
        notes.clear()
    st.session_state[keys.NOTES_PAGE] = page
    if notes:
        st.warning("  \n".join(map(plain, _folded(notes))), icon=":material/link_off:")


def _folded(notes: list[str]) -> list[str]:
    """Each note once, with what several of them end with at the end of the last one alone."""
    bare = [note.removesuffix(_REST).rstrip() for note in dict.fromkeys(notes)]
    if len(bare) > _MOST_NOTES:
        bare[_MOST_NOTES:] = [f"And {len(bare) - _MOST_NOTES:,} more."]
    return [*bare[:-1], f"{bare[-1]} {_REST}"] if any(note.endswith(_REST) for note in notes) else bare
