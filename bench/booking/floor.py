"""The floor of a booking: one transaction that locks the programme and writes the same rows, with nothing of the product around it."""

import uuid
from collections import Counter

from django.db import models, transaction
from django.db.models import F
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry

from bench import queries
from bench.booking import world
from visits.domain import booking
from visits.models import OutboundMessage, Programme, Visit, VisitSlot


class BareBookings:
    """Books in one programme as often as it is asked to, each time with copies of the rows of one real booking.

    Raises:
        AssertionError: a booking writes other rows than this does.
    """

    def __init__(self, programme: Programme):
        self.programme = programme
        draft = world.request(programme.slots.first(), world.region(), uuid.uuid4().hex[:12], world.GROUPS[0])
        sent = queries.sent_by(lambda: booking.submit(draft))
        visit = Visit.objects.get(submission_key=draft.submission_key)
        self.rows = (
            visit,
            ModelLogEntry.objects.get(object_id=str(visit.pk), content_type__model="visit"),
            OutboundMessage.objects.get(visit=visit),
            DBTaskResult.objects.order_by("enqueued_at").last(),
        )
        written = _writes(sent), _writes(queries.sent_by(lambda: self.book(draft.slot.pk, draft.group_size)))
        assert written[0] == written[1], f"A booking writes {written[0]}, its floor {written[1]}: change {__name__}."

    def book(self, slot: int, persons: int) -> None:
        """Write one booking."""
        visit, entry, message, task = (_as_new(row) for row in self.rows)
        with transaction.atomic():
            Programme.objects.select_for_update(no_key=True).get(pk=self.programme.pk)
            VisitSlot.objects.filter(pk=slot).update(used_persons=F("used_persons") + persons, used_visits=F("used_visits") + 1)
            visit.slot_id, visit.group_size, visit.seats_held = slot, persons, persons
            Visit.objects.bulk_create([visit])
            entry.object_id, message.visit = str(visit.pk), visit
            for row in (entry, message, task):
                type(row).objects.bulk_create([row])


def _as_new(row: models.Model) -> models.Model:
    """A copy of a row that can be inserted: its key and its other unique values are new."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not isinstance(field, models.AutoField)}
    for field in row._meta.concrete_fields:
        if field.unique and values.get(field.attname):
            values[field.attname] = uuid.uuid4() if isinstance(field, models.UUIDField) else uuid.uuid4().hex
    return type(row)(**values)


def _writes(sent: list[queries.Statement]) -> dict[str, int]:
    """How often each table is written, by the first words of the statements (INSERT INTO and UPDATE, with the table)."""
    return dict(Counter(sql.replace("INSERT INTO", "INSERT").split(" ", 2)[1] for sql, _ in sent if sql.startswith(("INSERT", "UPDATE"))))
