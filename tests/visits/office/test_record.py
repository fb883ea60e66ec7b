"""The record of a visit: souvenirs, minutes, questions and photos."""

from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from tests.factories import GiftFactory, VisitFactory
from visits.domain import gifts
from visits.models import Gift, Minutes, Question, VisitPhoto

pytestmark = pytest.mark.django_db


def url(name, visit):
    return reverse(f"visits_staff:{name}", args=[visit.pk])


def rows(prefix, *typed, initial=0):
    data = {f"{prefix}-TOTAL_FORMS": len(typed), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(typed):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def photo():
    content = BytesIO()
    picture = Image.new("RGB", (2400, 1200), "red")
    picture.save(content, "JPEG", exif=picture.getexif())
    content.seek(0)
    content.name = "foto.jpg"
    return content


def test_an_auditor_changes_nothing(auditor):
    visit = VisitFactory(approved=True)
    for name in ("agenda", "gifts", "minutes", "photos"):
        assert auditor.get(url(name, visit)).context["is_read_only"]
        assert auditor.post(url(name, visit)).status_code in (302, 405)


@pytest.mark.parametrize(
    ("value", "to_institution", "marked"), [(499_999, True, False), (500_000, True, True), (None, True, False), (None, False, True)]
)
def test_souvenirs_above_the_threshold_need_review(value, to_institution, marked):
    assert gifts.needs_review(Gift(estimated_value=value, to_institution=to_institution), 500_000) is marked


def test_photos_of_souvenirs_lose_their_metadata(officer):
    visit = VisitFactory(approved=True)
    typed = {
        "given_by_host": "False",
        "item": "Ulos",
        "giver": "Ketua Komisi B",
        "receiver": "Sekretaris Daerah",
        "estimated_value": 750_000,
        "photo": photo(),
    }

    officer.post(url("gifts", visit), rows("gifts", typed))

    gift = Gift.objects.get()
    assert (gift.given_by_host, gift.needs_review) == (False, True)
    with gift.photo.open() as file, Image.open(file) as picture:
        assert (picture.width, dict(picture.getexif())) == (1600, {})
    shown = officer.get(url("gifts", visit)).context["formset"].forms[0].file_url
    assert b"".join(officer.get(shown).streaming_content).startswith(b"\xff\xd8")
    elsewhere = reverse("visits_staff:photo", args=[VisitFactory().pk, "gift", gift.pk])
    assert officer.get(elsewhere).status_code == 404
    assert "perlu ditelaah UPG" in officer.get(url("inspect", visit)).content.decode()


def test_removing_a_photo_deletes_its_file(officer, django_capture_on_commit_callbacks):
    visit = VisitFactory(approved=True)
    officer.post(url("photos", visit), rows("photos", {"picture": photo(), "caption": "Foto bersama", "consent": "on"}))
    kept = VisitPhoto.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        officer.post(url("photos", visit), rows("photos", {"id": kept.pk, "caption": "Foto bersama", "DELETE": "on"}, initial=1))

    assert not VisitPhoto.objects.exists()
    assert not kept.picture.storage.exists(kept.picture.name)


def test_an_invalid_photo_is_refused(officer):
    file = BytesIO(b"GIF89a")
    file.name = "foto.jpg"

    page = officer.post(url("photos", VisitFactory(approved=True)), rows("photos", {"picture": file, "caption": "Foto bersama"}))

    assert page.context["formset"].forms[0].errors["picture"]
    assert not VisitPhoto.objects.exists()


def test_minutes_and_questions_are_saved_together(officer):
    visit = VisitFactory(completed=True)
    question = rows("questions", {"question": "Berapa biayanya?", "answer": ""})

    officer.post(url("minutes", visit), {**question, "note_taker": "Notulis"})
    assert not Minutes.objects.exists()
    assert not Question.objects.exists()

    officer.post(url("minutes", visit), {**question, "note_taker": "Notulis", "discussion": "Paparan."})
    assert Minutes.objects.get().discussion == "Paparan."
    assert Question.objects.get().question == "Berapa biayanya?"


def test_questions_alone_need_no_minutes(officer):
    officer.post(url("minutes", VisitFactory(completed=True)), rows("questions", {"question": "Berapa biayanya?"}))

    assert Question.objects.exists()
    assert not Minutes.objects.exists()


def test_the_souvenir_page_needs_few_queries(officer, django_assert_max_num_queries):
    visit = VisitFactory(completed=True)
    for _ in range(20):
        GiftFactory(visit=visit)
    officer.get(url("gifts", visit))

    with django_assert_max_num_queries(16):
        officer.get(url("gifts", visit))
