"""The texts of uploaded files."""
