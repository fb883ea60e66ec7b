"""Programmes, calendar, sessions, mail and numbers in the admin."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import ProgrammeFactory, SlotFactory, VisitFactory
from visits.domain import drafts
from visits.domain import outbox as domain_outbox
from visits.enums import MessageKind, MessageStatus
from visits.mail import sending
from visits.models import CalendarException, OfficeSettings, OutboundMessage, Programme, Visit, VisitSlot, WeeklyHours

pytestmark = pytest.mark.django_db

LISTS = ["visits_programmes", "visits_calendar", "visits_slots", "visits_mail", "visits_numbers"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_open_for_officers_and_auditors(name, officer, auditor, receptionist):
    VisitFactory(submitted=True)

    assert officer.get(reverse(f"{name}:index")).status_code == 200
    assert auditor.get(reverse(f"{name}:index")).status_code == 200
    assert receptionist.get(reverse(f"{name}:index")).status_code == 302


def test_outgoing_mail_shows_mail_of_saved_requests(officer):
    drafts.save({"organisation": "Pemkab Contoh"}, email="guest@example.org", language="id")

    page = officer.get(reverse("visits_mail:index"))

    assert page.status_code == 200
    assert "Permohonan yang disimpan" in page.content.decode()


def test_a_new_programme_can_be_booked(officer):
    form = {
        "name_id": "Program Contoh", "name_en": "Example", "slug": "contoh", "summary_id": "Ringkas.", "summary_en": "Short.",
        "venue_id": "", "venue_en": "", "active": "on", "sort_order": 1, "min_persons": 1, "max_persons": 20, "capacity_persons": 20,
        "duration_minutes": 60, "buffer_minutes": 0, "max_per_day": 1, "max_per_week": 2, "lead_working_days": 5, "horizon_days": 30,
        "answer_working_days": 5, "weekly_hours-TOTAL_FORMS": 1, "weekly_hours-INITIAL_FORMS": 0, "weekly_hours-MIN_NUM_FORMS": 0,
        "weekly_hours-MAX_NUM_FORMS": 1000, "weekly_hours-0-weekday": 3, "weekly_hours-0-start": "09:00", "weekly_hours-0-end": "10:00",
        "weekly_hours-0-id": "", "letter_grace_working_days": 3, "needs-TOTAL_FORMS": 0, "needs-INITIAL_FORMS": 0, "needs-MIN_NUM_FORMS": 0,
        "needs-MAX_NUM_FORMS": 1000, "agenda_template-TOTAL_FORMS": 0, "agenda_template-INITIAL_FORMS": 0,
        "agenda_template-MIN_NUM_FORMS": 0, "agenda_template-MAX_NUM_FORMS": 1000,
        "task_template-TOTAL_FORMS": 1, "task_template-INITIAL_FORMS": 0, "task_template-MIN_NUM_FORMS": 0,
        "task_template-MAX_NUM_FORMS": 1000, "task_template-0-title": "Siapkan ruang", "task_template-0-days_before": 3,
        "task_template-0-id": "",
    }  # fmt: skip
    answer = officer.post(reverse("visits_programmes:add"), form)

    assert answer.status_code == 302, answer.context["form"].errors
    assert VisitSlot.objects.filter(programme__slug="contoh").count() >= 4
    assert Programme.objects.get(slug="contoh").languages == ("id",), "Indonesian is always offered"


def test_programme_languages_are_checkboxes(officer):
    programme = ProgrammeFactory(languages=("en",))

    page = officer.get(reverse("visits_programmes:edit", args=[programme.pk])).content.decode()
    ticked = [box for box in re.findall(r'<input type="checkbox" name="languages"[^>]*>', page) if "checked" in box]

    assert len(ticked) == 1
    assert 'value="en"' in ticked[0]
    assert "Bahasa Inggris" in officer.get(reverse("visits_programmes:inspect", args=[programme.pk])).content.decode()


def test_importing_holidays_removes_their_sessions(officer, auditor):
    programme = ProgrammeFactory(horizon_days=400)
    for weekday in range(1, 6):
        WeeklyHours.objects.create(programme=programme, weekday=weekday, start=dt.time(9), end=dt.time(12))
    year = timezone.now().year + 1

    assert auditor.post(reverse("visits_calendar:import"), {"year": year}).status_code == 302
    assert not CalendarException.objects.exists()
    officer.post(reverse("visits_calendar:import"), {"year": year})

    assert CalendarException.objects.filter(date=dt.date(year, 8, 17)).exists()
    days = {slot.starts_at.astimezone(timezone.get_default_timezone()).date() for slot in VisitSlot.objects.all()}
    assert days
    assert not days & set(CalendarException.objects.values_list("date", flat=True))


def test_closing_a_day_warns_about_visits(officer):
    visit = VisitFactory(approved=True)
    day = visit.slot.starts_at.astimezone(timezone.get_default_timezone()).date()
    form = {"date": day.isoformat(), "effect": "closed", "reason_id": "Acara kota", "reason_en": "City event", "source": "manual"}

    page = officer.post(reverse("visits_calendar:add"), form, follow=True)

    assert CalendarException.objects.filter(date=day).exists(), page.context["form"].errors
    assert len([str(message) for message in page.context["messages"]]) == 2
    visit.refresh_from_db()
    assert visit.status == "approved"


def test_a_button_closes_and_opens_sessions(officer, auditor):
    slot = SlotFactory()
    url = reverse("visits_slots:switch", args=[slot.pk])

    auditor.post(url, {"open": "0"})
    assert VisitSlot.objects.get().is_open
    assert officer.get(url).status_code == 405
    officer.post(url, {"open": "0"})
    officer.post(url, {"open": "0"})
    assert not VisitSlot.objects.get().is_open
    officer.post(url, {"open": "1"})
    assert VisitSlot.objects.get().is_open


def test_failed_mail_is_sent_again_once(officer, auditor, mailoutbox, django_capture_on_commit_callbacks):
    visit = VisitFactory(submitted=True)
    message = domain_outbox.queue(visit, MessageKind.RECEIPT)
    OutboundMessage.objects.update(status=MessageStatus.FAILED, tries=6, last_error="SMTPException")
    url, press = reverse("visits_mail:decide", args=[message.pk]), {"action": "send", "seen": "failed"}

    auditor.post(url, press)
    assert OutboundMessage.objects.get().status == MessageStatus.FAILED
    with django_capture_on_commit_callbacks(execute=True):
        officer.post(url, press)
        officer.post(url, press)

    assert OutboundMessage.objects.get().status == MessageStatus.SENT
    assert len(mailoutbox) == 1


def test_a_mail_is_read_and_held_back_within_the_moment(officer, auditor, settings):
    settings.MAIL_UNDO = dt.timedelta(minutes=1)
    visit = VisitFactory(submitted=True)
    message = domain_outbox.queue(visit, MessageKind.HOST_MESSAGE, note="Untuk rombongan lain.")
    url = reverse("visits_mail:view", args=[message.pk])

    page = auditor.get(url).content.decode()
    assert "Untuk rombongan lain." in page
    assert "[tautan rahasia]" in page
    assert "Tahan" not in page
    assert "Tahan" in officer.get(url).content.decode()
    assert not sending.send(message.pk), "it waits for a moment"
    officer.post(reverse("visits_mail:decide", args=[message.pk]), {"action": "hold", "seen": "queued"})

    assert not sending.send(message.pk, now=timezone.now() + dt.timedelta(days=1))
    assert "Petugas menahan" in officer.get(url).content.decode()


def test_a_mail_that_left_is_sent_once_more(officer, mailoutbox):
    message = domain_outbox.queue(VisitFactory(submitted=True), MessageKind.RECEIPT)
    sending.send(message.pk)
    Visit.objects.update(organisation="Sesudahnya")
    url, press = reverse("visits_mail:decide", args=[message.pk]), {"action": "send", "seen": "sent"}

    officer.post(url, press)
    officer.post(url, press)
    sending.send(message.pk)

    first, second = mailoutbox
    assert (first.subject, first.body) == (second.subject, second.body)
    assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]


def test_auditors_read_the_settings_of_the_office(auditor, officer):
    OfficeSettings.objects.create(unit="Bagian Protokol Contoh")

    page = auditor.get(reverse("visits_settings:index")).content.decode()

    assert "Bagian Protokol Contoh" in page
    assert "A4 (210 × 297 mm)" in page
    assert "<form" not in page.split("<main", 1)[1]
    assert officer.get(reverse("visits_settings:index")).status_code == 302
