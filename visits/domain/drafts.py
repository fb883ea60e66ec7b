"""Unfinished requests that guests save, and continue by a link in a mail."""

import datetime as dt

from django.db import transaction

from visits.domain import outbox, tokens
from visits.enums import MessageKind
from visits.models import SavedDraft

KEPT_FOR = dt.timedelta(days=14)
"""How long a draft is kept after it was saved last."""


@transaction.atomic
def save(values: dict, *, email: str, language: str, draft: SavedDraft | None = None) -> SavedDraft:
    """Save a guest's answers and mail the link to them. Saving again keeps the same link.

    Args:
        values: the answers, as plain values.
        email: where the link is sent.
        language: of the mail.
        draft: the saved draft that the guest continued; a new one is created if the address differs.
    """
    if draft is None or draft.email.casefold() != email.casefold():
        draft = SavedDraft.objects.create(email=email, values=values, language=language, token_nonce=tokens.new_nonce())
        tokens.renew_link(draft, tokens.DRAFT)
    draft.values, draft.language = values, language
    draft.save()
    outbox.queue_for_draft(draft, MessageKind.DRAFT)
    return draft


def by_token(token: str) -> SavedDraft | None:
    """The saved request that a token opens, or None."""
    return SavedDraft.objects.filter(token_hash=tokens.hash_of(token)).first()


def delete_old(now: dt.datetime) -> int:
    """Delete drafts that are older than KEPT_FOR; returns how many."""
    _total, deleted = SavedDraft.objects.filter(saved_at__lt=now - KEPT_FOR).delete()
    # Their mails are deleted too and not counted.
    return deleted.get(SavedDraft._meta.label, 0)
