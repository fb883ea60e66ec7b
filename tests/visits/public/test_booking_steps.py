"""Every step says what is wrong in words, keeps what was typed, and never lets an impossible request through."""

from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from knowledge_hub import capped_uploads
from tests.factories import ProgrammeFactory, RegionFactory, SlotFactory
from tests.visits.public.pages import Guest, pdf, step_url
from visits.domain import booking
from visits.enums import ExceptionEffect, MessageKind
from visits.mail import messages
from visits.models import CalendarException, Programme, Visit
from visits.public import booking_views, uploads

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"group_size": "4"}, "group_size"),
        ({"group_size": "41"}, "group_size"),
        ({"group_size": "dua belas"}, "group_size"),
        ({"group_size": ""}, "group_size"),
        ({"organisation": "Menang hadiah di https://jahat.invalid"}, "organisation"),
        ({"organisation": ""}, "organisation"),
        ({"organisation_kind": "kerajaan"}, "organisation_kind"),
        ({"programme": "0"}, "programme"),
        ({"region": ""}, "region"),
        ({"region": "Atlantis"}, "region"),
    ],
)
def test_a_wrong_answer_about_the_group_is_explained_and_stays_in_the_field(guest, changes, field):
    response = guest.group(**changes)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "Komisi Contoh DPRD" in response.content.decode() or field == "organisation"
    assert f'href="#id_{field}"' in response.content.decode()


def test_another_spelling_of_a_region_is_understood(guest):
    assert guest.group(region="kab. contoh raya").status_code == 302
    assert guest.group(region="Contohraya").status_code == 302


def test_an_unclear_region_offers_what_may_be_meant(guest):
    RegionFactory(name="Kota Contoh Raya")
    response = guest.group(region="Contoh Raya")

    assert response.status_code == 422
    assert response.context["form"].suggestions == ["Kabupaten Contoh Raya, Provinsi Contoh", "Kota Contoh Raya, Provinsi Contoh"]
    assert guest.group(region=["Contoh Raya", "Kota Contoh Raya, Provinsi Contoh"]).status_code == 302, "a suggestion is a button"


def test_a_misspelt_region_offers_similar_ones(guest):
    assert guest.group(region="Kab. Contoh Rya").context["form"].suggestions[0] == "Kabupaten Contoh Raya, Provinsi Contoh"


def test_the_language_of_the_visit_is_one_that_the_programme_offers(guest, client):
    Programme.objects.update(languages=("id",))

    refused = guest.group(spoken_language="en")

    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["spoken_language"]
    assert "Indonesia" in refused.context["form"].errors["spoken_language"][0]
    assert guest.group(spoken_language="id").status_code == 302


def test_the_chosen_language_is_shown_before_and_after_sending(guest, client):
    guest.fill(group={"spoken_language": "en"})
    assert "Bahasa Inggris" in client.get(step_url("check")).content.decode()

    sent = guest.send()

    visit = Visit.objects.get()
    assert visit.spoken_language == "en"
    assert "Bahasa Inggris" in client.get(sent["Location"]).content.decode()
    booking.confirm(visit)
    # Whoever prepares the visit must know it, the guest and the staff alike.
    said = {MessageKind(mail.kind): messages.render(mail).body for mail in visit.messages.all()}
    assert set(said) >= {MessageKind.CONFIRM, MessageKind.RECEIPT}
    assert [kind for kind, body in said.items() if "Bahasa kunjungan: Bahasa Inggris" not in body] == []


def test_who_names_no_language_is_received_in_one_that_is_offered(guest):
    Programme.objects.update(languages=("en",))
    guest.fill()
    guest.send()

    assert Visit.objects.get().spoken_language == "en"


def test_guests_from_abroad_need_no_region(guest):
    assert guest.group(region="", organisation_kind="foreign").status_code == 302


def test_a_step_cannot_be_skipped(guest, client):
    assert client.get(step_url("check"))["Location"] == step_url("group")
    guest.group()
    assert client.get(step_url("contact"))["Location"] == step_url("date")


