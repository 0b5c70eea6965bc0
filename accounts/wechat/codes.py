"""QR codes that say where they hung."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts import actions, queries
from accounts.models import OfficialAccount, QRScene
from accounts.views.frame import absolute
from accounts.wechat.doors import program
from superapp.kernel import images, wechat

# action_name → whether the scene is a text, whether the code is permanent.
_NAMES = {
    "QR_SCENE": (False, False),
    "QR_STR_SCENE": (True, False),
    "QR_LIMIT_SCENE": (False, True),
    "QR_LIMIT_STR_SCENE": (True, True),
}
_BAD = wechat.WeChatError(40053, "invalid action info")


@program("POST")
def create_code(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    given = wechat.body_of(request)
    name = wechat.text_in(given, "action_name")
    if name not in _NAMES:
        raise _BAD
    is_text, is_permanent = _NAMES[name]
    scene = wechat.object_in(wechat.object_in(given, "action_info"), "scene")
    seconds = None if is_permanent else _seconds(given)
    made = actions.make_scene(
        official=official,
        scene_id=None if is_text else wechat.number_in(scene, "scene_id"),
        scene_str=wechat.text_in(scene, "scene_str") if is_text else "",
        seconds=seconds,
    )
    life = {} if seconds is None else {"expire_seconds": seconds}
    return {"ticket": made.ticket, **life, "url": _address(request, made)}


@require_GET
def show_code(request: HttpRequest) -> HttpResponse:
    """The picture of a code, for whoever has its ticket. Raises SceneNotFound."""
    scene = queries.scene_by_ticket(request.GET.get("ticket", ""))
    return HttpResponse(images.qr_png(_address(request, scene)), content_type="image/png")


def _seconds(given: dict[str, object]) -> int:
    if given.get("expire_seconds") is None:
        return settings.SCENE_SECONDS
    return wechat.number_in(given, "expire_seconds")


def _address(request: HttpRequest, scene: QRScene) -> str:
    return absolute(request, reverse("accounts:official-scan", args=[scene.ticket]))
