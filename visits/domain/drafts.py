"""Saving an unfinished request and going on with it by a link in the mail."""

import datetime as dt

from django.db import transaction

from visits.domain import outbox, tokens
from visits.enums import MessageKind
from visits.models import SavedDraft

KEPT_FOR = dt.timedelta(days=14)
"""How long answers are kept after they were saved last."""


@transaction.atomic
def save(values: dict, *, email: str, language: str, draft: SavedDraft | None = None) -> SavedDraft:
    """Keep what a guest typed so far and mail the link to it. Saving again keeps the same link.

    Args:
        values: the answers, as plain values.
        email: where the link goes, and nowhere else.
        language: of the mail.
        draft: the one that the guest came back with, if its address is still the same.
    """
    if draft is None or draft.email.casefold() != email.casefold():
        draft = SavedDraft.objects.create(email=email, values=values, language=language, token_nonce=tokens.new_nonce())
        draft.token_hash = tokens.hash_of(tokens.draft_token(draft))
    draft.values, draft.language = values, language
    draft.save()
    outbox.queue_for_draft(draft, MessageKind.DRAFT)
    return draft


def by_token(token: str) -> SavedDraft | None:
    """The saved request that a token opens, or None."""
    return SavedDraft.objects.filter(token_hash=tokens.hash_of(token)).first()


def delete_old(now: dt.datetime) -> int:
    """Delete saved requests whose time is over; returns how many."""
    _total, deleted = SavedDraft.objects.filter(saved_at__lt=now - KEPT_FOR).delete()
    # The mails that held their links go with them and are not counted.
    return deleted.get(SavedDraft._meta.label, 0)
