"""Settings, URLs, jobs and web kit of Cadran; no domain noun and no model lives here."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
