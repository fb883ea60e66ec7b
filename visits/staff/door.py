"""Check-in with a phone at the door: the page, its service worker, and the posts of its queue.

The page itself holds no personal data, so the service worker may keep it. The names come as JSON and are kept by the page's script, which
deletes them when the visit is over (static/js/door*.js).
"""

import hashlib
import json

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from knowledge_hub.core import browser_features
from visits.domain import door
from visits.domain.attendance import Receipt
from visits.models import Visit
from visits.permissions import RECEIVE
from visits.queries.door import snapshot
from visits.staff.forms import PhoneEntryForm, PhonePostForm, PhoneStateForm

STYLES = ("css/tokens.css", "css/base.css", "css/layout.css", "css/components.css", "css/forms.css", "css/door.css")
SCRIPTS = ("js/door-store.js", "js/door-scan.js", "js/door.js")
DECODER = "vendor/jsqr-1.4.0/jsQR.js"
"""For browsers without BarcodeDetector; loaded when the camera starts."""
OTHERS = ("img/mark.svg", "vendor/plus-jakarta-sans-5.3.0/plus-jakarta-sans-latin-wght-normal.woff2")
KEPT = (*STYLES, *SCRIPTS, DECODER, *OTHERS)
"""Static files that the page needs without network."""

POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "worker-src": [SELF],
    "frame-ancestors": [NONE],
}
"""Stricter than that of the admin: no inline script."""


@method_decorator(csp_replace(POLICY), name="dispatch")
class DoorView(PermissionCheckedMixin, View):
    """Base of the views of one visit at the door. Nothing of it is kept by a cache."""

    model = Visit
    permission_required = RECEIVE
    http_method_names = ["get", "head", "options"]

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response


def _page(visit_pk: int) -> str:
    """The HTML of the page: the same for everybody who reads it in one language."""
    addresses = {name: reverse(f"visits_staff:door_{name}", args=[visit_pk]) for name in ("state", "post", "worker")}
    page = reverse("visits_staff:door", args=[visit_pk])
    settings = {
        **addresses,
        "visit": visit_pk,
        "page": page,
        "login": f"{reverse('wagtailadmin_login')}?next={page}",
        "decoder": static(DECODER),
        "most": door.MOST_ENTRIES,
    }
    context = {
        "settings": settings,
        "list_url": reverse("visits_staff:reception", args=[visit_pk]),
        "styles": [static(name) for name in STYLES],
        "scripts": [static(name) for name in SCRIPTS],
    }
    return render_to_string("visits/staff/door.html", context)


class DoorPageView(DoorView):
    """The page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        get_object_or_404(Visit.objects.only("pk"), pk=pk)
        response = HttpResponse(_page(pk))
        response[browser_features.HEADER] = browser_features.CAMERA
        return response


class DoorWorkerView(DoorView):
    """The service worker. Its address lies below that of the page, so its scope is this page and no other.

    The version changes when the page or a static file changes: the browser then installs the new one.
    """

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = reverse("visits_staff:door", args=[pk])
        kept = {"page": page, "files": [static(name) for name in KEPT], "prefix": f"door-{pk}-"}
        kept["cache"] = kept["prefix"] + hashlib.sha256((_page(pk) + json.dumps(kept)).encode()).hexdigest()[:16]
        script = f'self.kept = {json.dumps(kept)};\nimportScripts("{static("js/door-worker.js")}");\n'
        response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
        response["Service-Worker-Allowed"] = page
        return response


class DoorJsonView(DoorView):
    """A view for the script of the page. Who may not check in guests gets JSON too, because the script then deletes the names."""

    def dispatch(self, request, *args, **kwargs):
        if not self.user_has_permission(RECEIVE):
            return self.refuse(_("This account may not check in guests. Sign in with one that may."), status=403)
        return super().dispatch(request, *args, **kwargs)

    def refuse(self, sentence: str, *, status: int) -> JsonResponse:
        """An answer with a sentence for the screen."""
        return JsonResponse({"error": sentence}, status=status, headers={"Cache-Control": "no-store, private"})


class DoorStateView(DoorJsonView):
    """The list with who is present, and the token for posts, which changes with every sign-in. A phone that has the list gets no names."""

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        visit = Visit.objects.select_related("slot").filter(pk=pk).first()
        if visit is None:
            return self.refuse(_("There is no such visit."), status=404)
        form = PhoneStateForm(request.GET)
        form.is_valid()
        state = snapshot(visit)
        if form.cleaned_data.get("known") == state["digest"]:
            state = {name: state[name] for name in ("closed", "forget_at", "digest", "now")}
        return JsonResponse({**state, "token": get_token(request)})


class DoorPostView(DoorJsonView):
    """Takes the events that waited on a phone. The same post again changes nothing and gets the same answer."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> JsonResponse:
        try:
            sent = json.loads(request.body) if request.content_type == "application/json" else None
        except ValueError:
            sent = None
        form = PhonePostForm(sent if isinstance(sent, dict) else {})
        rows = sent.get("entries") if isinstance(sent, dict) else None
        if not form.is_valid() or not isinstance(rows, list) or len(rows) > door.MOST_ENTRIES:
            return self.refuse(_("That did not arrive completely. Nothing was recorded; it is sent again."), status=400)
        results, entries = [], []
        for row in rows:
            entry = PhoneEntryForm(row if isinstance(row, dict) else {})
            if entry.is_valid():
                entries.append(entry.entry())
            elif isinstance(row, dict):
                results.append({"nonce": str(row.get("nonce", "")), "refusal": _("This entry is damaged and was not recorded.")})
        now = timezone.now()
        try:
            receipts = door.receive(
                pk, entries, by=request.user, device=form.cleaned_data["device"], clock_offset=now - form.cleaned_data["sent_at"]
            )
        except Visit.DoesNotExist:
            return self.refuse(_("There is no such visit."), status=404)
        return JsonResponse({"results": [*results, *(self.result(receipt) for receipt in receipts)]})

    def result(self, receipt: Receipt) -> dict:
        """What the phone is told about one event."""
        return {
            "nonce": str(receipt.nonce),
            "delegate": receipt.delegate,
            "refusal": receipt.refusal,
            "is_uncertain": receipt.is_uncertain,
        }
