"""The first schema: tables, walls, hot statements, grants, each in an SQL file beside this one."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FILES = ("0001_tables.sql", "0001_walls.sql", "0001_hot.sql", "0001_grants.sql")


def upgrade() -> None:
    """Make everything."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    for name in FILES:  # past SQLAlchemy, for which % and : have meanings of their own
        driver.execute(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def downgrade() -> None:
    """There is nothing before the first."""
    raise NotImplementedError("the first schema has none before it: restore a backup instead")
