"""Uploaded documents are found by their text, except restricted ones."""

import datetime as dt
import io
import subprocess
import sys
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from docx import Document
from modelsearch.backends import get_search_backend
from pypdf import PdfReader, PdfWriter
from wagtail.models import Collection, CollectionViewRestriction, Page

from knowledge_hub.models import AgreementVersion, ArticlePage, CollaborationDocumentPage, CustomDocument, DocumentText
from knowledge_hub.search.files import extract, read_file
from tests.factories import UserFactory
from tests.search.conftest import add_page

pytestmark = pytest.mark.django_db
DAY = dt.date(2017, 5, 4)


def pdf(*pages: str) -> bytes:
    """A minimal PDF with one line of text on each page."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def docx(*paragraphs: str, cell: str = "") -> bytes:
    document, file = Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.add_table(1, 1).rows[0].cells[0].text = cell
    document.save(file)
    return file.getvalue()


def search(client, query: str, **more):
    return client.get(reverse("search"), {"q": query, **more})


def titles(response) -> list[str]:
    return [result.object.title for result in response.context.get("results", ())]


@pytest.fixture
def upload(index, django_capture_on_commit_callbacks):
    """Function that uploads a file; tasks run immediately in tests, so it is read and indexed."""

    def add(title: str, data: bytes, name: str = "berkas.pdf", **fields) -> CustomDocument:
        with django_capture_on_commit_callbacks(execute=True):
            return CustomDocument.objects.create(title=title, file=ContentFile(data, name=name), file_size=len(data), **fields)

    return add


@pytest.fixture
def publish(index, django_capture_on_commit_callbacks):
    """Function that publishes an article whose body links to a document."""

    def add(document: CustomDocument, model=ArticlePage, **fields) -> Page:
        values = {"date": DAY} if model is ArticlePage else {"kind": "agreement"}
        page = model(title="Halaman", body=[("document", document)], **values, **fields)
        with django_capture_on_commit_callbacks(execute=True):
            return add_page(page)

    return add


def test_an_uploaded_document_is_found_by_readers(client, index, django_capture_on_commit_callbacks):
    client.force_login(UserFactory(admin=True))
    file = io.BytesIO(pdf("Halaman judul", "Rencana pembelanjaan jembatan", "Penutup"))
    file.name = "rencana.pdf"
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            reverse("wagtaildocs:add"),
            {"title": "Rencana kota", "file": file, "collection": Collection.get_first_root_node().pk}
            | {"language": "id", "date": "2017-05-04", "is_findable": "on"},
        )
    assert answer.status_code == 302
    client.logout()

    response = search(client, "belanja jembatan")

    html = response.content.decode()
    assert titles(response) == ["Rencana kota"]
    assert "<mark>pembelanjaan</mark> <mark>jembatan</mark>" in html
    assert "PDF" in html
    assert "3 halaman" in html
    assert "ditemukan di halaman 2" in html
    assert "4 Mei 2017" in html
    assert {facet.label: [(choice.label, choice.count) for choice in facet.choices] for facet in response.context["facets"]}["Jenis"] == [
        ("Dokumen", 1)
    ]
    assert b"".join(client.get(response.context["results"][0].url).streaming_content).startswith(b"%PDF")


def test_word_files_are_read_with_their_tables(client, upload):
    upload("Notulen", docx("Rapat persiapan", cell="Anggaran irigasi"), "notulen.docx")

    assert titles(search(client, "irigasi")) == ["Notulen"]
    assert "DOCX" in search(client, "irigasi").content.decode()


def test_documents_and_pages_share_results_and_facets(client, upload, publish):
    document = upload("Laporan pertama", pdf("laporan irigasi"), date=DAY)
    publish(document, summary="laporan irigasi dan laporan lain")

    both = search(client, "laporan")
    assert sorted(titles(both)) == ["Halaman", "Laporan pertama"]
    assert both.context["count"] == 2
    assert titles(search(client, "laporan", type="document")) == ["Laporan pertama"]
    assert titles(search(client, "laporan", type="articlepage")) == ["Halaman"]
    assert sorted(titles(search(client, "laporan", year="2017"))) == ["Halaman", "Laporan pertama"]
    assert titles(search(client, "laporan", language="en")) == []


def in_a_restricted_collection(document, publish):
    collection = Collection.get_first_root_node().add_child(name="Tertutup").add_child(name="Di dalamnya")
    CollectionViewRestriction.objects.create(collection=collection.get_parent(), restriction_type="login")
    document.collection = collection
    document.save()


def of_a_restricted_agreement(document, publish):
    page = publish(document, model=CollaborationDocumentPage, audience="staff")
    page.versions.add(AgreementVersion(label="awal", date=DAY, document=document))
    page.save()


def of_an_unpublished_page(document, publish):
    publish(document, live=False)


def excluded_by_staff(document, publish):
    document.is_findable = False
    document.save()


@pytest.mark.parametrize(
    "hide",
    [
        in_a_restricted_collection,
        of_a_restricted_agreement,
        of_an_unpublished_page,
        excluded_by_staff,
    ],
)
def test_restricted_documents_appear_nowhere(client, upload, publish, django_capture_on_commit_callbacks, hide):
    document = upload("Rahasia negosiasi", pdf("kompensasi rahasia"))
    assert titles(search(client, "kompensasi")) == ["Rahasia negosiasi"]
    with django_capture_on_commit_callbacks(execute=True):
        hide(document, publish)

    response = search(client, "kompensasi")
    html = response.content.decode()
    assert (titles(response), response.context["count"], "type=document" in html) == ([], 0, False)
    assert search(client, "kompensasy").context["outcome"].spelling is None
    assert client.get(reverse("search_suggest"), {"q": "rahasia"}).json() == {"suggestions": []}


def test_documents_of_a_public_page_are_found(client, upload, publish):
    document = upload("Panduan bersama", pdf("panduan irigasi"))
    publish(document, live=False, slug="satu")
    publish(document, slug="dua")

    assert titles(search(client, "irigasi")) == ["Panduan bersama"]


def test_replaced_and_deleted_files_update_the_index(client, upload, django_capture_on_commit_callbacks):
    document = upload("Laporan", pdf("irigasi"))
    with django_capture_on_commit_callbacks(execute=True):
        document.file = ContentFile(pdf("jembatan"), name="baru.pdf")
        document.save()
    assert (titles(search(client, "irigasi")), titles(search(client, "jembatan"))) == ([], ["Laporan"])

    with django_capture_on_commit_callbacks(execute=True):
        document.delete()
    assert titles(search(client, "jembatan")) == []


def test_a_missed_document_is_read_later(client, index, django_capture_on_commit_callbacks):
    document = CustomDocument.objects.create(title="Laporan", file=ContentFile(pdf("irigasi"), name="lama.pdf"))
    CustomDocument.objects.create(title="Tabel", file=ContentFile(b"a;b", name="tabel.csv"))
    assert extract.documents_to_read() == [document.pk]

    with django_capture_on_commit_callbacks(execute=True):
        extract.read_document(document.pk)

    assert extract.documents_to_read() == []
    assert titles(search(client, "irigasi")) == ["Laporan"]


def locked() -> bytes:
    writer, file = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("rahasia")))), io.BytesIO()
    writer.encrypt("kata-sandi", algorithm="RC4-128")
    writer.write(file)
    return file.getvalue()


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for number in range(13):
            parts.writestr(f"word/{number}.xml", bytes(10 * 1024 * 1024))
    return file.getvalue()


@pytest.mark.parametrize(
    ("make", "kind", "problem"),
    [
        (locked, "pdf", "password"),
        (bomb, "docx", "too_large"),
        (lambda: b"%PDF-1.7 garbage", "pdf", "damaged"),
        (lambda: b"PK\x03\x04", "docx", "damaged"),
        (lambda: bytes(read_file.MAX_BYTES + 1), "pdf", "too_large"),
    ],
)
def test_a_hostile_file_is_refused_with_a_reason(make, kind, problem):
    assert read_file.read(kind, make()) == {"problem": problem}


def test_read_text_is_limited_in_length_and_pages(monkeypatch):
    monkeypatch.setattr(read_file, "MAX_CHARACTERS", 10)
    assert read_file.read("pdf", pdf("satu dua tiga", "empat"))["text"] == "satu dua t"
    monkeypatch.setattr(read_file, "MAX_CHARACTERS", 1000)
    monkeypatch.setattr(read_file, "MAX_PAGES", 2)
    assert read_file.read("pdf", pdf("satu", "dua", "tiga")) == {"text": "satu\fdua", "pages": 2}


def test_slow_or_crashing_files_are_marked_unreadable(client, upload, monkeypatch, caplog):
    """They are still found by their title, and are not read again."""
    monkeypatch.setattr(extract, "TIMEOUT", 0.01)
    upload("Lambat", pdf("irigasi"))
    monkeypatch.setattr(extract, "TIMEOUT", 60)
    monkeypatch.setattr(extract.sys, "executable", "/bin/false")
    upload("Mematikan", pdf("irigasi"), "lain.pdf")

    assert list(DocumentText.objects.order_by("pk").values_list("problem", flat=True)) == ["too_long", "too_large"]
    assert titles(search(client, "lambat")) == ["Lambat"]
    assert extract.documents_to_read() == []
    assert "can't be read (too_long)" in caplog.text


def test_the_reading_process_has_limits(tmp_path):
    """It can neither allocate a gigabyte nor write files; without limit() it can do both."""
    attempts = ["bytearray(1 << 30)", f"open({str(tmp_path / 'x')!r}, 'w').write('x' * 100_000)"]
    for attempt in attempts:
        for call, ends_with in (("limit()", 1), ("", 0)):
            lines = [
                "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)",
                "from knowledge_hub.search.files.read_file import limit",
                call,
                attempt,
            ]
            done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, check=False)
            assert done.returncode == ends_with, (call, attempt, done.stderr)


def test_a_rebuild_indexes_document_texts(client, upload, django_assert_max_num_queries):
    from knowledge_hub.search.repair import rebuild

    upload("Satu", pdf("irigasi"))
    upload("Dua", pdf("irigasi"), "dua.pdf")
    with django_assert_max_num_queries(12):
        rebuild(get_search_backend().get_index_for_model(CustomDocument))

    assert sorted(titles(search(client, "irigasi"))) == ["Dua", "Satu"]
