"""Groups, permissions and workflows of a fresh install.

All of them can be changed in the admin; existing ones are kept, except for permissions that a later release adds.
"""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Task, Workflow, WorkflowTask

from knowledge_hub.agreements import access, approval
from knowledge_hub.core.permission_grants import grant
from knowledge_hub.models import KnowledgeIndexPage, Partner, PartnerPage
from knowledge_hub.models.workflow import PartnerApprovalTask

PARTNERS = {Partner.PEMKO: "Pemko", Partner.POLMED: "Polmed", Partner.TELKOM: "Telkom"}
"""Names of the partners in groups and collections."""

MODERATORS, AUDITORS = "Moderator", "Auditor"
REPORTS = "knowledge_hub.read_reports"
EDITING = ("wagtailadmin.access_admin", "simple_translation.submit_translation", REPORTS)
MODERATION = (
    *EDITING,
    *[f"knowledge_hub.{action}_{model}" for model in ("pagefeedback", "synonymgroup") for action in ("view", "add", "change", "delete")],
    "knowledge_hub.view_failedsearch",
    "knowledge_hub.delete_failedsearch",
)
PROMOTIONS = tuple(f"wagtailsearchpromotions.{action}_searchpromotion" for action in ("add", "change", "delete"))
"""Results that the search page shows first. They are public at once, so only those who answer for the whole site have them."""
AUDIT = ("wagtailadmin.access_admin", REPORTS, "knowledge_hub.view_pagefeedback", "knowledge_hub.view_failedsearch")
FILES = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")


def editors(partner: str) -> str:
    """Name of a partner's group of editors."""
    return f"Editor {PARTNERS[Partner(partner)]}"


def approvers(partner: str) -> str:
    """Name of a partner's group of approvers of agreements."""
    return f"Penyetuju {PARTNERS[Partner(partner)]}"


def create(homes: list[Page]) -> None:
    """Create missing groups and workflows; existing ones are kept as administrators changed them.

    Run at each update, it also grants existing groups the permissions added by a release (knowledge_hub/core/permission_grants.py).

    Args:
        homes: the home page of each language; moderators may edit everything below.
    """
    for partner in Partner.values:
        _create_editors(partner)
        grant(approvers(partner), ("wagtailadmin.access_admin",))
    access.staff_group()
    moderators, created = grant(MODERATORS, (*MODERATION, *PROMOTIONS))
    if created:
        allow_pages(moderators, homes, ("add", "change", "publish", "lock", "unlock"))
        _allow_files(moderators, Collection.get_first_root_node(), FILES)
    # The visits app grants its permissions to the same group.
    grant(AUDITORS, AUDIT)
    _replace_wagtails_groups()
    _create_approval()


def allow_pages(group: Group, pages: Iterable[Page], actions: Iterable[str]) -> None:
    """Let a group do these actions (``add``, ``change``, ``publish`` …) with the pages and everything below them."""
    permissions = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=[f"{action}_page" for action in actions])
    GroupPagePermission.objects.bulk_create(
        [GroupPagePermission(group=group, page_id=page.pk, permission=permission) for page in pages for permission in permissions]
    )


def _allow_files(group: Group, collection: Collection, actions) -> None:
    GroupCollectionPermission.objects.bulk_create(
        [
            GroupCollectionPermission(group=group, collection=collection, permission=permission)
            for permission in Permission.objects.filter(content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=actions)
        ]
    )


def _create_editors(partner: str) -> None:
    """Editors of a partner: they draft and submit pages below the index and change their partner's page; they cannot publish.

    Editors of the city, which is responsible for the site, may change drafts of others and promote results of the search; other
    editors change only their own drafts.
    """
    group, created = grant(editors(partner), (*EDITING, *PROMOTIONS) if partner == Partner.PEMKO else EDITING)
    if not created:
        return
    actions = ("add", "change") if partner == Partner.PEMKO else ("add",)
    allow_pages(group, KnowledgeIndexPage.objects.all(), actions)
    allow_pages(group, PartnerPage.objects.filter(partner=partner), ("change",))
    root = Collection.get_first_root_node()
    name = PARTNERS[Partner(partner)]
    folder = Collection.objects.filter(name=name).first() or root.add_child(name=name)
    _allow_files(group, folder, FILES)
    _allow_files(group, root, ("choose_image", "choose_document"))


def _replace_wagtails_groups() -> None:
    """Replace Wagtail's groups and workflow with English names, unless somebody already belongs to them."""
    moderators = Group.objects.get(name=MODERATORS)
    for workflow in Workflow.objects.filter(name="Moderators approval"):
        for task in Task.objects.filter(workflow_tasks__workflow=workflow, groupapprovaltask__isnull=False):
            task.specific.groups.set([moderators])
            Task.objects.filter(pk=task.pk).update(name="Pemeriksaan moderator")
        Workflow.objects.filter(pk=workflow.pk).update(name="Pemeriksaan moderator")
    Group.objects.filter(name__in=("Moderators", "Editors"), user__isnull=True).delete()


def _create_approval() -> None:
    if approval.workflow() is not None or PartnerApprovalTask.objects.exists():
        return
    workflow = Workflow.objects.create(name="Persetujuan tiga pihak")
    for order, (partner, name) in enumerate(PARTNERS.items()):
        task = PartnerApprovalTask.objects.create(name=f"Persetujuan {name}", partner=partner)
        task.groups.set([Group.objects.get(name=approvers(partner))])
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
