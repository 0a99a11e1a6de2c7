"""Version 4: the drawings whose digit a person told, which runs learned from them, and how each epoch reads them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("runs", sa.Column("num_hand", sa.Integer, nullable=False, server_default="0"))
    op.add_column("epochs", sa.Column("hand_accuracy", sa.Float))
    op.create_table(
        "drawings",
        sa.Column("drawing_id", sa.Integer, primary_key=True),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("digit", sa.Integer, nullable=False),
        sa.Column("glyph", sa.LargeBinary, nullable=False),
        sa.Column("picture", sa.LargeBinary, nullable=False),
        sa.Column("strokes", sa.Text, nullable=False),
        sa.Column("predicted", sa.Integer),
        sa.Column("run_id", sa.String(12), nullable=False),
        sa.Column("time", sa.Float, nullable=False),
        sa.UniqueConstraint("person", "digest"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lessons",
        sa.Column("run_id", sa.String(12), primary_key=True),
        sa.Column("digest", sa.String(32), primary_key=True),
    )
