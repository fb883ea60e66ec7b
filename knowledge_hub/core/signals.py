"""Signals of the knowledge base for other apps."""

from django.dispatch import Signal

initial_content_loaded = Signal()
"""Sent when the initial content of the knowledge base is loaded; other apps load theirs in the same transaction.

Arguments: ``home_pages`` (dict from language code to home page), ``load_pages`` (the function of knowledge_hub.content.loader).
"""
