from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models.expressions import BaseExpression, Combinable
from django.utils.functional import _StrOrPromise

_F = TypeVar("_F", bound=Callable[..., Any])

def display(
    function: Callable[..., Any] | None = ...,
    *,
    boolean: bool | None = ...,
    image: bool | None = ...,
    ordering: str | Combinable | BaseExpression | None = ...,
    description: _StrOrPromise | None = ...,
    empty_value: str | None = ...,
    dropdown: bool | None = ...,
    label: bool | str | dict[str, str] | None = ...,
    header: bool | None = ...,
) -> Callable[[_F], _F]: ...
def action(
    function: Callable[..., Any] | None = ...,
    *,
    permissions: Sequence[str] | None = ...,
    description: _StrOrPromise | None = ...,
    url_path: str | None = ...,
    attrs: dict[str, Any] | None = ...,
    icon: str | None = ...,
) -> Callable[[_F], _F]: ...
