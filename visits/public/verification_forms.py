"""The form of a file to be checked."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

LARGEST_FILE = 1024 * 1024


class CheckFileForm(forms.Form):
    """A file, or its hash where the browser has worked it out."""

    file = forms.FileField(
        label=_("Certificate (PDF)"),
        error_messages={"required": _("Choose the PDF file of the certificate.")},
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    sha256 = forms.CharField(required=False, widget=forms.HiddenInput, validators=[RegexValidator("^[0-9a-f]{64}$")])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.data.get("sha256"):
            self.fields["file"].required = False

    def clean_file(self):
        """A certificate is small."""
        paper = self.cleaned_data["file"]
        if paper and paper.size > LARGEST_FILE:
            raise forms.ValidationError(
                _("This file is larger than 1 MB; our certificates are smaller. Choose the file as you received it.")
            )
        return paper
