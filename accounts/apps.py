from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.apps import AppConfig

if TYPE_CHECKING:
    from accounts.models import Account, OfficialAccount


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import actions, ports, queries, tasks
        from accounts.actions import pushes
        from superapp.kernel import outbox, pages

        mail = outbox.DELIVERIES
        outbox.kinds.register("accounts.email", outbox.Kind(actions.on_email, mail))
        outbox.kinds.register("accounts.text", outbox.Kind(actions.on_text, mail))
        outbox.kinds.register("accounts.expire_request", outbox.Kind(actions.on_expire_request))
        outbox.kinds.register("accounts.forget_unproved", outbox.Kind(actions.on_forget_unproved))
        outbox.tidying.register(actions.forget_media)
        outbox.tidying.register(actions.forget_site_sign_ins)
        works = actions.publishing
        outbox.kinds.register(works.SEND_JOB, outbox.Kind(works.on_broadcast_due))
        outbox.kinds.register(works.LAPSE_JOB, outbox.Kind(works.on_review_over))
        outbox.kinds.register(works.TELL_JOB, outbox.Kind(works.on_tell))
        outbox.tidying.register(works.close_days)
        ports.official_events.register(works.on_official_events)
        outbox.tidying.register(actions.forget_pushes)
        outbox.sweeping_deliveries.register(tasks.sweep)
        pushes.set_bell(tasks.ring)
        ports.official_events.register(actions.on_official_events)
        pages.register_nav("requests", queries.requests_badge)
        _register_cells()
        _register_tabs()
        _register_numbers()


def _register_cells() -> None:
    from django.conf import settings
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _

    from accounts.ports import Cell, contact_cells, me_cells

    cells = {
        "qr": Cell(_("My QR code"), "qr", lambda me: reverse("accounts:qr"), hue=210, group=10),
        "settings": Cell(
            _("Settings"), "gear", lambda me: reverse("accounts:settings"), hue=240, group=90
        ),
    }
    if settings.SANDBOX:
        cells["sandbox"] = Cell(
            _("Sandbox inbox"),
            "mail",
            lambda me: f"{reverse('accounts:sandbox-inbox')}?{_to(me)}",
            hue=60,
            group=90,
            order=90,
        )
    contact_cells.register(
        "accounts.official",
        Cell(
            _("Official accounts"),
            "briefcase",
            lambda me: reverse("accounts:following"),
            hue=200,
            order=60,
        ),
    )
    cells["official"] = Cell(
        _("My official accounts"),
        "shop",
        lambda me: reverse("accounts:official-mine"),
        hue=30,
        group=40,
    )
    for key, cell in cells.items():
        me_cells.register(f"accounts.{key}", cell)


def _register_tabs() -> None:
    from django.conf import settings
    from django.utils.translation import gettext_lazy as _

    from accounts.ports import Tab, official_tabs
    from accounts.queries import publishing

    def articles(official: "OfficialAccount", viewer: "Account") -> dict[str, object] | None:
        found = list(publishing.published_articles(official)[: settings.ARTICLES_PAGE])
        return {"articles": found} if found else None

    official_tabs.register(
        "articles",
        Tab(_("Articles"), "accounts/publishing/_articles_tab.html", articles, order=20),
    )


def _register_numbers() -> None:
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _

    from accounts import queries
    from accounts.ports import Number, business_numbers
    from accounts.states import StaffMay

    def followers(official: "OfficialAccount", viewer: "Account") -> list[Number]:
        if not queries.may(viewer, official, StaffMay.FOLLOWERS):
            return []
        found = queries.follower_numbers(official)
        url = reverse("business:accounts_follow_changelist")
        return [
            Number(_("Followers"), found["total"], url),
            Number(_("New today"), found["came"], url),
            Number(_("Left today"), found["left"]),
        ]

    business_numbers.register("accounts.followers", followers)


def _to(me: "Account") -> str:
    return urlencode({"to": me.person.email or me.person.phone or ""})
