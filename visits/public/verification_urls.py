"""URLs of the verification of certificates. They are printed in QR codes and part of credentials, so they must never change."""

from django.urls import path

from visits.public import verification

localized_urlpatterns = [
    path("v/", verification.check_file, name="check_file"),
    path("v/<str:token>", verification.verify, name="verify"),
    path("v/<str:token>/credential.json", verification.credential, name="credential"),
]

urlpatterns = [
    path(".well-known/did.json", verification.did_document, name="did_document"),
    path("v/status/<int:number>", verification.status_list, name="credential_status"),
]
"""For machines, without a language prefix."""
