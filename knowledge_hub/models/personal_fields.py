"""Personal data in fields of the knowledge base, Wagtail and Django. core/personal_fields.py explains the entries.

If nothing deletes a value yet, ``deleted_by`` is empty and the lifetime is the one that the host plans.
"""

import datetime as dt

from django.utils.translation import gettext_noop as _

from knowledge_hub.core.personal_fields import Basis, Event, Lifetime, Reader, Whose, declare, impersonal

ADMIN = ("wagtailadmin.access_admin",)
ACCOUNTS = ("knowledge_hub.view_user", "knowledge_hub.change_user", Reader.THE_PERSON)
PUBLIC = (Reader.EVERYONE,)

EMPLOYMENT = Lifetime(Event.LEFT)
PUBLISHED = Lifetime(Event.WITHDRAWN)
LOG = Lifetime(Event.ARCHIVED)
PREVIEW = "wagtail.admin.views.generic.preview.PreviewOnEdit"
SESSIONS = "wagtail.admin.models.EditingSession"
SEARCHES = "django.conf.settings.WAGTAILSEARCH_HITS_MAX_AGE"

# Accounts of staff and their actions

declare(
    "knowledge_hub.User",
    {
        "username": "name for signing in",
        "first_name": "first name",
        "last_name": "last name",
        "email": "office e-mail address",
        "position": "position",
        "partner": "the partner that the person works for",
    },
    whose=Whose.HOST,
    purpose="give staff of the partners access, and name who acted",
    basis=Basis.PUBLIC_TASK,
    seen_by=ACCOUNTS,
    kept=EMPLOYMENT,
)
declare(
    "knowledge_hub.User",
    {"password": "hash of the password", "last_login": "last signing in"},
    whose=Whose.HOST,
    purpose="check who signs in",
    basis=Basis.LEGITIMATE_INTEREST,
    seen_by=(Reader.NOBODY,),
    kept=EMPLOYMENT,
)
declare(
    "knowledge_hub.SecondFactor",
    {
        "secret": "secret that the authenticator app shares",
        "recovery_codes": "keyed hashes of codes on paper",
        "keys": "names and public parts of security keys",
    },
    whose=Whose.HOST,
    purpose="check who signs in",
    basis=Basis.LEGITIMATE_INTEREST,
    seen_by=(Reader.NOBODY,),
    kept=EMPLOYMENT,
)
declare(
    "wagtailusers.UserProfile",
    {
        "avatar": "picture of the person",
        "preferred_language": "language of the admin",
        "current_time_zone": "time zone of the admin",
        "dismissibles": "hints that the person closed",
    },
    whose=Whose.HOST,
    purpose="show the admin as the person likes it",
    basis=Basis.CONSENT,
    seen_by=ACCOUNTS,
    kept=EMPLOYMENT,
)
declare(
    "wagtailcore.APIToken",
    {"name": "what the person calls the token"},
    whose=Whose.HOST,
    purpose="give programs of the person access",
    basis=Basis.PUBLIC_TASK,
    seen_by=ACCOUNTS,
    kept=EMPLOYMENT,
)
declare(
    "knowledge_hub.Session",
    {
        "session_data": "who is signed in; of guests the answers of a request that is not sent yet",
        "device": "browser and system of a member of staff",
        "network": "network from which a member of staff signed in, without the last part of the address",
        "started_at": "when a member of staff signed in",
    },
    whose=Whose.HOST,
    purpose="keep a person signed in, and a request while it is filled in",
    basis=Basis.PUBLIC_TASK,
    seen_by=(Reader.THE_PERSON,),
    kept=Lifetime(Event.EXPIRED, dt.timedelta(0), "knowledge_hub.core.housekeeping.delete_expired_sessions"),
)
declare(
    "wagtailadmin.FormState",
    {"data": "a form of the admin as it is being filled in"},
    whose=Whose.HOST,
    purpose="preview what is not saved yet",
    basis=Basis.PUBLIC_TASK,
    seen_by=(Reader.THE_PERSON,),
    kept=Lifetime(Event.SAVED, "wagtail.admin.models.FormState.STALE_TIMEOUT", f"{PREVIEW}.remove_old_preview_data"),
)
declare(
    "wagtailadmin.EditingSession",
    {"last_seen_at": "when the person last had a page open"},
    whose=Whose.HOST,
    purpose="warn editors who change the same page",
    basis=Basis.LEGITIMATE_INTEREST,
    seen_by=ADMIN,
    kept=Lifetime(Event.SAVED, f"{SESSIONS}.STALE_TIMEOUT", f"{SESSIONS}.cleanup"),
)
declare(
    "wagtailcore.ModelLogEntry",
    {"label": "name of the object at that time", "data": "what was done, such as the reason of an override"},
    whose=Whose.HOST,
    purpose="prove who did what",
    basis=Basis.LEGAL_OBLIGATION,
    seen_by=ADMIN,
    kept=LOG,
)
declare(
    "wagtailcore.PageLogEntry",
    {"label": "title of the page at that time", "data": "what was done"},
    whose=Whose.HOST,
    purpose="prove who did what",
    basis=Basis.LEGAL_OBLIGATION,
    seen_by=ADMIN,
    kept=LOG,
)
declare(
    "wagtailcore.Revision",
    {"content": "a version of a page with the people that it names", "object_str": "title of that version"},
    whose=Whose.HOST,
    purpose="compare and restore versions",
    basis=Basis.PUBLIC_TASK,
    seen_by=ADMIN,
    kept=PUBLISHED,
)
for model in ("Comment", "CommentReply"):
    declare(
        f"wagtailcore.{model}",
        {"text": "what editors write to each other about a page"},
        whose=Whose.HOST,
        purpose="work on a page together",
        basis=Basis.PUBLIC_TASK,
        seen_by=ADMIN,
        kept=PUBLISHED,
    )
