"""Registrations only; the classes are in knowledge_hub/staff/."""

from wagtail.snippets.models import register_snippet

from knowledge_hub.staff.feedback import FeedbackViewSet
from knowledge_hub.staff.search import SearchGroup

register_snippet(SearchGroup)
register_snippet(FeedbackViewSet)
