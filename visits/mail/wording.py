"""The wording of mails: the usual one from the templates, or the one that staff wrote in its place. Both have placeholders in braces."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain.errors import Refused
from visits.enums import MessageKind
from visits.mail import placeholders
from visits.mail.kinds import MAIL_TEMPLATES
from visits.mail.placeholders import PLACEHOLDERS, Shape, Values
from visits.models import MailWording


@dataclass(frozen=True)
class Wording:
    """Subject and text with placeholders in braces."""

    subject: str
    text: str


@dataclass(frozen=True)
class Key:
    """One text that can be changed: a kind of mail, or one of its variants, in one language."""

    kind: MessageKind
    variant: str
    language: str

    @property
    def title(self) -> str:
        """The kind and the variant in words."""
        label = str(self.kind.label)
        return f"{label}: {MAIL_TEMPLATES[self.kind].variants[self.variant].label}" if self.variant else label

    @property
    def as_slug(self) -> str:
        """For addresses, for example ``cancelled.by_guest``."""
        return f"{self.kind.value}.{self.variant}" if self.variant else str(self.kind.value)

    @property
    def filter(self) -> dict[str, str]:
        """Its rows."""
        return {"kind": self.kind, "variant": self.variant, "language": self.language}


def keys(language: str) -> list[Key]:
    """All texts of a language, in the order of the kinds. Mails that only the host's own people get have one in the site's language."""
    return [
        Key(kind, name, language)
        for kind, template in MAIL_TEMPLATES.items()
        if language == settings.LANGUAGE_CODE or not template.in_site_language
        for name in ("", *template.variants)
    ]


def key_for(kind: MessageKind, language: str, values: Values) -> Key:
    """The text that a mail with these values has."""
    variants = MAIL_TEMPLATES[kind].variants
    return Key(kind, next((name for name, variant in variants.items() if variant.applies(values)), ""), language)


@cache
def usual(key: Key) -> Wording:
    """The wording that the product brings along."""
    template = MAIL_TEMPLATES[key.kind]
    name = template.variants[key.variant].template if key.variant else template.template
    marks = {name: f"{{{name}}}" for name in template.offers}
    with override(key.language):
        subject = " ".join((str(template.subject) % marks).split())
        return Wording(subject, render_to_string(f"visits/mail/{name}.txt", marks).strip())


def versions(key: Key) -> list[MailWording]:
    """What staff wrote, newest first."""
    return list(MailWording.objects.filter(**key.filter).select_related("created_by"))


def current(key: Key) -> Wording:
    """The wording that mails have now; one query."""
    row = MailWording.objects.filter(**key.filter).only("subject", "text").first()
    return Wording(row.subject, row.text) if row and row.text else usual(key)


def filled(wording: Wording, values: Values) -> Wording:
    """Subject and text of a mail, in the active language."""
    subject = " ".join(placeholders.fill(wording.subject, values).split())
    return Wording(subject, placeholders.fill(wording.text, values) + "\n")


def labelled(key: Key, wording: Wording) -> Wording:
    """The wording with names of the values in place of placeholders, for a preview without a visit."""
    with override(key.language):
        filled = [
            placeholders.NAME.sub(lambda found: f"[{PLACEHOLDERS[found[1]].label}]", text) for text in (wording.subject, wording.text)
        ]
    return Wording(*filled)


def check(key: Key, wording: Wording) -> None:
    """Refuse a wording that a mail could not have.

    Raises:
        ValidationError: with messages for ``subject`` and ``text``.
    """
    offers, problems = MAIL_TEMPLATES[key.kind].offers, {}
    in_subject = [name for name in offers if PLACEHOLDERS[name].shape is Shape.WORDS]
    for field, text, allowed in (("subject", wording.subject, in_subject), ("text", wording.text, offers)):
        told = []
        if unknown := [name for name in placeholders.names_in(text) if name not in allowed]:
            told.append(_("These names in braces are not possible here: %(names)s.") % {"names": _listed(unknown)})
        if any(brace in placeholders.NAME.sub("", text) for brace in "{}"):
            told.append(_("A brace stands alone. Write braces only around a name from the list, such as {reference}."))
        if field == "text":
            standing = placeholders.names_in(text)
            needed = [name for name in placeholders.names_in(usual(key).text) if PLACEHOLDERS[name].needed and name not in standing]
            if needed:
                told.append(_("The mail is of no use without this: %(names)s.") % {"names": _listed(needed)})
        if told:
            problems[field] = told
    if problems:
        raise ValidationError(problems)


def _listed(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in dict.fromkeys(names))


def change(key: Key, wording: Wording | None, *, seen: int, by: User) -> bool:
    """Let mails that are written from now on have another wording, or the usual one again (None).

    Args:
        seen: number of the version that the user saw, 0 for the usual wording.

    Returns:
        Whether anything changed.

    Raises:
        ValidationError: a mail could not have this wording.
        Refused: somebody else changed it meanwhile.
    """
    if wording:
        check(key, wording)
    newest = MailWording.objects.filter(**key.filter).first()
    if wording in (None, usual(key)):
        wording = Wording("", "")
    if wording == (Wording(newest.subject, newest.text) if newest else Wording("", "")):
        return False
    try:
        with transaction.atomic():
            row = MailWording.objects.create(**key.filter, version=seen + 1, subject=wording.subject, text=wording.text, created_by=by)
            log(instance=row, action="wagtail.create", user=by)
    except IntegrityError:
        raise Refused(_("Somebody else has changed this text meanwhile. Compare with the newest version below, then save again.")) from None
    return True
