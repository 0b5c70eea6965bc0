"""The files of a production installation speak of the product as it is."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.urls import reverse

ROOT = Path(__file__).parent.parent.parent
NGINX = (ROOT / "ops" / "nginx.conf").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
UPLOADS = [
    reverse("chat:add", args=["conv_1", "photo"]),
    reverse("chat:set-picture", args=["conv_1"]),
    reverse("chat:stickers"),
    reverse("accounts:avatar"),
    reverse("accounts:cover"),
    "/api/v1/media/",
]


def upload_addresses():
    return re.search(r"location ~ (\^/\(\?:api.*) \{", NGINX)[1]


@pytest.mark.parametrize("address", UPLOADS)
def test_nginx_lets_large_files_through_where_people_upload(address):
    assert re.search(upload_addresses(), address)


@pytest.mark.parametrize(
    "address", ["/", "/accounts/login/", "/chats/conv_1/", "/api/v1/search/messages/"]
)
def test_nginx_takes_small_bodies_everywhere_else(address):
    assert not re.search(upload_addresses(), address)


def test_nginx_takes_no_less_than_the_application():
    limits = [int(m) * 1024 * 1024 for m in re.findall(r"client_max_body_size (\d+)m;", NGINX)]
    ours = max(settings.UPLOAD_FILE_MAX, settings.UPLOAD_VIDEO_MAX, settings.AVATAR_UPLOAD_MAX)
    assert max(limits) > ours
    assert min(limits) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_nginx_hands_out_private_files_only_on_the_applications_word():
    block = re.search(r"location /_protected/ \{(.*?)\}", NGINX, re.DOTALL)[1]
    assert "internal;" in block
    assert COMPOSE["web"]["environment"]["SUPERAPP_MEDIA_ACCEL"] == "/_protected/"


def test_every_queue_has_its_worker_and_the_beat_is_alone():
    commands = [" ".join(service.get("command", [])) for service in COMPOSE.values()]
    assert [sum(f"-Q {queue} " in c for c in commands) for queue in ("celery", "deliveries")] == [
        1,
        1,
    ]
    assert sum(" beat " in command for command in commands) == 1
    assert [c for c in commands if " -B" in c] == []


def test_sockets_are_served_alike_in_development_and_in_production():
    from ops import supervisor

    ours = supervisor.WEB.split()
    theirs = COMPOSE["live"]["command"]
    for flag in ("--ws", "--ws-per-message-deflate", "--ws-max-size", "--lifespan"):
        assert ours[ours.index(flag) + 1] == theirs[theirs.index(flag) + 1]


def test_only_nginx_has_a_door_outside():
    assert [name for name, service in COMPOSE.items() if "ports" in service] == ["nginx"]


def test_the_images_python_is_one_the_product_runs_on():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    images = re.findall(r"FROM python:3\.(\d+)", (ROOT / "Dockerfile").read_text())
    assert {int(minor) >= int(wanted.removeprefix(">=3.")) for minor in images} == {True}
