"""URLs for guests and the public; Indonesian paths are in locale/id. They are printed and mailed, so they must never change."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from visits.public import (
    adoption_pages,
    after_visit,
    booking_views,
    delegate_views,
    feeds,
    paper_views,
    programme_views,
    rights,
    visit_views,
)

app_name = "visits"
urlpatterns = [
    path(_("visits/"), programme_views.programmes, name="programmes"),
    path(_("visits/rules/"), programme_views.rules, name="rules"),
    path(_("visits/calendar/"), feeds.how_to_subscribe, name="how_to_subscribe"),
    path(_("visits/book/"), booking_views.start, name="book"),
    path(_("visits/book/group/"), booking_views.step, {"name": "group"}, name="book_step"),
    path(_("visits/book/date/"), booking_views.step, {"name": "date"}, name="book_step"),
    path(_("visits/book/alternatives/"), booking_views.step, {"name": "alternatives"}, name="book_step"),
    path(_("visits/book/purpose/"), booking_views.step, {"name": "purpose"}, name="book_step"),
    path(_("visits/book/contact/"), booking_views.step, {"name": "contact"}, name="book_step"),
    path(_("visits/book/check/"), booking_views.step, {"name": "check"}, name="book_step"),
    path(_("visits/book/sent/"), booking_views.sent, name="sent"),
    path(_("visits/book/save/"), booking_views.save_draft, name="save_draft"),
    path(_("visits/book/resume/<str:token>/"), booking_views.resume, name="resume"),
    path(_("visits/confirm/<str:token>/"), visit_views.confirm, name="confirm"),
    path(_("visits/status/<str:token>/"), visit_views.status, name="status"),
    path(_("visits/status/<str:token>/cancel/"), visit_views.cancel, name="cancel"),
    path(_("visits/status/<str:token>/date/"), visit_views.another_date, name="another_date"),
    path(_("visits/status/<str:token>/proposal/"), visit_views.proposal, name="proposal"),
    path(_("visits/status/<str:token>/delegates/"), delegate_views.delegates, name="delegates"),
    path(_("visits/status/<str:token>/calendar/"), feeds.subscribe, name="subscribe"),
    path(_("visits/status/<str:token>/follow-up/"), after_visit.follow_up, name="follow_up"),
    path(_("visits/status/<str:token>/survey/"), after_visit.survey_of_contact, name="survey"),
    path(_("visits/status/<str:token>/people/"), visit_views.people, name="people"),
    path(_("visits/status/<str:token>/contact/"), visit_views.contact_person, name="contact_person"),
    path(_("visits/status/<str:token>/request-letter/<int:pk>.pdf"), paper_views.request_letter, name="request_letter"),
    path(_("visits/status/<str:token>/certificate/<int:pk>/"), paper_views.certificate, name="certificate"),
    path(_("visits/status/<str:token>/letter.pdf"), paper_views.signed_reply, name="signed_reply"),
    path(_("visits/status/<str:token>/badges.pdf"), paper_views.badges, name="badges"),
    path(_("visits/status/<str:token>/papers.zip"), paper_views.take_home, name="take_home"),
    path(_("visits/delegates.xlsx"), delegate_views.template, name="delegates_template"),
    path(_("your-rights/"), rights.rights, name="rights"),
    path(_("your-rights/<str:token>/"), rights.data_request, name="data_request"),
    path(_("your-rights/<str:token>/data.zip"), rights.data_export, name="data_export"),
    path(_("visits/status/<str:token>/your-rights/"), rights.rights_of_visit, name="rights_of_visit"),
    path(_("adoptions/"), adoption_pages.adopted, name="adoptions"),
    path(_("adoptions/report/"), adoption_pages.report, name="report_adoption"),
    path(_("visits/lost-link/"), visit_views.lost_link, name="lost_link"),
    path("kalender/<str:token>.ics", visit_views.calendar, name="calendar"),
]
