from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    """Study visits, from the request to the certificate."""

    name = "visits"
    verbose_name = _("Study visits")

    def ready(self):
        """Connect tasks and kept pages to what happens to visits (visits/signals.py), and the initial content to the knowledge base's."""
        from visits import cache_invalidation, tasks
        from visits.content import loader
        from visits.domain import link_keys
        from visits.mail import health, messages

        tasks.connect()
        cache_invalidation.connect()
        loader.connect()
        link_keys.connect()
        messages.connect()
        health.register()
