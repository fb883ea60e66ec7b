"""Help for editors: completeness meter, checklist, previews, content checks, guide; and checks of uploaded files."""

import datetime as dt
import io
import json
import re
import zipfile
from unittest import mock

import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from PIL import Image as PILImage
from PIL import ImageFile
from wagtail.fields import StreamField
from wagtail.models import get_page_models

from knowledge_hub.editing import completeness
from knowledge_hub.models import CaseStudyPage, CustomDocument, CustomImage
from knowledge_hub.staff import groups
from knowledge_hub.staff.content_checks import PERSONAL, VAGUE
from tests.factories import UserFactory
from tests.knowledge_hub.content import ContentTestCase, member
from tests.uploads import pdf

ANSWER = "<p>Sebelum 2017 izin usaha diurus di empat loket dan memakan waktu empat belas hari kerja.</p>"
RESULT = {"indicator": "Waktu layanan", "unit": "hari", "baseline": "14", "result": "3", "year": 2026, "source": "SKM"}


def our_blocks():
    """Yield name and block of every StreamField block of our page types."""
    for model in get_page_models():
        for field in model._meta.get_fields():
            if isinstance(field, StreamField) and model.__module__.startswith(("knowledge_hub", "visits", "home")):
                yield from ((f"{model.__name__}.{field.name}.{name}", block) for name, block in field.stream_block.child_blocks.items())


class MeterMixin:
    def test_the_meter_lists_missing_parts_until_complete(self):
        case = self.case()
        before = completeness.of_case(case)
        for name in ("context", "solution", "novelty", "implementation", "challenges", "lessons", "sustainability"):
            setattr(case, name, ANSWER)
        case.costs = [("cost", {"item": "Peladen", "amount": "Rp120 juta", "source": "DPA"})]
        case.legal_basis = [("basis", {"title": "Perwal SPBE"})]
        case.results = [("result", RESULT)]
        case.readiness = [("requirement", {"area": "people", "requirement": "Dua analis", "effort": "m"})]
        case.shareable = [("item", {"kind": "code", "what": "Kode"})]
        case.contact, case.status, case.last_verified_at = "Diskominfo", "running", dt.date.today()

        after = completeness.of_case(case)

        assert before.percent < 50
        assert "Hasil" in before.missing
        assert (before.is_ready, before.is_proven) == (False, False)
        assert (after.percent, after.kipp, after.missing, after.is_proven, after.is_ready) == (100, 100, [], True, True)

    def test_kipp_weights_are_those_of_2023(self):
        weights = {part.name: part.weight for part in completeness.of_case(self.case()).parts}

        assert sum(weights.values()) == 100
        assert (weights["context"], weights["novelty"], weights["results"], weights["sustainability"]) == (10, 15, 30, 15)

    def test_short_or_referring_answers_are_noticed(self):
        case = self.case()
        case.solution, case.lessons = "<p>Lihat tautan berikut.</p>", "<p>Belum ada.</p>"

        open_checks = [check.advice for check in completeness.of_case(case).checks if not check.holds]

        assert any("Solusi" in advice and "dirujuk ke tempat lain" in advice for advice in open_checks)
        assert any("Pelajaran" in advice and "singkat" in advice for advice in open_checks)

    def test_the_editor_shows_the_completeness_meter(self):
        client = Client()
        client.force_login(member(groups.editors("telkom")))
        new = reverse("wagtailadmin_pages:add", args=["knowledge_hub", "casestudypage", self.index().pk])

        assert "0 dari 16 bagian terisi" in client.get(new).content.decode()
        client.force_login(UserFactory(admin=True))
        html = client.get(reverse("wagtailadmin_pages:edit", args=[self.case().pk])).content.decode()
        assert re.search(r'<meter[^>]*value="37"', html)
        assert "Masih kosong:" in html


