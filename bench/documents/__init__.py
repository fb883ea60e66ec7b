"""Certificates against other ways to draw the same paper; run by ``python -m bench documents``."""
