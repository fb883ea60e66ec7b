"""Signing in: password, second factor, limits, sessions, and what is mailed."""

import datetime as dt
import re
import time
from io import StringIO

import time_machine
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.management import call_command
from django.test import Client, TestCase, override_settings
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from knowledge_hub.accounts import second_factor, sessions
from knowledge_hub.accounts.sign_in import PASSWORD, RESET
from knowledge_hub.models.accounts import SecondFactor, Session
from tests.factories import UserFactory

PASSWORD_OF_TESTS = "kata-sandi-uji"
SIGN_IN, SECURITY = "/admin/login/", "/admin/account/security/"
FIREFOX = "Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"


def code_of(secret: str, later: int = 0) -> str:
    return second_factor._totp(secret).generate(time.time() + later * second_factor.STEP).decode()


def hidden(response, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', response.content.decode())[1]


class SignInTest(TestCase):
    def setUp(self):
        self.user = UserFactory(username="petugas", admin=True)

    def set_up(self) -> str:
        secret = second_factor.new_secret()
        self.codes = second_factor.set_up(self.user, secret)
        return secret

    def password(self, client=None, *, username="petugas", password=PASSWORD_OF_TESTS, **more):
        return (client or self.client).post(SIGN_IN, {"username": username, "password": password, "next": "/admin/", **more})

    def code(self, shown, code, client=None):
        return (client or self.client).post(SIGN_IN, {"step": hidden(shown, "step"), "code": code})

    def is_signed_in(self, client=None) -> bool:
        return (client or self.client).get(SECURITY).status_code == 200


class SecondFactorTest(SignInTest):
    def test_a_password_alone_signs_nobody_in_who_has_a_factor(self):
        secret = self.set_up()
        shown = self.password()
        assert shown.status_code == 200
        assert not self.is_signed_in()

        assert self.code(shown, "000000").status_code == 422
        assert not self.is_signed_in()
        assert self.code(shown, code_of(secret))["Location"] == "/admin/"
        assert self.is_signed_in()

    def test_factor_and_limits_cost_three_queries(self):
        secret = self.set_up()
        self.code(self.password(), code_of(secret, -1))
        self.client.cookies.pop("sessionid")
        # Django's 9: the account, whether the session's key is free, the session twice (with savepoints), the last sign-in.
        # Ours: the limit of each step, and the account with its factor for the second one.
        with self.assertNumQueries(9 + 3):
            self.code(self.password(), code_of(secret))

    def test_a_code_works_once(self):
        secret = self.set_up()
        self.code(self.password(), code_of(secret))
        other = Client()

        assert self.code(self.password(other), code_of(secret), other).status_code == 422
        assert self.code(self.password(other), code_of(secret, 1), other).status_code == 302

    def test_recovery_codes_work_once_each(self):
        self.set_up()
        other = Client()

        assert self.code(self.password(), self.codes[0].upper().replace("-", " ")).status_code == 302
        assert self.code(self.password(other), self.codes[0], other).status_code == 422
        assert self.code(self.password(other), self.codes[1], other).status_code == 302
        assert SecondFactor.objects.get().codes_left == 8

    def test_right_codes_are_refused_after_too_many_attempts(self):
        secret = self.set_up()
        shown = self.password()
        for _ in range(second_factor.ATTEMPTS.per_subject):
            self.code(shown, "123456" if code_of(secret) != "123456" else "654321")

        assert "Terlalu banyak percobaan" in self.code(shown, code_of(secret)).content.decode()
        assert not self.is_signed_in()

    def test_a_changed_password_or_time_ends_the_second_step(self):
        secret = self.set_up()
        shown = self.password()
        self.user.set_password("kata-sandi-baru")
        self.user.save()

        assert self.code(shown, code_of(secret))["Location"] == SIGN_IN
        assert self.client.post(SIGN_IN, {"step": "palsu", "code": code_of(secret)})["Location"] == SIGN_IN
        assert not self.is_signed_in()

    def test_secrets_and_codes_are_not_readable_in_the_database(self):
        secret = self.set_up()
        row = SecondFactor.objects.values("secret", "recovery_codes").get()
        assert secret not in str(row)
        assert not any(code in str(row) for code in self.codes)

    @override_settings(SECOND_FACTOR_REQUIRED=True)
    def test_a_required_factor_is_set_up_first(self):
        shown = self.password()
        assert "otpauth" not in shown.content.decode()
        secret = re.search(r"<code class=\"account-secret\">([^<]+)<", shown.content.decode())[1].replace(" ", "")
        assert not self.is_signed_in()
        assert self.code(shown, "000000").status_code == 422

        codes = self.code(shown, code_of(secret))
        assert codes.content.decode().count("<li><code>") == second_factor.RECOVERY_CODES
        assert self.is_signed_in()
        other = Client()
        assert self.code(self.password(other), code_of(secret), other).status_code == 422, "the code of the set-up works again"
        assert self.code(shown, code_of(secret, 1), other)["Location"] == SIGN_IN, "another app replaces the first one"

    def test_sessions_without_factor_end_when_one_is_required(self):
        self.password()
        assert self.is_signed_in()
        with override_settings(SECOND_FACTOR_REQUIRED=True):
            assert not self.is_signed_in()

    def test_users_set_up_an_app_and_renew_codes_themselves(self):
        self.client.force_login(self.user)
        shown = self.client.post(SECURITY, {"action": "begin"})
        new = hidden(shown, "new")
        secret = re.search(r"account-secret\">([^<]+)<", shown.content.decode())[1].replace(" ", "")
        assert self.client.post(SECURITY, {"action": "set_up", "new": new, "code": "1"}).status_code == 422
        self.client.post(SECURITY, {"action": "set_up", "new": new, "code": code_of(secret, -1)})
        before = SecondFactor.objects.get().recovery_codes

        assert self.client.post(SECURITY, {"action": "renew", "code": "1"}).status_code == 422
        self.client.post(SECURITY, {"action": "renew", "code": code_of(secret)})
        assert not set(before) & set(SecondFactor.objects.get().recovery_codes)
        self.client.post(SECURITY, {"action": "replace", "code": code_of(secret, 1)})
        assert not SecondFactor.objects.exists()

    def test_answers_of_no_key_sign_nobody_in(self):
        self.set_up()
        shown = self.password()
        for answer in ("kosong", "{}", '{"id": "x", "rawId": "eA", "response": {}}'):
            assert self.client.post(SIGN_IN, {"step": hidden(shown, "step"), "code": "", "credential": answer}).status_code == 422
        assert self.client.post(SECURITY, {"action": "add_key", "credential": "{}"}).status_code == 302
        assert not self.is_signed_in()

    def test_readers_of_private_pages_show_it_too(self):
        secret = self.set_up()
        shown = self.client.post("/_util/login/", {"username": "petugas", "password": "kata-sandi-uji", "next": "/kontak/"})
        assert not self.is_signed_in()
        assert self.code(shown, code_of(secret))["Location"] == "/kontak/"


class ResetOfFactorTest(SignInTest):
    def test_administrators_reset_the_factor_of_others(self):
        self.set_up()
        self.client.force_login(self.user)
        boss = UserFactory(admin=True)
        browser = Client()
        browser.force_login(boss)
        address = reverse("account_reset_factor", args=[self.user.pk])

        assert browser.get(address).status_code == 200
        assert SecondFactor.objects.exists()
        browser.post(address)

        assert not SecondFactor.objects.exists()
        assert not self.is_signed_in()
        assert mail.outbox[-1].to == [self.user.email]
        assert ModelLogEntry.objects.filter(action="knowledge_hub.second_factor_removed", user=boss, object_id=str(self.user.pk)).exists()
        assert address in browser.get(reverse("wagtailusers_users:index")).content.decode()

    def test_others_may_not(self):
        self.set_up()
        helper = UserFactory()
        helper.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "change_user"]))
        for user in (helper, self.user):
            browser = Client()
            browser.force_login(user)
            assert browser.post(reverse("account_reset_factor", args=[self.user.pk])).status_code == 302
        assert SecondFactor.objects.exists()

    def test_the_operator_can_do_it_on_the_server(self):
        self.set_up()
        call_command("reset_second_factor", "petugas", stdout=StringIO())
        assert not SecondFactor.objects.exists()


