from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class CustomImage(AbstractImage):
    """An image with credit and licence."""

    credit = models.CharField(_("credit"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "credit", "licence")

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def generate_rendition_file(self, wanted, *, source=None):
        """Render in memory, because Wagtail's temporary file would stay open until it is garbage collected."""
        with super().generate_rendition_file(wanted, source=source) as file:
            file.seek(0)
            return ContentFile(file.read(), name=file.name)


class CustomRendition(AbstractRendition):
    """An image in one size and format."""

    image = models.ForeignKey(CustomImage, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="rendition_unique")]


def private_storage():
    """Storage without URLs; a callable, so that migrations contain no path."""
    return storages["private"]


class CustomDocument(AbstractDocument):
    """A document for download, with source and licence."""

    # Not below /media/, which the proxy serves without permission checks; only Wagtail's view checks them.
    file = models.FileField(_("file"), upload_to="documents", storage=private_storage)
    source = models.CharField(_("source"), max_length=255, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    date = models.DateField(_("date"), null=True, blank=True, help_text=_("The day that the document bears, not that of its upload."))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    is_findable = models.BooleanField(
        _("found by the public search"),
        default=True,
        help_text=_(
            "Never while its collection is private, or while all pages that lead to it are closed or not published. Untick it to "
            "keep it out altogether."
        ),
    )

    admin_form_fields = (*Document.admin_form_fields, "date", "language", "source", "licence", "is_findable")
    search_fields = [
        *[field for field in AbstractDocument.search_fields if not (isinstance(field, index.SearchField) and field.field_name == "title")],
        # The same boost as page titles, because both appear in one list.
        index.SearchField("title", boost=2),
        index.SearchField("source"),
        index.SearchField("texts"),
        index.FilterField("is_findable"),
        index.FilterField("language"),
        index.FilterField("subject_year"),
    ]

    @classmethod
    def get_indexed_objects(cls):
        """All documents with their extracted texts."""
        return super().get_indexed_objects().select_related("extracted")

    @property
    def subject_year(self) -> int:
        """Year of its date, or else of its upload."""
        return (self.date or timezone.localtime(self.created_at)).year

    @property
    def texts(self) -> list[str]:
        """Extracted text of each page of the file; an empty page is a space, so that pages can be counted."""
        extracted = getattr(self, "extracted", None)
        return [page or " " for page in extracted.text.split("\f")] if extracted and extracted.text else []


class DocumentText(models.Model):
    """Text extracted from a document for the search, by a background task (knowledge_hub/search/files)."""

    class Problem(models.TextChoices):
        """Why the text could not be extracted."""

        PASSWORD = "password", _("It is locked with a password.")
        TOO_LARGE = "too_large", _("It is too large, or needs too much memory.")
        TOO_LONG = "too_long", _("Reading it takes too long.")
        DAMAGED = "damaged", _("It is damaged, or not what its name says.")
        MISSING = "missing", _("The file is missing.")

    document = models.OneToOneField(CustomDocument, models.CASCADE, related_name="extracted")
    file = models.CharField(max_length=255)
    text = models.TextField(blank=True)
    pages = models.PositiveIntegerField(null=True)
    problem = models.CharField(_("problem"), max_length=10, choices=Problem, blank=True)
    read_at = models.DateTimeField()

    def __str__(self):
        return self.file
