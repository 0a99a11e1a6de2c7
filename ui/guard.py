"""What the server refuses before a page sees it: requests under a foreign name, and what a page may load.

A web site can let its own name point at this computer (DNS rebinding); a browser then takes it and this server for one site, and
hands the site whatever the pages show. Such a request carries the site's name, so only known names are answered.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

from core.errors import quoted

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Streamlit's own page needs inline scripts and styles, and makes modules of its components' sources. Nothing else is loaded from
# anywhere: no foreign host is asked whatever stands on a page.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "connect-src 'self' ws: wss: data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'self'",
    )
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]


def known_names() -> frozenset[str]:
    """Host names that this server answers to: this computer's, and those in `DIGITLAB_HOSTS`, with commas between them. An
    address of numbers is always answered: no site can take that for its name.
    """
    own = socket.gethostname().lower()
    named = (each.strip().lower() for each in os.environ.get("DIGITLAB_HOSTS", "").split(","))
    return frozenset({"localhost", own, own.partition(".")[0], f"{own.partition('.')[0]}.local"} | set(filter(None, named)))


def answered(host: str, names: frozenset[str]) -> bool:
    """Whether a request with this Host header, "name:port", is answered. In `names`, "*.school.org" stands for all below it."""
    name = host.strip().lower()
    name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
    try:
        ipaddress.ip_address(name)
    except ValueError:
        name = name.rstrip(".")
        return name in names or any(f"*.{name[place + 1 :]}" in names for place, letter in enumerate(name) if letter == ".")
    return True


class Guard:
    """ASGI middleware for all requests, WebSockets among them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._names = known_names()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
        if not answered(host, self._names):
            sentence = (
                f"Digit Lab does not answer to the name {quoted(host)}. Open it by this computer's name or address, or add the "
                "name to DIGITLAB_HOSTS and start it again."
            )
            await PlainTextResponse(sentence, 400)(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
            await send(message)

        await self._app(scope, receive, send_guarded)
