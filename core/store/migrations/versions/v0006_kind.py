"""Version 6: what a run's first name begins with, so that links still say it after a renaming."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_FIRST_NAME = re.compile(r"([a-z0-9]+)-(\d+)")


def upgrade() -> None:
    op.add_column("runs", sa.Column("kind", sa.String(16), nullable=False, server_default=""))
    runs = sa.table("runs", sa.column("run_id"), sa.column("number"), sa.column("name"), sa.column("kind"))
    connection = op.get_bind()
    for run_id, number, name in connection.execute(sa.select(runs.c.run_id, runs.c.number, runs.c.name)).all():
        first = _FIRST_NAME.fullmatch(name)
        if first and first[2] == str(number):  # a run that was renamed keeps an empty one
            connection.execute(runs.update().where(runs.c.run_id == run_id).values(kind=first[1][:16]))
