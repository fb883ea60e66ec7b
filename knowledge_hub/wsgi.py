"""WSGI entry point, for granian, gunicorn and the development server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_hub.settings.production")

application = get_wsgi_application()
