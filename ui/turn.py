"""Where an idle page asks whether there is news of runs: one number, in some hundred bytes, and no page is drawn for it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse

from core.errors import DigitLabError

TURN_PATH = "digitlab/turn"


def turn(_: Request) -> JSONResponse:
    """`{"turn": 7}`: another number after each run that was queued or has ended; -1 while the record cannot be used."""
    from ui.session import lab

    try:
        number = lab().studio.turn
    except DigitLabError:
        number = -1
    return JSONResponse({"turn": number}, headers={"Cache-Control": "no-store"})
