"""Which names the server answers to, and what it tells the browser to load."""

import asyncio

import pytest
from starlette.responses import PlainTextResponse

from ui.guard import Guard, answered, known_names


def ask(host, kind="http"):
    """(status, headers) of an answer to a request under this Host header."""
    sent = []

    async def send(message):
        sent.append(message)

    async def page(scope, receive, send):
        await PlainTextResponse("the page")(scope, receive, send)

    scope = {"type": kind, "method": "GET", "path": "/", "headers": [(b"host", host.encode())], "extensions": {}}
    asyncio.run(Guard(page)(scope, None, send))
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


@pytest.mark.parametrize(
    "host", ["localhost:8501", "LOCALHOST", "127.0.0.1:8501", "[::1]:8501", "192.168.1.20:8501", "localhost."]
)
def test_this_computers_names_and_all_addresses_are_answered(host):
    status, headers = ask(host)
    assert status == 200 and "frame-ancestors 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    "host", ["evil.example:8501", "localhost.evil.example", "", "127.0.0.1.evil.example", "evil.example#localhost"]
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_foreign_name_is_refused(host, kind):
    assert ask(host, kind)[0] == 400


def test_a_class_server_s_names_are_in_one_variable(monkeypatch):
    monkeypatch.setenv("DIGITLAB_HOSTS", "lab.school.org, *.uni.example")
    names = known_names()
    assert answered("LAB.school.org:8501", names) and answered("a.b.uni.example", names)
    assert not answered("school.org", names) and not answered("uni.example", names)
