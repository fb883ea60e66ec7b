"""The admin form of documents."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm

from knowledge_hub.core.file_types import is_what_it_says


class DocumentForm(BaseDocumentForm):
    """Refuses files whose content does not match their extension."""

    def clean_file(self):
        """The file. Raises ValidationError if it is mislabelled; Wagtail checks extension and size."""
        file = self.cleaned_data["file"]
        if "file" in self.changed_data and file and not is_what_it_says(file):
            raise ValidationError(_("This file is not what its name says, or it is damaged. Save it again, for example as PDF."))
        return file
