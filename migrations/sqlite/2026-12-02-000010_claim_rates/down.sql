DROP TABLE claim_rates;
