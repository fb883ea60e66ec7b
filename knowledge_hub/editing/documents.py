"""The form of files for download."""

import zipfile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm

# What a package of an office suite must hold to be what its name says.
PACKAGES = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml", "odt": "content.xml"}
TEXTS = ("csv", "txt")
LOOKED_AT = 4096


class DocumentForm(BaseDocumentForm):
    """A file is refused whose content is not what its name says: readers could not open it, or would open something else."""

    def clean_file(self):
        """The file, unless it is mislabelled; Wagtail has checked the ending of its name and its size."""
        file = self.cleaned_data["file"]
        if "file" in self.changed_data and file and not is_what_it_says(file):
            raise ValidationError(_("This file is not what its name says, or it is damaged. Save it again, for example as PDF."))
        return file


def is_what_it_says(file) -> bool:
    """Whether the content of an open file fits the ending of its name; endings that are not known here fit anything."""
    ending = file.name.rpartition(".")[2].lower()
    file.seek(0)
    try:
        if ending == "pdf":
            return b"%PDF-" in file.read(1024)
        if ending in PACKAGES:
            return zipfile.is_zipfile(file) and PACKAGES[ending] in zipfile.ZipFile(file).namelist()
        if ending in TEXTS:
            return b"\0" not in file.read(LOOKED_AT)
        return True
    except zipfile.BadZipFile:
        return False
    finally:
        file.seek(0)
