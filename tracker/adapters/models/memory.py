"""Remembers the rows of the texts asked for most recently."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)


class RowMemory(Generic[Key]):
    """Rows by key, at most `size` of them; the one unused for longest goes first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._rows: OrderedDict[Key, NDArray[np.float32]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._rows)

    def rows(
        self, keys: Sequence[Key], compute: "Callable[[list[Key]], NDArray[np.float32]]", *, width: int
    ) -> "NDArray[np.float32]":
        """Return one row for each key, shape (len(keys), width); `compute` is asked once for those not remembered."""
        import numpy as np  # noqa: PLC0415 - loaded when first needed

        missing = [key for key in dict.fromkeys(keys) if key not in self._rows]
        known = {key: self._rows[key] for key in keys if key in self._rows}
        if missing:
            known.update(zip(missing, compute(missing), strict=True))
        self._remember(known)
        return np.array([known[key] for key in keys], dtype=np.float32).reshape(len(keys), width)

    def _remember(self, rows: "dict[Key, NDArray[np.float32]]") -> None:
        for key, row in rows.items():
            self._rows[key] = row
            self._rows.move_to_end(key)
        while len(self._rows) > self._size:
            self._rows.popitem(last=False)
