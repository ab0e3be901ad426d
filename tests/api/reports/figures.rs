//! What reports say of a few orders, by hand.

use crate::reports::recount::merge;
use crate::support::*;

on_both!(
    each_channel_has_its_figures,
    a_funnel_holds_each_step_against_the_one_before,
    what_is_undone_is_undone_on_its_day,
    periods_are_divided_and_narrowed,
    placements_count_as_the_shop_has_declared_them,
    a_budget_says_what_a_kept_order_costs,
    a_chain_of_friends_has_its_cycle_and_its_cohort,
    advocates_are_ranked_by_what_they_brought,
    an_erasure_changes_no_figure,
    a_report_is_a_sheet_as_well,
    what_cannot_be_asked_for_is_refused,
);

const BROWSER: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
const WHATSAPP: &str = "WhatsApp/2.23.20.0 A";

/// A program without a wait, and shares of Anna's in two channels.
async fn shared(shop: &TestShop) -> [Value; 2] {
    shop.to_mid_month().await;
    let program = shop.program(json!({"pending_days": 0, "budget": {"amount": 100_000}})).await;
    shop.customer("anna").await;
    let share = async |channel: &str, placement: Value| {
        let share = json!({"program": program["id"], "customer": "anna", "channel": channel, "placement": placement});
        shop.post("/v1/shares", share).await.created()
    };
    [share("whatsapp", json!("footer")).await, share("signal", Value::Null).await]
}

async fn open(shop: &TestShop, share: &Value, agent: &str) {
    let link = format!("/s/{}", text(&share["token"]));
    shop.anonymous().get(&link).header("user-agent", agent).await;
    shop.settle_visits().await;
}

async fn order(shop: &TestShop, order: &str, evidence: Value) -> Value {
    let order = json!({"order_id": order, "customer": format!("friend-{order}"), "amount": 5_000, "currency": "EUR",
                       "evidence": evidence});
    shop.post("/v1/conversions", order).await.created()
}

fn by(share: &Value) -> Value {
    json!({"token": share["token"]})
}

/// The row of a channel.
fn row(report: &Value, name: &str, value: &Value) -> Value {
    let rows = elements(&report["data"]).into_iter().filter(|row| row[name] == *value).collect::<Vec<_>>();
    assert_eq!(rows.len(), 1, "{value}: {report}");
    rows[0].clone()
}

/// The figures of a row that are not nothing.
fn told(row: &Value) -> String {
    let names = [
        "shares_made",
        "shares_sent",
        "previews",
        "visits",
        "unique_visits",
        "referrals",
        "orders",
        "naked_orders",
        "approved",
        "kept",
        "revenue",
        "refunded",
        "discounts",
        "reward_cost",
        "redeemed",
    ];
    let told = names.iter().filter(|name| row[**name] != 0).map(|name| format!("{name} {}", row[*name]));
    told.collect::<Vec<_>>().join(", ")
}

/// How many rows the list of a figure has.
async fn rows_of(shop: &TestShop, row: &Value, figure: &str) -> usize {
    shop.list(row["rows_url"][figure].as_str().expect("a list")).await.len()
}

