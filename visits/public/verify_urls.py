"""The short address in the QR code of a certificate."""

from django.urls import path

from visits.public import verify_views

urlpatterns = [path("v/<str:token>", verify_views.verify, name="verify")]
