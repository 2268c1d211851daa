from django.db import models


class Versioned(models.Model):
    """A row that people edit: `version` grows by one with every service write."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
