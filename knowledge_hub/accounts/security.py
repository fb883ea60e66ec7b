"""Screens of the admin: the second factor and sessions of one's own account, and the reset of somebody else's factor."""

import json
from typing import Any

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.account import BaseSettingsPanel
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button

from knowledge_hub.accounts import mails, second_factor, security_keys, sessions
from knowledge_hub.accounts.sign_in import TOO_MANY, CodeForm, app_context
from knowledge_hub.core import rate_limits
from knowledge_hub.models import User
from knowledge_hub.models.accounts import SecondFactor

SALT = "new second factor"
"""Of the secret that is being set up; a form sends it back signed, so that nobody can choose it for another."""


class SecurityView(WagtailAdminTemplateMixin, TemplateView):
    """Second factor, recovery codes and sessions of the signed-in user."""

    template_name = "knowledge_hub/accounts/security.html"
    page_title = gettext_lazy("Security of your account")
    header_icon = "lock"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The way from the account."""
        account = {"url": reverse("wagtailadmin_account"), "label": _("Account")}
        return [*super().get_breadcrumbs_items(), account, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The factor, and the sessions with names that give no access."""
        rows = [
            {"row": row, "key": sessions.public_key(row.pk), "is_this": row.pk == self.request.session.session_key}
            for row in sessions.of(self.request.user)
        ]
        factor = SecondFactor.objects.filter(user=self.request.user).first()
        return super().get_context_data(
            **{
                "factor": factor,
                "sessions": rows,
                "may_have_keys": security_keys.is_possible(),
                "form": CodeForm(auto_id="id_code_%s"),
                **kwargs,
            }
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do what a button of the page says."""
        match request.POST.get("action"):
            case "end":
                self._say_ended(sessions.end(request.user, request.POST.get("session", "")))
            case "end_others":
                self._say_ended(sessions.end_others(request.user, request.session.session_key))
            case "begin":
                return self._show_set_up(CodeForm(), second_factor.new_secret())
            case "set_up":
                return self._set_up()
            case "renew" | "replace" | "new_key":
                return self._change(request.POST["action"])
            case "add_key":
                return self._add_key()
            case "remove_key":
                self._remove_key()
        return redirect("account_security")

    def _say_ended(self, count: int) -> None:
        messages.success(self.request, ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", count) % {"count": count})

    def _show(self, status: int = 200, **context: Any) -> HttpResponse:
        response = self.render_to_response(self.get_context_data(**context), status=status)
        response["Cache-Control"] = "no-store, private"
        return response

    def _show_set_up(self, form: CodeForm, secret: str, status: int = 200) -> HttpResponse:
        user = self.request.user
        return self._show(status, form=form, new=signing.dumps([user.pk, secret], salt=SALT), **app_context(user, secret))

    def _set_up(self) -> HttpResponse:
        """Take an app over whose code is right, in place of one that was there unless it appeared meanwhile."""
        user = self.request.user
        try:
            owner, secret = signing.loads(self.request.POST.get("new", ""), salt=SALT, max_age=3600)
        except signing.BadSignature:
            owner, secret = 0, ""
        if owner != user.pk or SecondFactor.objects.filter(user=user).exists():
            messages.error(self.request, _("This took too long, or something changed meanwhile. Please begin again."))
            return redirect("account_security")
        form = CodeForm(self.request.POST)
        if not self._is_right(form, lambda code, client: second_factor.check(user, secret, code, client=client)):
            return self._show_set_up(form, secret, 422)
        codes = second_factor.set_up(user, secret)
        sessions.add_to(self.request.session, second_factor=True)
        return self._show(codes=codes)

    def _change(self, action: str) -> HttpResponse:
        """New recovery codes or another app, for who shows the present one."""
        user = get_object_or_404(User.objects.select_related("second_factor"), pk=self.request.user.pk)
        if not hasattr(user, "second_factor"):
            return redirect("account_security")
        form = CodeForm(self.request.POST, auto_id="id_code_%s")
        if not self._is_right(form, lambda code, client: second_factor.check_any(user, code, client=client)):
            return self._show(422, form=form)
        if action == "new_key":
            options, state = security_keys.begin_adding(user, user.second_factor)
            return self._show(options=json.dumps(options), new=signing.dumps([user.pk, state], salt=SALT))
        if action == "renew":
            return self._show(codes=second_factor.renew_recovery_codes(user))
        second_factor.remove(user, by=user)
        return self._show_set_up(CodeForm(), second_factor.new_secret())

    def _add_key(self) -> HttpResponse:
        """Keep a key that was made right after a code of the app was shown."""
        user = self.request.user
        try:
            owner, state = signing.loads(self.request.POST.get("new", ""), salt=SALT, max_age=600)
        except signing.BadSignature:
            owner, state = 0, None
        name = self.request.POST.get("name", "").strip() or sessions.device_of(self.request.headers.get("User-Agent", ""))
        if owner == user.pk and security_keys.add(user, state, self.request.POST.get("credential", ""), name=name):
            messages.success(self.request, _("The key is added. You can sign in with it from now on."))
        else:
            messages.error(self.request, _("The key was not added. Please begin again."))
        return redirect("account_security")

    def _remove_key(self) -> None:
        number = self.request.POST.get("key", "")
        if number.isdecimal() and SecondFactor.objects.filter(user=self.request.user).exists():
            security_keys.remove(self.request.user, int(number))

    def _is_right(self, form: CodeForm, check: Any) -> bool:
        """Whether a form has the right code; otherwise it gets an error."""
        try:
            if form.is_valid() and check(form.cleaned_data["code"], rate_limits.client_address(self.request)):
                return True
            if form.is_valid():
                form.add_error("code", _("This code is not right, or it was used already. Wait for the next one."))
        except second_factor.TooManyAttempts:
            form.add_error("code", TOO_MANY)
        return False


class SecurityPanel(BaseSettingsPanel):
    """The way to SecurityView from Wagtail's account page."""

    name = "security"
    title = gettext_lazy("Second factor and sessions")
    order = 600
    template_name = "knowledge_hub/accounts/panel.html"

    def get_form(self) -> CodeForm:
        """A form that is never bound; Wagtail wants one."""
        return CodeForm()


class ResetFactorView(WagtailAdminTemplateMixin, TemplateView):
    """Take somebody's second factor away, for who lost the phone and the recovery codes; ends all sessions of the account."""

    template_name = "knowledge_hub/accounts/reset.html"
    page_title = gettext_lazy("Reset the second factor")
    header_icon = "lock"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse who may not change this account."""
        self.account = get_object_or_404(User, pk=kwargs["pk"])
        if not may_reset(request.user, self.account):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The account."""
        has_factor = SecondFactor.objects.filter(user=self.account).exists()
        return super().get_context_data(account=self.account, has_factor=has_factor, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the factor away and tell its owner."""
        if second_factor.remove(self.account, by=request.user):
            mails.tell_of_removed_factor.enqueue(self.account.pk)
        messages.success(request, _("The second factor of %(user)s is removed, and all sessions are ended.") % {"user": self.account})
        return redirect("wagtailusers_users:edit", self.account.pk)


def may_reset(user: User, account: User) -> bool:
    """Whether a user may reset the factor of an account: not the own one, and of administrators only as one."""
    return user != account and user.has_perm("knowledge_hub.change_user") and (user.is_superuser or not account.is_superuser)


def reset_button(user: User, request_user: User) -> list[Button]:
    """The button in the list of users (hook ``register_user_listing_buttons``)."""
    if not may_reset(request_user, user):
        return []
    return [Button(_("Reset the second factor"), url=reverse("account_reset_factor", args=[user.pk]), icon_name="lock", priority=30)]
