"""What a notice that is not there yet may do to a date is counted by how notices are made: every open case is looked at anew.

Room for: this one step of the schema, up and down.
May not enter: how dates are counted (`engine/law`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LOOKED_AT_ANEW = "UPDATE rearmings SET cursor = '', done = 0, finished_at = NULL"
"""The next sweep of whichever edition makes the rows of every open case say what its own rules say, and tells what moved."""


def upgrade() -> None:
    op.execute(sa.text(LOOKED_AT_ANEW))


def downgrade() -> None:
    op.execute(sa.text(LOOKED_AT_ANEW))
