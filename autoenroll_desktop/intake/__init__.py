"""File to typed columns, nothing lost: recognise, read text, match headings to fields, parse values.

`read_table` → `match_columns` → `parse_columns`. Every row of a file is either kept or listed with its reason.
"""
