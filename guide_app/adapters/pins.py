"""PINs: argon2id, in a thread, as a hash takes about a tenth of a second on a tablet, on purpose."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argon2

MEMORY_KIB = 64 * 1024
"""RFC 9106's second recommendation: 64 MiB, three passes, four lanes. With two cores that halves a guide's wait."""
PASSES = 3
LANES = 4
_MOST_MEMORY_KIB = 256 * 1024
_MOST_PASSES = 10

log = logging.getLogger(__name__)


class Argon2PinHasher:
    """Makes and checks argon2id PHC strings."""

    def __init__(self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> None:
        """`memory_kib` and `passes` are the cost of new hashes (tests make them cheap)."""
        self._cost = memory_kib, passes

    async def hash(self, pin: str) -> str:
        """The PIN's PHC string, with a salt of its own."""
        return await asyncio.to_thread(lambda: self._hasher().hash(pin))

    async def verify(self, phc: str, pin: str) -> bool:
        """Whether the PIN is the hash's; False for what is no hash, or one that would cost more than a tablet has."""
        return await asyncio.to_thread(self._verify, phc, pin)

    def _hasher(self) -> argon2.PasswordHasher:
        """Imported with the first PIN, not when the app starts."""
        import argon2

        memory_kib, passes = self._cost
        return argon2.PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=LANES)

    def _verify(self, phc: str, pin: str) -> bool:
        import argon2

        try:
            cost = argon2.extract_parameters(phc)
            if cost.type is not argon2.Type.ID or cost.memory_cost > _MOST_MEMORY_KIB or cost.time_cost > _MOST_PASSES:
                raise argon2.exceptions.InvalidHashError
            return self._hasher().verify(phc, pin)
        except argon2.exceptions.VerifyMismatchError:
            return False
        except (argon2.exceptions.InvalidHashError, argon2.exceptions.VerificationError) as error:
            log.warning("a PIN's hash cannot be used: %s", type(error).__name__)
            return False
