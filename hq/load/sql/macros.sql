-- Ids and chances from the seed: the same seed gives the same year. `id_stem` is what guide_app.domain.ids.derived_id
-- hashes before the key, so that Python makes the same ids.
CREATE MACRO part(word) AS strlen(word) || ':' || word;
CREATE MACRO nibble(digit) AS substr('89ab', 1 + (('0x' || digit)::INTEGER & 3), 1);
CREATE MACRO uuid8(h) AS substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-8' || substr(h, 14, 3) || '-'
    || nibble(substr(h, 17, 1)) || substr(h, 18, 3) || '-' || substr(h, 21, 12);
CREATE MACRO made_id(key) AS uuid8(sha256(getvariable('id_stem') || part(key)));
-- UUIDv7: rows that come after each other in time stand beside each other in every index.
CREATE MACRO uuid7(ms, h) AS substr(printf('%012x', ms), 1, 8) || '-' || substr(printf('%012x', ms), 9, 4) || '-7'
    || substr(h, 14, 3) || '-' || nibble(substr(h, 17, 1)) || substr(h, 18, 3) || '-' || substr(h, 21, 12);
CREATE MACRO timed_id(ms, key) AS uuid7(ms, sha256(getvariable('id_stem') || part(key)));
CREATE MACRO chance(key, n) AS (('0x' || substr(md5(getvariable('seed') || ':' || key), 1, 8))::BIGINT % n)::INTEGER;
CREATE MACRO iso(ms) AS strftime(make_timestamp(ms * 1000), '%Y-%m-%dT%H:%M:%S.%gZ');
CREATE MACRO shop_day(ms) AS strftime(make_timestamp((ms + getvariable('offset_ms')) * 1000), '%Y-%m-%d');
CREATE MACRO quoted(words) AS to_json(words)::VARCHAR;
-- Text as COPY reads it; JSON and names hold no tab or line end, but may hold a backslash.
CREATE MACRO copied(words) AS replace(words, '\', '\\');
CREATE MACRO row_hash(entity, id) AS
    ('0x' || substr(sha256(entity || chr(0) || id || chr(0) || '1'), 1, 16))::UBIGINT;
