"""The unfinished booking in the session of the browser."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from knowledge_hub.core.language import active_language
from knowledge_hub.models import Region
from visits.booking_form.answers import booking_draft
from visits.booking_form.question import Step
from visits.domain import draft_letters, drafts
from visits.domain.booking import BookingDraft
from visits.models import Programme, SavedDraft, VisitSlot
from visits.public.forms import ContactForm, GroupForm, PurposeForm, WaitingForm
from visits.queries import public, regions

SESSION_KEY = "booking"
STEPS = ("group", "date", "alternatives", "purpose", "contact", "check")
QUESTION_FORMS = {Step.GROUP: GroupForm, Step.PURPOSE: PurposeForm, Step.CONTACT: ContactForm}
PRIVACY_NOTICE_VERSION = "2026-11"


@dataclass
class Draft:
    """The guest's answers by step, as plain values."""

    values: dict

    @classmethod
    def load(cls, session) -> "Draft":
        """The session's draft, or a new one with its own submission key."""
        return cls(session.get(SESSION_KEY) or {"key": str(uuid.uuid4())})

    def save(self, session) -> None:
        """Store the draft in the session."""
        session[SESSION_KEY] = self.values

    @property
    def saved(self) -> SavedDraft | None:
        """The row in which the guest saved the draft, or None."""
        return SavedDraft.objects.filter(pk=self.values.get("saved") or 0).first()

    def save_for_later(self, session, email: str) -> None:
        """Save the draft in the database and mail the link to it."""
        self.values["saved"] = drafts.save(self.values, email=email, language=active_language(), draft=self.saved).pk
        self.save(session)

    def set_unfinished(self, name: str, data: dict) -> None:
        """Keep typed values of a step that was not sent. They are shown again, but are no answers."""
        self.values.setdefault("unfinished", {})[name] = data

    def typed(self, name: str) -> dict:
        """Values that a step shows: what was typed last, else its answers."""
        return self.values.get("unfinished", {}).get(name) or self.step(name)

    def discard(self, session) -> None:
        """Delete the draft, its letter and its row; the next draft has a new submission key."""
        if saved := self.saved:
            saved.delete()
        self._delete_letter()
        session.pop(SESSION_KEY, None)

    def wish(self, name: str, value: str) -> None:
        """Remember a value that the URL preselected."""
        self.values.setdefault("wishes", {})[name] = value

    def wished(self, name: str) -> str:
        """The value that the URL preselected, or an empty text."""
        return self.values.get("wishes", {}).get(name, "")

    def step(self, name: str) -> dict:
        """Answers of a step; empty if it was not reached yet."""
        return self.values.get(name, {})

    def set_step(self, name: str, data: dict) -> None:
        """Save valid answers of a step, as typed; an empty dict opens the step again."""
        self.values[name] = data
        self.values.get("unfinished", {}).pop(name, None)

    def first_open_step(self) -> str:
        """The first step without answers; ``check`` if all have some."""
        return next((name for name in STEPS[:-1] if not self.step(name)), "check")

    def first_wrong_step(self) -> str:
        """The first step whose answers are no longer valid, because a rule or the calendar changed; ``check`` if all are valid."""
        for name in STEPS[:-1]:
            if name == "date" and not self.slot and not self.waiting_period:
                return name
            if name in QUESTION_FORMS and not self.answered_form(name).is_valid():
                return name
        return "check"

    def keep_letter(self, upload: UploadedFile) -> None:
        """Store a letter until the form is sent; replaces an earlier one."""
        self._delete_letter()
        self.values["letter_file"] = {"stored": draft_letters.store(upload), "name": upload.name[-255:]}

    def _delete_letter(self) -> None:
        if letter := self.values.get("letter_file"):
            draft_letters.delete(letter["stored"])

    @property
    def letter_name(self) -> str:
        """The original name of the attached letter."""
        return self.values.get("letter_file", {}).get("name", "")

    @property
    def has_letter(self) -> bool:
        """Whether a letter is attached and was not deleted meanwhile."""
        letter = self.values.get("letter_file")
        return bool(letter) and draft_letters.is_stored(letter["stored"])

    @property
    def programme(self) -> Programme | None:
        """The chosen programme, if it is still offered."""
        return Programme.objects.filter(pk=self.step("group").get("programme") or 0, active=True).first()

    @property
    def persons(self) -> int:
        """Size of the group; 0 before it is known. “12.0” is 12, as the form has it."""
        return GroupForm.base_fields["group_size"].to_python(self.step("group").get("group_size")) or 0

    @property
    def slot(self) -> VisitSlot | None:
        """The chosen session, if it still exists."""
        return VisitSlot.objects.select_related("programme").filter(pk=self.step("date").get("slot") or 0).first()

    @property
    def waiting_period(self) -> tuple[dt.date, dt.date] | None:
        """The period in which the guest waits for a place, if no session was chosen."""
        form = WaitingForm(self.step("date"))
        return (form.cleaned_data["wait_from"], form.cleaned_data["wait_until"]) if form.is_valid() else None

    @property
    def alternatives(self) -> list[VisitSlot]:
        """Other suitable sessions that still exist."""
        chosen = [pk for pk in self.step("alternatives").get("slots", []) if str(pk).isdecimal()]
        return list(VisitSlot.objects.filter(pk__in=chosen, starts_at__gt=timezone.now()).order_by("starts_at"))

    @property
    def region(self) -> Region | None:
        """The region that was typed, if the text names exactly one."""
        found = regions.find(self.step("group").get("region", ""))
        return found[0] if len(found) == 1 else None

    def form(self, name: str, *posted, initial: dict | None = None) -> forms.Form:
        """The form of a step with questions.

        Args:
            name: the step.
            posted: data and files of a request; without them the form is not bound.
            initial: what a form that is not bound shows.
        """
        options = {"programme": self.programme, "has_draft_letter": self.has_letter} if name == Step.PURPOSE else {}
        return QUESTION_FORMS[name](*posted, initial=initial, **options)

    def answered_form(self, name: str) -> forms.Form:
        """The form of a step, bound to its answers."""
        answers = _in_active_language(self.step(name))
        return self.form(name, MultiValueDict({n: v if isinstance(v, list) else [v] for n, v in answers.items()}))

    def form_to_fill(self, name: str) -> forms.Form:
        """The unbound form of a step with the values typed last, else with preselected ones."""
        initial = _in_active_language(self.typed(name) or self._wishes(name))
        if name == Step.GROUP and self.step(name) and self.wished("programme"):
            initial = {**initial, "programme": self.wished("programme")}
        return self.form(name, initial=initial)

    def _wishes(self, name: str) -> dict:
        """Initial values of a step before anything was typed."""
        if name == Step.GROUP:
            return {"programme": self.wished("programme"), "spoken_language": active_language()}
        return {"case_studies": [self.wished("case")]} if name == Step.PURPOSE and self.wished("case") else {}

    def answers(self) -> dict[str, Any]:
        """Valid answers to all questions by name, as cleaned by their forms; the letter is given by its file name."""
        answers: dict[str, Any] = {}
        for name in QUESTION_FORMS:
            form = self.answered_form(name)
            form.is_valid()
            answers |= form.cleaned_data
        return answers | {"letter_file": self.letter_name}

    def to_booking(self) -> BookingDraft | None:
        """The whole request, validated again by the forms; None if a step is no longer valid."""
        answers: dict[str, Any] = {}
        for name in QUESTION_FORMS:
            form = self.answered_form(name)
            if not form.is_valid():
                return None
            answers |= form.cleaned_data
        slot, letter = self.slot, self.values.get("letter_file")
        period = None if slot else self.waiting_period
        if not slot and not period:
            return None
        return booking_draft(
            answers | {"letter_file": letter and draft_letters.read(letter["stored"], letter["name"])},
            slot=slot,
            alternatives=tuple(self.alternatives) if slot else (),
            waiting_period=period,
            language=active_language(),
            privacy_notice_version=PRIVACY_NOTICE_VERSION,
            submission_key=uuid.UUID(self.values["key"]),
        )


def _in_active_language(answers: dict) -> dict:
    """The answers with case studies in the active language."""
    if not answers.get("case_studies"):
        return answers
    return {**answers, "case_studies": public.case_studies_in_language(answers["case_studies"], active_language())}
