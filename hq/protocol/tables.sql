-- The tables of the sync contract, section 5. They lead with store_id: a transaction stays within one store.
CREATE TABLE device_stream (
    store_id uuid NOT NULL, device_id uuid NOT NULL, incarnation uuid NOT NULL, last_seq bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (store_id, device_id, incarnation)
);
CREATE TABLE op_directory (op_id uuid PRIMARY KEY, store_id uuid NOT NULL);
CREATE TABLE op_log (
    store_id uuid NOT NULL, op_id uuid NOT NULL, device_id uuid NOT NULL, kind text NOT NULL, schema_v integer NOT NULL,
    guide_id text NOT NULL, made_at text NOT NULL, body bytea, sha text NOT NULL, status text NOT NULL,
    code text NOT NULL DEFAULT '', message text NOT NULL DEFAULT '', entity text NOT NULL DEFAULT '',
    entity_id text NOT NULL DEFAULT '', feed_pos bigint, received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (store_id, op_id)
);
CREATE INDEX op_log_received ON op_log (store_id, received_at);
CREATE TABLE op_conflict (
    op_id uuid NOT NULL, sha text NOT NULL, store_id uuid NOT NULL, device_id uuid NOT NULL, body bytea,
    received_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (op_id, sha)
);
CREATE TABLE op_seen (
    store_id uuid NOT NULL, device_id uuid NOT NULL, incarnation uuid NOT NULL, seq bigint NOT NULL, op_id uuid NOT NULL,
    PRIMARY KEY (store_id, device_id, incarnation, seq)
);
CREATE TABLE scope_head (
    store_id uuid NOT NULL, scope text NOT NULL, head bigint NOT NULL DEFAULT 0, floor bigint NOT NULL DEFAULT 0,
    digest numeric(20) NOT NULL DEFAULT 0, PRIMARY KEY (store_id, scope)
);
CREATE TABLE feed (
    store_id uuid NOT NULL, scope text NOT NULL, entity text NOT NULL, entity_id uuid NOT NULL, seq bigint NOT NULL,
    ver integer NOT NULL, op text NOT NULL CHECK (op IN ('put', 'gone', 'left', 'erased')), data text,
    PRIMARY KEY (store_id, scope, entity, entity_id)
);
CREATE INDEX feed_position ON feed (store_id, scope, seq);
CREATE TABLE step (
    store_id uuid NOT NULL, step_id uuid NOT NULL, kind text NOT NULL, body text NOT NULL, done_at timestamptz,
    PRIMARY KEY (store_id, step_id)
);
CREATE INDEX step_open ON step (store_id) WHERE done_at IS NULL;
