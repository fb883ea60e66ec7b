"""Public pages of programmes, dates, rules and notes: current data, and a constant number of queries."""

import datetime as dt

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Locale, Page, Site

from knowledge_hub.models import Region
from tests.factories import NeedFactory, ProgrammeFactory, RegionFactory, SlotFactory, VisitFactory
from tests.visits.public.pages import step_url
from visits.domain import draft_letters
from visits.domain.availability import materialise_slots
from visits.enums import ExceptionEffect, VisitSource, VisitStatus
from visits.models import CalendarException, Programme, Visit, VisitNoteIndexPage, VisitNotePage, WeeklyHours
from visits.queries import dates, regions
from visits.queries.sessions import month_of_sessions

pytestmark = pytest.mark.django_db

STAGES = 6
"""Number of queries that availability needs for one programme."""


@pytest.fixture
def year_of_slots():
    """Function that makes a programme with sessions on every weekday of a year."""

    def make(**changes):
        programme = ProgrammeFactory(horizon_days=365, **changes)
        for weekday in range(1, 6):
            WeeklyHours.objects.create(programme=programme, weekday=weekday, start=dt.time(9), end=dt.time(15))
        materialise_slots(programme, now=timezone.now())
        return programme

    return make


def queries_of(client, django_assert_max_num_queries, url, limit=60):
    with django_assert_max_num_queries(limit) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_programmes_page_needs_a_constant_number_of_queries(client, django_assert_max_num_queries, year_of_slots):
    client.get(reverse("visits:programmes"))
    SlotFactory()
    few = queries_of(client, django_assert_max_num_queries, reverse("visits:programmes"))
    Programme.objects.update(active=False)
    year_of_slots()
    assert queries_of(client, django_assert_max_num_queries, reverse("visits:programmes")) == few
    year_of_slots()

    assert queries_of(client, django_assert_max_num_queries, reverse("visits:programmes")) <= few + STAGES


def test_date_page_needs_a_constant_number_of_queries(guest, client, django_assert_max_num_queries, year_of_slots):
    guest.group()
    client.get(step_url("date"))
    few = queries_of(client, django_assert_max_num_queries, step_url("date"))
    programme = year_of_slots()
    for slot in programme.slots.all()[:20]:
        VisitFactory(slot=slot, submitted=True)
    guest.group(programme=programme.pk)
    client.get(step_url("date"))  # new regions emptied the cache of the menu

    assert queries_of(client, django_assert_max_num_queries, step_url("date")) == few


def test_a_card_names_the_first_bookable_session(client):
    programme = ProgrammeFactory(max_per_day=1)
    SlotFactory(programme=programme, days_ahead=2)
    full_day = SlotFactory(programme=programme, days_ahead=30)
    VisitFactory(slot=SlotFactory(programme=programme, starts_at=full_day.starts_at + dt.timedelta(hours=4)), submitted=True)
    first = SlotFactory(programme=programme, days_ahead=45)
    SlotFactory(programme=programme, days_ahead=46)

    [shown] = client.get(reverse("visits:programmes")).context["programmes"]

    assert full_day.free_persons >= programme.min_persons, "the day is full, although this session has seats"
    assert shown.first_slot == first


def test_the_rules_page_shows_current_data(client):
    programme = ProgrammeFactory(lead_working_days=9, answer_working_days=4)
    WeeklyHours.objects.create(programme=programme, weekday=2, start=dt.time(9), end=dt.time(11, 30))
    CalendarException.objects.create(
        date=dt.date(2027, 3, 10), effect=ExceptionEffect.CLOSED, reason_id="Idulfitri", reason_en="Eid", estimated=True
    )

    with translation.override("en"):
        url = reverse("visits:rules")
    page = " ".join(client.get(url).content.decode().split())

    assert "at least 9 working days ahead" in page
    assert "within 4 working days" in page
    assert "Tuesday, 09:00–11:30 WIB" in page
    assert "Wednesday, 10 March 2027" in page
    assert "Eid" in page
    assert "estimated" in page


