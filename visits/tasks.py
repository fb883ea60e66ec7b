"""Background tasks: thin, each calls one domain, document or mail function with a primary key.

Truth lives in rows, not in the queue: a task that was lost is found again by the clock (sweep()).
"""

from functools import partial

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task
from django_tasks_db.backend import DatabaseBackend

from knowledge_hub.core import clock
from visits import signals
from visits.documents.office import pack
from visits.domain import availability, decisions, drafts, outbox, privacy, scheduling, waiting_list
from visits.enums import CertificateStatus
from visits.mail import sending
from visits.models import Certificate, OfficePaper
from visits.public import draft


@task()
def send_message(message_pk: int) -> bool:
    """Let one mail of the outbox leave."""
    return sending.send(message_pk)


@task()
def issue_certificates(visit_pk: int) -> int:
    """Make the planned certificates of a visit; returns how many were issued."""
    # Imported when the task runs: drawing needs half a second and 100 MiB to load, which the web process never spends.
    from visits.documents import issue

    return issue.issue_planned(visit_pk)


@task()
def make_paper(paper_pk: int) -> bool:
    """Draw an office paper that is wanted."""
    # Imported when the task runs, as above.
    from visits.documents.office import make

    return make.make(paper_pk)


def _enqueue(job: Task, pk: int) -> None:
    """Let a task exist exactly if what it is about does.

    A queue in the same database takes part in the caller's transaction, which saves a commit of its own (half of what a booking
    waits for on SQLite); any other is told on commit.
    """
    if isinstance(job.get_backend(), DatabaseBackend):
        job.enqueue(pk)
    else:
        transaction.on_commit(partial(job.enqueue, pk))


def enqueue_message(sender, message, **kwargs) -> None:
    """Receiver of ``message_queued``."""
    _enqueue(send_message, message.pk)


def enqueue_certificates(sender, visit, **kwargs) -> None:
    """Receiver of ``certificates_planned``."""
    _enqueue(issue_certificates, visit.pk)


def enqueue_paper(sender, paper, **kwargs) -> None:
    """Receiver of ``paper_wanted``."""
    _enqueue(make_paper, paper.pk)


def connect() -> None:
    """Connect to the signals of visits/signals.py; called once when the app is ready."""
    signals.message_queued.connect(enqueue_message, dispatch_uid="visits.tasks.enqueue_message")
    signals.certificates_planned.connect(enqueue_certificates, dispatch_uid="visits.tasks.enqueue_certificates")
    signals.paper_wanted.connect(enqueue_paper, dispatch_uid="visits.tasks.enqueue_paper")
    clock.every_minute.connect(each_minute, dispatch_uid="visits.tasks.each_minute")
    clock.every_day.connect(each_day, dispatch_uid="visits.tasks.each_day")


def each_minute(sender, now, **kwargs) -> None:
    """Receiver of the clock: give back seats whose time is over, offer them to those who wait, send what waits."""
    decisions.let_holds_lapse(now)
    scheduling.let_proposals_lapse(now)
    waiting_list.offer_free_places(now)
    outbox.queue_reminders(now)
    sweep()


def each_day(sender, now, **kwargs) -> None:
    """Receiver of the clock: open the sessions of the day that came into the booking horizon, forget what was only for a while."""
    availability.refresh_slots(now=now)
    drafts.forget_old(now)
    privacy.purge(now)
    draft.delete_old_letters(now)
    pack.forget_expired(now)


def sweep() -> dict[str, int]:
    """Enqueue what waits and has no task any more: mail that is due, certificates and office papers."""
    messages = list(sending.due(timezone.now()).values_list("pk", flat=True))
    for pk in messages:
        send_message.enqueue(pk)
    visits = set(Certificate.objects.filter(status=CertificateStatus.PLANNED).values_list("visit_id", flat=True))
    for pk in visits:
        issue_certificates.enqueue(pk)
    papers = list(OfficePaper.objects.filter(state=OfficePaper.State.WAITING).values_list("pk", flat=True))
    for pk in papers:
        make_paper.enqueue(pk)
    return {"messages": len(messages), "visits_with_planned_certificates": len(visits), "papers": len(papers)}
