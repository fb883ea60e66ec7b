"""Who may post to what in the rest of the admin: every URL outside of visits, for every role. The URLs come from the URL configuration."""

import io
import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from PIL import Image
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query
from wagtail.models import Collection, ModelLogEntry, PageLogEntry, Revision, Site, Workflow

from knowledge_hub.models import CaseStudyPage, CustomDocument, CustomImage, FailedSearch, PageFeedback, Partner, SynonymGroup
from knowledge_hub.staff import groups
from tests.factories import UserFactory
from tests.knowledge_hub.content import ContentTestCase, member
from visits.permissions import GROUPS, create_groups

ROLES = {
    "editor": [groups.editors("telkom")],
    "moderator": [groups.MODERATORS],
    "others": [groups.AUDITORS, *map(groups.approvers, Partner.values), *(name for name in GROUPS if name != groups.MODERATORS)],
}
"""Groups of an account. “others” has all roles that only work with visits, the auditor's, and those of who approve agreements."""

FIXED = {
    "app_label": "knowledge_hub",
    "app_name": "knowledge_hub",
    "content_type_app_name": "knowledge_hub",
    "model_name": "contactsettings",
    "content_type_model_name": "casestudypage",
    "action_name": "delete",
    "action": "delete",
    "revision_id_a": "earliest",
    "revision_id_b": "latest",
}
OPEN = {
    "wagtailadmin_login",
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_confirm",
    "wagtailadmin_sprite",
}
HARMLESS = {
    # Dialogs, redirects and suggestions, which change nothing whatever is sent.
    "wagtailadmin_choose_page_anchor_link",
    "wagtailadmin_choose_page_email_link",
    "wagtailadmin_choose_page_external_link",
    "wagtailadmin_choose_page_phone_link",
    "wagtailadmin_error_test",
    "wagtailadmin_logout",
    "wagtailadmin_pages:confirm_workflow_cancellation",
    "wagtailadmin_pages:revisions_compare",
    "wagtailadmin_pages:revisions_index",
    "wagtailadmin_tag_autocomplete",
    "wagtailadmin_workflows:task_chosen",
    "wagtailembeds:chooser",
    "wagtailembeds:chooser_upload",
    "wagtailsearchpromotions:chooser",
    "wagtailsearchpromotions:chooserresults",
    "wagtailsettings:edit",
}
OWN = {*OPEN, "account_security", "wagtailadmin_account", "wagtailadmin_editing_sessions:release"}
"""One's own account and the sign-in."""
EDITOR = {*OWN, "wagtaildocs:add", "wagtaildocs_chooser:create", "wagtailimages:add", "wagtailimages_chooser:create"}
MODERATOR = {
    *EDITOR,
    "simple_translation:submit_page_translation",
    "wagtailadmin_api:pages:action",
    *(f"wagtailadmin_pages:{name}" for name in ("copy", "delete", "edit", "lock", "move", "preview_on_edit", "set_page_position")),
    *(f"wagtailadmin_pages:{name}" for name in ("set_privacy", "unlock", "unpublish", "view_draft")),
    *(f"wagtail{kind}:{name}" for kind in ("docs", "images") for name in ("delete", "delete_multiple", "edit", "edit_multiple")),
    *(f"wagtailsearchpromotions:{name}" for name in ("add", "delete", "edit")),
    *(f"wagtailsnippetchoosers_knowledge_hub_{model}:create" for model in ("pagefeedback", "synonymgroup")),
    *(f"wagtailsnippets_knowledge_hub_{model}:{name}" for model in ("pagefeedback", "synonymgroup") for name in ("add", "delete", "edit")),
    "wagtailsnippets_knowledge_hub_failedsearch:delete",
    "wagtailsnippets_knowledge_hub_synonymgroup:copy",
}
CHANGES = {"others": OWN, "editor": EDITOR, "moderator": MODERATOR}


