"""Reports that arrive together are kept together."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the function."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(Path(__file__).with_name("0003_together.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Forget it."""
    op.execute("drop function put_reports")
