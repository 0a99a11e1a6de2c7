"""What a page needs of the browser around it: its style sheet, its address on the clipboard, light, dark or projector, a sound by
choice at the end of a run, the focus after a change of page, and words for a screen reader. The browser keeps the choices itself;
shell.js does the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from streamlit.components import v2

from ui import session_keys as keys
from ui.turn import TURN_PATH

_JS = Path(__file__).with_name("shell.js").read_text()
_LOOKS = """
<div class=link><button type=button data-copy>Copy link</button><span role=status></span>
<input readonly hidden aria-label="The address of this page"></div>
<div role=group aria-label="How the pages look">
  <button type=button data-look=system aria-label="As this computer is set" title="As this computer is set">Auto</button>
  <button type=button data-look=light>Light</button>
  <button type=button data-look=dark>Dark</button>
  <button type=button data-look=projector title="Large type, strong contrast">Projector</button>
</div>
<button type=button data-sound title="Plays two notes in this browser when a run has ended">Sound at the end</button>
"""
_CSS = """
[role=group] { display: grid; grid-template-columns: 1fr 1fr; gap: .25rem }
button { font: inherit; font-size: .8125rem; color: var(--st-text-color); background: none; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); padding: .125rem .5rem; min-height: 1.75rem }
button[data-sound] { margin-top: .25rem; width: 100%; text-align: left }
button[data-sound]::before { content: "\\25CB  " }
button[data-sound][aria-pressed=true]::before { content: "\\25CF  " }
button:hover { border-color: var(--st-primary-color) }
button[aria-pressed=true] { border-color: var(--st-primary-color); box-shadow: inset 0 0 0 1px var(--st-primary-color) }
.link { margin-bottom: .5rem } .link[hidden] { display: none }
.link span { margin-left: .6rem; font-size: .8125rem; color: var(--st-text-color) }
.link input { width: 100%; box-sizing: border-box; margin-top: .4rem; font: inherit } .link input[hidden] { display: none }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px }
"""
_STATUS = "<span role=status aria-live=polite></span>"
_UNSEEN = "span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }"
_looks = v2.component("digitlab.looks", html=_LOOKS, css=_CSS, js=_JS)
_status = v2.component("digitlab.status", html=_STATUS, css=_UNSEEN, js=_JS)


def looks(paths: Sequence[str], visit: int, turn: int, *, links: bool) -> None:
    """The press that copies the page's address, where `links` are not hidden, and the choice of the look and of the sound. One
    component for all: each that is set up on a change of page takes some ten milliseconds. `paths` are the pages' addresses;
    `visit` changes with the page. The page is drawn anew once the server's `turn` of runs is another one, see `ui.turn`.
    """
    data = {"paths": list(paths), "visit": visit, "links": links, "turn": turn, "asks": TURN_PATH}
    _looks(key=keys.LOOKS, data=data, on_turned_change=lambda: None)


def announce(said: str, *, ended: str = "", key: str = keys.STATUS) -> None:
    """Says `said` to a screen reader once it changes, and sounds once where `ended`, a run's id, does. Shows nothing."""
    _status(key=key, data={"said": said, "ended": ended})
