"""A small server on wechatpy, written for the platform; nothing in it knows this product.

It answers at once, and then speaks to the guest of its own accord with the platform's API.
"""

import os
import threading
from urllib.parse import parse_qsl
from wsgiref.simple_server import make_server

from wechatpy import WeChatClient, create_reply, parse_message
from wechatpy.utils import check_signature

TOKEN = os.environ["BOT_TOKEN"]
client = WeChatClient(os.environ["BOT_APPID"], os.environ["BOT_SECRET"])


def app(environ, start_response):
    query = dict(parse_qsl(environ["QUERY_STRING"]))
    check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
    said = query.get("echostr") or answer(environ)
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [said.encode()]


def answer(environ):
    message = parse_message(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    if message.type != "text":
        return "success"
    threading.Thread(target=serve, args=(message.source, message.content)).start()
    return create_reply(f"One {message.content}, coming up.", message).render()


def serve(openid, dish):
    """The kitchen is done: said without being asked, and noted about the guest."""
    client.user.update_remark(openid, "Likes " + dish)
    client.message.send_text(openid, f"Your {dish} is ready.")


make_server("127.0.0.1", int(os.environ["BOT_PORT"]), app).serve_forever()
