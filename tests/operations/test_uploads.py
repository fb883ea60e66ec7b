"""Every uploaded file is scanned, and rewritten without anything that acts, or refused with the reason."""

import io
import json
import threading
import zlib

import pikepdf
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import override_settings
from django.urls import reverse
from PIL import Image
from wagtail.documents.forms import get_document_form
from wagtail.images.forms import get_image_form
from wagtail.models import UploadedFile
from wagtail.users.models import UserProfile

from knowledge_hub.core.uploads import passive_pdf, pictures, safe, virus_scanner
from knowledge_hub.core.uploads.passive_pdf import Answer, rewrite
from knowledge_hub.models import CustomDocument, CustomImage
from tests import uploads
from tests.factories import UserFactory
from visits import delegate_sheets
from visits.booking_form.fields import PdfField
from visits.domain.uploads import check_evidence, check_material, clean_photo

ACTIVE = (
    b"JavaScript",
    b"/JS",
    b"Launch",
    b"EmbeddedFile",
    b"XFA",
    b"file:",
    b"MZ program",
    b"/AA",
    b"OpenAction",
    b"GoToR",
    b"SubmitForm",
)


def temporary(name: str, content: bytes) -> TemporaryUploadedFile:
    upload = TemporaryUploadedFile(name, "application/octet-stream", len(content), None)
    upload.write(content)
    upload.seek(0)
    return upload


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(ValidationError) as raised:
        safe.make_safe(SimpleUploadedFile(name, content))
    return raised.value.messages[0]


# PDF


@pytest.mark.parametrize("upload", [SimpleUploadedFile, temporary])
def test_a_pdf_is_rewritten_without_anything_that_acts(upload):
    file = upload("surat.pdf", uploads.active_pdf())
    before = uploads.plain(uploads.active_pdf())
    assert all(word in before for word in ACTIVE), "the example has all of it"

    safe.make_safe(file)

    with file.open():
        stored = file.read()
    file.close()
    after = uploads.plain(stored)
    assert [word for word in ACTIVE if word in after] == []
    assert b"https://binjai.example/" in after, "links to web pages stay"
    assert file.size == len(stored)
    with pikepdf.open(io.BytesIO(stored)) as document:
        assert len(document.pages) == 1
        assert len(document.pages[0].Annots) == 7, "fields and links stay, the attachment goes"


def test_what_stands_before_and_after_a_pdf_is_not_stored():
    answer, written = rewrite(b"<html><script>alert(1)</script>\n" + uploads.pdf() + b"PK\x03\x04 and a ZIP")

    assert answer == Answer.REWRITTEN
    assert written.startswith(b"%PDF-")
    assert b"script" not in written
    assert b"PK\x03" not in written


def test_signed_pdfs_keep_their_signature_if_nothing_acts():
    assert rewrite(uploads.signed_pdf())[0] == Answer.SIGNED
    assert rewrite(b" " + uploads.signed_pdf())[0] == Answer.REWRITTEN
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    assert rewrite(uploads.signed_pdf(OpenAction=script))[0] == Answer.SIGNED_AND_ACTIVE


def test_pdfs_are_refused_with_the_reason(monkeypatch):
    empty = uploads.saved(pikepdf.new())
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(uploads.pdf())) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="rahasia", user=""))
    assert "rusak" in refusal("a.pdf", b"%PDF-1.7\nrusak")
    assert "bukan PDF" in refusal("a.pdf", b"PK\x03\x04")
    assert "terkunci" in refusal("a.pdf", locked.getvalue())
    assert rewrite(empty)[0] == Answer.NO_PAGES
    assert rewrite(uploads.active_pdf(NeedsRendering=True))[0] == Answer.ONE_PROGRAM_ONLY
    monkeypatch.setattr(passive_pdf, "MAX_OBJECTS", 3)
    assert rewrite(uploads.active_pdf())[0] == Answer.TOO_LARGE
    monkeypatch.setattr(passive_pdf, "MAX_PAGES", 0)
    assert rewrite(uploads.active_pdf())[0] == Answer.TOO_MANY_PAGES


def test_a_pdf_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(safe, "MOST_SECONDS", 0.001)

    assert "memori" in refusal("a.pdf", uploads.pdf())


def test_few_pdfs_are_read_at_once(monkeypatch):
    monkeypatch.setattr(safe, "AT_ONCE", threading.BoundedSemaphore(1))
    monkeypatch.setattr(safe, "MOST_SECONDS", 0.01)
    with safe.AT_ONCE:
        assert "beberapa menit lagi" in refusal("a.pdf", uploads.pdf())


# Office files


DOCUMENT = "word/document.xml"
MACRO_TYPE = '<x ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
DDE = "<w:p><w:instrText>DD</w:instrText><w:instrText>EAUTO cmd</w:instrText></w:p>"


def with_relationship(*of: str) -> dict[str, str]:
    return {"word/_rels/document.xml.rels": uploads.relationship(*of)}


