"""Form fields of the questions: they turn what was typed into what a visit keeps."""

import re

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge_hub.core.input_limits import ManyObjectsField
from knowledge_hub.core.uploads.safe import make_safe
from visits.domain.calendar_days import local_date
from visits.queries import regions

LETTER_DETAILS = {
    "letter_number": gettext_lazy("Enter the number of the letter."),
    "letter_date": gettext_lazy("Enter the date of the letter."),
}
"""What every letter has, and the error if it is missing."""


def no_address(text: str) -> None:
    """Refuse web addresses in names: the first mail shows names before anybody has proved whose e-mail address it is.

    Raises:
        ValidationError: the text holds the address of a web page.
    """
    if re.search(r"://|\bwww\.", text, re.IGNORECASE):
        raise ValidationError(_("Write this without the address of a web page."))


def not_in_the_future(date) -> None:
    """Refuse a date that has not come yet at the venue.

    Raises:
        ValidationError: the date is later than today.
    """
    if date > local_date(timezone.now()):
        raise ValidationError(_("The date of the letter lies in the future. Enter the date that is written on it."))


class ProgrammeField(forms.ModelChoiceField):
    """Programmes with what a guest must know to choose."""

    def label_from_instance(self, programme):
        """Name, group size and length."""
        return _("%(name)s: %(min)d to %(max)d people, %(minutes)d minutes") % {
            "name": programme.name,
            "min": programme.min_persons,
            "max": programme.max_persons,
            "minutes": programme.duration_minutes,
        }


class TopicsField(ManyObjectsField):
    """Topics under their dimension."""

    def label_from_instance(self, topic):
        """Dimension and topic."""
        return f"{topic.dimension.name}: {topic.name}"


class RegionField(forms.CharField):
    """A region, typed by any of its names. The value is the region, or None for an empty text.

    The error of a name that is not clear holds the regions that may be meant; ``suggestions_of()`` reads them.
    """

    widget = forms.TextInput(attrs={"list": "regions", "autocomplete": "off"})
    default_error_messages = {
        "ambiguous": gettext_lazy("Several regions have this name. Choose one of them below the field."),
        "similar": gettext_lazy("We do not know this region. Choose the right one below the field, or check the spelling."),
        "unknown": gettext_lazy("We do not know this region. Check the spelling, or choose from the list."),
    }

    def clean(self, value):
        """The region that the text names."""
        text = super().clean(value)
        if not text:
            return None
        found = regions.find(text)
        if len(found) == 1:
            return found[0]
        meant = [regions.label(region) for region in found[:8] or regions.similar(text)]
        code = "ambiguous" if found else "similar" if meant else "unknown"
        raise ValidationError(self.error_messages[code], code=code, params={"suggestions": meant})


def suggestions_of(form: forms.Form, name: str) -> list[str]:
    """Regions that may be meant by an unclear name in a field of a form."""
    errors = form.errors.as_data().get(name, ())
    return [suggestion for error in errors for suggestion in (error.params or {}).get("suggestions", ())]


def require_letter_details(form: forms.Form) -> None:
    """Add an error to number and date of a letter if they are empty, although there is a letter."""
    for name, message in LETTER_DETAILS.items():
        if name in form.cleaned_data and not form.cleaned_data[name]:
            form.add_error(name, message)


class LetterDateField(forms.DateField):
    """The date that is written on a letter."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_validators = [not_in_the_future]


class PdfField(forms.FileField):
    """A PDF, which ``check_pdf()`` makes passive."""

    widget = forms.FileInput(attrs={"accept": "application/pdf,.pdf"})

    def validate(self, value):
        """Look into the file and replace its content."""
        super().validate(value)
        if value:
            check_pdf(value)


def check_pdf(upload: UploadedFile) -> None:
    """Make the letter a passive PDF, in place.

    Raises:
        ValidationError: it is too large, or :func:`make_safe` refuses it; says what to do.
    """
    if upload.size > settings.VISIT_LETTER_MAX_BYTES:
        raise ValidationError(
            _("The file is larger than %(limit)d MB. Scan it at a lower resolution.")
            % {"limit": settings.VISIT_LETTER_MAX_BYTES // 1024 // 1024}
        )
    make_safe(upload, kind="pdf")
