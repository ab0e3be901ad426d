//! A season of shares, orders and what becomes of them; then every figure of every report against a plain recount of
//! what the lists show.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use grapevine::store::connection::Use;
use grapevine::store::{Target, advocate_counts};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng};

use crate::support::database::fresh_database;
use crate::support::process::Process;
use crate::support::server::block_on;
use crate::support::*;

on_both!(every_figure_is_a_plain_recount);

/// Days that are played, a few at a time.
const DAYS: u32 = 90;
const STEP_DAYS: u32 = 6;

const CHANNELS: [&str; 12] = [
    "whatsapp",
    "telegram",
    "signal",
    "messenger",
    "imessage",
    "sms",
    "email",
    "threema",
    "qr",
    "copy",
    "facebook",
    "x",
];
/// Of these the shop has declared the first.
const PLACEMENTS: [Option<&str>; 4] = [None, Some("footer"), Some("thanks"), Some("to Ms Doe")];
const DECLARED: [&str; 2] = ["footer", "thanks"];
const ADVOCATES: usize = 8;

/// Shares that are made; full size by `GRAPEVINE_SOAK`.
fn shares_in_all() -> usize {
    if is_soak() { 10_000 } else { 60 }
}

/// The figures that lists show.
const FIGURES: [&str; 10] = [
    "shares_made",
    "shares_sent",
    "visits",
    "referrals",
    "orders",
    "approved",
    "kept",
    "revenue",
    "refunded",
    "reward_cost",
];

type Sums = BTreeMap<&'static str, i64>;
/// By day, channel and placement.
type Recount = BTreeMap<(NaiveDate, String, String), Sums>;

async fn every_figure_is_a_plain_recount(shop: TestShop) {
    let mut season = Season::begin(&shop, 15).await;
    season.play(&shop, true).await;
    season.compare(&shop, &shop.server().app.target).await;
}

/// What two processes count together in one database is right as well.
#[test]
fn two_processes_count_as_one() {
    let database = fresh_database(Backend::Postgres);
    let servers = [Process::start(&database, &[]), Process::start(&database, &[])];
    block_on(async {
        let shop = TestShop::through(&database, &servers).await;
        let mut season = Season::begin(&shop, 16).await;
        season.play(&shop, false).await;
        season.compare(&shop, &Target::parse(&database).expect("a database")).await;
    });
}

struct Season {
    random: StdRng,
    program: Value,
    shares: Vec<Value>,
    /// How often each share was opened, and by which browser.
    opened: BTreeMap<String, usize>,
    visits: Vec<(NaiveDate, usize)>,
    orders: Vec<String>,
    zone: Tz,
    done: BTreeMap<&'static str, usize>,
    /// The channel and placement where each reward was earned.
    earned: BTreeMap<String, (String, String)>,
}

impl Season {
    async fn begin(shop: &TestShop, seed: u64) -> Self {
        shop.to_mid_month().await;
        let settings = shop.get("/v1/shop").await;
        shop.patch("/v1/shop", json!({"placements": DECLARED})).if_match(&settings.etag()).await.ok();
        let program = shop
            .program(
                json!({"pending_days": 10, "qualifying": {"min_order_amount": 2_000, "new_customers_only": false}}),
            )
            .await;
        for number in 0..ADVOCATES {
            shop.customer(&format!("advocate-{number}")).await;
        }
        let zone = text(&shop.get("/v1/shop").await.ok()["time_zone"]).parse().expect("a zone");
        Self {
            random: StdRng::seed_from_u64(seed),
            program,
            shares: Vec::new(),
            opened: BTreeMap::new(),
            visits: Vec::new(),
            orders: Vec::new(),
            zone,
            done: BTreeMap::new(),
            earned: BTreeMap::new(),
        }
    }

