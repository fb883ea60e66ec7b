"""Addresses at which certificates are checked: printed in QR codes and written into credentials, they must never change."""

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
"""For machines: in no language."""
