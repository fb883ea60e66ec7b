"""Who among the staff hears of what."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.functional import Promise
from django.utils.translation import override

from visits.domain import outbox
from visits.enums import MessageKind
from visits.models import Visit


def tell_staff_of_request(visit: Visit) -> int:
    """Write of a new request to everyone who may decide and has an address; returns how many."""
    return _tell(visit, MessageKind.NEW_REQUEST, "")


def tell_staff(visit: Visit, what: Promise) -> int:
    """Write to everyone who may decide that a guest did something; returns how many.

    ``what`` is a lazy sentence without personal data: it is written in the staff's language, whatever the guest's is.
    """
    with override(settings.LANGUAGE_CODE):
        return _tell(visit, MessageKind.GUEST_ACTED, str(what))


def _tell(visit: Visit, kind: MessageKind, note: str) -> int:
    deciders = (
        get_user_model()
        .objects.with_perm("visits.decide_visit", include_superusers=False, backend="django.contrib.auth.backends.ModelBackend")
        .exclude(email="")
        .distinct()
    )
    for user in deciders:
        outbox.queue(visit, kind, recipient=user.email, note=note)
    return len(deciders)
