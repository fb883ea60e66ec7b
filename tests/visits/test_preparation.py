"""Preparation of a visit: tasks from the programme, done at the desk or by link, counts of needs, planned souvenirs."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import GiftFactory, SlotFactory, TaskFactory, TaskTemplateFactory, VisitFactory
from visits.content import programmes
from visits.domain import decisions, preparation, scheduling
from visits.domain import gifts as gifts_domain
from visits.domain.calendar_days import local_date
from visits.domain.errors import Refused
from visits.domain.preparation import TaskDetails, fingerprint
from visits.enums import Actor, MessageKind, VisitStatus
from visits.mail.messages import render
from visits.models import Gift, OutboundMessage, PreparationTask, Visit
from visits.queries import gifts
from visits.queries.preparation import counts, task_rows

pytestmark = pytest.mark.django_db


def mails_to(address):
    return [render(message) for message in OutboundMessage.objects.filter(recipient=address).order_by("pk")]


def page_of(task):
    return urlsplit(preparation.link_of(task)).path


def fresh(visit):
    return Visit.objects.select_related("programme", "slot", "region").get(pk=visit.pk)


class TestTemplate:
    @pytest.fixture
    def visit(self):
        visit = VisitFactory(submitted=True)
        TaskTemplateFactory(programme=visit.programme)
        TaskTemplateFactory(programme=visit.programme, title="Siapkan cenderamata", email="", days_before=7)
        return visit

    def test_an_approved_visit_begins_with_the_tasks(self, visit, officer):
        approved = decisions.approve(visit, by=officer, override_reason="Surat menyusul.")

        assert [(task.title, task.days_before) for task in approved.tasks.all()] == [("Siapkan cenderamata", 7), ("Pesan konsumsi", 3)]
        [mail] = mails_to("umum@contoh.invalid")
        task = approved.tasks.get(title="Pesan konsumsi")
        assert preparation.link_of(task) in mail.body
        assert "Pesan konsumsi" in mail.body
        assert visit.contact_email not in mail.body

    def test_an_accepted_date_begins_with_the_tasks(self, visit, officer):
        scheduling.propose(visit, SlotFactory(programme=visit.programme, days_ahead=42), by=Actor.STAFF, user=officer)

        scheduling.accept(fresh(visit), by=Actor.GUEST)

        assert visit.tasks.count() == 2

    def test_days_follow_a_moved_visit(self, visit, officer):
        approved = decisions.approve(visit, by=officer, override_reason="Surat menyusul.")
        later = SlotFactory(programme=visit.programme, days_ahead=42)

        moved = scheduling.move(approved, later, user=officer)

        assert moved.tasks.count() == 2
        assert [row.due for row in task_rows(moved)] == [local_date(later.starts_at) - dt.timedelta(days=days) for days in (7, 3)]
        assert len(mails_to("umum@contoh.invalid")) == 2

    def test_a_cancelled_visit_has_no_open_tasks(self, visit, officer, client):
        approved = decisions.approve(visit, by=officer, override_reason="Surat menyusul.")
        task = approved.tasks.get(title="Pesan konsumsi")

        decisions.cancel(approved, by=Actor.GUEST, reason="Berhalangan.")

        assert "tidak perlu dikerjakan lagi" in mails_to("umum@contoh.invalid")[-1].body
        assert client.get(page_of(task)).context["is_being_prepared"] is False
        assert client.post(page_of(task), {"note": "Sudah dipesan."}).status_code == 409
        assert not PreparationTask.objects.exclude(done_at=None).exists()


def test_initial_programmes_have_tasks():
    assert set(programmes.TASKS) == {entry["slug"] for entry in programmes.PROGRAMMES}


class TestLink:
    @pytest.fixture
    def task(self):
        return TaskFactory(title="Pesan <b>konsumsi</b>")

    def test_the_owner_finishes_a_task_with_a_note(self, task, client):
        page = client.get(page_of(task))
        assert page.status_code == 200
        assert page_of(task).startswith("/t/")
        content = page.content.decode()
        assert "&lt;b&gt;konsumsi" in content
        assert "<script" not in content
        assert "style=" not in content
        for header, value in {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}.items():
            assert page[header] == value
        assert not page.cookies

        answer = client.post(page_of(task), {"note": "30 kotak."}, follow=True)

        task.refresh_from_db()
        assert task.done_at
        assert (task.done_by, task.note) == (None, "30 kotak.")
        assert "30 kotak." in answer.content.decode()
        assert "<form" not in answer.content.decode()

    def test_a_second_press_changes_nothing(self, task, client):
        client.post(page_of(task), {"note": "30 kotak."})
        first = PreparationTask.objects.get().done_at

        assert client.post(page_of(task), {"note": "30 kotak."}).status_code == 302
        other = client.post(page_of(task), {"note": "40 kotak."})

        assert other.status_code == 409
        assert "40 kotak." in other.content.decode()
        assert (PreparationTask.objects.get().done_at, PreparationTask.objects.get().note) == (first, "30 kotak.")

    def test_an_overlong_note_is_shown_again(self, task, client):
        answer = client.post(page_of(task), {"note": "x" * 301})

        assert answer.status_code == 422
        assert "x" * 301 in answer.content.decode()
        assert not PreparationTask.objects.get().done_at

    @pytest.mark.parametrize("token", ["A" * 24, "x", "'; DROP TABLE", "a" * 3000, "\x00"])
    def test_an_unknown_link_gets_a_helpful_page(self, client, token):
        assert client.get(reverse("task", args=[token])).status_code == 404

    def test_a_removed_task_opens_no_page(self, task, client, officer):
        address = page_of(task)
        preparation.remove(task, by=officer)

        assert client.get(address).status_code == 404
        assert "tidak perlu dikerjakan lagi" in mails_to(task.email)[-1].body

    def test_needs_are_counted_without_names(self, task, client):
        for name, needs in (("Andi Contoh", "Vegetarian, kursi roda"), ("Budi Contoh", "vegetarian"), ("Citra Contoh", "")):
            task.visit.delegates.create(name=name, needs=needs)

        page = client.get(page_of(task)).content.decode()

        assert "2 × Vegetarian" in page
        assert "1 × kursi roda" in page
        assert "Andi Contoh" not in page


def test_needs_are_counted_once_for_each_person():
    visit = VisitFactory(approved=True, group_size=12)
    visit.delegates.create(name="Andi Contoh", needs="vegetarian; Vegetarian")

    found = counts(visit)

    assert (found.expected, found.named, found.with_needs) == (12, 1, 1)
    assert [(need.text.casefold(), need.count) for need in found.needs] == [("vegetarian", 1)]


class TestDomain:
    def test_the_same_task_is_added_once(self, officer):
        visit = VisitFactory(approved=True)

        tasks = [preparation.add(visit, TaskDetails("Siapkan ruang", "Bagian Umum"), by=officer) for _click in range(2)]

        assert tasks[0] == tasks[1]
        assert visit.tasks.count() == 1

    def test_only_scheduled_visits_get_tasks(self, officer):
        with pytest.raises(Refused):
            preparation.add(VisitFactory(submitted=True), TaskDetails("Siapkan ruang"), by=officer)

    def test_the_second_of_two_changes_is_refused(self, officer):
        task = TaskFactory()
        seen = fingerprint(task)
        preparation.change(task, TaskDetails("Siapkan aula", "Bagian Umum", task.email, 3), seen=seen, by=officer)

        with pytest.raises(Refused, match="Siapkan aula"):
            preparation.change(task, TaskDetails("Siapkan kursi", "Bagian Umum", task.email, 3), seen=seen, by=officer)

    def test_a_new_owner_gets_a_new_link(self, officer, client):
        task = TaskFactory()
        old = page_of(task)

        changed = preparation.change(
            task, TaskDetails(task.title, "Diskominfo", "kominfo@contoh.invalid", 3), seen=fingerprint(task), by=officer
        )

        assert client.get(old).status_code == 404
        assert client.get(page_of(changed)).status_code == 200
        assert preparation.link_of(changed) in mails_to("kominfo@contoh.invalid")[0].body
        assert "/t/" not in mails_to("umum@contoh.invalid")[0].body

    def test_reminders_leave_once_an_hour(self, officer, time_machine):
        task = TaskFactory()
        preparation.remind(task, by=officer)
        with pytest.raises(Refused):
            preparation.remind(task, by=officer)
        time_machine.move_to(timezone.now() + dt.timedelta(hours=2))
        preparation.remind(task, by=officer)

        assert OutboundMessage.objects.filter(kind=MessageKind.TASK_REMINDER).count() == 2

    def test_a_done_task_is_opened_again(self, officer):
        task = TaskFactory()
        preparation.finish(task, by=officer)
        assert PreparationTask.objects.get().done_by == officer

        preparation.reopen(task, by=officer)

        assert PreparationTask.objects.get().done_at is None


class TestGifts:
    def test_a_planned_souvenir_is_no_given_one(self, officer, time_machine):
        visit = VisitFactory(approved=True)
        gift = GiftFactory(visit=visit, is_planned=True, estimated_value=900_000)
        assert not gifts_domain.needs_review(gift, 500_000)
        assert not gifts.register().exists()
        with pytest.raises(Refused):
            gifts_domain.hand_over(gift, threshold=500_000, by=officer)

        time_machine.move_to(visit.slot.starts_at)
        for _click in range(2):
            gifts_domain.hand_over(gift, threshold=500_000, by=officer)

        assert Gift.objects.get().needs_review
        assert list(gifts.register()) == [gift]

    def test_a_cancelled_visit_gives_nothing(self, officer):
        gift = GiftFactory(visit=VisitFactory(status=VisitStatus.CANCELLED_BY_GUEST, seats_held=0, days_ahead=-1), is_planned=True)

        with pytest.raises(Refused):
            gifts_domain.hand_over(gift, threshold=1, by=officer)
