"""What holds of material whatever its audience, its validity, the clock and the people are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import materials
from guide_app.domain.clock import to_text
from guide_app.domain.errors import Refused
from guide_app.domain.materials import DEEDS, STATES, Actor, Deed, Moment, Reach, State, Target
from guide_app.domain.records import Material, MaterialFile, Names

START = datetime(2026, 11, 1, tzinfo=UTC)
BLANK = Material(material="0" * 8 + "-0000-7000-8000-" + "0" * 12, version=1, kind="text", title=Names(en="A", zh="甲"))
change = msgspec.structs.replace
moments = st.integers(0, 400).map(lambda hours: to_text(START + timedelta(hours=hours)))
regions = st.sampled_from("ENSW")
stores = st.sampled_from([*"0123456789"])
chains = st.dictionaries(stores, regions)
franchises = st.sampled_from("xyz")
run_by = st.dictionaries(stores, franchises)
reaches = st.builds(
    Reach, regions=st.lists(regions).map(tuple), stores=st.lists(stores).map(tuple),
    franchises=st.lists(franchises).map(tuple),
)  # fmt: skip
hashes = st.integers(0, 9).map(lambda n: f"{n:064x}")
files = st.builds(
    MaterialFile, sha256=hashes, bytes=st.integers(1, 9), type=st.just("image/webp"), role=st.just("page")
)


@given(reaches, chains, run_by)
def test_each_shop_of_the_audience_has_it_once_and_no_other_has_it(
    reach: Reach, chain: dict[str, str], run: dict[str, str]
) -> None:
    feeds, shops = materials.targets(reach, chain, run), materials.shops(reach, chain, run)
    for store, region in chain.items():
        entitled = {Target("chain", ""), Target("region", region), Target("store", store)}
        everybody = not (reach.regions or reach.stores or reach.franchises)
        named = region in reach.regions or store in reach.stores or run.get(store) in reach.franchises
        assert len(feeds & entitled) == (everybody or named) == (store in shops)


@given(reaches, chains, run_by)
def test_an_audience_that_names_somebody_never_reaches_everybody(
    reach: Reach, chain: dict[str, str], run: dict[str, str]
) -> None:
    """Also where every shop that it names is closed by now."""
    named = bool(reach.regions or reach.stores or reach.franchises)
    assert (Target("chain", "") in materials.targets(reach, chain, run)) != named


@given(st.tuples(moments, moments), moments, st.lists(moments, min_size=1))
def test_what_was_over_once_stays_over_wherever_the_clock_goes(
    validity: tuple[str, str], heard: str, later: list[str]
) -> None:
    said = change(BLANK, valid_from=min(validity), valid_until=max(validity))
    for now in later:
        shown = materials.why_not(said, "guide", Moment(now, heard)) == ""
        assert shown == (said.valid_from <= now and max(now, heard) < said.valid_until)


@given(moments, st.sampled_from(["guide", "manager"]), st.tuples(moments, moments))
def test_what_is_withdrawn_is_never_shown_and_names_no_file(now: str, role: str, validity: tuple[str, str]) -> None:
    page = MaterialFile(sha256="a" * 64, bytes=1, type="image/webp", role="page", page=1)
    said = change(BLANK, valid_from=min(validity), valid_until=max(validity), files=(page,), signature="s", key="k")
    gone = materials.withdrawn(said, now)
    assert materials.why_not(gone, role, Moment(now)) == "withdrawn"
    assert (gone.files, gone.signature, gone.title) == ((), "", said.title)


@given(
    st.lists(st.tuples(st.sampled_from(DEEDS), st.sampled_from("abc"), st.booleans(), st.booleans()), max_size=30),
)
def test_in_no_history_does_anybody_publish_what_they_wrote(history: list[tuple[Deed, str, bool, bool]]) -> None:
    state: State = "draft"
    wrote: set[str] = {"a"}
    for deed, name, may_write, may_publish in history:
        try:
            new = materials.after(state, deed, Actor(name, may_write, may_publish), wrote=wrote, reviewed=True)
        except Refused:
            continue
        assert new in STATES
        assert may_publish or deed in ("edit", "submit")
        if new == "published":
            assert (state, name in wrote) == ("in_review", False)
        if deed == "edit":
            wrote.add(name)
        assert state not in ("replaced", "withdrawn")
        state = new


@given(st.lists(files))
def test_the_signed_text_is_one_whatever_the_order_and_another_for_other_files(
    some: list[MaterialFile],
) -> None:
    shuffled = sorted(some, key=lambda file: (file.bytes, file.sha256))
    text = materials.file_list(BLANK.material, 1, some)
    assert text == materials.file_list(BLANK.material, 1, shuffled)
    assert text != materials.file_list(BLANK.material, 2, some)
    more = MaterialFile(sha256="f" * 64, bytes=1, type="image/webp", role="page")
    assert text != materials.file_list(BLANK.material, 1, [*some, more])
