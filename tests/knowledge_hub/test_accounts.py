"""Accounts are read with few queries, and mean what Django's own backend means."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.test import TestCase
from wagtail.users.models import UserProfile

from knowledge_hub.core.authentication import AccountBackend
from tests.factories import UserFactory


class AccountsTest(TestCase):
    def setUp(self):
        self.user = UserFactory()
        group = Group.objects.create(name="Contoh")
        group.permissions.set(Permission.objects.all()[:5])
        self.user.groups.add(group)
        self.user.user_permissions.set(Permission.objects.all()[3:8])
        UserProfile.objects.create(user=self.user, preferred_language="id")

    def read(self):
        return AccountBackend().get_user(self.user.pk)

    def test_an_account_comes_with_its_settings_in_one_query(self):
        with self.assertNumQueries(1):
            assert self.read().wagtail_userprofile.preferred_language == "id"

    def test_permissions_of_account_and_groups_take_one_query(self):
        user = self.read()
        with self.assertNumQueries(1):
            found = AccountBackend().get_all_permissions(user)

        assert found == ModelBackend().get_all_permissions(self.read())
        assert len(found) == 8
        assert user.has_perm(next(iter(found)))

    def test_inactive_accounts_have_no_permissions(self):
        type(self.user).objects.update(is_active=False)
        self.user.refresh_from_db()

        assert self.read() is None
        assert AccountBackend().get_all_permissions(self.user) == set()
        assert AccountBackend().get_all_permissions(AnonymousUser()) == set()
        assert not self.user.has_perm("visits.view_visit")

    def test_administrators_may_everything(self):
        administrator = UserFactory(admin=True)

        assert len(AccountBackend().get_all_permissions(administrator)) == Permission.objects.count()