async fn each_channel_has_its_figures(shop: TestShop) {
    let [whatsapp, signal] = shared(&shop).await;
    open(&shop, &whatsapp, WHATSAPP).await;
    open(&shop, &whatsapp, BROWSER).await;
    open(&shop, &whatsapp, BROWSER).await;
    order(&shop, "1", by(&whatsapp)).await;
    order(&shop, "2", by(&signal)).await;
    let program = whatsapp["program"].clone();
    let code =
        shop.post(&format!("/v1/programs/{}/codes", text(&program)), json!({"customer": "anna"})).await.created();
    order(&shop, "3", json!({"code": code["code"]})).await;
    order(&shop, "4", json!({})).await;
    shop.post("/v1/conversions/4/refunds", json!({"refund_id": "r", "kind": "refund", "amount": 1_000}))
        .await
        .created();
    let report = shop.get("/v1/reports/channels").await.ok();
    let of = |channel: &str| row(&report, "channel", &json!(channel));
    assert_eq!(
        told(&of("whatsapp")),
        "shares_made 1, shares_sent 1, previews 1, visits 2, unique_visits 1, referrals 1, orders 1, naked_orders 1, \
         approved 1, kept 1, revenue 5000, reward_cost 1500"
    );
    assert_eq!(of("whatsapp")["private"], true);
    assert_eq!(of("whatsapp")["conversion_bps"], 10_000);
    assert_eq!(of("signal")["conversion_bps"], Value::Null, "nobody was seen to come");
    assert!(told(&of("signal")).ends_with("naked_orders 1, approved 1, kept 1, revenue 5000, reward_cost 1500"));
    assert_eq!(told(&of("(none)")), "orders 1, approved 1, kept 1, revenue 5000, refunded 1000");
    assert_eq!(of("(none)")["private"], Value::Null);
    assert_eq!(report["totals"]["orders"], 4);
    assert_eq!((&report["currency"], &report["interval"]), (&json!("EUR"), &Value::Null));
    for channel in ["whatsapp", "signal", "(none)"] {
        for figure in ["shares_made", "shares_sent", "referrals", "orders", "naked_orders", "approved", "kept"] {
            let row = of(channel);
            let rows = rows_of(&shop, &row, figure).await;
            // Shares have no channel that is none.
            let counted = row[figure].as_u64().expect("a count");
            assert_eq!(u64::try_from(rows).expect("few"), counted, "{channel} {figure} {row}");
        }
    }
    let defined: Vec<_> = elements(&report["definitions"]).iter().map(|one| text(&one["figure"])).collect();
    assert!(defined.contains(&"naked_orders".to_owned()) && defined.contains(&"conversion_bps".to_owned()));
    let only = shop.get("/v1/reports/channels?channel=signal").await.ok();
    assert_eq!((elements(&only["data"]).len(), &only["totals"]["orders"]), (1, &json!(1)));
    shop.books_balance().await;
}

async fn a_funnel_holds_each_step_against_the_one_before(shop: TestShop) {
    let [whatsapp, signal] = shared(&shop).await;
    for number in 0..4 {
        open(&shop, &whatsapp, &BROWSER.replace("17_5", &format!("17_{number}"))).await;
    }
    order(&shop, "1", by(&whatsapp)).await;
    order(&shop, "2", by(&signal)).await;
    order(&shop, "stranger", json!({})).await;
    shop.post("/v1/conversions/2/refunds", json!({"refund_id": "r", "kind": "refund"})).await.created();
    let report = shop.get("/v1/reports/funnel").await.ok();
    let steps: Vec<_> = elements(&report["data"])
        .iter()
        .map(|step| format!("{} {} of {}: {}", text(&step["step"]), step["count"], step["of_count"], step["rate_bps"]))
        .collect();
    assert_eq!(
        steps,
        [
            "sent 1 of 2: 5000",
            "opened 4 of 1: null",
            "referred 2 of 4: 5000",
            "ordered 2 of 2: 10000",
            "approved 2 of 2: 10000",
            "kept 1 of 2: 5000",
        ]
    );
    let kept = &report["data"][5];
    assert_eq!((&kept["low_bps"], &kept["high_bps"]), (&json!(945), &json!(9_055)), "Wilson's interval");
    for step in elements(&report["data"]) {
        let Some(list) = step["rows_url"].as_str() else {
            assert_eq!(step["step"], "opened");
            continue;
        };
        assert_eq!(shop.list(list).await.len() as u64, step["count"].as_u64().expect("a count"), "{step}");
    }
}

