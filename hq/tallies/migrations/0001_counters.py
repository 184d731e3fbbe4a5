"""The counters, and the triggers that keep them; what is there already is counted."""

from __future__ import annotations

from django.db import migrations, models

# What each table adds, as it shipped: `hq.tallies.triggers` goes on, this step does not change any more.
_SHOP_ORDER = """
CREATE FUNCTION shop_order_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO live_count_new (store_id, slot, measure, currency, n, amount) SELECT s.store_id, s.slot, s.measure, s.currency, -s.n, -s.amount FROM (SELECT OLD.store_id, date_trunc('hour', OLD.placed_at, coalesce((SELECT time_zone FROM store WHERE id = OLD.store_id), 'UTC')), 'orders', OLD.currency, 1, OLD.held WHERE OLD.state <> 'cancelled') AS s (store_id, slot, measure, currency, n, amount);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO live_count_new (store_id, slot, measure, currency, n, amount) SELECT NEW.store_id, date_trunc('hour', NEW.placed_at, coalesce((SELECT time_zone FROM store WHERE id = NEW.store_id), 'UTC')), 'orders', NEW.currency, 1, NEW.held WHERE NEW.state <> 'cancelled';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER shop_order_counted AFTER INSERT OR DELETE ON shop_order FOR EACH ROW EXECUTE FUNCTION shop_order_counted();
CREATE TRIGGER shop_order_counted_anew AFTER UPDATE ON shop_order FOR EACH ROW WHEN (OLD.store_id IS DISTINCT FROM NEW.store_id OR OLD.placed_at IS DISTINCT FROM NEW.placed_at OR OLD.state IS DISTINCT FROM NEW.state OR OLD.currency IS DISTINCT FROM NEW.currency OR OLD.held IS DISTINCT FROM NEW.held) EXECUTE FUNCTION shop_order_counted();
INSERT INTO live_count_new (store_id, slot, measure, currency, n, amount) SELECT s.* FROM shop_order AS r, LATERAL (SELECT r.store_id, date_trunc('hour', r.placed_at, coalesce((SELECT time_zone FROM store WHERE id = r.store_id), 'UTC')), 'orders', r.currency, 1, r.held WHERE r.state <> 'cancelled') AS s;
"""
_MEMBER = """
CREATE FUNCTION member_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO live_count_new (store_id, slot, measure, currency, n, amount) SELECT s.store_id, s.slot, s.measure, s.currency, -s.n, -s.amount FROM (SELECT OLD.store_id, date_trunc('hour', OLD.joined_at, coalesce((SELECT time_zone FROM store WHERE id = OLD.store_id), 'UTC')), 'sign_ups', '', 1, 0 WHERE OLD.joined_at IS NOT NULL) AS s (store_id, slot, measure, currency, n, amount);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO live_count_new (store_id, slot, measure, currency, n, amount) SELECT NEW.store_id, date_trunc('hour', NEW.joined_at, coalesce((SELECT time_zone FROM store WHERE id = NEW.store_id), 'UTC')), 'sign_ups', '', 1, 0 WHERE NEW.joined_at IS NOT NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER member_counted AFTER INSERT OR DELETE ON member FOR EACH ROW EXECUTE FUNCTION member_counted();
CREATE TRIGGER member_counted_anew AFTER UPDATE ON member FOR EACH ROW WHEN (OLD.store_id IS DISTINCT FROM NEW.store_id OR OLD.joined_at IS DISTINCT FROM NEW.joined_at) EXECUTE FUNCTION member_counted();
INSERT INTO live_count_new (store_id, slot, measure, currency, n, amount) SELECT s.* FROM member AS r, LATERAL (SELECT r.store_id, date_trunc('hour', r.joined_at, coalesce((SELECT time_zone FROM store WHERE id = r.store_id), 'UTC')), 'sign_ups', '', 1, 0 WHERE r.joined_at IS NOT NULL) AS s;
"""
_TALK = """
CREATE FUNCTION talk_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO live_count_new (store_id, slot, measure, currency, n, amount) SELECT s.store_id, s.slot, s.measure, s.currency, -s.n, -s.amount FROM (SELECT OLD.store_id, date_trunc('hour', OLD.at, coalesce((SELECT time_zone FROM store WHERE id = OLD.store_id), 'UTC')), 'talks', '', 1, 0) AS s (store_id, slot, measure, currency, n, amount);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO live_count_new (store_id, slot, measure, currency, n, amount) SELECT NEW.store_id, date_trunc('hour', NEW.at, coalesce((SELECT time_zone FROM store WHERE id = NEW.store_id), 'UTC')), 'talks', '', 1, 0;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER talk_counted AFTER INSERT OR DELETE ON talk FOR EACH ROW EXECUTE FUNCTION talk_counted();
CREATE TRIGGER talk_counted_anew AFTER UPDATE ON talk FOR EACH ROW WHEN (OLD.store_id IS DISTINCT FROM NEW.store_id OR OLD.at IS DISTINCT FROM NEW.at) EXECUTE FUNCTION talk_counted();
INSERT INTO live_count_new (store_id, slot, measure, currency, n, amount) SELECT s.* FROM talk AS r, LATERAL (SELECT r.store_id, date_trunc('hour', r.at, coalesce((SELECT time_zone FROM store WHERE id = r.store_id), 'UTC')), 'talks', '', 1, 0) AS s;
"""
_MATERIAL_EVENT = """
CREATE FUNCTION material_event_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO material_count_new (store_id, day, material, guide_id, what, n) SELECT s.store_id, s.day, s.material, s.guide_id, s.what, -s.n FROM (SELECT OLD.store_id, (OLD.at AT TIME ZONE coalesce((SELECT time_zone FROM store WHERE id = OLD.store_id), 'UTC'))::date, OLD.material, OLD.guide_id, OLD.what, 1) AS s (store_id, day, material, guide_id, what, n);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO material_count_new (store_id, day, material, guide_id, what, n) SELECT NEW.store_id, (NEW.at AT TIME ZONE coalesce((SELECT time_zone FROM store WHERE id = NEW.store_id), 'UTC'))::date, NEW.material, NEW.guide_id, NEW.what, 1;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER material_event_counted AFTER INSERT OR DELETE ON material_event FOR EACH ROW EXECUTE FUNCTION material_event_counted();
CREATE TRIGGER material_event_counted_anew AFTER UPDATE ON material_event FOR EACH ROW WHEN (OLD.store_id IS DISTINCT FROM NEW.store_id OR OLD.at IS DISTINCT FROM NEW.at OR OLD.material IS DISTINCT FROM NEW.material OR OLD.guide_id IS DISTINCT FROM NEW.guide_id OR OLD.what IS DISTINCT FROM NEW.what) EXECUTE FUNCTION material_event_counted();
INSERT INTO material_count_new (store_id, day, material, guide_id, what, n) SELECT s.* FROM material_event AS r, LATERAL (SELECT r.store_id, (r.at AT TIME ZONE coalesce((SELECT time_zone FROM store WHERE id = r.store_id), 'UTC'))::date, r.material, r.guide_id, r.what, 1) AS s;
"""
_MATERIAL_ON_TABLET = """
CREATE FUNCTION material_on_tablet_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO material_count_new (store_id, day, material, guide_id, what, n) SELECT s.store_id, s.day, s.material, s.guide_id, s.what, -s.n FROM (SELECT OLD.store_id, (OLD.came_at AT TIME ZONE coalesce((SELECT time_zone FROM store WHERE id = OLD.store_id), 'UTC'))::date, OLD.material, '00000000-0000-0000-0000-000000000000'::uuid, 'delivered', 1 WHERE OLD.came_at IS NOT NULL) AS s (store_id, day, material, guide_id, what, n);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO material_count_new (store_id, day, material, guide_id, what, n) SELECT NEW.store_id, (NEW.came_at AT TIME ZONE coalesce((SELECT time_zone FROM store WHERE id = NEW.store_id), 'UTC'))::date, NEW.material, '00000000-0000-0000-0000-000000000000'::uuid, 'delivered', 1 WHERE NEW.came_at IS NOT NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER material_on_tablet_counted AFTER INSERT OR DELETE ON material_on_tablet FOR EACH ROW EXECUTE FUNCTION material_on_tablet_counted();
CREATE TRIGGER material_on_tablet_counted_anew AFTER UPDATE ON material_on_tablet FOR EACH ROW WHEN (OLD.store_id IS DISTINCT FROM NEW.store_id OR OLD.material IS DISTINCT FROM NEW.material OR OLD.came_at IS DISTINCT FROM NEW.came_at) EXECUTE FUNCTION material_on_tablet_counted();
INSERT INTO material_count_new (store_id, day, material, guide_id, what, n) SELECT s.* FROM material_on_tablet AS r, LATERAL (SELECT r.store_id, (r.came_at AT TIME ZONE coalesce((SELECT time_zone FROM store WHERE id = r.store_id), 'UTC'))::date, r.material, '00000000-0000-0000-0000-000000000000'::uuid, 'delivered', 1 WHERE r.came_at IS NOT NULL) AS s;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("stores", "0002_franchise_store_franchise"),
        ("orders", "0015_order_counts"),
        ("members", "0005_by_time"),
        ("talks", "0003_renewal"),
        ("materials", "0002_uses"),
        ("outcomes", "0001_arriving"),
    ]

    operations = [
        migrations.CreateModel(
            name="LiveCountNew",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField()),
                ("slot", models.DateTimeField()),
                ("measure", models.CharField(max_length=10)),
                ("currency", models.CharField(max_length=3)),
                ("n", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
            ],
            options={
                "db_table": "live_count_new",
            },
        ),
        migrations.CreateModel(
            name="MaterialCountNew",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField()),
                ("day", models.DateField()),
                ("material", models.UUIDField()),
                ("guide_id", models.UUIDField()),
                ("what", models.CharField(max_length=10)),
                ("n", models.BigIntegerField()),
            ],
            options={
                "db_table": "material_count_new",
            },
        ),
        migrations.CreateModel(
            name="LiveCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField()),
                ("slot", models.DateTimeField()),
                ("measure", models.CharField(max_length=10)),
                ("currency", models.CharField(max_length=3)),
                ("n", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
            ],
            options={
                "db_table": "live_count",
                "constraints": [
                    models.UniqueConstraint(fields=("slot", "store_id", "measure", "currency"), name="live_count_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MaterialCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField()),
                ("day", models.DateField()),
                ("material", models.UUIDField()),
                ("guide_id", models.UUIDField()),
                ("what", models.CharField(max_length=10)),
                ("n", models.BigIntegerField()),
            ],
            options={
                "db_table": "material_count",
                "indexes": [models.Index(fields=["material", "day"], name="material_count_of")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("store_id", "day", "material", "guide_id", "what"), name="material_count_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MaterialDay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("material", models.UUIDField()),
                ("what", models.CharField(max_length=10)),
                ("n", models.BigIntegerField()),
            ],
            options={
                "db_table": "material_day",
                "indexes": [models.Index(fields=["material", "day"], name="material_day_of")],
                "constraints": [models.UniqueConstraint(fields=("day", "material", "what"), name="material_day_once")],
            },
        ),
        migrations.CreateModel(
            name="MaterialStoreDay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField()),
                ("day", models.DateField()),
                ("what", models.CharField(max_length=10)),
                ("n", models.BigIntegerField()),
            ],
            options={
                "db_table": "material_store_day",
                "constraints": [
                    models.UniqueConstraint(fields=("store_id", "day", "what"), name="material_store_day_once")
                ],
            },
        ),
        migrations.RunSQL(_SHOP_ORDER, "DROP FUNCTION shop_order_counted() CASCADE"),
        migrations.RunSQL(_MEMBER, "DROP FUNCTION member_counted() CASCADE"),
        migrations.RunSQL(_TALK, "DROP FUNCTION talk_counted() CASCADE"),
        migrations.RunSQL(_MATERIAL_EVENT, "DROP FUNCTION material_event_counted() CASCADE"),
        migrations.RunSQL(_MATERIAL_ON_TABLET, "DROP FUNCTION material_on_tablet_counted() CASCADE"),
    ]
