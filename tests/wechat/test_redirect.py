"""Clients that were written for the platform's hosts are led here from below: sdk/."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

SDK = Path(__file__).parent.parent.parent / "sdk"
TOKEN = "https://api.weixin.qq.com/cgi-bin/token?appid=wx1&secret=%E4%B8%AD"
PYTHON = f"""
import requests
print(requests.get("{TOKEN}").json()["path"])
answer = requests.post("https://file.api.weixin.qq.com/cgi-bin/media/upload", data=b"\\xff\\x00")
print(answer.json()["body"], answer.json()["host"])
print(requests.get("http://mp.weixin.qq.com?x=1").json()["path"])
"""
NODE = f"""
const https = require("node:https");
const told = (url, options, body) => new Promise((done) => {{
  const asked = https.request(url, options, (answer) => {{
    let said = "";
    answer.on("data", (part) => {{ said += part; }});
    answer.on("end", () => done(JSON.parse(said)));
  }});
  asked.end(body);
}});
(async () => {{
  console.log((await told("{TOKEN}", {{}})).path);
  const posted = {{ host: "file.api.weixin.qq.com", path: "/cgi-bin/media/upload", method: "POST" }};
  const upload = await told(posted, undefined, Buffer.from([255, 0]));
  console.log(upload.body, upload.host);
  console.log((await (await fetch("https://mp.weixin.qq.com/?x=1")).json()).path);
}})();
"""


class Telling(BaseHTTPRequestHandler):
    """Says what it was asked."""

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        said = {"path": self.path, "body": body.hex(), "host": self.headers["Host"]}
        answer = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_POST(self):
        self.do_GET()

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Telling)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def lines_of(command, **environment):
    done = subprocess.run(
        command,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def expected(host, base=""):
    return [
        f"{base}/cgi-bin/token?appid=wx1&secret=%E4%B8%AD",
        f"ff00 {host}",
        f"{base}/?x=1",
    ]


@pytest.mark.parametrize("base", ["", "/under/here"])
def test_a_python_program_asks_here(server, base):
    path = os.pathsep.join(
        filter(None, [str(SDK), str(SDK / "site"), os.environ.get("PYTHONPATH")])
    )
    settings = {"WX_BASE_URL": f"http://{server}{base}", "PYTHONPATH": path}
    assert lines_of([sys.executable, "-c", PYTHON], **settings) == expected(server, base)


@pytest.mark.parametrize("base", ["", "/under/here"])
def test_a_node_program_asks_here(server, base):
    node = compute_driver_executable()[0]
    settings = {
        "WX_BASE_URL": f"http://{server}{base}",
        "NODE_OPTIONS": f"--require {SDK / 'wxredirect.cjs'}",
    }
    assert lines_of([node, "-e", NODE], **settings) == expected(server, base)


def test_other_hosts_are_left_alone(server):
    path = os.pathsep.join(filter(None, [str(SDK), os.environ.get("PYTHONPATH")]))
    said = f"""
import requests, wxredirect
wxredirect.install("http://nowhere.invalid")
wxredirect.install("http://127.0.0.1:1")
print(requests.get("http://{server}/cgi-bin/token").json()["path"])
print(wxredirect.moved("https://api.weixin.qq.com.evil.org/x", "http://127.0.0.1:1"))
"""
    assert lines_of([sys.executable, "-c", said], PYTHONPATH=path) == [
        "/cgi-bin/token",
        "https://api.weixin.qq.com.evil.org/x",
    ]
