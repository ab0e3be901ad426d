-- Writer: engine

-- Codes that somebody chose, or that were made of a name: one namespace for vouchers and advocates.
CREATE TABLE taken_codes (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    owner TEXT,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID;

-- An advocate's code as it is compared. Where two of before are the same so, the older one is found by it,
-- and the other as it is written; an erased one is not found.
ALTER TABLE codes ADD COLUMN folded TEXT;
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