/// Ten days later all is undone; what is counted stays on the day of the order.
async fn what_is_undone_is_undone_on_its_day(shop: TestShop) {
    let [whatsapp, _] = shared(&shop).await;
    let first = order(&shop, "1", by(&whatsapp)).await;
    order(&shop, "2", by(&whatsapp)).await;
    let day = text(&first["occurred_at"])[..10].to_owned();
    shop.advance(10).await;
    shop.post("/v1/conversions/1/refunds", json!({"refund_id": "r", "kind": "refund"})).await.created();
    shop.post("/v1/conversions/2/cancelled", json!({})).await.ok();
    let report = shop.get(&format!("/v1/reports/channels?from={day}&to={day}&channel=whatsapp")).await.ok();
    assert_eq!(
        told(&report["data"][0]),
        "shares_made 1, referrals 2, orders 1, approved 1, revenue 5000, refunded 5000"
    );
    let later = shop.get("/v1/reports/channels?interval=day").await.ok();
    let days: Vec<_> = elements(&later["data"]).iter().map(|row| text(&row["from"])).collect();
    assert_eq!(days, [day.clone(), day.clone()], "nothing is counted on the day when it was undone");
    // Paid after all, it is the same day's order again.
    shop.post("/v1/conversions/2/paid", json!({})).await.ok();
    let again = shop.get(&format!("/v1/reports/channels?from={day}&to={day}")).await.ok();
    assert_eq!(again["totals"]["orders"], 2, "{again}");
    shop.books_balance().await;
}

async fn periods_are_divided_and_narrowed(shop: TestShop) {
    let [whatsapp, _] = shared(&shop).await;
    for day in 0..3 {
        order(&shop, &day.to_string(), by(&whatsapp)).await;
        shop.advance(20).await;
    }
    let ordered = |report: &Value| -> Vec<i64> {
        let rows = elements(&report["data"]).into_iter().filter(|row| row["step"] == "ordered");
        rows.map(|row| row["count"].as_i64().expect("a count")).collect()
    };
    let clock = shop.get("/v1/reports/funnel").await.ok();
    let to: chrono::NaiveDate = text(&clock["to"]).parse().expect("a day");
    assert_eq!(text(&clock["as_of"])[..10], to.to_string());
    assert_eq!(ordered(&clock).iter().sum::<i64>(), 1, "of the last thirty days");
    let period = format!("from={}&to={to}", to - chrono::Days::new(99));
    let months = shop.get(&format!("/v1/reports/funnel?{period}&interval=month")).await.ok();
    assert!(elements(&months["data"]).iter().all(|row| text(&row["from"])[..7] == text(&row["to"])[..7]));
    assert_eq!(ordered(&months).iter().sum::<i64>(), 3);
    assert!(ordered(&months).len() >= 4, "a part without orders is a part: {months}");
    let weeks = shop.get(&format!("/v1/reports/funnel?{period}&interval=week")).await.ok();
    assert_eq!(ordered(&weeks).iter().sum::<i64>(), 3);
    let other = shop.program(json!({"name": "Other", "slug": "other"})).await;
    let none = shop.get(&format!("/v1/reports/channels?{period}&program={}", text(&other["id"]))).await.ok();
    assert_eq!(elements(&none["data"]), Vec::<Value>::new());
}

async fn declare(shop: &TestShop, placements: Value) -> Value {
    let settings = shop.get("/v1/shop").await;
    shop.patch("/v1/shop", json!({"placements": placements})).if_match(&settings.etag()).await.ok()
}

