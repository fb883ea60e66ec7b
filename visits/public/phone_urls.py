"""URLs of a delegate's page. They are printed on badges, so they must never change; the language is that of the visit."""

from django.urls import path

from visits.public import phone

urlpatterns = [
    path("p/<str:token>/", phone.delegate, name="delegate"),
    path("p/<str:token>/<int:item_pk>/", phone.material, name="delegate_material"),
    path("p/<str:token>/certificate.pdf", phone.certificate, name="delegate_certificate"),
]
