"""The contact page: how readers and guests reach the office."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from knowledge_hub.core.page_cache import cacheable
from knowledge_hub.models import ContactSettings


@cacheable
def contact(request):
    """What the office has entered in its settings; it also says what the office has not entered."""
    row = ContactSettings.load(request_or_site=request)
    shown = {
        _("mailbox"): row.email,
        _("telephone"): row.phone,
        _("address"): row.address,
        _("office hours"): row.office_hours,
        _("link to a map"): row.map_url,
    }
    missing = [name for name, value in shown.items() if not value]
    return render(request, "knowledge_hub/contact.html", {"contact": row, "missing": missing, "is_empty": len(missing) == len(shown)})
