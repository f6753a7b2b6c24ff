"""PostgreSQL: the embedded server, engines, migrations, offices kept apart, the queue. Nothing else opens a
connection.
"""
