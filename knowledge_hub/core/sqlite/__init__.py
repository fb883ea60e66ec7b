"""A SQLite database backend whose writers wait in a fair queue. Django's ENGINE setting loads base.py."""
