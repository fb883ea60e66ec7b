"""Changes the wording of mails, with a preview on a real visit, the usual wording one click away, and all versions."""

import copy
from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin.auth import permission_denied
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from visits.mail import secret_links, wording
from visits.mail.kinds import MAIL_TEMPLATES
from visits.mail.messages import write
from visits.mail.placeholders import PLACEHOLDERS
from visits.mail.wording import Key, Wording
from visits.models import MailWording, OutboundMessage, Visit
from visits.staff.views import ButtonMixin, StaffFormView

PREVIEWS = 8
"""So many real mails or visits are offered for the preview."""


def _key(language: str, slug: str) -> Key:
    found = next((key for key in wording.keys(language) if key.as_slug == slug), None) if language in dict(settings.LANGUAGES) else None
    if found is None:
        raise Http404
    return found


def examples(key: Key) -> dict[str, OutboundMessage]:
    """Real things that the mail can be previewed on, by the value of their choice; mails of this kind first, then recent visits."""
    related = ("visit__programme", "visit__slot", "visit__region__parent", "data_request", "draft")
    mails = OutboundMessage.objects.select_related(*related).filter(kind=key.kind).order_by("-pk")[:PREVIEWS]
    found = {f"mail-{mail.pk}": mail for mail in mails}
    template = MAIL_TEMPLATES[key.kind]
    if "reference" in template.offers and not template.about:
        shown = {mail.visit_id for mail in mails}
        visits = Visit.objects.exclude(reference=None).exclude(programme=None).select_related("programme", "slot", "region__parent")
        for visit in visits.exclude(pk__in=shown).order_by("-pk")[: PREVIEWS - len(found)]:
            note = f"[{PLACEHOLDERS['note'].label}]"
            found[f"visit-{visit.pk}"] = OutboundMessage(visit=visit, kind=key.kind, recipient=visit.contact_email, note=note)
    return found


def _label(mail: OutboundMessage) -> str:
    if mail.visit:
        return f"{mail.visit.reference or ''} {mail.visit.organisation}".strip()
    return date_format(localtime(mail.created_at), "DATETIME_FORMAT")


