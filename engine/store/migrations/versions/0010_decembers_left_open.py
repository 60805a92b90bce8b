"""The last days of a December are open until the next year's notice is there: every open case is looked at anew.

Room for: this one step of the schema, up and down.
May not enter: how dates are counted (`engine/law`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LOOKED_AT_ANEW = "UPDATE rearmings SET cursor = '', done = 0, finished_at = NULL"
"""The next sweep of whichever edition makes the rows of every open case say what its own rules say, and tells what moved."""


def upgrade() -> None:
    op.execute(sa.text(LOOKED_AT_ANEW))


def downgrade() -> None:
    op.execute(sa.text(LOOKED_AT_ANEW))
