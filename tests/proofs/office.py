"""Makes shops in a running HQ's database on request, in a process of its own: a line of JSON in, a line of JSON out.

`python -m tests.proofs.office DATA_FOLDER`; {"codes": 2} makes a shop in the one chain, and as many enrolment codes.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

STOCK = 1_000_000


def main(data: Path) -> None:
    """Answers until the input ends."""
    from hq.database.opening import migrate, opened
    from tests import shop

    with opened(data):
        migrate()
        chain = shop.make_chain()
        for line in sys.stdin:
            made = shop.make_shop(chain, stock=STOCK)
            codes = [shop.new_code(made) for _ in range(json.loads(line)["codes"])]
            told = {**asdict(made), "codes": codes, "products": chain.product_ids, "list": chain.list_id}
            print(json.dumps({**told, "prices": shop.PRICES, "stock": STOCK}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
