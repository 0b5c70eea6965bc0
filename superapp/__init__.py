"""The roof: settings, addresses and processes. It wires the apps together and decides nothing."""

from superapp.celery import app as celery_app

__all__ = ["celery_app"]
