"""During the visit: questions from the delegates' phones, and the release of slides. Every button is a form and works without a script."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from visits.domain import agenda, questions
from visits.models import Question
from visits.permissions import DECIDE, RECEIVE
from visits.staff.views import ButtonMixin, ReadableByAuditors, VisitFormView, VisitObjectMixin


class ModerateForm(forms.Form):
    """A question is shown or hidden, and answered. ``seen`` is the answer that the page showed."""

    state = forms.ChoiceField(choices=Question.State.choices)
    answer = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, label=gettext_lazy("Answer"))
    seen = forms.CharField(required=False, strip=False)


class ReleaseForm(forms.Form):
    """The slides of an item are released or taken back."""

    released = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1")


class _QuestionsMixin(VisitObjectMixin):
    """The page with questions from phones, those to be read first, and with the slides of the agenda."""

    any_permission_required = [DECIDE, RECEIVE]
    template_name = "visits/staff/questions.html"
    page_title = gettext_lazy("Questions and slides")

    def get_context_data(self, **kwargs):
        """Add the questions and the items with slides; typed words of a refused form stay in its field."""
        asked = list(self.object.questions.filter(by_delegate=True).select_related("item", "case_study"))
        refused = kwargs.pop("refused", None)
        for question in asked:
            question.typed = question.answer
            if refused and refused["pk"] == question.pk:
                question.typed, question.error = refused["answer"], refused["error"]
        order = {Question.State.WAITING: 0, Question.State.ACCEPTED: 1, Question.State.HIDDEN: 2}
        asked.sort(key=lambda question: (order[Question.State(question.state)], question.pk))
        return super().get_context_data(
            questions=asked,
            waiting=sum(1 for question in asked if question.state == Question.State.WAITING),
            slides=self.object.agenda_items.exclude(material=""),
            can_ask=questions.can_ask(self.object),
            **kwargs,
        )


class QuestionsView(_QuestionsMixin, ReadableByAuditors, TemplateView):
    """All questions from phones, and the slides of the agenda."""


class ModerateView(_QuestionsMixin, VisitFormView):
    """One question: accept, hide, answer. A refusal shows the page again with the typed answer."""

    http_method_names = ["post", "options"]
    form_class = ModerateForm
    success_message = gettext_lazy("Saved.")

    def setup(self, request, *args, **kwargs):
        """Read the question of the visit."""
        super().setup(request, *args, **kwargs)
        self.question = get_object_or_404(self.object.questions.filter(by_delegate=True), pk=kwargs["question_pk"])

    @property
    def back_url(self):
        return reverse("visits_staff:questions", args=[self.object.pk]) + f"#question-{self.question.pk}"

    def perform(self, form):
        data = form.cleaned_data
        state = Question.State(data["state"])
        questions.moderate(self.question, state=state, answer=data["answer"], seen=data["seen"].replace("\r\n", "\n"), by=self.request.user)

    def form_invalid(self, form):
        """Show the page with what was typed."""
        error = " ".join(str(error) for errors in form.errors.values() for error in errors)
        refused = {"pk": self.question.pk, "answer": form.data.get("answer", ""), "error": error}
        return self.render_to_response(self.get_context_data(form=form, refused=refused))


class ReleaseView(ButtonMixin, VisitFormView):
    """Release the slides of an item on the delegates' phones, or take them back."""

    any_permission_required = [DECIDE, RECEIVE]
    form_class = ReleaseForm

    def setup(self, request, *args, **kwargs):
        """Read the item of the visit."""
        super().setup(request, *args, **kwargs)
        self.item = get_object_or_404(self.object.agenda_items, pk=kwargs["item_pk"])

    @property
    def back_url(self):
        return reverse("visits_staff:questions", args=[self.object.pk]) + "#slides"

    def perform(self, form):
        released = form.cleaned_data["released"]
        agenda.release_slides(self.item, released=released, by=self.request.user)
        return {"sentence": _("The delegates find the slides on their phones.") if released else _("The slides are taken back.")}

    success_message = "%(sentence)s"
