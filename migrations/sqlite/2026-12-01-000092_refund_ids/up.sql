-- Writer: engine

-- Who somebody is, is found by the shop's own id of a refund, too.
CREATE INDEX refunds_by_refund_id ON refunds (shop, refund_id);
