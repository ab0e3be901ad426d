//! What is checked by one statement each.

/// One check: the sentence with a `{}` for each column, and the query that finds what is wrong.
/// `[x]` in it stands for the condition that a table named `x` is of the shop asked for.
pub(super) struct Check {
    pub(super) sentence: &'static str,
    pub(super) sql: &'static str,
}

/// Tables whose rows are counted.
pub(super) const TABLES: &[&str] = &[
    "accounts",
    "entries",
    "conversions",
    "refunds",
    "rewards",
    "vouchers",
    "voucher_batches",
    "voucher_uses",
    "redemptions",
    "reversals",
    "holds",
    "jobs",
    "job_faults",
    "admissions",
    "tallies",
    "events",
    "event_pages",
    "day_counts",
    "day_visits",
    "place_counts",
    "place_visits",
    "month_tallies",
    "owed_days",
    "advocate_counts",
    "advocate_lines",
];

/// The checks.
pub(super) const CHECKS: &[Check] = &[
    Check {
        sentence: "On day {} shop {} counts {} of program {} in {} {}, its rows of visits come to {}.",
        sql: "SELECT CAST(x.day AS TEXT), x.shop,
                     'previews ' || SUM(x.previews) || ', visits ' || SUM(x.visits) || ', unique ' || SUM(x.fresh),
                     x.program, x.channel, x.place,
                     'previews ' || SUM(x.raw_previews) || ', visits ' || SUM(x.raw_visits) || ', unique ' || SUM(x.raw_fresh)
              FROM (SELECT d.shop, d.day, d.program, d.channel, CAST('' AS TEXT) AS place,
                           d.previews - d.gone_previews AS previews, d.visits - d.gone_visits AS visits,
                           d.unique_visits - d.gone_unique AS fresh, 0 AS raw_previews, 0 AS raw_visits, 0 AS raw_fresh
                    FROM day_visits d WHERE [d]
                    UNION ALL
                    SELECT p.shop, p.day, p.program, p.channel, p.place, p.previews - p.gone_previews,
                           p.visits - p.gone_visits, p.unique_visits - p.gone_unique, 0, 0, 0
                    FROM place_visits p WHERE [p]
                    UNION ALL
                    SELECT v.shop, v.day, s.program, s.channel, COALESCE(s.placed, ''), 0, 0, 0,
                           SUM(CASE WHEN v.class = 'preview' THEN v.count ELSE 0 END),
                           SUM(CASE WHEN v.class = 'person' THEN v.count ELSE 0 END), SUM(v.fresh)
                    FROM visits v JOIN shares s ON s.id = v.share WHERE [v] AND v.day IS NOT NULL
                    GROUP BY v.shop, v.day, s.program, s.channel, s.placed) x
              GROUP BY x.shop, x.day, x.program, x.channel, x.place
              HAVING SUM(x.previews) <> SUM(x.raw_previews) OR SUM(x.visits) <> SUM(x.raw_visits)
                  OR SUM(x.fresh) <> SUM(x.raw_fresh)",
    },
    Check {
        sentence: "Entry {} of shop {} is malformed: {} from {} to {}.",
        sql: "SELECT e.id, e.shop, CAST(e.amount AS TEXT), e.debit, e.credit FROM entries e
              WHERE [e] AND (e.amount <= 0 OR e.debit = e.credit)",
    },
    Check {
        sentence: "Entry {} of shop {} moves something from {} to {}, and one of these accounts does not exist.",
        sql: "SELECT e.id, e.shop, e.debit, e.credit FROM entries e
              LEFT JOIN accounts d ON d.shop = e.shop AND d.name = e.debit AND d.currency = e.currency
              LEFT JOIN accounts c ON c.shop = e.shop AND c.name = e.credit AND c.currency = e.currency
              WHERE [e] AND (d.id IS NULL OR c.id IS NULL)",
    },
    Check {
        sentence: "Entries that reverse {} of shop {} come to {}, it moved {}.",
        sql: "SELECT r.reverses, r.shop, CAST(r.total AS TEXT), CAST(COALESCE(o.amount, 0) AS TEXT) FROM
              (SELECT shop, reverses, SUM(amount) AS total FROM entries e
               WHERE [e] AND reverses IS NOT NULL GROUP BY shop, reverses) r
              LEFT JOIN entries o ON o.id = r.reverses AND o.shop = r.shop
              WHERE r.total > COALESCE(o.amount, 0)",
    },
    Check {
        sentence: "Account {} of shop {} holds {} {}, its entries come to {}.",
        sql: "SELECT a.name, a.shop, CAST(a.balance AS TEXT), a.currency, CAST(COALESCE(s.total, 0) AS TEXT) FROM accounts a
              LEFT JOIN (SELECT shop, account, currency, SUM(amount) AS total FROM
                         (SELECT shop, credit AS account, currency, amount FROM entries e WHERE [e]
                          UNION ALL SELECT shop, debit, currency, -amount FROM entries e WHERE [e]) moved
                         GROUP BY shop, account, currency) s
              ON s.shop = a.shop AND s.account = a.name AND s.currency = a.currency
              WHERE [a] AND a.balance <> COALESCE(s.total, 0)",
    },
    Check {
        sentence: "The balances of shop {} come to {} {} and not to nothing.",
        sql: "SELECT a.shop, CAST(SUM(a.balance) AS TEXT), a.currency FROM accounts a
              WHERE [a] GROUP BY a.shop, a.currency HAVING SUM(a.balance) <> 0",
    },
    Check {
        sentence: "Account {} of shop {} holds {} and may not go below {}.",
        sql: "SELECT a.name, a.shop, CAST(a.balance AS TEXT), CAST(a.floor AS TEXT) FROM accounts a
              WHERE [a] AND a.balance < a.floor",
    },
    Check {
        sentence: "Account {} of shop {} is a customer's or a card's and holds {}.",
        sql: "SELECT a.name, a.shop, CAST(a.balance AS TEXT) FROM accounts a
              WHERE [a] AND a.balance < 0 AND (a.name LIKE 'credit:%' OR a.name LIKE 'voucher:%')",
    },
    Check {
        sentence: "The account of pending rewards of shop {} holds {} {}, those rewards come to {}.",
        sql: "SELECT COALESCE(a.shop, r.shop), CAST(COALESCE(a.balance, 0) AS TEXT), COALESCE(a.currency, r.currency),
                     CAST(COALESCE(r.total, 0) AS TEXT) FROM
              (SELECT shop, currency, balance FROM accounts a WHERE [a] AND name = 'pending') a
              FULL JOIN (SELECT shop, currency, SUM(cost_amount) AS total FROM rewards r
                         WHERE [r] AND status IN ('pending', 'due') GROUP BY shop, currency) r
              ON r.shop = a.shop AND r.currency = a.currency
              WHERE COALESCE(a.balance, 0) <> COALESCE(r.total, 0)",
    },
    Check {
        sentence: "The account of issued vouchers of shop {} holds {} {}, what is left of those vouchers comes to {}.",
        sql: "SELECT COALESCE(a.shop, v.shop), CAST(COALESCE(a.balance, 0) AS TEXT), COALESCE(a.currency, v.currency),
                     CAST(COALESCE(v.total, 0) AS TEXT) FROM
              (SELECT shop, currency, balance FROM accounts a WHERE [a] AND name = 'issued') a
              FULL JOIN (SELECT v.shop, v.currency, SUM((v.max_redemptions - COALESCE(u.used, 0)) * v.face_amount) AS total
                         FROM vouchers v LEFT JOIN voucher_uses u ON u.id = 'use' || substr(v.id, 4)
                         WHERE [v] AND v.kind <> 'gift_card' AND v.status = 'active' AND v.lapsed_amount = 0
                         AND v.max_redemptions > COALESCE(u.used, 0) GROUP BY v.shop, v.currency) v
              ON v.shop = a.shop AND v.currency = a.currency
              WHERE COALESCE(a.balance, 0) <> COALESCE(v.total, 0)",
    },
    Check {
        sentence: "The account of what was forgiven of shop {} holds {} {}, what was forgiven of rewards comes to {}.",
        sql: "SELECT COALESCE(a.shop, r.shop), CAST(COALESCE(a.balance, 0) AS TEXT), COALESCE(a.currency, r.currency),
                     CAST(COALESCE(r.total, 0) AS TEXT) FROM
              (SELECT shop, currency, balance FROM accounts a WHERE [a] AND name = 'forgiven') a
              FULL JOIN (SELECT shop, currency, SUM(forgiven_amount) AS total FROM rewards r
                         WHERE [r] GROUP BY shop, currency) r
              ON r.shop = a.shop AND r.currency = a.currency
              WHERE COALESCE(a.balance, 0) <> COALESCE(r.total, 0)",
    },
    Check {
        sentence: "Order {} of shop {} had {} sent back, its refunds come to {}.",
        sql: "SELECT c.order_id, c.shop, CAST(c.refunded_amount AS TEXT), CAST(COALESCE(f.total, 0) AS TEXT) FROM conversions c
              LEFT JOIN (SELECT shop, conversion, SUM(amount) AS total FROM refunds f
                         WHERE [f] GROUP BY shop, conversion) f ON f.conversion = c.id AND f.shop = c.shop
              WHERE [c] AND c.refunded_amount <> COALESCE(f.total, 0)",
    },
    Check {
        sentence: "Reward {} of shop {} is {}, and its order is {}.",
        sql: "SELECT r.id, r.shop, r.status, c.status FROM rewards r JOIN conversions c ON c.id = r.conversion AND c.shop = r.shop
              WHERE [r] AND ((r.status = 'pending' AND c.status = 'approved')
                   OR (r.status IN ('pending', 'due') AND c.status IN ('cancelled', 'rejected', 'reversed')))",
    },
    // An offer pays its rewards itself; they are named after it. What lapsed, or was withdrawn, after part of it was
    // spent counts with that part; and where the shop paid for a revival, the budget does not count it. Between these two the budget must lie.
    Check {
        sentence: "{} of shop {} has {} used, the rewards and discounts that count come to {} to {}.",
        sql: "SELECT COALESCE(a.name, b.name), COALESCE(a.shop, b.shop), CAST(-COALESCE(a.balance, 0) AS TEXT),
                     CAST(COALESCE(b.least, 0) AS TEXT), CAST(COALESCE(b.most, 0) AS TEXT) FROM
              (SELECT shop, name, currency, balance FROM accounts a WHERE [a] AND (name LIKE 'budget:%' OR name LIKE 'offer:%')) a
              FULL JOIN (SELECT p.shop, p.name, p.currency, SUM(p.least) AS least, SUM(p.most) AS most FROM
                        (SELECT r.shop, CASE WHEN r.on_what = 'offer' THEN 'offer:' || substr(r.once, 1, 30)
                                             ELSE 'budget:' || r.program END AS name, r.currency,
                                SUM(CASE WHEN r.status IN ('pending', 'due', 'issued', 'spent')
                                         AND COALESCE(v.source_account, '') <> 'shop' THEN r.cost_amount ELSE 0 END) AS least,
                                SUM(CASE WHEN r.status IN ('pending', 'due', 'issued', 'spent') OR v.id IS NOT NULL
                                         THEN r.cost_amount ELSE 0 END) AS most
                         FROM rewards r LEFT JOIN vouchers v ON v.id = r.voucher
                         WHERE [r] AND r.program IS NOT NULL GROUP BY r.shop, 2, r.currency
                         UNION ALL SELECT e.shop, e.debit, e.currency, e.amount, e.amount FROM entries e
                         WHERE [e] AND e.debit LIKE 'budget:%' AND e.cause_type IN ('redemption', 'reversal', 'hold')
                         UNION ALL SELECT e.shop, e.credit, e.currency, -e.amount, -e.amount FROM entries e
                         WHERE [e] AND e.credit LIKE 'budget:%' AND e.cause_type IN ('redemption', 'reversal', 'hold')) p
                         GROUP BY p.shop, p.name, p.currency) b
              ON b.shop = a.shop AND b.name = a.name AND b.currency = a.currency
              WHERE -COALESCE(a.balance, 0) NOT BETWEEN COALESCE(b.least, 0) AND COALESCE(b.most, 0)",
    },
    Check {
        sentence: "Voucher {} of shop {} was used or is set aside {} times, its limit is {}.",
        sql: "SELECT v.id, v.shop, CAST(u.used + u.held AS TEXT), CAST(v.max_redemptions AS TEXT) FROM voucher_uses u
              JOIN vouchers v ON v.id = 'vch' || substr(u.id, 4)
              WHERE [u] AND (u.used + u.held > v.max_redemptions OR u.used < 0 OR u.held < 0)",
    },
    Check {
        sentence: "Batch {} of shop {} says that {} vouchers were made with it, it has {}.",
        sql: "SELECT b.id, b.shop, CAST(b.made AS TEXT), CAST(COALESCE(v.many, 0) AS TEXT) FROM voucher_batches b
              LEFT JOIN (SELECT shop, batch, COUNT(*) AS many FROM vouchers v
                         WHERE [v] AND batch IS NOT NULL AND replaces IS NULL GROUP BY shop, batch) v
              ON v.batch = b.id AND v.shop = b.shop
              WHERE [b] AND b.made <> COALESCE(v.many, 0)",
    },
    Check {
        sentence: "Batch {} of shop {} was redeemed {} times, {} are counted.",
        sql: "SELECT v.batch, v.shop, CAST(v.used AS TEXT), CAST(COALESCE(t.count, 0) AS TEXT) FROM
              (SELECT v.shop, v.batch, SUM(u.used) AS used FROM vouchers v
               JOIN voucher_uses u ON u.id = 'use' || substr(v.id, 4)
               WHERE [v] AND v.batch IS NOT NULL GROUP BY v.shop, v.batch) v
              LEFT JOIN tallies t ON t.shop = v.shop AND t.subject = 'redeemed/' || v.batch
              WHERE v.used <> COALESCE(t.count, 0)",
    },
    Check {
        sentence: "Voucher {} of shop {} is good, and its batch {} was withdrawn long ago.",
        sql: "SELECT v.id, v.shop, v.batch FROM vouchers v
              JOIN voucher_batches b ON b.id = v.batch AND b.shop = v.shop AND b.voided_at IS NOT NULL
              JOIN jobs j ON j.id = b.job AND j.status = 'finished'
              LEFT JOIN voucher_uses u ON u.id = 'use' || substr(v.id, 4)
              WHERE [v] AND v.batch IS NOT NULL AND v.status = 'active' AND v.kind <> 'gift_card'
              AND (v.max_redemptions IS NULL OR v.max_redemptions > COALESCE(u.used, 0))",
    },
    Check {
        sentence: "Message {} of shop {} tells of {}, which does not exist.",
        sql: "SELECT m.id, m.shop, m.reward FROM messages m
              LEFT JOIN rewards r ON r.id = m.reward AND r.shop = m.shop
              LEFT JOIN vouchers v ON v.id = m.reward AND v.shop = m.shop
              LEFT JOIN shares s ON s.id = m.reward AND s.shop = m.shop
              LEFT JOIN customers c ON c.id = m.reward AND c.shop = m.shop
              LEFT JOIN announcements a ON a.id = m.reward AND a.shop = m.shop
              WHERE [m] AND a.id IS NULL AND r.id IS NULL AND v.id IS NULL AND s.id IS NULL AND c.id IS NULL",
    },
    Check {
        sentence: "{} of shop {} is counted {} times, the most is {}.",
        sql: "SELECT t.subject, t.shop, CAST(t.count AS TEXT), CAST(t.cap AS TEXT) FROM tallies t
              WHERE [t] AND (t.count > t.cap OR t.count < 0)",
    },
    Check {
        sentence: "{} of shop {} counts {} orders that came without a visit, those that are credited are {}.",
        sql: "SELECT n.subject, n.shop, CAST(SUM(n.counted) AS TEXT), CAST(SUM(n.credited) AS TEXT) FROM
              (SELECT t.shop, t.subject, t.count AS counted, 0 AS credited FROM tallies t
               WHERE [t] AND t.subject LIKE 'share:%:naked'
               UNION ALL SELECT c.shop, 'share:' || c.naked_share || ':naked', 0, c.is_credited FROM conversions c
               WHERE [c] AND c.naked_share IS NOT NULL) n
              GROUP BY n.shop, n.subject HAVING SUM(n.counted) <> SUM(n.credited)",
    },
    Check {
        sentence: "{} of shop {} counts {} orders for milestones, those that are kept are {}.",
        sql: "SELECT n.subject, n.shop, CAST(SUM(n.counted) AS TEXT), CAST(SUM(n.kept) AS TEXT) FROM
              (SELECT t.shop, t.subject, t.count AS counted, 0 AS kept FROM tallies t
               WHERE [t] AND t.subject LIKE 'kept:%'
               UNION ALL SELECT c.shop, c.kept_as, 0, 1 FROM conversions c WHERE [c] AND c.kept_as IS NOT NULL) n
              GROUP BY n.shop, n.subject HAVING SUM(n.counted) <> SUM(n.kept)",
    },
    Check {
        sentence: "{} of shop {} counts {} friends for milestones, those of whom an order is kept are {}.",
        sql: "SELECT n.subject, n.shop, CAST(SUM(n.counted) AS TEXT), CAST(SUM(n.kept) AS TEXT) FROM
              (SELECT t.shop, t.subject, t.count AS counted, 0 AS kept FROM tallies t
               WHERE [t] AND t.subject LIKE 'friends:%'
               UNION ALL SELECT p.shop, 'friends:' || substr(p.subject, 6, 61), 0, 1 FROM tallies p
               WHERE [p] AND p.subject LIKE 'kept:%' AND p.count > 0) n
              GROUP BY n.shop, n.subject HAVING SUM(n.counted) <> SUM(n.kept)",
    },
    Check {
        sentence: "Job {} of shop {} has come to {} of {} lines and ended as finished.",
        sql: "SELECT j.id, j.shop, CAST(j.done AS TEXT), CAST(j.total AS TEXT) FROM jobs j
              WHERE [j] AND j.status = 'finished' AND j.done <> j.total",
    },
    Check {
        sentence: "What lies aside in shop {} comes to {} {}, its holds have {}.",
        sql: "SELECT COALESCE(a.shop, h.shop), CAST(COALESCE(a.total, 0) AS TEXT), COALESCE(a.currency, h.currency),
                     CAST(COALESCE(h.total, 0) AS TEXT) FROM
              (SELECT shop, currency, SUM(balance) AS total FROM accounts a
               WHERE [a] AND name LIKE 'held:%' GROUP BY shop, currency) a
              FULL JOIN (SELECT shop, currency, SUM(set_aside_amount) AS total FROM holds h
                         WHERE [h] AND set_aside_amount > 0 GROUP BY shop, currency) h
              ON h.shop = a.shop AND h.currency = a.currency
              WHERE COALESCE(a.total, 0) <> COALESCE(h.total, 0)",
    },
    Check {
        sentence: "Hold {} of shop {} is over and still has something.",
        sql: "SELECT h.id, h.shop FROM holds h WHERE [h] AND h.status <> 'held'
              AND (h.set_aside_amount <> 0 OR h.due_at IS NOT NULL)",
    },
    Check {
        sentence: "Hold {} of shop {} is over, and {} still names it.",
        sql: "SELECT m.hold, m.shop, m.id FROM hold_marks m LEFT JOIN holds h ON h.id = m.hold AND h.shop = m.shop
              WHERE [m] AND m.subject IS NOT NULL AND COALESCE(h.status, '') <> 'held'",
    },
    Check {
        sentence: "Order {} of shop {} has {} live redemptions.",
        sql: "SELECT r.order_id, r.shop, CAST(COUNT(*) AS TEXT) FROM redemptions r
              WHERE [r] AND r.status <> 'reversed' GROUP BY r.shop, r.order_id HAVING COUNT(*) > 1",
    },
    Check {
        sentence: "Redemption {} of shop {} is live, and no order knows it.",
        sql: "SELECT r.id, r.shop FROM redemptions r
              LEFT JOIN (SELECT shop, redemption, COUNT(*) AS many FROM order_slots s
                         WHERE [s] AND redemption IS NOT NULL GROUP BY shop, redemption) s
              ON s.redemption = r.id AND s.shop = r.shop
              WHERE [r] AND r.status <> 'reversed' AND s.many IS NULL",
    },
    // A claim whose reward was voided has given its place back, and so has one whose reward an erasure took.
    Check {
        sentence: "Offer {} of shop {} counts {} claims, those that stand are {}.",
        sql: "SELECT o.id, o.shop, CAST(COALESCE(t.count, 0) AS TEXT), CAST(COALESCE(c.many, 0) AS TEXT) FROM offers o
              LEFT JOIN tallies t ON t.shop = o.shop AND t.subject = 'claims:' || o.id
              LEFT JOIN (SELECT c.shop, c.offer, COUNT(*) AS many FROM claims c JOIN rewards r ON r.id = c.reward
                         WHERE [c] AND length(r.counted_by) > 2 GROUP BY c.shop, c.offer) c ON c.offer = o.id AND c.shop = o.shop
              WHERE [o] AND COALESCE(t.count, 0) <> COALESCE(c.many, 0)",
    },
    Check {
        sentence: "Redemption {} of shop {} has {} reversed, its reversals come to {}.",
        sql: "SELECT r.id, r.shop, CAST(r.reversed_amount AS TEXT), CAST(COALESCE(v.total, 0) AS TEXT) FROM redemptions r
              LEFT JOIN (SELECT shop, redemption, SUM(amount) AS total FROM reversals v
                         WHERE [v] GROUP BY shop, redemption) v ON v.redemption = r.id AND v.shop = r.shop
              WHERE [r] AND (r.reversed_amount <> COALESCE(v.total, 0) OR r.reversed_amount > r.discount + r.payment)",
    },
    Check {
        sentence: "Shop {} has {} events from {} to {}, the last number that was given is {}.",
        sql: "SELECT h.shop, CAST(COALESCE(e.many, 0) AS TEXT), CAST(COALESCE(e.first, 0) AS TEXT),
                     CAST(COALESCE(e.last, 0) AS TEXT), CAST(h.seq AS TEXT) FROM shop_heads h
              LEFT JOIN (SELECT shop, SUM(many) AS many, MIN(first) AS first, MAX(last) AS last FROM
                         (SELECT shop, 1 AS many, seq AS first, seq AS last FROM events e WHERE [e]
                          UNION ALL SELECT shop, last_seq - first_seq + 1, first_seq, last_seq FROM event_pages p WHERE [p]) t
                         GROUP BY shop) e ON e.shop = h.id
              WHERE [h] AND (COALESCE(e.many, 0) <> h.seq OR COALESCE(e.last, 0) <> h.seq OR COALESCE(e.first, 1) <> 1)",
    },
];

