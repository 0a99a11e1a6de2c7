"""Text that came from outside, made fit to be shown."""

from __future__ import annotations

import re
import unicodedata

# Letters by their category that are drawn as nothing: Hangul fillers, the empty braille pattern.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")  # control, direction, unassigned, private, surrogate, separators
_MARKUP = re.compile(r"[\\`*\[\]<>$~:|{}^\"]|(?<![^\W_])_+|_+(?![^\W_])|&(?=#?\w+;)")
_ADDRESS = re.compile(r"(?i)\bwww(?=\.)")
_BLOCK = re.compile(r"^(?:[^\w(]+|(?=\d+[.)]\s)(?P<number>\d+)[.)])+")


def inert(text: str) -> str:
    """One line of plain text that can be seen and that no page takes for markup, a link or a list, wherever in a sentence it is
    put. Whatever could be taken for it becomes a space or is left out.
    """
    # Composed last: a letter and its accent may have stood apart for what is not seen between them.
    seen = unicodedata.normalize("NFC", "".join(" " if each.isspace() else each for each in text if _is_seen(each)))
    words = _ADDRESS.sub("www ", _MARKUP.sub(" ", seen)).replace("@", " at ")
    return " ".join(_BLOCK.sub(lambda found: f"{found['number'] or ''} ", " ".join(words.split())).split())


def _is_seen(letter: str) -> bool:
    return letter.isspace() or (letter not in _BLANK and unicodedata.category(letter) not in _UNSEEN)
