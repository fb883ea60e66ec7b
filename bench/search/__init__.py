"""The search engine against SQLite's FTS5, tantivy, Wagtail's own backends and other stemmers; run by ``python -m bench search``."""
