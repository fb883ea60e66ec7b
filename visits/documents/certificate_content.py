"""What a certificate says, in plain values. Knows no model and draws nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields

from django.utils.translation import gettext

from knowledge_hub.papers import PaperRefused


@dataclass(frozen=True)
class CertificateContent:
    """Everything that one certificate says. ``_id`` and ``_en`` are Indonesian and English; dates are the venue's.

    Attributes:
        design: a key of :data:`visits.documents.certificate_designs.DESIGNS`.
        heading_id, heading_en, deed_id, deed_en, closing_id, closing_en: words that staff chose instead of the design's own;
            empty for those.
        signature, logos: names of pictures in the store of :mod:`visits.documents.pictures`.
        credential: the machine-readable twin that is attached to the file, or empty.
    """

    number: str
    name: str
    organisation: str
    programme_id: str
    programme_en: str
    visit_date: dt.date
    issued_on: dt.date
    verify_url: str
    design: str = "participant"
    position: str = ""
    region: str = ""
    venue_id: str = ""
    venue_en: str = ""
    topics_id: tuple[str, ...] = ()
    topics_en: tuple[str, ...] = ()
    issuer: str = "Pemerintah Kota Binjai"
    issuer_address: str = ""
    place: str = "Binjai"
    signatory_name: str = ""
    signatory_position: str = ""
    signatory_rank: str = ""
    heading_id: str = ""
    heading_en: str = ""
    deed_id: str = ""
    deed_en: str = ""
    closing_id: str = ""
    closing_en: str = ""
    signature: str = ""
    logos: tuple[str, ...] = ()
    credential: bytes = b""

    @classmethod
    def from_snapshot(cls, snapshot: Mapping, *, verify_url: str, credential: bytes = b"") -> "CertificateContent":
        """Content from a certificate's snapshot, whose keys are these fields with ISO dates; other keys are left alone.

        Raises:
            PaperRefused: a field is missing or a date is none.
        """
        known = {field.name: snapshot[field.name] for field in fields(cls) if field.name in snapshot}
        try:
            dates = {name: dt.date.fromisoformat(known[name]) for name in ("visit_date", "issued_on")}
            lists = {name: tuple(known[name]) for name in ("topics_id", "topics_en", "logos") if name in known}
            return cls(**{**known, **dates, **lists, "verify_url": verify_url, "credential": credential})
        except (KeyError, TypeError, ValueError) as error:
            raise PaperRefused(gettext("The certificate's record is incomplete: %(reason)s") % {"reason": error}) from error
