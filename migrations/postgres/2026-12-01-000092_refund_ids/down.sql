DROP INDEX refunds_by_refund_id;
