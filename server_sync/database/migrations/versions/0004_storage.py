"""Chunks may stand in a storage beside the database."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for the keys."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(Path(__file__).with_name("0004_storage.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Only where nothing stands in a storage: what does could not be found any more."""
    op.execute("drop trigger chunk_left on chunks")
    op.execute("alter table chunks alter column bytes set not null, drop column place, drop constraint chunks_bounded")
    op.execute("drop function chunk_left")
    op.execute("drop table leavings")
