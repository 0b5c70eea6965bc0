from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        """Start-up wiring: jobs of the wallet and the gateway, and when they run."""
        from django.conf import settings

        from payments import actions
        from payments.gateways import sandbox
        from superapp.kernel import outbox

        lease, abroad = settings.GATEWAY_LEASE_SECONDS, outbox.DELIVERIES
        waits = (5, 30, 120, 600, 3600)
        for name, handler in (
            (actions.ASK_JOB, actions.on_ask),
            (actions.EVENT_JOB, actions.on_event),
            (sandbox.DELIVER, sandbox.deliver),
        ):
            outbox.kinds.register(name, outbox.Kind(handler, abroad, waits, lease))
        outbox.kinds.register(sandbox.STEP, outbox.Kind(sandbox.step, abroad))
        outbox.kinds.register(actions.VERIFY_JOB, outbox.Kind(actions.on_verify))
        outbox.tidying.register(actions.forget_old_auths)