class LimitsTest(SignInTest):
    def test_unknown_accounts_and_wrong_passwords_get_the_same_answer(self):
        def shown(response, username):
            return re.sub(r'[A-Za-z0-9]{64}|nonce="[^"]+"', "", response.content.decode()).replace(username, "")

        answers = {
            shown(self.password(username=name, password="salah"), name)
            for name in ("petugas", "takdikenal", UserFactory(is_active=False).username)
        }
        assert len(answers) == 1

    def test_sign_ins_and_failures_are_logged_without_names(self):
        with self.assertLogs("knowledge_hub.accounts", "INFO") as logged:
            self.password(password="salah")
            self.password()

        assert [line.split(":")[-1] for line in logged.output] == ["A sign-in failed", f"Account {self.user.pk} signed in"]

    def test_right_passwords_are_refused_after_too_many_attempts(self):
        for username in ("petugas", "takdikenal"):
            for _ in range(PASSWORD.per_subject):
                self.password(username=username, password="salah")
            assert "Terlalu banyak percobaan" in self.password(username=username).content.decode()
        assert not self.is_signed_in()

    def test_strangers_do_not_lock_out_a_known_browser(self):
        self.password()
        self.client.cookies.pop("sessionid")
        stranger = Client()
        for _ in range(PASSWORD.per_subject + 1):
            self.password(stranger, password="salah")

        assert self.password(stranger).status_code == 200
        assert self.password().status_code == 302

    def test_one_address_tries_few_passwords(self):
        for number in range(PASSWORD.per_address):
            self.password(username=f"akun{number}", password="salah")
        assert "Terlalu banyak percobaan" in self.password().content.decode()

    def test_a_reset_answers_always_alike(self):
        answers = []
        for address in (self.user.email, "takdikenal@contoh.invalid", *[self.user.email] * RESET.per_subject):
            response = self.client.post(reverse("wagtailadmin_password_reset"), {"email": address})
            answers.append((response.status_code, response["Location"]))

        assert len(set(answers)) == 1
        assert len(mail.outbox) == RESET.per_subject
        link = re.search(r"http://[^/]+(/\S+)", mail.outbox[0].body)[1]
        form = self.client.get(self.client.get(link)["Location"])
        assert form.status_code == 200
        assert "new_password1" in form.content.decode()


