"""Text extraction from uploaded files."""
