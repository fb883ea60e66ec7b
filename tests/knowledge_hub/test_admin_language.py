"""The admin is in Indonesian. Wagtail has no Indonesian translation, so the project translates all its texts."""

import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import wagtail
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import Page

from knowledge_hub.models import ArticlePage, CustomDocument, CustomImage
from tests.factories import UserFactory
from tests.knowledge_hub.content import ContentTestCase

# Common English words that do not occur in Indonesian.
ENGLISH = re.compile(
    r"\b(the|this|that|these|of|and|is|are|was|were|you|your|for|with|from|by|page|pages|add|edit|save|delete|deleted|search|choose|any|has|have"
    r"|not|publish|published|live|draft|current|view|show|select|actions|filter|cancel|close|type|name|created|updated|last|user|users|date|time|title"
    r"|image|document|file|history|more|other|new|what|which|who|when|can|must|may|will|there|been|yes|password|language|settings|account|help"
    r"|used|usage|go|move|copy|results|comments|children|child|before|after|between|empty|unknown|up|down|toggle|required)\b",
    re.IGNORECASE,
)
# Written in a template of Wagtail as the label of a button for screen readers; static/js/search-button.js replaces it.
NAMED_BY_SCRIPT = {"Search"}


class Texts(HTMLParser):
    """All visible and spoken texts of a screen: text, labels, titles, placeholders, buttons."""

    def __init__(self, html: str):
        super().__init__()
        self.found, self.silent = [], 0
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.silent += tag in ("script", "style", "svg")
        self.found += [values[name] for name in ("title", "aria-label", "placeholder", "alt") if values.get(name)]
        if tag == "input" and values.get("type") in ("submit", "button"):
            self.found.append(values.get("value", ""))

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style", "svg")

    def handle_data(self, data):
        if not self.silent and data.strip():
            self.found.append(" ".join(data.split()))


def labels(value) -> list[str]:
    """The texts of the sidebar, which a script renders from JSON."""
    if isinstance(value, dict):
        return [
            text
            for name, part in value.items()
            if name not in ("name", "url", "icon_name", "classname", "_type", "attrs")
            for text in labels(part)
        ]
    if isinstance(value, list):
        return [text for part in value for text in labels(part)]
    return [value] if isinstance(value, str) and " " in value else []


