"""Background tasks. Each calls one domain, document or mail function with a primary key.

The rows, not the queue, say what has to be done: the clock enqueues lost tasks again (sweep()).
"""

from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from knowledge_hub.core import backups, clock
from visits import signals
from visits.documents.all_papers import carrying
from visits.documents.office import make, pack
from visits.domain import (
    adoptions,
    answers,
    availability,
    data_requests,
    decisions,
    draft_letters,
    drafts,
    erasure,
    privacy,
    reminders,
    scheduling,
    waiting_list,
)
from visits.enums import CertificateStatus, VisitStatus
from visits.mail import digest, inbox, sending
from visits.models import Certificate, OfficePaper

READ_EVERY = 5
"""Minutes between two looks into the mailbox."""


@task()
def send_message(message_pk: int) -> bool:
    """Send one mail of the outbox; returns whether it was sent."""
    return sending.send(message_pk)


@task()
def read_mailbox() -> int:
    """File the mail that arrived; returns how many messages. Fails if the mailbox cannot be read, or a message cannot be filed."""
    return inbox.read_mailbox()


@task()
def send_digest(user_pk: int) -> bool:
    """Send the daily summary to one user; returns whether it was sent."""
    return digest.send(user_pk)


@task()
def issue_certificates(visit_pk: int) -> int:
    """Make the planned certificates of a visit; returns how many were issued."""
    # Imported when the task runs, because the web process does not need WeasyPrint (half a second and 100 MiB).
    from visits.documents import issue

    return issue.issue_planned(visit_pk)


@task()
def make_paper(paper_pk: int) -> bool:
    """Draw a requested office paper; returns whether it was made."""
    return make.make(paper_pk)


def _enqueue(job: Task, pk: int) -> None:
    """Enqueue a task exactly if the caller's transaction is committed.

    A queue in the same database takes part in that transaction. This saves a separate commit, which is half of the time that a
    booking takes on SQLite. Other queues get the task on commit.
    """
    if isinstance(job.get_backend(), DatabaseBackend):
        job.enqueue(pk)
    else:
        transaction.on_commit(partial(job.enqueue, pk))


def enqueue_message(sender, message, **kwargs) -> None:
    """Receiver of ``message_queued``: enqueue the sending of the mail, for its time if the queue can wait; else the clock enqueues it."""
    if message.next_try_at is None or message.next_try_at <= timezone.now():
        _enqueue(send_message, message.pk)
    elif send_message.get_backend().supports_defer:
        _enqueue(send_message.using(run_after=message.next_try_at), message.pk)


def enqueue_certificates(sender, visit, **kwargs) -> None:
    """Receiver of ``certificates_planned``: enqueue the issuing of the visit's certificates."""
    _enqueue(issue_certificates, visit.pk)


def enqueue_paper(sender, paper, **kwargs) -> None:
    """Receiver of ``paper_wanted``: enqueue the drawing of the paper."""
    _enqueue(make_paper, paper.pk)


def ask_for_pack(sender, visit, source, target, **kwargs) -> None:
    """Receiver of ``visit_moved``: the guests of a completed visit get their papers without a press of staff."""
    if source == VisitStatus.APPROVED and target == VisitStatus.COMPLETED:
        make.ask(visit, pack.PACK.key)


def connect() -> None:
    """Connect to the signals of visits/signals.py; called once when the app is ready."""
    signals.message_queued.connect(enqueue_message, dispatch_uid="visits.tasks.enqueue_message")
    signals.certificates_planned.connect(enqueue_certificates, dispatch_uid="visits.tasks.enqueue_certificates")
    signals.paper_wanted.connect(enqueue_paper, dispatch_uid="visits.tasks.enqueue_paper")
    signals.visit_moved.connect(ask_for_pack, dispatch_uid="visits.tasks.ask_for_pack")
    backups.restored.connect(erase_again, dispatch_uid="visits.tasks.erase_again")
    clock.every_minute.connect(each_minute, dispatch_uid="visits.tasks.each_minute")
    clock.every_day.connect(each_day, dispatch_uid="visits.tasks.each_day")


def each_minute(sender, now, **kwargs) -> None:
    """Receiver of the clock: release expired holds, offer free places to the waiting list, send reminders, enqueue lost tasks."""
    decisions.expire_holds(now)
    scheduling.expire_proposals(now)
    waiting_list.offer_free_places(now)
    reminders.queue_due(now)
    sweep()
    if settings.INBOX_URL and now.minute % READ_EVERY == 0 and not _waiting(read_mailbox).exists():
        read_mailbox.enqueue()


def each_day(sender, now, **kwargs) -> None:
    """Receiver of the clock: create the sessions of the new day in the booking horizon, delete expired data, send daily summaries."""
    availability.refresh_slots(now=now)
    drafts.delete_old(now)
    privacy.purge(now, carrying=carrying)
    erasure.anonymise_old(now, carrying=carrying)
    data_requests.delete_old(now)
    draft_letters.delete_old(now)
    answers.delete_old(now)
    adoptions.forget_reporters(now)
    pack.forget_expired(now)
    for pk in digest.subscribers().values_list("pk", flat=True):
        send_digest.enqueue(pk)


def erase_again(sender, backup, **kwargs) -> int:
    """Receiver of ``restored``: erase everybody whom the backup brought back; newer backups know who that is. Returns how many."""
    return erasure.apply_again(carrying=carrying, lists=backup.parent.glob(f"*/{backups.ERASURES}"))


def sweep() -> dict[str, int]:
    """Enqueue due mail, planned certificates and waiting office papers whose tasks were lost; returns how many of each.

    What has a task in the database's queue already gets no second one. Other queues cannot be asked; there, a task more does no harm.
    """
    messages = sending.due(timezone.now()).values_list("pk", flat=True)
    visits = Certificate.objects.filter(status=CertificateStatus.PLANNED).values_list("visit_id", flat=True)
    papers = OfficePaper.objects.filter(state=OfficePaper.State.WAITING).values_list("pk", flat=True)
    return {
        "messages": _enqueue_lost(send_message, messages),
        "visits_with_planned_certificates": _enqueue_lost(issue_certificates, visits),
        "papers": _enqueue_lost(make_paper, papers),
    }


def _enqueue_lost(job: Task, rows: Iterable[int]) -> int:
    lost = set(rows) - _in_the_queue(job)
    for pk in sorted(lost):
        job.enqueue(pk)
    return len(lost)


def _waiting(job: Task) -> QuerySet[DBTaskResult]:
    """Tasks in the database's queue that wait or run; none of another queue."""
    waiting = DBTaskResult.objects.filter(task_path=job.module_path, status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING))
    return waiting if isinstance(job.get_backend(), DatabaseBackend) else waiting.none()


def _in_the_queue(job: Task) -> set[int]:
    """Primary keys of the rows for which a task waits or runs."""
    return {arguments["args"][0] for arguments in _waiting(job).values_list("args_kwargs", flat=True)}
