"""A request that is being written: kept in the session, on the server, until it is sent."""

import uuid
from collections.abc import Iterable

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from visits.public import uploads

STEPS = ("group", "date", "purpose", "contact")
_DRAFT = "visit_request"
_SENT = "visit_requests_sent"


class Draft:
    """The answers of each step as they were posted, so that a form shows again exactly what was typed.

    ``key`` names the request: it travels in every form and becomes the visit's submission_key.
    """

    def __init__(self, session):
        self._session = session
        self._data = session.get(_DRAFT) or {"key": str(uuid.uuid4()), "answers": {}}

    def _save(self) -> None:
        self._session[_DRAFT] = self._data
        self._session.modified = True

    @property
    def key(self) -> uuid.UUID:
        """The name of this request."""
        return uuid.UUID(self._data["key"])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered yet."""
        return not self._data["answers"]

    def answers(self, step: str) -> MultiValueDict | None:
        """What was posted in a step, or None."""
        kept = self._data["answers"].get(step)
        return MultiValueDict(kept) if kept is not None else None

    def keep(self, step: str, posted: QueryDict, fields: Iterable[str]) -> None:
        """Keep what was posted for the fields of a step, right or wrong."""
        self._data["answers"][step] = {name: posted.getlist(name) for name in fields if name in posted}
        self._save()

    def forget(self, step: str) -> None:
        """Drop the answers of a step, because an earlier one made them meaningless."""
        if self._data["answers"].pop(step, None) is not None:
            self._save()

    @property
    def slot_pk(self) -> str:
        """The chosen session, or an empty text."""
        return (self.answers("date") or MultiValueDict()).get("slot", "")

    @property
    def letter_name(self) -> str:
        """The name under which the guest knows the attached letter, or an empty text."""
        return self._data.get("letter", {}).get("name", "")

    def keep_letter(self, upload) -> None:
        """Attach a checked letter in place of an earlier one."""
        self.drop_letter()
        self._data["letter"] = {"file": uploads.keep_draft(upload), "name": upload.name[-200:]}
        self._save()

    def drop_letter(self) -> None:
        """Take the letter away."""
        letter = self._data.pop("letter", None)
        if letter:
            uploads.drop_draft(letter["file"])
            self._save()

    def open_letter(self):
        """The attached letter as an upload, or None where none is attached or it was cleaned away."""
        letter = self._data.get("letter")
        return uploads.open_draft(letter["file"], letter["name"]) if letter else None

    def discard(self) -> None:
        """Forget everything, the letter too."""
        self.drop_letter()
        self._session.pop(_DRAFT, None)

    def finish(self, visit_pk: int) -> None:
        """The request was sent: note which visit it became and begin anew."""
        sent = self._session.get(_SENT, {})
        self._session[_SENT] = {**sent, str(self.key): visit_pk}
        self.discard()


def sent_visit_pk(session, key: str) -> int | None:
    """The visit that a request of this session became, by the request's key."""
    return session.get(_SENT, {}).get(key)


def last_sent_visit_pk(session) -> int | None:
    """The visit that this session sent last."""
    return next(reversed(session.get(_SENT, {}).values()), None)
