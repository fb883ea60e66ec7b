"""Pages of the letters of a visit: registration of the request, dispositions, and the reply."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.generic import TemplateView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from visits.domain import conversation, letters, replies
from visits.models import ReplyLetter
from visits.permissions import ANY_OF_VISIT, AUDIT, DECIDE, DISPOSE, REGISTER
from visits.queries.dossier import dispositions_of
from visits.queries.letter_register import positions_of
from visits.staff import letter_forms
from visits.staff.views import ButtonMixin, VisitFormView, VisitObjectMixin


class LettersMixin(VisitObjectMixin):
    """A page about the letters of a visit."""

    @property
    def back_url(self) -> str:
        return reverse("visits_staff:correspondence", args=[self.object.pk])

    @cached_property
    def letter(self):
        """The latest request letter, or None."""
        return self.object.letters.first()

    @cached_property
    def reply(self) -> ReplyLetter | None:
        """The draft or issued reply, or None."""
        return replies.valid_reply(self.object)


class CorrespondenceView(PermissionCheckedMixin, LettersMixin, TemplateView):
    """All letters of a visit. Dispositions are shown only to users who may write them, and to auditors."""

    any_permission_required = ANY_OF_VISIT
    template_name = "visits/staff/correspondence.html"
    page_title = gettext_lazy("Letters")

    def get_context_data(self, **kwargs):
        may_dispose = self.user_has_permission(DISPOSE)
        may_read = may_dispose or self.user_has_permission(AUDIT)
        return super().get_context_data(
            letter=self.letter,
            may_dispose=may_dispose,
            may_decide=self.user_has_permission(DECIDE),
            may_register=self.user_has_permission(REGISTER) or self.user_has_permission(DECIDE),
            may_read_dispositions=may_read,
            dispositions=dispositions_of(self.object) if may_read else [],
            reply=self.reply,
            replies=self.object.replies.select_related("signatory"),
            variants=ReplyLetter.Variant.choices,
            usual_variant=replies.default_variant(self.object),
            **kwargs,
        )


class LetterFormView(LettersMixin, VisitFormView):
    """A form about a letter. An obstacle prevents GET and POST."""

    back_label = gettext_lazy("Back to the letters")

    def post(self, request, *args, **kwargs):
        """Process the form, unless there is an obstacle."""
        obstacle = self.get_obstacle()
        return self.go_back(obstacle) if obstacle else super().post(request, *args, **kwargs)


class _RequestLetterView(LetterFormView):
    """A form that needs a request letter."""

    def get_obstacle(self):
        return "" if self.letter else _("There is no request letter yet.")


class RegisterView(_RequestLetterView):
    """Registers the request letter in the agenda of incoming letters."""

    any_permission_required = [REGISTER, DECIDE]
    form_class = letter_forms.RegisterForm
    page_title = gettext_lazy("Register the letter")
    explanation = gettext_lazy("Leave the agenda number empty to take the next one.")
    success_message = gettext_lazy("The letter is registered.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": self.letter}

    def perform(self, form):
        letters.register_letter(
            form.save(commit=False),
            received_on=form.cleaned_data["received_on"],
            agenda_number=form.cleaned_data["agenda"],
            by=self.request.user,
        )


class DisposeView(_RequestLetterView):
    """Adds a disposition to the letter."""

    permission_required = DISPOSE
    template_name = "visits/staff/dispose.html"
    form_class = letter_forms.DispositionForm
    page_title = gettext_lazy("Write a disposition")
    explanation = gettext_lazy("It is added to the chain. Dispositions are never changed, and only those who may write them see them.")
    success_message = gettext_lazy("The disposition is written.")

    def get_form_kwargs(self):
        """Add the positions from which the user writes, the usual one first."""
        return {**super().get_form_kwargs(), "positions": positions_of(self.request.user), "user": self.request.user}

    def perform(self, form):
        letters.add_disposition(self.letter, by=self.request.user, **form.cleaned_data)


class ReplyView(LetterFormView):
    """Writes the reply, or changes its draft; it can be previewed before it is issued."""

    template_name = "visits/staff/reply.html"

    permission_required = DECIDE
    form_class = letter_forms.ReplyForm
    page_title = gettext_lazy("Reply letter")
    explanation = gettext_lazy("A draft can be changed until it is issued. Its number is taken when it is issued.")
    success_message = gettext_lazy("The draft is saved.")

    def get_obstacle(self):
        if self.reply and self.reply.state != ReplyLetter.State.DRAFT:
            return _("This visit has a letter already. Make it void before you write another one.")
        return ""

    def get_form_kwargs(self):
        """Add the draft, or a new letter."""
        return {**super().get_form_kwargs(), "instance": self.reply or ReplyLetter(visit=self.object)}

    def get_initial(self):
        if self.reply:
            return {}
        chosen = letter_forms.VariantForm(self.request.GET)
        variant = chosen.cleaned_data["variant"] if chosen.is_valid() else replies.default_variant(self.object)
        return {**replies.default_texts(self.object, variant), "signatory": replies.usual_signatory(variant)}

    def perform(self, form):
        replies.save_draft(form.save(commit=False), by=self.request.user)

    def get_success_url(self):
        """The preview, if it was asked for, else the letters."""
        if "preview" in self.request.POST:
            return reverse("visits_staff:preview_paper", args=[self.object.pk, "reply_letter"])
        return super().get_success_url()


class IssueView(ButtonMixin, LetterFormView):
    """Issues the draft with the next number; pressing twice uses one number."""

    any_permission_required = [REGISTER, DECIDE]
    success_message = gettext_lazy("The letter has the number %(number)s.")

    def get_obstacle(self):
        return "" if self.reply else _("There is no draft to issue.")

    def perform(self, form):
        return {"number": replies.issue(self.reply, by=self.request.user).number}


class _IssuedReplyView(LetterFormView):
    """A form that needs an issued letter."""

    any_permission_required = [REGISTER, DECIDE]

    def get_obstacle(self):
        return "" if self.reply and self.reply.state == ReplyLetter.State.ISSUED else _("No letter is issued.")


class VoidView(_IssuedReplyView):
    """Makes the issued letter void."""

    form_class = letter_forms.VoidForm
    page_title = gettext_lazy("Make the letter void")
    explanation = gettext_lazy("The letter keeps its number and stays in the books. Then you can write another one.")
    success_message = gettext_lazy("The letter is void.")

    def perform(self, form):
        replies.void(self.reply, reason=form.cleaned_data["reason"], by=self.request.user)


class SignedView(_IssuedReplyView):
    """Saves the signed copy of the letter."""

    form_class = letter_forms.SignedForm
    page_title = gettext_lazy("Signed copy of the letter")
    explanation = gettext_lazy("The guest finds it on the page of the visit.")
    success_message = gettext_lazy("The signed copy is kept.")

    def get_form_kwargs(self):
        """Add whether a message can be sent: the thread is open and there is an address."""
        can_write = conversation.can_write(self.object) and bool(self.object.contact_email)
        return {**super().get_form_kwargs(), "can_write": can_write}

    def get_initial(self):
        with override(self.object.language):
            words = _("We send you our letter %(number)s.") % {"number": self.reply.number}
        return {"message": words}

    def perform(self, form):
        message = form.cleaned_data.get("message", "")
        replies.save_signed_copy(self.reply, form.cleaned_data["file"], message=message, by=self.request.user)
