"""Mails to staff about their accounts, sent by the worker. Tasks know primary keys only."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import override
from django_tasks import task

from knowledge_hub.models import User
from knowledge_hub.models.accounts import Session


def _send(user: User, template: str, **context) -> bool:
    """Render a text whose first line is the subject, and send it; returns whether there is an address."""
    if not user.email:
        return False
    with override(settings.LANGUAGE_CODE):
        text = render_to_string(f"knowledge_hub/mail/{template}.txt", {"user": user, "site_url": settings.SITE_URL, **context})
    subject, body = text.strip().split("\n", 1)
    send_mail(subject, body.strip() + "\n", None, [user.email])
    return True


@task()
def tell_of_new_device(user_pk: int) -> None:
    """Tell a user of the latest sign-in, which was from a browser that is not known."""
    session = Session.objects.filter(user=user_pk).select_related("user").order_by("-started_at").first()
    if session:
        _send(session.user, "new_device", session=session, link=settings.SITE_URL + reverse("account_security"))


@task()
def tell_of_removed_factor(user_pk: int) -> None:
    """Tell a user that an administrator took the second factor away."""
    _send(User.objects.get(pk=user_pk), "factor_removed", link=settings.SITE_URL + reverse("wagtailadmin_login"))


@task()
def send_reset_links(user_pks: list[int]) -> None:
    """Mail the link for a new password to the accounts of one address; none is fine."""
    for user in User.objects.filter(pk__in=user_pks, is_active=True):
        link = reverse(
            "wagtailadmin_password_reset_confirm",
            kwargs={"uidb64": urlsafe_base64_encode(force_bytes(user.pk)), "token": default_token_generator.make_token(user)},
        )
        _send(user, "password_reset", link=settings.SITE_URL + link)
