"""The clock sends what is due, once, and a failing receiver neither stops the others nor goes unnoticed."""

import datetime as dt
from functools import partial

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits

from knowledge_hub.core import clock, housekeeping

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 24, 5, tzinfo=dt.UTC)


@pytest.fixture
def beats(settings, tmp_path):
    """Which beats were heard."""
    settings.VAR_DIR = tmp_path
    heard = []

    def hear(name, sender, now, **kwargs):
        heard.append(name)

    listeners = {name: partial(hear, name) for name in clock.INTERVALS}
    for name, (signal, _) in clock.INTERVALS.items():
        signal.connect(listeners[name], dispatch_uid="test")
    yield heard
    for signal, _ in clock.INTERVALS.values():
        signal.disconnect(dispatch_uid="test")


def test_each_beat_comes_once_within_its_interval(beats):
    clock.send_due(NOON)
    clock.send_due(NOON + dt.timedelta(seconds=20))
    clock.send_due(NOON + dt.timedelta(minutes=1))
    clock.send_due(NOON + dt.timedelta(hours=1))
    clock.send_due(NOON + dt.timedelta(days=1))

    assert [beats.count(name) for name in ("minute", "hour", "day")] == [4, 3, 2]


def test_a_clock_that_was_set_back_goes_on(beats):
    clock.send_due(NOON)
    clock.send_due(NOON - dt.timedelta(hours=1))

    assert beats.count("hour") == 2


def test_a_failing_receiver_is_named_and_stops_nobody(beats):
    def broken(sender, now, **kwargs):
        raise ValueError("rusak")

    clock.every_minute.connect(broken, dispatch_uid="broken")
    try:
        assert [name.rsplit(".")[-1] for name in clock.send_due(NOON)] == ["broken"]
    finally:
        clock.every_minute.disconnect(dispatch_uid="broken")
    assert "minute" in beats


def running_task(*, started_at, workers):
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING,
        started_at=started_at,
        worker_ids=[f"pekerja-{n}" for n in range(workers)],
        task_path="visits.tasks.send_message",
        args_kwargs={"args": [1], "kwargs": {}},
        run_after=started_at,
        queue_name="default",
        backend_name="default",
        exception_class_path="",
        traceback="",
    )


@pytest.mark.parametrize(
    ("minutes", "workers", "status"),
    [(20, 1, TaskResultStatus.READY), (20, 3, TaskResultStatus.FAILED), (5, 1, TaskResultStatus.RUNNING)],
    ids=["its worker was killed", "it killed three workers", "still at work"],
)
def test_a_task_whose_worker_was_killed_is_taken_by_another(minutes, workers, status):
    now = timezone.now()
    task = running_task(started_at=now - dt.timedelta(minutes=minutes), workers=workers)

    housekeeping.requeue_lost_tasks(None, now)

    task.refresh_from_db()
    assert task.status == status


@pytest.mark.django_db
def test_what_was_searched_for_is_forgotten_after_a_year():
    now = timezone.now()
    for text, days in (("lama", 367), ("baru", 366)):
        QueryDailyHits.objects.create(query=Query.get(text), date=now.date() - dt.timedelta(days=days), hits=1)

    housekeeping.delete_old_searches(sender=None, now=now)

    assert list(Query.objects.values_list("query_string", flat=True)) == ["baru"]
