//! Why her, and why not me: what happened, and what one conversion says of it, in words.

use crate::support::*;

on_both!(
    opened_on_the_phone_and_ordered_on_the_laptop_by_code,
    two_advocates_one_link_one_code,
    the_window_was_over,
    her_own_link,
    a_friend_sent_on_what_a_friend_had_sent,
    a_code_on_a_napkin_and_no_link_at_all,
    claimed_first_and_ordered_weeks_later,
    an_operator_corrects_it,
    marks_that_prove_nothing_say_why,
    a_link_of_somebody_who_was_not_logged_in,
);

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";

/// A town where people recommend a shop to each other.
struct Town {
    shop: TestShop,
    program: Value,
}

async fn town(shop: TestShop) -> Town {
    let program = shop.program(json!({"pending_days": 0})).await;
    Town { shop, program }
}

impl Town {
    /// Somebody shares on WhatsApp; `after` is what they came with themselves.
    async fn shares(&self, who: &str, after: Option<&str>) -> Value {
        self.shop.customer(who).await;
        let share =
            json!({"program": self.program["id"], "customer": who, "channel": "whatsapp", "parent_token": after});
        self.shop.post("/v1/shares", share).await.created()
    }

    /// Somebody gets a code to pass on.
    async fn code(&self, who: &str, code: &str) -> String {
        self.shop.customer(who).await;
        let codes = format!("{}/codes", path("/v1/programs", &self.program["id"]));
        text(&self.shop.post(&codes, json!({"customer": who, "code": code})).await.created()["code"])
    }

    /// Somebody taps the link on a telephone: what the landing page's address then says.
    async fn opens(&self, share: &Value) -> String {
        let link = format!("/s/{}", text(&share["token"]));
        let answer = self.shop.anonymous().get(&link).header("user-agent", PHONE).await;
        self.shop.settle_visits().await;
        let query = answer.found().split("gv=").nth(1).and_then(|rest| rest.split('&').next()).map(str::to_owned);
        query.expect("evidence")
    }

    /// Somebody orders.
    async fn orders(&self, who: &str, evidence: Value) {
        let order = json!({"order_id": format!("of-{who}"), "customer": who, "amount": 4990, "currency": "EUR", "evidence": evidence});
        self.shop.post("/v1/conversions", order).await.created();
    }

    /// What is said of somebody's order.
    async fn told(&self, who: &str) -> Told {
        let order = self.shop.get(&format!("/v1/conversions/of-{who}")).await.ok();
        let credit = &order["attribution"];
        let german = text(&credit["sentence"]["de"]);
        assert!(german.starts_with(&format!("Bestellung of-{who} wird ")), "{german}");
        let losers = elements(&credit["considered"]);
        assert!(losers.iter().all(|loser| text(&loser["sentence"]["de"]).contains(" zählt")), "{losers:?}");
        Told {
            by: text(&credit["method"]),
            advocate: credit["advocate"].as_str().map(str::to_owned),
            sentence: text(&credit["sentence"]["en"]),
            why_not: losers.iter().map(|loser| text(&loser["sentence"]["en"])).collect(),
        }
    }
}

/// What a conversion tells.
#[derive(Debug)]
struct Told {
    by: String,
    advocate: Option<String>,
    sentence: String,
    why_not: Vec<String>,
}

impl Told {
    #[track_caller]
    fn says(&self, by: &str, advocate: Option<&str>, sentence: &str, why_not: &[&str]) {
        assert_eq!((self.by.as_str(), self.advocate.as_deref()), (by, advocate), "{self:?}");
        assert_eq!(self.sentence, sentence);
        assert_eq!(self.why_not, why_not);
    }
}

async fn opened_on_the_phone_and_ordered_on_the_laptop_by_code(shop: TestShop) {
    let town = town(shop).await;
    let link = town.shares("anna", None).await;
    let code = town.code("anna2", "ANNA-7K2M").await;
    // Ben taps Anna's link on his phone; in the evening he orders on his laptop, which knows nothing of it.
    town.opens(&link).await;
    town.orders("ben", json!({ "code": code })).await;
    town.told("ben").await.says(
        "code",
        Some("anna2"),
        "Order of-ben is credited to anna2 (Weitersagen): the code of anna2 came with it.",
        &[],
    );
}