@pytest.mark.parametrize(
    ("rule", "value", "words"),
    [
        ("name_en", "Evening visit", "Evening visit"),
        ("duration_minutes", 95, "95 minutes"),
        ("min_persons", 7, "7 to 40 people"),
        ("max_persons", 39, "5 to 39 people"),
        ("capacity_persons", 61, "61 seats per session"),
        ("buffer_minutes", 25, "25 minutes between sessions"),
        ("lead_working_days", 11, "at least 11 working days ahead"),
        ("horizon_days", 123, "Up to 123 days"),
        ("max_per_day", 3, "3 visits a day"),
        ("max_per_week", 8, "8 a week"),
        ("answer_working_days", 6, "within 6 working days"),
        ("letter_required", False, "Not needed."),
        ("letter_grace_working_days", 2, "follow within 2 working days"),
        ("waiting_list", False, "Waiting list</dt><dd>No."),
        ("languages", ("en",), "Languages</dt><dd>English</dd>"),
    ],
)
def test_changed_rules_are_shown_on_the_page(client, rule, value, words):
    programme = ProgrammeFactory()
    with translation.override("en"):
        url = reverse("visits:rules")
    assert words not in " ".join(client.get(url).content.decode().split())

    Programme.objects.filter(pk=programme.pk).update(**{rule: value})

    assert words in " ".join(client.get(url).content.decode().split())


def test_the_rules_page_shows_needs_and_special_hours(client):
    need = NeedFactory()
    gone = ProgrammeFactory(active=False, name_en="Retired visit")
    CalendarException.objects.create(
        date=timezone.localdate() + dt.timedelta(days=9), effect=ExceptionEffect.SPECIAL_HOURS, start=dt.time(13), end=dt.time(14, 45),
        programme=need.programme, reason_id="Upacara", reason_en="Ceremony",
    )  # fmt: skip
    with translation.override("en"):
        page = " ".join(client.get(reverse("visits:rules")).content.decode().split())

    assert "Room: 1" in page
    assert "13:00–14:45 WIB: Ceremony" in page
    assert gone.name_en not in page


def test_days_have_reasons_and_summaries(year_of_slots):
    programme = year_of_slots(max_per_day=1)
    closed = dt.date(2026, 12, 25)
    CalendarException.objects.create(date=closed, effect=ExceptionEffect.CLOSED, reason_id="Hari Natal", reason_en="Christmas")
    full = programme.slots.get(starts_at="2026-12-15T02:00:00Z")
    VisitFactory(slot=full, approved=True)
    materialise_slots(programme, now=timezone.now())

    choice = dates.date_choice(programme, persons=12, now=timezone.now())
    days = {day.date: day for month in choice.months for day in month.days}

    assert "Hari Natal" in days[closed].summary
    assert days[dt.date(2026, 12, 15)].slots == []
    assert days[dt.date(2026, 12, 15)].is_offered
    assert not days[dt.date(2026, 12, 19)].is_offered, "a Saturday is not listed"
    assert choice.first_possible == dt.date(2026, 12, 3)
    assert [slot in choice.free for slot in choice.nearest] == [True, True, True]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Batubara", ["12.19"]),
        ("kab. batu bara", ["12.19"]),
        ("DPRD Kabupaten Batu Bara", ["12.19"]),
        ("Pemerintah Kota Gorontalo", ["75", "75.01", "75.71"]),
        ("Kabupaten Batu Bara, Sumatera Utara", ["12.19"]),
        ("Gorontalo", ["75", "75.01", "75.71"]),
        ("Provinsi Gorontalo", ["75"]),
        ("Kota Gorontalo", ["75.71"]),
        ("kota", []),
        ("", []),
        ("???", []),
    ],
)
def test_regions_are_found_by_typed_text(text, found):
    Region.objects.all().delete()
    sumut = RegionFactory(code="12", name="Sumatera Utara", parent=None)
    RegionFactory(code="12.19", name="Kabupaten Batu Bara", aliases="Batubara", parent=sumut)
    gorontalo = RegionFactory(code="75", name="Gorontalo", parent=None)
    RegionFactory(code="75.01", name="Kabupaten Gorontalo", parent=gorontalo)
    RegionFactory(code="75.71", name="Kota Gorontalo", parent=gorontalo)

    assert sorted(region.code for region in regions.find(text)) == found


