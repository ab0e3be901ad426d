-- Writer: engine

-- Codes that somebody chose, or that were made of a name: one namespace for vouchers and advocates.
CREATE TABLE taken_codes (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);

-- An advocate's code as it is compared. Where two of before are the same so, the older one is found by it,
-- and the other as it is written; an erased one is not found.
ALTER TABLE codes ADD COLUMN folded TEXT COLLATE "C";
UPDATE codes SET folded = replace(replace(replace(plain, 'O', '0'), 'I', '1'), 'L', '1')
WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER (
            PARTITION BY shop, replace(replace(replace(plain, 'O', '0'), 'I', '1'), 'L', '1') ORDER BY created_at, id
        ) AS place
        FROM codes WHERE plain <> id
    ) AS ranked
    WHERE place = 1
);
CREATE UNIQUE INDEX codes_by_folded ON codes ((shop || '/' || folded)) WHERE folded IS NOT NULL;
