"""The staff's area says whose it is."""

import pytest


@pytest.mark.django_db
def test_sign_in_names_the_site_and_leads_back_to_it(client):
    page = client.get("/admin/login/").content.decode()

    assert "Petugas Binjai Smart City" in page
    assert "Sign in to Wagtail" not in page
    assert 'href="/"' in page


@pytest.mark.django_db
def test_every_screen_has_the_colours_and_the_mark_of_the_site(admin_client):
    page = admin_client.get("/admin/").content.decode()

    assert "css/admin.css" in page
    assert "img/mark-light.svg" in page
    assert "Binjai Smart City</title>" in page
