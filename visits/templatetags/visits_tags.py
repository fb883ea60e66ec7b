"""What templates read of visits; every tag only calls a function of domain, queries or booking_form."""

from django import template

from visits.booking_form import answers
from visits.domain import calendar_days
from visits.domain.place import place_of
from visits.queries import chain, history, public

register = template.Library()
register.simple_tag(calendar_days.session_times)
register.simple_tag(public.visit_notes)
register.simple_tag(public.visit_facts)
register.simple_tag(public.visits_of_region)
register.simple_tag(chain.chain)
register.simple_tag(chain.of_case, name="chain_of_case")
register.simple_tag(chain.of_region, name="chain_of_region")
register.simple_tag(answers.facts_of)
register.simple_tag(place_of)
register.filter("actor", history.actor_of)
