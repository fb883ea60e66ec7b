"""Requests that staff enter for guests who wrote or phoned."""

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import ProgrammeFactory, RegionFactory, SlotFactory, VisitFactory
from tests.visits.public.pages import pdf
from visits.enums import MessageKind, VisitSource, VisitStatus
from visits.models import Visit, VisitSlot, WaitlistEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return ProgrammeFactory(letter_required=False, max_per_day=9, max_per_week=40)


@pytest.fixture
def region():
    return RegionFactory(name="Kabupaten Contoh Raya", aliases="Contohraya")


def address(programme, slot=None, *, persons=10, more=""):
    return reverse("visits_staff:on_behalf") + f"?programme={programme.pk}&persons={persons}" + (f"&slot={slot.pk}" if slot else "") + more


def entered(slot=None, **changes):
    form = {
        "submission_key": uuid.uuid4(),
        "group_size": 10,
        "organisation": "Dinas Contoh",
        "organisation_kind": "local_government",
        "region": "contohraya",
        "purpose": "Belajar",
        "language": "id",
        "contact_name": "Narahubung Contoh",
        "contact_email": "narahubung@contoh.invalid",
    }
    return {**form, **({"slot": slot.pk} if slot else {}), **changes}


def test_staff_enter_a_request_step_by_step(officer, programme, region):
    slot = SlotFactory(programme=programme)

    assert officer.get(reverse("visits_staff:on_behalf")).status_code == 200
    assert officer.get(address(programme)).context["month"].nearest == [slot]
    page = officer.get(address(programme, slot))
    assert page.context["form"]["slot"].value() == slot.pk
    officer.post(address(programme, slot), entered(slot))

    visit = Visit.objects.get()
    assert (visit.status, visit.source, visit.slot, visit.region) == (VisitStatus.SUBMITTED, VisitSource.STAFF, slot, region)
    assert visit.reference
    assert list(visit.messages.values_list("kind", flat=True)) == [MessageKind.NEW_REQUEST, MessageKind.RECEIPT]


def test_choosing_another_session_keeps_typed_values(officer, programme, region):
    slot, other = SlotFactory(programme=programme), SlotFactory(programme=programme, days_ahead=44)
    form = entered(slot, group_size=12, purpose='Belajar "satu data"', contact_email="belum lengkap@")

    sessions = officer.post(address(programme, slot), {**form, "sessions": "1"})
    listed = officer.get(sessions["Location"])
    assert listed.context["wish"].cleaned_data["persons"] == 12
    again = officer.get(f"{reverse('visits_staff:on_behalf')}?{listed.context['query']}slot={other.pk}").context["form"]

    assert {name: again[name].value() for name in form} == {
        **form,
        "submission_key": str(form["submission_key"]),
        "slot": other.pk,
    }
    assert officer.get(address(programme, other)).context["form"]["purpose"].value() is None, "the next guest's form is empty"
    assert not Visit.objects.exists()


def test_a_double_click_enters_one_request(officer, programme, region):
    slot = SlotFactory(programme=programme)
    form = entered(slot)

    answers = [officer.post(address(programme, slot), form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Visit.objects.count() == 1
    assert VisitSlot.objects.get().used_persons == 10


def test_errors_keep_typed_values_and_suggest_regions(officer, programme):
    RegionFactory(name="Kabupaten Serupa Utara")
    RegionFactory(name="Kabupaten Serupa Selatan")
    slot = SlotFactory(programme=programme)

    answer = officer.post(address(programme, slot), entered(slot, region="Serupa", contact_email="", purpose="Belajar data"))

    form = answer.context["form"]
    assert len(form.suggestions) == 2
    assert form.errors["contact_phone"]
    assert form["purpose"].value() == "Belajar data"
    assert not Visit.objects.exists()


def test_a_failed_rule_is_overridden_with_a_reason(officer, programme, region):
    soon = SlotFactory(programme=programme, days_ahead=2)

    refused = officer.post(address(programme, soon), entered(soon, purpose="Mendesak"))
    assert refused.context["asks_for_override"]
    assert refused.context["form"]["purpose"].value() == "Mendesak"
    assert not Visit.objects.exists()
    officer.post(address(programme, soon), entered(soon, override_reason="Disetujui Sekda lewat telepon"))

    assert Visit.objects.get().slot == soon


def test_a_full_session_offers_other_sessions(officer, programme, region):
    slot, other = SlotFactory(programme=programme), SlotFactory(programme=programme, days_ahead=42)
    VisitFactory(slot=slot, group_size=55, submitted=True)

    answer = officer.post(address(programme, slot), entered(slot))

    assert not answer.context["asks_for_override"]
    assert answer.context["form"].non_field_errors()
    assert {choice[0] for choice in answer.context["form"].fields["slot"].choices} == {slot.pk, other.pk}
    officer.post(address(programme, slot), entered(other))
    assert Visit.objects.get(organisation="Dinas Contoh").slot == other


def test_only_valid_letters_are_stored(officer, programme, region):
    slot = SlotFactory(programme=programme)
    letter = {"letter_number": "005/1/CONTOH", "letter_date": dt.date.today().isoformat()}

    wrong = officer.post(address(programme, slot), entered(slot, **letter, letter_file=SimpleUploadedFile("surat.pdf", b"MZ bukan")))
    assert wrong.context["form"].errors["letter_file"]
    officer.post(address(programme, slot), entered(slot, **letter, letter_file=SimpleUploadedFile("surat.pdf", pdf().read())))

    assert Visit.objects.get().letters.get().number == "005/1/CONTOH"


def test_staff_can_add_waiting_guests(officer, programme, region):
    SlotFactory(programme=programme, used_persons=60)
    today = dt.date.today()
    period = {"from_date": (today + dt.timedelta(days=20)).isoformat(), "until_date": (today + dt.timedelta(days=60)).isoformat()}

    assert "wait=on" in officer.get(address(programme)).content.decode()
    officer.post(address(programme, more="&wait=on"), entered(**period))

    assert Visit.objects.get().slot is None
    assert WaitlistEntry.objects.get().is_open


def test_entering_requests_needs_the_permission(officer, auditor, receptionist, programme, region):
    slot = SlotFactory(programme=programme)
    for browser in (auditor, receptionist):
        assert browser.get(address(programme, slot)).status_code == 302
        assert browser.post(address(programme, slot), entered(slot)).status_code == 302
    for query in ("?programme=abc", "?programme=1&persons=-4", "?programme=999&persons=10", "?slot=5"):
        assert officer.get(reverse("visits_staff:on_behalf") + query).status_code == 200
        assert officer.post(reverse("visits_staff:on_behalf") + query, entered(slot)).status_code == 302
    assert not Visit.objects.exists()
