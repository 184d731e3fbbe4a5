-- Each household with the figures of its orders and talks; a returned order counts for nothing.
CREATE TABLE household_row AS
WITH said AS (
    SELECT household, max(at_ms) AS at_ms FROM talk_row GROUP BY household
), liked AS (
    SELECT household, count(*) FILTER (category IN ('CAT FOOD', 'DOG FOODS', 'CAT LITTER')) AS pets,
        count(*) FILTER (category IN ('DIAPERS & DISPOSABLES', 'INFANT FORMULA', 'BABY FOODS')) AS babies
    FROM line JOIN item USING (product) GROUP BY household
)
SELECT h.household, h.shop, made_id('member:' || h.household) AS id,
    chance('owner:' || h.household, getvariable('guides')) AS slot, iso(min(p.placed_ms)) AS joined_at,
    count(*) FILTER (p.state <> 'returned') AS orders,
    coalesce(sum(p.total) FILTER (p.state <> 'returned'), 0)::BIGINT AS spent,
    iso(greatest(max(p.placed_ms), coalesce(any_value(t.at_ms), 0))) AS last_contact_at,
    any_value(l.pets) AS pet_lines, any_value(l.babies) AS baby_lines
FROM home h JOIN purchase p USING (household) JOIN liked l USING (household) LEFT JOIN said t USING (household)
GROUP BY h.household, h.shop ORDER BY h.household;