async fn placements_count_as_the_shop_has_declared_them(shop: TestShop) {
    shop.to_mid_month().await;
    let program = shop.program(json!({"pending_days": 0})).await;
    for name in ["anna", "berta"] {
        shop.customer(name).await;
    }
    let share = async |name: &str, placement: Value| {
        let share = json!({"program": program["id"], "customer": name, "channel": "sms", "placement": placement});
        shop.post("/v1/shares", share).await.created()
    };
    let before = share("anna", json!("footer")).await;
    assert_eq!(declare(&shop, json!(["footer", "thanks", "footer"])).await["placements"], json!(["footer", "thanks"]));
    let footer = share("berta", json!("footer")).await;
    let told = share("anna", json!("asked by Ms Doe")).await;
    let nowhere = share("anna", Value::Null).await;
    for (number, share) in [&before, &footer, &footer, &told, &nowhere].into_iter().enumerate() {
        order(&shop, &number.to_string(), by(share)).await;
    }
    open(&shop, &footer, BROWSER).await;
    open(&shop, &told, WHATSAPP).await;
    order(&shop, "nobody's", json!({})).await;
    shop.post("/v1/conversions/2/cancelled", json!({})).await.ok();
    // What was counted at one stays there when it is taken from the list; what comes does not count at it.
    assert_eq!(declare(&shop, json!(["thanks"])).await["placements"], json!(["thanks"]));
    order(&shop, "late", by(&footer)).await;
    let again = json!({"program": program["id"], "customer": "anna", "channel": "sms", "placement": "footer"});
    let after = shop.post("/v1/shares", again).await.ok();
    assert_eq!(after["id"], before["id"], "it is the same share, and counts where it counted");
    let report = shop.get("/v1/reports/placements").await.ok();
    let of = |placement: &str| row(&report, "placement", &json!(placement));
    assert_eq!(
        told_of(&of("footer")),
        "shares_made 1, shares_sent 1, visits 1, unique_visits 1, referrals 3, orders 2, kept 2, reward_cost 3000"
    );
    assert_eq!(
        told_of(&of("(other)")),
        "shares_made 1, shares_sent 1, previews 1, referrals 1, orders 1, kept 1, reward_cost 1500"
    );
    assert_eq!(told_of(&of("(none)")), "shares_made 2, referrals 2, orders 2, kept 2, reward_cost 3000");
    assert_eq!(elements(&report["data"]).len(), 3, "{report}");
    for placement in ["footer", "(other)", "(none)"] {
        let row = of(placement);
        for figure in ["shares_made", "shares_sent", "referrals", "orders", "kept"] {
            assert_eq!(row[figure], rows_of(&shop, &row, figure).await, "{placement} {figure} {row}");
        }
        let rewards = shop.list(text(&row["rows_url"]["reward_cost"]).as_str()).await;
        let cost: i64 = rewards.iter().map(|reward| reward["cost_amount"].as_i64().expect("an amount")).sum();
        assert_eq!(row["reward_cost"], cost, "{placement}");
    }
    assert_eq!(report["totals"]["orders"], 5);
    shop.books_balance().await;
}

/// The figures of a row that have to do with where it is.
fn told_of(row: &Value) -> String {
    let besides = ["naked_orders", "approved", "revenue"];
    told(row)
        .split(", ")
        .filter(|figure| !besides.iter().any(|name| figure.starts_with(name)))
        .collect::<Vec<_>>()
        .join(", ")
}

async fn a_budget_says_what_a_kept_order_costs(shop: TestShop) {
    let [whatsapp, _] = shared(&shop).await;
    for name in ["1", "2"] {
        order(&shop, name, by(&whatsapp)).await;
    }
    shop.post("/v1/conversions/2/refunds", json!({"refund_id": "r", "kind": "refund"})).await.created();
    let report = shop.get("/v1/reports/budget").await.ok();
    let row = &report["data"][0];
    assert_eq!((&row["budget"], &row["used"], &row["left"]), (&json!(100_000), &json!(1_500), &json!(98_500)));
    assert_eq!((&row["orders"], &row["kept"]), (&json!(2), &json!(1)));
    assert_eq!((&row["reward_cost"], &row["cost_per_kept_order"]), (&json!(1_500), &json!(1_500)));
    assert_eq!(rows_of(&shop, row, "reward_cost").await, 2, "the other two were taken back");
    shop.get("/v1/reports/budget?interval=day").await.refused(422, "invalid_field");
}

