from knowledge_hub.models.base import BasePage


class HomePage(BasePage):
    """The front door: search, what was published, and how to come."""

    parent_page_types = ["wagtailcore.Page"]
    max_count_per_parent = 1
