"""The clock sends each due signal once; a failing receiver is reported and does not stop the others."""

import datetime as dt
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits
from wagtail.models import ModelLogEntry

from knowledge_hub.core import clock, housekeeping
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 24, 5, tzinfo=dt.UTC)


@pytest.fixture
def signals(settings, tmp_path):
    """The names of the signals that were sent."""
    settings.VAR_DIR = tmp_path
    received = []

    def record(name, sender, now, **kwargs):
        received.append(name)

    listeners = {name: partial(record, name) for name in clock.INTERVALS}
    for name, (signal, _) in clock.INTERVALS.items():
        signal.connect(listeners[name], dispatch_uid="test")
    yield received
    for signal, _ in clock.INTERVALS.values():
        signal.disconnect(dispatch_uid="test")


def test_each_signal_is_sent_once_per_interval(signals):
    clock.send_due(NOON)
    clock.send_due(NOON + dt.timedelta(seconds=20))
    clock.send_due(NOON + dt.timedelta(minutes=1))
    clock.send_due(NOON + dt.timedelta(hours=1))
    clock.send_due(NOON + dt.timedelta(days=1))

    assert [signals.count(name) for name in ("minute", "hour", "day")] == [4, 3, 2]


def test_signals_continue_after_setting_back_the_clock(signals):
    clock.send_due(NOON)
    clock.send_due(NOON - dt.timedelta(hours=1))

    assert signals.count("hour") == 2


@pytest.mark.parametrize("days", [400, -400])
def test_nothing_is_sent_after_an_implausible_jump(signals, days):
    clock.send_due(NOON)
    jumped = NOON + dt.timedelta(days=days)

    with pytest.raises(clock.ImplausibleTime, match="400 days"):
        clock.send_due(jumped)
    assert len(signals) == 3

    clock.send_due(NOON + dt.timedelta(minutes=1))
    assert signals.count("minute") == 2, "it goes on by itself when the clock is right again"

    clock.confirm(jumped)
    clock.send_due(jumped)
    assert signals.count("minute") == 3


def test_without_an_earlier_run_the_newest_log_entry_counts(signals):
    entry = ModelLogEntry.objects.log_action(instance=UserFactory(), action="wagtail.edit", timestamp=NOON)
    assert entry

    with pytest.raises(clock.ImplausibleTime):
        clock.send_due(NOON + dt.timedelta(days=8))
    clock.send_due(NOON + dt.timedelta(days=6))
    assert signals


def test_the_command_says_what_to_do(signals, capsys, monkeypatch):
    clock.send_due(timezone.now() - dt.timedelta(days=400))

    with pytest.raises(CommandError, match="--confirm-time"):
        call_command("tick")
    with pytest.raises(CommandError):
        call_command("doctor")
    assert "--confirm-time" in capsys.readouterr().out
    monkeypatch.setattr(clock, "send_due", list)
    call_command("tick", "--confirm-time")
    assert clock.implausible(timezone.now()) == ""


def test_a_failing_receiver_does_not_stop_others(signals):
    def broken(sender, now, **kwargs):
        raise ValueError("rusak")

    clock.every_minute.connect(broken, dispatch_uid="broken")
    try:
        assert [name.rsplit(".")[-1] for name in clock.send_due(NOON)] == ["broken"]
    finally:
        clock.every_minute.disconnect(dispatch_uid="broken")
    assert "minute" in signals


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
    ids=["its worker was killed", "it killed three workers", "still running"],
)
def test_tasks_of_killed_workers_are_requeued(minutes, workers, status):
    now = timezone.now()
    task = running_task(started_at=now - dt.timedelta(minutes=minutes), workers=workers)

    housekeeping.requeue_lost_tasks(None, now)

    task.refresh_from_db()
    assert task.status == status


@pytest.mark.django_db
def test_search_terms_are_deleted_after_a_year():
    now = timezone.now()
    for text, days in (("lama", 367), ("baru", 366)):
        QueryDailyHits.objects.create(query=Query.get(text), date=now.date() - dt.timedelta(days=days), hits=1)

    housekeeping.delete_old_searches(sender=None, now=now)

    assert list(Query.objects.values_list("query_string", flat=True)) == ["baru"]
