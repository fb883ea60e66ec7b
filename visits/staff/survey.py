"""The results of the survey of a visit; nobody sees whose an answer is."""

from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from visits.domain import survey
from visits.domain.survey_questions import ELEMENTS, LEARNING, WORDS
from visits.permissions import ANY_OF_VISIT
from visits.staff.views import ReadableByAuditors, VisitObjectMixin


class SurveyView(VisitObjectMixin, ReadableByAuditors, TemplateView):
    """Index, class, means and words, from the number of answers on at which nobody can be recognised."""

    any_permission_required = ANY_OF_VISIT
    template_name = "visits/staff/survey.html"
    page_title = gettext_lazy("Survey")

    def get_context_data(self, **kwargs):
        responses = self.object.survey_responses.all()
        found = survey.results(responses)
        shown = found.answers >= survey.FEWEST_SHOWN
        words = []
        if shown:
            rows = list(responses)
            words = [(one.question, [getattr(row, one.field) for row in rows if getattr(row, one.field)]) for one in WORDS]
        return super().get_context_data(
            results=found,
            shown=shown,
            fewest=survey.FEWEST_SHOWN,
            means=[(one.question, found.means[one.field]) for one in (*ELEMENTS, *LEARNING)],
            words=words,
            **kwargs,
        )
