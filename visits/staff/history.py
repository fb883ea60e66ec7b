"""The whole history of a visit, for everyone who may see the visit."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.widgets.button import HeaderButton

from visits.permissions import ANY_OF_VISIT


class VisitHistoryView(HistoryView):
    """Who did what when; a visit has no form to edit, so the way back leads to the desk."""

    any_permission_required = ANY_OF_VISIT
    inspect_url_name = None

    def get_edit_url(self, instance):
        """The desk page."""
        return reverse(self.inspect_url_name, args=[instance.pk])

    @cached_property
    def header_buttons(self):
        """The way back."""
        return [HeaderButton(_("To the visit"), url=self.get_edit_url(self.object), icon_name="arrow-left")]
