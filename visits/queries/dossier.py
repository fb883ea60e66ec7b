"""All data of the papers of a visit, read at once in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch
from django.utils.functional import cached_property
from wagtail.models import Page, ReferenceIndex

from knowledge_hub.core import audience
from knowledge_hub.models import CustomDocument
from visits.domain import agenda, attendance, replies
from visits.models import (
    AgendaItem,
    Certificate,
    Delegate,
    Disposition,
    Gift,
    HostOfficial,
    IncomingLetter,
    Minutes,
    OfficeSettings,
    Question,
    ReplyLetter,
    Visit,
    VisitPhoto,
    VisumEntry,
)


@dataclass(frozen=True)
class Dossier:
    """A visit with its letters and records. Its attributes make no further queries."""

    visit: Visit
    office: OfficeSettings
    letter: IncomingLetter | None
    dispositions: list[Disposition]
    reply: ReplyLetter | None
    items: list[AgendaItem]
    delegates: list[Delegate]
    officials: list[HostOfficial]
    gifts: list[Gift]
    minutes: Minutes | None
    visum: VisumEntry | None
    questions: list[Question]
    photos: list[VisitPhoto]
    certificates: list[Certificate]

    @cached_property
    def agenda(self) -> list[agenda.TimedItem]:
        """The items of the agenda with times, speakers and rooms."""
        return agenda.agenda_of(self.visit, self.items)

    @cached_property
    def present(self) -> list[Delegate]:
        """Delegates who are checked in, in the order of protocol."""
        return [delegate for delegate in self.delegates if delegate.last_kind in attendance.PRESENT]

    @property
    def travellers(self) -> list[Delegate]:
        """Delegates who are checked in; all delegates before the first check-in."""
        return self.present or self.delegates

    @property
    def visum_signer(self) -> HostOfficial | None:
        """The chosen official, if he or she may still sign; without a choice the first one in the order of protocol who may. None if nobody
        may."""
        allowed = [official for official in self.officials if official.signs_visum]
        if self.visum:
            allowed = [official for official in allowed if official.pk == self.visum.signatory_id]
        return next(iter(allowed), None)

    @property
    def records_signer(self) -> HostOfficial | None:
        """The official who approved the minutes, else the first one who may sign records."""
        if self.minutes and self.minutes.signatory:
            return self.minutes.signatory
        return next((official for official in self.officials if official.signs_records), None)

    @property
    def photos_with_consent(self) -> list[VisitPhoto]:
        """Photos that the people on them agreed to."""
        return [photo for photo in self.photos if photo.consent]


def dossier(visit: Visit) -> Dossier:
    """Read all data of a visit, in about ten queries."""
    visit = (
        Visit.objects.select_related("programme", "slot", "region")
        .prefetch_related(
            Prefetch("questions", Question.objects.filter(state=Question.State.ACCEPTED).select_related("case_study")),
            Prefetch("agenda_items", agenda.with_people(AgendaItem.objects.all())),
            "letters",
            "gifts",
            "photos",
            "topics",
            "allocations__resource__kind",
        )
        .get(pk=visit.pk)
    )
    return Dossier(
        visit=visit,
        office=OfficeSettings.load(),
        letter=next(iter(visit.letters.all()), None),
        dispositions=dispositions_of(visit),
        reply=replies.valid_reply(visit),
        items=list(visit.agenda_items.all()),
        delegates=list(attendance.with_last_event(visit)),
        officials=list(HostOfficial.objects.filter(active=True)),
        gifts=[gift for gift in visit.gifts.all() if not gift.is_planned],
        minutes=Minutes.objects.select_related("signatory").filter(visit=visit).first(),
        visum=VisumEntry.objects.select_related("signatory").filter(visit=visit).first(),
        questions=list(visit.questions.all()),
        photos=list(visit.photos.all()),
        certificates=list(visit.certificates.filter(status="issued").exclude(file="")),
    )


def dispositions_of(visit: Visit) -> list[Disposition]:
    """Dispositions on the visit's letters in the order in which they were written, each with ``ticked``: its instructions in words."""
    chain = list(Disposition.objects.filter(letter__visit=visit).select_related("letter"))
    words = dict(Disposition.Instruction.choices)
    for disposition in chain:
        disposition.ticked = [str(words[code]) for code in disposition.instructions if code in words]
    return chain


def public_documents(case_studies: Iterable[int]) -> list[CustomDocument]:
    """Public documents that case studies link to, ordered by title.

    Args:
        case_studies: primary keys of pages; pages that are not public are left out.
    """
    pages = [str(pk) for pk in audience.public(Page.objects.filter(pk__in=set(case_studies))).values_list("pk", flat=True)]
    types = ContentType.objects.get_for_models(Page, CustomDocument)
    links = ReferenceIndex.objects.filter(
        base_content_type=types[Page], object_id__in=pages, to_content_type=types[CustomDocument]
    ).values_list("to_object_id", flat=True)
    documents = CustomDocument.objects.filter(pk__in=[int(pk) for pk in links]).order_by("title", "pk")
    return list(audience.in_public_collections(documents))
