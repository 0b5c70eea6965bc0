"""A merchant's server on this machine: it takes pushes and answers as it is told."""

import asyncio
import http.server
import queue
import threading
import time
from concurrent.futures import Future
from urllib.parse import parse_qsl, urlsplit

from accounts import queries
from accounts.courier import Courier
from superapp.kernel import wechat

TOKEN = "tea2go"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(200, self.server.bot.echo(self.query()))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(*self.server.bot.take(self.path, self.query(), dict(self.headers), body))

    def query(self):
        return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))

    def answer(self, status, body):
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", body)
            body = ""
        data = body.encode() if isinstance(body, str) else body
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """The other side gave up waiting: that is what some tests are about."""


class Bot:
    """`heard`: (path, query, headers, body) of each push. `says(found)` gives the status and the
    body of the answer to what was pushed."""

    def __init__(self, token=TOKEN):
        self.token, self.heard, self.asked = token, [], []
        self.says = lambda found: (200, "success")
        self.delays = []
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.daemon_threads = True
        self.server.bot = self
        self.url = f"http://127.0.0.1:{self.server.server_port}/wx?shop=1"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def echo(self, query):
        self.asked.append(query)
        parts = (self.token, query["timestamp"], query["nonce"])
        is_ours = wechat.signature(*parts) == query["signature"]
        return query["echostr"] if is_ours else "no"

    def take(self, path, query, headers, body):
        self.heard.append((path, query, headers, body))
        if self.delays:
            time.sleep(self.delays.pop(0))
        return self.says(wechat.read_xml(body))

    def pushes(self):
        return [wechat.read_xml(body) for _path, _query, _headers, body in self.heard]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def text(found, content):
    """A text to whoever was pushed about."""
    return wechat.xml_of(
        [
            ("ToUserName", found["FromUserName"]),
            ("FromUserName", found["ToUserName"]),
            ("CreateTime", 1),
            ("MsgType", "text"),
            ("Content", content),
        ]
    )


class _Here(Courier):
    """The errands to the database are done by whoever called `carry`, whose connection alone sees
    a test's transaction."""

    def __init__(self):
        super().__init__()
        self.errands = queue.SimpleQueue()

    async def _ask(self, pool, errand, *given):
        done = Future()
        self.errands.put((done, errand, given))
        return await asyncio.wrap_future(done)


def carry():
    """Send what waits, until nothing does."""
    courier = _Here()
    courier.want(queries.waiting_for_programs())
    walk = threading.Thread(target=lambda: asyncio.run(courier.run_until_idle()))
    walk.start()
    while walk.is_alive() or not courier.errands.empty():
        try:
            done, errand, given = courier.errands.get(timeout=0.02)
        except queue.Empty:
            continue
        try:
            done.set_result(errand(*given))
        except Exception as error:
            done.set_exception(error)
    walk.join()
    courier.close()
