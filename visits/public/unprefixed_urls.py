"""URLs without a language prefix. They are printed on badges or part of credentials, so they must never change."""

from django.urls import path

from visits.public import after_visit, delegate_page, feeds, speaker_page, task_page, verification

urlpatterns = [
    path(".well-known/did.json", verification.did_document, name="did_document"),
    path("v/status/<int:number>", verification.status_list, name="credential_status"),
    path("p/<str:token>/", delegate_page.delegate, name="delegate"),
    path("p/<str:token>/<int:item_pk>/", delegate_page.material, name="delegate_material"),
    path("p/<str:token>/certificate.pdf", delegate_page.certificate, name="delegate_certificate"),
    path("p/<str:token>/survey/", after_visit.survey_of_delegate, name="delegate_survey"),
    path("s/<str:token>/", speaker_page.speaker, name="speaker"),
    path("kalender/kunjungan.ics", feeds.public_feed, name="public_feed"),
    path("kalender/kunjungan/<slug:slug>.ics", feeds.public_feed, name="programme_feed"),
    path("kalender/kunjungan.ifb", feeds.busy_times, name="busy_times"),
    path("k/<str:token>.ics", feeds.private_feed, name="private_feed"),
    path("t/<str:token>/", task_page.task, name="task"),
]
