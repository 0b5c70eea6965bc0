"""Pictures of people."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts import queries
from accounts.guards import MemberRequest, files_for_members
from superapp.kernel import media


@require_safe
@files_for_members
def picture(request: MemberRequest, file_id: str) -> HttpResponseBase:
    """An avatar or cover in use. Its address is new with every picture, so browsers may keep it."""
    stored = queries.file_shown_to_members(file_id)
    return media.serve(request, stored, is_immutable=True)