class PicturesMixin:
    def form(self, description: str):
        from wagtail.images.forms import get_image_form

        file = io.BytesIO()
        PILImage.new("RGB", (40, 30)).save(file, "PNG")
        upload = SimpleUploadedFile("loket.png", file.getvalue(), "image/png")
        data = {"title": "Loket", "description": description, "collection": 1}
        return get_image_form(CustomImage)(data, {"file": upload}, user=UserFactory(admin=True))

    def test_a_picture_needs_a_description(self):
        assert "description" in self.form("").errors
        for name in ("IMG_2041", "loket.jpg"):
            assert "nama berkas" in str(self.form(name).errors["description"]), name
        assert self.form("Tiga petugas melayani warga di loket perizinan").is_valid()

    def test_invalid_or_large_pictures_are_refused(self):
        from wagtail.images.forms import get_image_form

        def errors(name: str, content: bytes, **limits) -> str:
            data = {"title": "Balai", "collection": 1, "description": "Balai kota dari depan"}
            form = get_image_form(CustomImage)(data, {"file": SimpleUploadedFile(name, content)}, user=UserFactory(admin=True))
            vars(form.fields["file"]).update(limits)
            return " ".join(form.errors.get("file", []))

        picture = ContentFile(b"")
        PILImage.effect_noise((40, 30), 90).save(picture, "PNG")
        picture = picture.file.getvalue()
        assert errors("a.png", picture) == ""
        for name, content in (
            ("a.jpg", b"<html><script>alert(1)</script>"),
            ("a.png", picture[:40]),
            ("a.png", picture[: len(picture) // 2]),
        ):
            # WeasyPrint, which other tests import, makes Pillow accept truncated files. Web processes never import it.
            with mock.patch.object(ImageFile, "LOAD_TRUNCATED_IMAGES", False):
                assert "rusak" in errors(name, content), name
        assert "jpeg" in errors("a.jpg", picture)
        assert (
            "format gambar tidak didukung"
            in errors("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>").lower()
        )
        assert "terlalu besar" in errors("a.png", picture, max_upload_size=10)
        assert "piksel" in errors("a.png", picture, max_image_pixels=100)
        assert not CustomImage.objects.exists()

    def test_bulk_uploaded_pictures_wait_for_descriptions(self):
        client = Client()
        client.force_login(UserFactory(admin=True))
        file = io.BytesIO()
        PILImage.new("RGB", (40, 30)).save(file, "PNG")
        file.seek(0)
        file.name = "loket.png"

        answer = client.post(reverse("wagtailimages:add_multiple"), {"files[]": file, "title": "Loket", "collection": 1})

        assert json.loads(answer.content)["success"]
        assert not CustomImage.objects.exists()


class FilesMixin:
    def errors(self, name: str, content: bytes) -> str:
        """The errors of the document form for an upload."""
        from wagtail.documents.forms import get_document_form

        data = {"title": "Naskah", "collection": 1, "language": "id"}
        form = get_document_form(CustomDocument)(data, {"file": SimpleUploadedFile(name, content)}, user=UserFactory(admin=True))
        return " ".join(form.errors.get("file", []))

    def package(self, member: str) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(member, "<x/>")
        return file.getvalue()

    def test_files_with_a_wrong_extension_are_refused(self):
        page = b"<html><script>alert(1)</script>"
        for name, content in (
            ("a.pdf", page),
            ("a.docx", page),
            ("a.xlsx", self.package("word/document.xml")),
            ("a.docx", self.package("word/document.xml")[:-30]),
            ("a.txt", b"\x00\x01"),
        ):
            assert "tidak sesuai" in self.errors(name, content) or "rusak" in self.errors(name, content), name
        for name, content in (("a.pdf", pdf()), ("a.docx", self.package("word/document.xml")), ("a.csv", b"a;b")):
            assert self.errors(name, content) == "", name
        assert "exe" in self.errors("a.exe", page)

    def test_the_refusal_of_large_files_names_the_limit(self):
        with override_settings(WAGTAILDOCS_MAX_UPLOAD_SIZE=1024):
            assert "1,0" in self.errors("a.pdf", b"%PDF-" + b"x" * 2000)


class PreviewsMixin:
    def test_every_block_has_a_preview_and_description(self):
        client = Client()
        client.force_login(UserFactory(admin=True))

        for name, block in our_blocks():
            assert block.is_previewable, name
            assert block.meta.description or block.name in ("heading",), name
            answer = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
            assert answer.status_code == 200, name
            assert "css/tokens.css" in answer.content.decode(), name

    def test_the_preview_of_a_row_names_fields(self):
        client = Client()
        client.force_login(UserFactory(admin=True))
        block = CaseStudyPage._meta.get_field("readiness").stream_block.child_blocks["requirement"]

        html = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix}).content.decode()

        assert "<dt>Bidang</dt><dd>Sumber daya manusia</dd>" in html


class ChecksMixin:
    def test_the_content_checker_includes_our_rules(self):
        client = Client()
        client.force_login(UserFactory(admin=True))

        for address in (self.case().url, reverse("wagtailadmin_pages:edit", args=[self.case().pk])):
            html = client.get(address).content.decode()
            found = re.search(r'axe-configuration"[^>]*>(.*?)</script>', html, re.DOTALL)
            configuration = json.loads(found[1])
            rules = {rule["id"] for rule in configuration["spec"]["rules"]}
            assert {"telling-link", "no-personal-number", "short-paragraph"} <= rules & set(configuration["options"]["runOnly"]), address
            assert configuration["messages"]["telling-link"]["error_name"] == "Tautan tidak menyebutkan tujuannya"
        assert "js/content_checks.js" in client.get(self.case().url).content.decode()
        assert "content_checks.js" not in self.client.get(self.case().url).content.decode()
        assert finders.find("js/content_checks.js")


class GuideMixin:
    def test_the_editors_guide_names_the_groups(self):
        client = Client()
        client.force_login(member(groups.editors("polmed")))

        home = client.get(reverse("wagtailadmin_home")).content.decode()
        guide = client.get(reverse("editors_guide"))

        assert reverse("editors_guide") in home
        assert guide.status_code == 200
        for group in ("Editor Polmed", "Penyetuju Telkom", "Moderator", "Auditor"):
            assert group in guide.content.decode()


class EditingTest(MeterMixin, PicturesMixin, FilesMixin, PreviewsMixin, ChecksMixin, GuideMixin, ContentTestCase):
    """All tests in one class, so that the content is loaded once."""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NIP 19800101 200501 1 003", True),
        ("NIK 1275010101800001", True),
        ("hubungi 0812-3456-7890", True),
        ("hubungi +62 812 3456 7890", True),
        ("Rp120.000.000.000.000", False),
        ("telepon kantor (061) 8821234", False),
        ("nomor 188/12/MoU/2016", False),
    ],
)
def test_personal_numbers_are_recognised(text, found):
    assert bool(re.search(PERSONAL, text)) is found


@pytest.mark.parametrize(("text", "vague"), [("Klik di sini", True), ("here", True), ("Selengkapnya", True), ("Panduan perizinan", False)])
def test_vague_links_are_recognised(text, vague):
    assert bool(re.search(VAGUE, text, re.IGNORECASE)) is vague
