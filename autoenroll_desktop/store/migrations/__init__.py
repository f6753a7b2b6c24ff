"""Every shape the database has had, as steps forward; there are none back."""