    async fn play(&mut self, shop: &TestShop, opens: bool) {
        let steps = (DAYS / STEP_DAYS) as usize;
        let mut places = shop.everywhere();
        for _ in 0..steps {
            for _ in 0..shares_in_all().div_ceil(steps) {
                let actor = places.next().expect("a place");
                self.share(&actor).await;
                if opens {
                    self.open(shop).await;
                }
                self.order(&actor).await;
                self.order(&places.next().expect("a place")).await;
                self.change(&actor).await;
            }
            if opens {
                shop.settle_visits().await;
            }
            shop.advance(STEP_DAYS).await;
        }
        for what in ["share", "order", "refund", "cancelled", "paid", "attribute"] {
            assert!(self.done.get(what).is_some_and(|many| *many > 5), "{what}: {:?}", self.done);
        }
    }

    fn note(&mut self, what: &'static str, answer: &Answer) {
        if answer.status() < 300 {
            *self.done.entry(what).or_default() += 1;
            if what != "share" {
                self.note_earned(&answer.json());
            }
        } else {
            assert!([409, 422].contains(&answer.status()), "{what}: {answer:?}");
        }
    }

    /// Rewards that an order shows for the first time were earned by whom it is credited to.
    fn note_earned(&mut self, order: &Value) {
        let place = place(&self.shares, &order["attribution"]);
        for reward in elements(&order["rewards"]) {
            self.earned.entry(text(&reward["id"])).or_insert_with(|| place.clone());
        }
    }

    /// Somebody shares, perhaps who came by a share.
    async fn share(&mut self, actor: &Actor) {
        let parent = self.shares.choose(&mut self.random).map(|share| share["token"].clone());
        let parent = parent.filter(|_| self.random.random_bool(0.6));
        let share = json!({
            "program": self.program["id"], "customer": format!("advocate-{}", self.random.random_range(0..ADVOCATES)),
            "channel": CHANNELS.choose(&mut self.random), "parent_token": parent,
            "placement": PLACEMENTS.choose(&mut self.random),
            "landing_url": format!("https://shop.example/p/{}", self.random.random_range(0..1_000_000)),
        });
        let answer = actor.post("/v1/shares", share).await;
        self.note("share", &answer);
        if answer.status() == 201 {
            self.shares.push(answer.created());
        }
    }

    /// Somebody opens a link whom nobody has seen.
    async fn open(&mut self, shop: &TestShop) {
        let Some(place) = (0..self.shares.len()).collect::<Vec<_>>().choose(&mut self.random).copied() else { return };
        let token = text(&self.shares[place]["token"]);
        let times = self.opened.entry(token.clone()).or_default();
        // More of one address are no different visitors.
        if *times == 8 {
            return;
        }
        *times += 1;
        let agent = format!("Mozilla/5.0 (X11; Linux x86_64; rv:{times}.0) Gecko/20100101 Firefox/{times}.0");
        let to = shop.anonymous().get(&format!("/s/{token}")).header("user-agent", &agent).await;
        to.found();
        let today = text(&shop.get("/v1/reports/funnel").await.ok()["to"]).parse().expect("a day");
        self.visits.push((today, place));
    }

    async fn order(&mut self, actor: &Actor) {
        let name = format!("order-{}", self.orders.len());
        let share = self.shares.choose(&mut self.random).expect("a share").clone();
        let evidence = if self.random.random_bool(0.8) { json!({"token": share["token"]}) } else { json!({}) };
        let order = json!({
            "order_id": name, "customer": format!("friend of {name}"), "amount": self.random.random_range(0..20_000),
            "currency": if self.random.random_bool(0.05) { "CHF" } else { "EUR" },
            "paid": self.random.random_bool(0.7), "evidence": evidence,
        });
        let answer = actor.post("/v1/conversions", order).await;
        self.note("order", &answer);
        self.orders.push(name);
    }

