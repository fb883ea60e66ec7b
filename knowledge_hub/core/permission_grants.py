"""Rights that groups have from the product: given when a group is made, and those of later releases once to groups that exist."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from knowledge_hub.core.models import PermissionGrant


def grant(name: str, wanted: Iterable[str]) -> tuple[Group, bool]:
    """Give a group the rights that it was never given; those that administrators took away or added are left as they are.

    Args:
        name: the name of the group; it is made if there is none.
        wanted: all that the group has in a fresh install, as ``app.codename``.

    Returns:
        The group, and whether it was made.
    """
    group, created = Group.objects.get_or_create(name=name)
    given = set(PermissionGrant.objects.filter(group=group).values_list("name", flat=True))
    new = _permissions(set(wanted) - given)
    group.permissions.add(*new.values())
    # One that does not exist yet is given as soon as it does.
    PermissionGrant.objects.bulk_create([PermissionGrant(group=group, name=right) for right in new])
    return group, created


def _permissions(names: set[str]) -> dict[str, Permission]:
    if not names:
        return {}
    wanted = Q()
    for name in names:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    found = Permission.objects.filter(wanted).select_related("content_type")
    return {f"{permission.content_type.app_label}.{permission.codename}": permission for permission in found}
