"""Where the gateway tells what happened. Anybody may knock; only its signature opens."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments import actions
from payments.errors import BadSignature, EventTooLarge
from payments.gateways import Silent


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Size before all, then the signature, then it is kept. The answer is 200 also for repeats."""
    if int(request.headers.get("Content-Length") or 0) > settings.WEBHOOK_MAX:
        raise EventTooLarge
    signature = request.headers.get("Stripe-Signature", "")
    if not signature or len(signature) > 2000:
        raise BadSignature
    try:
        actions.receive_event(body=request.read(settings.WEBHOOK_MAX + 1), signature=signature)
    except Silent:
        return HttpResponse(status=503)
    return HttpResponse(status=200)
