"""Permissions that the product grants to groups: at creation, and once to existing groups when a later release adds one."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from knowledge_hub.core.models import PermissionGrant


def grant(name: str, wanted: Iterable[str]) -> tuple[Group, bool]:
    """Grant a group the permissions that it was never granted; changes by administrators are kept.

    Args:
        name: the name of the group; created if missing.
        wanted: all permissions of the group in a fresh install, as ``app.codename``.

    Returns:
        The group, and whether it was created.
    """
    group, created = Group.objects.get_or_create(name=name)
    given = set(PermissionGrant.objects.filter(group=group).values_list("name", flat=True))
    new = _permissions(set(wanted) - given)
    group.permissions.add(*new.values())
    # A permission that does not exist yet is granted by a later call.
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
