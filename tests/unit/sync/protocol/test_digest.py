import pytest

from sync.protocol import digest
from sync.protocol.errors import EnvelopeInvalid

ROWS = [("member", f"id-{i}", i + 1) for i in range(600)]


def test_sums_kept_up_equal_sums_made_new() -> None:
    kept = digest.ScopeSums()
    total = 0
    for entity, row_id, ver in ROWS:
        kept.move(entity, row_id, None, 1)
        kept.move(entity, row_id, 1, ver)
        total = digest.moved(total, entity, row_id, None, ver)
    made = digest.ScopeSums(ROWS)
    assert kept.texts() == made.texts()
    assert kept.digest == made.digest == digest.to_hex(total)
    for entity, row_id, ver in ROWS:
        kept.move(entity, row_id, ver, None)
    assert kept.digest == "0" * 16


def test_a_difference_is_found_in_its_bucket() -> None:
    mine, theirs = digest.ScopeSums(ROWS), digest.ScopeSums(ROWS)
    theirs.move("member", "id-5", 6, 7)
    assert mine.differing(theirs.texts()) == [digest.bucket("member", "id-5")]
    assert mine.differing(mine.texts()) == []


@pytest.mark.parametrize("texts", [[], ["0" * 16] * 255, ["0" * 15] * 256, ["G" * 16] * 256])
def test_what_is_no_list_of_sums_is_refused(texts: list[str]) -> None:
    with pytest.raises(EnvelopeInvalid):
        digest.ScopeSums().differing(texts)


def test_sums_travel_as_hex() -> None:
    assert digest.to_hex(2**64 + 255) == "00000000000000ff"
    assert digest.from_hex("00000000000000ff") == 255
