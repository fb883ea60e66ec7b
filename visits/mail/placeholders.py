"""What a mail's wording can name in braces, for instance ``{reference}``: everything about a placeholder is declared here."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from knowledge_hub.models.contact import how_to_reach_us
from visits.domain import agenda, data_requests, drafts
from visits.domain.calendar_days import VENUE_ZONE, session_times
from visits.mail import secret_links
from visits.mail.secret_links import link
from visits.models import OfficeSettings, Proposal, SpeakerInvitation, Visit
from visits.models.privacy import CLOCK

Values = dict
"""What a mail is about, by name; see visits/mail/messages.py."""

NAME = re.compile(r"\{([a-z_]*)\}")


class Shape(Enum):
    """Where a placeholder may stand."""

    WORDS = auto()
    """Within a sentence, and in a subject."""
    LINES = auto()
    LINK = auto()
    """Alone in a paragraph it becomes a button."""


@dataclass(frozen=True)
class Placeholder:
    """A placeholder.

    Attributes:
        label: what it stands for.
        value: its text in the active language; empty where there is nothing to say.
        needed: a wording whose usual form has it must keep it.
    """

    label: Promise
    value: Callable[[Values], str]
    shape: Shape = Shape.WORDS
    needed: bool = False


def _block(name: str) -> Callable[[Values], str]:
    return lambda values: render_to_string(f"visits/mail/{name}.txt", values).strip()


def _day(moment: dt.datetime | dt.date | None, shown: str = "DATE_FORMAT") -> str:
    if isinstance(moment, dt.datetime):
        moment = moment.astimezone(VENUE_ZONE)
    return date_format(moment, shown) if moment else ""


def _until(row: Proposal | SpeakerInvitation | None) -> str:
    if not row:
        return ""
    return _("%(date)s, %(time)s WIB") % {"date": _day(row.expires_at), "time": _day(row.expires_at, "TIME_FORMAT")}


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _organisation(visit: Visit) -> str:
    return f"{visit.organisation}, {visit.region.name}" if visit.region else visit.organisation


def proposal_of(values: Values) -> Proposal | None:
    """The proposed date that a mail is about; the newest one, unless a preview names another."""
    if "proposal" not in values:
        values["proposal"] = values["visit"].proposals.select_related("slot").first()
    return values["proposal"]


def _proposed_time(values: Values) -> str:
    proposal = proposal_of(values)
    return f"{_day(proposal.slot.starts_at)}, {session_times(proposal.slot, values['visit'].region)}" if proposal else ""


def _closing(values: Values) -> str:
    return _block("_closing")({"site_name": settings.WAGTAIL_SITE_NAME, "contact": how_to_reach_us()})


def _agenda(values: Values) -> str:
    return _block("_agenda")(values | {"agenda": agenda.agenda_of(values["visit"])})


def _speaker_name(values: Values) -> str:
    return values["invitation"].speaker.name if values["invitation"] else ""


def _may_download(values: Values) -> str:
    request = values["request"]
    if not (request.kind == "access" and request.state == "done"):
        return ""
    return _("You can download everything about you on this page for %(days)s.") % {"days": _days(data_requests.DOWNLOAD_FOR.days)}


def _stays(values: Values) -> str:
    return _("Until you answer, your present date stays as it is.") if values["visit"].slot else ""


PLACEHOLDERS = {
    "site_name": Placeholder(gettext_lazy("name of this site"), lambda values: settings.WAGTAIL_SITE_NAME),
    "contact": Placeholder(gettext_lazy("how to reach us"), lambda values: how_to_reach_us()),
    "closing": Placeholder(gettext_lazy("regards, with the name of this site"), _closing, Shape.LINES),
    "reference": Placeholder(gettext_lazy("reference of the visit"), lambda values: values["visit"].reference or ""),
    "organisation": Placeholder(gettext_lazy("organisation and region"), lambda values: _organisation(values["visit"])),
    "group_size": Placeholder(gettext_lazy("number of people"), lambda values: str(values["visit"].group_size)),
    "contact_name": Placeholder(gettext_lazy("name of the contact person"), lambda values: values["visit"].contact_name),
    "note": Placeholder(
        gettext_lazy("the words of the officer or guest, or what happened"), lambda values: values["note"], Shape.LINES, needed=True
    ),
    "facts": Placeholder(gettext_lazy("programme, date, place and organisation"), _block("_facts"), Shape.LINES),
    "place_details": Placeholder(gettext_lazy("online link, directions, map and telephone"), _block("_place"), Shape.LINES),
    "agenda": Placeholder(gettext_lazy("the agenda"), _agenda, Shape.LINES),
    "answer_due": Placeholder(gettext_lazy("day of the promised answer"), lambda values: _day(values["visit"].answer_due_at)),
    "letter_due": Placeholder(gettext_lazy("day of the promised letter"), lambda values: _day(values["visit"].letter_due_on)),
    "proposed_time": Placeholder(gettext_lazy("proposed date and time"), _proposed_time, needed=True),
    "proposal_until": Placeholder(gettext_lazy("until when the proposed date is held"), lambda values: _until(proposal_of(values))),
    "date_stays": Placeholder(gettext_lazy("that the present date stays until the answer"), _stays),
    "pack_days": Placeholder(gettext_lazy("how long the file of all papers stays"), lambda values: _days(OfficeSettings.load().pack_days)),
    "status_link": Placeholder(gettext_lazy("secret link to the visit"), lambda values: secret_links.STATUS.mark, Shape.LINK, needed=True),
    "confirm_link": Placeholder(
        gettext_lazy("secret link that confirms the request"), lambda values: secret_links.CONFIRM.mark, Shape.LINK, needed=True
    ),
    "survey_link": Placeholder(gettext_lazy("secret link to the survey"), lambda values: secret_links.SURVEY.mark, Shape.LINK, needed=True),
    "follow_up_link": Placeholder(
        gettext_lazy("secret link to the questions after the visit"), lambda values: secret_links.FOLLOW_UP.mark, Shape.LINK, needed=True
    ),
    "draft_link": Placeholder(
        gettext_lazy("secret link to the saved request"), lambda values: secret_links.DRAFT.mark, Shape.LINK, needed=True
    ),
    "draft_days": Placeholder(gettext_lazy("how long a saved request stays"), lambda values: _days(drafts.KEPT_FOR.days)),
    "book_link": Placeholder(gettext_lazy("link to the booking form"), lambda values: link(reverse("visits:book")), Shape.LINK),
    "rules_link": Placeholder(gettext_lazy("link to the rules of visits"), lambda values: link(reverse("visits:rules")), Shape.LINK),
    "rights_page": Placeholder(
        gettext_lazy("link to the rights about personal data"), lambda values: link(reverse("visits:rights")), Shape.LINK
    ),
    "desk_link": Placeholder(gettext_lazy("link to the page for staff"), lambda values: values["desk_link"], Shape.LINK, needed=True),
    "speaker_name": Placeholder(gettext_lazy("name of the speaker"), _speaker_name),
    "speaker_facts": Placeholder(
        gettext_lazy("item of the agenda, date, time, room and guests"), _block("_speaker_facts"), Shape.LINES, needed=True
    ),
    "speaker_until": Placeholder(gettext_lazy("until when the invitation is open"), lambda values: _until(values["invitation"])),
    "speaker_link": Placeholder(
        gettext_lazy("secret link of the speaker"), lambda values: secret_links.SPEAKER.mark, Shape.LINK, needed=True
    ),
    "task": Placeholder(gettext_lazy("the task"), lambda values: values["title"], needed=True),
    "task_facts": Placeholder(gettext_lazy("who is responsible, and by when"), _block("_task_facts"), Shape.LINES),
    "task_link": Placeholder(gettext_lazy("secret link of the task"), lambda values: secret_links.TASK.mark, Shape.LINK, needed=True),
    "visit_facts": Placeholder(gettext_lazy("organisation, date, place and status"), _block("_visit_facts"), Shape.LINES),
    "person": Placeholder(gettext_lazy("name of the person"), lambda values: values["request"].name),
    "request_kind": Placeholder(gettext_lazy("what the person asks for"), lambda values: values["request"].get_kind_display(), needed=True),
    "request_due": Placeholder(
        gettext_lazy("by when the law wants an answer"), lambda values: _day(values["request"].due_at, "DATETIME_FORMAT")
    ),
    "answer": Placeholder(gettext_lazy("our answer"), lambda values: values["request"].answer, Shape.LINES, needed=True),
    "answer_hours": Placeholder(gettext_lazy("hours within which we answer"), lambda values: str(int(CLOCK.total_seconds() // 3600))),
    "may_download": Placeholder(gettext_lazy("that the data can be downloaded"), _may_download),
    "rights_link": Placeholder(
        gettext_lazy("secret link to the request about data"), lambda values: secret_links.DATA_REQUEST.mark, Shape.LINK, needed=True
    ),
}

ANY = ("site_name", "contact", "closing")
ANY_VISIT = (*ANY, "reference", "organisation", "group_size", "note", "facts", "place_details")
GUEST = (*ANY_VISIT, "contact_name", "status_link", "book_link", "rules_link", "rights_page")
STAFF = (*ANY_VISIT, "answer_due", "desk_link")
SPEAKER = (*ANY_VISIT, "speaker_name", "speaker_facts", "speaker_until", "speaker_link")
TASK = (*ANY_VISIT, "task", "task_facts", "task_link", "visit_facts")
DATA = (*ANY, "person", "request_kind", "answer", "answer_hours", "may_download", "rights_link")


def names_in(text: str) -> list[str]:
    """The names in braces, in their order."""
    return NAME.findall(text)


def fill(text: str, values: Values) -> str:
    """The text with values in place of the placeholders, in the active language.

    A line all of whose placeholders have nothing to say is left out. Only whole names are looked up, so that no wording reaches anything
    else.
    """
    lines = []
    for line in text.splitlines():
        found = {name: PLACEHOLDERS[name].value(values) for name in names_in(line)}
        if not found or any(found.values()):
            lines.append(NAME.sub(lambda match, found=found: found[match[1]], line))
    return re.sub(r"\n\s*\n\s*\n+", "\n\n", "\n".join(lines)).strip()
