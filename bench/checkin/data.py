"""Prepare the site of the measurement: an account, and a visit that goes on now. Prints the address of its page at the door."""

import datetime as dt
import sys

import django


def main(people: int) -> None:
    """Write the rows into the database of the environment."""
    django.setup()
    from django.urls import reverse
    from django.utils import timezone

    from bench.checkin import ACCOUNT
    from tests.factories import SlotFactory, UserFactory, VisitFactory
    from visits.domain import badges

    UserFactory(admin=True, username=ACCOUNT[0], password=ACCOUNT[1])
    now = timezone.now()
    slot = SlotFactory(starts_at=now, ends_at=now + dt.timedelta(hours=3))
    visit = VisitFactory(approved=True, slot=slot, group_size=people, delegates=people)
    badges.give_missing(visit)
    print(reverse("visits_staff:door", args=[visit.pk]), visit.delegates.first().badge_code)


if __name__ == "__main__":
    main(int(sys.argv[1]))