declare(
    "wagtailcore.TaskState",
    {"comment": "words with an approval or refusal"},
    whose=Whose.HOST,
    purpose="approve pages and agreements",
    basis=Basis.PUBLIC_TASK,
    seen_by=ADMIN,
    kept=LOG,
)
declare(
    "django_tasks_database.DBTaskResult",
    {"traceback": "error of a background task; may repeat a name", "return_value": "what a background task returned"},
    whose=Whose.HOST,
    purpose="find errors",
    basis=Basis.LEGITIMATE_INTEREST,
    seen_by=(Reader.NOBODY,),
    kept=Lifetime(
        Event.FINISHED, "knowledge_hub.core.housekeeping.KEEP_TASK_RESULTS", "knowledge_hub.core.housekeeping.delete_old_task_results"
    ),
)

# Readers

declare(
    "knowledge_hub.PageFeedback",
    {"text": _("message of a reader"), "note": _("what staff did about it")},
    whose=Whose.GUESTS,
    purpose=_("correct and complete pages"),
    basis=Basis.PUBLIC_TASK,
    seen_by=("knowledge_hub.view_pagefeedback", "knowledge_hub.change_pagefeedback"),
    kept=Lifetime(Event.CLOSED, dt.timedelta(days=730)),
)
declare(
    "knowledge_hub.PageFeedback",
    {"reply_to": _("address of a reader who asks for an answer")},
    whose=Whose.GUESTS,
    purpose=_("answer the question"),
    basis=Basis.CONSENT,
    seen_by=("knowledge_hub.view_pagefeedback", "knowledge_hub.change_pagefeedback"),
    kept=Lifetime(Event.CLOSED, dt.timedelta(0), "knowledge_hub.staff.feedback.FeedbackForm.save"),
)
declare(
    "knowledge_hub.FailedSearch",
    {"query_string": _("what somebody unknown searched for; may be a name")},
    whose=Whose.GUESTS,
    purpose=_("show editors what is missing"),
    basis=Basis.LEGITIMATE_INTEREST,
    seen_by=("knowledge_hub.view_failedsearch",),
    kept=Lifetime(Event.SEARCHED, SEARCHES),
)
declare(
    "wagtailsearchpromotions.Query",
    {"query_string": _("what somebody unknown searched for; may be a name")},
    whose=Whose.HOST,
    purpose=_("show editors what readers look for"),
    basis=Basis.LEGITIMATE_INTEREST,
    seen_by=ADMIN,
    kept=Lifetime(Event.SEARCHED, SEARCHES, "knowledge_hub.core.housekeeping.delete_old_searches"),
)
declare(
    "knowledge_hub.RequestCount",
    {"key": _("keyed hash of a client's address")},
    whose=Whose.GUESTS,
    purpose=_("limit requests"),
    basis=Basis.LEGITIMATE_INTEREST,
    seen_by=(Reader.NOBODY,),
    kept=Lifetime(Event.COUNTED, dt.timedelta(hours=2), "knowledge_hub.core.rate_limits.delete_old_counts"),
)

# People whom published pages and files name in their office

for model in (
    "GuidePage",
    "SectionPage",
    "PartnerPage",
    "ArticlePage",
    "ForumPage",
    "ApplicationPage",
    "CollaborationDocumentPage",
):
    declare(
        f"knowledge_hub.{model}",
        {"body": "text that may name or quote people in office", "sources": "authors of the sources"},
        whose=Whose.HOST,
        purpose="inform the public and cite correctly",
        basis=Basis.PUBLIC_TASK,
        seen_by=PUBLIC,
        kept=PUBLISHED,
    )
