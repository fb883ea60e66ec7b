"""The unfinished booking, kept in the session on the server: what was typed is never lost between the steps."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from knowledge_hub.models import CaseStudyPage, Region, SubDimension
from visits.domain import drafts
from visits.domain.booking import BookingDraft, LetterDraft
from visits.models import Programme, SavedDraft, VisitSlot
from visits.public import uploads
from visits.public.forms import ContactForm, GroupForm, PurposeForm, WaitingForm
from visits.queries import public, regions

SESSION_KEY = "booking"
STEPS = ("group", "date", "alternatives", "purpose", "contact", "check")
PRIVACY_NOTICE_VERSION = "2026-11"


@dataclass
class Draft:
    """What the guest has typed so far, as plain values by step."""

    values: dict

    @classmethod
    def load(cls, session) -> "Draft":
        """The session's draft, or a new one with its own submission key."""
        return cls(session.get(SESSION_KEY) or {"key": str(uuid.uuid4())})

    def save(self, session) -> None:
        """Keep the draft."""
        session[SESSION_KEY] = self.values

    @property
    def saved(self) -> SavedDraft | None:
        """The row in which the guest saved it, if it was saved and not deleted meanwhile."""
        return SavedDraft.objects.filter(pk=self.values.get("saved") or 0).first()

    def save_for_later(self, session, email: str, language: str) -> None:
        """Keep the draft beyond the session and mail the link to it."""
        self.values["saved"] = drafts.save(self.values, email=email, language=language, draft=self.saved).pk
        self.save(session)

    def set_unfinished(self, name: str, data: dict) -> None:
        """Keep what was typed in a step and not sent, right or wrong: shown when the guest comes back, never taken for an answer."""
        self.values.setdefault("unfinished", {})[name] = data

    def typed(self, name: str) -> dict:
        """What a step shows when the guest comes back to it: what was typed last, else its answers."""
        return self.values.get("unfinished", {}).get(name) or self.step(name)

    def discard(self, session) -> None:
        """Forget the draft, its letter and its saved row; the form starts anew, with a key of its own."""
        if saved := self.saved:
            saved.delete()
        if letter := self.values.get("letter_file"):
            uploads.drop_draft(letter["stored"])
        session.pop(SESSION_KEY, None)

    def wish(self, name: str, value: str) -> None:
        """Note what an address asked for before anything was typed."""
        self.values.setdefault("wishes", {})[name] = value

    def wished(self, name: str) -> str:
        """What an address asked for, or an empty text."""
        return self.values.get("wishes", {}).get(name, "")

    def step(self, name: str) -> dict:
        """Typed values of a step; empty if it was not reached yet."""
        return self.values.get(name, {})

    def set_step(self, name: str, data: dict) -> None:
        """Keep the answers of a step, as typed; they passed its form. Without any the step is open again."""
        self.values[name] = data
        self.values.get("unfinished", {}).pop(name, None)

    def first_open_step(self) -> str:
        """The first step that is not filled; ``check`` when all are."""
        return next((name for name in STEPS[:-1] if not self.step(name)), "check")

    def first_wrong_step(self, language: str) -> str:
        """The first step whose answers do not hold any longer, because a rule or the calendar changed; ``check`` if all hold."""
        if not self.group_form().is_valid():
            return "group"
        if not self.slot and not self.waiting_period:
            return "date"
        if not self.purpose_form(language).is_valid():
            return "purpose"
        return "check" if ContactForm(self.step("contact")).is_valid() else "contact"

    def keep_letter(self, upload: UploadedFile) -> None:
        """Store a letter until the form is sent, in place of an earlier one."""
        if old := self.values.get("letter_file"):
            uploads.drop_draft(old["stored"])
        self.values["letter_file"] = {"stored": uploads.keep_draft(upload), "name": upload.name[-255:]}

    @property
    def letter_name(self) -> str:
        """Name of the attached letter, as the guest knows it."""
        return self.values.get("letter_file", {}).get("name", "")

    @property
    def has_letter(self) -> bool:
        """Whether a letter is attached and was not cleaned away meanwhile."""
        letter = self.values.get("letter_file")
        return bool(letter) and uploads.has_draft(letter["stored"])

    def group_form(self) -> GroupForm:
        """The first step, bound to what was typed."""
        return GroupForm(self.step("group"))

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
        """Other sessions that would suit and are still there."""
        chosen = [pk for pk in self.step("alternatives").get("slots", []) if str(pk).isdecimal()]
        return list(VisitSlot.objects.filter(pk__in=chosen, starts_at__gt=timezone.now()).order_by("starts_at"))

    @property
    def region(self) -> Region | None:
        """The region that the text names."""
        found = regions.find(self.step("group").get("region", ""))
        return found[0] if len(found) == 1 else None

    @property
    def topics(self) -> list[SubDimension]:
        """Chosen topics."""
        return list(SubDimension.objects.filter(pk__in=self.step("purpose").get("topics", [])))

    @property
    def case_studies(self) -> list[CaseStudyPage]:
        """Chosen case studies."""
        return list(CaseStudyPage.objects.live().public().filter(pk__in=self.step("purpose").get("case_studies", [])))

    def purpose_initial(self, language: str) -> dict:
        """What the third step begins with: earlier answers, or the case study that led here; in the language of the page."""
        wished = [self.wished("case")] if self.wished("case") else []
        return _in_language(self.typed("purpose") or {"case_studies": wished}, language)

    def purpose_form(self, language: str) -> PurposeForm:
        """The third step, bound to its answers."""
        answers = _in_language(self.step("purpose"), language)
        return PurposeForm(
            MultiValueDict({name: value if isinstance(value, list) else [value] for name, value in answers.items()}),
            programme=self.programme,
            has_draft_letter=self.has_letter,
            language=language,
        )

    def to_booking(self, language: str) -> BookingDraft | None:
        """The whole request, checked by the forms once more; None if a step does not hold any longer."""
        if not self.programme or self.first_wrong_step(language) != "check":
            return None
        group, contact, purpose = self.group_form(), ContactForm(self.step("contact")), self.purpose_form(language)
        for form in (group, contact, purpose):
            form.is_valid()
        return BookingDraft(
            **{name: group.cleaned_data[name] for name in ("programme", "region", "group_size", "spoken_language")},
            details={
                **{name: group.cleaned_data[name] for name in ("organisation", "organisation_kind")},
                **{name: contact.cleaned_data[name] for name in ("contact_name", "contact_position", "contact_email", "contact_phone")},
                **{name: purpose.cleaned_data[name] for name in ("purpose", "topics", "case_studies")},
            },
            slot=self.slot,
            letter=self._letter(purpose.cleaned_data),
            letter_follows=purpose.cleaned_data.get("letter_follows", False),
            alternatives=tuple(self.alternatives) if self.slot else (),
            waiting_period=None if self.slot else self.waiting_period,
            language=language,
            privacy_notice_version=PRIVACY_NOTICE_VERSION,
            submission_key=uuid.UUID(self.values["key"]),
        )

    def _letter(self, answers: dict) -> LetterDraft | None:
        if not answers["letter_number"]:
            return None
        stored = self.values.get("letter_file")
        return LetterDraft(
            number=answers["letter_number"],
            date=answers["letter_date"],
            subject=answers["letter_subject"],
            signatory=answers["letter_signatory"],
            file=uploads.open_draft(stored["stored"], stored["name"]) if stored else None,
        )


def _in_language(answers: dict, language: str) -> dict:
    """Answers of the third step, with the chosen case studies in the language of the page."""
    return {**answers, "case_studies": public.in_language(answers.get("case_studies", []), language)}
