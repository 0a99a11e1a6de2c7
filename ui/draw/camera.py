"""A photo by the browser's camera, where it lends one."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from io import BytesIO
from urllib.parse import urlsplit

import streamlit as st

from ui import session_keys as keys


def shot() -> BytesIO | None:
    """The camera's picture with its shutter, and what was taken; a sentence where no browser lends this page a camera."""
    if not may_have_a_camera(st.context.url or ""):
        st.info(
            "A browser lends its camera only to a page that was opened by https, or on the server's own computer as localhost; "
            "this one was not. Take the photo with the telephone's camera, and choose it under File.",
            icon=":material/no_photography:",
        )
        return None
    taken = st.camera_input("A digit or a number on paper, as large as the picture", key=keys.CAMERA, resolution="1080p")
    st.caption(
        "Nothing to be seen? The browser asks once whether this page may use the camera. If that was denied, allow it beside the "
        "address and reload the page, or choose a photo under File."
    )
    return taken


def may_have_a_camera(url: str) -> bool:
    """Whether browsers lend a page of this address a camera: only over https, or from the same computer."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    with suppress(ValueError):
        return parts.scheme == "https" or ipaddress.ip_address(host).is_loopback
    return parts.scheme == "https" or host == "localhost" or host.endswith(".localhost")
