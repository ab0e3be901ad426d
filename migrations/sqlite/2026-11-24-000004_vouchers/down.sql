-- Writer: engine

DROP TABLE hold_marks;
DROP TABLE hold_slots;
DROP TABLE holds;
DROP TABLE reversals;
DROP TABLE redemptions;
DROP TABLE order_slots;
DROP TABLE voucher_uses;
DROP TABLE vouchers;
