"""What the guests take home: one ZIP with names that a report can cite."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator

from django.core.files.storage import storages
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from knowledge_hub.papers import PaperRefused
from visits.documents.office.kinds import KINDS
from visits.domain.privacy import remove_papers
from visits.enums import VisitStatus
from visits.models import OfficePaper, OfficeSettings, Visit
from visits.queries.dossier import Dossier

KEY = "pack"
DRAWN = ("agenda", "attendance_sheet", "visum", "minutes", "handover")
"""Papers that the pack holds as far as they can be made."""


def files(facts: Dossier, draw: Callable[[str], bytes]) -> Iterator[tuple[str, bytes]]:
    """Names and contents, the list of contents last.

    Raises:
        PaperRefused: the visit is not completed.
    """
    if facts.visit.status != VisitStatus.COMPLETED:
        raise PaperRefused(_("The visit is not completed yet."))
    told = []
    for name, content in _all(facts, draw, told):
        told.append(name)
        yield name, content
    list_name = _("READ ME.txt")
    yield list_name, _list_of(facts, told).encode()


def _all(facts: Dossier, draw: Callable[[str], bytes], told: list[str]) -> Iterator[tuple[str, bytes]]:
    storage, reference = storages["private"], facts.visit.reference
    letter, certificates, photos = _("Reply letter"), _("Certificates"), _("Photos")
    number = 0
    if facts.reply and facts.reply.signed_file:
        number += 1
        yield f"{number:02d} {letter} {reference}.pdf", _read(storage, facts.reply.signed_file.name)
    for key in DRAWN:
        kind = KINDS[key]
        if kind.missing(facts):
            continue
        number += 1
        try:
            yield f"{number:02d} {_file_name(str(kind.title))} {reference}.pdf", draw(key)
        except PaperRefused as refusal:
            # One paper that cannot be drawn does not keep the others back; the list says why it is not there.
            told.append(f"{kind.title}: {refusal}")
    for certificate in facts.certificates:
        name = _file_name(f"{certificate.number} {certificate.snapshot['name']}")
        yield f"{certificates}/{name}.pdf", _read(storage, certificate.file.name)
    for count, photo in enumerate(facts.photos_with_consent, start=1):
        yield f"{photos}/{count:02d} {_file_name(photo.caption)}.jpg", _read(storage, photo.picture.name)


def _read(storage, name: str) -> bytes:
    try:
        with storage.open(name) as file:
            return file.read()
    except OSError as error:
        raise PaperRefused(_("A file of this visit is missing. Please tell the administrator.")) from error


def _list_of(facts: Dossier, told: list[str]) -> str:
    start = facts.visit.slot.starts_at if facts.visit.slot_id else None
    day = date_format(timezone.localdate(start, timezone.get_default_timezone()), "l, j F Y") if start else ""
    heading = [facts.office.government, f"{facts.visit.reference} · {facts.visit.organisation}", day, ""]
    studies = {item.case_study.full_url: item.case_study.title for item in facts.items if item.case_study}
    material = ["", _("Presented material:"), *(f"{title}: {url}" for url, title in studies.items())] if studies else []
    return "\r\n".join([*heading, *told, *material, ""])


def digest(facts: Dossier) -> str:
    """Names this pack's file; a new wish makes a new one."""
    return hashlib.sha256(f"{facts.visit.pk} {timezone.now().isoformat()}".encode()).hexdigest()


def _file_name(text: str) -> str:
    """Letters that every system takes in a file name, still readable."""
    return re.sub(r"[^\w.,() -]+", "-", text).strip("-. ")[:100]


def expires_at(paper: OfficePaper, office: OfficeSettings) -> dt.datetime | None:
    """Until when guests may download a pack; None while there is none."""
    return paper.made_at + dt.timedelta(days=office.pack_days) if paper.made_at else None


def open_pack(visit: Visit, now: dt.datetime) -> tuple[OfficePaper, dt.datetime] | None:
    """The pack that the guest may download now, and until when; None before completion, before it is made, and afterwards."""
    if visit.status != VisitStatus.COMPLETED:
        return None
    paper = visit.papers.filter(kind=KEY).exclude(file="").first()
    until = expires_at(paper, OfficeSettings.load()) if paper else None
    return (paper, until) if until and now < until else None


def forget_expired(now: dt.datetime) -> int:
    """Delete packs that guests may not download any more; staff can make a new one. Returns how many."""
    before = now - dt.timedelta(days=OfficeSettings.load().pack_days)
    return remove_papers(OfficePaper.objects.filter(kind=KEY, made_at__lt=before))
