from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, DateColumn, TitleColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from knowledge_hub.models import PageFeedback


class FeedbackForm(WagtailAdminModelForm):
    """Closing a message deletes its reply address."""

    def save(self, commit=True):
        """Set the closing time when a note is entered."""
        if self.instance.note and self.instance.closed_at is None:
            self.instance.closed_at = timezone.now()
            self.instance.reply_to = ""
        return super().save(commit)


class FeedbackViewSet(SnippetViewSet):
    """Messages of readers: staff can close and delete them, but not write or change them."""

    model = PageFeedback
    icon = "comment"
    menu_label = _("Feedback")
    menu_order = 690
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    list_display = [
        TitleColumn("kind", label=_("kind"), accessor="get_kind_display", url_name="wagtailsnippets_knowledge_hub_pagefeedback:edit"),
        "page",
        "text",
        DateColumn("created_at", label=_("received"), sort_key="created_at"),
        BooleanColumn("closed_at", label=_("closed")),
    ]
    list_filter = ["kind", "language", "closed_at"]
    search_fields = ["text"]
    edit_handler = ObjectList(
        [
            FieldPanel("page", read_only=True),
            FieldPanel("kind", read_only=True),
            FieldPanel("text", read_only=True),
            FieldPanel("reply_to", read_only=True),
            FieldPanel("created_at", read_only=True),
            FieldPanel("note", help_text=_("Saying what was done closes the message and deletes the address.")),
        ],
        base_form_class=FeedbackForm,
    )

    def get_queryset(self, request):
        """Messages with their pages, in one query."""
        return PageFeedback.objects.select_related("page")
