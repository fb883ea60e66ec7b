"""Sessions of staff: how long they last, where they were begun, and how they are ended."""

import datetime as dt
import logging
import re
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, user_logged_in, user_login_failed
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject

from knowledge_hub.core import rate_limits
from knowledge_hub.models import User
from knowledge_hub.models.accounts import Session

logger = logging.getLogger(__name__)

ABOUT = "about"
"""Key of what a session knows of itself: device, network, and since when it is used."""

NOTED_EVERY = dt.timedelta(minutes=5)
"""How exactly the last use of a session is known. Each note costs a statement."""

BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS X": "macOS", "Linux": "Linux"}


class SessionStore(db.SessionStore):
    """Django's sessions in the database, with what tells them apart in columns of their own."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our model of sessions."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of a session."""
        row = super().create_model_instance(data)
        if about := data.get(ABOUT):
            row.user_id = data.get(SESSION_KEY)
            row.device, row.network = about["device"], about["network"]
            row.started_at, row.seen_at = (dt.datetime.fromtimestamp(about[name], dt.UTC) for name in ("started", "seen"))
        return row


class AccountMiddleware(AuthenticationMiddleware):
    """Django's, but a session that lasted too long, or has no second factor where one is required, signs nobody in."""

    def process_request(self, request: HttpRequest) -> None:
        """Set the user, who is read when needed."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _account_of(request))


def _account_of(request: HttpRequest) -> User | AnonymousUser:
    session = request.session
    if SESSION_KEY in session:
        if is_over(session):
            session.flush()
        else:
            _note_use(session)
    return get_user(request)


def is_over(session: SessionBase) -> bool:
    """Whether a session reached a limit, or was begun without what is required now."""
    about = session.get(ABOUT)
    if about is None or (settings.SECOND_FACTOR_REQUIRED and not about.get("second_factor")):
        return True
    now = timezone.now().timestamp()
    idle = not about.get("remembered") and now - about["seen"] > settings.SESSION_IDLE.total_seconds()
    return idle or now - about["started"] > settings.SESSION_LONGEST.total_seconds()


def _note_use(session: SessionBase) -> None:
    now = timezone.now().timestamp()
    if now - session[ABOUT]["seen"] >= NOTED_EVERY.total_seconds():
        session[ABOUT] = {**session[ABOUT], "seen": now}


def describe(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Note in a session that begins where it was begun; receiver of Django's signal."""
    logger.info("Account %s signed in", user.pk)
    now = timezone.now().timestamp()
    request.session[ABOUT] = {
        "device": device_of(request.headers.get("User-Agent", "")),
        "network": rate_limits.networks_of(rate_limits.client_address(request))[1],
        "started": now,
        "seen": now,
    }


def add_to(session: SessionBase, **facts: bool) -> None:
    """Note facts of how a session was begun: ``second_factor``, ``remembered``."""
    session[ABOUT] = {**session[ABOUT], **facts}


def device_of(user_agent: str) -> str:
    """Browser and system in words, such as “Firefox, Android”; "" if neither is known."""
    found = (next((name for mark, name in marks.items() if re.search(rf"\b{mark}\b", user_agent)), "") for marks in (BROWSERS, SYSTEMS))
    return ", ".join(filter(None, found))


def of(user: User) -> QuerySet[Session]:
    """The sessions in which a user is signed in, the latest first."""
    return Session.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-seen_at")


def public_key(session_key: str) -> str:
    """A name for a session that gives nobody access to it."""
    return salted_hmac("knowledge_hub.session", session_key, algorithm="sha256").hexdigest()[:20]


def end(user: User, key: str) -> int:
    """End the session with a public key; returns how many were ended."""
    return Session.objects.filter(pk__in=[row.pk for row in of(user) if public_key(row.pk) == key]).delete()[0]


def end_others(user: User, session_key: str) -> int:
    """End all sessions of a user but one; returns how many were ended."""
    return of(user).exclude(pk=session_key).delete()[0]


def log_failure(sender: Any, **kwargs: Any) -> None:
    """Log a wrong password or user name; receiver of Django's signal. The name is left out: people type their password there."""
    logger.warning("A sign-in failed")


def connect() -> None:
    """Connect to Django's signals; called once when the app is ready."""
    user_login_failed.connect(log_failure, dispatch_uid="knowledge_hub.accounts.sessions")
    user_logged_in.connect(describe, dispatch_uid="knowledge_hub.accounts.sessions")
