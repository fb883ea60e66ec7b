"""What templates read of visits; every tag only calls a function of domain, queries or questions."""

from django import template

from visits.domain.place import place_of
from visits.queries import dates, public
from visits.questions import answers

register = template.Library()
register.simple_tag(public.recorded_visits)
register.simple_tag(public.shown_in_visits)
register.simple_tag(dates.session_times)
register.simple_tag(public.visit_notes)
register.simple_tag(public.visit_facts)
register.simple_tag(public.visits_of_region)
register.simple_tag(answers.facts_of)
register.simple_tag(place_of)
