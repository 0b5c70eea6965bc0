"""Which gateway this installation has: decided by its key."""

from functools import cache

import stripe
from django.conf import settings

from payments.gateways.base import Gateway, Silent
from payments.gateways.sandbox import SandboxTransport
from payments.gateways.stripe_gateway import StripeGateway


def gateway() -> Gateway:
    """The gateway. Without a key and outside the sandbox there is none: raises Silent."""
    if settings.GATEWAY_CLOSED:
        raise Silent("no gateway is set up")
    return _made(settings.GATEWAY_KEY)


@cache
def _made(key: str) -> Gateway:
    if not key:
        return StripeGateway(stripe.StripeClient("sk_test_sandbox", http_client=SandboxTransport()))
    transport = stripe.RequestsClient(timeout=settings.GATEWAY_SECONDS)
    return StripeGateway(
        stripe.StripeClient(
            key, http_client=transport, max_network_retries=settings.GATEWAY_RETRIES
        )
    )