    /// Something becomes of an order.
    async fn change(&mut self, actor: &Actor) {
        let order = self.orders.choose(&mut self.random).expect("an order").clone();
        let at = format!("/v1/conversions/{order}");
        let (what, answer) = match self.random.random_range(0..6) {
            0 => {
                let refund =
                    json!({"refund_id": fresh("r"), "kind": "refund", "amount": self.random.random_range(0..3_000)});
                ("refund", actor.post(&format!("{at}/refunds"), refund).await)
            }
            1 => {
                let refund = json!({"refund_id": fresh("r"), "kind": "withdrawal"});
                ("refund", actor.post(&format!("{at}/refunds"), refund).await)
            }
            2 => ("cancelled", actor.post(&format!("{at}/cancelled"), json!({})).await),
            3 => ("paid", actor.post(&format!("{at}/paid"), json!({})).await),
            4 => {
                let advocate = format!("advocate-{}", self.random.random_range(0..ADVOCATES));
                let body = json!({"advocate": advocate, "program": self.program["id"], "reason": "it was she"});
                ("attribute", actor.post(&format!("{at}/attribute"), body).await)
            }
            _ => ("reject", actor.post(&format!("{at}/reject"), json!({"reason": "no"})).await),
        };
        self.note(what, &answer);
    }

    fn day(&self, instant: &Value) -> NaiveDate {
        let at: DateTime<Utc> = text(instant).parse().expect("an instant");
        at.with_timezone(&self.zone).date_naive()
    }

