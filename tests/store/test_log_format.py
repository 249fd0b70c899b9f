"""Whatever happens to a file of the change log, only records that were written are read from it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from localapp.store.log_format import HEADER_SIZE, End, ForeignHeaderError, Format, Kind, Reading, Record

KEY = bytes(range(32))
BODIES = [b"", b"a", b"first change" * 20, bytes(300), b"last"]
WRITTEN = [Record(place + 1, Kind.CHANGE, body) for place, body in enumerate(BODIES)]


def _file(records: list[Record]) -> bytes:
    written = Format.new(KEY, 1, "0001")
    data = written.header
    for record in records:
        data += written.seal(record, len(data))
    return data


FILE = _file(WRITTEN)


def _read(data: bytes, key: bytes = KEY) -> Reading | None:
    try:
        return Format.of(data, key).read(data)
    except ForeignHeaderError:
        return None


def test_what_was_written_is_read() -> None:
    found = _read(FILE)
    assert found is not None
    assert (found.records, found.unreadable, found.end) == (WRITTEN, [], End.WHOLE)
    assert (found.first, found.schema) == (1, "0001")


def test_another_key_reads_nothing() -> None:
    assert _read(FILE, bytes(32)) is None


def test_nothing_that_was_written_can_be_read_without_the_key() -> None:
    assert b"first change" not in FILE


@given(length=st.integers(0, len(FILE)))
def test_a_file_cut_anywhere_yields_its_beginning_and_says_where_it_is_torn(length: int) -> None:
    found = _read(FILE[:length])
    if found is None:
        assert length < HEADER_SIZE
        return
    assert found.records == WRITTEN[: len(found.records)]
    assert len(_file(found.records)) <= length
    whole = len(_file(found.records)) == length
    assert found.end is (End.WHOLE if whole else End.TORN)


@given(position=st.integers(0, len(FILE) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_loses_the_record_that_it_is_in_and_alters_none(position: int, bit: int) -> None:
    data = bytearray(FILE)
    data[position] ^= 1 << bit
    found = _read(bytes(data))
    if found is None:
        assert position < HEADER_SIZE
        return
    assert found.end is End.DAMAGED
    assert [record for record in found.records if record not in WRITTEN] == []
    before = [record for place, record in enumerate(WRITTEN) if len(_file(WRITTEN[: place + 1])) <= position]
    assert found.records[: len(before)] == before


@settings(max_examples=200)
@given(data=st.binary(max_size=400), place=st.integers(HEADER_SIZE, len(FILE)))
def test_garbage_is_never_taken_for_a_record(data: bytes, place: int) -> None:
    found = _read(FILE[:place] + data)
    assert found is not None
    assert found.records == WRITTEN[: len(found.records)]


def test_room_that_was_never_written_is_a_torn_end() -> None:
    found = _read(FILE + bytes(5000))
    assert found is not None
    assert (found.records, found.end) == (WRITTEN, End.TORN)


def test_a_record_in_another_place_or_another_file_does_not_open() -> None:
    swapped = Format.new(KEY, 1, "0001")
    record = swapped.seal(WRITTEN[1], len(swapped.header) + 1)
    found = _read(swapped.header + record)
    assert found is not None
    assert (found.records, found.unreadable) == ([], [2])
    other = Format.new(KEY, 1, "0001").seal(WRITTEN[1], HEADER_SIZE)
    found = _read(swapped.header + other)
    assert found is not None
    assert found.records == []