async fn two_advocates_one_link_one_code(shop: TestShop) {
    let town = town(shop).await;
    let (link, code) = (town.shares("anna", None).await, town.code("zoe", "ZOE-1234").await);
    let mark = town.opens(&link).await;
    town.orders("ben", json!({"token": mark, "code": code})).await;
    town.told("ben").await.says(
        "code",
        Some("zoe"),
        "Order of-ben is credited to zoe (Weitersagen): the code of zoe came with it.",
        &["The link of anna (Weitersagen) did not count: a code that comes with the order counts for more."],
    );
}

async fn the_window_was_over(shop: TestShop) {
    let town = town(shop).await;
    let mark = town.opens(&town.shares("anna", None).await).await;
    town.shop.advance(91).await;
    town.orders("ben", json!({ "token": mark })).await;
    town.told("ben").await.says(
        "none",
        None,
        "Order of-ben is credited to nobody: nothing of what came with it counts.",
        &["The link of anna (Weitersagen) did not count: the link was opened too long ago."],
    );
}

async fn her_own_link(shop: TestShop) {
    let town = town(shop).await;
    let mark = town.opens(&town.shares("anna", None).await).await;
    town.orders("anna", json!({ "token": mark })).await;
    town.told("anna").await.says(
        "none",
        None,
        "Order of-anna is credited to nobody: nothing of what came with it counts.",
        &["The link of anna (Weitersagen) did not count: one cannot recommend oneself."],
    );
}

async fn a_friend_sent_on_what_a_friend_had_sent(shop: TestShop) {
    let town = town(shop).await;
    let annas = town.opens(&town.shares("anna", None).await).await;
    // Ben came by Anna's link, liked it, and shares it himself; Carl comes by Ben's.
    let bens = town.opens(&town.shares("ben", Some(&annas)).await).await;
    town.orders("carl", json!({ "token": bens })).await;
    town.told("carl").await.says(
        "token",
        Some("ben"),
        "Order of-carl is credited to ben (Weitersagen): who ordered came by the link that ben shared (WhatsApp). \
         It was opened moments before the order, as its mark proves. ben had come by somebody else's link and shared \
         on: this is hand 2 of its chain. Only who shared last is credited.",
        &[],
    );
    let rewards = town.shop.list("/v1/rewards").await;
    assert!(rewards.iter().all(|reward| reward["customer"] != "anna"), "deeper hands are never paid");
}

async fn a_code_on_a_napkin_and_no_link_at_all(shop: TestShop) {
    let town = town(shop).await;
    let code = town.code("anna", "ANNA-7K2M").await;
    let typed = code.to_lowercase().replace('-', " ");
    town.orders("ben", json!({ "code": typed })).await;
    town.told("ben").await.says(
        "code",
        Some("anna"),
        "Order of-ben is credited to anna (Weitersagen): the code of anna came with it.",
        &[],
    );
    town.orders("carl", json!({"code": "ANNA-7K2"})).await;
    town.told("carl").await.says(
        "none",
        None,
        "Order of-carl is credited to nobody: nothing of what came with it counts.",
        &["The code that came with it did not count: this shop has no such code."],
    );
}

async fn claimed_first_and_ordered_weeks_later(shop: TestShop) {
    let town = town(shop).await;
    let offer = json!({
        "name": "Für Eingeweihte", "status": "active", "program": town.program["id"], "valid": {"days": 60},
        "reward": {"kind": "percent_off", "rate_bps": 2000, "max_amount": 5000},
    });
    let offer = town.shop.post("/v1/offers", offer).await.created();
    let mark = town.opens(&town.shares("anna", None).await).await;
    for friend in ["ben", "carl"] {
        town.shop.customer(friend).await;
        let claim = json!({"customer": friend, "evidence": {"token": mark}});
        town.shop.post(&format!("{}/claims", path("/v1/offers", &offer["id"])), claim).await.created();
    }
    town.shop.advance(21).await;
    // Weeks later the browser has forgotten everything. Ben does not even use his voucher.
    town.orders("ben", json!({})).await;
    town.told("ben").await.says(
        "referral",
        Some("anna"),
        "Order of-ben is credited to anna (Weitersagen): anna had recommended the shop to who ordered before \
         (WhatsApp). That was 21 days before the order.",
        &[],
    );
    // Carl does, and comes by Zoe's link as he orders: who gave the discount has the credit.
    let zoes = town.opens(&town.shares("zoe", None).await).await;
    let claims = town.shop.list("/v1/claims?customer=carl").await;
    let voucher = town.shop.get(&path("/v1/vouchers", &claims[0]["voucher"])).await.ok();
    let order = json!({"order_id": "of-carl", "customer": "carl", "amount": 5000, "currency": "EUR",
        "evidence": {"token": zoes}, "redeem": {"codes": [voucher["code"]]}});
    town.shop.post("/v1/conversions", order).await.created();
    let told = town.told("carl").await;
    told.says(
        "voucher",
        Some("anna"),
        "Order of-carl is credited to anna (Weitersagen): a discount or voucher of anna was redeemed in this very \
         order.",
        &["The link of zoe (Weitersagen) did not count: who gives a discount in the very order comes first."],
    );
}

