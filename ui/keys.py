"""Keys of deeds that a person may try again: the same deed has the same key until it has succeeded."""

from collections.abc import Callable, Hashable
from uuid import UUID, uuid4


class Keys:
    """After a lost answer nobody knows whether a deed was done; sent again with its key it is not done twice."""

    def __init__(self, new_key: Callable[[], UUID] = uuid4) -> None:
        self._new_key = new_key
        self._keys: dict[Hashable, UUID] = {}

    def of(self, deed: Hashable) -> UUID:
        """The deed's key, born with its first try."""
        if deed not in self._keys:
            self._keys[deed] = self._new_key()
        return self._keys[deed]

    def done(self, deed: Hashable) -> None:
        """The deed has succeeded: the same again is another one."""
        self._keys.pop(deed, None)
