"""What the guests take home: one ZIP with names that a report can cite."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.core.files import File
from django.core.files.storage import storages
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge_hub.core.personal_fields import personal
from knowledge_hub.papers import PaperRefused
from visits.documents.declaration import WORKING_ON_VISITS
from visits.documents.office.base import VisitPaper, times_of
from visits.documents.office.kinds import KINDS
from visits.domain.calendar_days import day_of
from visits.domain.file_names import readable
from visits.domain.privacy import remove_papers
from visits.enums import VisitStatus
from visits.models import OfficePaper, OfficeSettings, Visit
from visits.permissions import AUDIT
from visits.queries.dossier import Dossier, public_documents

DRAWN = [kind for kind in KINDS.values() if kind.in_pack]
"""Papers that the pack holds as far as they can be made."""


@dataclass
class _Told:
    """What the list of contents says: what is there, and what is not, with the reason."""

    there: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def files(facts: Dossier, draw: Callable[[str], bytes]) -> Iterator[tuple[str, bytes | File]]:
    """Names and contents, the list of contents last. A file is to be read at once: it is closed when the next one is asked for.

    Raises:
        PaperRefused: the visit is not completed, or a file of it is gone.
    """
    PACK.check(facts)
    told = _Told()
    for part in (_papers(facts, draw, told), _materials(facts, told), _kept(facts)):
        for name, content in part:
            told.there.append(name)
            yield name, content
    yield _("READ ME.txt"), _list_of(facts, told).encode()


def _papers(facts: Dossier, draw: Callable[[str], bytes], told: _Told) -> Iterator[tuple[str, bytes | File]]:
    reference, number = facts.visit.reference, 0
    if facts.reply and facts.reply.signed_file:
        number += 1
        with _opened(facts.reply.signed_file.name) as signed:
            yield f"{number:02d} {_('Reply letter')} {reference}.pdf", signed
    for kind in DRAWN:
        if kind.obstacles(facts):
            continue
        number += 1
        try:
            yield f"{number:02d} {readable(str(kind.title))} {reference}.pdf", draw(kind.key)
        except PaperRefused as refusal:
            # One paper that cannot be drawn does not keep the others back; the list says why it is not there.
            told.left_out.append(f"{kind.title}: {refusal}")


def _materials(facts: Dossier, told: _Told) -> Iterator[tuple[str, File]]:
    """Slides of the agenda, then what its case studies offer, as much as the settings allow."""
    folder, room, number = _("Materials"), facts.office.pack_megabytes * 1024 * 1024, 0
    for stored, known in _shown(facts):
        with _opened(stored) as file:
            if file.size > room:
                told.left_out.append(_("%(name)s: too large for this file (%(size)s)") % {"name": known, "size": filesizeformat(file.size)})
                continue
            room -= file.size
            number += 1
            stem, _dot, ending = known.rpartition(".")
            yield f"{folder}/{number:02d} {readable(stem)}.{ending}", file


def _shown(facts: Dossier) -> list[tuple[str, str]]:
    """Names in the store and for people, of the slides and of what the case studies offer."""
    slides = [(item.material.name, f"{item.name} - {item.material_name}") for item in facts.items if item.material]
    documents = public_documents(item.case_study_id for item in facts.items if item.case_study_id)
    return slides + [(document.file.name, f"{document.title}.{document.file_extension}") for document in documents]


def _kept(facts: Dossier) -> Iterator[tuple[str, File]]:
    """Certificates and photos."""
    certificates, photos = _("Certificates"), _("Photos")
    for certificate in facts.certificates:
        with _opened(certificate.file.name) as file:
            name = readable(f"{certificate.number} {certificate.snapshot['name']}")
            yield f"{certificates}/{name}.pdf", file
    for count, photo in enumerate(facts.photos_with_consent, start=1):
        with _opened(photo.picture.name) as file:
            yield f"{photos}/{count:02d} {readable(photo.caption)}.jpg", file


def _opened(name: str) -> File:
    try:
        return storages["private"].open(name)
    except OSError as error:
        raise PaperRefused(_("A file of this visit is missing. Please tell the administrator.")) from error


def _list_of(facts: Dossier, told: _Told) -> str:
    day = day_of(facts.visit)
    when = ", ".join(filter(None, (date_format(day, "l, j F Y") if day else "", times_of(facts))))
    heading = [facts.office.government, f"{facts.visit.reference} · {facts.visit.organisation}", when]
    studies = {item.case_study.full_url: item.case_study.title for item in facts.items if item.case_study}
    parts = [
        heading,
        [_("In this file:"), *told.there],
        [_("Not in this file; please ask us for it:"), *told.left_out] if told.left_out else [],
        [_("Case studies that were presented:"), *(f"{title}: {url}" for url, title in studies.items())] if studies else [],
    ]
    return "\r\n\r\n".join("\r\n".join(part) for part in parts if part) + "\r\n"


def _digest(facts: Dossier) -> str:
    """Tells packs apart that hold something else: other words on a paper, another certificate, other slides or photos."""
    parts = [facts.reply.signed_file.name if facts.reply else "", str(facts.office.pack_megabytes)]
    for kind in DRAWN:
        if not kind.obstacles(facts):
            try:
                parts.append(kind.digest(facts))
            except PaperRefused as refusal:
                parts.append(str(refusal))
    parts += [f"{stored} {known}" for stored, known in _shown(facts)]
    parts += [f"{certificate.number} {certificate.sha256}" for certificate in facts.certificates]
    parts += [f"{photo.picture.name} {photo.caption}" for photo in facts.photos_with_consent]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def missing(facts: Dossier) -> list[str]:
    """The visit must be over."""
    return [] if facts.visit.status == VisitStatus.COMPLETED else [_("The visit is not completed yet.")]


class _Pack(VisitPaper):
    """The pack, which no template draws."""

    def digest(self, dossier):
        """Of all that it holds."""
        self.check(dossier)
        return _digest(dossier)

    def expires_at(self, paper, office):
        """Some days after it was made."""
        return paper.made_at + dt.timedelta(days=office.pack_days) if paper.made_at else None


PACK = _Pack(
    key="pack",
    title=gettext_lazy("Pack for the guests (ZIP)"),
    explanation=gettext_lazy("Papers, materials, certificates and photos in one file, behind the secret link of the guests."),
    missing=missing,
    ending="zip",
    opened_by=(*WORKING_ON_VISITS, AUDIT),
    made_by=WORKING_ON_VISITS,
    carries=(
        *(field for kind in DRAWN for field in kind.carries),
        *personal("visits.ReplyLetter", "signed_file"),
        *personal("visits.AgendaItem", "material", "material_name"),
        *personal("visits.Certificate", "file", "snapshot"),
        *personal("visits.VisitPhoto", "picture", "caption"),
    ),
    is_made_with_all=False,
)


def open_pack(visit: Visit, now: dt.datetime) -> tuple[OfficePaper, dt.datetime] | None:
    """The pack that the guest may download now, and until when; None before completion, before it is made, and afterwards."""
    if visit.status != VisitStatus.COMPLETED:
        return None
    paper = visit.papers.filter(kind=PACK.key).exclude(file="").first()
    until = PACK.expires_at(paper, OfficeSettings.load()) if paper else None
    return (paper, until) if until and now < until else None


def forget_expired(now: dt.datetime) -> int:
    """Delete packs that guests may not download any more; staff can make a new one. Returns how many."""
    before = now - dt.timedelta(days=OfficeSettings.load().pack_days)
    return remove_papers(OfficePaper.objects.filter(kind=PACK.key, made_at__lt=before))
