"""The form of pictures."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.images.forms import BaseImageForm

FILE_NAME = re.compile(r"\.(avif|gif|jpe?g|png|svg|webp)\s*$|^(img|dsc|image|foto)[_-]?\d+$", re.IGNORECASE)


class ImageForm(BaseImageForm):
    """A picture is only saved together with its text for those who cannot see it; blocks offer that text when it is placed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "description" in self.fields:
            field = self.fields["description"]
            field.required = True
            field.label = _("Text alternative")
            field.help_text = _("What the picture shows and what matters in it, for those who cannot see it. Not the name of the file.")

    def clean_description(self):
        """Refuse the name of a file, which says nothing to anybody."""
        text = self.cleaned_data["description"]
        if FILE_NAME.search(text):
            raise ValidationError(_("Describe the picture in words; this is the name of a file."))
        return text
