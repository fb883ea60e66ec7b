"""Forms for query strings and feedback of readers."""

import time

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from knowledge_hub.catalogue.facets import numbers
from knowledge_hub.models import PageFeedback

Kind = PageFeedback.Kind
# Seconds; a person needs at least FASTEST to fill in the smallest form, and at most SLOWEST.
FASTEST, SLOWEST = 2, 24 * 3600
SALT = "feedback"


class PicksForm(forms.Form):
    """Pages chosen by primary key in the query string: ``?id=3&id=7`` or ``?pick=3``. Invalid values are ignored."""

    def chosen(self) -> list[int]:
        """The primary keys in their order, without duplicates."""
        return numbers([*self.data.getlist("id"), *self.data.getlist("pick")])


class VersionsForm(forms.Form):
    """Two versions of a document to compare, by primary key."""

    old = forms.CharField(required=False)
    new = forms.CharField(required=False)

    def pair(self) -> tuple[int | None, int | None]:
        """Both keys; None for an invalid one."""
        found = [numbers([self.data.get(name, "")]) for name in ("old", "new")]
        return tuple(keys[0] if keys else None for keys in found)


class FeedbackForm(forms.Form):
    """A message about a page, with two spam checks: a hidden field and the time taken to fill in the form."""

    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Your message"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 6}))
    reply_to = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        help_text=_("Only to answer you; it is deleted once your question is closed. Never published."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    HELP = {
        Kind.HELPFUL: _("What helped you? Please write no names or other personal data."),
        Kind.NOT_HELPFUL: _("What is missing or hard to understand? Please write no names or other personal data."),
        Kind.QUESTION: _("The office that answers for this page will read your question."),
        Kind.ERROR: _("What is wrong, and what should it say? If you have a source, name it."),
    }

    def __init__(self, *args, kind: str, **kwargs):
        kwargs.setdefault("initial", {"kind": kind, "opened": signing.dumps(int(time.time()), salt=SALT)})
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = self.HELP[Kind(kind)]
        self.fields["text"].required = kind in (Kind.QUESTION, Kind.ERROR)
        if kind != Kind.QUESTION:
            del self.fields["reply_to"]

    @property
    def is_spam(self) -> bool:
        """Whether the form looks filled in by a bot; such a message is confirmed but not saved."""
        if self.data.get("website"):
            return True
        try:
            opened = signing.loads(self.data.get("opened", ""), salt=SALT)
        except signing.BadSignature:
            return True
        return not FASTEST <= time.time() - opened <= SLOWEST

    def clean_text(self) -> str:
        """The message without control characters other than line ends."""
        return "".join(char for char in self.cleaned_data["text"] if char.isprintable() or char in "\n\r\t").strip()


class KindForm(forms.Form):
    """The kind of message in the query string; ``helpful`` if invalid."""

    kind = forms.ChoiceField(choices=Kind.choices, required=False)

    def chosen(self) -> str:
        """The value of the chosen kind."""
        return self.cleaned_data.get("kind") or Kind.HELPFUL if self.is_valid() else Kind.HELPFUL
