"""The admin shows the name and the logo of the site."""

import pytest


@pytest.mark.django_db
def test_the_login_page_names_and_links_the_site(client):
    page = client.get("/admin/login/").content.decode()

    assert "Petugas Binjai Smart City" in page
    assert "Sign in to Wagtail" not in page
    assert 'href="/"' in page


@pytest.mark.django_db
def test_every_screen_has_our_colours_and_logo(admin_client):
    page = admin_client.get("/admin/").content.decode()

    assert "css/admin.css" in page
    assert "img/mark-light.svg" in page
    assert "Binjai Smart City</title>" in page
