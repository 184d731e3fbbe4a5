-- Talks and follow-ups, made from the seed around the orders: about one talk to six orders.
CREATE TABLE talk_row AS
WITH chosen AS (
    SELECT p.*, chance('channel:' || basket, 20) AS draw, chance('outcome:' || basket, 10) AS luck
    FROM purchase p WHERE chance('talk:' || basket, 6) = 0
), spoken AS (
    SELECT *,
        CASE WHEN draw < 10 THEN 'in_store' WHEN draw < 15 THEN 'wechat' WHEN draw < 18 THEN 'phone'
             WHEN draw < 19 THEN 'sms' ELSE 'after_sale' END AS channel,
        CASE WHEN draw < 10 THEN placed_ms - 300000
             ELSE placed_ms + 86400000 * (1 + chance('later:' || basket, 9)) END AS wished
    FROM chosen
), timed AS (
    SELECT *, CASE WHEN wished < getvariable('now_ms') THEN wished ELSE placed_ms - 300000 END AS at_ms FROM spoken
)
SELECT t.shop, t.household, t.member_id, t.slot, t.basket, t.at_ms, t.channel,
    timed_id(at_ms, 'talk:' || t.basket) AS id,
    CASE WHEN channel = 'after_sale' THEN 'solved' WHEN channel = 'in_store' AND luck < 6 THEN 'bought'
         WHEN luck < 4 THEN 'interested' WHEN luck < 7 THEN 'thinking' WHEN luck < 9 OR channel = 'in_store' THEN 'not_now'
         ELSE 'no_answer' END AS outcome,
    CASE WHEN channel = 'after_sale' THEN 'complaint'
         ELSE ['product', 'product', 'product', 'price', 'size', 'care', 'delivery', 'birthday', 'general']
              [1 + chance('topic:' || t.basket, 9)] END AS topic,
    CASE WHEN chance('note:' || t.basket, 3) = 0 THEN getvariable('talk_notes')
              [1 + chance('which:' || t.basket, len(getvariable('talk_notes')))] ELSE '' END AS note,
    CASE WHEN channel = 'in_store' THEN i.id ELSE '' END AS product_id
FROM timed t
LEFT JOIN line l ON l.basket = t.basket AND l.position = 0
LEFT JOIN product_row i ON i.product = l.product;

CREATE TABLE followup_row AS
WITH promised AS (  -- what was promised in a talk: kept long ago, or due soon
    SELECT shop, household, member_id, slot, at_ms AS set_ms, 'after:' || basket AS key,
        at_ms + 86400000 * (3 + chance('due:' || basket, 12)) AS due_ms
    FROM talk_row WHERE outcome IN ('interested', 'thinking') AND chance('promise:' || basket, 3) = 0
), ranked AS (  -- and for every guide some of today, so that the first page has work
    SELECT shop, household, member_id, chance('owner:' || household, getvariable('guides')) AS slot,
        max(placed_ms) AS last_ms
    FROM purchase GROUP BY ALL
), staged AS (
    SELECT *, row_number() OVER (PARTITION BY shop, slot ORDER BY last_ms DESC, household) AS place FROM ranked
), today AS (
    SELECT shop, household, member_id, slot, least(last_ms + 3600000, getvariable('now_ms')) AS set_ms, 'today:' || household AS key,
        getvariable('now_ms') + 43200000 + 86400000 * CASE WHEN place <= 2 THEN -1 WHEN place <= 5 THEN 0
            ELSE place - 5 END AS due_ms
    FROM staged WHERE place <= 11
), every_one AS (FROM promised UNION ALL FROM today)
SELECT shop, household, member_id, slot, set_ms, shop_day(due_ms) AS due_on, timed_id(set_ms, key) AS id,
    CASE WHEN key LIKE 'today:%' OR due_ms >= getvariable('now_ms') THEN 'open'
         WHEN chance('kept:' || key, 7) = 0 THEN 'dropped' ELSE 'done' END AS state,
    getvariable('followup_notes')[1 + chance('words:' || key, len(getvariable('followup_notes')))] AS note
FROM every_one;
