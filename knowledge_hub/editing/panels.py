"""Panels of the page editor."""

from wagtail.admin.panels import Panel

from knowledge_hub.editing import completeness


class CompletenessPanel(Panel):
    """The completeness meter and the publish checklist of a case study, as it was last saved."""

    def clone_kwargs(self):
        """Leave out the help text, which this panel does not have."""
        kwargs = super().clone_kwargs()
        del kwargs["help_text"]
        return kwargs

    class BoundPanel(Panel.BoundPanel):
        """The panel for one page."""

        template_name = "knowledge_hub/staff/completeness.html"

        def get_context_data(self, parent_context=None):
            """Add ``completeness``."""
            return {**super().get_context_data(parent_context), "completeness": completeness.of_case(self.instance)}
