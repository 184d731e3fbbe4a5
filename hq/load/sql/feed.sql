-- The rows as they travel: each byte as msgspec writes the record (defaults left out). `small` came ready from Python.
CREATE TABLE doc AS
SELECT 0 AS shop, 'product' AS entity, product AS place, id,
    '{"names":{"en":' || quoted(name_en) || ',"zh":' || quoted(name_zh) || '},"sku":"' || sku || '"'
    || CASE WHEN category_id = '' THEN '' ELSE ',"category_id":"' || category_id || '"' END
    || CASE WHEN brand = '' THEN '' ELSE ',"brand":' || quoted(brand) END
    || CASE WHEN size = '' THEN '' ELSE ',"size":' || quoted(size) END
    || ',"barcodes":["' || barcode || '"],"pinyin":' || quoted(pinyin) || ',"initials":' || quoted(initials)
    || CASE WHEN article = '' THEN '' ELSE ',"article":"' || article || '","options":' || options END || '}' AS data
FROM product_row
UNION ALL
SELECT 0, 'price', product, id,
    '{"list":"' || getvariable('price_list') || '","product":"' || product_id || '","amount":' || price || '}'
FROM price_row
UNION ALL
SELECT shop, 'stock', product, product_id,
    '{"on_hand":' || on_hand || ',"as_of":"' || iso(getvariable('now_ms')) || '"}'
FROM stock_row
UNION ALL
SELECT f.shop, 'followup', -f.set_ms, f.id,
    '{"member_id":"' || member_id || '","guide_id":"' || g.id || '","due_on":"' || due_on || '","state":"' || state
    || '","note":' || quoted(note) || ',"set_at":"' || iso(set_ms) || '"}'
FROM followup_row f JOIN guide g USING (shop, slot)
UNION ALL
SELECT t.shop, 'talk', -t.at_ms, t.id,
    '{"member_id":"' || member_id || '","guide_id":"' || g.id || '","channel":"' || channel || '","outcome":"' || outcome
    || '","topic":"' || topic || '","at":"' || iso(at_ms) || '"'
    || CASE WHEN note = '' THEN '' ELSE ',"note":' || quoted(note) END
    || CASE WHEN product_id = '' THEN '' ELSE ',"products":["' || product_id || '"]' END || '}'
FROM talk_row t JOIN guide g USING (shop, slot)
UNION ALL
SELECT shop, entity, place, id, data FROM small;

CREATE TABLE order_line_row AS
SELECT p.shop, p.newest, p.order_id, l.position, i.id AS product_id, l.qty, l.unit_price, l.paid,
    -- beside the order's own id, so that lines stand together in every index and pack well on the wire
    substr(p.order_id, 1, 32) || printf('%04x', l.position) AS line_id,
    CASE WHEN l.retail <> 0 OR l.matched <> 0 OR l.rounding <> 0 THEN '[' || concat_ws(',',
        CASE WHEN l.retail <> 0 THEN '{"kind":"retail","amount":' || l.retail || '}' END,
        CASE WHEN l.matched <> 0 THEN '{"kind":"coupon_match","amount":' || l.matched || '}' END,
        CASE WHEN l.rounding <> 0 THEN '{"kind":"rounding","amount":' || l.rounding || '}' END) || ']' END AS discounts
FROM line l JOIN purchase p USING (basket) JOIN product_row i USING (product);

CREATE TABLE order_row AS
SELECT p.*, g.id AS guide_id, c.number, iso(p.placed_ms) AS placed_at,
    '[' || concat_ws(',',
        CASE WHEN tender > 0 THEN
            '{"method":"coupon","amount":' || tender || ',"at":"' || iso(p.placed_ms) || '"}' END,
        CASE WHEN total > tender THEN
            '{"method":"' || method || '","amount":' || total - tender || ',"at":"' || iso(p.placed_ms) || '"}' END
    ) || ']' AS payments
FROM purchase p JOIN guide g USING (shop, slot) JOIN number_of c USING (shop, n);

CREATE TABLE feed_start AS  -- where each entity's rows begin in its scope: the newest orders come first of all orders
WITH counted AS (
    SELECT shop, entity, count(*) AS n FROM doc GROUP BY ALL
    UNION ALL SELECT shop, 'order', count(*) FROM purchase GROUP BY shop
)
SELECT shop, entity, n, (sum(n) OVER (PARTITION BY shop ORDER BY list_position(getvariable('entities'), entity)) - n)::BIGINT
    AS before
FROM counted;

CREATE TABLE head AS
SELECT shop, (sum(n))::BIGINT AS head, sum(digest) AS digest FROM (
    SELECT shop, count(*) AS n, sum(row_hash(entity, id)) AS digest FROM doc GROUP BY shop
    UNION ALL SELECT shop, count(*), sum(row_hash('order', order_id)) FROM purchase GROUP BY shop
) GROUP BY shop;
