"""Version 9: how many seconds were forecast for a run when it was submitted."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("runs", sa.Column("expected_s", sa.Float, nullable=False, server_default="0"))
