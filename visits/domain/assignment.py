"""Which officer looks after a visit."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain.errors import Refused
from visits.enums import FINISHED
from visits.models import Visit


def officers() -> QuerySet[User]:
    """Users who may decide on visits, by name."""
    users = get_user_model().objects.with_perm("visits.decide_visit", backend="django.contrib.auth.backends.ModelBackend")
    return users.filter(is_active=True).distinct().order_by("first_name", "last_name", "username")


def staff_with(action: str) -> QuerySet[User]:
    """Active staff with a mail address whose group may do an action of visits/permissions.py, to be written to; no administrators."""
    users = get_user_model().objects.with_perm(
        f"visits.{action}_visit", include_superusers=False, backend="django.contrib.auth.backends.ModelBackend"
    )
    return users.filter(is_active=True).exclude(email="").distinct()


def can_assign(visit: Visit) -> bool:
    """Whether the visit still needs an officer: until it is over."""
    return visit.status not in FINISHED


@transaction.atomic
def assign(visit: Visit, officer: User | None, *, by: User | None) -> Visit:
    """Give a visit to an officer, or to nobody. It is no decision, so pages that show the visit stay valid.

    Raises:
        Refused: the visit is over, or the person may not decide on visits.
    """
    current = Visit.objects.select_for_update(of=("self",)).select_related("assigned_to").get(pk=visit.pk)
    if not can_assign(current):
        raise Refused(_("A visit that is “%(status)s” needs no officer any more.") % {"status": current.get_status_display()})
    if officer and not officers().filter(pk=officer.pk).exists():
        raise Refused(_("%(name)s may not decide on visits. Choose another officer.") % {"name": name_of(officer)})
    if current.assigned_to == officer:
        return current
    names = [name_of(each) if each else "" for each in (current.assigned_to, officer)]
    Visit.objects.filter(pk=current.pk).update(assigned_to=officer)
    log(instance=current, action="visits.assigned", user=by, data={"names": names})
    current.assigned_to = officer
    return current


def name_of(user: User) -> str:
    """The full name of a user, or the user name without one."""
    return user.get_full_name() or user.get_username()
