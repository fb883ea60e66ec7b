"""The questions of the booking form, in the order in which guests see them.

To add one: add its field to ``Visit`` with a migration, and declare it here. The form, the draft, the page on which guests
check their answers, the staff's form, the desk and the export follow; tests/visits/public/test_questions.py goes over all of them.
"""

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from knowledge_hub.core.input_limits import ManyObjectsField
from knowledge_hub.models import CaseStudyPage, Region, SubDimension
from knowledge_hub.papers.fields import validate_drawable
from visits.booking_form.fields import LETTER_DETAILS, LetterDateField, PdfField, ProgrammeField, RegionField, TopicsField, no_address
from visits.booking_form.question import FormQuestion, Step, Target
from visits.enums import OrganisationKind, SpokenLanguage
from visits.models import Programme

_PHONE = r"^[0-9+() .-]{6,30}$"
_PHONE_ERRORS = {"invalid": _("Enter a phone number with digits only, for example 0812 3456 7890.")}
_KINDS = [("", _("Choose")), *OrganisationKind.choices]
_LARGEST_GROUP = 500


def _people(count: int | None) -> str:
    if count is None:
        return str(_("not recorded"))
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}


def _with_province(region: Region | None) -> str:
    if region is None:
        return ""
    return f"{region.name}, {region.parent.name}" if region.parent else region.name


def _province(region: Region | None) -> str:
    return (region.parent or region).name if region else ""


def _titles(pages) -> str:
    return "\n".join(page.title for page in pages)


GROUP = (
    FormQuestion(
        name="programme",
        step=Step.GROUP,
        heading=_("Programme"),
        field=ProgrammeField(
            Programme.objects.filter(active=True),
            label=_("Which programme?"),
            widget=forms.RadioSelect,
            empty_label=None,
            error_messages={
                "required": _("Choose a programme."),
                "invalid_choice": _("This programme does not take bookings. Choose another one."),
            },
        ),
        # Staff choose the programme before they see the form.
        asks_staff=False,
        words=lambda programme: programme.name if programme else "",
        export=True,
    ),
    FormQuestion(
        name="group_size",
        step=Step.GROUP,
        heading=_("Group"),
        staff_heading=_("Number of people"),
        field=forms.IntegerField(
            label=_("How many people will come?"),
            min_value=1,
            validators=[MaxValueValidator(_LARGEST_GROUP)],
            error_messages={"required": _("Enter how many people will come."), "invalid": _("Enter the number of people in digits.")},
        ),
        staff_field=forms.IntegerField(label=_("Number of people"), min_value=1, validators=[MaxValueValidator(_LARGEST_GROUP)]),
        words=_people,
        export={"group_size": (_("Number of people"), lambda count: count)},
    ),
    FormQuestion(
        name="spoken_language",
        step=Step.GROUP,
        heading=_("Language of the visit"),
        field=forms.ChoiceField(label=_("In which language shall we receive you?"), choices=SpokenLanguage.choices, required=False),
        staff_field=forms.TypedChoiceField(
            label=_("Language of the visit"),
            choices=SpokenLanguage.choices,
            required=False,
            initial=SpokenLanguage.INDONESIAN,
            empty_value=SpokenLanguage.INDONESIAN,
        ),
        export=True,
    ),
    FormQuestion(
        name="organisation",
        step=Step.GROUP,
        heading=_("Organisation"),
        field=forms.CharField(
            label=_("Name of your organisation"),
            max_length=200,
            validators=[no_address, validate_drawable],
            help_text=_("For example: Komisi B DPRD, Dinas Kominfo, Bappeda."),
            error_messages={"required": _("Enter the name of your organisation.")},
        ),
        export=True,
    ),
    FormQuestion(
        name="organisation_kind",
        step=Step.GROUP,
        heading=_("Kind of organisation"),
        beside="organisation",
        field=forms.ChoiceField(
            label=_("Kind of organisation"), choices=_KINDS, error_messages={"required": _("Choose the kind of organisation.")}
        ),
        staff_field=forms.ChoiceField(label=_("Kind of organisation"), choices=_KINDS),
        export=True,
    ),
    FormQuestion(
        name="region",
        step=Step.GROUP,
        heading=_("Region"),
        field=RegionField(
            label=_("Your regency, city or province"),
            max_length=120,
            help_text=_("Start typing and choose from the list. Leave empty if you come from abroad."),
            error_messages={"required": _("Enter your region, or choose “Guest from abroad” as the kind of organisation.")},
        ),
        staff_field=RegionField(
            label=_("Region"),
            max_length=120,
            required=False,
            help_text=_("Type a name; short forms such as “Batubara” are understood. Leave empty for guests from abroad."),
            error_messages={
                "ambiguous": _("Several regions have this name. Choose one of them."),
                "similar": _("No region has this name. Check the spelling."),
                "unknown": _("No region has this name. Check the spelling."),
            },
        ),
        words=_with_province,
        export={
            "region_code": (_("Region code"), lambda region: region.pk if region else ""),
            "region": (_("Region"), lambda region: region.name if region else ""),
            "province": (_("Province"), _province),
        },
    ),
)

