-- Writer: engine

DROP TABLE reversals;
DROP TABLE redemptions;
DROP TABLE order_slots;
DROP TABLE voucher_uses;
DROP TABLE vouchers;
