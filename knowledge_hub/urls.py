"""URL configuration. Private URLs are never cached; public ones may be."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from knowledge_hub.accounts.sign_in import ReaderSignInView, SignInView
from knowledge_hub.core.admin_scripts import with_nonces
from knowledge_hub.views import media
from knowledge_hub.views.urls import localized_urlpatterns

handler400 = "knowledge_hub.core.error_pages.bad_request_page"
handler500 = "knowledge_hub.core.error_pages.server_error_page"

private_urlpatterns = [
    # Before Wagtail's own views of these names.
    path("admin/login/", with_nonces(SignInView.as_view()), name="wagtailadmin_login"),
    path("_util/login/", ReaderSignInView.as_view(), name="wagtailcore_login"),
    # This sets the policy with csp() and not csp_replace(), which would replace what single views of the admin set with csp_replace().
    path("admin/", include(decorate_urlpatterns(wagtailadmin_urls.urlpatterns, with_nonces))),
]

public_urlpatterns = [
    path("documents/", include(wagtaildocs_urls)),
    path("", include("knowledge_hub.views.urls")),
    path("", include("visits.public.unprefixed_urls")),
]

urlpatterns = [
    *private_urlpatterns,
    *public_urlpatterns,
    path("media/<path:path>", media.picture, name="media"),
    *i18n_patterns(
        # Translators: addresses, without accents; they are printed on paper and must never change.
        path(_("search/"), include("knowledge_hub.search.page.urls")),
        path("", include(localized_urlpatterns)),
        path("", include("visits.public.urls")),
        path("", include("visits.public.verification_urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
