"""Files that come in: :func:`safe.make_safe` scans, rewrites or refuses each before it is stored."""
