"""The faceted index of the knowledge base."""

from django.utils.translation import gettext_lazy as _

from knowledge_hub.models.base import BasePage


class KnowledgeIndexPage(BasePage):
    """Everything that was published, to filter by type, dimension, service direction, status, evidence and year."""

    subpage_types = [
        "knowledge_hub.CaseStudyPage",
        "knowledge_hub.ApplicationPage",
        "knowledge_hub.CollaborationDocumentPage",
        "knowledge_hub.ForumPage",
        "knowledge_hub.ArticlePage",
    ]

    keep_with_parameters = True

    class Meta:
        verbose_name = _("index of the knowledge base")
        verbose_name_plural = _("indexes of the knowledge base")

    def get_context(self, request, *args, **kwargs):
        """Add the listing: form, entries, counts and removable filters."""
        # Imported here: both read the page models.
        from knowledge_hub import listing
        from knowledge_hub.reading import catalogue

        context = super().get_context(request, *args, **kwargs)
        context["listing"] = listing.build(catalogue.below(self), request.GET)
        return context
