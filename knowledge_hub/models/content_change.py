from django.db import models


class ContentChange(models.Model):
    """Something that readers may see was changed. Rows are only added; knowledge_hub/cache.py reads their sum.

    A row belongs to the transaction of the change itself, so it appears with it and vanishes with it; and since no row is
    ever updated, two editors who publish at once wait for nobody.
    """

    token = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self):
        return str(self.token)
