"""The form of files for download."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm

from knowledge_hub.core.file_types import is_what_it_says


class DocumentForm(BaseDocumentForm):
    """A file is refused whose content is not what its name says: readers could not open it, or would open something else."""

    def clean_file(self):
        """The file, unless it is mislabelled; Wagtail has checked the ending of its name and its size."""
        file = self.cleaned_data["file"]
        if "file" in self.changed_data and file and not is_what_it_says(file):
            raise ValidationError(_("This file is not what its name says, or it is damaged. Save it again, for example as PDF."))
        return file
