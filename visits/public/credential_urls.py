"""What machines ask about credentials: in no language, at addresses that stand inside them."""

from django.urls import path

from visits.public import verification

urlpatterns = [
    path(".well-known/did.json", verification.did_document, name="did_document"),
    path("v/status/<int:number>", verification.status_list, name="credential_status"),
]
