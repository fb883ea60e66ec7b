"""Every change of an indexed object is noted in the outbox, in the transaction of the change; the clock looks after what was left."""

from django.db.models.signals import post_delete, post_save
from modelsearch.backends import get_search_backend
from modelsearch.conf import get_app_config
from modelsearch.index import get_indexed_models

from knowledge_hub.core import clock
from knowledge_hub.search import examine, outbox


def connect() -> None:
    """Listen to all indexed models, and look at the indexes every hour, if the site's search backend is ours.

    Called once, when all apps are loaded.
    """
    if get_app_config().get_search_backend_config()["default"]["BACKEND"] != "knowledge_hub.search.backend":
        return
    clock.every_hour.connect(examine.look, dispatch_uid="knowledge_hub.look_at_indexes")
    for model in get_indexed_models():
        if getattr(model, "search_auto_update", True):
            post_save.connect(_note, sender=model, dispatch_uid=f"search-save-{model._meta.label}")
            post_delete.connect(_note, sender=model, dispatch_uid=f"search-delete-{model._meta.label}")
    clock.every_minute.connect(_index_what_was_left, dispatch_uid="search-left")


def _note(sender, instance, raw=False, **kwargs) -> None:
    if not raw:
        get_search_backend().add(instance)


def _index_what_was_left(sender, **kwargs) -> None:
    outbox.drain_what_was_left()
