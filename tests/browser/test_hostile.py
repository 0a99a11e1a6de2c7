"""Names, tags, notes, persons, files and columns that somebody made to do harm: no page makes anything of them, and no other
computer is asked. They are written past the checks that refuse them, as an older or another program could.
"""

import numpy as np
import pytest
import sqlalchemy as sa

from bench import browser as launcher
from core.datasets import kaggle_csv, uploads
from core.datasets.validation import validation_part
from core.network import model
from core.recipe import Recipe
from core.runs.paths import weights_path
from core.runs.snapshot import fold
from core.store import Store, tables
from core.system import files
from tests.browser.conftest import Visit
from tests.fakes import epoch_ended
from tests.runs import started
from tests.tables import HEADER, content, table

SMALL = Recipe(architecture="compact", filters_1=2, filters_2=2, filters_3=2, filters_4=2, epochs=1)
HOSTILE = [
    "![hostile](https://evil.example/a.png)",
    "[hostile](https://evil.example)",
    "<img src=https://evil.example/b.png>",
    ":red[hostile] :material/skull:",
    "www.evil.example hostile",
    "hostile@evil.example",
    "$hostile^2$ `hostile` ~hostile~",
    "<b>hostile</b><script>hostile()</script>",
]
# What such a text would have made.
MADE = """() => [...document.querySelectorAll(
    "a[href*='evil'], a[href^='mailto'], img[src*='evil'], .katex, .stMarkdownColoredText, code, del, .stMain b, script"
)].filter(each => /evil|hostile|mailto/.test(each.outerHTML)).map(each => each.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def attacked(tmp_path_factory, chromium):
    """A window on a server whose record is full of such texts."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "data").mkdir()
    with pytest.MonkeyPatch.context() as here:
        here.setenv("DIGITLAB_DATA_DIR", str(folder / "data"))
        here.delenv("DIGITLAB_DATABASE_URL", raising=False)
        _fill(Store(folder / "data"))
    with launcher.dashboard(folder) as server:
        visit = Visit(chromium, server)
        yield visit
        visit.close()


def _fill(store):
    path = store.folder / "uploads"
    whole = content(table())
    (path.parent / "mine.csv").write_bytes(whole)
    upload = uploads.keep(*kaggle_csv.read_labelled(path.parent / "mine.csv", title="mine.csv"), filename="mine.csv")
    files.save_arrays(path / f"{upload.name}.npz", images=upload.images, labels=upload.labels, title=np.array(HOSTILE[0]))
    probabilities = np.full((len(validation_part(SMALL).labels), 10), 0.1, np.float32)
    weights = model.build(SMALL).get_weights()
    for text in HOSTILE:
        run = fold(store.runs.create(SMALL, "mine"), started(10))
        run = fold(run, epoch_ended(run.run_id, 1, probabilities=probabilities))
        store.runs.save_epoch(run)
        model.save_weights(weights, weights_path(store.runs.folder(run.run_id), 1))
        values = {"name": text[:40], "person": text[:40], "tags": text, "note": text, "state": "failed", "message": text}
        with store.database.writing() as connection:
            connection.execute(sa.update(tables.runs).where(tables.runs.c.run_id == run.run_id).values(**values))
    with store.database.writing() as connection:
        connection.execute(sa.update(tables.runs).where(tables.runs.c.number == 2).values(state="finished", message=""))
        connection.execute(sa.update(tables.runs).where(tables.runs.c.number == 3).values(recipe=HOSTILE[0]))
    store.close()


def nothing_was_made(visit):
    assert visit.page.evaluate(MADE) == []
    assert visit.page.locator(".stException").count() == 0
    assert visit.strangers == []


@pytest.mark.parametrize("path", ["", "data", "train", "evaluate", "draw", "runs", "kaggle"])
def test_no_page_makes_anything_of_them(attacked, path):
    attacked.open(path)
    nothing_was_made(attacked)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("runs", {"run": "mine-1"}),
        ("runs", {"run": "mine-2"}),
        ("runs", {"run": HOSTILE[0], "sort": HOSTILE[1]}),
        ("evaluate", {"run": "mine-5", "view": "versus"}),
        ("evaluate", {"run": HOSTILE[2]}),
        ("draw", {"run": "mine-8"}),
        ("train", {"recipe": f"quick,{HOSTILE[0]}:1", "epochs": HOSTILE[4]}),
        ("data", {"dataset": HOSTILE[5]}),
        ("", {"hide": HOSTILE[6], "recipe": "quick,self:1"}),
    ],
)
def test_nor_of_a_link(attacked, path, query):
    attacked.open(path, **query)
    nothing_was_made(attacked)


def test_nor_of_a_file_s_name_and_columns(attacked):
    attacked.open("data")
    columns = [HOSTILE[0].replace(",", ""), *HEADER[1:]]
    raw = content([columns, *table()[1:]])
    attacked.page.locator(".stMain input[type=file]").set_input_files(
        {"name": f"{HOSTILE[0]}.csv".replace("/", "_"), "mimeType": "text/csv", "buffer": raw}
    )
    attacked.see("A look at hostile")
    attacked.see("label in ")
    nothing_was_made(attacked)
