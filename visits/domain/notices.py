"""Who among the staff hears of what."""

from django.contrib.auth import get_user_model

from visits.domain import outbox
from visits.enums import MessageKind
from visits.models import Visit


def tell_staff_of_request(visit: Visit) -> int:
    """Write a mail to everyone who may decide on requests and has an address; returns how many."""
    deciders = (
        get_user_model()
        .objects.with_perm("visits.decide_visit", include_superusers=False, backend="django.contrib.auth.backends.ModelBackend")
        .exclude(email="")
        .distinct()
    )
    for user in deciders:
        outbox.queue(visit, MessageKind.NEW_REQUEST, recipient=user.email)
    return len(deciders)