async fn an_operator_corrects_it(shop: TestShop) {
    let town = town(shop).await;
    let mark = town.opens(&town.shares("anna", None).await).await;
    town.shop.customer("zoe").await;
    town.orders("ben", json!({ "token": mark })).await;
    assert_eq!(town.told("ben").await.advocate.as_deref(), Some("anna"));
    let who = json!({"advocate": "zoe", "program": town.program["id"], "reason": "Ben showed us the chat"});
    town.shop.post("/v1/conversions/of-ben/attribute", who).await.ok();
    town.told("ben").await.says(
        "operator",
        Some("zoe"),
        "Order of-ben is credited to zoe (Weitersagen): an operator decided so.",
        &["The link of anna (Weitersagen) did not count: an operator decided otherwise."],
    );
}

async fn marks_that_prove_nothing_say_why(shop: TestShop) {
    let town = town(shop).await;
    let mark = town.opens(&town.shares("anna", None).await).await;
    let (token, visit) = mark.split_at(11);
    let other = town.opens(&town.shares("zoe", None).await).await;
    let another = town.shop.another().await;
    let foreign = another.share(&another.program(json!({})).await, "anna").await;
    town.shop.advance(91).await;
    let others_visit = format!("{token}{}", &other[11..]);
    let made_up = format!("{token}{}{}", &visit[..1], "A".repeat(20));
    let forged = "The link of anna (Weitersagen) did not count: its mark is not as we made it and proves no visit, \
                  and without one it is too old.";
    let unknown = "The link that came with it did not count: this shop has no such link; it is another shop's, made \
                   up, or a part of one.";
    let unreadable = "The link that came with it did not count: it is too long or cannot be read, so nothing of it \
                      was looked at.";
    let table = [
        ("a", made_up.as_str(), forged, "forged"),
        ("b", &others_visit, forged, "forged"),
        ("c", &text(&foreign["token"]), unknown, "absent"),
        ("d", &token[1..], unknown, "absent"),
        ("e", &"x".repeat(2_001), unreadable, "unreadable"),
        (
            "f",
            token,
            "The link of anna (Weitersagen) did not count: no genuine mark proves a visit, and the link was last \
             opened too long ago.",
            "absent",
        ),
    ];
    for (friend, evidence, why, seen) in table {
        town.shop.customer(friend).await;
        town.orders(friend, json!({ "token": evidence })).await;
        town.told(friend).await.says(
            "none",
            None,
            &format!("Order of-{friend} is credited to nobody: nothing of what came with it counts."),
            &[why],
        );
        let order = town.shop.get(&format!("/v1/conversions/of-{friend}")).await.ok();
        assert_eq!(order["attribution"]["considered"][0]["mark"], seen, "{evidence}");
    }
    // A link that is opened still counts without its mark, and it is said from when.
    let fresh = town.opens(&town.shares("yann", None).await).await;
    town.shop.advance(3).await;
    town.orders("g", json!({ "token": format!("{}x", fresh) })).await;
    town.told("g").await.says(
        "token",
        Some("yann"),
        "Order of-g is credited to yann (Weitersagen): who ordered came by the link that yann shared (WhatsApp). No \
         genuine mark proves a visit, so it counts from when the link was last opened: 3 days before the order.",
        &[],
    );
}

async fn a_link_of_somebody_who_was_not_logged_in(shop: TestShop) {
    let town = town(shop).await;
    let share = json!({"program": town.program["id"], "channel": "copy"});
    let mark = town.opens(&town.shop.post("/v1/shares", share).await.created()).await;
    town.orders("ben", json!({ "token": mark })).await;
    town.told("ben").await.says(
        "none",
        None,
        "Order of-ben is credited to nobody: nothing of what came with it counts.",
        &["The link that came with it did not count: whoever shared it was not logged in, and nobody has adopted it."],
    );
    town.orders("carl", json!({})).await;
    town.told("carl").await.says(
        "none",
        None,
        "Order of-carl is credited to nobody: nothing came with it that recommends the shop, and nobody had \
         recommended it before.",
        &[],
    );
}