PURPOSE = (
    FormQuestion(
        name="purpose",
        step=Step.PURPOSE,
        heading=_("What you want to learn"),
        staff_heading=_("Purpose"),
        field=forms.CharField(
            label=_("What do you want to learn?"),
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("Your questions help our speakers to prepare."),
            error_messages={"required": _("Write what you want to learn.")},
        ),
        staff_field=forms.CharField(label=_("Purpose"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})),
        has_own_place=True,
    ),
    FormQuestion(
        name="case_studies",
        step=Step.PURPOSE,
        heading=_("Case studies and topics"),
        # The form offers those in the language of the page.
        field=ManyObjectsField(
            CaseStudyPage.objects.none(),
            label=_("Case studies that you want to see"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
        asks_staff=False,
        words=_titles,
        has_own_place=True,
    ),
    FormQuestion(
        name="topics",
        step=Step.PURPOSE,
        heading=_("Topics"),
        beside="case_studies",
        field=TopicsField(
            SubDimension.objects.select_related("dimension"), label=_("Topics"), required=False, widget=forms.CheckboxSelectMultiple
        ),
        staff_field=ManyObjectsField(
            SubDimension.objects.select_related("dimension"), label=_("Topics"), required=False, widget=forms.CheckboxSelectMultiple
        ),
        words=lambda topics: "\n".join(topic.name for topic in topics),
        has_own_place=True,
    ),
)

LETTER = (
    FormQuestion(
        name="letter_number",
        step=Step.PURPOSE,
        target=Target.LETTER,
        heading=_("Request letter"),
        field=forms.CharField(
            label=_("Number of the request letter"), max_length=100, error_messages={"required": LETTER_DETAILS["letter_number"]}
        ),
        staff_field=forms.CharField(label=_("Number of the request letter"), max_length=100, required=False),
    ),
    FormQuestion(
        name="letter_date",
        step=Step.PURPOSE,
        target=Target.LETTER,
        heading=_("Date of the letter"),
        beside="letter_number",
        field=LetterDateField(label=_("Date of the letter"), error_messages={"required": LETTER_DETAILS["letter_date"]}),
        staff_field=LetterDateField(label=_("Date of the letter"), required=False),
    ),
    FormQuestion(
        name="letter_subject",
        step=Step.PURPOSE,
        target=Target.LETTER,
        heading=_("Subject of the letter"),
        beside="letter_number",
        field=forms.CharField(label=_("Subject of the letter"), max_length=250, required=False),
        staff_field=forms.CharField(label=_("Subject of the letter"), max_length=250, required=False),
    ),
    FormQuestion(
        name="letter_signatory",
        step=Step.PURPOSE,
        target=Target.LETTER,
        heading=_("Who signed the letter?"),
        beside="letter_number",
        field=forms.CharField(
            label=_("Who signed the letter?"),
            max_length=200,
            required=False,
            help_text=_("Name and position, for example: Sekretaris DPRD."),
        ),
        staff_field=forms.CharField(label=_("Who signed the letter?"), max_length=200, required=False),
        is_personal=True,
    ),
    FormQuestion(
        name="letter_follows",
        step=Step.PURPOSE,
        target=Target.RULES,
        heading=_("The letter will follow."),
        beside="letter_number",
        field=forms.BooleanField(label=_("The letter is not signed yet and will follow"), required=False),
        staff_field=forms.BooleanField(label=_("The letter follows within the time that the programme gives"), required=False),
        words=lambda follows: str(_("The letter will follow.")) if follows else "",
    ),
    FormQuestion(
        name="letter_file",
        step=Step.PURPOSE,
        target=Target.LETTER,
        heading=_("The letter as a PDF"),
        beside="letter_number",
        field=PdfField(
            label=_("The letter as a PDF"),
            required=False,
            help_text=_("At most 10 MB. Addressed to Wali Kota Binjai."),
            error_messages={"required": _("Attach the request letter as a PDF.")},
        ),
        staff_field=PdfField(
            label=_("The letter as a PDF"), required=False, help_text=_("Choose the file again if this page comes back to you.")
        ),
    ),
)

CONTACT = (
    FormQuestion(
        name="contact_name",
        step=Step.CONTACT,
        heading=_("Contact person"),
        field=forms.CharField(
            label=_("Name of the contact person"),
            max_length=150,
            validators=[no_address],
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            error_messages={"required": _("Enter the name of the contact person.")},
        ),
        staff_field=forms.CharField(label=_("Contact person"), max_length=150),
        is_personal=True,
        has_own_place=True,
    ),
    FormQuestion(
        name="contact_position",
        step=Step.CONTACT,
        heading=_("Position"),
        beside="contact_name",
        field=forms.CharField(label=_("Position"), max_length=150, required=False, validators=[no_address]),
        staff_field=forms.CharField(label=_("Position"), max_length=150, required=False),
        is_personal=True,
        has_own_place=True,
    ),
    FormQuestion(
        name="contact_email",
        step=Step.CONTACT,
        heading=_("E-mail"),
        field=forms.EmailField(
            label=_("E-mail"),
            help_text=_("We send a link to this address; the request counts once it is opened."),
            error_messages={"required": _("Enter the e-mail address of the contact person.")},
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        ),
        staff_field=forms.EmailField(
            label=_("E-mail"),
            required=False,
            help_text=_("The receipt and the link to the page of the visit go here. Without an address, you tell the guest yourself."),
        ),
        is_personal=True,
        has_own_place=True,
    ),
    FormQuestion(
        name="contact_phone",
        step=Step.CONTACT,
        heading=_("Phone or WhatsApp"),
        staff_heading=_("Phone"),
        field=forms.RegexField(
            _PHONE,
            label=_("Phone or WhatsApp"),
            required=False,
            error_messages=_PHONE_ERRORS,
            widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        ),
        staff_field=forms.RegexField(_PHONE, label=_("Phone"), required=False, error_messages=_PHONE_ERRORS),
        is_personal=True,
        has_own_place=True,
    ),
)

QUESTIONS: tuple[FormQuestion, ...] = (*GROUP, *PURPOSE, *LETTER, *CONTACT)
