"""What visits add to the initial content: programmes, certificate templates, holidays, number sequences, groups, the visit of 2018.

Idempotent: what exists is left as staff made it.
"""

from django.utils import timezone

from knowledge_hub.core import signals
from knowledge_hub.models import Region
from knowledge_hub.staff.groups import allow_pages
from visits.content import programmes, recorded_visit
from visits.domain import availability, holidays
from visits.domain.calendar_days import local_date
from visits.enums import CertificateDesign, OrganisationKind, VisitSource, VisitStatus
from visits.models import (
    AgendaTemplateItem,
    CertificateTemplate,
    Gift,
    NumberSequence,
    Programme,
    ResourceKind,
    TaskTemplate,
    Visit,
    VisitNoteIndexPage,
    VisitNotePage,
    WeeklyHours,
)
from visits.models.letters import NEW_PATTERNS
from visits.permissions import PROTOCOL, create_groups

HOLIDAY_YEARS = (2018, 2024, 2025, 2026, 2027)


def load_programmes() -> None:
    """Programmes that do not exist yet, with their opening hours, agendas and tasks of preparation."""
    for entry in programmes.PROGRAMMES:
        programme, created = Programme.objects.get_or_create(slug=entry["slug"], defaults={**programmes.RULES, **entry["values"]})
        if created:
            WeeklyHours.objects.bulk_create(
                WeeklyHours(programme=programme, weekday=weekday, start=start, end=end) for weekday, start, end in entry["hours"]
            )
            AgendaTemplateItem.objects.bulk_create(
                AgendaTemplateItem(programme=programme, sort_order=order, kind=kind, duration_minutes=minutes)
                for order, (kind, minutes) in enumerate(programmes.AGENDAS[entry["slug"]])
            )
            TaskTemplate.objects.bulk_create(
                TaskTemplate(programme=programme, title=title, days_before=days) for title, days in programmes.TASKS[entry["slug"]]
            )


def load_kinds() -> None:
    """Kinds of resources, once: on a site that has any, one that staff removed does not come back."""
    if not ResourceKind.objects.exists():
        ResourceKind.objects.bulk_create(ResourceKind(**values) for values in programmes.KINDS)


def load_certificate_templates() -> None:
    """One template for each design, once: staff name their signatory there."""
    if not CertificateTemplate.objects.exists():
        CertificateTemplate.objects.bulk_create(
            CertificateTemplate(name=name, design=design, is_default=design == CertificateDesign.PARTICIPANT)
            for name, design in programmes.CERTIFICATE_TEMPLATES
        )


def load_holidays() -> None:
    """Holidays of years that were never imported: a day that staff removed does not come back."""
    for year in HOLIDAY_YEARS:
        if not holidays.has_been_imported(year):
            holidays.import_holidays(year)


def load_number_sequences() -> None:
    """This year's sequences, so that their patterns can be edited before the first number is taken."""
    year = local_date(timezone.now()).year
    for key, pattern in NEW_PATTERNS.items():
        NumberSequence.objects.get_or_create(key=key, year=year, defaults={"pattern": pattern})


def load_record() -> Visit:
    """The recorded visit with its souvenir; a copy of the source, not of a request."""
    visit, created = Visit.objects.get_or_create(
        source=VisitSource.RECORD,
        recorded_date=recorded_visit.VISIT["recorded_date"],
        region_id=recorded_visit.VISIT["region_id"],
        defaults={
            "organisation": recorded_visit.VISIT["organisation"],
            "organisation_kind": OrganisationKind.LOCAL_COUNCIL,
            # Not a move: a visit known from a published source was over before the product knew of it.
            "status": VisitStatus.COMPLETED,
        },
    )
    if created:
        Gift.objects.create(visit=visit, given_by_host=True, source_note=recorded_visit.SOURCE, **recorded_visit.GIFT)
    return visit


def load(sender, *, home_pages, load_pages, **kwargs) -> None:
    """Receiver of ``initial_content_loaded``: everything, in the transaction of the knowledge base."""
    new_groups = create_groups()
    load_programmes()
    load_kinds()
    load_certificate_templates()
    load_holidays()
    load_number_sequences()
    if Region.objects.filter(pk=recorded_visit.VISIT["region_id"]).exists():
        visit = load_record()
        index = load_pages(VisitNoteIndexPage, home_pages, recorded_visit.NOTE_INDEX, show_in_menus=True)
        for group in new_groups:
            if group.name == PROTOCOL:
                allow_pages(group, index.values(), ("add", "change"))
        load_pages(VisitNotePage, index, recorded_visit.NOTE, visit=visit, source=recorded_visit.SOURCE, owner_unit="Pemko Binjai")
    availability.refresh_slots(now=timezone.now())


def connect() -> None:
    """Connect to the knowledge base's signal; called once when the app is ready."""
    signals.initial_content_loaded.connect(load, dispatch_uid="visits.content.load")