def test_going_back_shows_every_answer_again(guest, client):
    guest.fill()

    assert 'value="Komisi Contoh DPRD"' in client.get(step_url("group")).content.decode()
    assert "Belajar layanan perizinan" in client.get(step_url("purpose")).content.decode()
    assert "surat.pdf" in client.get(step_url("purpose")).content.decode()
    assert 'value="narahubung@contoh.invalid"' in client.get(step_url("contact")).content.decode()


class TestLeaving:
    """However a step is left, what was typed there is found again, and is no answer before it is sent."""

    @pytest.mark.parametrize("how", ["back", "keep", "save"])
    def test_what_was_typed_in_a_step_is_shown_again(self, guest, client, how):
        guest.group()
        guest.date()

        left = guest.purpose(**{how: "1"}, purpose="Belajar <satu> data", letter_number="", letter_file=None)

        places = {"back": step_url("alternatives"), "keep": None, "save": reverse("visits:save_draft")}
        assert left.get("Location") == places[how]
        assert client.get(step_url("purpose")).context["form"]["purpose"].value() == "Belajar <satu> data"
        assert client.get(step_url("check"))["Location"] == step_url("purpose")

    def test_a_change_that_was_not_sent_is_no_answer(self, guest, client):
        guest.fill()

        guest.purpose(back="1", purpose="Lain")

        assert client.get(step_url("purpose")).context["form"]["purpose"].value() == "Lain"
        guest.send()
        assert Visit.objects.get().purpose == "Belajar layanan perizinan"

    @pytest.mark.parametrize(
        "changes",
        [{"group_size": "1e9"}, {"group_size": "9" * 5000}, {"group_size": "dua"}, {"programme": "abc"}, {"programme": "9" * 40}],
    )
    def test_a_wrong_answer_that_was_saved_for_later_is_put_right_later(self, guest, client, changes):
        guest.fill()

        assert guest.group(save="1", **changes).status_code == 302

        assert client.get(reverse("visits:book"))["Location"] == step_url("group")
        assert client.get(step_url("date"))["Location"] == step_url("group")
        form = client.get(step_url("group")).context["form"]
        assert {name: form[name].value() for name in changes} == changes
        assert guest.group()["Location"] == step_url("date"), "the size was unknown meanwhile: the seats are looked at again"

    def test_another_programme_that_was_saved_for_later_asks_for_another_session(self, guest, client):
        guest.fill()
        guest.group(save="1", programme=ProgrammeFactory().pk)

        assert client.get(step_url("check"))["Location"] == step_url("date")

    def test_a_size_with_a_decimal_point_is_a_number(self, guest, client):
        guest.fill(group={"group_size": "12.0"})

        assert client.get(step_url("date")).status_code == 200
        guest.send()
        assert Visit.objects.get().group_size == 12

    def test_the_purpose_is_kept_when_the_programme_is_withdrawn_meanwhile(self, guest, client):
        guest.group()
        guest.date()
        Programme.objects.update(active=False)

        assert guest.purpose()["Location"] == step_url("group")

        Programme.objects.update(active=True)
        assert client.get(step_url("purpose")).context["form"]["purpose"].value() == "Belajar layanan perizinan"


def test_a_number_that_no_topic_can_have_is_a_wrong_choice(guest):
    guest.group()
    guest.date()

    refused = guest.purpose(topics="9" * 400, case_studies="9" * 400)

    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"topics", "case_studies"}


def test_an_error_after_a_question_or_a_sentence_reads_well(guest):
    guest.group()
    guest.date()
    guest.purpose()

    words = " ".join(guest.contact(has_informed="", contact_name="").content.decode().split())

    assert ">Nama narahubung: Isi nama narahubung.</a>" in words
    assert ">Mohon nyatakan bahwa anggota rombongan telah mengetahuinya.</a>" in words
    assert ">Berapa orang yang akan datang? Isi" in guest.group(group_size="").content.decode()


