"""Addresses of guests and the public; the Indonesian paths stand in locale/id."""

app_name = "visits"
urlpatterns = []
