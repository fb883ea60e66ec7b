"""From planned certificates to issued ones: drawn, checked, stored, announced. Safe to run again at any point."""

import hashlib
import logging

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from knowledge_hub.papers import PaperRefused
from visits.documents.certificate import CertificateContent, render_each
from visits.documents.certificate_designs import DESIGNS, version_of
from visits.domain import outbox
from visits.enums import CertificateStatus, MessageKind
from visits.models import Certificate, Visit

logger = logging.getLogger(__name__)

CHUNK = 30


def verify_url(certificate: Certificate) -> str:
    """The address in the QR code."""
    with override(settings.LANGUAGE_CODE):
        return f"{settings.SITE_URL}{reverse('verify', args=[certificate.token])}"


def content_of(certificate: Certificate) -> CertificateContent:
    """What the paper says, from the certificate's own snapshot and not from the visit as it now stands."""
    return CertificateContent.from_snapshot(certificate.snapshot, verify_url=verify_url(certificate))


def issue_planned(visit_pk: int) -> int:
    """Make every planned certificate of a visit, in chunks; returns how many were issued.

    One that cannot be drawn is marked with the reason and the others go on. When the last one is done, the contact person
    is told by mail, once.
    """
    issued = 0
    while planned := list(Certificate.objects.filter(visit_id=visit_pk, status=CertificateStatus.PLANNED)[:CHUNK]):
        issued += _issue_chunk(planned)
    visit = Visit.objects.get(pk=visit_pk)
    if visit.certificates.filter(status=CertificateStatus.ISSUED).exists():
        with transaction.atomic():
            outbox.queue(visit, MessageKind.CERTIFICATES, sequence=visit.certificates.filter(status=CertificateStatus.REVOKED).count())
    return issued


def _issue_chunk(planned: list[Certificate]) -> int:
    issued = 0
    for certificate, paper in zip(planned, render_each([content_of(one) for one in planned]), strict=True):
        if isinstance(paper, PaperRefused):
            _mark_failed(certificate, str(paper))
        else:
            issued += _store(certificate, paper)
    return issued


def _mark_failed(certificate: Certificate, reason: str) -> None:
    logger.warning("Certificate %s could not be drawn", certificate.pk)
    Certificate.objects.filter(pk=certificate.pk, status=CertificateStatus.PLANNED).update(
        status=CertificateStatus.FAILED, failure=reason[:500]
    )


def _store(certificate: Certificate, paper: bytes) -> bool:
    """Keep the file under its hash and mark the certificate issued; a second worker with the same paper changes nothing."""
    sha256 = hashlib.sha256(paper).hexdigest()
    storage = storages["private"]
    name = f"certificates/{sha256[:2]}/{sha256}.pdf"
    if storage.exists(name):
        # The name is the hash, so an existing file can only be the same paper, or the torn one of a killed process.
        storage.delete(name)
    name = storage.save(name, ContentFile(paper))
    changed = Certificate.objects.filter(pk=certificate.pk, status=CertificateStatus.PLANNED).update(
        status=CertificateStatus.ISSUED,
        file=name,
        sha256=sha256,
        template_version=version_of(DESIGNS[certificate.snapshot.get("design", "participant")]),
        issued_at=timezone.now(),
        failure="",
    )
    return bool(changed)