class WordingForm(forms.Form):
    """Subject and text, and the version that the user saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    subject = forms.CharField(label=gettext_lazy("Subject line"), max_length=200)
    text = forms.CharField(label=gettext_lazy("Text"), max_length=8000, widget=forms.Textarea(attrs={"rows": 24}), strip=True)

    def __init__(self, *args, key: Key, **kwargs):
        super().__init__(*args, **kwargs)
        self.key = key

    def clean(self):
        """Only a wording that the mail can have."""
        cleaned = super().clean()
        if "subject" in cleaned and "text" in cleaned:
            try:
                wording.check(self.key, self.wording())
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned

    def wording(self) -> Wording:
        """What was typed, with the line ends of a mail."""
        cleaned = self.cleaned_data
        return Wording(" ".join(cleaned["subject"].split()), "\n".join(line.rstrip() for line in cleaned["text"].splitlines()))


class VersionForm(forms.Form):
    """The version that the form shows: a number, 0 for the usual wording."""

    version = forms.IntegerField(min_value=0, required=False)


class WordingsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """All mails, and which of their texts were changed."""

    model = MailWording
    any_permission_required = ["view", "add"]
    template_name = "visits/staff/mail_wordings.html"
    page_title = gettext_lazy("Wording of mails")
    header_icon = "edit"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        newest = {(row.kind, row.variant, row.language): row for row in MailWording.objects.defer("text").order_by("version")}
        rows: dict[tuple[str, str], dict] = {}
        for language, name in settings.LANGUAGES:
            for key in wording.keys(language):
                row = rows.setdefault((key.kind, key.variant), {"title": key.title, "texts": []})
                version = newest.get((key.kind, key.variant, language))
                changed = version if version and version.subject else None
                url = reverse("visits_wording:edit", args=[language, key.as_slug])
                row["texts"].append({"language": _(name), "url": url, "changed": changed})
        return super().get_context_data(rows=rows.values(), **kwargs)


class _OfAKey:
    """A page about one text."""

    model = MailWording

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.key = _key(kwargs["language"], kwargs["slug"])

    @property
    def back_url(self) -> str:
        return reverse("visits_wording:edit", args=[self.key.language, self.key.as_slug])


class WordingView(_OfAKey, StaffFormView):
    """One text of a mail; who may not change it can read it."""

    any_permission_required = ["view", "add"]
    template_name = "visits/staff/mail_wording.html"
    form_class = WordingForm
    header_icon = "edit"
    page_title = gettext_lazy("Wording of mails")
    success_message = "%(sentence)s"

    def get_page_subtitle(self):
        return f"{self.key.title} ({_(dict(settings.LANGUAGES)[self.key.language])})"

    def get_breadcrumbs_items(self):
        index = {"url": reverse("visits_wording:index"), "label": self.page_title}
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.get_page_subtitle()}]

    @cached_property
    def versions(self) -> list[MailWording]:
        """What staff wrote, newest first."""
        return wording.versions(self.key)

    @property
    def newest(self) -> int:
        """The number of the newest version."""
        return self.versions[0].version if self.versions else 0

    def get_initial(self):
        """The wording that mails have now, or the one of ``?version=``: an earlier one, or 0 for the usual one."""
        query = VersionForm(self.request.GET)
        asked = query.cleaned_data["version"] if query.is_valid() else None
        row = next((row for row in self.versions if row.version == asked and row.text), None)
        shown = Wording(row.subject, row.text) if row else wording.usual(self.key) if asked == 0 else wording.current(self.key)
        return {"seen": self.newest, "subject": shown.subject, "text": shown.text}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "key": self.key}

    @property
    def may_change(self) -> bool:
        """Whether the user may change it."""
        return self.request.user.has_perm("visits.add_mailwording")

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        if not self.may_change:
            for field in form.fields.values():
                field.disabled = True
        return form

    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs) if self.may_change else permission_denied(request)

    def perform(self, form):
        changed = wording.change(self.key, form.wording(), seen=form.cleaned_data["seen"], by=self.request.user)
        return {"sentence": _("Saved. Mails that are written from now on have this wording.") if changed else _("Nothing was changed.")}

    def add_refusal(self, form, refusal):
        """What was typed stays; saving again builds on the version that is shown below."""
        super().add_refusal(form, refusal)
        form.data = form.data | {"seen": str(self.newest)}

    def get_context_data(self, **kwargs):
        key = self.key
        may_preview = self.request.user.has_perm("visits.view_outboundmessage")
        return super().get_context_data(
            key=key,
            may_change=self.may_change,
            changed=bool(self.versions and self.versions[0].text),
            versions=self.versions,
            placeholders=[(name, PLACEHOLDERS[name].label) for name in MAIL_TEMPLATES[key.kind].offers],
            examples=[(value, _label(mail)) for value, mail in examples(key).items()] if may_preview else [],
            preview_url=reverse("visits_wording:preview", args=[key.language, key.as_slug]),
            usual_url=reverse("visits_wording:usual", args=[key.language, key.as_slug]),
            **kwargs,
        )


class SeenForm(forms.Form):
    """The version that the user saw."""

    seen = forms.IntegerField(min_value=0)


class UsualView(_OfAKey, ButtonMixin, StaffFormView):
    """Returns to the usual wording."""

    permission_required = "add"
    form_class = SeenForm
    success_message = gettext_lazy("Mails that are written from now on have the usual wording again.")

    def perform(self, form):
        wording.change(self.key, None, seen=form.cleaned_data["seen"], by=self.request.user)


class PreviewView(PermissionCheckedMixin, View):
    """The mail with the typed wording, on a chosen visit or with labels in place of values; changes and sends nothing."""

    model = MailWording
    permission_required = "add"
    http_method_names = ["post", "options"]

    def post(self, request, language, slug):
        """Show it, or the errors."""
        key = _key(language, slug)
        form = WordingForm(request.POST, key=key)
        if not form.is_valid():
            return self.shown(request, problems=[error for errors in form.errors.values() for error in errors])
        text = form.wording()
        chosen = examples(key).get(request.POST.get("example", "")) if request.user.has_perm("visits.view_outboundmessage") else None
        if chosen is None:
            labels = wording.labelled(key, text)
            return self.shown(request, subject=labels.subject, text=labels.text)
        subject, body = self.mail(key, chosen, text)
        return self.shown(request, subject=subject, text=body)

    def mail(self, key: Key, chosen: OutboundMessage, text: Wording) -> tuple[str, str]:
        """Subject and text in the language of the wording, whatever the language of the visit is."""
        mail = copy.copy(chosen)
        for owner in self.owners(mail):
            owner.language = key.language
        write(mail, visit=mail.visit, wording=text)
        return mail.subject, secret_links.masked(mail.text)

    def owners(self, mail: OutboundMessage) -> Iterator[Any]:
        """Copies of the things whose language a mail has."""
        for name in ("visit", "data_request", "draft"):
            if owner := getattr(mail, name):
                setattr(mail, name, copy.copy(owner))
                yield getattr(mail, name)

    def shown(self, request, **context):
        """A small page for the frame."""
        return render(request, "visits/staff/mail_wording_preview.html", context, status=422 if "problems" in context else 200)


class WordingMenuItem(MenuItem):
    """Shown to those who may read wordings."""

    def is_shown(self, request):
        return any(request.user.has_perm(f"visits.{action}_mailwording") for action in ("view", "add"))


class WordingViewSet(ViewSet):
    """The wording of mails."""

    name = "visits_wording"
    url_prefix = "visits/wording"
    icon = "edit"
    menu_label = gettext_lazy("Wording of mails")
    menu_item_class = WordingMenuItem

    def get_urlpatterns(self):
        return [
            path("", WordingsView.as_view(), name="index"),
            path("<str:language>/<str:slug>/", WordingView.as_view(), name="edit"),
            path("<str:language>/<str:slug>/usual/", UsualView.as_view(), name="usual"),
            path("<str:language>/<str:slug>/preview/", PreviewView.as_view(), name="preview"),
        ]
