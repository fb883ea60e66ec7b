"""The record of a visit: souvenirs, minutes with questions, photos, and the visum. A page of rows saves all of them or none."""

from functools import partial

from django import forms
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.log_actions import log

from visits.domain import gifts, visum
from visits.domain.calendar_days import day_of
from visits.domain.changes import differences
from visits.models import Gift, Minutes, OfficeSettings, Question, VisitPhoto, VisumEntry
from visits.permissions import DECIDE, RECEIVE
from visits.staff import record_forms
from visits.staff.views import ReadableByAuditors, VisitFormView, VisitObjectMixin


def _changes(form) -> dict[str, list[str]]:
    """Changed fields of a valid form before and after, for the log; a row that another one names is told by its own name."""
    before, after = {}, {}
    for name in form.changed_data:
        if name not in form._meta.fields:
            continue
        field, value = form.fields[name], form.initial.get(name)
        is_row = value is not None and isinstance(field, forms.ModelChoiceField)
        before[name] = field.queryset.filter(pk=value).first() if is_row else value
        after[name] = form.cleaned_data.get(name)
    return differences(before, after)


class RowsView(ReadableByAuditors, VisitObjectMixin, TemplateView):
    """A page with a formset of rows of a visit; errors are shown with the typed values."""

    any_permission_required = [DECIDE, RECEIVE]
    template_name = "visits/staff/rows.html"
    form_class: type
    rows_of: type
    explanation = ""
    row_name = ""
    main_form = None
    """A form above the formset, or None."""

    @cached_property
    def formset(self):
        """The formset, bound on POST."""
        formset_class = record_forms.rows_formset(self.rows_of, self.form_class)
        sent = (self.request.POST, self.request.FILES) if self.request.method == "POST" else (None, None)
        return formset_class(*sent, instance=self.object, queryset=self.rows_on_page())

    def rows_on_page(self):
        """The rows of the visit that stand on the page."""
        return self.rows_of._default_manager.all()

    def save(self) -> None:
        """Save the formset, delete replaced files, and log the change."""
        self.formset.save()
        self.forget_files()
        log(instance=self.object, action="visits.record", user=self.request.user, data={"rows": self.told_changes()})

    def told_changes(self) -> list[dict]:
        """What changed, for the log: the kind of row, what was done, and each field before and after."""
        written = [*([self.main_form] if self.main_form else []), *self.formset.forms]
        told = []
        for form in written:
            removed = form in self.formset.deleted_forms
            if not form.has_changed() or (removed and not form.initial):
                continue
            event = "removed" if removed else "changed" if form.initial else "added"
            changes = {} if removed else _changes(form)
            told.append({"model": form._meta.model._meta.model_name, "event": event, "row": str(form.instance), "changes": changes})
        return told

    def forget_files(self) -> None:
        """Delete removed and replaced files after the transaction is committed."""
        for form in self.formset.forms:
            field = getattr(form, "file_field", "")
            kept = form.initial.get(field)
            if kept and (form in self.formset.deleted_forms or field in form.changed_data):
                transaction.on_commit(partial(kept.storage.delete, kept.name))

    def post(self, request, *args, **kwargs):
        """Save everything, or show the errors."""
        valid = self.formset.is_valid()
        if self.main_form is not None:
            valid = self.main_form.is_valid() and valid
        if not valid:
            messages.error(request, _("Nothing was saved yet: correct the marked entries first."))
            return self.render_to_response(self.get_context_data())
        with transaction.atomic():
            self.save()
        messages.success(request, _("Saved."))
        return redirect(request.path)

    def file_url(self, row) -> str:
        return reverse("visits_staff:photo", args=[self.object.pk, self.rows_of._meta.model_name, row.pk])

    def get_context_data(self, **kwargs):
        """Add the formset with links to stored files, and the texts of the page."""
        for form in self.formset.forms:
            if form.initial.get(getattr(form, "file_field", "")):
                form.file_url = self.file_url(form.instance)
        return super().get_context_data(
            formset=self.formset, main_form=self.main_form, explanation=self.explanation, row_name=self.row_name, **kwargs
        )


class GiftsView(RowsView):
    """The souvenirs of a visit."""

    form_class = record_forms.GiftForm
    rows_of = Gift
    page_title = gettext_lazy("Souvenirs")
    explanation = gettext_lazy(
        "What was given and received. Those that reach the value in the settings are marked for review; this is no legal advice."
    )
    row_name = gettext_lazy("Souvenir")

    def save(self):
        """Mark souvenirs that must be reviewed."""
        threshold = OfficeSettings.load(request_or_site=self.request).gift_review_threshold
        for form in self.formset.forms:
            form.instance.needs_review = gifts.needs_review(form.instance, threshold)
        super().save()


class MinutesView(RowsView):
    """The minutes, and the questions of guests."""

    form_class = record_forms.QuestionForm
    rows_of = Question
    page_title = gettext_lazy("Minutes and questions")
    explanation = gettext_lazy("Tie each question to the case study that it is about.")
    row_name = gettext_lazy("Question")

    def rows_on_page(self):
        """Questions from phones are moderated on a page of their own first."""
        return Question.objects.filter(state=Question.State.ACCEPTED)

    @cached_property
    def main_form(self):
        kept = Minutes.objects.filter(visit=self.object).first() or Minutes(visit=self.object)
        return record_forms.MinutesForm(self.request.POST if self.request.method == "POST" else None, instance=kept)

    def save(self):
        """Save the minutes and the questions."""
        if self.main_form.has_changed():
            self.main_form.save()
        super().save()


class PhotosView(RowsView):
    """The photos of a visit."""

    form_class = record_forms.PhotoForm
    rows_of = VisitPhoto
    page_title = gettext_lazy("Photos")
    explanation = gettext_lazy("Only photos whose people agreed stand on papers. Place and time that cameras write into files are dropped.")
    row_name = gettext_lazy("Photo")


class VisumView(ReadableByAuditors, VisitFormView):
    """Who signs the visum, and the days of arrival and departure that it attests."""

    any_permission_required = [DECIDE, RECEIVE]
    form_class = record_forms.VisumForm
    page_title = gettext_lazy("Signer and days of the visum")
    explanation = gettext_lazy("The destination attests when the travellers came and left. Ask them if they stay longer than the visit.")
    success_message = gettext_lazy("Saved. Make the visum again, so that the sheet says it.")
    back_label = gettext_lazy("Back to the papers")

    @property
    def back_url(self) -> str:
        return reverse("visits_staff:papers", args=[self.object.pk])

    def get_initial(self):
        """The saved entry, or the day of the visit."""
        entry = VisumEntry.objects.filter(visit=self.object).first()
        if entry:
            return {"signatory": entry.signatory_id, "arrived_on": entry.arrived_on, "departed_on": entry.departed_on}
        day = day_of(self.object)
        return {"arrived_on": day, "departed_on": day}

    def perform(self, form):
        visum.save(self.object, by=self.request.user, **form.cleaned_data)
