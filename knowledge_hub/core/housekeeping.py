"""Periodic jobs: scheduled publishing, lost tasks and deletion of old rows (signals of knowledge_hub/core/clock.py)."""

import datetime as dt
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils.module_loading import import_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from knowledge_hub.core import clock

LEASE = dt.timedelta(minutes=15)
MAX_ATTEMPTS = 3
KEEP_TASK_RESULTS = dt.timedelta(days=14)


def publish_scheduled_pages(sender: Any, now: dt.datetime, **kwargs: Any) -> None:
    """Publish pages whose go-live time has passed, and unpublish those that have expired."""
    call_command("publish_scheduled", verbosity=0)


def requeue_lost_tasks(sender: Any, now: dt.datetime, **kwargs: Any) -> int:
    """Put tasks whose worker was killed back into the queue; after the third worker they count as failed.

    django-tasks-db leaves them RUNNING for ever (its issue 5). Every task here looks at the rows before it acts, so running
    one again is safe.

    Returns:
        How many tasks were put back.
    """
    killed = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=now - LEASE)
    revived = 0
    for result in killed.only("pk", "worker_ids", "started_at"):
        # Compare and set: a worker that finishes at this very moment wins.
        same = DBTaskResult.objects.filter(pk=result.pk, status=TaskResultStatus.RUNNING, started_at=result.started_at)
        if len(result.worker_ids) < MAX_ATTEMPTS:
            revived += same.update(status=TaskResultStatus.READY)
        else:
            same.update(
                status=TaskResultStatus.FAILED, finished_at=now, exception_class_path="", traceback="Its worker was killed three times."
            )
    return revived


def delete_old_task_results(sender: Any, now: dt.datetime, **kwargs: Any) -> None:
    """Delete results of tasks that finished more than two weeks ago."""
    DBTaskResult.objects.filter(finished_at__lt=now - KEEP_TASK_RESULTS).delete()


def delete_expired_sessions(sender: Any, now: dt.datetime, **kwargs: Any) -> None:
    """Delete sessions whose expiry date has passed."""
    import_string(f"{settings.SESSION_ENGINE}.SessionStore").clear_expired()


def delete_old_searches(sender: Any, now: dt.datetime, **kwargs: Any) -> None:
    """Delete search counts older than WAGTAILSEARCH_HITS_MAX_AGE days, and queries without counts."""
    call_command("searchpromotions_garbage_collect", verbosity=0, stdout=StringIO())


def connect() -> None:
    """Connect to the clock; called once when the app is ready."""
    clock.every_minute.connect(publish_scheduled_pages, dispatch_uid="knowledge_hub.publish_scheduled_pages")
    clock.every_day.connect(delete_old_task_results, dispatch_uid="knowledge_hub.delete_old_task_results")
    clock.every_day.connect(delete_expired_sessions, dispatch_uid="knowledge_hub.delete_expired_sessions")
    clock.every_day.connect(delete_old_searches, dispatch_uid="knowledge_hub.delete_old_searches")
    if settings.TASKS["default"]["BACKEND"] == "django_tasks_db.DatabaseBackend":
        clock.every_minute.connect(requeue_lost_tasks, dispatch_uid="knowledge_hub.requeue_lost_tasks")
