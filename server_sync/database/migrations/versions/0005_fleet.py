"""Which version of the program a device runs."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for it."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(Path(__file__).with_name("0005_fleet.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Forget it."""
    op.execute("alter table devices drop column release, drop column seen_on")
