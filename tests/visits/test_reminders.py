"""Reminders before and after a visit: when each leaves, to whom, and that none leaves twice or too late."""

import datetime as dt

from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import F
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import AgendaItemFactory, InvitationFactory, UserFactory, VisitFactory
from visits.domain import decisions, reminders
from visits.domain.calendar_days import VENUE_ZONE, end_of_day, local_date
from visits.enums import Actor, MessageKind
from visits.mail.messages import render
from visits.models import OutboundMessage, SpeakerInvitation, Visit
from visits.permissions import create_groups

GUEST = "narahubung@contoh.invalid"
OFFICER = "petugas@contoh.invalid"
RECEPTION = "resepsionis@contoh.invalid"
SPEAKER = "narasumber@contoh.invalid"


class RemindersTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        create_groups()
        UserFactory(email=RECEPTION).user_permissions.add(Permission.objects.get(codename="receive_visit"))
        cls.officer = UserFactory(email=OFFICER)
        cls.visit = VisitFactory(approved=True, contact_email=GUEST, assigned_to=cls.officer)
        item = AgendaItemFactory(visit=cls.visit, title="Paparan contoh")
        InvitationFactory(item=item, email=SPEAKER, state=SpeakerInvitation.State.ACCEPTED)

    def on(self, days: int, hour: int = 8) -> dt.datetime:
        """An hour of the day that lies some days after that of the visit."""
        return dt.datetime.combine(local_date(self.visit.slot.starts_at) + dt.timedelta(days=days), dt.time(hour), VENUE_ZONE)

    def written(self, now: dt.datetime) -> set[tuple[str, str]]:
        """Kinds and recipients of the mails written at a moment."""
        before = set(OutboundMessage.objects.values_list("pk", flat=True))
        reminders.queue_due(now)
        return set(OutboundMessage.objects.exclude(pk__in=before).values_list("kind", "recipient"))

    def test_each_leaves_once_on_its_day(self):
        told = {days: self.written(self.on(days)) for days in range(-9, 4)}

        assert {days: mails for days, mails in told.items() if mails} == {
            -7: {("reminder_delegates", GUEST)},
            -3: {("reminder_visit", GUEST)},
            -1: {("reminder_arrival", GUEST), ("speaker_arrival", SPEAKER), ("host_arrival", OFFICER), ("host_arrival", RECEPTION)},
            1: {("not_closed", OFFICER)},
        }

    def test_a_visit_that_moves_gets_new_ones(self):
        self.written(self.on(-1))
        Visit.objects.update(calendar_sequence=F("calendar_sequence") + 1)

        assert {kind for kind, _to in self.written(self.on(-1, hour=9))} == {
            "reminder_delegates",
            "reminder_arrival",
            "speaker_arrival",
            "host_arrival",
        }

    def test_a_worker_that_stood_still_sends_nothing_outdated(self):
        assert {kind for kind, _to in self.written(self.on(-1, hour=20))} == {
            "reminder_delegates",
            "reminder_arrival",
            "speaker_arrival",
            "host_arrival",
        }
        OutboundMessage.objects.all().delete()

        assert self.written(self.on(0, hour=10)) == set()
        assert self.written(self.on(reminders.CLOSING_DAYS + 1)) == set()

    def test_who_just_learnt_the_date_gets_no_programme(self):
        invitation = OutboundMessage.objects.create(visit=self.visit, kind=MessageKind.INVITATION, recipient=GUEST)
        OutboundMessage.objects.filter(pk=invitation.pk).update(created_at=self.on(-3, hour=7))

        assert ("reminder_visit", GUEST) not in self.written(self.on(-3))

    def test_only_scheduled_visits_are_reminded(self):
        decisions.cancel(self.visit, by=Actor.STAFF, reason="Contoh")

        assert self.written(self.on(-1)) == self.written(self.on(1)) == set()

    def test_without_an_officer_all_officers_are_reminded(self):
        Visit.objects.update(assigned_to=None)
        UserFactory(email="lain@contoh.invalid").user_permissions.add(Permission.objects.get(codename="decide_visit"))

        assert self.written(self.on(1)) == {("not_closed", "lain@contoh.invalid")}

    def test_a_promise_is_reminded_a_working_day_before(self):
        request = VisitFactory(submitted=True, assigned_to=self.officer)
        monday = next(day for day in (timezone.localdate() + dt.timedelta(days=n) for n in range(7)) if day.isoweekday() == 1)
        Visit.objects.filter(pk=request.pk).update(answer_due_at=end_of_day(monday))
        nine = [dt.datetime.combine(monday + dt.timedelta(days=days), dt.time(9), VENUE_ZONE) for days in (-4, -3, 0, 1)]

        assert [self.written(now) for now in nine] == [set(), {("promise_due", OFFICER)}, set(), set()]

        Visit.objects.filter(pk=request.pk).update(answer_due_at=end_of_day(monday + dt.timedelta(days=1)))
        assert self.written(nine[2]) == {("promise_due", OFFICER)}

    def test_mails_say_where_and_when(self):
        self.written(self.on(-3))
        self.written(self.on(-1))
        said = {message.kind: render(message).body for message in OutboundMessage.objects.all()}

        assert "09.00–09.45 Paparan contoh" in said["reminder_visit"]
        for kind in ("reminder_visit", "reminder_arrival", "host_arrival"):
            assert "09.00" in said[kind]
            assert self.visit.programme.name in said[kind]
        assert "/s/" in said["speaker_arrival"]
        assert "/admin/" in said["host_arrival"]
        assert not any(GUEST in text for text in said.values())

    def test_nothing_due_costs_one_query_per_reminder(self):
        OutboundMessage.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            reminders.queue_due(self.on(-20))

        # One more reads the holidays.
        assert len(queries) <= len(reminders.REMINDERS) + 1
