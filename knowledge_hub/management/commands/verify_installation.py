from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from knowledge_hub.core import health
from knowledge_hub.core.health import Check, Depth
from knowledge_hub.core.outside import Outside

PROXY_LOG = Path("/var/log/nginx/knowledge-hub.log")


class Command(BaseCommand):
    """Prove an installation: from outside through the proxy, from inside, and by restoring the last backup beside it."""

    requires_system_checks = []
    help = "Looks at the running site from outside, as a guest does, and from inside; says what is wrong and what to do."

    def add_arguments(self, parser):
        parser.add_argument("url", nargs="?", default=settings.SITE_URL, help="where guests reach the site (default: SITE_URL)")
        parser.add_argument("--mail-to", default=settings.OPERATOR_EMAIL, help="mailbox for a test mail (default: OPERATOR_EMAIL)")
        parser.add_argument("--proxy-log", type=Path, default=PROXY_LOG, help="access log of the proxy, if it is on this machine")
        parser.add_argument("--without-restore", action="store_true", help="do not restore the last backup beside the site")

    def handle(self, *args, url, mail_to, proxy_log, without_restore, **options):
        """Print one line for each check. Raises CommandError if one failed."""
        outside = Outside(url, mail_to=mail_to, proxy_log=proxy_log)
        wrong = []
        with translation.override("en"):
            # First, because the others ask when it was last done.
            if not without_restore:
                wrong += self.tell([health.finding(Check("restore", "restore", self.restore))])
            self.stdout.write(f"From outside ({url}):")
            wrong += self.tell(map(health.finding, outside.checks()))
            self.stdout.write("From inside:")
            wrong += self.tell(health.findings(Depth.DOCTOR))
        if wrong:
            raise CommandError(f"{len(wrong)} things need attention: {', '.join(wrong)}.")
        self.stdout.write("All is well.")

    def tell(self, found) -> list[str]:
        """Print findings as they come; returns the names of those that are not well."""
        wrong = []
        for one in found:
            self.stdout.write(str(one))
            self.stdout.flush()
            wrong += [] if one.is_well else [one.check.key]
        return wrong

    def restore(self) -> str:
        """Restore the last backup into a scratch directory."""
        try:
            call_command("rehearse_restore", stdout=self.stdout)
        except CommandError as error:
            raise health.Unwell(str(error)) from error
        return ""
