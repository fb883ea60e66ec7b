from knowledge_hub.models.base import BasePage


class CaseStudyPage(BasePage):
    """One thing that the city did, told after a fixed template."""
