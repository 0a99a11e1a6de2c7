"""What a person can read on a page."""

import json
import re


def texts(visit):
    """Everything that is written on the page and in its sidebar, one entry per block."""
    return [text for part in (visit.main, visit.sidebar) for element in part for text in _texts(element)]


def plots(visit):
    """What the page's figures say of themselves to a screen reader."""
    found = [element.proto for element in visit.get("bidi_component")]
    figures = [json.loads(each.json) for each in found if each.component_name == "digitlab.plot"]
    return [each["alt"] for each in figures if "figure" in each]


def has_canvas(visit):
    return any("canvas" in element.proto.component_name for element in visit.get("bidi_component"))


def sliders(visit):
    """The rows of the page's sliders, by the name of what they turn."""
    found = [element.proto for element in visit.get("bidi_component")]
    blocks = [json.loads(each.json)["rows"] for each in found if each.component_name == "digitlab.sliders"]
    return {row["name"]: row for rows in blocks for row in rows}


def turn(visit, **values):
    """Sets fields of the recipe, for which AppTest has no hand on a slider; see tests/browser."""
    for name, value in values.items():
        visit.session_state[name] = value
    return visit


def text(visit):
    return "\n".join(texts(visit))


def _texts(element):
    if element.type in ("dataframe", "arrow_data_frame"):
        yield element.value.to_string()
        return
    for name in ("label", "text", "value", "help", "delta"):
        written = getattr(element, name, None)
        if isinstance(written, str):
            yield written
    yield from map(str, getattr(element, "options", None) or ())


def choose(page, *names):
    """Chooses runs as a link does; a press on a row is the browser's, see tests/browser/test_runs.py."""
    page.query_params["chosen"] = ",".join(names)
    page.run()
    assert not page.exception


def passes(lab, monkeypatch):
    """How many images each forward pass of any predictor gets from here on."""
    asked, whole = [], type(lab.predictor).answers
    monkeypatch.setattr(
        type(lab.predictor),
        "answers",
        lambda self, run, images, **more: asked.append(len(images)) or whole(self, run, images, **more),
    )
    return asked


PYTHON = re.compile(r"\b(Traceback|None|nan|NaN|inf|Error:|object at|dtype|KeyError|np\.)")