def test_changing_one_answer_leads_back_to_the_check(guest):
    guest.fill()

    assert guest.group(organisation="Dinas Contoh")["Location"] == step_url("check")
    assert guest.group(group_size=20)["Location"] == step_url("date"), "another size needs another look at the seats"


def test_dates_show_what_is_free_and_say_why_a_day_is_closed(guest, client):
    closed = guest.slot.starts_at.date().replace(day=30)
    CalendarException.objects.create(date=closed, effect=ExceptionEffect.CLOSED, reason_id="Cuti bersama", reason_en="Collective leave")
    guest.group()

    page = client.get(step_url("date")).content.decode()

    assert "Cuti bersama" in page
    assert f"?date={guest.slot.starts_at:%Y-%m-%d}" in page
    assert "WIB" in client.get(step_url("date"), {"date": f"{guest.slot.starts_at:%Y-%m-%d}"}).content.decode()


@pytest.mark.parametrize(
    "query", [{"month": "9999-99"}, {"month": "0001-01"}, {"month": "9999-12"}, {"date": "besok"}, {"date": "1066-10-14"}]
)
def test_a_made_up_month_shows_the_calendar_all_the_same(guest, client, query):
    guest.group()

    assert client.get(step_url("date"), query).status_code == 200


def test_only_a_free_session_of_the_programme_can_be_chosen(guest):
    guest.group()

    assert guest.date(slot="").status_code == 422
    assert guest.date(slot=SlotFactory().pk).status_code == 409
    assert guest.date(slot="1 OR 1=1").status_code == 422
    too_soon = SlotFactory(programme=guest.slot.programme, days_ahead=2)
    assert guest.date(slot=too_soon.pk).status_code == 409


def test_a_guest_from_another_zone_sees_own_time_too(client, slot):
    guest = Guest(client, slot, RegionFactory(name="Kabupaten Timur", zone="WIT"))
    guest.group()

    page = client.get(step_url("date"), {"date": f"{slot.starts_at:%Y-%m-%d}"}).content.decode()

    assert "09.00–11.30 WIB (11.00–13.30 WIT)" in page


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
def test_a_letter_that_is_not_a_readable_pdf_is_refused(guest, file):
    guest.group()
    guest.date()

    response = guest.purpose(letter_file=file)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["letter_file"]


@pytest.mark.parametrize("options", [{"script": True}, {"password": "rahasia"}], ids=["script", "password"])
def test_a_letter_with_scripts_or_a_password_is_refused(guest, options):
    guest.group()
    guest.date()

    assert list(guest.purpose(letter_file=pdf(**options)).context["form"].errors) == ["letter_file"]


def test_a_letter_above_ten_megabytes_is_refused(guest):
    guest.group()
    guest.date()
    large = SimpleUploadedFile("surat.pdf", pdf().read() + b"0" * 10 * 1024 * 1024)

    assert "10 MB" in str(guest.purpose(letter_file=large).context["form"].errors["letter_file"])


def test_a_file_of_any_size_fills_no_disk_and_costs_nothing_that_was_typed(guest, monkeypatch):
    monkeypatch.setattr(capped_uploads, "LARGEST", 11 * 1024 * 1024)
    on_disk = []
    check = uploads.check_pdf

    def look(upload):
        on_disk.append(Path(upload.temporary_file_path()).stat().st_size)
        check(upload)

    monkeypatch.setattr(uploads, "check_pdf", look)
    guest.group()
    guest.date()

    response = guest.purpose(letter_file=SimpleUploadedFile("surat.pdf", b"%PDF-" + b"x" * 40 * 1024 * 1024))

    assert "10 MB" in response.context["form"].errors["letter_file"][0]
    assert response.context["form"]["purpose"].value() == "Belajar layanan perizinan"
    assert 10 * 1024 * 1024 < on_disk[0] < 12 * 1024 * 1024