def admin_urls() -> Iterator[tuple[str, str]]:
    """Name and route of every URL below admin/ that is not of visits."""

    def below(patterns, prefix: str, namespace: str) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                yield (f"{namespace}:{pattern.name}" if namespace else pattern.name or route), route
            else:
                inner = ":".join(part for part in (namespace, pattern.namespace) if part)
                if not inner.startswith("visits_"):
                    yield from below(pattern.url_patterns, route, inner)

    yield from below([one for one in get_resolver().url_patterns if str(one.pattern).startswith("admin/")], "", "")


@pytest.mark.long
class AdminMatrixTest(ContentTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        create_groups()
        cls.users = {role: member(*names) for role, names in ROLES.items()}
        file = io.BytesIO()
        Image.new("RGB", (4, 4)).save(file, "PNG")
        owner, group, root = UserFactory(admin=True), Group.objects.create(name="Contoh"), Collection.get_first_root_node()
        cls.case_page = CaseStudyPage.objects.get(slug="kolaborasi-tiga-pihak")
        cls.rows = {
            "wagtailusers_users": owner,
            "wagtailusers_groups": group,
            "wagtailsites": Site.objects.get(),
            "wagtailadmin_collections": root.add_child(name="Contoh"),
            "wagtailadmin_workflows": Workflow.objects.first(),
            "wagtailredirects": Redirect.objects.create(old_path="/lama", redirect_link="/"),
            "wagtailimages": CustomImage.objects.create(title="Contoh", file=ContentFile(file.getvalue(), "a.png"), width=4, height=4),
            "wagtaildocs": CustomDocument.objects.create(title="Contoh", file=ContentFile(b"a", "a.txt")),
            "wagtailsnippets_knowledge_hub_pagefeedback": PageFeedback.objects.create(page=cls.case_page, kind="question", language="id"),
            "wagtailsnippets_knowledge_hub_synonymgroup": SynonymGroup.objects.create(terms="warga, penduduk"),
            "wagtailsnippets_knowledge_hub_failedsearch": FailedSearch.objects.create(query_string="x", last_searched_at=timezone.now()),
            "wagtailsearchpromotions": Query.get("x"),
        }

    def address(self, name: str, route: str) -> str:
        """A URL with the key of a row that exists, wherever it takes one."""
        row = self.rows.get(name.split(":")[0], self.case_page)

        def value(match: re.Match) -> str:
            parameter = match[1]
            of_page = "page" in parameter or parameter in ("parent_page_id", "destination_id")
            return FIXED.get(parameter) or str(self.case_page.pk if of_page else row.pk)

        route = re.sub(r"\(\?P<(\w+)>[^)]*\)", value, route)
        return "/" + re.sub(r"[\\^$]", "", re.sub(r"<(?:\w+:)?(\w+)>", value, route))

    def accepts(self, browser: Client, address: str) -> bool:
        """Whether an empty POST passes the check of permissions; what it does is not kept."""
        before = self.state()
        with transaction.atomic():
            response = browser.post(address)
            sent_away = response.get("Location", "").split("?")[0] in (reverse("wagtailadmin_login"), reverse("wagtailadmin_home"))
            accepted = response.status_code not in (400, 403, 404, 405) and not sent_away
            if not accepted and self.state() != before:
                self.fail(f"POST {address} was refused, but changed something")
            transaction.set_rollback(True)
        return accepted

    @staticmethod
    def state() -> tuple:
        """What changes of pages, files and other rows change as well."""
        return PageLogEntry.objects.count(), ModelLogEntry.objects.count(), Revision.objects.count()

    def test_each_role_changes_only_what_it_needs(self):
        urls = sorted({(name, route) for name, route in admin_urls() if name not in HARMLESS})
        assert len(urls) > 200
        for role, expected in CHANGES.items():
            browser = Client(raise_request_exception=False)
            browser.force_login(self.users[role])
            accepted = {name for name, route in urls if self.accepts(browser, self.address(name, route))}
            assert accepted == expected, (role, accepted ^ expected)

    def test_visitors_reach_nothing_but_the_sign_in(self):
        for name, route in admin_urls():
            if name not in HARMLESS | OPEN:
                assert not self.accepts(Client(), self.address(name, route)), name
