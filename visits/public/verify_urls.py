"""The address in the QR code of a certificate: short, without a namespace, the same for ever."""

from django.urls import path

from visits.public import certificate_views

urlpatterns = [path("v/<str:token>", certificate_views.verify, name="verify")]
