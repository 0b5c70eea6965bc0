"""What the columns of the business console are called. Models name their fields for programmers."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

_LABELS = {
    "accepted_by": _("Accepted by"),
    "approved_by": _("Approved by"),
    "article": _("Article"),
    "author": _("Author"),
    "category": _("Category"),
    "changed_at": _("Changed at"),
    "choice": _("Say"),
    "contact_email": _("Contact e-mail"),
    "contact_name": _("Contact name"),
    "contact_phone": _("Contact phone"),
    "content": _("Content"),
    "count": _("Count"),
    "created_at": _("Created at"),
    "day": _("Day"),
    "due_at": _("Due at"),
    "ended_at": _("Ended at"),
    "expires_at": _("Expires at"),
    "followed_at": _("Followed at"),
    "headline": _("Headline"),
    "intro": _("What you do"),
    "inviter": _("Invited by"),
    "is_blacklisted": _("Hears nothing"),
    "is_on": _("On"),
    "is_tab": _("Is a tab"),
    "joined_at": _("Joined at"),
    "kind": _("Kind"),
    "legal_name": _("Company"),
    "licence_no": _("Licence number"),
    "made_by": _("Made by"),
    "milliseconds": _("Milliseconds"),
    "name": _("Name"),
    "nickname": _("Nickname"),
    "number": _("Number"),
    "official": _("Official account"),
    "openid": "OpenID",
    "original_id": _("Original ID"),
    "outcome": _("Outcome"),
    "published_at": _("Published at"),
    "published_by": _("Published by"),
    "recalled_at": _("Taken back at"),
    "refusal": _("Refused because of"),
    "region": _("City"),
    "remark": _("Remark"),
    "reply": _("Answer"),
    "review_until": _("Somebody agrees until"),
    "role": _("Role"),
    "secret_made_at": _("Secret made at"),
    "sent_at": _("Sent at"),
    "settlement_bank": _("Bank"),
    "settlement_holder": _("Account holder"),
    "settlement_number": _("Account number"),
    "slug": _("Address"),
    "source": _("Source"),
    "status": _("Status"),
    "status_reason": _("Reason"),
    "submitted_by": _("Handed in by"),
    "summary": _("Summary"),
    "text": _("Text"),
    "time_zone": _("Time zone"),
    "title": _("Title"),
    "tries": _("Tries"),
    "trigger": _("When"),
    "verified_at": _("Verified at"),
}


def name_columns(model: type[Model], names: list[str]) -> None:
    """Give these of the model's fields the words that people read.

    `verbose_name` alone is what screens show; migrations go by what the model itself says.
    """
    for name in set(names) & set(_LABELS):
        try:
            field: Any = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        field.verbose_name = _LABELS[name]
