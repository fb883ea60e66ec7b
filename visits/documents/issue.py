"""Issues planned certificates: draws, seals, checks, stores and announces them. Every step can be repeated safely."""

import datetime as dt
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from knowledge_hub.papers import PaperRefused
from visits.documents import paper_files, signing
from visits.documents.certificate import CertificateContent, render_each
from visits.documents.certificate_designs import DESIGNS, version_of
from visits.documents.credential import credential_of, verify_url
from visits.documents.office import make
from visits.documents.office.pack import PACK
from visits.domain import outbox
from visits.enums import CertificateStatus, MessageKind
from visits.models import Certificate, Visit
from visits.models.certificate import WITHDRAWN

logger = logging.getLogger(__name__)

CHUNK = 30
LIBRARIES = ("weasyprint", "pydyf", "pikepdf", "uharfbuzz", "segno", "pyhanko")
WAITING = (CertificateStatus.PLANNED, CertificateStatus.DRAWN)
NO_SECRETS = signing.Secrets()


def content_of(certificate: Certificate) -> CertificateContent:
    """The content of a certificate, from its own snapshot and not from the current data of the visit."""
    return CertificateContent.from_snapshot(
        certificate.snapshot, verify_url=verify_url(certificate), credential=certificate.credential.encode()
    )


def issue_planned(visit_pk: int, *, tell: Callable[[], None] = lambda: None) -> int:
    """Draw every planned certificate of a visit, in chunks, and seal it if that needs no secret of a person.

    A certificate that cannot be drawn or sealed is marked with the reason, and the others continue. Certificates that need a
    passphrase or code are sealed by :func:`seal_drawn`. When none is left, the contact person gets one mail,
    and the pack for the guests is made again, so that it holds them.

    Args:
        tell: called after each certificate.

    Returns:
        How many were issued.

    Raises:
        SigningStopped: the signer cannot work; the remaining certificates stay planned, with the reason.
        DiskRefused: the files cannot be written; likewise.
    """
    issued = 0
    with _reasons_kept(visit_pk):
        signer = signing.chosen()
        while planned := list(Certificate.objects.filter(visit_id=visit_pk, status=CertificateStatus.PLANNED)[:CHUNK]):
            drawn = dict(_draw(planned, tell))
            ready = [certificate for certificate in planned if certificate.pk in drawn]
            if signer.asks_for:
                for certificate in ready:
                    _keep_drawn(certificate, drawn[certificate.pk])
                    tell()
            else:
                issued += _seal(ready, drawn, signer, NO_SECRETS, tell)
    _announce(visit_pk)
    return issued


def seal_drawn(visit_pk: int, secrets: signing.Secrets, *, tell: Callable[[], None] = lambda: None) -> int:
    """Seal the drawn certificates of a visit that wait for a passphrase or code; returns how many were issued.

    Raises:
        SigningStopped, DiskRefused: see :func:`issue_planned`; certificates sealed before stay issued.
    """
    with _reasons_kept(visit_pk):
        signer = signing.chosen()
        waiting = list(Certificate.objects.filter(visit_id=visit_pk, status=CertificateStatus.DRAWN))
        drawn = {certificate.pk: paper_files.read(certificate) for certificate in waiting}
        # If the drawn file is missing, it is drawn again and sealed with the next batch.
        lost = [pk for pk, paper in drawn.items() if paper is None]
        Certificate.objects.filter(pk__in=lost, status=CertificateStatus.DRAWN).update(status=CertificateStatus.PLANNED, file="")
        issued = _seal([one for one in waiting if one.pk not in lost], drawn, signer, secrets, tell)
    _announce(visit_pk)
    return issued


def _draw(planned: Sequence[Certificate], tell: Callable[[], None]) -> Iterator[tuple[int, bytes]]:
    """Yield key and PDF of each certificate that can be drawn; the others are marked as failed with the reason."""
    for certificate in planned:
        certificate.credential = credential_of(certificate)
    for certificate, paper in zip(planned, render_each([content_of(one) for one in planned]), strict=True):
        if isinstance(paper, PaperRefused):
            _mark_failed(certificate, str(paper))
            tell()
        else:
            yield certificate.pk, paper


