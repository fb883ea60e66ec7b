"""Every change of an indexed object is noted in the outbox, in the transaction of the change."""

from django.db.models.signals import post_delete, post_save
from modelsearch.backends import get_search_backend
from modelsearch.conf import get_app_config
from modelsearch.index import get_indexed_models


def connect() -> None:
    """Listen to all indexed models, if the site's search backend is ours. Called once, when all apps are loaded."""
    if get_app_config().get_search_backend_config()["default"]["BACKEND"] != "knowledge_hub.search.backend":
        return
    for model in get_indexed_models():
        if getattr(model, "search_auto_update", True):
            post_save.connect(_note, sender=model, dispatch_uid=f"search-save-{model._meta.label}")
            post_delete.connect(_note, sender=model, dispatch_uid=f"search-delete-{model._meta.label}")


def _note(sender, instance, raw=False, **kwargs) -> None:
    if not raw:
        get_search_backend().add(instance)
