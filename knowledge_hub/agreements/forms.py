"""The page editor's form of an agreement."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.pages import WagtailAdminPageForm


class AgreementForm(WagtailAdminPageForm):
    """Refuses to publish: an agreement must be submitted to the three partners."""

    def clean(self):
        """Add an error if the publish button was pressed; the form keeps everything that was typed."""
        cleaned = super().clean()
        if self.data.get("action-publish"):
            self.add_error(None, _("An agreement is published once all three partners have approved it. Submit it to them instead."))
        return cleaned