def test_letters_of_unsent_requests_are_deleted(guest):
    guest.fill()
    letter = guest.client.session["booking"]["letter_file"]["stored"]
    # The file system's clock is not affected by time_machine.
    written = storages["private"].get_modified_time(letter)

    draft_letters.delete_old(written + dt.timedelta(hours=23))
    assert draft_letters.is_stored(letter)
    assert draft_letters.delete_old(written + dt.timedelta(days=2)) >= 1
    assert not draft_letters.is_stored(letter)

    response = guest.send()
    assert response["Location"] == step_url("purpose"), "the guest is asked for the letter again; the rest is kept"


def test_a_note_shows_known_and_missing_facts(client):
    Locale.objects.get_or_create(language_code="id")
    root = Page.objects.filter(depth=1).first() or Page.add_root(instance=Page(title="Akar", slug="akar"))
    home = root.add_child(instance=Page(title="Beranda", slug="beranda-uji"))
    Site.objects.update_or_create(is_default_site=True, defaults={"root_page": home, "hostname": "testserver"})
    index = home.add_child(instance=VisitNoteIndexPage(title="Catatan kunjungan", slug="catatan"))
    visit = Visit.objects.create(
        source=VisitSource.RECORD,
        status=VisitStatus.COMPLETED,
        recorded_date=dt.date(2018, 9, 5),
        organisation="Komisi B DPRD Contoh",
        organisation_kind="local_council",
        region=RegionFactory(),
    )
    note = index.add_child(instance=VisitNotePage(title="Kunjungan contoh", slug="contoh", visit=visit, source="Sumber contoh"))

    listing = client.get(index.get_url())
    page = client.get(note.get_url()).content.decode()

    assert "Rabu, 5 September 2018" in listing.content.decode()
    assert "Komisi B DPRD Contoh" in page
    assert "Rabu, 5 September 2018" in page
    assert "not recorded" in page or "tidak tercatat" in page


@pytest.fixture
def tuesdays_and_thursdays():
    """A programme that receives guests on Tuesdays and Thursdays; on Tuesday 24 November 2026 its notice ends on a Friday."""
    programme = ProgrammeFactory(horizon_days=60, lead_working_days=8)
    for weekday in (2, 4):
        WeeklyHours.objects.create(programme=programme, weekday=weekday, start=dt.time(9), end=dt.time(12))
    materialise_slots(programme, now=timezone.now())
    return programme


def test_the_first_date_named_is_a_visiting_day(guest, client, tuesdays_and_thursdays):
    programme = tuesdays_and_thursdays
    choice = dates.date_choice(programme, persons=12, now=timezone.now())
    assert (choice.after_notice, choice.first_possible) == (dt.date(2026, 12, 4), dt.date(2026, 12, 8))

    guest.group(programme=programme.pk)
    page = client.get(step_url("date")).content.decode()

    assert programme.notice in page
    assert "Selasa, 8 Desember 2026" in page
    assert "4 Desember 2026." not in page


def test_no_link_leads_to_months_without_a_free_date(guest, client, tuesdays_and_thursdays):
    programme = tuesdays_and_thursdays
    guest.group(programme=programme.pk)

    page = client.get(step_url("date")).content.decode()

    assert 'rel="prev"' not in page
    assert 'rel="next"' not in page
    assert "Tidak ada tanggal kosong sebelumnya." in page
    assert "Tidak ada tanggal kosong sesudahnya." in page
    january = dates.date_choice(programme, persons=12, now=timezone.now(), month=dt.date(2027, 1, 1))
    assert january.previous == dt.date(2026, 12, 1)
    programme.slots.filter(starts_at__lt="2027-01-01T00:00:00Z").update(is_open=False)
    assert dates.date_choice(programme, persons=12, now=timezone.now(), month=dt.date(2027, 1, 1)).previous is None


def test_staff_see_no_link_to_months_without_sessions(tuesdays_and_thursdays):
    programme = tuesdays_and_thursdays
    programme.slots.filter(starts_at__lt="2026-12-01T00:00:00Z").delete()

    month = month_of_sessions(programme, persons=12, now=timezone.now())

    assert (month.first, month.previous, month.following) == (dt.date(2026, 12, 1), None, dt.date(2027, 1, 1))
