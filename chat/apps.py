from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        """Start-up wiring: what chat hears from below, and what it offers itself."""
        from accounts import ports
        from chat import actions, cards, composer, queries
        from chat import ports as own
        from chat.cards.article import ArticleCard, BroadcastCard
        from chat.cards.contact import ContactCard
        from chat.cards.invitation import InvitationCard
        from chat.cards.program import MenuCard, MusicCard, NewsCard
        from chat.cards.template import TemplateCard
        from superapp.kernel import outbox, pages

        outbox.tidying.register(actions.forget_unsent_uploads)
        ports.friendship_formed.register(actions.on_friendship_formed)
        ports.account_closing.register(actions.on_account_closing)
        ports.new_device_seen.register(actions.on_new_device_seen)
        ports.official_events.register(actions.on_official_events)
        ports.template_sent.register(actions.on_template_sent)
        ports.program_replied.register(actions.on_program_replied)
        ports.program_silent.register(actions.on_program_silent)
        own.service_heard.register(actions.on_service_heard)
        ports.meetings.register("group", queries.share_group)

        ports.business_numbers.register("chat.inbox", _waiting)

        cards.register("contact", ContactCard())
        ports.previewed.register(actions.on_previewed)
        ports.article_changed.register(actions.on_article_changed)
        cards.register("article", ArticleCard())
        cards.register("broadcast", BroadcastCard())
        cards.register(actions.INVITATION_CARD, InvitationCard())
        cards.register(actions.TEMPLATE_CARD, TemplateCard())
        for card in (NewsCard(), MusicCard(), MenuCard()):
            cards.register(card.kind, card)
        pages.register_nav("unread", queries.unread_badge)

        for order, (name, label, icon, hue) in enumerate(
            (
                ("favourites", _("Favourites"), "star", 60),
                ("stickers", _("Stickers"), "sticker", 330),
                ("scheduled", _("Send later"), "clock", 300),
            )
        ):
            ports.me_cells.register(
                f"chat.{name}",
                ports.Cell(label, icon, _page(f"chat:{name}"), hue, group=30, order=order),
            )
        ports.person_cells.register(
            "chat.message",
            ports.Cell(
                _("Message"),
                "chat",
                lambda account: reverse("chat:with", args=[account.public_id]),
                group=10,
                order=0,
            ),
        )

        for name, label, icon, hue in (
            ("photo", _("Photos"), "image", 150),
            ("camera", _("Camera"), "camera", 210),
            ("file", _("File"), "file", 240),
            ("location", _("Location"), "pin", 30),
            ("contact", _("Contact"), "contacts", 180),
            ("favourite", _("Favourites"), "star", 60),
            ("schedule", _("Send later"), "clock", 300),
        ):
            composer.register(
                name,
                composer.Entry(label, icon, hue, composer.page_of(name), action=name),
            )


def _waiting(official: Any, viewer: Any) -> list[Any]:
    """For the home page of the business console: messages that nobody has read yet."""
    from accounts import queries as people
    from accounts.ports import Number
    from accounts.states import StaffMay
    from chat import queries

    if not people.may(viewer, official, StaffMay.ANSWER):
        return []
    url = reverse("service:account", args=[official.account.public_id])
    return [Number(_("Unread messages"), queries.unread_total(official.account), url)]


def _page(name: str) -> Callable[[Any], str]:
    """The address of a page that is the same for everybody."""
    return lambda account: reverse(name)
