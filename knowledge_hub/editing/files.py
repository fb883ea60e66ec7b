"""The admin forms of images and documents."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from knowledge_hub.core.file_types import is_what_it_says

FILE_NAME = re.compile(r"\.(avif|gif|jpe?g|png|svg|webp)\s*$|^(img|dsc|image|foto)[_-]?\d+$", re.IGNORECASE)


class PictureField(WagtailImageField):
    """An image that can be decoded completely: a truncated file is refused here and not when a page shows it."""

    def check_image_pixel_size(self, f):
        """Refuse too many pixels, as Wagtail does, and then files that Pillow can't decode, which would give a server error later.

        Raises:
            ValidationError: with the reason.
        """
        # What Pillow raises on damaged files of different formats.
        unreadable = (OSError, SyntaxError, ValueError, EOFError)
        try:
            super().check_image_pixel_size(f)
            f.seek(0)
            with Image.open(f) as picture:
                picture.load()
        except unreadable as error:
            raise ValidationError(
                _("This file is damaged or no picture. Save the picture again and upload that file."), code="unreadable"
            ) from error
        finally:
            f.seek(0)


class ImageForm(BaseImageForm):
    """Requires alternative text; blocks offer it when the image is placed."""

    file = PictureField(label=_("File"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "description" in self.fields:
            field = self.fields["description"]
            field.required = True
            field.label = _("Text alternative")
            field.help_text = _("What the picture shows and what matters in it, for those who cannot see it. Not the name of the file.")

    def clean_description(self):
        """The alternative text. Raises ValidationError if it is a file name."""
        text = self.cleaned_data["description"]
        if FILE_NAME.search(text):
            raise ValidationError(_("Describe the picture in words; this is the name of a file."))
        return text


class DocumentForm(BaseDocumentForm):
    """Refuses files whose content does not match their extension."""

    def clean_file(self):
        """The file. Raises ValidationError if it is mislabelled; Wagtail checks extension and size."""
        file = self.cleaned_data["file"]
        if "file" in self.changed_data and file and not is_what_it_says(file):
            raise ValidationError(_("This file is not what its name says, or it is damaged. Save it again, for example as PDF."))
        return file
