"""What scanners and readers without an address meet: a refusal without a traceback, and the home page after signing in."""

import logging

import pytest
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_unknown_hosts_are_refused_without_traceback(client, settings, caplog):
    settings.ALLOWED_HOSTS = ["smartcity.example"]

    with caplog.at_level(logging.WARNING):
        assert client.get("/", headers={"host": "scanner.example"}).status_code == 400

    assert [record for record in caplog.records if record.exc_info] == []
    assert "Traceback" not in caplog.text


def test_readers_who_sign_in_without_an_address_reach_home(client):
    UserFactory(username="pembaca", password="kata-sandi-uji")

    response = client.post(reverse("wagtailcore_login"), {"username": "pembaca", "password": "kata-sandi-uji"})

    assert (response.status_code, response["Location"]) == (302, "/")
