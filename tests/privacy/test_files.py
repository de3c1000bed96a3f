"""Files on the disk: sealed, whole, and tied to the row they belong to."""

import io
import os
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from privacy.errors import SealBroken
from privacy.files import CHUNK_BYTES, SealedFileStore
from privacy.models import SubjectKey
from privacy.wrapping import wrap

ROW = uuid4()
SEALED_CHUNK = 12 + CHUNK_BYTES + 16


@pytest.fixture
def key():
    return SubjectKey(subject_id=uuid4(), secret=wrap(os.urandom(32)))


@pytest.fixture
def store(tmp_path):
    return SealedFileStore(tmp_path)


class Trickle(io.BytesIO):
    """Gives one byte less than it is asked for, as sockets do."""

    def read(self, size=-1, /):
        return super().read(max(1, size - 1))


def content(store, name, key, row=ROW):
    return b"".join(store.open(name, key=key, row_id=row))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(
    head=st.binary(max_size=50),
    size=st.sampled_from([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7]),
    stream=st.sampled_from([io.BytesIO, Trickle]),
)
def test_what_goes_in_comes_out(store, key, head, size, stream):
    data = (head + os.urandom(size))[: max(size, len(head))]
    name, written, digest = store.seal(stream(data), key=key, row_id=ROW)
    assert content(store, name, key) == data
    assert written == len(data)
    assert digest == store.seal(io.BytesIO(data), key=key, row_id=ROW)[2]
    assert len(digest) == 64


def test_the_disk_shows_neither_content_nor_name(store, key):
    store.seal(io.BytesIO("Rodné číslo Jany Novákové".encode() * 5000), key=key, row_id=ROW)
    (path,) = [path for path in store.root.rglob("*") if path.is_file()]
    assert b"Nov" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert path.suffix == ""


def test_the_digest_differs_from_person_to_person(store, key):
    other = SubjectKey(subject_id=uuid4(), secret=wrap(os.urandom(32)))
    assert (
        store.seal(io.BytesIO(b"same"), key=key, row_id=ROW)[2]
        != store.seal(io.BytesIO(b"same"), key=other, row_id=ROW)[2]
    )


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[:-1],
        lambda data: data[: 4 + SEALED_CHUNK],  # cut at the border of a chunk
        lambda data: data[:4],
        lambda data: b"",
        lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
        lambda data: data[:4] + data[4 + SEALED_CHUNK :],  # the first chunk dropped
        lambda data: (
            data[:4]
            + data[4 + SEALED_CHUNK : 4 + 2 * SEALED_CHUNK]
            + data[4 : 4 + SEALED_CHUNK]
            + data[4 + 2 * SEALED_CHUNK :]
        ),
        lambda data: data + data[4:],
        lambda data: b"XX" + data[2:],
    ],
)
def test_a_harmed_file_is_refused(store, key, harm):
    name, _size, _digest = store.seal(io.BytesIO(os.urandom(2 * CHUNK_BYTES + 5)), key=key, row_id=ROW)
    path = store.root / name
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(SealBroken):
        content(store, name, key)


def test_a_file_is_read_by_its_own_row_and_key_only(store, key):
    name, _size, _digest = store.seal(io.BytesIO(b"private"), key=key, row_id=ROW)
    with pytest.raises(SealBroken):
        content(store, name, key, row=uuid4())
    with pytest.raises(SealBroken):
        content(store, name, SubjectKey(secret=wrap(os.urandom(32))))


def test_a_failed_upload_leaves_nothing_behind(store, key):
    class Broken(io.BytesIO):
        def read(self, size=-1, /):
            raise OSError("connection lost")

    with pytest.raises(OSError, match="lost"):
        store.seal(Broken(), key=key, row_id=ROW)
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_deleting_is_final_and_may_be_repeated(store, key):
    name, _size, _digest = store.seal(io.BytesIO(b"x"), key=key, row_id=ROW)
    assert list(store.names()) == [name]
    store.delete(name)
    store.delete(name)
    assert list(store.names()) == []
    with pytest.raises(FileNotFoundError):
        store.open(name, key=key, row_id=ROW)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "ab/../x", "", "ab/" + "g" * 38])
def test_a_made_up_name_opens_nothing(store, key, name):
    with pytest.raises(ValueError, match="Not the name"):
        store.open(name, key=key, row_id=ROW)
    with pytest.raises(ValueError, match="Not the name"):
        store.delete(name)
