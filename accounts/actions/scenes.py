"""QR codes of official accounts that say where they hang (OA-17)."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import queries
from accounts.actions.official import log_official
from accounts.errors import BadScene
from accounts.models import Account, OfficialAccount, QRScene
from accounts.states import StaffMay
from superapp.kernel import search, time

SCENE_ID_MAX = 2**32 - 1
PERMANENT_ID_MAX = 100_000
SCENE_STR_MAX = 64


@transaction.atomic
def make_scene(
    *,
    official: OfficialAccount,
    scene_id: int | None = None,
    scene_str: str = "",
    seconds: int | None = None,
) -> QRScene:
    """A code for one scene, a number or a text; `seconds` of life, None for a permanent one.

    A permanent scene that exists is returned. For doors that have checked who asks. Raises BadScene.
    """
    _check(scene_id, scene_str, seconds)
    made = QRScene(official=official, scene_id=scene_id, scene_str=scene_str, created_at=time.now())
    if seconds is not None:
        made.expires_at = made.created_at + timedelta(seconds=seconds)
        made.save()
        return made
    permanent = QRScene.objects.filter(official=official, expires_at=None)
    same = permanent.filter(scene_id=scene_id, scene_str=scene_str)
    if found := same.first():
        return found
    if permanent.count() >= settings.SCENES_PERMANENT_MAX:
        raise BadScene
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:  # asked twice at once
        return same.get()
    return made


@transaction.atomic
def make_poster_code(*, official: OfficialAccount, actor: Account, place: str) -> QRScene:
    """Staff make a permanent code for a place: a table, a window. Raises NotAllowed, BadScene."""
    queries.require_staff(actor, official, StaffMay.CONTENT)
    scene = make_scene(official=official, scene_str=search.clean_line(place))
    log_official(official=official, actor=actor, what="QR code", before="", after=scene.scene)
    return scene


def _check(scene_id: int | None, scene_str: str, seconds: int | None) -> None:
    if (scene_id is None) == (not scene_str) or len(scene_str) > SCENE_STR_MAX:
        raise BadScene
    if scene_id is not None:
        most = PERMANENT_ID_MAX if seconds is None else SCENE_ID_MAX
        if not 1 <= scene_id <= most:
            raise BadScene
    if seconds is not None and not 1 <= seconds <= settings.SCENE_SECONDS_MAX:
        raise BadScene