def _seal(
    certificates: Sequence[Certificate], drawn: dict[int, bytes], signer: signing.Signer, secrets: signing.Secrets, tell: Callable[[], None]
) -> int:
    issued = 0
    by_key = {certificate.pk: certificate for certificate in certificates}
    papers = [signing.Drawn(one.pk, drawn[one.pk], reason=f"{one.number}") for one in certificates]
    for answer in signer.seal(papers, secrets):
        certificate = by_key[answer.key]
        if isinstance(answer, signing.Refused):
            _mark_failed(certificate, answer.reason)
        else:
            try:
                stamped_at = signing.check_issued(answer.pdf, drawn[answer.key], signer.level)
            except signing.NotAsOrdered as error:
                _mark_failed(certificate, str(error))
            else:
                issued += _keep_issued(certificate, answer.pdf, signer, stamped_at)
        tell()
    return issued


def _keep_drawn(certificate: Certificate, paper: bytes) -> None:
    with paper_files.kept(paper) as file:
        file.is_used = bool(
            Certificate.objects.filter(pk=certificate.pk, status=CertificateStatus.PLANNED, token=certificate.token).update(
                status=CertificateStatus.DRAWN, file=file.name, credential=certificate.credential, failure=""
            )
        )


def _keep_issued(certificate: Certificate, paper: bytes, signer: signing.Signer, stamped_at: dt.datetime | None) -> bool:
    """Store the file and mark the certificate as issued; nothing changes if a second worker did, or if it says something else by now."""
    before = certificate.file.name
    with paper_files.kept(paper) as file:
        file.is_used = bool(
            Certificate.objects.filter(pk=certificate.pk, status=certificate.status, token=certificate.token).update(
                status=CertificateStatus.ISSUED,
                file=file.name,
                sha256=file.sha256,
                seal=signer.level,
                stamped_at=stamped_at,
                credential=certificate.credential,
                template_version=version_of(DESIGNS[certificate.snapshot.get("design", "participant")]),
                made_with=_libraries(),
                issued_at=timezone.now(),
                failure="",
            )
        )
    if file.is_used and before and before != file.name:
        paper_files.drop(before)
    return file.is_used


def _mark_failed(certificate: Certificate, reason: str) -> None:
    logger.warning("Certificate %s could not be made", certificate.pk)
    waiting = Certificate.objects.filter(pk=certificate.pk, status__in=WAITING, token=certificate.token)
    waiting.update(status=CertificateStatus.FAILED, failure=reason[:500])


@contextmanager
def _reasons_kept(visit_pk: int) -> Iterator[None]:
    """If the batch stops, store the reason in each waiting certificate and raise the error again."""
    try:
        yield
    except (signing.SigningStopped, paper_files.DiskRefused) as error:
        Certificate.objects.filter(visit_id=visit_pk, status__in=WAITING).update(failure=str(error)[:500])
        raise


def _announce(visit_pk: int) -> None:
    visit = Visit.objects.get(pk=visit_pk)
    certificates = visit.certificates.all()
    if certificates.filter(status__in=WAITING).exists() or not certificates.filter(status=CertificateStatus.ISSUED).exists():
        return
    with transaction.atomic():
        outbox.queue(visit, MessageKind.CERTIFICATES, sequence=certificates.filter(status__in=WITHDRAWN).count())
        if not _is_pack_newer(visit):
            make.ask(visit, PACK.key)


def _is_pack_newer(visit: Visit) -> bool:
    """Whether the pack was asked for after the last certificate was issued, so that it holds all of them."""
    last = visit.certificates.filter(status=CertificateStatus.ISSUED).aggregate(last=Max("issued_at"))["last"]
    return visit.papers.filter(kind=PACK.key, asked_at__gt=last).exists()


@cache
def _libraries() -> dict[str, str]:
    return {name: version(name) for name in LIBRARIES}
