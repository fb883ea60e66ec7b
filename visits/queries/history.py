"""Who did what is in a visit's history."""

from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from visits.enums import Actor


def actor_of(entry: ModelLogEntry) -> str:
    """The person who did it, in words: a member of staff, the guest's contact person of that moment, the owner of a link, or the clock."""
    data = entry.data
    if entry.user_id:
        return str(entry.user_display_name)
    if data.get("link"):
        return _("%(person)s (by link)") % {"person": data["person"]} if data.get("person") else _("By link")
    if data.get("person"):
        return _("%(person)s (guest)") % {"person": data["person"]}
    by = data.get("by", Actor.CLOCK)
    return str(Actor(by).label) if by in Actor.values else ""
