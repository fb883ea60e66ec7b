"""What happens to the site's content, for other apps that add theirs."""

from django.dispatch import Signal

initial_content_loaded = Signal()
"""The knowledge base of a fresh install stands; other apps add their part in the same transaction.

Arguments: ``home_pages`` (dict from language code to home page), ``load_pages`` (the function of knowledge_hub.content.loader).
"""
