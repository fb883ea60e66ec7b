from django.core.management.base import BaseCommand, CommandError

from knowledge_hub.core import keys


class Command(BaseCommand):
    """Move what is stored to the present keys, and say when the older keys are no longer needed."""

    help = "Encrypts personal numbers with the present ENCRYPTION_KEY and counts which keys are still needed. May run while the site runs."

    def add_arguments(self, parser):
        parser.add_argument(
            "--renew-links",
            action="store_true",
            help="also make the secret links of older keys anew: links in mails that were sent open nothing any more",
        )

    def handle(self, *args, renew_links, **options):
        """Rotate and print a line for each kind of value. Raises CommandError if values are left that no key opens."""
        answers = keys.rotating.send(sender=type(self), renew=renew_links)
        counts = [count for _receiver, found in answers for count in found]
        for count in counts:
            parts = [f"{count.current} with the present key", f"{count.moved} of them moved now"]
            parts += [f"{count.older} with an older key"] if count.older else []
            parts += [f"{count.unreadable} WITH A KEY THAT THE SITE DOES NOT HAVE"] if count.unreadable else []
            self.stdout.write(f"• {count.what}: {', '.join(parts)}")
        if any(count.unreadable for count in counts):
            raise CommandError("Put the missing key into SIGNING_KEY_FALLBACKS or ENCRYPTION_KEY_FALLBACKS and run this again.")
        needed = any(count.older for count in counts)
        self.stdout.write(
            "• Keep SIGNING_KEY_FALLBACKS: links in mails need it. --renew-links makes new links instead."
            if needed
            else "• The keys in SIGNING_KEY_FALLBACKS and ENCRYPTION_KEY_FALLBACKS are no longer needed."
        )
