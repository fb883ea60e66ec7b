"""What a speaker's page tells, and the ledger of hours and audiences."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, ExtractYear

from visits.domain import agenda, attendance
from visits.domain.agenda_times import TimedItem
from visits.domain.calendar_days import VENUE_ZONE
from visits.domain.place import Place, place_of
from visits.enums import VisitStatus
from visits.models import AgendaItem, Delegate, Question, Resource, SpeakerInvitation, Visit

EARLIER_QUESTIONS = 8
"""Questions about the same case study that a speaker is shown."""


@dataclass(frozen=True)
class SpeakerPage:
    """The item with its time and room, the audience, and what earlier guests asked about the case study."""

    invitation: SpeakerInvitation
    visit: Visit
    row: TimedItem | None
    place: Place
    topics: list[str]
    asked: list[Question]


def speaker_page(invitation: SpeakerInvitation) -> SpeakerPage:
    """Read the page of a speaker, in about eight queries.

    Args:
        invitation: with item and visit, as speakers.by_token() gives it.
    """
    item, visit = invitation.item, invitation.item.visit
    row = next((row for row in agenda.agenda_of(visit) if row.item.pk == item.pk), None)
    return SpeakerPage(
        invitation=invitation,
        visit=visit,
        row=row,
        place=place_of(visit),
        topics=[topic.name for topic in visit.topics.all()],
        asked=list(earlier_questions(item)),
    )


def earlier_questions(item: AgendaItem) -> QuerySet[Question]:
    """Accepted questions of other visits about the case study of an item, the latest first, without who asked."""
    if item.case_study_id is None:
        return Question.objects.none()
    asked = Question.objects.filter(case_study=item.case_study_id, state=Question.State.ACCEPTED).exclude(visit=item.visit_id)
    return asked.order_by("-pk")[:EARLIER_QUESTIONS]


def known_biography(invitation: SpeakerInvitation) -> str:
    """What the speaker wrote for this visit or an earlier one, else what is known of the person; one query at most."""
    if invitation.biography:
        return invitation.biography
    earlier = invitation.speaker.invitations.exclude(biography="").order_by("-pk").values_list("biography", flat=True).first()
    return earlier or invitation.speaker.biography


def ledger(year: int | None = None) -> QuerySet[Resource]:
    """People who spoke at completed visits, each with ``talks``, ``visits``, ``minutes`` and ``audience``; one query.

    A talk is an item of the agenda with this speaker. The audience of a talk are those who attended the visit.

    Args:
        year: of the visits; all years if None.
    """
    talks = AgendaItem.objects.filter(visit__status=VisitStatus.COMPLETED, speaker=OuterRef("pk"))
    if year is not None:
        begin, end = (dt.datetime(number, 1, 1, tzinfo=VENUE_ZONE) for number in (year, year + 1))
        talks = talks.filter(visit__slot__starts_at__gte=begin, visit__slot__starts_at__lt=end)
    present = attendance.present_among(Delegate.objects.filter(visit=OuterRef("visit"))).order_by()
    counted = present.values("visit").annotate(count=Count("pk")).values("count")
    talks = talks.order_by().annotate(present=Coalesce(Subquery(counted, output_field=IntegerField()), 0)).values("speaker")

    def total(**what) -> Coalesce:
        name = next(iter(what))
        return Coalesce(Subquery(talks.annotate(**what).values(name), output_field=IntegerField()), 0)

    people = Resource.objects.filter(kind__is_person=True).annotate(
        talks=total(n_talks=Count("pk")),
        visits=total(n_visits=Count("visit", distinct=True)),
        minutes=total(n_minutes=Sum("duration_minutes")),
        audience=total(n_audience=Sum("present")),
    )
    return people.filter(talks__gt=0).order_by("-minutes", "name")


def years() -> list[int]:
    """Years in which somebody spoke, the latest first."""
    spoken = AgendaItem.objects.filter(visit__status=VisitStatus.COMPLETED, speaker__isnull=False, visit__slot__isnull=False)
    found = spoken.annotate(year=ExtractYear(F("visit__slot__starts_at"), tzinfo=VENUE_ZONE)).order_by().values_list("year", flat=True)
    return sorted(set(found), reverse=True)
