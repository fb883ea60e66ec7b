"""The preparation of a visit: tasks with an owner and a day, done at the desk or by a secret link, without an account."""

import datetime as dt
import hashlib
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain import outbox, tokens
from visits.domain.calendar_days import day_of
from visits.domain.changes import differences
from visits.domain.errors import Refused
from visits.enums import MessageKind, VisitStatus
from visits.models import PreparationTask, Visit

PURPOSE = "task"
"""Purpose of a task's secret link, see tokens.link_token()."""

MOST_TASKS = 60
"""Of one visit."""


@dataclass(frozen=True)
class TaskDetails:
    """What staff enter for a task; the fields of PreparationTask with the same names."""

    title: str
    responsible: str = ""
    email: str = ""
    days_before: int = 3


def details_of(task: PreparationTask) -> TaskDetails:
    """The details as they are saved."""
    return TaskDetails(task.title, task.responsible, task.email, task.days_before)


def fingerprint(task: PreparationTask) -> str:
    """Tells whether somebody changed or finished a task since a page showed it."""
    values = [*asdict(details_of(task)).values(), bool(task.done_at)]
    return hashlib.sha256("\0".join(map(str, values)).encode()).hexdigest()[:16]


def is_being_prepared(visit: Visit) -> bool:
    """Whether the visit is being prepared: its tasks can be done and changed."""
    return visit.status == VisitStatus.APPROVED


def due_on(task: PreparationTask, visit: Visit) -> dt.date | None:
    """The day by which a task must be done; None without a day of the visit. It moves with the visit."""
    day = day_of(visit)
    return day - dt.timedelta(days=task.days_before) if day else None


def link_of(task: PreparationTask) -> str:
    """The full address of the owner's page."""
    return f"{settings.SITE_URL}{reverse('task', args=[tokens.link_token(task, PURPOSE)])}"


def by_token(token: str) -> PreparationTask | None:
    """The task that a link opens, with visit, programme and session."""
    return tokens.row_by_token(PreparationTask.objects.select_related("visit__programme", "visit__slot", "visit__region"), token)


def begin(visit: Visit, *, by: User | None = None) -> int:
    """Give a visit that was just scheduled the tasks of its programme, in the caller's transaction; returns how many."""
    if visit.programme is None:
        return 0
    tasks = [
        _new(visit, TaskDetails(entry.title, entry.responsible, entry.email, entry.days_before))
        for entry in visit.programme.task_template.all()
    ]
    if tasks:
        log(instance=visit, action="visits.task", user=by, data={"event": "begun", "count": len(tasks)})
    return len(tasks)


def follow_move(visit: Visit) -> None:
    """Tell the owners of open tasks that the visit has another day, or does not take place; in the caller's transaction."""
    for task in visit.tasks.filter(done_at=None):
        _tell_owner(task, visit)


def _new(visit: Visit, details: TaskDetails) -> PreparationTask:
    task = PreparationTask(visit=visit, **asdict(details))
    tokens.give_link(task, PURPOSE)
    task.save()
    _tell_owner(task, visit)
    return task


def _tell_owner(task: PreparationTask, visit: Visit, kind: MessageKind = MessageKind.TASK) -> bool:
    """Queue a mail to the owner, if there is an address; it says how the task stands."""
    return outbox.queue_about(visit, kind, task.pk, recipient=task.email, note=task.title) is not None


def _tell_former(key: int, details: TaskDetails, visit: Visit) -> None:
    """Queue a mail that a task is gone, or is somebody else's; after that was saved."""
    outbox.queue_about(visit, MessageKind.TASK, key, recipient=details.email, note=details.title)


def _locked(visit: Visit) -> Visit:
    """The visit under its lock; raises Refused if it is not being prepared."""
    current = Visit.objects.select_for_update(of=("self",)).select_related("programme", "slot", "region").get(pk=visit.pk)
    if not is_being_prepared(current):
        raise Refused(_("The visit is “%(status)s”. Nothing has to be prepared for it now.") % {"status": current.get_status_display()})
    return current


def _current(task: PreparationTask, visit: Visit) -> PreparationTask:
    current = visit.tasks.filter(pk=task.pk).first()
    if current is None:
        raise Refused(_("Somebody else removed this task meanwhile."))
    return current


def _checked(details: TaskDetails) -> TaskDetails:
    """The details without spaces around them; raises Refused without a title."""
    kept = TaskDetails(details.title.strip(), details.responsible.strip(), details.email.strip(), details.days_before)
    if not kept.title:
        raise Refused(_("Say what is to be done."))
    return kept


