"""Licences, grants and their ledger, seats, and the inbox of Stripe's events."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make everything."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(Path(__file__).with_name("0002_licences.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Forget what was sold."""
    for table in ("seats", "licence_ledger", "grants", "licences", "stripe_events", "customer_directory"):
        op.execute(f"drop table {table}")
