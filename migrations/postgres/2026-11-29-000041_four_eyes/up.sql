-- Writer: engine

-- From the first day a second operator looks at what is worth more than 50.00: shops that never said so, too.
UPDATE shops SET version = version + 1, grant_approval_above = CASE
    WHEN currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 50
    WHEN currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 50000
    WHEN currency IN ('CLF', 'UYW') THEN 500000
    ELSE 5000 END
WHERE grant_approval_above IS NULL;

ALTER TABLE shops ADD COLUMN grant_limit_raise TEXT NOT NULL DEFAULT 'null';
ALTER TABLE operators ADD COLUMN let_in_by TEXT;
ALTER TABLE operators ADD COLUMN let_in_at BIGINT;
ALTER TABLE grants ADD COLUMN purpose TEXT CHECK (purpose = 'goodwill' OR purpose = 'compensation' OR purpose = 'promotion');
ALTER TABLE grants ADD COLUMN approved_by TEXT NOT NULL DEFAULT 'null';
ALTER TABLE vouchers ADD COLUMN asked_by TEXT NOT NULL DEFAULT 'null';
