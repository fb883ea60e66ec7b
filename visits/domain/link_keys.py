"""Which keys the secret links were made with, and new links in place of those of older keys."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from knowledge_hub.core import keys
from visits.domain import badges, data_requests, feeds, preparation, speakers, tokens
from visits.models import CalendarFeed, DataRequest, Delegate, PreparationTask, SavedDraft, SpeakerInvitation, Visit

PURPOSES: dict[type[Model], str] = {
    Visit: tokens.STATUS,
    SavedDraft: tokens.DRAFT,
    Delegate: badges.PURPOSE,
    DataRequest: data_requests.PURPOSE,
    PreparationTask: preparation.PURPOSE,
    SpeakerInvitation: speakers.PURPOSE,
    CalendarFeed: feeds.PURPOSE,
}
"""All models whose rows have secret links."""


def count(sender: Any, *, renew: bool, **kwargs: Any) -> list[keys.Count]:
    """Count links by key; receiver of ``keys.rotating``.

    Args:
        renew: replace those of older and lost keys. They open nothing any more, and the next mail brings the new ones.
    """
    return [_count(model, renew=renew) for model in PURPOSES]


def unknown(most: int) -> Iterator[str]:
    """The models of which one of the newest ``most`` rows has a link that no key makes."""
    for model in PURPOSES:
        if not all(_key_of(row) for row in _rows(model).order_by("-pk")[:most]):
            yield f"links of {model._meta.label}"


def _rows(model: type[Model]) -> Any:
    more = ["confirm_hash"] if model is Visit else []
    return model._default_manager.exclude(token_hash=None).only("token_nonce", "token_hash", *more)


def _key_of(row: Any) -> str:
    """The key of a row's link; empty if the site does not have it."""
    try:
        return tokens.key_of(row, PURPOSES[type(row)])
    except keys.WrongKey:
        return ""


def _count(model: type[Model], *, renew: bool) -> keys.Count:
    found = keys.Count(f"links of {model._meta.label}")
    present, *older = keys.signing_keys()
    for row in _rows(model).order_by("pk").iterator(500):
        key = _key_of(row)
        if key != present and renew:
            found.moved += _renew(row)
        found.current += renew or key == present
        found.older += not renew and key in older
        found.unreadable += not renew and not key
    return found


def _renew(row: Any) -> int:
    """Store a link of the present key; returns 0 if the link changed meanwhile."""
    before = row.token_hash
    if isinstance(row, Visit):
        tokens.renew_links(row)
        changed = {"token_hash": row.token_hash, "confirm_hash": row.confirm_hash}
    else:
        tokens.renew_link(row, PURPOSES[type(row)])
        changed = {"token_hash": row.token_hash}
    return type(row)._default_manager.filter(pk=row.pk, token_hash=before).update(**changed)


def connect() -> None:
    """Connect to the rotation of keys; called once when the app is ready."""
    keys.rotating.connect(count, dispatch_uid="visits.domain.link_keys")
