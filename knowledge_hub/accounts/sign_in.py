"""Signing in: password, then the second factor. Nobody is signed in before both are shown."""

import json
import logging
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth import views as auth_views
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.forms.auth import LoginForm, PasswordResetForm
from wagtail.admin.views.account import LoginView

from knowledge_hub.accounts import mails, second_factor, security_keys, sessions
from knowledge_hub.core import rate_limits
from knowledge_hub.models import User
from knowledge_hub.papers.qr import qr_svg

logger = logging.getLogger(__name__)

PASSWORD = rate_limits.declare("sign-in", per_subject=10, per_address=60, per_network=300)
"""The subject is the user name as typed; from a browser in which the account was used before, attempts are counted apart."""
RESET = rate_limits.declare("password reset", per_subject=3, per_address=10, per_network=30)
"""The subject is the mailbox."""

STEP_LASTS = 600
"""Seconds between password and second factor."""
DEVICE_LASTS = 365 * 24 * 3600
DEVICE_KNOWS = 5
"""Accounts that a browser remembers."""
TOO_MANY = _("There were too many attempts within an hour. Please try again later, or ask an administrator.")


class SignInForm(LoginForm):
    """Wagtail's form with a limit of attempts; unknown accounts and wrong passwords get the same answer and are counted alike."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Wagtail has no labels that are translated.
        self.fields["password"].label = _("Password")
        self.fields["remember"].label = _("Keep me signed in on this device")

    def clean(self):
        """Count the attempt before the password is checked."""
        username = self.cleaned_data.get("username", "")
        if username and self.cleaned_data.get("password"):
            mark = device_mark(username)
            subject = f"{mark}|known" if mark in known_accounts(self.request) else mark
            if not rate_limits.spend(PASSWORD, client=rate_limits.client_address(self.request), subject=subject):
                logger.warning("A sign-in was refused: too many attempts")
                raise ValidationError(TOO_MANY, code="too_many")
        return super().clean()


class ResetForm(PasswordResetForm):
    """Wagtail's form; the answer is the same for known and unknown addresses and after too many requests, and takes the same time."""

    def save(self, *, request: HttpRequest | None = None, **options: Any) -> None:
        """Have the worker send the links, if there are accounts."""
        address = self.cleaned_data["email"]
        if rate_limits.spend(RESET, client=rate_limits.client_address(request) if request else "", subject=address.casefold()):
            mails.send_reset_links.enqueue([user.pk for user in self.get_users(address)])


class CodeForm(forms.Form):
    """A code of the authenticator app or, where allowed, a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True, "spellcheck": "false"}),
    )


class TwoSteps:
    """For views of Django that sign in by password: asks for the second factor, or has it set up where it is required."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Sign in if no second factor is needed; otherwise show the second step."""
        user = form.get_user()
        step = {
            "user": user.pk,
            "check": _password_mark(user),
            "next": self.get_success_url(),
            "remember": bool(form.cleaned_data.get("remember")),
        }
        if hasattr(user, "second_factor"):
            return show_code(self.request, user, step, CodeForm())
        if not settings.SECOND_FACTOR_REQUIRED:
            return finish(self.request, user, step, with_factor=False)
        return show_set_up(self.request, user, {**step, "secret": second_factor.new_secret()}, CodeForm())


class SignInView(TwoSteps, LoginView):
    """Sign-in to the admin; the second step of both sign-in pages is sent here too."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the password, or the second step."""
        return _second_step(request) if "step" in request.POST else super().post(request, *args, **kwargs)


class ReaderSignInView(TwoSteps, auth_views.LoginView):
    """Sign-in of partners who read private pages."""

    template_name = "wagtailcore/login.html"
    authentication_form = SignInForm