@transaction.atomic
def add(visit: Visit, details: TaskDetails, *, by: User | None) -> PreparationTask:
    """Add a task and mail its owner. The same open task again (a double click) is returned, not added.

    Raises:
        Refused: the visit is not being prepared, has too many tasks, or the task has no title.
    """
    details = _checked(details)
    current = _locked(visit)
    if twin := current.tasks.filter(done_at=None, **asdict(details)).first():
        return twin
    if current.tasks.count() >= MOST_TASKS:
        raise Refused(_("A visit has at most %(count)d tasks.") % {"count": MOST_TASKS})
    task = _new(current, details)
    log(instance=current, action="visits.task", user=by, data={"event": "added", "task": task.title})
    return task


@transaction.atomic
def change(task: PreparationTask, details: TaskDetails, *, seen: str, by: User | None) -> PreparationTask:
    """Change a task and mail its owner; a former owner is told that it is not needed any more from there.

    A new address gets a new link, so that the old one opens nothing.

    Args:
        seen: fingerprint() of the task as the page showed it.

    Raises:
        Refused: somebody else changed or removed it meanwhile, the visit is not being prepared, or the title is missing.
    """
    details = _checked(details)
    visit = _locked(task.visit)
    current = _current(task, visit)
    before = details_of(current)
    if before == details:
        return current
    if fingerprint(current) != seen:
        raise Refused(
            _("Somebody else changed this task meanwhile; it now says: %(task)s, %(responsible)s. Look at it again.")
            % {"task": current.title, "responsible": current.responsible or "–"}
        )
    for name, value in asdict(details).items():
        setattr(current, name, value)
    if before.email != details.email:
        tokens.give_link(current, PURPOSE)
    current.save()
    if before.email and before.email != details.email:
        _tell_former(current.pk, before, visit)
    changes = differences(asdict(before), asdict(details), mask=["email"])
    log(instance=visit, action="visits.task", user=by, data={"event": "changed", "task": current.title, "changes": changes})
    if not current.done_at:
        _tell_owner(current, visit)
    return current


@transaction.atomic
def remove(task: PreparationTask, *, by: User | None) -> None:
    """Remove a task; its owner is told that it is not needed any more. A second press does nothing. Raises Refused as add()."""
    visit = _locked(task.visit)
    current = visit.tasks.filter(pk=task.pk).first()
    if current is None:
        return
    log(instance=visit, action="visits.task", user=by, data={"event": "removed", "task": current.title})
    key = current.pk
    current.delete()
    if not current.done_at:
        _tell_former(key, details_of(current), visit)


@transaction.atomic
def finish(task: PreparationTask, *, note: str = "", by: User | None = None) -> PreparationTask:
    """Mark a task as done, by its link or at the desk (``by``). A second press changes nothing.

    Raises:
        Refused: the visit is not being prepared, the task was removed, or it is done already with another note.
    """
    note = note.strip()
    visit = _locked(task.visit)
    current = _current(task, visit)
    if current.done_at:
        if note and note != current.note:
            raise Refused(_("This task is done already. Note: %(note)s") % {"note": current.note or "–"})
        return current
    current.done_at, current.done_by = timezone.now(), by
    current.note = note or current.note
    current.save(update_fields=["done_at", "done_by", "note"])
    owner = {} if by else {"person": current.responsible, "link": True}
    log(instance=visit, action="visits.task", user=by, data={"event": "done", "task": current.title, **owner})
    return current


@transaction.atomic
def reopen(task: PreparationTask, *, by: User | None) -> PreparationTask:
    """Open a task again that was marked as done by mistake; its owner gets the link again. Raises Refused as finish()."""
    visit = _locked(task.visit)
    current = _current(task, visit)
    if current.done_at:
        current.done_at = current.done_by = None
        current.save(update_fields=["done_at", "done_by"])
        log(instance=visit, action="visits.task", user=by, data={"event": "reopened", "task": current.title})
        _tell_owner(current, visit)
    return current


@transaction.atomic
def remind(task: PreparationTask, *, by: User | None) -> PreparationTask:
    """Send the owner of an open task a reminder with the link; at most one each hour.

    Raises:
        Refused: the task is done or has no address, the visit is not being prepared, or a reminder left a moment ago.
    """
    visit = _locked(task.visit)
    current = _current(task, visit)
    if current.done_at:
        raise Refused(_("This task is done already. Note: %(note)s") % {"note": current.note or "–"})
    if not current.email:
        raise Refused(_("The task has no e-mail address. Enter one first."))
    earlier = outbox.mails_about(visit, MessageKind.TASK_REMINDER, current.pk)
    if earlier.filter(created_at__gt=timezone.now() - dt.timedelta(hours=1)).exists():
        raise Refused(_("A reminder of this task left within the last hour."))
    if not _tell_owner(current, visit, MessageKind.TASK_REMINDER):
        raise Refused(_("Very many reminders of this task were sent already. Call its owner."))
    log(instance=visit, action="visits.task", user=by, data={"event": "reminded", "task": current.title})
    return current
