"""A member of staff adds a security key and signs in with it, under the site's content security policy."""

import time

from django.urls import reverse

from knowledge_hub.accounts import second_factor
from knowledge_hub.models.accounts import SecondFactor
from tests.factories import UserFactory

ACCOUNT = ("petugas", "kata-sandi-uji")


def sign_in(page, url: str) -> None:
    page.goto(f"{url}/admin/login/")
    page.fill("[name=username]", ACCOUNT[0])
    page.fill("[name=password]", ACCOUNT[1])
    page.click("button[type=submit]")


def test_a_key_signs_in_in_place_of_a_code(browser, live_server, transactional_db, settings):
    settings.SITE_URL = live_server.url
    user, secret = UserFactory(username=ACCOUNT[0], admin=True), second_factor.new_secret()
    second_factor.set_up(user, secret)
    context = browser.new_context(locale="id-ID")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**key, "automaticPresenceSimulation": True}})

    def code(later: int = 0) -> str:
        return second_factor._totp(secret).generate(time.time() + later * second_factor.STEP).decode()

    sign_in(page, live_server.url)
    assert page.locator("[data-security-key]").count() == 0, "a key is offered before there is one"
    page.fill("[name=code]", code(-1))
    page.click("button[type=submit]")
    page.goto(live_server.url + reverse("account_security"))
    page.fill("[name=code]", code())
    page.click("button[value=new_key]")
    page.fill("[name=name]", "Kunci di laci")
    page.click("[data-security-key=add]")
    page.get_by_text("Kunci di laci").wait_for()
    assert len(SecondFactor.objects.get().keys) == 1

    context.clear_cookies()
    sign_in(page, live_server.url)
    page.click("[data-security-key=use]")
    page.wait_for_url(f"{live_server.url}/admin/")
    page.goto(live_server.url + reverse("account_security"))
    page.click("button[value=remove_key]")
    page.get_by_text("Kunci di laci").wait_for(state="detached")
    assert SecondFactor.objects.get().keys == []
    assert complaints == []
    context.close()
