from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import actions, queries
        from superapp.kernel import outbox, pages

        outbox.kinds.register("accounts.email", outbox.Kind(actions.on_email, outbox.DELIVERIES))
        outbox.kinds.register("accounts.text", outbox.Kind(actions.on_text, outbox.DELIVERIES))
        outbox.kinds.register("accounts.expire_request", outbox.Kind(actions.on_expire_request))
        outbox.kinds.register("accounts.forget_unproved", outbox.Kind(actions.on_forget_unproved))
        pages.register_nav("requests", queries.requests_badge)
