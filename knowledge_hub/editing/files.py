"""The admin forms of images and documents, and profile pictures."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from knowledge_hub.core.file_types import ending_of, is_what_it_says
from knowledge_hub.core.uploads.pictures import FORMATS
from knowledge_hub.core.uploads.safe import make_safe

FILE_NAME = re.compile(r"\.(avif|gif|jpe?g|png|svg|webp)\s*$|^(img|dsc|image|foto)[_-]?\d+$", re.IGNORECASE)


class PictureField(WagtailImageField):
    """An image that is written anew without metadata; one that cannot be decoded completely is refused."""

    def check_image_pixel_size(self, f):
        """Refuse too many pixels, as Wagtail does, then make the file safe; it is the last check of Wagtail's field.

        Wagtail stores the request's own file if another field of the form is wrong. It is the same object, so that is safe, too.

        Raises:
            ValidationError: with the reason.
        """
        try:
            super().check_image_pixel_size(f)
        # What Pillow raises on damaged files of different formats.
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise ValidationError(
                _("This file is damaged or no picture. Save the picture again and upload that file."), code="unreadable"
            ) from error
        make_safe(f)


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
    """Makes files safe, and refuses those whose content does not match their extension."""

    def clean_file(self):
        """The file. Raises ValidationError if it is mislabelled or not safe; Wagtail checks extension and size."""
        file = self.cleaned_data["file"]
        if "file" in self.changed_data and file:
            if not is_what_it_says(file):
                raise ValidationError(_("This file is not what its name says, or it is damaged. Save it again, for example as PDF."))
            make_safe(file)
        return file


def clean_profile_picture(sender, instance, **kwargs):
    """Receiver of ``pre_save`` of Wagtail's profiles: make a new profile picture safe; one that cannot be is not stored.

    Wagtail's form for it cannot be replaced.
    """
    new = instance.avatar
    if not new or new._committed:
        return
    try:
        if ending_of(new.name) not in FORMATS:
            raise ValidationError(_("This file is damaged or no picture. Save the picture again and upload that file."))
        make_safe(new.file, kind=ending_of(new.name))
    except ValidationError:
        instance.avatar = ""
