"""Version 7: which process trains a run and when it last said so, in place of a process number that another may have; and whose
drawings a run is scored on, where nobody gave a name.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("runs", sa.Column("process", sa.String(120), nullable=False, server_default=""))
    op.add_column("runs", sa.Column("alive", sa.Float, nullable=False, server_default="0"))
    op.add_column("runs", sa.Column("hand_of", sa.String(40), nullable=False, server_default=""))
    with op.batch_alter_table("runs") as runs:
        runs.drop_column("process_id")
