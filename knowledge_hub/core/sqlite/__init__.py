"""SQLite whose writers stand in a line (base.py is what Django's ENGINE setting loads, line.py the line itself)."""