for model, fields in {
    "ArticlePage": {"author": "who wrote the article"},
    "ForumPage": {"speakers": "who spoke, for whom", "participants": "who took part", "programme": "who led an item of the programme"},
    "CaseStudyPage": {"contact": "office or shared mailbox", "contacts": "contacts by role", "sources": "authors of the sources"},
    "CollaborationDocumentPage": {
        "parties": "what each party carries",
        "signatories": "who signed for which party",
        "remind_mailbox": "shared mailbox of the owner",
    },
    "AgreementVersion": {"text": "the clauses, which name who signs"},
    "CustomImage": {
        "title": "title of a picture, which may name people",
        "file": "a picture, which may show people",
        "description": "what is on it",
        "credit": "who took it",
    },
    "CustomRendition": {"file": "the picture in another size"},
    "CustomDocument": {"title": "title of a document", "file": "a document, which may name people", "source": "where it comes from"},
    "DocumentText": {"text": "the words of the document, for the search"},
}.items():
    declare(
        f"knowledge_hub.{model}",
        fields,
        whose=Whose.HOST,
        purpose="inform the public and name those responsible in their office",
        basis=Basis.PUBLIC_TASK,
        seen_by=PUBLIC,
        kept=PUBLISHED,
    )
declare(
    "wagtailcore.UploadedFile",
    {"file": "a picture or document of which the form is not complete yet"},
    whose=Whose.HOST,
    purpose="keep an upload until its form is complete",
    basis=Basis.PUBLIC_TASK,
    seen_by=ADMIN,
    kept=Lifetime(Event.SAVED, dt.timedelta(days=1)),
)

impersonal(
    "published words about a place, a thing, an institution or a project",
    {
        **{f"knowledge_hub.{model}": "summary owner_unit" for model in ("KnowledgeIndexPage", "GuidePage", "SectionPage", "ArticlePage")},
        "knowledge_hub.PartnerPage": "summary owner_unit role",
        "knowledge_hub.ForumPage": "summary owner_unit venue theme attachments",
        "knowledge_hub.ApplicationPage": "summary owner_unit database access",
        "knowledge_hub.CollaborationDocumentPage": "summary owner_unit number annexes",
        "knowledge_hub.AgreementVersion": "label",
        "knowledge_hub.CaseStudyPage": (
            "summary owner_unit stopped_reason context solution novelty partners implementation milestones costs legal_basis results "
            "challenges lessons readiness shareable sustainability registers attachments video_url gallery"
        ),
        "knowledge_hub.CustomImage": "licence",
        "knowledge_hub.CustomDocument": "licence",
        "knowledge_hub.Dimension": "name_id name_en slug",
        "knowledge_hub.SubDimension": "name_id name_en slug",
        "knowledge_hub.Region": "code name aliases capital zone",
        "knowledge_hub.SynonymGroup": "terms",
    },
)
impersonal(
    "keys, addresses and hashes of pages, files and permissions",
    {
        "knowledge_hub.CustomImage": "file_hash",
        "knowledge_hub.CustomRendition": "filter_spec focal_point_key",
        "knowledge_hub.CustomDocument": "file_hash",
        "knowledge_hub.DocumentText": "file",
        "knowledge_hub.BrokenLink": "address",
        "knowledge_hub.PagePdf": "key problem",
        "knowledge_hub.SearchChange": "index key",
        "knowledge_hub.PermissionGrant": "name",
    },
)
impersonal(
    "structure of the site: addresses, names of sections, groups and rights, keys of objects",
    dict.fromkeys(
        (
            "auth.Group",
            "auth.Permission",
            "contenttypes.ContentType",
            "taggit.Tag",
            "wagtailcore.Collection",
            "wagtailcore.CollectionViewRestriction",
            "wagtailcore.Locale",
            "wagtailcore.Page",
            "wagtailcore.PageViewRestriction",
            "wagtailcore.ReferenceIndex",
            "wagtailcore.Site",
            "wagtailcore.Task",
            "wagtailcore.Workflow",
            "wagtailcore.WorkflowState",
            "wagtailembeds.Embed",
            "wagtailredirects.Redirect",
            "wagtailsearchpromotions.SearchPromotion",
        ),
        "*",
    ),
)
impersonal(
    "tables that stay empty: the project has its own models and its own index",
    dict.fromkeys(
        (
            "wagtaildocs.Document",
            "wagtailimages.Image",
            "wagtailimages.Rendition",
            "wagtailsearch.IndexEntry",
            "wagtailsearch.SQLiteFTSIndexEntry",
        ),
        "*",
    ),
)
impersonal(
    "what else stands in the rows of these models: keys, and names of code",
    {
        "knowledge_hub.Session": "session_key",
        "wagtailadmin.EditingSession": "object_id",
        "wagtailadmin.FormState": "object_id parent_object_id",
        "wagtailcore.APIToken": "key_hash prefix",
        "wagtailcore.Comment": "contentpath position",
        "wagtailcore.ModelLogEntry": "action object_id",
        "wagtailcore.PageLogEntry": "action",
        "wagtailcore.Revision": "object_id",
        "django_tasks_database.DBTaskResult": "args_kwargs task_path worker_ids queue_name backend_name exception_class_path",
    },
)
impersonal(
    "the office, not a person: what everybody may read on the contact page",
    {"knowledge_hub.ContactSettings": "office email phone address office_hours_id office_hours_en map_url"},
)
