"""What the forms of the page editor refuse, before anything is saved."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.pages import WagtailAdminPageForm


class AgreementForm(WagtailAdminPageForm):
    """An agreement is submitted to the three partners; it cannot be published from the editor, whoever asks for it."""

    def clean(self):
        """Say what to do instead, with everything that was typed still in the form."""
        cleaned = super().clean()
        if self.data.get("action-publish"):
            self.add_error(None, _("An agreement is published once all three partners have approved it. Submit it to them instead."))
        return cleaned
