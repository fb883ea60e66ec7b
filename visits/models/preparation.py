"""What is to be done before a visit."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from visits.models.programme import Programme
from visits.models.secret_link import SecretLink
from visits.models.visit import Visit


class TaskTemplate(models.Model):
    """A task that every visit of a programme begins with."""

    programme = ParentalKey(Programme, on_delete=models.CASCADE, verbose_name=_("programme"), related_name="task_template")
    title = models.CharField(_("task"), max_length=150)
    responsible = models.CharField(_("responsible"), max_length=120, blank=True, help_text=_("Unit or person."))
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("The link to the task goes there."))
    days_before = models.PositiveSmallIntegerField(_("days before the visit"), default=3, validators=[MaxValueValidator(90)])

    class Meta:
        verbose_name = _("task of the template")
        verbose_name_plural = _("tasks of the template")
        ordering = ["-days_before", "pk"]

    def __str__(self):
        return self.title


class PreparationTask(SecretLink):
    """A task of one visit, done on the desk or by the link that its owner was sent."""

    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="tasks")
    title = models.CharField(_("task"), max_length=150)
    responsible = models.CharField(_("responsible"), max_length=120, blank=True, help_text=_("Unit or person."))
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("The link to the task goes there."))
    days_before = models.PositiveSmallIntegerField(_("days before the visit"), default=3, validators=[MaxValueValidator(90)])
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("task of preparation")
        verbose_name_plural = _("tasks of preparation")
        ordering = ["-days_before", "pk"]

    def __str__(self):
        return self.title
