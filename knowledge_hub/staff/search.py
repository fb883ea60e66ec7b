from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from knowledge_hub.models import CustomDocument, DocumentText, FailedSearch, SynonymGroup
from knowledge_hub.search.integrity import known_problems

MOST_FILES = 5


class SynonymViewSet(SnippetViewSet):
    """Synonyms of the search."""

    model = SynonymGroup
    icon = "repeat"
    list_display = ["terms"]
    search_fields = ["terms"]


class FailedSearchViewSet(SnippetViewSet):
    """Searches without results; staff can delete them, but not write them."""

    model = FailedSearch
    icon = "search"
    list_display = ["query_string", "hits", "last_searched_at"]
    panels = ["query_string"]
    copy_view_enabled = False


class SearchGroup(SnippetViewSetGroup):
    """Menu group of the search."""

    menu_label = _("Words of the search")
    menu_icon = "search"
    menu_order = 700
    items = (SynonymViewSet, FailedSearchViewSet)


class SearchPanel(Component):
    """Problems of the search: damaged indexes, and documents whose text could not be read. Empty without problems."""

    name = "search"
    template_name = "search/staff_panel.html"
    order = 40

    def __init__(self, request):
        self.request = request

    def render_html(self, parent_context=None):
        """The panel, or an empty string if there are no problems."""
        context = self.get_context_data(parent_context)
        return render_to_string(self.template_name, context) if context["indexes"] or context["files"] else ""

    def get_context_data(self, parent_context):
        """Known problems; documents only if the user may change them."""
        own = policy_registry.get_by_type(CustomDocument).instances_user_has_any_permission_for(self.request.user, ["change"])
        files = DocumentText.objects.exclude(problem="").filter(document__in=own).select_related("document").defer("text")
        return {"indexes": known_problems(), "files": files.order_by("-read_at")[:MOST_FILES]}
