"""Version 2: which run a run began from, how many epochs were added to it, and whether it diverged."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("runs", sa.Column("parent_id", sa.String(12)))
    op.add_column("runs", sa.Column("parent_epoch", sa.Integer))
    op.add_column("runs", sa.Column("added_epochs", sa.Integer, nullable=False, server_default="0"))
    op.add_column("runs", sa.Column("diverged", sa.Boolean, nullable=False, server_default=sa.false()))
