"""Rights that come with a release: groups that exist get them once, and what administrators changed stays changed."""

from django.contrib.auth.models import Group, Permission
from django.test import TestCase

from knowledge_hub.models import PermissionGrant
from knowledge_hub.staff import groups
from visits.permissions import GROUPS, create_groups

TRANSLATE, REPORTS = "simple_translation.submit_translation", "knowledge_hub.read_reports"


def rights(name: str) -> set[str]:
    found = Permission.objects.filter(group__name=name).select_related("content_type")
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in found}


def take(name: str, right: str) -> None:
    group = Group.objects.get(name=name)
    group.permissions.remove(group.permissions.get(codename=right.split(".")[1]))


def before_release(name: str, right: str) -> None:
    """Put a group into the state that a release without this right left it in."""
    take(name, right)
    PermissionGrant.objects.filter(group__name=name, name=right).delete()


class RightsTest(TestCase):
    def setUp(self):
        create_groups()
        groups.create([])
        self.telkom = groups.editors("telkom")

    def update(self):
        create_groups()
        groups.create([])

    def test_a_group_has_all_its_rights_from_the_start(self):
        assert rights(self.telkom) == set(groups.EDITING)
        assert rights(groups.AUDITORS) == {*groups.AUDIT, *GROUPS["Auditor"]}

    def test_existing_groups_get_rights_that_an_update_adds(self):
        before_release(self.telkom, TRANSLATE)
        before_release("Prokopim", "visits.dispose_visit")

        self.update()

        assert TRANSLATE in rights(self.telkom)
        assert "visits.dispose_visit" in rights("Prokopim")

    def test_what_administrators_took_away_stays_away_and_what_they_added_stays(self):
        take(self.telkom, REPORTS)
        take(groups.AUDITORS, "visits.view_visit")
        Group.objects.get(name=self.telkom).permissions.add(Permission.objects.get(codename="delete_failedsearch"))

        self.update()

        assert rights(self.telkom) == {*groups.EDITING, "knowledge_hub.delete_failedsearch"} - {REPORTS}
        assert "visits.view_visit" not in rights(groups.AUDITORS)

    def test_a_right_that_came_with_an_update_is_given_only_once(self):
        before_release(self.telkom, TRANSLATE)
        self.update()
        take(self.telkom, TRANSLATE)

        self.update()

        assert TRANSLATE not in rights(self.telkom)
