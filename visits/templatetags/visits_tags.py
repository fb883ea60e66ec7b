"""What pages outside the visits app show of visits; every tag only calls a function of queries."""

from django import template

from visits.queries import public

register = template.Library()
register.simple_tag(public.recorded_visits)
register.simple_tag(public.shown_in_visits)
