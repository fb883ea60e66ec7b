"""Search engine: an index on disk, written with Whoosh and searched with numpy. Independent of requests and page types."""
