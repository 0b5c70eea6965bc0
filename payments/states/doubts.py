"""Statuses of what people doubt about their bills."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DoubtStatus(models.TextChoices):
    OPEN = "open", _("Being looked at")
    ANSWERED = "answered", _("Answered")


DOUBT_MOVES = {DoubtStatus.OPEN: {DoubtStatus.ANSWERED}, DoubtStatus.ANSWERED: set()}