@pytest.mark.parametrize(
    ("name", "parts", "contents", "word"),
    [
        ("a.docx", [DOCUMENT, "word/vbaProject.bin"], {}, "makro"),
        ("a.docx", [], {"[Content_Types].xml": MACRO_TYPE}, "makro"),
        ("a.xlsx", ["xl/workbook.xml", "xl/macrosheets/sheet1.xml"], {}, "makro"),
        ("a.odt", ["content.xml", "Basic/Standard/Module1.xml"], {}, "makro"),
        ("a.docx", [DOCUMENT, "word/embeddings/oleObject1.bin"], {}, "OLE"),
        ("a.pptx", ["ppt/presentation.xml", "ppt/activeX/activeX1.xml"], {}, "OLE"),
        ("a.docx", [], with_relationship("attachedTemplate", "http://lain.example/a.dotm"), "berkas lain"),
        ("a.docx", [], with_relationship("image", "\\\\10.0.0.1\\a.png"), "berkas lain"),
        ("a.docx", [], with_relationship("hyperlink", "file:///C:/a.exe"), "berkas lain"),
        ("a.docx", [], {DOCUMENT: DDE}, "berkas lain"),
        ("a.xlsx", ["xl/workbook.xml", "xl/externalLinks/externalLink1.xml"], {}, "berkas lain"),
        ("a.docx", [], {"word/_rels/a.rels": '<!DOCTYPE x [<!ENTITY a "b">]><x/>'}, "rusak"),
    ],
)
def test_office_files_are_refused_with_the_reason(name, parts, contents, word):
    assert word in refusal(name, uploads.package(*parts, **contents))


def test_damaged_office_files_are_refused():
    assert "rusak" in refusal("a.docx", uploads.package()[:-30])


def test_office_files_that_unpack_to_gigabytes_are_refused(monkeypatch):
    monkeypatch.setattr("knowledge_hub.core.uploads.packages.MAX_UNPACKED", 2**20)

    assert "PDF" in refusal("a.docx", uploads.package(**{"word/media/a.png": "0" * 2**21}))


def test_harmless_office_files_are_taken():
    chart = uploads.package("xl/workbook.xml")
    links = uploads.relationship("hyperlink", "https://binjai.example/")
    slides = SimpleUploadedFile(
        "a.pptx", uploads.package("ppt/presentation.xml", **{"ppt/embeddings/a.xlsx": chart, "ppt/_rels/a.rels": links})
    )

    safe.make_safe(slides)

    macros = uploads.package("xl/workbook.xml", "xl/vbaProject.bin")
    assert "makro" in refusal("a.pptx", uploads.package("ppt/presentation.xml", **{"ppt/embeddings/a.xlsx": macros}))


# Pictures


def photo(kind: str, **options) -> bytes:
    """A red picture of a phone lying on its side, with its place in the metadata."""
    place = Image.Exif()
    place[0x010F] = "Telepon Contoh"
    place[0x0112] = 6
    place.get_ifd(0x8825)[2] = (3.0, 36.0, 0.0)
    written = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(written, kind, exif=place, **options)
    return written.getvalue()


@pytest.mark.parametrize(("ending", "kind"), [("jpg", "JPEG"), ("png", "PNG"), ("webp", "WEBP"), ("avif", "AVIF")])
def test_pictures_lose_their_metadata(ending, kind):
    content = photo(kind)
    assert b"Telepon Contoh" in content

    written = pictures.reencoded(content, ending)

    assert b"Telepon Contoh" not in written
    with Image.open(io.BytesIO(written)) as picture:
        assert picture.size == (20, 40), "turned upright"
        assert picture.format == kind
        assert not picture.getexif()


def test_animations_keep_their_frames():
    written = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:], duration=[70, 90], comment=b"Telepon Contoh")

    again = pictures.reencoded(written.getvalue(), "gif")

    assert b"Telepon" not in again
    with Image.open(io.BytesIO(again)) as picture:
        assert picture.n_frames == 2


def test_pixels_are_counted_before_they_are_decoded(monkeypatch):
    """The header says 30,000 × 30,000, and the file has no pixels at all."""
    content = bytearray(photo("PNG"))
    content[16:24] = (30_000).to_bytes(4, "big") * 2
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")

    with pytest.raises(ValidationError):
        pictures.reencoded(bytes(content), "png")
    monkeypatch.setattr(pictures, "MAX_PIXELS", 100)
    with pytest.raises(ValidationError, match="piksel"):
        pictures.reencoded(photo("PNG"), "png")


# Every place where files come in


