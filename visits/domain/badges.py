"""What a badge carries: a code to type, and the secret link to the page of its bearer as a QR code."""

import re
import secrets

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from visits.domain import tokens
from visits.models import Delegate, Visit

PURPOSE = "delegate"
"""Purpose of a delegate's secret link, see tokens.link_token()."""

ALPHABET = "CDEFHJKMNPRTUWXY379"
"""Without characters that are mistaken for others: 0 O Q, 1 I L, 2 Z, 4 A, 5 S, 6 G, 8 B, V."""
LENGTH = 6

_HASH = re.compile(r"[0-9a-f]{64}")
_LINK = re.compile(r"/p/([A-Z2-7]{24})(?:[/?#].*)?$", re.IGNORECASE)


def new_code(taken: set[str | None]) -> str:
    """A random code that is not among ``taken``, the codes of the visit."""
    while (code := "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))) in taken:
        pass
    return code


def give(delegate: Delegate, taken: set[str | None]) -> None:
    """Give a delegate code and link, unless there are some; the row is not saved.

    Args:
        delegate: with or without a row in the database.
        taken: the codes of the visit, read under its lock; a new code is added.
    """
    if not delegate.badge_code:
        delegate.badge_code = new_code(taken)
        taken.add(delegate.badge_code)
    if not delegate.token_hash:
        tokens.give_link(delegate, PURPOSE)


def codes_of(visit: Visit) -> set[str | None]:
    """The codes of a visit's delegates; read them under the lock of the visit."""
    return set(visit.delegates.values_list("badge_code", flat=True))


@transaction.atomic
def give_missing(visit: Visit) -> None:
    """Give code and link to those delegates of a visit who have none, for example because they were named before there were badges."""
    Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    taken = codes_of(visit)
    for delegate in visit.delegates.filter(Q(token_hash=None) | Q(badge_code=None)):
        give(delegate, taken)
        delegate.save(update_fields=["badge_code", "token_nonce", "token_hash"])


def token_of(delegate: Delegate) -> str:
    """The token in the delegate's link; empty for a delegate without a link."""
    return tokens.link_token(delegate, PURPOSE) if delegate.token_hash else ""


def address_of(delegate: Delegate) -> str:
    """The full address of the delegate's page, as the QR code holds it. The delegate must have a link."""
    return f"{settings.SITE_URL}{reverse('delegate', args=[token_of(delegate)])}"


def typed(text: str) -> str:
    """A typed code as it is stored: upper case, without spaces and dashes."""
    return re.sub(r"[\s\-]", "", text).upper()


def by_token(token: str) -> Delegate | None:
    """The delegate whose link holds this token, with visit, programme and session."""
    return tokens.row_by_token(Delegate.objects.select_related("visit__programme", "visit__slot", "visit__region"), token)


def find(visit: Visit, text: str) -> Delegate | None:
    """The delegate whom a scanned or typed text means, or None.

    Args:
        visit: whose codes are searched; a code is unique only within a visit.
        text: the address from a QR code, the hash of its token, or a typed code. A link may belong to a delegate of another visit:
            compare ``visit_id``.
    """
    if _HASH.fullmatch(text):
        return Delegate.objects.select_related("visit").filter(token_hash=text).first()
    if found := _LINK.search(text.strip()):
        return by_token(found[1])
    return visit.delegates.filter(badge_code=typed(text)).first()
