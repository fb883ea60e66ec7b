"""The engine: an index on disk, written by Whoosh's means and read through arrays. Knows nothing of requests or of what pages are."""