/// Columns that name a record which must be there: table, column, and where.
pub(super) const NAMED: &[(&str, &str, &str)] = &[
    ("referrals", "program", "programs"),
    ("referrals", "friend", "customers"),
    ("referrals", "advocate", "customers"),
    ("referrals", "share", "shares"),
    ("conversions", "customer", "customers"),
    ("conversions", "program", "programs"),
    ("conversions", "advocate", "customers"),
    ("conversions", "share", "shares"),
    ("conversions", "naked_share", "shares"),
    ("conversions", "referral", "referrals"),
    ("refunds", "conversion", "conversions"),
    ("refunds", "reversal", "reversals"),
    ("rewards", "customer", "customers"),
    ("rewards", "program", "programs"),
    ("rewards", "conversion", "conversions"),
    ("rewards", "referral", "referrals"),
    ("rewards", "grant_id", "grants"),
    ("rewards", "voucher", "vouchers"),
    ("rewards", "message", "messages"),
    ("rewards", "owed_by", "customers"),
    ("grants", "customer", "customers"),
    ("grants", "reward", "rewards"),
    ("vouchers", "customer", "customers"),
    ("vouchers", "counted_as", "vouchers"),
    ("vouchers", "replaces", "vouchers"),
    ("vouchers", "replaced_by", "vouchers"),
    ("vouchers", "heir", "vouchers"),
    ("vouchers", "batch", "voucher_batches"),
    ("voucher_batches", "job", "jobs"),
    ("jobs", "batch", "voucher_batches"),
    ("redemptions", "customer", "customers"),
    ("reversals", "redemption", "redemptions"),
    ("order_slots", "redemption", "redemptions"),
    ("order_slots", "latest", "redemptions"),
    ("holds", "customer", "customers"),
    ("holds", "redemption", "redemptions"),
    ("hold_slots", "hold", "holds"),
    ("claims", "offer", "offers"),
    ("claims", "customer", "customers"),
    ("claims", "advocate", "customers"),
    ("claims", "share", "shares"),
    ("claims", "referral", "referrals"),
    ("claims", "reward", "rewards"),
    ("members", "segment", "segments"),
    ("members", "customer", "customers"),
    ("shares", "fresh", "shares"),
    ("messages", "customer", "customers"),
    ("suppressions", "customer", "customers"),
    ("suppressions", "message", "messages"),
    ("admissions", "voucher", "vouchers"),
    ("entries", "customer", "customers"),
    ("job_faults", "job", "jobs"),
];
