"""The public search page and its suggestions."""
