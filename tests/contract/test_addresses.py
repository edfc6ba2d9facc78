"""One database for the state and for the hints, whichever way its address is written; what is no address is refused in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from kombu import Connection
from support.servers import RedisServer

from clusterer.adapters.addresses import celery_address
from clusterer.adapters.hints import CeleryHints
from clusterer.connections import broker_url, connect_redis
from clusterer.environment import read_settings
from clusterer.settings import Settings, SettingsError


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One that listens on a port and on a socket, and knows two users besides the default one."""
    socket = tmp_path_factory.mktemp("redis socket") / "a #b.sock"
    with RedisServer({"unixsocket": str(socket)}) as running:
        with running.client() as client:
            client.execute_command("ACL", "SETUSER", "desk", "on", ">p@ss/w:rd", "~*", "&*", "+@all")
        yield running


SOCKET = "unix://{who}{path}"
PORT = "redis://{who}127.0.0.1:{port}"
FORMS = [
    (SOCKET, 0),
    (SOCKET + "?db=2", 2),
    (SOCKET + "?db=15", 15),
    (PORT, 0),
    (PORT + "/", 0),
    (PORT + "/3", 3),
    (PORT + "?db=4", 4),
    (PORT + "/5?socket_timeout=7&protocol=3", 5),
]


@pytest.mark.parametrize(("form", "database"), FORMS)
@pytest.mark.parametrize("who", ["", "desk:p%40ss%2Fw%3Ard@"])
def test_state_and_hints_are_in_the_same_database(server: RedisServer, form: str, database: int, who: str) -> None:
    path = str(server.options["unixsocket"]).replace(" ", "%20").replace("#", "%23")
    url = form.format(who=who, path=path, port=server.port)
    with server.client() as everything:
        everything.flushall()
    settings = Settings(redis_url=url)
    client = connect_redis(url)
    client.set("state", "1")
    CeleryHints(client, broker_url(settings)).articles()
    with Connection(broker_url(settings)) as broker:
        assert broker.SimpleQueue("articles").get(timeout=10).headers["task"] == "clusterer.prepare"
    for number in range(16):
        with redis.Redis(port=server.port, db=number) as there:
            assert bool(there.dbsize()) is (number == database)


def test_two_services_on_one_socket_do_not_see_each_others_hints(server: RedisServer) -> None:
    path = str(server.options["unixsocket"]).replace(" ", "%20").replace("#", "%23")
    first, second = (Settings(redis_url=f"unix://{path}?db={number}") for number in (1, 2))
    for settings in (first, second):
        connect_redis(str(settings.redis_url)).flushall()
    CeleryHints(connect_redis(str(first.redis_url)), broker_url(first)).articles()
    with Connection(broker_url(second)) as other, pytest.raises(other.SimpleQueue("articles").Empty):
        other.SimpleQueue("articles").get(timeout=0.2)
    with Connection(broker_url(first)) as own:
        assert own.SimpleQueue("articles").get(timeout=10)


def test_encryption_is_the_same_for_both() -> None:
    url = "rediss://u:p@cache.example:6380/2?ssl_cert_reqs=required&ssl_ca_certs=%2Fca.pem&client_name=x"
    address = celery_address(url)
    assert address == "rediss://u:p@cache.example:6380/2?ssl_cert_reqs=required&ssl_ca_certs=%2Fca.pem"
    assert celery_address("redis://[::1]:7/1") == "redis://[::1]:7/1"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("redis://host:port/0", "Port"),
        ("redis://host/articles", "number of a database"),
        ("redis://host/0?db=x", "db"),
        ("redis://host/0?colour=red", "unknown option 'colour'"),
        ("redis://host/-1", "number of a database"),
        ("redis://one..two/0", "host"),
        (f"redis://{'long' * 20}/0", "host"),
        ("redis://host/0?protocol=9", "protocol"),
        ("rediss://host/0?ssl_cert_reqs=perhaps", "perhaps"),
    ],
)
def test_an_address_that_cannot_be_read_is_refused_before_it_is_used(url: str, said: str) -> None:
    with pytest.raises(SettingsError, match=f"CLUSTERER_REDIS_URL: .*{said}"):
        connect_redis(url)


@pytest.mark.parametrize("variable", ["CLUSTERER_REDIS_URL", "CLUSTERER_BROKER_URL"])
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("valkey://:secret@host:6379/0", "write redis:// instead"),
        ("valkeys://:secret@host:6379/0", "write rediss:// instead"),
        (
            "sentinel://:secret@one:26379;sentinel://two:26379",
            "Sentinel is not supported: give the primary's own address",
        ),
        ("redis+sentinel://:secret@host:26379/0", "Sentinel is not supported"),
        ("redis+cluster://:secret@host:6379", "Redis Cluster is not supported"),
        ("amqp://guest:secret@host//", "amqp:// is not supported: write redis://"),
        ("sqs://key:secret@", "sqs:// is not supported: write redis://"),
        ("host:6379/secret", "write redis://, rediss:// or unix://|write redis://, rediss://, unix:// or redis"),
        ("secret://", "write redis://"),
    ],
)
def test_what_is_no_redis_is_refused_in_a_sentence(
    variable: str, url: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(variable, url)
    with pytest.raises(SettingsError, match=said) as refused:
        read_settings()
    assert str(refused.value).startswith(f"{variable}: ")
    assert "pattern" not in str(refused.value)
    assert "guest" not in str(refused.value)
