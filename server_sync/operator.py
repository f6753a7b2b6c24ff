"""What an operator can look up: offices in counts and sizes, never what they hold."""

import sqlalchemy as sa

from server_sync.database.engine import Database

OFFICES = sa.text("select office_id, created_at, erased from office_directory order by created_at, office_id")
HEAD = sa.text("select reports, documents, uploads, stored_bytes, change_seq from heads where office_id = :office")


def counts(url: str) -> str:
    """One line an office: id, day it was made, reports, documents, uploads, bytes."""
    database = Database(url, 1)
    lines = [f"{'office':<36}  {'since':<10}  {'reports':>8}  {'documents':>9}  {'uploads':>8}  {'bytes':>14}"]
    try:
        with database.transaction() as db:
            offices = db.execute(OFFICES).all()
        for office in offices:
            with database.transaction(office.office_id) as db:
                head = db.execute(HEAD, {"office": office.office_id}).one()
            numbers = f"{head.reports:>8}  {head.documents:>9}  {head.uploads:>8}  {head.stored_bytes:>14}"
            erased = "  erased" if office.erased else ""
            lines.append(f"{office.office_id}  {office.created_at:%Y-%m-%d}  {numbers}{erased}")
    finally:
        database.close()
    return "\n".join(lines)
