//! What each figure of a report means, in a sentence.

use crate::views::share::Definition;

/// Every figure, in the order in which reports show them.
const ALL: &[(&str, &str)] = &[
    (
        "placement",
        "Where in the shop the button was: a placement that the shop had declared when the share was made; `(other)`: one that was not, `(none)`: nobody said it, or none was declared yet.",
    ),
    ("shares_made", "Links that were made on these days, each for one channel and place in the shop."),
    ("shares_sent", "Those of them that a preview robot or another person has opened since."),
    ("previews", "Openings by the preview robots of messengers on these days; they are no visits."),
    ("visits", "Openings by persons on these days."),
    ("unique_visits", "The same, each person once a day for each link."),
    (
        "referrals",
        "Friends who became known on these days by a link, a code or an operator, without those that were rejected.",
    ),
    ("orders", "Orders of these days, without those that were cancelled or imported."),
    (
        "naked_orders",
        "Those of them that are credited to a link or code though nothing shows that one of the advocate's links was opened; an order that came back as a whole is credited to nobody any more.",
    ),
    ("approved", "Those of the orders that were approved, whatever came back of them later."),
    ("kept", "Those of the approved orders that did not come back as a whole."),
    (
        "revenue",
        "What the orders were worth when they were placed: goods with VAT, after discounts, in the shop's currency; orders in another currency with what the shop said they are worth.",
    ),
    ("refunded", "What of that came back."),
    ("discounts", "What the program took off the orders themselves, at the checkout."),
    (
        "reward_cost",
        "What the rewards of these orders, referrals and claims cost that wait, are issued or were spent; what was voided or lapsed costs nothing. Where an order is credited to somebody else later, what it had earned and is kept stays where it was earned.",
    ),
    (
        "own_rewards",
        "reward_cost: what the advocate's own rewards cost that wait, are issued or were spent; those of her friends are theirs.",
    ),
    ("redeemed", "What vouchers that came of these rewards took off, where they are spent."),
    (
        "conversion_bps",
        "Orders of unique visits, basis points, with the Wilson interval (95 %); empty where there are more orders than visitors, for codes are told by word of mouth.",
    ),
    ("sent", "shares_sent, of shares_made."),
    ("opened", "unique_visits, beside shares_sent: several persons open one link."),
    ("referred", "referrals, of unique_visits."),
    ("ordered", "orders that are credited to somebody, beside referrals: a friend may order more than once."),
    (
        "rate_bps",
        "A step's count of what it is held against, basis points, with the Wilson interval (95 %); empty where it is no part of that.",
    ),
    (
        "shared",
        "Links that were made in the month by who came by another one, and that somebody has opened since; the time from when that one was made to when theirs was. A link that only stands on a page was shared by nobody.",
    ),
    (
        "first_ordered",
        "ordered: the first orders in the month of friends who came by a link, as far as they stand: neither cancelled nor rejected nor sent back as a whole; the time from when the link was made to the order.",
    ),
    (
        "quartiles",
        "Between which bounds the time lies that a quarter (q1), a half (median) and three quarters (q3) of them took at most; times are counted in classes of which each is at most as long as the time before it. Empty: there are none, or, behind the last bound, no upper one.",
    ),
    (
        "advocates",
        "Customers who in the month shared for the first time in the program, or were given a code. People who turn out to be one later stay as many as they were.",
    ),
    (
        "friends",
        "Friends of theirs who became known within so many days from when their advocate first shared, without those that were rejected; of imported referrals none.",
    ),
    ("k_bps", "K: friends for each advocate, basis points, rounded down."),
    (
        "amplification_bps",
        "1 / (1 − K), basis points, rounded down: how many come of one if each advocate wins as many friends, and each of these is an advocate again; empty where K is 1 or more, for it then has no end.",
    ),
    (
        "comparable",
        "Whether all advocates of the month have had these days; others may still win friends. The totals are of months that are.",
    ),
    (
        "hold_out_percent",
        "Advocates who are kept without an offer, percent of those who began to recommend from `began_at` until `ended_at`; which they are is decided by chance, once for each.",
    ),
    (
        "offered",
        "What came of advocates with an offer: those who began (advocates), friends who became known by them, orders that are credited to them, and what is left of these (revenue, minor units).",
    ),
    ("held_out", "The same of advocates without an offer; they are fewer, and all comparisons are for equally many."),
    (
        "lift_bps",
        "How much more comes of as many advocates with an offer, basis points, with an interval (95 %); empty where nothing came of those without. An interval with 0 in it shows nothing yet.",
    ),
    (
        "added",
        "What came of advocates with an offer beyond what would have come of them without one, with an interval (95 %).",
    ),
    ("budget", "What the program may spend; empty: it has no limit."),
    ("used", "What of it is used now: rewards that wait, are issued or spent, and discounts."),
    ("left", "What is left of it now."),
    ("cost_per_kept_order", "Rewards and discounts of the period for each order that was kept, rounded up."),
];

/// The definitions of some figures, in their order.
pub fn of(figures: &[&str]) -> Vec<Definition> {
    let named = ALL.iter().filter(|(figure, _)| figures.contains(figure));
    named.map(|(figure, means)| Definition { figure, means }).collect()
}
