"""The admin runs no inline script but those that Wagtail's widgets need, which have the nonce of the response."""

import json
import re

import pytest
from django.http import HttpResponse, JsonResponse
from django.test import RequestFactory
from django.urls import reverse

from knowledge_hub.core.admin_scripts import NONCE_HEADER, add_nonces, is_known
from tests.factories import UserFactory

INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"(?!text/javascript))([^>]*)>")
DATE = 'initDateChooser("id_date", {"format": "d.m.Y"});'
PANEL = '\n(function() {\n var panel = new InlinePanel(JSON.parse("\\u007B\\u0022a\\u0022: 1\\u007D"));\n })();\n'


@pytest.mark.parametrize(
    "code", [DATE, 'new ImageChooser("id_image", {"modalUrl": "/admin/images/chooser/"});', 'createTaskChooser("id_x");', PANEL]
)
def test_scripts_of_widgets_are_known(code):
    assert is_known(code)


@pytest.mark.parametrize(
    "code",
    [
        "alert(1)",
        'alert("1");',
        'new ImageChooser("a", alert(1));',
        'initDateChooser("a", {}); alert(1); initDateChooser("a", {});',
        'new Function("alert(1)");',
        '(function() { var panel = new InlinePanel(JSON.parse("" + alert(1)));  })();',
        "",
    ],
)
def test_other_scripts_are_not(code):
    assert not is_known(code)


def marked(response, **headers) -> str:
    request = RequestFactory().get("/admin/", headers=headers)
    request.csp_nonce = "own"
    add_nonces(request, response)
    return response.content.decode()


def test_smuggled_scripts_get_no_nonce():
    assert marked(HttpResponse(f"<script>{DATE}</script><script>alert(1)</script>")) == (
        f'<script nonce="own">{DATE}</script><script>alert(1)</script>'
    )


def test_dialogs_get_the_nonce_of_their_page():
    page = "a" * 22 + "=="
    answer = {"step": "chooser", "html": f"<script>{DATE}</script>"}

    assert f'nonce="{page}"' in json.loads(marked(JsonResponse(answer), **{NONCE_HEADER: page}))["html"]
    assert 'nonce="own"' in json.loads(marked(JsonResponse(answer), **{NONCE_HEADER: '"><script>'}))["html"]
    assert json.loads(marked(JsonResponse({"text": "<script>alert(1)</script>"}))) == {"text": "<script>alert(1)</script>"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["wagtailadmin_home", "wagtailadmin_reports:site_history", "visits_calendar:add"])
def test_every_inline_script_of_a_page_has_the_nonce(client, name):
    client.force_login(UserFactory(admin=True))

    response = client.get(reverse(name))

    scripts = re.search(r"script-src ([^;]+)", response["Content-Security-Policy"])[1]
    nonce = re.search(r"'nonce-([^']+)'", scripts)[1]
    assert "unsafe" not in scripts
    assert {attributes.strip() for attributes in INLINE.findall(response.content.decode())} <= {f'nonce="{nonce}"'}
    assert nonce not in client.get(reverse(name))["Content-Security-Policy"], "another one for each response"


@pytest.mark.django_db
def test_two_forms_of_wagtail_keep_their_scripts(client):
    client.force_login(UserFactory(admin=True))

    assert "'unsafe-inline'" in client.get(reverse("wagtailsearchpromotions:add"))["Content-Security-Policy"].split("script-src")[1]
