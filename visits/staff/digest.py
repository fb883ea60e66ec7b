"""The choice of the daily summary on a user's account page."""

from django import forms
from django.utils.translation import gettext_lazy
from wagtail.admin.views.account import BaseSettingsPanel, notifications_tab

from knowledge_hub.models import User
from visits.mail import digest


class DigestForm(forms.ModelForm):
    """One box to tick."""

    class Meta:
        model = User
        fields = ["wants_digest"]


class DigestPanel(BaseSettingsPanel):
    """Shown to users who may see the inbox."""

    name = "digest"
    title = gettext_lazy("Study visits")
    tab = notifications_tab
    order = 200
    form_class = DigestForm

    def is_active(self) -> bool:
        """Whether the summary could tell this user anything."""
        return digest.can_have(self.user)
