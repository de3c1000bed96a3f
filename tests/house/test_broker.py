"""The folder queue delivers every message at least once, whatever happens to the processes that read it."""

import json
import multiprocessing
import os
import signal
import time
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from crm.broker import MAX_TRIES, Spool, register

register()
QUEUE = "celery"


def connect(folder: Path) -> Connection:
    return Connection("filesystem://localhost/", transport_options={"folder": str(folder)})


def publish(folder: Path, numbers: range) -> None:
    with connect(folder) as connection:
        producer = connection.Producer(serializer="json")
        for number in numbers:
            producer.publish({"number": number}, routing_key=QUEUE)


def take(channel, *, no_ack: bool = False):
    message = channel.basic_get(QUEUE, no_ack=no_ack)
    return None if message is None else message.payload["number"], message


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def consume_until_stopped(folder: Path, seen: Path, limit: int | None) -> None:
    """Acknowledge what comes and write it down; with a limit, die in the middle of the message after it."""
    with connect(folder) as connection, seen.open("a", buffering=1) as notes:
        channel = connection.default_channel
        idle_since, count = time.monotonic(), 0
        while time.monotonic() - idle_since < 1.0:
            number, message = take(channel)
            if message is None:
                time.sleep(0.01)
                continue
            if limit is not None and count == limit:
                os.kill(os.getpid(), signal.SIGKILL)
            notes.write(f"{number}\n")
            message.ack()
            idle_since, count = time.monotonic(), count + 1


def start(target, *args):
    process = multiprocessing.get_context("spawn").Process(target=target, args=args)
    process.start()
    return process


def test_messages_come_in_order_and_are_gone_when_acknowledged(tmp_path):
    publish(tmp_path, range(3))
    with connect(tmp_path) as connection:
        taken = [take(connection.default_channel) for _ in range(3)]
        assert [number for number, _message in taken] == [0, 1, 2]
        for _number, message in taken:
            message.ack()
        assert take(connection.default_channel) == (None, None)
    assert [name for name in files(tmp_path) if not name.endswith(".lock")] == []


def test_a_message_that_was_not_acknowledged_returns_when_the_connection_closes(tmp_path):
    publish(tmp_path, range(1))
    with connect(tmp_path) as connection:
        assert take(connection.default_channel)[0] == 0
    with connect(tmp_path) as connection:
        number, message = take(connection.default_channel)
        message.ack()
    assert number == 0


def test_a_rejected_message_returns_only_when_asked_to(tmp_path):
    publish(tmp_path, range(1))
    with connect(tmp_path) as connection:
        channel = connection.default_channel
        take(channel)[1].requeue()
        take(channel)[1].reject()
        assert take(channel) == (None, None)


def test_a_message_taken_without_acknowledgement_is_gone_at_once(tmp_path):
    publish(tmp_path, range(1))
    with connect(tmp_path) as connection:
        assert take(connection.default_channel, no_ack=True)[0] == 0
    with connect(tmp_path) as connection:
        assert take(connection.default_channel) == (None, None)


def test_a_half_written_message_is_never_seen(tmp_path):
    draft = Spool(tmp_path).ready(QUEUE) / ".00000000000000000001-draft.0"
    draft.write_text('{"half": ')
    with connect(tmp_path) as connection:
        assert take(connection.default_channel) == (None, None)
    assert draft.exists()


def test_an_unreadable_message_is_set_aside_and_the_next_one_comes(tmp_path):
    (Spool(tmp_path).ready(QUEUE) / "00000000000000000001-broken.0").write_text('{"half": ')
    publish(tmp_path, range(1))
    with connect(tmp_path) as connection:
        assert take(connection.default_channel)[0] == 0
    assert (tmp_path / "failed" / QUEUE / "00000000000000000001-broken.0").exists()


def test_a_message_whose_process_was_killed_returns(tmp_path):
    publish(tmp_path, range(1))
    process = start(consume_until_stopped, tmp_path, tmp_path / "seen", 0)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    with connect(tmp_path) as connection:
        number, message = take(connection.default_channel)
        message.ack()
    assert number == 0


def test_what_a_living_process_holds_is_left_to_it(tmp_path):
    publish(tmp_path, range(1))
    with connect(tmp_path) as holder:
        take(holder.default_channel)
        assert Spool(tmp_path).reclaim() == 0


def test_a_message_that_kills_its_process_again_and_again_is_set_aside(tmp_path):
    spool = Spool(tmp_path)
    spool.publish(QUEUE, "{}")
    for _ in range(MAX_TRIES):
        claim = spool.claim(QUEUE, spool.waiting(QUEUE)[0], "dead")
        spool.give_back(claim, died=True)
    assert spool.waiting(QUEUE) == []
    assert len(list((tmp_path / "failed" / QUEUE).iterdir())) == 1


def test_a_queue_name_cannot_leave_the_folder(tmp_path):
    for name in ("../elsewhere", "a/b", ".hidden", ""):
        with pytest.raises(ChannelError):
            Spool(tmp_path).publish(name, "{}")


def test_messages_are_readable_by_their_owner_only(tmp_path):
    publish(tmp_path, range(1))
    (message,) = (tmp_path / "ready" / QUEUE).iterdir()
    assert (message.stat().st_mode & 0o777, message.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_an_empty_queue_says_so(tmp_path):
    with connect(tmp_path) as connection, pytest.raises(Empty):
        connection.default_channel._get(QUEUE)


def test_size_and_purge_count_the_waiting(tmp_path):
    publish(tmp_path, range(5))
    with connect(tmp_path) as connection:
        take(connection.default_channel)
        assert connection.default_channel.queue_declare(QUEUE).message_count == 4
        assert connection.default_channel.queue_purge(QUEUE) == 4


def spread(folder: Path, total: int) -> list[int]:
    """Two processes publish while four read, one of which is killed with a message in its hands."""
    folder.mkdir(exist_ok=True)
    seen = folder / "seen"
    halves = (range(total // 2), range(total // 2, total))
    processes = [start(publish, folder / "queue", half) for half in halves]
    readers = [start(consume_until_stopped, folder / "queue", seen, limit) for limit in (None, None, None, 5)]
    for process in processes + readers:
        process.join()
    assert [reader.exitcode for reader in readers] == [0, 0, 0, -signal.SIGKILL]
    consume_until_stopped(folder / "queue", seen, None)
    return [json.loads(line) for line in seen.read_text().splitlines()]


def test_four_processes_lose_no_message_though_one_is_killed(tmp_path):
    assert sorted(set(spread(tmp_path, 400))) == list(range(400))


@pytest.mark.trust
def test_two_thousand_messages_through_four_processes_are_all_there(tmp_path):
    for turn in range(5):
        assert sorted(set(spread(tmp_path / str(turn), 2000))) == list(range(2000))
