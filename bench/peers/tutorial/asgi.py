"""The Channels tutorial, grown to a chat: a consumer per socket, group_send, an insert per message."""

import os
from typing import Any
from urllib.parse import parse_qs

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.tutorial.settings"
django.setup()

from channels.db import database_sync_to_async  # noqa: E402  Django must be set up first
from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from bench.peers.tutorial.models import Conversation, Message  # noqa: E402


class ChatConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self) -> None:
        query = parse_qs(self.scope["query_string"].decode())
        self.user = int(query["u"][0])
        self.rooms = await self.load()
        for name in self.rooms:
            await self.channel_layer.group_add(f"chat_{name}", self.channel_name)
        await self.accept()

    @database_sync_to_async
    def load(self) -> dict[str, int]:
        found = Conversation.objects.filter(member__user=self.user)
        return dict(found.values_list("name", "pk"))

    @database_sync_to_async
    def save(self, conversation: int, body: str) -> Message:
        return Message.objects.create(conversation_id=conversation, sender=self.user, body=body)

    async def receive_json(self, content: dict[str, Any], **kwargs: Any) -> None:
        message = await self.save(self.rooms[content["room"]], content["body"])
        await self.send_json({"t": "ack", "id": content["id"], "message": message.pk})
        await self.channel_layer.group_send(
            f"chat_{content['room']}",
            {"type": "chat.message", "sender": self.user, "body": content["body"]},
        )

    async def chat_message(self, event: dict[str, Any]) -> None:
        if event["sender"] != self.user:
            await self.send_json({"t": "msg", "body": event["body"]})

    async def disconnect(self, code: int) -> None:
        for name in getattr(self, "rooms", ()):
            await self.channel_layer.group_discard(f"chat_{name}", self.channel_name)


application = ProtocolTypeRouter({"websocket": URLRouter([path("ws", ChatConsumer.as_asgi())])})
