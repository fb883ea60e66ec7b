from django.apps import AppConfig
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _


class KnowledgeHubConfig(AppConfig):
    """The knowledge base, and the project around it."""

    name = "knowledge_hub"
    verbose_name = _("Knowledge base")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Register checks and connect signal receivers; models can be imported only now."""
        from django.db.models.signals import pre_save
        from PIL import Image
        from wagtail.users.models import UserProfile

        from knowledge_hub import tasks
        from knowledge_hub.accounts import sessions
        from knowledge_hub.core import checks, content_cache, encrypted, health_checks, housekeeping, metrics, rate_limits
        from knowledge_hub.core.input_limits import KeyConverter
        from knowledge_hub.core.uploads.pictures import MAX_PIXELS
        from knowledge_hub.editing.files import clean_profile_picture
        from knowledge_hub.models import ContactSettings, CustomDocument, CustomImage, Dimension, Region, SubDimension
        from knowledge_hub.search import receivers
        from knowledge_hub.staff import health

        # Pillow refuses pictures of twice this size wherever one is opened.
        Image.MAX_IMAGE_PIXELS = MAX_PIXELS
        pre_save.connect(clean_profile_picture, sender=UserProfile, dispatch_uid="knowledge_hub.clean_profile_picture")
        register_converter(KeyConverter, "key")
        checks.register()
        housekeeping.connect()
        rate_limits.connect()
        sessions.connect()
        encrypted.connect()
        content_cache.connect()
        content_cache.watch(ContactSettings, CustomDocument, CustomImage, Dimension, Region, SubDimension)
        tasks.connect()
        receivers.connect()
        health_checks.register()
        metrics.connect()
        health.register()
