import getpass

from django.core.management.base import BaseCommand, CommandError

from visits.documents import issue, paper_files, signing
from visits.domain import certificates
from visits.domain.errors import Refused
from visits.enums import CertificateStatus
from visits.models import CertificateTemplate, Visit


class Command(BaseCommand):
    """Issues the certificates of one visit; running it again does only what is missing."""

    help = "Issues the certificates of a completed visit: everyone who attended gets one, those who have one keep it."

    def add_arguments(self, parser):
        parser.add_argument("reference", help="of the visit, for example KJ-2026-0042")
        parser.add_argument("--template", default="", help="name of the certificate template; without it the usual one")

    def handle(self, *args, reference, template, **options):
        """Number, draw, seal and store, with progress.

        Raises:
            CommandError: no such visit or template, the visit is not completed, the signer or the disk refuses, or some
                certificates could not be made.
        """
        visit = Visit.objects.filter(reference=reference).first()
        if visit is None:
            raise CommandError(f"There is no visit {reference}.")
        chosen = CertificateTemplate.objects.filter(name=template, active=True).first()
        if template and chosen is None:
            names = ", ".join(CertificateTemplate.objects.filter(active=True).values_list("name", flat=True))
            raise CommandError(f"There is no certificate template “{template}”. There are: {names or 'none'}.")
        try:
            certificates.retry(visit, template=chosen)
            self.make(visit)
        except (Refused, signing.SigningStopped, paper_files.DiskRefused) as error:
            raise CommandError(str(error)) from error
        self.sum_up(visit)

    def make(self, visit: Visit):
        """Draw what is planned, and seal what waits, asking for passphrase or code where the signer wants one."""
        self.total = visit.certificates.filter(status__in=issue.WAITING).count()
        self.done = 0
        issue.issue_planned(visit.pk, tell=self.tell)
        signer = signing.chosen()
        self.total = visit.certificates.filter(status=CertificateStatus.DRAWN).count()
        self.done = 0
        if self.total:
            self.stdout.write(f"{self.total} certificates wait for the seal.")
            typed = {name: getpass.getpass(f"{name} (is not shown and not kept): ") for name in signer.asks_for}
            issue.seal_drawn(visit.pk, signing.Secrets(**typed), tell=self.tell)

    def tell(self):
        """One more is done."""
        self.done += 1
        if self.done % 10 == 0 or self.done == self.total:
            self.stdout.write(f"{self.done} of {self.total}")

    def sum_up(self, visit: Visit):
        """Say what stands, and what failed and why."""
        failed = list(visit.certificates.filter(status=CertificateStatus.FAILED))
        issued = visit.certificates.filter(status=CertificateStatus.ISSUED).count()
        self.stdout.write(f"{issued} certificates of {visit.reference} are valid.")
        for certificate in failed:
            self.stderr.write(f"{certificate.number}: {certificate.failure}")
        if failed:
            raise CommandError(f"{len(failed)} could not be made. Correct the list of delegates, then run this again.")