def test_letters_of_one_network_are_limited(guest, client, monkeypatch):
    monkeypatch.setattr(booking_views, "LETTERS_PER_HOUR", 2)
    guest.group()
    guest.date()
    before = len(kept_letters())

    answers = [guest.purpose(purpose="") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert "letter_file" not in answers[1].context["form"].errors
    assert "letter_file" in answers[2].context["form"].errors
    assert len(kept_letters()) == before + 1, "a new letter takes the place of the one before"


def kept_letters() -> list[str]:
    """Letters of requests that were not sent yet."""
    return storages["private"].listdir(uploads.DRAFTS)[1] if storages["private"].exists(uploads.DRAFTS) else []


def test_a_good_letter_need_not_be_attached_again_after_an_error_elsewhere(guest, client):
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


def test_a_letter_is_not_written_tomorrow(guest):
    guest.group()
    guest.date()

    assert list(guest.purpose(letter_date="2026-11-25").context["form"].errors) == ["letter_date"]


def test_an_online_session_without_letter(client):
    slot = SlotFactory(programme=ProgrammeFactory(letter_required=False, is_online=True))
    guest = Guest(client, slot, RegionFactory())
    guest.fill(purpose={"letter_number": "", "letter_date": "", "letter_subject": "", "letter_signatory": "", "letter_file": None})

    assert guest.send()["Location"] == reverse("visits:sent")
    assert Visit.objects.get().letters.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contact_email": "bukan alamat"}, "contact_email"),
        ({"contact_name": ""}, "contact_name"),
        ({"contact_name": "www.jahat.invalid"}, "contact_name"),
        ({"contact_phone": "nol delapan"}, "contact_phone"),
        ({"has_informed": ""}, "has_informed"),
    ],
)
def test_a_wrong_contact_is_explained(guest, changes, field):
    guest.group()
    guest.date()
    guest.purpose()

    response = guest.contact(**changes)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_a_field_that_nobody_sees_stops_robots_but_loses_nothing(guest, client):
    guest.fill()

    assert guest.send(website="https://contoh.invalid").status_code == 422
    assert Visit.objects.count() == 0
    assert guest.send()["Location"] == reverse("visits:sent")


def test_too_many_requests_from_one_network_wait_and_keep_their_answers(guest, monkeypatch):
    monkeypatch.setattr("visits.public.booking_views.BOOKINGS_PER_HOUR", 0)
    guest.fill()

    response = guest.send()

    assert response.status_code == 429
    assert "Komisi Contoh DPRD" in response.content.decode()
    assert Visit.objects.count() == 0


def test_the_same_letter_twice_is_noticed_and_said(guest, client):
    guest.fill()
    guest.send()
    guest.fill()

    response = guest.send()

    assert response.status_code == 409
    assert Visit.objects.count() == 1


def test_a_programme_that_is_withdrawn_meanwhile_leads_back_to_the_choice(guest, client):
    guest.fill()
    guest.slot.programme.active = False
    guest.slot.programme.save()

    assert client.get(step_url("check"))["Location"] == step_url("group")
    assert guest.send()["Location"] == step_url("group")
    assert 'value="Komisi Contoh DPRD"' in client.get(step_url("group")).content.decode()


def test_a_rule_that_changed_meanwhile_leads_back_to_its_step(guest, client):
    guest.fill()
    guest.slot.programme.min_persons = 20
    guest.slot.programme.save()

    response = guest.send()

    assert response["Location"] == step_url("group")
    assert Visit.objects.count() == 0


def test_the_programme_of_a_card_is_chosen_beforehand(client, slot):
    other = SlotFactory().programme
    client.get(reverse("visits:book"), {"programme": other.pk, "case": "x"})

    page = client.get(step_url("group")).content.decode()

    [checked] = [tag for tag in page.split("<input")[1:] if "checked" in tag.split(">")[0]]
    assert f'value="{other.pk}"' in checked


def test_beginning_anew_forgets_the_answers(guest, client):
    guest.fill()
    client.post(reverse("visits:book"))

    assert "Komisi Contoh DPRD" not in client.get(step_url("group")).content.decode()