    /// Adds up what the lists show.
    async fn recount(&self, shop: &TestShop) -> Recount {
        let mut sums = Recount::new();
        let shares = all(shop, "/v1/shares").await;
        let mut add = |day: NaiveDate, place: &(String, String), figures: &[(&'static str, i64)]| {
            let of_day = sums.entry((day, place.0.clone(), place.1.clone())).or_default();
            figures.iter().for_each(|(figure, many)| *of_day.entry(figure).or_default() += many);
        };
        for share in &shares {
            let sent = i64::from(share["status"] == "sent");
            add(self.day(&share["created_at"]), &of_share(share), &[("shares_made", 1), ("shares_sent", sent)]);
        }
        for (day, share) in &self.visits {
            add(*day, &of_share(&self.shares[*share]), &[("visits", 1)]);
        }
        for referral in all(shop, "/v1/referrals").await {
            let at = place(&shares, &referral);
            add(self.day(&referral["created_at"]), &at, &[("referrals", 1)]);
        }
        for order in all(shop, "/v1/conversions").await {
            let (day, credit) = (self.day(&order["occurred_at"]), &order["attribution"]);
            let at = place(&shares, credit);
            let is_live = |reward: &Value| reward["status"] != "voided" && reward["status"] != "expired";
            for reward in elements(&order["rewards"]).into_iter().filter(is_live) {
                let cost = reward["cost_amount"].as_i64().expect("an amount");
                add(day, &self.earned[&text(&reward["id"])], &[("reward_cost", cost)]);
            }
            if order["status"] == "cancelled" || !order["cancelled_at"].is_null() {
                continue;
            }
            let in_euros =
                |name: &str| if order["currency"] == "EUR" { order[name].as_i64().expect("an amount") } else { 0 };
            let is_approved = !order["approved_at"].is_null() && order["status"] != "rejected";
            let is_kept = order["status"] == "approved";
            let figures = [
                ("orders", 1),
                ("approved", i64::from(is_approved)),
                ("kept", i64::from(is_kept)),
                ("revenue", in_euros("amount")),
                ("refunded", in_euros("refunded_amount")),
            ];
            add(day, &at, &figures);
        }
        sums
    }

    /// Holds every report against the recount.
    async fn compare(&mut self, shop: &TestShop, target: &Target) {
        let recount = self.recount(shop).await;
        let (first, last) = (recount.keys().next().expect("a day").0, recount.keys().last().expect("a day").0);
        let period = format!("from={first}&to={last}");
        let by_channel = told_apart(&recount, |(day, channel, _)| (*day, channel.clone()));
        let report = shop.get(&format!("/v1/reports/channels?{period}&interval=day")).await.ok();
        assert_same(&report, &by_channel, |row| (row_day(row), text(&row["channel"])));
        let credited: Recount =
            recount.clone().into_iter().filter(|((_, channel, _), _)| channel != "(none)").collect();
        let by_placement = told_apart(&credited, |(_, _, placement)| (first, placement.clone()));
        let report = shop.get(&format!("/v1/reports/placements?{period}")).await.ok();
        assert_same(&report, &by_placement, |row| (first, text(&row["placement"])));
        self.compare_totals(shop, &period, &recount, &credited).await;
        self.compare_months(shop, &period).await;
        merge(target);
        self.compare_advocates(shop).await;
        shop.books_balance().await;
    }

    /// Holds the reports of months against the times that the lists show.
    async fn compare_months(&self, shop: &TestShop, period: &str) {
        let (shares, orders) = (all(shop, "/v1/shares").await, all(shop, "/v1/conversions").await);
        let referrals = all(shop, "/v1/referrals?counted=true").await;
        let share = |id: &Value| shares.iter().find(|share| share["id"] == *id);
        let mut times: BTreeMap<(String, &str), Vec<i64>> = BTreeMap::new();
        let mut note = |step, at: &Value, since: &Value| {
            times.entry((self.month(at), step)).or_default().push(instant(at) - instant(since));
        };
        for child in shares.iter().filter(|share| share["status"] == "sent") {
            if let Some(parent) = share(&child["parent"]) {
                note("shared", &child["created_at"], &parent["created_at"]);
            }
        }
        let standing = ["unpaid", "pending", "approved"];
        for order in orders.iter().filter(|order| standing.contains(&text(&order["status"]).as_str())) {
            if let Some(share) = share(&order["attribution"]["share"]) {
                note("ordered", &order["occurred_at"], &share["created_at"]);
            }
        }
        assert!(times.values().map(Vec::len).sum::<usize>() > 20, "{times:?}");
        let cycle = shop.get(&format!("/v1/reports/cycle?{period}")).await.ok();
        for row in elements(&cycle["data"]) {
            let step = if row["step"] == "shared" { "shared" } else { "ordered" };
            let mut times = times.remove(&(text(&row["from"]), step)).unwrap_or_default();
            times.sort_unstable();
            assert_eq!(row["count"], times.len(), "{row}");
            for (name, quarters) in [("q1", 1), ("median", 2), ("q3", 3)] {
                let Some(place) = (times.len() * quarters).div_ceil(4).checked_sub(1) else { continue };
                let bound = |end: &str| row[format!("{name}_{end}_minutes")].as_i64().map(|minutes| minutes * 60_000);
                let is_between = bound("from").is_some_and(|from| from <= times[place])
                    && bound("to").is_none_or(|to| times[place] < to);
                assert!(is_between, "{} of {step} is not {name} of {row}", times[place]);
            }
            assert_eq!(all(shop, &text(&row["rows_url"])).await.len(), times.len(), "{row}");
        }
        assert!(times.is_empty(), "the report says nothing of {times:?}");
        let mut since: BTreeMap<String, &Value> = BTreeMap::new();
        for share in &shares {
            let first = since.entry(text(&share["customer"])).or_insert(&share["created_at"]);
            *first = if instant(&share["created_at"]) < instant(first) { &share["created_at"] } else { first };
        }
        let cohorts = shop.get(&format!("/v1/reports/cohorts?{period}")).await.ok();
        let mut advocates = 0;
        for row in elements(&cohorts["data"]) {
            let of_month = |since: &Value| self.month(since) == text(&row["from"]);
            let within = 0..row["within_days"].as_i64().expect("days") * 86_400_000;
            let of_advocate = |referral: &&Value| {
                let since = referral["advocate"].as_str().and_then(|advocate| since.get(advocate));
                let age = |since: &Value| instant(&referral["created_at"]) - instant(since);
                since.is_some_and(|since| of_month(since) && within.contains(&age(since)))
            };
            let friends = referrals.iter().filter(of_advocate).count();
            assert_eq!(row["advocates"], since.values().filter(|since| of_month(since)).count(), "{row}");
            assert_eq!(row["friends"], friends, "{row}");
            assert_eq!(all(shop, row["rows_url"]["friends"].as_str().expect("a list")).await.len(), friends, "{row}");
            advocates += row["advocates"].as_u64().expect("a count");
        }
        assert_eq!(advocates, 3 * since.len() as u64, "each began in one month");
    }

    /// Holds the ranking of all time, and of each month, against the lists.
    async fn compare_advocates(&self, shop: &TestShop) {
        let (orders, referrals) = (all(shop, "/v1/conversions").await, all(shop, "/v1/referrals?counted=true").await);
        let rewards = all(shop, "/v1/rewards?counted=true").await;
        let mut months: Vec<Option<String>> =
            orders.iter().map(|order| Some(self.month(&order["occurred_at"])[..7].to_owned())).collect();
        months.extend([None]);
        months.sort_unstable();
        months.dedup();
        for month in months {
            let narrowed = month.as_ref().map_or(String::new(), |month| format!("&month={month}"));
            let path = format!("/v1/reports/advocates?program={}&sort=orders{narrowed}", text(&self.program["id"]));
            let report = shop.get(&path).await.ok();
            let is_in = |at: &Value| month.as_ref().is_none_or(|month| self.month(at).starts_with(month));
            let rows = elements(&report["data"]);
            let ordered: Vec<i64> = rows.iter().map(|row| row["orders"].as_i64().expect("a count")).collect();
            assert!(ordered.is_sorted_by(|one, other| one >= other), "{report}");
            let mut credited = 0;
            for row in &rows {
                let is_hers = |order: &&Value| {
                    order["attribution"]["advocate_id"] == row["advocate_id"]
                        && order["cancelled_at"].is_null()
                        && is_in(&order["occurred_at"])
                };
                let hers: Vec<&Value> = orders.iter().filter(is_hers).collect();
                let sum = |name: &str| -> i64 {
                    let euros = hers.iter().filter(|order| order["currency"] == "EUR");
                    euros.map(|order| order[name].as_i64().expect("an amount")).sum()
                };
                credited += hers.len();
                assert_eq!(row["orders"], hers.len(), "{row}");
                assert_eq!(row["kept"], hers.iter().filter(|order| order["status"] == "approved").count(), "{row}");
                assert_eq!(
                    (&row["revenue"], &row["refunded"]),
                    (&json!(sum("amount")), &json!(sum("refunded_amount")))
                );
                let friends = referrals
                    .iter()
                    .filter(|one| one["advocate_id"] == row["advocate_id"] && is_in(&one["created_at"]));
                assert_eq!(row["referrals"], friends.count(), "{row}");
                let list = async |figure: &str| all(shop, row["rows_url"][figure].as_str().expect("a list")).await;
                assert_eq!(row["orders"], list("orders").await.len(), "{row}");
                let cost =
                    |rows: &[Value]| -> i64 { rows.iter().map(|one| one["cost_amount"].as_i64().expect("one")).sum() };
                assert_eq!(row["reward_cost"], cost(&list("reward_cost").await), "{row}");
                if month.is_none() {
                    let own: Vec<Value> = rewards
                        .iter()
                        .filter(|one| one["to"] == "advocate" && one["customer_id"] == row["advocate_id"])
                        .cloned()
                        .collect();
                    assert_eq!(row["reward_cost"], cost(&own), "{row}");
                }
            }
            let all_credited = orders.iter().filter(|order| {
                !order["attribution"]["advocate_id"].is_null()
                    && order["cancelled_at"].is_null()
                    && is_in(&order["occurred_at"])
            });
            assert_eq!(all_credited.count(), credited, "nobody is left out");
        }
    }

    /// The first day of the month of an instant.
    fn month(&self, at: &Value) -> String {
        self.day(at).format("%Y-%m-01").to_string()
    }

    async fn compare_totals(&self, shop: &TestShop, period: &str, recount: &Recount, credited: &Recount) {
        for (report, of) in
            [("channels", recount), ("placements", credited), ("funnel", credited), ("budget", credited)]
        {
            let report = shop.get(&format!("/v1/reports/{report}?{period}")).await.ok();
            let total = told_apart(of, |_| ()).remove(&()).unwrap_or_default();
            for figure in FIGURES {
                assert_eq!(report["totals"][figure], total.get(figure).copied().unwrap_or(0), "{figure}: {report}");
            }
        }
        let channels = shop.get(&format!("/v1/reports/channels?{period}")).await.ok();
        let placements = shop.get(&format!("/v1/reports/placements?{period}")).await.ok();
        for row in [elements(&channels["data"]), elements(&placements["data"])].concat() {
            for (figure, list) in row["rows_url"].as_object().expect("lists") {
                let rows = all(shop, list.as_str().expect("a list")).await;
                let sum: i64 = match figure.as_str() {
                    "reward_cost" => rows.iter().map(|row| row["cost_amount"].as_i64().expect("an amount")).sum(),
                    "revenue" | "refunded" => {
                        let name = if figure == "revenue" { "amount" } else { "refunded_amount" };
                        let in_euros = rows.iter().filter(|row| row["currency"] == "EUR");
                        in_euros.map(|row| row[name].as_i64().expect("an amount")).sum()
                    }
                    "discounts" | "redeemed" => continue,
                    _ => i64::try_from(rows.len()).expect("few"),
                };
                assert_eq!(row[figure], sum, "{figure} of {row}");
            }
        }
    }
}

/// Has what waits counted, as the worker does about each second.
pub fn merge(target: &Target) {
    let mut connection = target.connect(Use::Tool).expect("a connection");
    while connection.transaction(advocate_counts::merge).expect("some are merged") {}
}

/// Where a share is counted.
fn of_share(share: &Value) -> (String, String) {
    let placement = match share["placement"].as_str() {
        Some(declared) if DECLARED.contains(&declared) => declared,
        Some(_) => "(other)",
        None => "(none)",
    };
    (text(&share["channel"]), placement.to_owned())
}

/// Where what is credited so is counted.
fn place(shares: &[Value], credit: &Value) -> (String, String) {
    let share = shares.iter().find(|share| share["id"] == credit["share"]);
    match (share, credit["program"].as_str()) {
        (Some(share), _) => of_share(share),
        (None, Some(_)) => ("(code)".to_owned(), "(none)".to_owned()),
        (None, None) => ("(none)".to_owned(), "(none)".to_owned()),
    }
}

fn instant(at: &Value) -> i64 {
    text(at).parse::<DateTime<Utc>>().expect("an instant").timestamp_millis()
}

fn row_day(row: &Value) -> NaiveDate {
    text(&row["from"]).parse().expect("a day")
}

fn told_apart<K: Ord>(recount: &Recount, key: impl Fn(&(NaiveDate, String, String)) -> K) -> BTreeMap<K, Sums> {
    let mut sums: BTreeMap<K, Sums> = BTreeMap::new();
    for (place, figures) in recount {
        let of_key = sums.entry(key(place)).or_default();
        figures.iter().for_each(|(figure, many)| *of_key.entry(figure).or_default() += many);
    }
    sums
}

/// Every figure of every row is that of the recount, and no row is missing.
fn assert_same<K: Ord + std::fmt::Debug>(report: &Value, expected: &BTreeMap<K, Sums>, key: impl Fn(&Value) -> K) {
    let mut left: Vec<&K> =
        expected.iter().filter(|(_, sums)| sums.values().any(|many| *many != 0)).map(|(key, _)| key).collect();
    for row in elements(&report["data"]) {
        let key = key(&row);
        let sums = expected.get(&key).cloned().unwrap_or_default();
        for figure in FIGURES {
            assert_eq!(row[figure], sums.get(figure).copied().unwrap_or(0), "{figure} of {key:?}: {row}");
        }
        assert_eq!(row["unique_visits"], row["visits"], "each came once");
        left.retain(|other| **other != key);
    }
    assert!(left.is_empty(), "the report says nothing of {left:?}");
}

/// Everything in a list, page by page.
async fn all(shop: &TestShop, path: &str) -> Vec<Value> {
    let mark = if path.contains('?') { '&' } else { '?' };
    let (mut rows, mut after) = (Vec::new(), String::new());
    loop {
        let page = shop.get(&format!("{path}{mark}limit=200{after}")).await.ok();
        rows.extend(elements(&page["data"]));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return rows,
        }
    }
}