def _second_step(request: HttpRequest) -> HttpResponse:
    step = _load(request.POST["step"])
    user = step and User.objects.select_related("second_factor").filter(pk=step["user"], is_active=True).first()
    # A password that was changed, or a factor that was set up in another window, makes the step void.
    is_set_up = bool(user) and hasattr(user, "second_factor")
    if not user or not constant_time_compare(step["check"], _password_mark(user)) or is_set_up == ("secret" in step):
        messages.error(request, _("This took too long, or something changed meanwhile. Please sign in again."))
        return redirect("wagtailadmin_login")
    user.backend = settings.AUTHENTICATION_BACKENDS[0]
    form, client = CodeForm(request.POST), rate_limits.client_address(request)
    try:
        if answer := request.POST.get("credential"):
            # Checked in place of a code; a browser sends both fields.
            form = CodeForm()
            if "key" in step and security_keys.check(user, step["key"], answer, client=client):
                return finish(request, user, step, with_factor=True)
            return show_code(request, user, step, form, trouble=_("The key did not answer. Try again, or use a code."), status=422)
        if form.is_valid():
            code = form.cleaned_data["code"]
            if "secret" in step and second_factor.check(user, step["secret"], code, client=client):
                codes = second_factor.set_up(user, step["secret"])
                page = render(request, "knowledge_hub/accounts/codes.html", {"codes": codes, "next": step["next"]})
                return finish(request, user, step, with_factor=True, page=page)
            if "secret" not in step and second_factor.check_any(user, code, client=client):
                return finish(request, user, step, with_factor=True)
            form.add_error(None, _("This code is not right, or it was used already. Wait for the next one."))
    except second_factor.TooManyAttempts:
        logger.warning("Account %s: too many attempts of the second factor", user.pk)
        if not form.is_bound:
            return show_code(request, user, step, form, trouble=TOO_MANY, status=422)
        form.add_error(None, TOO_MANY)
    return show_set_up(request, user, step, form, status=422) if "secret" in step else show_code(request, user, step, form, status=422)


def show_code(
    request: HttpRequest, user: User, step: dict, form: forms.Form, *, trouble: str | Promise = "", status: int = 200
) -> HttpResponse:
    """The page that asks for the code of the app, or for a security key if the account has one."""
    options = ""
    if user.second_factor.keys and security_keys.is_possible():
        asked, state = security_keys.begin_sign_in(user.second_factor)
        options, step = json.dumps(asked), {**step, "key": state}
    context = {"form": form, "step": _sign(step), "options": options, "trouble": trouble}
    return _no_store(render(request, "knowledge_hub/accounts/code.html", context, status=status))


def show_set_up(request: HttpRequest, user: User, step: dict, form: forms.Form, *, status: int = 200) -> HttpResponse:
    """The page on which an app is set up before the first sign-in."""
    context = {"form": form, "step": _sign(step), **app_context(user, step["secret"])}
    return _no_store(render(request, "knowledge_hub/accounts/set_up.html", context, status=status))


def app_context(user: User, secret: str) -> dict[str, str]:
    """What an app is set up with: a QR code, and its text in groups of four for typing."""
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    code = qr_svg(second_factor.address_for_apps(secret, user.get_username()), str(_("QR code for the authenticator app")))
    return {"qr": mark_safe(code), "secret": groups}


def finish(request: HttpRequest, user: User, step: dict, *, with_factor: bool, page: HttpResponse | None = None) -> HttpResponse:
    """Sign in and go on, or show a page first; a browser that did not know the account is told to the user by mail."""
    is_first, known = user.last_login is None, known_accounts(request)
    login(request, user)
    sessions.add_to(request.session, second_factor=with_factor, remembered=step["remember"])
    request.session.set_expiry(settings.SESSION_COOKIE_AGE if step["remember"] else 0)
    response = page or redirect(step["next"])
    mark = device_mark(user.get_username())
    if mark not in known:
        _remember_device(response, [mark, *known])
        if not is_first:
            # The mail reads the session from its row.
            request.session.save()
            mails.tell_of_new_device.enqueue(user.pk)
    return _no_store(response)


def device_mark(username: str) -> str:
    """How a browser remembers an account: a keyed hash of its name."""
    return salted_hmac("knowledge_hub.device", username.casefold(), algorithm="sha256").hexdigest()[:20]


def known_accounts(request: HttpRequest) -> list[str]:
    """Marks of the accounts that were signed in with this browser before."""
    try:
        return signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt="device", max_age=DEVICE_LASTS)
    except signing.BadSignature:
        return []


def _remember_device(response: HttpResponse, marks: list[str]) -> None:
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(marks[:DEVICE_KNOWS], salt="device"),
        max_age=DEVICE_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _password_mark(user: User) -> str:
    return salted_hmac("knowledge_hub.step", user.password, algorithm="sha256").hexdigest()[:20]


def _sign(step: dict) -> str:
    return signing.dumps(step, salt="second-step")


def _load(text: str) -> dict | None:
    try:
        return signing.loads(text, salt="second-step", max_age=STEP_LASTS)
    except signing.BadSignature:
        return None


def _no_store(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store, private"
    return response
