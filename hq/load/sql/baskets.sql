-- The year as it was bought, in minor units, at the clock of our shops. `household` = 0 … is a member each.
CREATE TABLE kept AS
SELECT household_id AS household FROM (SELECT DISTINCT household_id FROM transactions)
ORDER BY household_id LIMIT getvariable('households');

CREATE TABLE home AS  -- every household goes to the shop of the store that it visited most
SELECT v.household_id AS household, s.shop
FROM (
    SELECT household_id, store_id, row_number() OVER (
        PARTITION BY household_id ORDER BY count(DISTINCT basket_id) DESC, store_id) AS place
    FROM transactions GROUP BY household_id, store_id
) v
JOIN store_group s USING (store_id)
WHERE v.place = 1 AND v.household_id IN (SELECT household FROM kept);

CREATE TABLE line AS
WITH raw AS (
    SELECT
        file_row_number AS n, basket_id AS basket, household_id AS household, product_id AS product, quantity,
        round(sales_value * 100)::BIGINT AS paid, round(retail_disc * 100)::BIGINT AS retail,
        round(coupon_match_disc * 100)::BIGINT AS matched, round(coupon_disc * 100)::BIGINT AS coupon,
        epoch_ms(transaction_timestamp) + getvariable('shift_ms') AS placed_ms
    FROM transactions
    WHERE household_id IN (SELECT household FROM kept)
), shelf AS (
    SELECT *, paid + retail + matched AS shelf,
        CASE WHEN quantity BETWEEN 1 AND 100 THEN quantity WHEN paid + retail + matched > 0 THEN 1 ELSE 0 END AS qty
    FROM raw
), priced AS (
    SELECT *, CASE WHEN qty = 0 THEN 0 ELSE round(shelf / qty)::BIGINT END AS unit_price FROM shelf
)
SELECT *, qty * unit_price - shelf AS rounding,
    (row_number() OVER (PARTITION BY basket ORDER BY n) - 1)::SMALLINT AS position
FROM priced;

CREATE TABLE purchase AS
WITH summed AS (
    SELECT basket, any_value(household) AS household, any_value(placed_ms) AS placed_ms,
        sum(qty * unit_price)::BIGINT AS gross, sum(paid)::BIGINT AS total, sum(coupon)::BIGINT AS coupon
    FROM line GROUP BY basket
), numbered AS (
    SELECT s.*, h.shop, row_number() OVER (PARTITION BY h.shop ORDER BY placed_ms, basket) AS n,
        row_number() OVER (PARTITION BY h.shop ORDER BY placed_ms DESC, basket DESC) AS newest
    FROM summed s JOIN home h USING (household)
)
SELECT p.* EXCLUDE (coupon), gross - total AS off, least(coupon, total) AS tender, greatest(coupon - total, 0) AS beyond,
    timed_id(placed_ms, 'order:' || basket) AS order_id, made_id('member:' || household) AS member_id,
    CASE WHEN chance('returned:' || basket, 100) < 3 THEN 'returned' ELSE 'closed' END AS state,
    CASE WHEN chance('pay:' || basket, 5) = 0 THEN 'cash' ELSE 'card' END AS method,
    CASE WHEN chance('serve:' || basket, 4) < 3 THEN chance('owner:' || household, getvariable('guides'))
         ELSE chance('other:' || basket, getvariable('guides')) END AS slot
FROM numbered p;
