"""What accounts had before there was a ledger is its first entry."""

from __future__ import annotations

from django.db import migrations

_BROUGHT = """
INSERT INTO points_entry (id, store_id, ver, instrument_id, kind, points, at, reason, "by")
SELECT gen_random_uuid(), i.store_id, 1, i.id, 'adjusted', i.balance - i.owed - coalesce(l.spent, 0), now(),
       'brought forward', ''
FROM instrument i
LEFT JOIN (SELECT instrument_id, sum(spent) AS spent FROM lease GROUP BY instrument_id) l ON l.instrument_id = i.id
WHERE i.kind = 'points' AND i.balance - i.owed - coalesce(l.spent, 0) <> 0
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0001_initial"), ("leases", "0003_owed")]

    operations = [migrations.RunSQL(_BROUGHT, migrations.RunSQL.noop)]
