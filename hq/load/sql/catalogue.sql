-- Products with names, barcodes and prices. What a product cost most often is its price; one that nobody bought costs
-- what its category costs in the middle.
CREATE TABLE item AS
WITH known AS (
    SELECT product_id AS product, manufacturer_id AS maker, department, product_category AS category,
        product_type AS kind, package_size AS size
    FROM products
    WHERE getvariable('whole') OR product_id IN (SELECT product FROM line)
), unknown AS (
    SELECT DISTINCT product, NULL::BIGINT, NULL, NULL, NULL, NULL FROM line
    WHERE product NOT IN (SELECT product_id FROM products)
), items AS (FROM known UNION ALL FROM unknown), unit AS (
    SELECT product, unit_price, count(*) AS times FROM line WHERE qty BETWEEN 1 AND 100 AND unit_price > 0 GROUP BY ALL
), modal AS (
    SELECT product, unit_price AS price, row_number() OVER (
        PARTITION BY product ORDER BY times DESC, unit_price DESC) AS place FROM unit
), usual AS (
    SELECT department, category, quantile_disc(price, 0.5)::BIGINT AS price
    FROM modal JOIN items USING (product) WHERE place = 1 GROUP BY ALL
)
SELECT i.*, made_id('product:' || i.product) AS id, coalesce(m.price, u.price, 199) AS price
FROM items i
LEFT JOIN modal m ON m.product = i.product AND m.place = 1
LEFT JOIN usual u ON u.department = i.department AND u.category IS NOT DISTINCT FROM i.category;

CREATE MACRO ean13(stem) AS stem || ((10 - list_sum(list_transform(
    range(1, 13), lambda i: substr(stem, i, 1)::INTEGER * CASE WHEN i % 2 = 0 THEN 3 ELSE 1 END)) % 10) % 10)::VARCHAR;

-- A maker's goods of one type that differ in the size of the pack alone are the variants of an article.
CREATE TABLE article AS
SELECT maker, department, category, kind, 'A' || min(product) AS article FROM item
WHERE maker IS NOT NULL AND kind IS NOT NULL
GROUP BY ALL HAVING count(*) BETWEEN 2 AND 12 AND count(*) = count(DISTINCT size);

CREATE TABLE product_row AS
SELECT i.id, i.product, i.price,
    i.product::VARCHAR AS sku,
    coalesce(nullif(concat_ws(' ', b.en, coalesce(k.en, c.en, d.en), i.size), ''), 'Unknown item ' || i.product) AS name_en,
    coalesce(nullif(concat_ws(' ', b.zh, coalesce(c.zh, d.zh), s.zh), ''), '未知商品 ' || i.product) AS name_zh,
    CASE WHEN i.maker IS NULL THEN 'wei zhi shang pin ' || i.product
         ELSE concat_ws(' ', b.pinyin, coalesce(c.pinyin, d.pinyin), s.pinyin) END AS pinyin,
    CASE WHEN i.maker IS NULL THEN 'wzsp' || substr(i.product::VARCHAR, 1, 1)
         ELSE b.initials || coalesce(c.initials, d.initials) || coalesce(s.initials, '') END AS initials,
    CASE WHEN i.maker IS NULL THEN '' WHEN i.category IS NULL THEN made_id('category:' || i.department)
         ELSE made_id('category:' || i.department || '/' || i.category) END AS category_id,
    coalesce(b.en, '') AS brand, coalesce(i.size, '') AS size, coalesce(a.article, '') AS article,
    CASE WHEN a.article IS NULL THEN '[]'
         ELSE '[{"kind":{"en":"Pack","zh":"规格"},"value":{"en":' || quoted(s.en) || ',"zh":' || quoted(s.zh) || '}}]'
    END AS options,
    -- 20-29: numbers that GS1 leaves to a chain itself, so that none is a real product's; the factor spreads them
    ean13('21' || lpad(((i.product::HUGEINT * 7368787 + getvariable('salt')) % 10000000000)::VARCHAR, 10, '0')) AS barcode
FROM item i
LEFT JOIN article a USING (maker, department, category, kind)
LEFT JOIN words b ON b.kind = 'brand' AND b.source = i.maker::VARCHAR
LEFT JOIN words k ON k.kind = 'type' AND k.source = i.kind
LEFT JOIN words c ON c.kind = 'category' AND c.source = i.category
LEFT JOIN words d ON d.kind = 'department' AND d.source = i.department
LEFT JOIN words s ON s.kind = 'size' AND s.source = i.size;

CREATE TABLE price_row AS
SELECT product, id AS product_id, price,
    uuid8(sha256('5:price' || part(getvariable('price_list')) || part(id))) AS id
FROM product_row;

CREATE TABLE stock_row AS  -- about two weeks of what the shop sold, a few shelves empty
SELECT h.shop, p.id AS product_id, any_value(p.product) AS product,
    CASE WHEN chance('empty:' || h.shop || ':' || any_value(p.product), 25) = 0 THEN 0
         ELSE 1 + ceil(sum(l.qty) / 26)::INTEGER + chance('stock:' || h.shop || ':' || any_value(p.product), 12)
    END::INTEGER AS on_hand
FROM line l JOIN home h USING (household) JOIN product_row p USING (product)
WHERE l.qty > 0
GROUP BY h.shop, p.id;
