"""Blocks for the material of a page: files, pictures, programmes, signatures, contacts."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from knowledge_hub.blocks.evidence import RowBlock


class AttachmentBlock(RowBlock):
    """A file for download, with a description."""

    document = DocumentChooserBlock(label=_("file"))
    title = blocks.CharBlock(label=_("title"), max_length=200, required=False, help_text=_("Leave empty to use the title of the file."))

    class Meta:
        icon = "doc-full"
        label = _("Attachment")
        description = _("A file that readers may download.")
        preview_template = "blocks/preview_file.html"


class GalleryPictureBlock(RowBlock):
    """A picture in the gallery."""

    image = ImageBlock(label=_("picture"))
    caption = blocks.CharBlock(label=_("caption"), max_length=250, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        description = _("A picture of the gallery, with its text for those who cannot see it.")
        preview_template = "blocks/preview_picture.html"


class ShareableBlock(RowBlock):
    """Something that can be shared with adopters."""

    KINDS = [
        ("code", _("Program code")),
        ("document", _("Document")),
        ("agreement", _("Model agreement")),
        ("data", _("Data")),
        ("training", _("Training or mentoring")),
    ]

    kind = blocks.ChoiceBlock(label=_("kind"), choices=KINDS)
    what = blocks.CharBlock(label=_("what"), max_length=250)
    terms = blocks.CharBlock(label=_("under which terms"), max_length=250, required=False)

    class Meta:
        icon = "download"
        label = _("Can be shared")
        description = _("What another region may have: code, documents, a model agreement, training.")
        preview_value = {"kind": "code", "what": "Kode program aplikasi", "terms": "Dengan perjanjian kerja sama"}


class ContactBlock(RowBlock):
    """A contact by role; an office, never a private address."""

    role = blocks.CharBlock(label=_("asked about"), max_length=120, help_text=_("For example: technology, legal basis, visits."))
    office = blocks.CharBlock(label=_("office"), max_length=200)
    mailbox = blocks.EmailBlock(label=_("shared mailbox"), required=False)

    class Meta:
        icon = "mail"
        label = _("Contact")
        description = _("An office that answers questions, with its shared mailbox.")
        preview_value = {"role": "Teknologi", "office": "Diskominfo", "mailbox": "diskominfo@contoh.invalid"}


class RegistryBlock(RowBlock):
    """The number of a case in a national register of innovations."""

    register = blocks.ChoiceBlock(label=_("register"), choices=[("jippnas", "JIPPNas"), ("kipp", "KIPP"), ("iga", "IGA")])
    number = blocks.CharBlock(label=_("number"), max_length=60)
    url = blocks.URLBlock(label=_("address"), required=False)

    class Meta:
        icon = "tag"
        label = _("Register entry")
        description = _("Where the case stands in JIPPNas, KIPP or IGA.")
        preview_value = {"register": "jippnas", "number": "123/2026"}


class ProgrammeItemBlock(RowBlock):
    """One item of a forum's programme."""

    time = blocks.CharBlock(label=_("time"), max_length=30, required=False)
    title = blocks.CharBlock(label=_("title"), max_length=250)
    speaker = blocks.CharBlock(label=_("speaker"), max_length=250, required=False)

    class Meta:
        icon = "time"
        label = _("Programme item")
        description = _("What happened when, and who spoke.")
        preview_value = {"time": "09.00", "title": "Paparan", "speaker": "Kepala Dinas Kominfo"}


class SpeakerBlock(RowBlock):
    """A speaker with office and topic; a speaker whom the source does not name is listed by office alone."""

    name = blocks.CharBlock(
        label=_("name"), max_length=150, required=False, help_text=_("With titles; leave empty if the source does not name the person.")
    )
    position = blocks.CharBlock(label=_("position or role"), max_length=200, required=False, help_text=_("As held on that day."))
    organisation = blocks.CharBlock(label=_("organisation or partner"), max_length=200, required=False)
    talk = blocks.CharBlock(label=_("title of the talk"), max_length=250, required=False)
    slides = DocumentChooserBlock(
        label=_("slides"), required=False, help_text=_("Readers are shown them only if everybody may have the file: its folder decides.")
    )

    class Meta:
        icon = "user"
        label = _("Speaker")
        description = _("Who spoke, for whom, about what, with the slides.")
        preview_value = {"name": "Nama narasumber", "position": "Kepala Dinas", "organisation": "Pemko Binjai", "talk": "Kota yang belajar"}

    def clean(self, value):
        """Refuse a row without name and office."""
        cleaned = super().clean(value)
        if not (cleaned["name"] or cleaned["position"]):
            raise StructBlockValidationError({"name": ValidationError(_("Give the name or, if it is not known, the position."))})
        return cleaned


class SignatoryBlock(RowBlock):
    """A signatory of a party, with the office held on that day."""

    party = blocks.CharBlock(label=_("for"), max_length=200)
    name = blocks.CharBlock(label=_("name"), max_length=150)
    position = blocks.CharBlock(label=_("position"), max_length=200)

    class Meta:
        icon = "edit"
        label = _("Signatory")
        description = _("Who signed for which party.")
        preview_value = {"party": "Pemko Binjai", "name": "Nama pejabat", "position": "Wali Kota"}
