"""The list model ends where it is told, by steps that Qt's own checker accepts, and never by a reset."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from ui.models.keyed import KeyedListModel, Row


class Person(Row, frozen=True):
    name: str


people = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), unique_by=lambda pair: pair[0], max_size=12).map(
    lambda pairs: [Person(key=str(key), name=f"n{name}") for key, name in pairs]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=people, after=people)
def test_any_list_becomes_any_other_without_a_reset(qapp: object, before: list[Person], after: list[Person]) -> None:
    model = KeyedListModel(Person)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    resets: list[bool] = []
    model.modelAboutToBeReset.connect(lambda: resets.append(True))
    model.update(before)
    held = {row.key: QPersistentModelIndex(model.index(n)) for n, row in enumerate(before)}
    model.update(after)
    role = {bytes(name).decode(): number for number, name in model.roleNames().items()}
    shown = [tuple(model.data(model.index(n), role[name]) for name in ("key", "name")) for n in range(model.rowCount())]
    assert shown == [(row.key, row.name) for row in after]
    assert not resets
    for key, index in held.items():
        stays = [n for n, row in enumerate(after) if row.key == key]
        assert (index.row() if index.isValid() else None) == (stays[0] if stays else None)
    assert tester.model() is model


def test_only_what_differs_is_told(qapp: object) -> None:
    model = KeyedListModel(Person)
    model.update([Person(key=str(n), name="a") for n in range(5)])
    told: list[int] = []
    model.dataChanged.connect(lambda first, last, roles: told.extend(range(first.row(), last.row() + 1)))
    model.update([Person(key=str(n), name="b" if n == 3 else "a") for n in range(5)])
    assert told == [3]
