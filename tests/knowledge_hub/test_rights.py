"""New permissions of a release: existing groups get them once, and changes of administrators are kept."""

from django.contrib.auth.models import Group, Permission
from django.test import Client, TestCase
from django.urls import reverse

from knowledge_hub.models import PermissionGrant
from knowledge_hub.staff import groups
from tests.knowledge_hub.content import member
from visits.permissions import GROUPS, create_groups

TRANSLATE, REPORTS = "simple_translation.submit_translation", "knowledge_hub.read_reports"


def rights(name: str) -> set[str]:
    found = Permission.objects.filter(group__name=name).select_related("content_type")
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in found}


def remove(name: str, right: str) -> None:
    group = Group.objects.get(name=name)
    group.permissions.remove(group.permissions.get(codename=right.split(".")[1]))


def before_release(name: str, right: str) -> None:
    """Put a group into the state of an earlier release without this permission."""
    remove(name, right)
    PermissionGrant.objects.filter(group__name=name, name=right).delete()


class RightsTest(TestCase):
    def setUp(self):
        create_groups()
        groups.create([])
        self.telkom = groups.editors("telkom")

    def update(self):
        create_groups()
        groups.create([])

    def test_new_groups_have_all_permissions(self):
        assert rights(self.telkom) == set(groups.EDITING)
        assert rights(groups.AUDITORS) == {*groups.AUDIT, *GROUPS["Auditor"]}

    def test_updates_add_new_permissions_to_groups(self):
        before_release(self.telkom, TRANSLATE)
        before_release("Prokopim", "visits.dispose_visit")

        self.update()

        assert TRANSLATE in rights(self.telkom)
        assert "visits.dispose_visit" in rights("Prokopim")

    def test_updates_keep_changes_of_administrators(self):
        remove(self.telkom, REPORTS)
        remove(groups.AUDITORS, "visits.view_visit")
        Group.objects.get(name=self.telkom).permissions.add(Permission.objects.get(codename="delete_failedsearch"))

        self.update()

        assert rights(self.telkom) == {*groups.EDITING, "knowledge_hub.delete_failedsearch"} - {REPORTS}
        assert "visits.view_visit" not in rights(groups.AUDITORS)

    def test_a_new_permission_is_granted_once(self):
        before_release(self.telkom, TRANSLATE)
        self.update()
        remove(self.telkom, TRANSLATE)

        self.update()

        assert TRANSLATE not in rights(self.telkom)

    def test_editors_of_the_city_promote_results_of_the_search(self):
        client = Client()
        for name, may in ((groups.editors("pemko"), True), (groups.MODERATORS, True), (self.telkom, False)):
            client.force_login(member(name))
            home = client.get(reverse("wagtailadmin_home")).content.decode()
            assert (reverse("wagtailsearchpromotions:index") in home) == may, name
            assert (client.get(reverse("wagtailsearchpromotions:add")).status_code == 200) == may, name
