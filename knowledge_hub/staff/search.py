from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from knowledge_hub.models import FailedSearch, SynonymGroup


class SynonymViewSet(SnippetViewSet):
    """Words that mean the same to the search."""

    model = SynonymGroup
    icon = "repeat"
    list_display = ["terms"]
    search_fields = ["terms"]


class FailedSearchViewSet(SnippetViewSet):
    """What visitors searched for in vain; can be deleted, not written."""

    model = FailedSearch
    icon = "search"
    list_display = ["query_string", "hits", "last_searched_at"]
    panels = ["query_string"]
    copy_view_enabled = False


class SearchGroup(SnippetViewSetGroup):
    """Everything that staff can do about search."""

    menu_label = _("Words of the search")
    menu_icon = "search"
    menu_order = 700
    items = (SynonymViewSet, FailedSearchViewSet)
