"""Wording of mails: staff change it, see it on a real visit, and return to the usual one; braces reach nothing but their names."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from knowledge_hub.models import User
from tests.factories import InvitationFactory, VisitFactory
from visits.domain import outbox
from visits.domain.errors import Refused
from visits.enums import MessageKind
from visits.mail import wording
from visits.mail.kinds import MAIL_TEMPLATES
from visits.mail.messages import render
from visits.mail.placeholders import PLACEHOLDERS, names_in
from visits.mail.wording import Key, Wording
from visits.models import MailWording

pytestmark = pytest.mark.django_db
KEY = Key(MessageKind.INVITATION, "", "id")
EDIT = ["id", "invitation"]


@pytest.fixture
def visit():
    return VisitFactory(approved=True, contact_name="Narahubung Contoh")


def page(client, **query):
    return client.get(reverse("visits_wording:edit", args=EDIT), query)


def save(client, text, *, subject="{reference}: undangan", seen=0, **more):
    return client.post(reverse("visits_wording:edit", args=EDIT), {"subject": subject, "text": text, "seen": seen, **more}, follow=True)


def preview(client, text, example="", subject="{reference}"):
    url = reverse("visits_wording:preview", args=EDIT)
    return client.post(url, {"subject": subject, "text": text, "seen": 0, "example": example})


def test_every_usual_wording_passes_its_own_check():
    for language in ("id", "en"):
        for key in wording.keys(language):
            usual = wording.usual(key)
            wording.check(key, usual)
            assert usual.text, key
    # A placeholder that no mail offers, or a mail that offers an unknown one, was forgotten somewhere.
    assert {name for template in MAIL_TEMPLATES.values() for name in template.offers} == set(PLACEHOLDERS)


def test_languages_name_the_same_values():
    for key in wording.keys("en"):
        english, indonesian = wording.usual(key), wording.usual(Key(key.kind, key.variant, "id"))
        assert sorted(names_in(english.text)) == sorted(names_in(indonesian.text)), key
        assert english != indonesian, key


def test_mails_have_the_wording_that_staff_saved(officer, visit):
    answer = save(officer, "Halo {contact_name},\r\n\r\nCatatan: {note}\r\n{status_link}\r\n", subject="Undangan  {reference}")
    assert "Tersimpan" in answer.text

    mail = render(outbox.queue(visit, MessageKind.INVITATION, note=""))
    assert mail.subject == f"Undangan {visit.reference}"
    assert mail.body.startswith("Halo Narahubung Contoh,\n\nhttp"), "the line of an empty note is left out"
    assert visit.reference in render(outbox.queue(visit, MessageKind.MOVED)).subject


def test_a_waiting_mail_keeps_its_wording(officer, visit):
    waiting = outbox.queue(visit, MessageKind.INVITATION)
    before = render(waiting).body

    save(officer, "Baru {note} {status_link}")

    waiting.refresh_from_db()
    assert render(waiting).body == before


def test_the_usual_wording_is_one_click_away(officer, visit):
    usual = wording.usual(KEY)
    save(officer, "Baru {note} {status_link}")
    assert wording.current(KEY).text == "Baru {note} {status_link}"

    officer.post(reverse("visits_wording:usual", args=EDIT), {"seen": 1, "text": "was typed but not meant"})

    assert wording.current(KEY) == usual
    assert "Baru {note} {status_link}" in page(officer, version=1).text, "the earlier version can be taken again"
    assert [row.version for row in wording.versions(KEY)] == [2, 1]
    save(officer, usual.text, subject=usual.subject, seen=2)
    assert MailWording.objects.count() == 2, "saving what holds already adds no version"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{note} {status_link} {visit.contact_email}", "kurung kurawal tanpa pasangan"),
        ("{note} {status_link} {__class__}", "{__class__}"),
        ("{note} {status_link} {kontak}", "{kontak}"),
        ("{note} {status_link} {speaker_link}", "{speaker_link}"),
        ("{note} {status_link} {", "kurung kurawal tanpa pasangan"),
        ("{note} tanpa tautan", "{status_link}"),
        ("{status_link} tanpa catatan", "{note}"),
        ("", "wajib diisi"),
    ],
    ids=["attribute", "dunder", "unknown", "of-another-mail", "brace", "no-link", "no-note", "empty"],
)
def test_an_impossible_wording_is_refused_and_stays(officer, text, told):
    for answer in (save(officer, text), preview(officer, text)):
        assert told in answer.text
    assert "{reference}: undangan" in save(officer, text).text
    assert not MailWording.objects.exists()


def test_a_subject_holds_no_link(officer):
    assert "{status_link}" in save(officer, "{note} {status_link}", subject="{status_link}").context["form"].errors["subject"][0]


def test_values_with_braces_stay_words(visit):
    visit.contact_name = "{status_link} {{ visit }} %s"
    visit.save()
    mail = outbox.queue(visit, MessageKind.INVITATION, note="{contact_name}")

    assert "{status_link} {{ visit }} %s" in mail.text
    assert "\n{contact_name}\n" in mail.text


def test_two_officers_do_not_overwrite_each_other(officer):
    save(officer, "Satu {note} {status_link}")

    answer = save(officer, "Dua {note} {status_link}")

    assert "diubah orang lain" in answer.text
    assert "Dua {note} {status_link}" in answer.text, "what was typed stays"
    assert wording.current(KEY).text == "Satu {note} {status_link}"
    assert answer.context["form"]["seen"].value() == "1"
    save(officer, "Dua {note} {status_link}", seen=1)
    assert wording.current(KEY).text == "Dua {note} {status_link}"
    with pytest.raises(Refused):
        wording.change(KEY, None, seen=1, by=User.objects.first())
    with pytest.raises(ValidationError):
        wording.change(KEY, Wording("-", "-"), seen=2, by=User.objects.first())


def test_a_preview_shows_a_real_visit_without_its_link(officer, visit):
    shown = preview(officer, "Halo {contact_name}, {organisation}\n\n{note}\n\n{status_link}", f"visit-{visit.pk}")
    assert "Halo Narahubung Contoh" in shown.text
    assert "[tautan rahasia]" in shown.text
    assert "/kunjungan/status/" not in shown.text
    assert not visit.messages.exists()

    labels = preview(officer, "Halo {contact_name}, {note} {status_link}")
    assert "Halo [nama narahubung]" in labels.text


def test_a_preview_shows_an_earlier_mail_to_a_speaker(officer, visit):
    invitation = InvitationFactory(item__visit=visit)
    mail = outbox.queue_about(visit, MessageKind.SPEAKER_REMINDER, invitation.pk, recipient=invitation.email)
    url = reverse("visits_wording:preview", args=["id", "speaker_reminder"])
    typed = {"subject": "x", "text": "{speaker_name} {note} {speaker_facts} {speaker_link}", "seen": 0, "example": f"mail-{mail.pk}"}

    assert invitation.speaker.name in officer.post(url, typed).text


def test_addresses_of_no_mail_are_not_found(officer):
    for language, slug in (("id", "nothing"), ("xx", "invitation"), ("en", "new_request"), ("id", "cancelled.nobody")):
        assert officer.get(reverse("visits_wording:edit", args=[language, slug])).status_code == 404
