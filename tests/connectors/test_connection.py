"""The connection to HubSpot over a real socket: what a server may do between two answers."""

from __future__ import annotations

import socket
import threading

import pytest

from connectors.hubspot.connection import NO_ANSWER, Connection
from connectors.loopback import bind, url_of
from connectors.settings import Timeouts


def serve(listening: socket.socket, answers: list[bytes]) -> None:
    """Give one answer a connection and hang up without a word."""
    for answer in answers:
        line, _ = listening.accept()
        with line:
            line.recv(65_536)
            line.sendall(answer)


@pytest.fixture
def served():
    """A function that serves these answers and returns a connection."""
    listening = bind()
    listening.listen()

    def start(*answers: bytes) -> Connection:
        thread = threading.Thread(target=serve, args=[listening, list(answers)], daemon=True)
        thread.start()
        threads.append(thread)
        return Connection(url_of(listening), Timeouts(connect=5, read=5))

    threads: list[threading.Thread] = []
    yield start
    for thread in threads:
        thread.join(5)
    listening.close()


def whole(body: bytes) -> bytes:
    """An answer that says nothing of an end of the connection; headers in lower case."""
    return b"HTTP/1.1 200 OK\r\nx-hubspot-ratelimit-max: 190\r\ncontent-length: %d\r\n\r\n%b" % (
        len(body),
        body,
    )


def test_a_connection_closed_while_idle_is_opened_anew_without_a_failed_attempt(served):
    connection = served(whole(b"one"), whole(b"two"))
    status, headers, body = connection.send("GET", "/x", None, {})
    assert (status, body) == (200, b"one")
    assert headers.get("X-HubSpot-RateLimit-Max") == "190"
    threading.Event().wait(0.1)  # the goodbye travels
    assert connection.send("GET", "/x", None, {})[2] == b"two"


def test_a_cut_answer_is_an_error_and_the_next_one_is_not_mixed_with_it(served):
    connection = served(whole(b"0123456789")[:-4], whole(b"two"))
    with pytest.raises(NO_ANSWER):
        connection.send("POST", "/x", b"{}", {})
    assert connection.send("POST", "/x", b"{}", {})[2] == b"two"
