"""The server as `make run` starts it: whom it answers, and what it leaves behind."""

import http.client
from urllib.parse import urlsplit

import pytest

from bench import browser as launcher

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
    "Sec-WebSocket-Version": "13",
}


def status(server, path, host, headers):
    """The status of an answer to a request under this name, and the headers."""
    at = urlsplit(server.url)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=30)
    try:
        connection.request("GET", path, headers={**headers, "Host": f"{host}:{at.port}", "Origin": f"http://{host}:{at.port}"})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders())
    finally:
        connection.close()


@pytest.mark.parametrize(("path", "headers", "fine"), [("/", {}, 200), ("/_stcore/stream", UPGRADE, 101)])
def test_a_foreign_name_gets_neither_a_page_nor_a_websocket(server, path, headers, fine):
    assert status(server, path, "evil.example", headers)[0] == 400
    assert status(server, path, "localhost", headers)[0] == fine


def test_pages_may_load_nothing_from_elsewhere(server):
    policy = status(server, "/", "localhost", {})[1]["content-security-policy"]
    assert "default-src 'self'" in policy and "https:" not in policy


def test_ended_by_a_signal_it_leaves_no_temporary_file(tmp_path):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    with launcher.dashboard(tmp_path, TMPDIR=str(temporary)):
        assert list(temporary.iterdir())
    assert not list(temporary.iterdir())
