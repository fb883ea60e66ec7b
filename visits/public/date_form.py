"""The period that the date page shows."""

import datetime as dt

from django import forms


class DateForm(forms.Form):
    """Where the list of days begins; anything else in the address is ignored."""

    start = forms.DateField(required=False, input_formats=["%Y-%m-%d"])

    def start_or(self, default: dt.date) -> dt.date:
        """The asked-for beginning, or the default."""
        if self.is_bound and self.is_valid() and self.cleaned_data["start"]:
            return self.cleaned_data["start"]
        return default
