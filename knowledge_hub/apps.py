from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeHubConfig(AppConfig):
    """The knowledge base, and the project around it."""

    name = "knowledge_hub"
    verbose_name = _("Knowledge base")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from knowledge_hub import cache, checks, clock, housekeeping
        from knowledge_hub.care import links
        from knowledge_hub.reading import signals as reading
        from knowledge_hub.search import signals
        from knowledge_hub.search.files import extract
        from knowledge_hub.search.words import synonyms

        signals.connect()
        synonyms.connect()
        extract.connect()
        checks.register()
        housekeeping.connect()
        cache.connect()
        reading.connect()
        clock.every_day.connect(links.begin, dispatch_uid="knowledge_hub.check_links")
