"""The body of pages with free text."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

TEXT_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]


def anchor(block_id: str | None) -> str:
    """Anchor of a heading, from its block ID: stable when the text changes, and unique for equal headings."""
    return f"s-{(block_id or 'x')[:8]}"


class HeadingBlock(blocks.CharBlock):
    """A heading, listed in the table of contents."""

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "blocks/heading.html"
        description = _("Heading of a section; appears in the table of contents.")
        preview_value = "Latar belakang"

    def get_context(self, value, parent_context=None):
        """Add the anchor for the table of contents."""
        context = super().get_context(value, parent_context=parent_context)
        context["anchor"] = anchor(context.get("id") or (parent_context or {}).get("id"))
        return context


class QuoteBlock(blocks.StructBlock):
    """A quotation with speaker and source."""

    text = blocks.TextBlock(label=_("quotation"), max_length=600)
    speaker = blocks.CharBlock(label=_("speaker"), max_length=150)
    source = blocks.CharBlock(label=_("source"), max_length=200)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "blocks/quote.html"
        description = _("A short quotation, word for word, with speaker and source.")
        preview_value = {"text": "Kita harus bersatu dan berjalan bersama.", "speaker": "Wali Kota", "source": "Contoh"}


class FigureBlock(blocks.StructBlock):
    """A picture with a caption."""

    image = ImageBlock(label=_("picture"))
    caption = blocks.CharBlock(label=_("caption"), max_length=250, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "blocks/figure.html"
        description = _("A picture with its text for those who cannot see it.")
        preview_template = "blocks/preview_picture.html"


class QuestionBlock(blocks.StructBlock):
    """A frequent question and its answer."""

    question = blocks.CharBlock(label=_("question"), max_length=250)
    answer = blocks.RichTextBlock(label=_("answer"), features=["bold", "italic", "link", "ol", "ul"])

    class Meta:
        icon = "help"
        label = _("Question")
        template = "blocks/question.html"
        description = _("A question and its answer.")
        preview_value = {"question": "Berapa lama sebuah kunjungan?", "answer": "<p>Setengah hari.</p>"}


class StoryBlock(blocks.StreamBlock):
    """Text, quotations, pictures, files and questions."""

    heading = HeadingBlock()
    text = blocks.RichTextBlock(
        label=_("Text"),
        features=TEXT_FEATURES,
        icon="pilcrow",
        description=_("Paragraphs and lists."),
        preview_value="<p>Sebelum 2017 izin usaha diurus di <b>empat loket</b>.</p><ul><li>14 hari kerja</li></ul>",
    )
    quote = QuoteBlock()
    figure = FigureBlock()
    question = QuestionBlock()
    document = DocumentChooserBlock(
        label=_("File"), template="blocks/document.html", description=_("A file to download."), preview_template="blocks/preview_file.html"
    )

    class Meta:
        required = False
