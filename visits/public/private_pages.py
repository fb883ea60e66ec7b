"""What pages behind a secret link or with personal data have in common."""

from functools import wraps

from django.views.decorators.cache import never_cache


def private_page(view):
    """Never stored, never indexed, and its address is never passed on as a referrer."""

    @wraps(view)
    @never_cache
    def wrapper(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        # Django's CSRF check needs a referrer or origin on HTTPS; same-origin keeps it from every other site.
        response["Referrer-Policy"] = "same-origin"
        return response

    return wrapper
