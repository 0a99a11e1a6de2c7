"""Version 2: which run a run goes on from, and whether it diverged."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("runs", sa.Column("parent_id", sa.String(12)))
    op.add_column("runs", sa.Column("parent_epoch", sa.Integer))
    op.add_column("runs", sa.Column("diverged", sa.Boolean, nullable=False, server_default=sa.false()))
