from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from wagtail.models import Locale, Page

from knowledge_hub.cache import kept_for_readers
from knowledge_hub.reading.audience import language_of, public


@kept_for_readers
def untranslated(request, pk):
    """A page that does not exist in the reader's language: the original with a notice; the translation once there is one."""
    page = public(Page.objects.filter(pk=pk, depth__gt=1)).specific().first()
    if page is None:
        raise Http404
    translation = public(page.get_translations(inclusive=True).filter(locale=Locale.get_active())).first()
    if translation is not None:
        return redirect(translation.get_url(request))
    context = {**page.get_context(request), "original_language": language_of(page)}
    return TemplateResponse(request, page.get_template(request), context)
