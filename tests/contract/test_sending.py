"""Many commands in one round trip: every reply answers its own command, whatever became of the others."""

from __future__ import annotations

import pytest
import redis
from redis.exceptions import ResponseError

from clusterer.adapters.redis_store.sending import send, send_all
from clusterer.connections import connect_redis


def test_replies_come_in_the_order_of_the_commands_and_as_one_command_gets_them(redis_client: redis.Redis) -> None:
    commands = [("RPUSH", "row", "a", 1, 2.5), ("LRANGE", "row", 0, -1), ("HSET", "h", "f", b"\x00v"), ("HGETALL", "h")]
    assert send_all(redis_client, commands) == [3, [b"a", b"1", b"2.5"], 1, {b"f": b"\x00v"}]
    assert send_all(redis_client, [("HGETALL", "h")]) == [send(redis_client, "HGETALL", "h")]
    assert send_all(redis_client, iter([])) == []


def test_where_one_is_refused_the_others_ran_and_the_connection_goes_on(redis_client: redis.Redis) -> None:
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        send_all(redis_client, [("SET", "x", "1"), ("LPUSH", "x", "y"), ("LPUSH", "x", "z"), ("SET", "w", "2")])
    assert send_all(redis_client, [("GET", "x"), ("GET", "w")]) == [b"1", b"2"]


def test_a_connection_that_broke_is_opened_again(redis_client: redis.Redis, redis_server: str) -> None:
    reading = connect_redis(redis_server)
    assert send_all(reading, [("SET", "x", "1"), ("GET", "x")]) == [True, b"1"]
    for other in redis_client.client_list():
        if other["id"] != str(redis_client.client_id()):
            redis_client.client_kill_filter(_id=other["id"])
    assert send_all(reading, [("GET", "x"), ("STRLEN", "x")]) == [b"1", 1]


def test_a_reply_that_cannot_be_read_answers_no_later_command(redis_client: redis.Redis) -> None:
    redis_client.set_response_callback("STRLEN", lambda reply: 1 // 0)
    redis_client.set("x", "abc")
    with pytest.raises(ZeroDivisionError):
        send_all(redis_client, [("STRLEN", "x"), ("GET", "x")])
    assert send_all(redis_client, [("INCR", "n"), ("INCR", "n")]) == [1, 2]
