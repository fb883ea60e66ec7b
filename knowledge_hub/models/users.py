from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge_hub.enums import Partner


class Accounts(UserManager):
    """Reads an account that signs in together with its second factor."""

    def get_by_natural_key(self, username):
        """The account with a user name. Raises DoesNotExist."""
        return self.select_related("second_factor").get(username=username)


class User(AbstractUser):
    """A staff account of one of the three partners. Guests have no accounts."""

    partner = models.CharField(_("partner"), max_length=10, choices=Partner, blank=True)
    position = models.CharField(
        _("position"), max_length=150, blank=True, help_text=_("As it is printed under a signature, for example “Head of Division”.")
    )
    wants_digest = models.BooleanField(
        _("daily summary by e-mail"), default=False, help_text=_("Once a day: requests that wait, late answers, and the visits of the day.")
    )

    objects = Accounts()

    class Meta(AbstractUser.Meta):
        ordering = ["username"]
