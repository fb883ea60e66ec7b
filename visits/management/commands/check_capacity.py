from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from visits.domain import resources, seats
from visits.domain.errors import Refused


class Command(BaseCommand):
    """Compares the books; ends with an error if they do not agree, so that cron and monitoring notice."""

    help = "Says whether the seats counted for each session are those that visits hold, and whether a resource is taken twice."

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="set the counters right and note it in the log")

    def handle(self, *args, repair, **options):
        """One line for each session that drifted."""
        wrong = sum(not self.settled(drift, repair=repair) for drift in seats.drifts())
        for first, second in resources.overlaps():
            self.stdout.write(f"✗ allocations {first} and {second} take the same resource at the same time; move one of the visits")
            wrong += 1
        if wrong:
            raise CommandError(f"{wrong} things do not add up." + ("" if repair else " Counters are set right by --repair."))
        self.stdout.write("The books agree.")

    def settled(self, drift: seats.Drift, *, repair: bool) -> bool:
        """Tell of a drift, repair it if asked to; returns whether all is well now."""
        start = timezone.localtime(drift.slot.starts_at)
        line = f"{drift.slot.programme.slug} {start:%Y-%m-%d %H.%M}: {drift.counted} seats counted, {drift.held} held"
        if drift.counted_visits != drift.holders:
            line += f"; {drift.counted_visits} visits counted, {drift.holders} held"
        if not repair:
            self.stdout.write(f"✗ {line}")
            return False
        try:
            seats.repair(drift.slot)
        except Refused as refusal:
            self.stdout.write(f"✗ {line}; {refusal}")
            return False
        self.stdout.write(f"✓ {line}; set right")
        return True
