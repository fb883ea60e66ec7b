"""The steps of the booking form explain errors, keep typed values, and refuse invalid requests."""

import pytest
from django.urls import reverse

from knowledge_hub.core.rate_limits import Budget
from tests.factories import ProgrammeFactory, RegionFactory, SlotFactory
from tests.visits.public.pages import Guest, step_url
from visits.domain import booking, budgets
from visits.enums import ExceptionEffect, MessageKind
from visits.mail import messages
from visits.models import CalendarException, Programme, Visit

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
def test_invalid_group_answers_are_explained_and_kept(guest, changes, field):
    response = guest.group(**changes)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "Komisi Contoh DPRD" in response.content.decode() or field == "organisation"
    assert f'href="#id_{field}"' in response.content.decode()


def test_other_spellings_of_a_region_are_accepted(guest):
    assert guest.group(region="kab. contoh raya").status_code == 302
    assert guest.group(region="Contohraya").status_code == 302


def test_an_ambiguous_region_gets_suggestions(guest):
    RegionFactory(name="Kota Contoh Raya")
    response = guest.group(region="Contoh Raya")

    assert response.status_code == 422
    assert response.context["form"].suggestions == ["Kabupaten Contoh Raya, Provinsi Contoh", "Kota Contoh Raya, Provinsi Contoh"]
    assert guest.group(region=["Contoh Raya", "Kota Contoh Raya, Provinsi Contoh"]).status_code == 302, "the button of a suggestion"


def test_a_misspelt_region_gets_suggestions(guest):
    assert guest.group(region="Kab. Contoh Rya").context["form"].suggestions[0] == "Kabupaten Contoh Raya, Provinsi Contoh"


def test_only_offered_languages_are_accepted(guest, client):
    Programme.objects.update(languages=("id",))

    refused = guest.group(spoken_language="en")

    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["spoken_language"]
    assert "Indonesia" in refused.context["form"].errors["spoken_language"][0]
    assert guest.group(spoken_language="id").status_code == 302


def test_the_chosen_language_is_shown_and_mailed(guest, client):
    guest.fill(group={"spoken_language": "en"})
    assert "Bahasa Inggris" in client.get(step_url("check")).content.decode()

    sent = guest.send()

    visit = Visit.objects.get()
    assert visit.spoken_language == "en"
    assert "Bahasa Inggris" in client.get(sent["Location"]).content.decode()
    booking.confirm(visit)
    # The guest and the staff who prepare the visit must know the language.
    said = {MessageKind(mail.kind): messages.render(mail).body for mail in visit.messages.all()}
    assert set(said) >= {MessageKind.CONFIRM, MessageKind.RECEIPT}
    assert [kind for kind, body in said.items() if "Bahasa kunjungan: Bahasa Inggris" not in body] == []


def test_the_default_language_is_an_offered_one(guest):
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


def test_going_back_shows_every_answer(guest, client):
    guest.fill()

    assert 'value="Komisi Contoh DPRD"' in client.get(step_url("group")).content.decode()
    assert "Belajar layanan perizinan" in client.get(step_url("purpose")).content.decode()
    assert "surat.pdf" in client.get(step_url("purpose")).content.decode()
    assert 'value="narahubung@contoh.invalid"' in client.get(step_url("contact")).content.decode()


def test_impossible_topic_numbers_are_invalid_choices(guest):
    guest.group()
    guest.date()

    refused = guest.purpose(topics="9" * 400, case_studies="9" * 400)

    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"topics", "case_studies"}


def test_error_summaries_are_readable_sentences(guest):
    guest.group()
    guest.date()
    guest.purpose()

    words = " ".join(guest.contact(has_informed="", contact_name="").content.decode().split())

    assert ">Nama narahubung: Isi nama narahubung.</a>" in words
    assert ">Mohon nyatakan bahwa anggota rombongan telah mengetahuinya.</a>" in words
    assert ">Berapa orang yang akan datang? Isi" in guest.group(group_size="").content.decode()


def test_changing_an_answer_returns_to_the_check(guest):
    guest.fill()

    assert guest.group(organisation="Dinas Contoh")["Location"] == step_url("check")
    assert guest.group(group_size=20)["Location"] == step_url("date"), "another group size needs another check of the seats"


def test_dates_show_free_days_and_closing_reasons(guest, client):
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
def test_invalid_months_show_the_calendar(guest, client, query):
    guest.group()

    assert client.get(step_url("date"), query).status_code == 200


def test_only_free_sessions_can_be_chosen(guest):
    guest.group()

    assert guest.date(slot="").status_code == 422
    assert guest.date(slot=SlotFactory().pk).status_code == 409
    assert guest.date(slot="1 OR 1=1").status_code == 422
    too_soon = SlotFactory(programme=guest.slot.programme, days_ahead=2)
    assert guest.date(slot=too_soon.pk).status_code == 409


def test_guests_see_their_own_time_zone(client, slot):
    guest = Guest(client, slot, RegionFactory(name="Kabupaten Timur", zone="WIT"))
    guest.group()

    page = client.get(step_url("date"), {"date": f"{slot.starts_at:%Y-%m-%d}"}).content.decode()

    assert "09.00–11.30 WIB (11.00–13.30 WIT)" in page


def test_an_online_session_needs_no_letter(client):
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
def test_an_invalid_contact_is_explained(guest, changes, field):
    guest.group()
    guest.date()
    guest.purpose()

    response = guest.contact(**changes)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_the_hidden_field_stops_robots(guest, client):
    guest.fill()

    assert guest.send(website="https://contoh.invalid").status_code == 422
    assert Visit.objects.count() == 0
    assert guest.send()["Location"] == reverse("visits:sent")


def test_requests_of_one_network_are_limited(guest, monkeypatch):
    monkeypatch.setattr(budgets, "BOOKING", Budget("booking", per_address=-1))
    guest.fill()

    response = guest.send()

    assert response.status_code == 429
    assert "Komisi Contoh DPRD" in response.content.decode()
    assert Visit.objects.count() == 0


def test_a_second_request_with_one_letter_is_refused(guest, client):
    guest.fill()
    guest.send()
    guest.fill()

    response = guest.send()

    assert response.status_code == 409
    assert Visit.objects.count() == 1


def test_a_withdrawn_programme_returns_to_first_step(guest, client):
    guest.fill()
    guest.slot.programme.active = False
    guest.slot.programme.save()

    assert client.get(step_url("check"))["Location"] == step_url("group")
    assert guest.send()["Location"] == step_url("group")
    assert 'value="Komisi Contoh DPRD"' in client.get(step_url("group")).content.decode()


def test_a_changed_rule_returns_to_its_step(guest, client):
    guest.fill()
    guest.slot.programme.min_persons = 20
    guest.slot.programme.save()

    response = guest.send()

    assert response["Location"] == step_url("group")
    assert Visit.objects.count() == 0


def test_the_programme_of_a_card_is_preselected(client, slot):
    other = SlotFactory().programme
    client.get(reverse("visits:book"), {"programme": other.pk, "case": "x"})

    page = client.get(step_url("group")).content.decode()

    [checked] = [tag for tag in page.split("<input")[1:] if "checked" in tag.split(">")[0]]
    assert f'value="{other.pk}"' in checked


def test_starting_again_deletes_the_answers(guest, client):
    guest.fill()
    client.post(reverse("visits:book"))

    assert "Komisi Contoh DPRD" not in client.get(step_url("group")).content.decode()
