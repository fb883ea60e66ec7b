"""Invalidates the cache of public pages when a visit that took place or an adoption changes: they show numbers and what was shown."""

from django.db.models.signals import m2m_changed, post_delete, post_save

from knowledge_hub.core.content_cache import invalidate, watch
from visits.enums import VisitStatus
from visits.models import Adoption, Visit
from visits.signals import visit_moved


def _moved(sender, source, target, **kwargs) -> None:
    if VisitStatus.COMPLETED in (source, target):
        invalidate()


def _changed(sender, instance, **kwargs) -> None:
    # From the side of a case study it is not known which visits are meant.
    if not isinstance(instance, Visit) or instance.status == VisitStatus.COMPLETED:
        invalidate()


def connect() -> None:
    """Watch the visits that took place; called once when the app is ready."""
    visit_moved.connect(_moved, dispatch_uid="visits.cache_invalidation.moved")
    for signal in (post_save, post_delete):
        signal.connect(_changed, sender=Visit, dispatch_uid="visits.cache_invalidation.changed")
    for related in (Visit.case_studies, Visit.topics):
        m2m_changed.connect(_changed, sender=related.through, dispatch_uid=f"visits.cache_invalidation.{related.field.name}")
    watch(Adoption)
