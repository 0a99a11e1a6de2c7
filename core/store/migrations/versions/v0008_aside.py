"""Version 8: drawings that are kept aside, because they are no digits or somebody else drew them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("drawings", table_kwargs={"sqlite_autoincrement": True}) as drawings:
        drawings.add_column(sa.Column("aside", sa.String(16), nullable=False, server_default=""))
        drawings.alter_column("digit", existing_type=sa.Integer, nullable=True)
