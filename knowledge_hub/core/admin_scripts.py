"""Nonces for the inline scripts of Wagtail's admin, which has none of its own in 8.0.

Date fields, choosers and inline panels are started by small scripts between the HTML. Only these get the nonce of the response: calls of
known functions with JSON as arguments. A script that somebody smuggles into a page gets none, so the browser does not run it.
"""

import json
import re
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.templatetags.static import static

NONCE_HEADER = "X-Script-Nonce"
"""A page's own nonce, which static/js/script-nonce.js sends with jQuery's requests, for the scripts of a dialog that comes as the answer.

Other sites cannot send it, because browsers ask before they send such a header elsewhere.
"""
NONCE = re.compile(r"[A-Za-z0-9+/]{22}==")
OUR_SCRIPT = "js/script-nonce.js"
# Their scripts are longer, and part of templates without a nonce.
UNCHANGED = ("wagtailsearchpromotions:add", "wagtailsearchpromotions:edit")

SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
CALL = re.compile(
    r"\s*(?:(?:initDateChooser|initTimeChooser|initDateTimeChooser|createTaskChooser)"
    r"|new (?:Chooser|DocumentChooser|ImageChooser|PageChooser|SnippetChooser))\((.*)\);\s*",
    re.DOTALL,
)
PANEL = re.compile(
    r"\s*\(function\(\) \{\s*var panel = new (?:InlinePanel|MultipleChooserPanel)\(JSON\.parse\((\"[^\"]*\")\)\);\s*\}\)\(\);\s*"
)


def with_nonces(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorator of the views of the admin: the policy of the admin, with nonces for the scripts of Wagtail's widgets."""
    strict, unchanged = csp(settings.ADMIN_CONTENT_SECURITY_POLICY)(view), csp(settings.INLINE_SCRIPTS_POLICY)(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        match = request.resolver_match
        if match is not None and match.view_name in UNCHANGED:
            return unchanged(request, *args, **kwargs)
        response = strict(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
            response.add_post_render_callback(partial(add_nonces, request))
        else:
            add_nonces(request, response)
        return response

    return wrapper


def add_nonces(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give the known scripts of a page, or of the HTML in the JSON of a dialog, a nonce."""
    if not isinstance(response, HttpResponse) or b"<script" not in response.content:
        return
    kind = response.get("Content-Type", "").partition(";")[0]
    if kind == "text/html":
        response.content = _marked(response.content.decode(), request)
    elif kind == "application/json":
        answer = json.loads(response.content)
        if isinstance(answer, dict) and isinstance(answer.get("html"), str):
            response.content = json.dumps(answer | {"html": _marked(answer["html"], request)})


def _marked(html: str, request: HttpRequest) -> str:
    nonce = request.headers.get(NONCE_HEADER, "")
    if not NONCE.fullmatch(nonce):
        nonce = str(request.csp_nonce)  # type: ignore[attr-defined]  # set by CSPMiddleware
    ours = f'<script src="{static(OUR_SCRIPT)}"'
    html = html.replace(ours, f'{ours} nonce="{nonce}"', 1)
    return SCRIPT.sub(lambda found: f'<script nonce="{nonce}">{found[1]}</script>' if is_known(found[1]) else found[0], html)


def is_known(code: str) -> bool:
    """Whether the text of a script only calls one of Wagtail's functions, with JSON."""
    found = CALL.fullmatch(code) or PANEL.fullmatch(code)
    if not found:
        return False
    try:
        json.loads(f"[{found[1]}]")
    except ValueError:
        return False
    return True
