"""Version 3: what persons say of a run: a star, tags and a note; and when they threw it away."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("runs", sa.Column("starred", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("runs", sa.Column("tags", sa.Text, nullable=False, server_default=""))
    op.add_column("runs", sa.Column("note", sa.Text, nullable=False, server_default=""))
    op.add_column("runs", sa.Column("deleted", sa.Float))
