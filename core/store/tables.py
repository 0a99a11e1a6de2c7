"""The tables of the record, as they are now. `migrations` upgrades older databases to them.

A change here raises VERSION by one and comes with `migrations/versions/v<number>_<what>.py`.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.runs.epoch import Epoch

VERSION = 9
metadata = sa.MetaData()


def _progress(name: str, kind: Any, **options: Any) -> sa.Column[Any]:
    """A column of `runs` that is written again and again while a run trains."""
    return sa.Column(name, kind, info={"progress": True}, **options)


schema = sa.Table("schema", metadata, sa.Column("version", sa.Integer, nullable=False))
runs = sa.Table(
    "runs",
    metadata,
    sa.Column("run_id", sa.String(12), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False, unique=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("recipe", sa.Text, nullable=False),
    _progress("state", sa.String(16), nullable=False),
    _progress("message", sa.Text, nullable=False, default=""),
    sa.Column("created", sa.Float, nullable=False),
    _progress("steps_per_epoch", sa.Integer, nullable=False, default=0),
    _progress("num_validation", sa.Integer, nullable=False, default=0),
    _progress("step", sa.Integer, nullable=False, default=0),
    _progress("active_s", sa.Float, nullable=False, default=0.0),
    _progress("precision", sa.String(16), nullable=False, default=""),
    sa.Column("parent_id", sa.String(12)),  # the run whose weights it began with, which may be deleted since
    sa.Column("parent_epoch", sa.Integer),
    sa.Column("added_epochs", sa.Integer, nullable=False, server_default="0"),  # after it had finished
    _progress("diverged", sa.Boolean, nullable=False, server_default=sa.false()),
    _progress("num_hand", sa.Integer, nullable=False, server_default="0"),
    sa.Column("starred", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("tags", sa.Text, nullable=False, server_default=""),  # with ", " between them
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("deleted", sa.Float),  # when it was thrown away, in seconds since 1970; its files stay until the bin is emptied
    sa.Column("person", sa.String(40), nullable=False, server_default=""),  # who started it, empty for nobody
    _progress("rate_changes", sa.Text, nullable=False, server_default="[]"),  # JSON: [[step, multiplier], ...]
    sa.Column("kind", sa.String(16), nullable=False, server_default=""),  # "quick" of the first name, "quick-7"; links use it
    sa.Column("process", sa.String(120), nullable=False, server_default=""),  # which trains it, see `system.process`
    sa.Column("alive", sa.Float, nullable=False, server_default="0"),  # when that said so last, in seconds since 1970
    sa.Column("hand_of", sa.String(40), nullable=False, server_default=""),  # whose drawings it is scored on; empty: its person's
    sa.Column("expected_s", sa.Float, nullable=False, server_default="0"),  # the forecast when it was submitted, 0 for none
)
_NO_FIGURES = ("epoch", "partial", "hand_accuracy")
epochs = sa.Table(
    "epochs",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.run_id"), primary_key=True),
    sa.Column("epoch", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.Float, nullable=False) for name in Epoch.__dataclass_fields__ if name not in _NO_FIGURES),
    sa.Column("partial", sa.Boolean, nullable=False),
    sa.Column("hand_accuracy", sa.Float),
)
left_out = sa.Table(
    "left_out",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.run_id"), primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True),
)
verdicts = sa.Table(
    "verdicts",
    metadata,
    sa.Column("dataset", sa.String(32), primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("verdict", sa.String(8), nullable=False),
    sa.Column("time", sa.Float, nullable=False),
)
speeds = sa.Table(
    "speeds",
    metadata,
    sa.Column("machine", sa.String(120), primary_key=True),
    sa.Column("architecture", sa.String(20), primary_key=True),
    sa.Column("precision", sa.String(16), primary_key=True),
    *(sa.Column(name, sa.Float, nullable=False) for name in ("flop_per_s", "step_s", "startup_s")),
)
test_openings = sa.Table(
    "test_openings",
    metadata,
    sa.Column("opening_id", sa.Integer, primary_key=True),
    sa.Column("run_id", sa.String(12), nullable=False, index=True),  # an opening outlives its run: what was seen was seen
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("time", sa.Float, nullable=False),
    sa.Column("num_right", sa.Integer, nullable=False),
    sa.Column("num_images", sa.Integer, nullable=False),
)
drawings = sa.Table(
    "drawings",
    metadata,
    sa.Column("drawing_id", sa.Integer, primary_key=True),
    sa.Column("person", sa.String(40), nullable=False),
    sa.Column("digest", sa.String(32), nullable=False),
    sa.Column("digit", sa.Integer),  # empty for what is kept aside
    sa.Column("glyph", sa.LargeBinary, nullable=False),  # 784 bytes, row by row, ink 255
    sa.Column("picture", sa.LargeBinary, nullable=False),  # a small PNG of the canvas, empty for an imported one
    sa.Column("strokes", sa.Text, nullable=False),  # JSON, empty for an imported one
    sa.Column("predicted", sa.Integer),
    sa.Column("run_id", sa.String(12), nullable=False),  # no foreign key: a drawing outlives the run that read it
    sa.Column("time", sa.Float, nullable=False),
    sa.Column(
        "aside", sa.String(16), nullable=False, server_default=""
    ),  # "non-digit", "not-mine"; empty for a digit of one's own
    sa.UniqueConstraint("person", "digest"),
    sqlite_autoincrement=True,  # no number is given twice, or what was deleted might not come back in its place
)
lessons = sa.Table(
    "lessons",
    metadata,
    sa.Column("run_id", sa.String(12), primary_key=True),
    sa.Column("digest", sa.String(32), primary_key=True),  # of a drawing, which may be deleted since
)
