"""Version 1: runs, their epochs, left-out rows, verdicts, speeds and openings of the test set."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("schema", sa.Column("version", sa.Integer, nullable=False))
    op.create_table(
        "runs",
        sa.Column("run_id", sa.String(12), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False, unique=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("recipe", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("process_id", sa.Integer, nullable=False),
        sa.Column("steps_per_epoch", sa.Integer, nullable=False),
        sa.Column("num_validation", sa.Integer, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("active_s", sa.Float, nullable=False),
        sa.Column("precision", sa.String(16), nullable=False),
    )
    figures = ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds", "images_per_s")
    op.create_table(
        "epochs",
        sa.Column("run_id", sa.String(12), sa.ForeignKey("runs.run_id"), primary_key=True),
        sa.Column("epoch", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Float, nullable=False) for name in figures),
        sa.Column("partial", sa.Boolean, nullable=False),
    )
    op.create_table(
        "left_out",
        sa.Column("run_id", sa.String(12), sa.ForeignKey("runs.run_id"), primary_key=True),
        sa.Column("row", sa.Integer, primary_key=True),
    )
    op.create_table(
        "verdicts",
        sa.Column("dataset", sa.String(32), primary_key=True),
        sa.Column("row", sa.Integer, primary_key=True),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("time", sa.Float, nullable=False),
    )
    op.create_table(
        "speeds",
        sa.Column("machine", sa.String(120), primary_key=True),
        sa.Column("architecture", sa.String(20), primary_key=True),
        sa.Column("precision", sa.String(16), primary_key=True),
        *(sa.Column(name, sa.Float, nullable=False) for name in ("flop_per_s", "step_s", "startup_s")),
    )
    op.create_table(
        "test_openings",
        sa.Column("opening_id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.String(12), nullable=False, index=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("time", sa.Float, nullable=False),
        sa.Column("num_right", sa.Integer, nullable=False),
        sa.Column("num_images", sa.Integer, nullable=False),
    )
