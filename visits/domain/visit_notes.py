"""The public note of a visit: drafted when the visit is closed, published by an editor."""

from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from knowledge_hub.models import CaseStudyPage, User
from visits.domain import attendance
from visits.domain.calendar_days import day_of
from visits.models import Visit, VisitNoteIndexPage, VisitNotePage

_TITLE_LENGTH = 200


def draft(visit: Visit, *, by: User | None) -> VisitNotePage | None:
    """Draft the note of a visit in the site's language, unpublished: who came from where, when, how many, and what was shown.

    It takes nothing that a guest or an official typed about persons: no names, positions, questions or minutes.

    Returns:
        The draft; None if the visit has a note already, or the site has no index of notes.
    """
    index = VisitNoteIndexPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE).first()
    if index is None or visit.notes.exists():
        return None
    with override(settings.LANGUAGE_CODE):
        page = VisitNotePage(
            title=_("Visit of %(organisation)s") % {"organisation": visit.organisation[:_TITLE_LENGTH]},
            slug=slugify(f"{visit.organisation[:60]} {visit.reference or visit.pk}"),
            summary=_summary(visit),
            body=_body(visit),
            visit=visit,
            owner=by,
            locale=index.locale,
            live=False,
            has_unpublished_changes=True,
        )
    index.add_child(instance=page)
    page.save_revision(user=by)
    return page


def _summary(visit: Visit) -> str:
    day, count = day_of(visit), attendance.attended(visit).count()
    words = ngettext(
        "%(organisation)s visited Binjai on %(day)s with %(count)d person.",
        "%(organisation)s visited Binjai on %(day)s with %(count)d people.",
        count,
    )
    return words % {"organisation": visit.organisation, "day": date_format(day, "l, j F Y") if day else "–", "count": count}


def _body(visit: Visit) -> str:
    """Rich text: the programme, the topics, and links to the published case studies that were presented."""
    paragraphs = []
    if visit.programme:
        paragraphs.append(format_html("<p>{}</p>", _("Programme: %(name)s.") % {"name": visit.programme.name}))
    if topics := [topic.name for topic in visit.topics.all()]:
        paragraphs.append(format_html("<p>{}</p>", _("Topics: %(names)s.") % {"names": ", ".join(topics)}))
    shown = CaseStudyPage.objects.live().public().filter(pk__in=visit.agenda_items.values("case_study"))
    if studies := list(shown.order_by("title")):
        links = format_html_join("", '<li><a linktype="page" id="{}">{}</a></li>', ((page.pk, page.title) for page in studies))
        paragraphs.append(format_html("<p>{}</p><ul>{}</ul>", _("Case studies that were presented:"), links))
    return "".join(paragraphs)
