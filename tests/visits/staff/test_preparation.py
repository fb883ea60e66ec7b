"""The staff's page of preparation: who reads what, who changes what, refusals in sentences, number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import GiftFactory, TaskFactory, VisitFactory
from visits.domain import preparation
from visits.models import Gift, PreparationTask

pytestmark = pytest.mark.django_db
NEW = {"title": "Siapkan ruang", "responsible": "Bagian Umum", "email": "umum@contoh.invalid", "days_before": 3}


def url(name, visit, *args):
    return reverse(f"visits_staff:{name}", args=[visit.pk, *args])


@pytest.fixture
def visit():
    return VisitFactory(approved=True, delegates=1)


def test_an_officer_adds_changes_and_removes_a_task(officer, visit):
    officer.post(url("add_task", visit), NEW)
    task = visit.tasks.get()
    form = officer.get(url("change_task", visit, task.pk)).context["form"]
    officer.post(url("change_task", visit, task.pk), {**NEW, "title": "Siapkan aula", "seen": form["seen"].value()})
    assert visit.tasks.get().title == "Siapkan aula"
    history = officer.get(url("history", visit)).content.decode()
    assert "“Siapkan ruang” → “Siapkan aula”" in history

    officer.post(url("remove_task", visit, task.pk))
    officer.post(url("remove_task", visit, task.pk))

    assert not visit.tasks.exists()


def test_the_second_of_two_officers_keeps_the_typed_words(officer, second_officer, visit):
    task = TaskFactory(visit=visit)
    seen = officer.get(url("change_task", visit, task.pk)).context["form"]["seen"].value()
    officer.post(url("change_task", visit, task.pk), {**NEW, "title": "Siapkan aula", "seen": seen})

    answer = second_officer.post(url("change_task", visit, task.pk), {**NEW, "title": "Siapkan kursi", "seen": seen})

    assert answer.status_code == 200
    assert "Siapkan aula" in str(answer.context["form"].non_field_errors())
    assert answer.context["form"]["title"].value() == "Siapkan kursi"


@pytest.mark.parametrize("bad", [{"title": ""}, {"email": "x"}, {"days_before": 91}, {"days_before": "-1"}, {"title": "x" * 151}])
def test_bad_input_is_shown_again(officer, visit, bad):
    answer = officer.post(url("add_task", visit), {**NEW, **bad})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not visit.tasks.exists()


def test_a_receptionist_finishes_tasks_but_plans_none(receptionist, visit):
    task = TaskFactory(visit=visit)
    for name in ("change_task", "remove_task", "remind_task"):
        receptionist.post(url(name, visit, task.pk), {**NEW, "seen": preparation.fingerprint(task)})
    receptionist.post(url("add_task", visit), NEW)
    assert PreparationTask.objects.get().title == task.title

    receptionist.post(url("finish_task", visit, task.pk), {"note": "Beres."})

    assert PreparationTask.objects.get().done_by == receptionist.user


def test_auditors_read_and_change_nothing(auditor, visit):
    task, gift = TaskFactory(visit=visit), GiftFactory(visit=visit, is_planned=True)

    page = auditor.get(url("preparation", visit)).content.decode()
    for name in ("change_task", "finish_task", "reopen_task", "remind_task", "remove_task"):
        assert auditor.post(url(name, visit, task.pk), NEW).status_code == 302
    auditor.post(url("hand_over", visit, gift.pk))

    assert task.title in page
    assert '<form method="post"' not in page.partition('class="visit-page"')[2]
    assert not PreparationTask.objects.get().done_at
    assert Gift.objects.get().is_planned


def test_needs_have_names_only_for_those_who_receive(officer, superior, visit):
    visit.delegates.update(needs="Vegetarian")
    name = visit.delegates.get().name

    assert name in officer.get(url("preparation", visit)).content.decode()
    page = superior.get(url("preparation", visit)).content.decode()
    assert name not in page
    assert "1 × Vegetarian" in page


def test_a_task_of_another_visit_is_not_found(officer, visit):
    task = TaskFactory()

    assert officer.post(url("finish_task", visit, task.pk)).status_code == 404
    assert not PreparationTask.objects.get().done_at


def test_refused_buttons_say_why(officer):
    visit = VisitFactory(completed=True)
    task = TaskFactory(visit=visit)

    answer = officer.post(url("finish_task", visit, task.pk), follow=True)

    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert not PreparationTask.objects.get().done_at


def test_query_count_is_independent_of_tasks(officer, visit):
    officer.get(url("preparation", visit))
    with CaptureQueriesContext(connection) as few:
        officer.get(url("preparation", visit))
    for number in range(20):
        TaskFactory(visit=visit, title=f"Tugas {number}")
        visit.delegates.create(name=f"Orang {number}", needs="Vegetarian")
    with CaptureQueriesContext(connection) as more:
        officer.get(url("preparation", visit))

    assert len(few) == len(more) <= 14
