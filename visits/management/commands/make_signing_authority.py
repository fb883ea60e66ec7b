from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from visits.documents.signing.authority import make_authority


class Command(BaseCommand):
    """Makes a key with which the site can seal certificates by itself."""

    help = (
        "Makes an authority and a signing key of the site's own, for SIGNER=local. Its seals are uncertified: they show that a "
        "file was not changed, and the verification page says so."
    )

    def add_arguments(self, parser):
        parser.add_argument("--organisation", default="Pemerintah Kota Binjai", help="name in the certificate")

    def handle(self, *args, organisation, **options):
        """Write the key to SIGNER_PKCS12_FILE.

        Raises:
            CommandError: no password is set, or there is a key already.
        """
        path, password = Path(settings.SIGNING["pkcs12_file"]), settings.SIGNING["pkcs12_password"]
        if not password:
            raise CommandError("Set SIGNER_PKCS12_PASSWORD first: the key is kept encrypted with it.")
        try:
            make_authority(path, password, organisation=organisation, now=timezone.now())
        except FileExistsError as error:
            raise CommandError(f"There is a key already: {path}. It is never overwritten.") from error
        self.stdout.write(
            f"Key: {path}\nRoot, for those who want to trust it: {path.with_suffix('.root.pem')}\nSet SIGNER=local to use it."
        )
