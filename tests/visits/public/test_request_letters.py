"""The letter of a request: a readable PDF with number and date; an invalid one keeps the other values."""

from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from knowledge_hub.core import input_limits
from knowledge_hub.core.rate_limits import Budget
from tests.uploads import active_pdf, plain
from tests.visits.public.pages import pdf
from visits.booking_form import fields
from visits.domain import budgets, draft_letters
from visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("surat.pdf", b"bukan pdf"),
        SimpleUploadedFile("surat.pdf", b"%PDF-1.7\nrusak"),
        SimpleUploadedFile("surat.pdf", b""),
        SimpleUploadedFile("surat.docx", b"PK\x03\x04"),
    ],
    ids=["not a PDF", "damaged", "empty", "Word"],
)
def test_unreadable_letters_are_refused(guest, file):
    guest.group()
    guest.date()

    response = guest.purpose(letter_file=file)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["letter_file"]


def test_letters_with_a_password_are_refused(guest):
    guest.group()
    guest.date()

    assert list(guest.purpose(letter_file=pdf(password="rahasia")).context["form"].errors) == ["letter_file"]


def test_scripts_and_other_files_in_a_letter_are_not_stored(guest):
    guest.fill(purpose={"letter_file": SimpleUploadedFile("surat.pdf", active_pdf())})
    guest.send()

    with Visit.objects.get().letters.get().file.open() as file:
        stored = plain(file.read())
    assert not [word for word in (b"JavaScript", b"Launch", b"EmbeddedFile", b"XFA") if word in stored]


def test_letters_above_ten_megabytes_are_refused(guest):
    guest.group()
    guest.date()
    large = SimpleUploadedFile("surat.pdf", pdf().read() + b"0" * 10 * 1024 * 1024)

    assert "10 MB" in str(guest.purpose(letter_file=large).context["form"].errors["letter_file"])


def test_huge_uploads_are_cut_and_keep_typed_values(guest, monkeypatch):
    monkeypatch.setattr(input_limits, "LARGEST_UPLOAD", 11 * 1024 * 1024)
    on_disk = []
    check = fields.check_pdf

    def look(upload):
        on_disk.append(Path(upload.temporary_file_path()).stat().st_size)
        check(upload)

    monkeypatch.setattr(fields, "check_pdf", look)
    guest.group()
    guest.date()

    response = guest.purpose(letter_file=SimpleUploadedFile("surat.pdf", b"%PDF-" + b"x" * 40 * 1024 * 1024))

    assert "10 MB" in response.context["form"].errors["letter_file"][0]
    assert response.context["form"]["purpose"].value() == "Belajar layanan perizinan"
    assert 10 * 1024 * 1024 < on_disk[0] < 12 * 1024 * 1024


def test_letters_of_one_network_are_limited(guest, client, monkeypatch):
    monkeypatch.setattr(budgets, "DRAFT_LETTER", Budget("letter", per_address=2))
    guest.group()
    guest.date()
    before = len(kept_letters())

    answers = [guest.purpose(purpose="") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert "letter_file" not in answers[1].context["form"].errors
    assert "letter_file" in answers[2].context["form"].errors
    assert len(kept_letters()) == before + 1, "a new letter replaces the earlier one"


def kept_letters() -> list[str]:
    """The stored letters of requests that are not sent yet."""
    return storages["private"].listdir(draft_letters.FOLDER)[1] if storages["private"].exists(draft_letters.FOLDER) else []


def test_a_valid_letter_survives_other_errors(guest, client):
    guest.group()
    guest.date()

    response = guest.purpose(purpose="")
    assert response.status_code == 422
    assert "surat.pdf" in response.content.decode()
    assert guest.purpose(letter_file=None).status_code == 302
    guest.contact()
    assert guest.send()["Location"] == reverse("visits:sent")
    assert Visit.objects.get().letters.get().file_name == "surat.pdf"


@pytest.mark.parametrize("missing", ["letter_number", "letter_date"])
def test_number_and_date_of_the_letter_are_needed(guest, missing):
    guest.group()
    guest.date()

    assert list(guest.purpose(**{missing: ""}).context["form"].errors) == [missing]


def test_the_letter_date_is_not_in_the_future(guest):
    guest.group()
    guest.date()

    assert list(guest.purpose(letter_date="2026-11-25").context["form"].errors) == ["letter_date"]
