"""Version 5: who started a run, and by how much its learning rate was changed while it trained."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("runs", sa.Column("person", sa.String(40), nullable=False, server_default=""))
    op.add_column("runs", sa.Column("rate_changes", sa.Text, nullable=False, server_default="[]"))