@pytest.mark.django_db
def test_wagtail_stores_only_safe_documents_and_images(client):
    admin = UserFactory(admin=True)
    fields = {"title": "Naskah", "collection": 1, "language": "id", "description": "Loket pelayanan"}
    document = get_document_form(CustomDocument)(fields, {"file": SimpleUploadedFile("a.pdf", uploads.active_pdf())}, user=admin)
    image = get_image_form(CustomImage)(fields, {"file": SimpleUploadedFile("a.jpg", photo("JPEG"))}, user=admin)

    assert document.is_valid(), document.errors
    assert image.is_valid(), image.errors
    with document.save().open_file() as file:
        assert b"JavaScript" not in uploads.plain(file.read())
    stored = image.save()
    with stored.file.open() as file:
        assert b"Telepon" not in file.read()
    assert (stored.width, stored.height) == (20, 40)

    # Several at once: Wagtail keeps the request's file until somebody has entered the text alternative.
    client.force_login(admin)
    answer = client.post(
        reverse("wagtailimages:add_multiple"), {"files[]": SimpleUploadedFile("b.jpg", photo("JPEG")), "title": "b", "collection": 1}
    )
    assert json.loads(answer.content)["success"]
    with UploadedFile.objects.get().file.open() as file:
        assert b"Telepon" not in file.read()

    profile = UserProfile.get_for_user(admin)
    profile.avatar = SimpleUploadedFile("wajah.jpg", photo("JPEG"))
    profile.save()
    with profile.avatar.open() as file:
        assert b"Telepon" not in file.read()
    profile.avatar = SimpleUploadedFile("wajah.jpg", b"\xff\xd8\xff damaged")
    profile.save()
    assert not profile.avatar


def all_file_fields() -> dict[str, type]:
    """File fields of all forms of the site by form and name."""

    def below(parent):
        for child in parent.__subclasses__():
            yield child
            yield from below(child)

    found = {}
    for form in below(forms.BaseForm):
        if form.__module__.split(".")[0] in ("home", "knowledge_hub", "visits"):
            fields = getattr(form, "base_fields", {})
            found |= {
                f"{form.__module__}.{form.__name__}.{name}": field for name, field in fields.items() if isinstance(field, forms.FileField)
            }
    return found


MADE_SAFE_BY = {
    "knowledge_hub.editing.files.ImageForm.file": "PictureField",
    "visits.public.delegate_forms.UploadForm.file": "read_delegates()",
    "visits.public.verification.CheckFileForm.file": "nobody: the file is compared byte by byte and not stored",
    "visits.public.speaker_page.SlidesForm.slides": "check_material()",
    "visits.public.after_visit.AdoptionForm.evidence_file": "check_evidence()",
    "visits.public.after_visit.OtherCaseForm.evidence_file": "check_evidence()",
    "visits.public.adoption_pages.ReportForm.evidence_file": "check_evidence()",
    "visits.staff.agenda_forms.ItemForm.material": "check_material()",
    "visits.staff.record_forms.GiftForm.photo": "clean_photo()",
    "visits.staff.record_forms.PhotoForm.picture": "clean_photo()",
    "visits.staff.certificate_template_forms.CertificateTemplateForm.signature_file": "pictures.clean()",
    "visits.staff.certificate_template_forms.CertificateTemplateForm.logo_1_file": "pictures.clean()",
    "visits.staff.certificate_template_forms.CertificateTemplateForm.logo_2_file": "pictures.clean()",
}


def test_every_file_field_is_known():
    """A new one either is a PdfField or calls make_safe(); the list says where."""
    reverse("visits:book")  # imports all views with their forms
    others = {name for name, field in all_file_fields().items() if not isinstance(field, PdfField)}

    assert others == set(MADE_SAFE_BY)


def stores(upload_of) -> dict[str, object]:
    """What takes files, each with a call that gives it one."""
    return {
        "letters": lambda: PdfField().clean(upload_of("surat.pdf", uploads.pdf())),
        "slides": lambda: check_material(upload_of("paparan.pdf", uploads.pdf())),
        "evidence": lambda: check_evidence(upload_of("bukti.pdf", uploads.pdf())),
        "photos": lambda: clean_photo(upload_of("foto.jpg", photo("JPEG"))),
        "delegates": lambda: delegate_sheets.read_delegates(upload_of("daftar.csv", b"Nama\nSiti\n")),
        "documents": lambda: safe.make_safe(upload_of("a.txt", b"teks")),
    }


@pytest.mark.parametrize("place", stores(None))
def test_every_place_asks_the_virus_scanner(place, settings):
    with uploads.fake_clamd() as settings.VIRUS_SCANNER:
        stores(SimpleUploadedFile)[place]()
        with pytest.raises((ValidationError, delegate_sheets.SpreadsheetRefused), match="Eicar-Test"):
            stores(lambda name, content: SimpleUploadedFile(name, content + uploads.EICAR))[place]()


# The virus scanner


@pytest.mark.parametrize(
    "answer", [b"", b"INSTREAM size limit exceeded. ERROR", b"nonsense", None], ids=["silence", "limit", "nonsense", "gone"]
)
def test_without_an_answer_of_the_scanner_files_are_refused(answer, settings):
    with uploads.fake_clamd(answer) as settings.VIRUS_SCANNER:
        if answer is not None:
            assert "pemindai virus" in refusal("a.txt", b"teks")
    if answer is None:
        assert "pemindai virus" in refusal("a.txt", b"teks")
        assert virus_scanner.check()


def test_the_scanner_is_asked_through_a_socket_file(tmp_path, settings):
    assert not virus_scanner.is_on()
    with override_settings(VIRUS_SCANNER=f"unix://{tmp_path}/clamd.ctl"):
        assert "No such file" in virus_scanner.check()
    with uploads.fake_clamd() as settings.VIRUS_SCANNER:
        assert virus_scanner.check() == ""
        virus_scanner.scan(ContentFile(b"teks"))
