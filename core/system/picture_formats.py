"""The formats of pictures that Pillow reads here: its own, and HEIC as telephones take it."""

from __future__ import annotations

from functools import cache


@cache
def heic() -> str:
    """Has Pillow read HEIC from now on; gives the name of the format."""
    from pillow_heif import register_heif_opener

    register_heif_opener()
    return "HEIF"