class AdminLanguageTest(ContentTestCase):
    def screens(self):
        case, index = self.case().pk, self.index().pk
        yield from [reverse("wagtailadmin_home"), f"/admin/pages/{index}/", "/admin/pages/search/?q=kolaborasi+tiga+pihak"]
        for name in ("edit", "history", "usage", "copy", "move", "delete", "unpublish"):
            yield reverse(f"wagtailadmin_pages:{name}", args=[case])
        yield reverse("wagtailadmin_pages:add_subpage", args=[index])
        for model in ("casestudypage", "applicationpage", "collaborationdocumentpage", "forumpage", "articlepage"):
            yield reverse("wagtailadmin_pages:add", args=["knowledge_hub", model, index])
        yield from self.screens_of_a_change()
        yield from self.screens_of_files()
        for name in ("wagtailimages:index", "wagtailimages:add", "wagtailimages:add_multiple", "wagtaildocs:index", "wagtaildocs:add"):
            yield reverse(name)
        for name in ("synonymgroup:list", "synonymgroup:add", "pagefeedback:list", "failedsearch:list"):
            yield reverse(f"wagtailsnippets_knowledge_hub_{name}")
        for name in ("locked_pages", "site_history", "workflow", "workflow_tasks", "aging_pages", "page_types_usage"):
            yield reverse(f"wagtailadmin_reports:{name}")
        for name in ("unverified", "ending", "searches", "links", "helpful"):
            yield reverse(f"knowledge_reports:{name}")
        for name in (
            "workflows:index",
            "account",
            "collections:index",
            "choose_page",
            "choose_page_external_link",
            "choose_page_email_link",
        ):
            yield reverse(f"wagtailadmin_{name}")
        yield from [reverse("wagtailimages_chooser:choose"), reverse("wagtaildocs_chooser:choose"), reverse("editors_guide")]
        yield reverse("account_security")

    def screens_of_a_change(self):
        """Screens between a draft and its approval."""
        draft = self.case()
        for summary in ("Konsep pertama.", "Konsep kedua."):
            draft.summary = summary
            revision = draft.save_revision()
        draft.get_workflow().start(draft, UserFactory())
        yield reverse("wagtailadmin_pages:edit", args=[draft.pk])
        yield reverse("wagtailadmin_pages:revisions_compare", args=[draft.pk, "live", "latest"])
        yield reverse("wagtailadmin_pages:revisions_revert", args=[draft.pk, revision.pk])
        yield reverse("wagtailadmin_pages:set_privacy", args=[draft.pk])
        yield reverse("wagtailadmin_pages:workflow_history", args=[draft.pk])
        yield reverse("wagtailadmin_pages:workflow_history_detail", args=[draft.pk, draft.current_workflow_state.pk])
        yield reverse("wagtailadmin_pages:confirm_workflow_cancellation", args=[draft.pk])
        task = draft.current_workflow_task_state.pk
        for action in ("approve", "reject"):
            yield reverse("wagtailadmin_pages:workflow_action", args=[draft.pk, action, task])
        lone = self.index().add_child(instance=ArticlePage(title="Kabar", date="2026-01-01"))
        yield reverse("simple_translation:submit_page_translation", args=[lone.pk])
        yield reverse("wagtailadmin_pages:move_confirm", args=[lone.pk, self.index("en").pk])
        yield reverse("wagtailadmin_pages:type_use", args=["knowledge_hub", "articlepage"])

    def screens_of_files(self):
        picture = io.BytesIO()
        Image.new("RGB", (40, 30)).save(picture, "PNG")
        image = CustomImage.objects.create(title="Loket", description="Loket", file=ContentFile(picture.getvalue(), name="loket.png"))
        document = CustomDocument.objects.create(title="Naskah", file=ContentFile(b"isi", name="naskah.txt"))
        for name in ("edit", "delete", "image_usage"):
            yield reverse(f"wagtailimages:{name}", args=[image.pk])
        for name in ("edit", "delete", "document_usage"):
            yield reverse(f"wagtaildocs:{name}", args=[document.pk])
        yield reverse("wagtailimages_chooser:select_format", args=[image.pk])

    def texts(self, client: Client, address: str) -> list[str]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        html = answer.content.decode()
        if answer["Content-Type"].startswith("application/json"):
            html = json.loads(html)["html"]
        menu = re.findall(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', html, re.DOTALL)
        return Texts(html).found + [text for props in menu for text in labels(json.loads(props))]

    def test_no_editor_screen_contains_english(self):
        staff = Client()
        staff.force_login(UserFactory(admin=True))
        screens = [(staff, address) for address in self.screens()]
        screens += [(self.client, reverse(name)) for name in ("wagtailadmin_login", "wagtailadmin_password_reset", "wagtailcore_login")]

        # Titles of pages are content, not texts of the screen.
        allowed = NAMED_BY_SCRIPT | set(Page.objects.filter(locale__language_code="en").values_list("title", flat=True))

        found = ((text, address) for client, address in screens for text in self.texts(client, address))
        english = {text: address for text, address in found if ENGLISH.search(text) and text not in allowed}

        assert english == {}

    def test_editor_scripts_are_translated(self):
        staff = Client()
        staff.force_login(UserFactory(admin=True))

        catalogue = staff.get(reverse("wagtailadmin_javascript_catalog")).content.decode()

        assert '"Insert a block": "Sisipkan blok"' in catalogue


def wagtail_texts():
    """Yield the domain and message of every text of the installed Wagtail apps."""
    for app in apps.get_app_configs():
        if app.name.startswith("wagtail"):
            for domain in ("django", "djangojs"):
                path = Path(app.path) / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
                if path.exists():
                    with path.open("rb") as file:
                        yield from ((domain, message) for message in read_po(file) if message.id)


def test_every_wagtail_text_is_translated_with_its_placeholders():
    """If this fails after an update of Wagtail, translate the new texts in locale_wagtail."""
    folder = settings.BASE_DIR / "locale_wagtail" / "id" / "LC_MESSAGES"
    ours = {domain: read_po((folder / f"{domain}.po").read_text().splitlines(), locale="id") for domain in ("django", "djangojs")}
    missing, wrong = [], []
    for domain, message in wagtail_texts():
        found = ours[domain].get(message.id, message.context)
        if found is None or not (found.string if isinstance(found.string, str) else all(found.string)):
            missing.append(message.id)
            continue
        translated = found.string if isinstance(found.string, str) else found.string[-1]
        original = message.id if isinstance(message.id, str) else message.id[-1]
        values = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
        if set(values.findall(translated)) - set(values.findall(" ".join(message.id) if isinstance(message.id, tuple) else original)):
            wrong.append(translated)

    assert wagtail.VERSION[0] == 8
    assert (missing, wrong) == ([], [])