/// Anna shares, Ben comes by it and shares on two days later, Cleo comes by that after three more; all order.
async fn a_chain_of_friends_has_its_cycle_and_its_cohort(shop: TestShop) {
    let [whatsapp, _] = shared(&shop).await;
    let program = whatsapp["program"].clone();
    let share = async |name: &str, parent: &Value| {
        let share = json!({"program": program, "customer": name, "channel": "sms", "parent_token": parent["token"]});
        shop.post("/v1/shares", share).await.created()
    };
    shop.advance(2).await;
    order(&shop, "ben", by(&whatsapp)).await;
    order(&shop, "benno", by(&whatsapp)).await;
    let bens = share("friend-ben", &whatsapp).await;
    let unsent = share("friend-benno", &whatsapp).await;
    assert_eq!(unsent["depth"], 2);
    open(&shop, &bens, WHATSAPP).await;
    shop.advance(8).await;
    order(&shop, "cleo", by(&bens)).await;
    let again = json!({"order_id": "cleo again", "customer": "friend-cleo", "amount": 100, "currency": "EUR"});
    shop.post("/v1/conversions", again).await.created();
    shop.post("/v1/conversions/benno/cancelled", json!({})).await.ok();
    let cycle = shop.get("/v1/reports/cycle").await.ok();
    let steps: Vec<_> = elements(&cycle["totals"])
        .iter()
        .map(|step| {
            let times = ["q1", "median", "q3"].map(|name| {
                let bound = |end: &str| step[format!("{name}_{end}_minutes")].to_string();
                format!("{} to {}", bound("from"), bound("to"))
            });
            format!("{} {}: {}", text(&step["step"]), step["count"], times.join(", "))
        })
        .collect();
    assert_eq!(
        steps,
        ["shared 1: 2880 to 4320, 2880 to 4320, 2880 to 4320", "ordered 2: 2880 to 4320, 2880 to 4320, 10080 to 14400"]
    );
    let cohorts = shop.get("/v1/reports/cohorts").await.ok();
    let rows = elements(&cohorts["data"]);
    assert_eq!(rows.len(), 36, "twelve months");
    let told: Vec<_> = rows[33..]
        .iter()
        .map(|row| {
            let [advocates, friends, k] = ["advocates", "friends", "k_bps"].map(|name| row[name].to_string());
            format!("{} days: {friends} of {advocates}, {k} {}", row["within_days"], row["comparable"])
        })
        .collect();
    // Anna and both friends share; of Anna came two by then, of whom one was cancelled and is known nevertheless.
    assert_eq!(told, ["7 days: 2 of 3, 6666 false", "30 days: 3 of 3, 10000 false", "90 days: 3 of 3, 10000 false"]);
    assert_eq!((&rows[35]["amplification_bps"], &rows[33]["amplification_bps"]), (&Value::Null, &json!(30_000)));
    assert_eq!(elements(&cohorts["totals"])[0]["advocates"], 0, "no month is comparable yet");
    for row in &rows[33..] {
        let friends = shop.list(row["rows_url"]["friends"].as_str().expect("a list")).await;
        assert_eq!(row["friends"], friends.len(), "{row}");
        let advocates = shop.list(row["rows_url"]["advocates"].as_str().expect("a list")).await;
        assert_eq!(row["advocates"], advocates.len(), "{row}");
    }
    shop.advance(120).await;
    let later = shop.get("/v1/reports/cohorts?format=json").await.ok();
    assert_eq!(elements(&later["totals"])[2]["friends"], 3);
    for (name, id) in [("anna", &whatsapp), ("friend-ben", &bens)] {
        shop.delete(&format!("/v1/customers/{name}")).await.accepted();
        shop.server().settle_jobs().await;
        assert_eq!(shop.get(&path("/v1/shares", &id["id"])).await.ok()["customer"], Value::Null);
    }
    let erased = shop.get("/v1/reports/cohorts").await.ok();
    assert_eq!(erased["data"], later["data"], "an erasure changes no figure");
    let sheet = shop.get("/v1/reports/cycle?format=csv").await;
    assert!(
        sheet.text().starts_with("from,to,step,count,q1_from_minutes,q1_to_minutes,median_from_minutes,"),
        "{sheet:?}"
    );
    shop.books_balance().await;
}

