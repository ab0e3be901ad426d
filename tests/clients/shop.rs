//! The miniature shop of `examples/shop`, as its customers use it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE, USER_AGENT};
use serde_json::json;

use super::server::{Server, block_on};
use super::tools::Tools;

/// The example's server; it ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only when it is gone already.
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// A customer's browser, which keeps the shop's cookie.
struct Browser<'a> {
    shop: &'a str,
    cookie: Option<String>,
}

impl Browser<'_> {
    /// Sends a form; answers what the shop says.
    fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        block_on(async {
            let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            let mut request = reqwest::Client::new().post(format!("{}{path}", self.shop)).body(form);
            if let Some(cookie) = &self.cookie {
                request = request.header(COOKIE, cookie);
            }
            let answer = request.send().await.expect("the shop answers");
            let cookie = said(answer.headers(), SET_COOKIE.as_str());
            self.cookie = cookie.split(';').next().map(str::to_owned);
            let page = answer.text().await.expect("a page");
            let message = page.split("<p id=\"message\">").nth(1).and_then(|rest| rest.split("</p>").next());
            message.expect("a message").to_owned()
        })
    }
}

/// Anna recommends, Ben comes by her link and buys for less, she gets a voucher and spends it, he sends it back.
pub fn the_shop_sells(server: &Server, tools: &Tools) {
    let shop = server.found("examples shop");
    shop.post(&server.url, "/v1/programs", &json!({
        "name": "Tell a friend", "slug": "friends", "status": "active", "landing_url": "https://shop.example/welcome",
        "rewards": [{"to": "friend", "on": "checkout", "kind": "percent_off", "rate_bps": 1000},
                    {"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 500}],
    }));
    let mut command = Command::new("node");
    command.arg(tools.javascript.join("dist/shop/shop.js"));
    command.env("GRAPEVINE_URL", &server.url).env("GRAPEVINE_KEY", &shop.key).stdout(Stdio::piped());
    let mut running = Running(command.spawn().expect("node runs"));
    let mut address = String::new();
    let output = running.0.stdout.take().expect("its output was asked for");
    BufReader::new(output).read_line(&mut address).expect("it says where it is");
    let browser = || Browser { shop: address.trim(), cookie: None };

    let mut anna = browser();
    assert_eq!(anna.send("/sign-up", &[("email", "anna@example.org")]), "Welcome!");
    let words = anna.send("/share", &[]).replace("<br>", " ");
    let link =
        words.split_whitespace().find(|word| word.starts_with("http")).unwrap_or_else(|| panic!("no link: {words}"));
    let landing = follow(link);
    let (_, token) =
        landing.query_pairs().find(|(name, _)| name == "gv").expect("the link leads to the shop with a mark");

    let mut ben = browser();
    ben.send("/welcome", &[("gv", &token)]);
    assert_eq!(ben.send("/cart", &[("sku", "mug")]), "Discount 1.49 €; to pay 13.41 €", "who he is nobody knows yet");
    assert_eq!(ben.send("/sign-up", &[("email", "ben@example.org")]), "Welcome! c-anna sent you.");
    let priced = ben.send("/cart", &[("sku", "beans"), ("code", "<NOBODY'S>")]);
    assert!(priced.starts_with("Discount 3.98 €; to pay 35.82 €; &#60;NOBODY&#39;S&#62;: "), "{priced}");
    let order = order_of(&ben.send("/checkout", &[]), "35.82 €");
    assert_eq!(ben.send("/pay", &[]), format!("Thank you! Order {order} is paid."));
    assert_eq!(ben.send("/pay", &[]), "There is nothing to pay.");

    shop.post(&server.url, "/v1/test/clock", &json!({"advance_days": 31}));
    let vouchers = shop.get(&server.url, "/v1/customers/c-anna/vouchers");
    let code = vouchers["data"][0]["code"].as_str().expect("Anna earned a voucher");
    assert_eq!(anna.send("/cart", &[("sku", "mug"), ("code", code)]), "Discount 5.00 €; to pay 9.90 €");
    let spent = order_of(&anna.send("/checkout", &[]), "9.90 €");
    assert_eq!(ben.send("/cart", &[("sku", "mug"), ("code", code)]).matches("to pay 14.90 €").count(), 1, "it is hers");
    assert_eq!(anna.send("/pay", &[]), format!("Thank you! Order {spent} is paid."));
    assert_eq!(shop.get(&server.url, &format!("/v1/redemptions?order_id={spent}"))["data"][0]["discount"], 500);

    let told = anna.send("/refund", &[("order", &spent)]);
    assert!(told.starts_with(&format!("Order {spent} is refunded")), "{told}");
    assert_eq!(shop.get(&server.url, "/v1/customers/c-anna/vouchers")["data"][0]["used"], 0, "the voucher came back");
    for asked in ["ben@example.org", &order] {
        let told = anna.send("/support", &[("q", asked)]);
        assert!(told.contains(&order), "{asked}: {told}");
    }
}

/// The number of an order that is to be paid.
fn order_of(said: &str, payable: &str) -> String {
    let order = said.strip_prefix("Order ").and_then(|rest| rest.strip_suffix(&format!(": to pay {payable}")));
    order.unwrap_or_else(|| panic!("{said}")).to_owned()
}

/// Where a link leads that is opened in a telephone.
fn follow(link: &str) -> url::Url {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1";
    let answer = block_on(client.get(link).header(USER_AGENT, agent).send()).expect("the server answers");
    said(answer.headers(), LOCATION.as_str()).parse().expect("it leads somewhere")
}

fn said(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}
