"""Buffers that live at the same time never share memory."""

from hypothesis import given
from hypothesis import strategies as st

from eproxy_engine.native.memory import ALIGNED, KEPT_BYTES, Buffer, borrowed, place

LIVES = st.tuples(st.integers(1, 500), st.integers(0, 20), st.integers(0, 8))


@given(st.lists(LIVES, max_size=25))
def test_buffers_share_memory_only_one_after_the_other(lives: list[tuple[int, int, int]]) -> None:
    buffers = [Buffer(size, first, first + more) for size, first, more in lives]
    total = place(buffers)
    for buffer in buffers:
        assert buffer.offset % ALIGNED == 0
        assert buffer.offset + buffer.bytes <= total
    for number, one in enumerate(buffers):
        for other in buffers[:number]:
            apart = one.offset + one.bytes <= other.offset or other.offset + other.bytes <= one.offset
            assert apart or one.last < other.first or other.last < one.first


def test_memory_is_used_again() -> None:
    in_turn = [Buffer(64, step, step + 1) for step in range(100)]
    assert place(in_turn) == 3 * 64 or place(in_turn) == 2 * 64


def test_borrowed_memory_is_that_of_one_borrower_alone() -> None:
    with borrowed(1000) as one, borrowed(1000) as other:
        assert one.nbytes == other.nbytes == 1000
        one[:], other[:] = 1, 2
        assert (one == 1).all()
        assert one.ctypes.data % ALIGNED == 0
    with borrowed(500) as again:
        assert again.ctypes.data in (one.ctypes.data, other.ctypes.data)
    assert KEPT_BYTES > 1000