class SessionsTest(SignInTest):
    def test_an_unused_session_ends(self):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            self.password()
            for _ in range(2):
                clock.shift(dt.timedelta(hours=3))
                assert self.is_signed_in()
            clock.shift(dt.timedelta(hours=5))
            assert not self.is_signed_in()

    def test_a_remembered_session_ends_after_the_longest_time(self):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            self.password(remember="on")
            clock.shift(dt.timedelta(days=13))
            assert self.is_signed_in()
            clock.shift(dt.timedelta(days=2))
            assert not self.is_signed_in()

    def test_readers_choose_to_stay_signed_in(self):
        assert "Tetap masuk" in self.client.get("/_util/login/").content.decode()
        values = {"username": "petugas", "password": "kata-sandi-uji", "next": "/"}
        self.client.post("/_util/login/", values)
        assert self.client.session.get_expire_at_browser_close()
        other = Client()
        other.post("/_util/login/", {**values, "remember": "on"})
        assert not other.session.get_expire_at_browser_close()

    def test_users_see_and_end_their_sessions(self):
        phone, stranger = Client(headers={"user-agent": FIREFOX}, REMOTE_ADDR="203.0.113.77"), Client()
        self.password(Client(headers={"user-agent": CHROME}))
        self.password(phone)
        stranger.force_login(UserFactory(admin=True))
        self.password()
        page = self.client.get(SECURITY).content.decode()

        assert all(text in page for text in ("Firefox, Android", "Chrome, Windows", "203.0.113.0/24"))
        assert "203.0.113.77" not in page
        assert not any(key in page for key in Session.objects.values_list("pk", flat=True))
        key = sessions.public_key(Session.objects.get(device="Firefox, Android").pk)
        stranger.post(SECURITY, {"action": "end", "session": key})
        assert self.is_signed_in(phone)
        self.client.post(SECURITY, {"action": "end", "session": key})
        assert not self.is_signed_in(phone)
        self.client.post(SECURITY, {"action": "end_others"})
        assert self.is_signed_in()
        assert sessions.of(self.user).count() == 1
        assert self.is_signed_in(stranger)

    def test_a_new_device_is_told_by_mail_once(self):
        phone = Client(headers={"user-agent": FIREFOX})
        self.password()
        assert not mail.outbox, "the first sign-in of all"
        for _ in range(2):
            self.password(phone)
            phone.cookies.pop("sessionid")

        assert [(message.to, "Firefox, Android" in message.body) for message in mail.outbox] == [([self.user.email], True)]
        assert SECURITY in mail.outbox[0].body