async fn advocates_are_ranked_by_what_they_brought(shop: TestShop) {
    let [annas, _] = shared(&shop).await;
    let program = text(&annas["program"]);
    let report = async |query: &str| shop.get(&format!("/v1/reports/advocates?program={program}{query}")).await.ok();
    shop.customer("berta").await;
    let share = json!({"program": program, "customer": "berta", "channel": "sms"});
    let bertas = shop.post("/v1/shares", share).await.created();
    let target = &shop.server().app.target;
    assert_eq!(elements(&report("").await["data"]), Vec::<Value>::new(), "nobody has brought anything");
    let first = order(&shop, "1", by(&annas)).await;
    for (name, share) in [("2", &annas), ("3", &bertas)] {
        order(&shop, name, by(share)).await;
    }
    let large = json!({"order_id": "4", "customer": "friend-3", "amount": 9_000, "currency": "EUR"});
    shop.post("/v1/conversions", large).await.created();
    shop.post("/v1/conversions/2/refunds", json!({"refund_id": "r", "kind": "refund"})).await.created();
    merge(target);
    let told = |report: &Value| {
        let row = |row: &Value| {
            let figures = ["referrals", "orders", "kept", "revenue", "refunded", "reward_cost"];
            let figures = figures.map(|figure| row[figure].to_string()).join(" ");
            format!("{}: {figures}", row["advocate"].as_str().unwrap_or("nobody"))
        };
        elements(&report["data"]).iter().map(row).collect::<Vec<_>>()
    };
    let all = report("").await;
    assert_eq!(told(&all), ["berta: 1 2 2 14000 0 1000", "anna: 2 2 1 10000 5000 1000"]);
    assert_eq!((&all["from"], &all["sort"], &all["next"]), (&Value::Null, &json!("revenue"), &Value::Null));
    assert_eq!(told(&report("&sort=referrals").await)[0], "anna: 2 2 1 10000 5000 1000");
    let month = text(&first["occurred_at"])[..7].to_owned();
    assert_eq!(told(&report(&format!("&month={month}")).await), told(&all));
    assert_eq!(told(&report("&month=2020-01").await), Vec::<String>::new());
    let page = report("&limit=1").await;
    let rest = report(&format!("&limit=1&after={}", text(&page["next"]))).await;
    assert_eq!([told(&page), told(&rest)].concat(), told(&all));
    let last = report(&format!("&limit=1&after={}", text(&rest["next"]))).await;
    assert_eq!((told(&last), &last["next"]), (Vec::new(), &Value::Null));
    for row in elements(&all["data"]) {
        for figure in ["referrals", "orders"] {
            assert_eq!(row[figure], rows_of(&shop, &row, figure).await, "{figure} {row}");
        }
    }
    shop.post("/v1/conversions/4/cancelled", json!({})).await.ok();
    merge(target);
    assert_eq!(told(&report("").await)[0], "anna: 2 2 1 10000 5000 1000");
    shop.delete("/v1/customers/anna").await.accepted();
    shop.server().settle_jobs().await;
    merge(target);
    let erased = report("").await;
    assert_eq!(told(&erased)[0].split(' ').take(6).collect::<Vec<_>>().join(" "), "nobody: 2 2 1 10000 5000");
    assert_eq!(erased["data"][0]["erased"], true);
    let sheet = shop.get(&format!("/v1/reports/advocates?program={program}&format=csv")).await;
    assert!(sheet.text().starts_with("advocate,advocate_id,erased,referrals,orders,kept,revenue,"), "{sheet:?}");
    let refused = [
        ("", "invalid_field", "?program"),
        ("program=nowhere", "program_unknown", "?program"),
        ("program=P&month=2026", "invalid_field", "?month"),
        ("program=P&month=2026-13", "invalid_field", "?month"),
        ("program=P&sort=luck", "invalid_field", "?sort"),
        ("program=P&limit=101", "invalid_field", "?limit"),
        ("program=P&after=x", "invalid_field", "?after"),
        ("program=P&from=2026-01-01", "invalid_field", "?from"),
    ];
    for (query, code, pointer) in refused {
        let query = query.replace('P', &program);
        let refused = shop.get(&format!("/v1/reports/advocates?{query}")).await.refused(422, code);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    shop.books_balance().await;
}

async fn an_erasure_changes_no_figure(shop: TestShop) {
    let [whatsapp, _] = shared(&shop).await;
    open(&shop, &whatsapp, WHATSAPP).await;
    open(&shop, &whatsapp, BROWSER).await;
    order(&shop, "1", by(&whatsapp)).await;
    shop.post("/v1/conversions/1/refunds", json!({"refund_id": "r", "kind": "refund", "amount": 100})).await.created();
    let figures = async |report: &str| shop.get(&format!("/v1/reports/{report}")).await.ok()["data"].clone();
    let before = [figures("channels").await, figures("funnel").await];
    for customer in ["anna", "friend-1"] {
        shop.delete(&format!("/v1/customers/{customer}")).await.accepted();
        shop.server().settle_jobs().await;
    }
    let after = [figures("channels").await, figures("funnel").await];
    assert_eq!(told(&after[0][0]).split(", reward_cost").next(), told(&before[0][0]).split(", reward_cost").next());
    assert_eq!(after[1], before[1]);
    shop.books_balance().await;
}

async fn a_report_is_a_sheet_as_well(shop: TestShop) {
    let [whatsapp, _] = shared(&shop).await;
    order(&shop, "1", by(&whatsapp)).await;
    let sheet = shop.get("/v1/reports/channels?format=csv&channel=whatsapp").await;
    let lines: Vec<_> = sheet.text().lines().collect();
    assert!(lines[0].starts_with("from,to,channel,private,shares_made,shares_sent,previews,"), "{lines:?}");
    assert_eq!(lines.len(), 2);
    assert!(lines[1].contains(",whatsapp,true,1,"), "{lines:?}");
    let funnel = shop.get("/v1/reports/funnel").header("accept", "text/csv").await;
    assert!(funnel.text().starts_with("from,to,step,count,of,of_count,rate_bps,"), "{funnel:?}");
}

async fn what_cannot_be_asked_for_is_refused(shop: TestShop) {
    let table = [
        ("from=2026-11-30&to=2026-11-29", "invalid_field", "?to"),
        ("from=2010-01-01&to=2020-01-01", "invalid_field", "?from"),
        ("from=2026-02-30", "invalid_field", "?from"),
        ("from=2026-11-30T10:00:00Z", "invalid_field", "?from"),
        ("to=yesterday", "invalid_field", "?to"),
        ("interval=hour", "invalid_field", "?interval"),
        ("from=2020-01-01&to=2026-01-01&interval=day", "invalid_field", "?interval"),
        ("program=nowhere", "program_unknown", "?program"),
        ("channel=pigeon", "channel_unknown", "?channel"),
        ("day=1", "invalid_field", "?day"),
    ];
    for report in ["funnel", "channels", "placements"] {
        for (query, code, pointer) in table {
            let refused = shop.get(&format!("/v1/reports/{report}?{query}")).await.refused(422, code);
            assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
        }
        for channel in ["(code)", "(none)", "whatsapp"] {
            shop.get(&format!("/v1/reports/{report}?channel={channel}")).await.ok();
        }
    }
    for report in ["cycle", "cohorts"] {
        for (query, code, pointer) in table.into_iter().filter(|(query, ..)| !query.contains("interval=day")) {
            let refused = shop.get(&format!("/v1/reports/{report}?{query}")).await;
            let code = if query.starts_with("channel") { "invalid_field" } else { code };
            assert_eq!(refused.refused(422, code)["errors"][0]["pointer"], pointer, "{query}");
        }
        shop.get(&format!("/v1/reports/{report}?channel=sms")).await.refused(422, "invalid_field");
        shop.get(&format!("/v1/reports/{report}?interval=month")).await.refused(422, "invalid_field");
    }
    shop.get("/v1/referrals?within_days=8").await.refused(422, "invalid_field");
    for unbuilt in ["screening", "nothing"] {
        shop.get(&format!("/v1/reports/{unbuilt}")).await.refused(404, "not_found");
    }
    shop.key(&["shop:read"]).await.get("/v1/reports/funnel").await.refused(403, "forbidden");
    shop.get("/v1/conversions?counted=false").await.refused(422, "invalid_field");
}
