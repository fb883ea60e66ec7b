"""URLs of the verification of certificates. They are printed in QR codes, so they must never change."""

from django.urls import path

from visits.public import verification

urlpatterns = [
    path("v/", verification.check_file, name="check_file"),
    path("v/<str:token>", verification.verify, name="verify"),
    path("v/<str:token>/credential.json", verification.credential, name="credential"),
]
