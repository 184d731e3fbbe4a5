"""Pages that lie ready are served only while exactly their rows stand where they stood."""

from __future__ import annotations

from collections.abc import Iterator

from guide_app.domain.records import Ref
from hq.ledger.page import PageMaker, Stored
from hq.ledger.port import Head, ScopeKey, Slice
from hq.ledger.ready import Asked, Extent, Ready, ReadyPages

KEY = ScopeKey("00000000-0000-7000-8000-0000000000a1", "s")
WANT = 700


class Feed:
    """A feed in memory; counts how many rows were built."""

    def __init__(self, rows: int) -> None:
        self.rows = {f"m{n}": (n, 1) for n in range(1, rows + 1)}
        self.head, self.built, self.server = rows, 0, "first"

    def change(self, row_id: str) -> None:
        self.head += 1
        self.rows[row_id] = (self.head, self.rows[row_id][1] + 1)

    def after(self, _key: ScopeKey, position: int) -> Iterator[Stored]:
        for row_id, (seq, ver) in sorted(self.rows.items(), key=lambda item: item[1]):
            if seq > position:
                self.built += 1
                yield Stored(seq, Ref("member", row_id), ver, "put", "{}")

    def extent(self, _key: ScopeKey, position: int, last: int) -> Extent:
        return Extent(sum(position < seq <= last for seq, _ in self.rows.values()), self.server)

    def page(self, ready: ReadyPages | None, position: int = 0, want: int = WANT) -> Slice:
        maker = PageMaker(self.after, want, ready, self.extent)
        return maker.slices([KEY], {"s": Head(self.head, 0, 0)}, {"s": position})["s"]


def text(page: Slice) -> bytes:
    return b",".join(page.rows)


def test_a_page_is_built_once_and_is_the_same_bytes() -> None:
    feed, ready = Feed(50), ReadyPages()
    first = feed.page(ready)
    built = feed.built
    again = feed.page(ready)
    assert (text(again), again.more) == (text(first), True)
    assert feed.built == built
    assert text(again) == text(feed.page(None))


def test_a_row_that_moved_makes_its_page_anew() -> None:
    feed, ready = Feed(50), ReadyPages()
    before = text(feed.page(ready))
    feed.change("m3")
    after = text(feed.page(ready))
    assert after != before
    assert after == text(feed.page(None))
    assert b'"m3"' not in after
    feed.change("m49")  # behind the page: it still holds
    built = feed.built
    assert text(feed.page(ready)) == after
    assert feed.built == built


def test_another_server_and_another_question_have_pages_of_their_own() -> None:
    feed, ready = Feed(50), ReadyPages()
    feed.page(ready)
    for position, want in ((5, WANT), (0, 300)):
        built = feed.built
        assert text(feed.page(ready, position, want))
        assert feed.built > built
    feed.server, built = "restored", feed.built
    feed.page(ready)
    assert feed.built > built


def test_the_last_page_is_never_kept_for_more_may_come_behind_it() -> None:
    feed, ready = Feed(3), ReadyPages()
    assert not feed.page(ready).more
    feed.rows["m4"], feed.head = (4, 1), 4
    assert b'"m4"' in text(feed.page(ready))


def test_what_was_not_used_for_longest_goes_first() -> None:
    ready = ReadyPages(most_bytes=25)
    asked = [Asked(KEY, n, WANT, True) for n in range(3)]
    for one in asked[:2]:
        ready.keep(one, Ready(b"x" * 10, 9, Extent(1, "")))
    assert ready.find(asked[0])
    ready.keep(asked[2], Ready(b"y" * 10, 9, Extent(1, "")))
    assert [ready.find(one) is not None for one in asked] == [True, False, True]
    ready.keep(asked[2], Ready(b"z" * 20, 9, Extent(1, "")))
    assert ready.find(asked[0]) is None
