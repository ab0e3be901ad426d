//! The steps of the main path: share, order, reward, voucher by mail, redeemed.

use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use reqwest::Method;
use serde_json::{Value, json};

use super::ask::{Asker, Question, demand, text};
use super::eml::Part;
use super::receiver::{Mail, Receiver};
use super::teller::Teller;
use crate::decide::access::create_key::CreateKey;
use crate::engine::{Founding, Lane, NewShop, Request};
use crate::records::money::Currency;
use crate::records::scope::Scope;
use crate::records::shop::Mode;
use crate::records::text::{Locale, Name};
use crate::server::Server;
use crate::store::connection::Use;
use crate::store::verify::verify;

/// How long a mail is waited for.
const MAIL_TIME: Duration = Duration::from_secs(20);
/// What a person's telephone says of itself.
pub(super) const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                     Version/18.0 Mobile/15E148 Safari/604.1";
/// What WhatsApp's preview robot says of itself.
const ROBOT: &str = "WhatsApp/2.24.20.89 A";
const ANNA: &str = "anna@mail.example";
const BEN: &str = "ben@mail.example";
pub(super) const CLEO: &str = "cleo@mail.example";

/// A walk along the main path, with what the steps so far have made.
pub(super) struct Walk<'a> {
    server: &'a Server,
    receiver: &'a Receiver,
    pub(super) tell: &'a Teller,
    base: String,
    asker: Option<Asker<'a>>,
    secret: String,
    shop: String,
    pub(super) program: String,
    pub(super) share: Value,
    visit: String,
    pub(super) code: String,
    pub(super) offer: String,
    done: Vec<&'static str>,
}

macro_rules! steps {
    ( $walk:ident; $( $title:literal => $step:ident, )* ) => { $(
        $walk.tell.title($walk.done.len() + 1, $title);
        $walk.$step().await.with_context(|| format!("the step \"{}\" failed", $title))?;
        $walk.done.push($title);
    )* };
}

impl<'a> Walk<'a> {
    /// Before the first step.
    pub(super) fn new(server: &'a Server, receiver: &'a Receiver, tell: &'a Teller) -> Self {
        Self {
            base: format!("http://{}", server.address),
            server,
            receiver,
            tell,
            asker: None,
            secret: String::new(),
            shop: String::new(),
            program: String::new(),
            share: Value::Null,
            visit: String::new(),
            code: String::new(),
            offer: String::new(),
            done: Vec::new(),
        }
    }

    /// Walks to the end; fails with the name of the step that failed.
    pub(super) async fn go(&mut self) -> anyhow::Result<()> {
        let walk = self;
        steps! { walk;
            "A test shop and its key" => found,
            "The shop's settings" => set_up,
            "A program" => make_program,
            "Two customers" => make_customers,
            "Anna's code and her share on WhatsApp" => share,
            "WhatsApp's preview robot opens the link" => preview,
            "Ben opens the link" => visit,
            "Ben orders" => order,
            "Thirty days later" => wait,
            "Two voucher mails arrive" => read_mails,
            "Ben redeems his voucher" => redeem,
            "A second try is refused" => redeem_again,
            "An operator grants Anna a gift card" => grant,
            "An offer only for those who arrive in private" => make_offer,
            "Who arrives in public is told why not" => refuse_public,
            "Who arrives in private claims it, and a mail comes" => claim,
            "The claimed voucher is redeemed" => redeem_claim,
            "The books balance" => prove,
        }
        Ok(())
    }

    /// The titles of the steps that succeeded.
    pub(super) fn done(&self) -> &[&'static str] {
        &self.done
    }

    pub(super) fn api(&self) -> anyhow::Result<&Asker<'a>> {
        self.asker.as_ref().ok_or_else(|| anyhow!("the shop has no key yet"))
    }

    async fn found(&mut self) -> anyhow::Result<()> {
        self.tell.say("Shops and first keys are made on the command line; here by the same means. A test shop has a clock of its own:");
        let currency = Currency::parse("EUR").context("EUR")?;
        let new = NewShop {
            name: Name::parse("Kaffeehaus").map_err(|fault| anyhow!(fault))?,
            currency,
            mode: Mode::Test,
            locale: Locale::parse("de").map_err(|fault| anyhow!(fault))?,
            landing_hosts: vec!["shop.example".to_owned()],
            slug: None,
            country: None,
            time_zone: "Europe/Berlin".to_owned(),
            grant_approval_above: None,
            test_recipients: Vec::new(),
        };
        let (target, now) = (self.server.app.target.clone(), self.server.app.now());
        let shop = tokio::task::spawn_blocking(move || Founding::of(new, now).found(&target)).await??;
        let shop = shop.context("the shop has no slug")?;
        self.tell.line("  $ grapevine shop create Kaffeehaus --mode test --currency EUR --locale de --landing-host shop.example \\");
        self.tell.line("        --time-zone Europe/Berlin");
        self.tell.line(&format!("      {}  (slug {})", shop.id, shop.slug));
        let name = Name::parse("demo").map_err(|fault| anyhow!(fault))?;
        let key = CreateKey { name, scopes: Scope::ALL.to_vec(), rotates: None, giver: Scope::ALL.to_vec() };
        let given =
            self.server.app.engine.submit(Request { lane: Lane::Front, ..Request::system(shop.id, key) }).await?;
        let key: Value = serde_json::from_str(&given.answer.body)?;
        self.secret = text(&key, "/secret")?.to_owned();
        self.shop = shop.id.to_string();
        self.tell.line(&format!("  $ grapevine key create --shop {} --scope all", shop.slug));
        self.tell.line(&format!("      {}", self.secret));
        self.asker = Some(Asker::new(&self.base, &self.secret, self.tell)?);
        Ok(())
    }

    async fn set_up(&mut self) -> anyhow::Result<()> {
        self.tell.say("A test shop writes to nobody but its test recipients. PATCH names the version that was read:");
        let ask = |method, body, if_match| Question {
            method,
            path: "/v1/shop",
            body,
            status: 200,
            if_match,
            show: &["/name", "/mode", "/currency"],
        };
        let read = self.api()?.ask(ask(Method::GET, None, None)).await?;
        let change = json!({
            "home_url": "https://shop.example", "sender": {"name": "Kaffeehaus", "email": "hallo@shop.example"},
            "brand": {"color": "#6f4e37", "imprint": "Kaffeehaus GmbH, Lindenstraße 5, 10969 Berlin"},
            "locales": ["de", "en"], "test_recipients": [ANNA, BEN, CLEO],
        });
        self.api()?.ask(ask(Method::PATCH, Some(change), read.etag)).await?;
        Ok(())
    }

    async fn make_program(&mut self) -> anyhow::Result<()> {
        self.tell.say("Both sides are rewarded for a new customer's order of at least 20.00 EUR, once it has waited 30 days; amounts are in cents:");
        let program = json!({
            "name": "Weitersagen", "status": "active", "landing_url": "https://shop.example/welcome", "pending_days": 30,
            "qualifying": {"min_order_amount": 2000, "new_customers_only": true},
            "rewards": [{"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000},
                        {"to": "friend", "on": "conversion", "kind": "percent_off", "rate_bps": 1000, "max_amount": 1500}],
            "budget": {"amount": 100_000},
            "content": {"de": {"title": "Kaffee für Freunde", "terms_url": "https://shop.example/teilnahme"},
                        "en": {"title": "Coffee for friends", "terms_url": "https://shop.example/terms"}},
        });
        let made = self.api()?.post("/v1/programs", program, 201, &["/id", "/status", "/budget/left"]).await?;
        self.program = text(&made, "/id")?.to_owned();
        Ok(())
    }

    async fn make_customers(&mut self) -> anyhow::Result<()> {
        self.tell.say("Customers are known by the shop's own ids. Anna reads German, Ben reads English:");
        for (path, email, name, locale) in
            [("/v1/customers/c-7", ANNA, "Anna Müller", "de"), ("/v1/customers/c-42", BEN, "Ben Ward", "en")]
        {
            let body = Some(json!({"email": email, "name": name, "locale": locale}));
            let question = Question {
                method: Method::PUT,
                path,
                body,
                status: 201,
                if_match: None,
                show: &["/id", "/external_id"],
            };
            self.api()?.ask(question).await?;
        }
        Ok(())
    }

    async fn share(&mut self) -> anyhow::Result<()> {
        self.tell.say("A code that can be said aloud, and a link of its own for each place where she shares:");
        let path = format!("/v1/programs/{}/codes", self.program);
        self.api()?.post(&path, json!({"customer": "c-7"}), 201, &["/code", "/url"]).await?;
        let share = json!({"program": self.program, "customer": "c-7", "channel": "whatsapp", "locale": "de"});
        let shown = ["/id", "/url", "/text", "/send_url/mobile", "/private", "/status"];
        self.share = self.api()?.post("/v1/shares", share, 201, &shown).await?;
        Ok(())
    }

    async fn preview(&mut self) -> anyhow::Result<()> {
        let url = text(&self.share, "/url")?;
        let (status, _, page) = self.api()?.open(url, ROBOT, "WhatsApp's preview robot").await?;
        let titles = page
            .lines()
            .filter(|line| line.contains("og:title"))
            .map(|line| ("page".to_owned(), line.trim().to_owned()));
        self.tell.answer(status, &titles.take(1).collect::<Vec<_>>());
        if status != 200 || !page.contains("og:title") {
            bail!("the preview robot got no page to show: {status}");
        }
        self.tell
            .say("It gets a page to show in the chat. That counts as no visit, but the share is now known to be sent:");
        let share = self.counted().await?;
        demand(&share, "/status", "sent")?;
        demand(&share, "/counts/previews", 1)?;
        demand(&share, "/counts/visits", 0)
    }

    /// The share as it stands when every opening so far is written down.
    async fn counted(&self) -> anyhow::Result<Value> {
        self.server.app.links.settle().await;
        let path = format!("/v1/shares/{}", text(&self.share, "/id")?);
        self.api()?.get(&path, &["/status", "/counts"]).await
    }

    async fn visit(&mut self) -> anyhow::Result<()> {
        let url = text(&self.share, "/url")?;
        let (status, location, _) = self.api()?.open(url, PHONE, "Ben's telephone").await?;
        let location = location.ok_or_else(|| anyhow!("the link led nowhere: {status}"))?;
        self.tell.answer(status, &[("Location".to_owned(), location.clone())]);
        if status != 302 {
            bail!("the link was answered {status} instead of 302");
        }
        let landing = url::Url::parse(&location)?;
        let visit = landing.query_pairs().find(|(name, _)| name == "gv").map(|(_, value)| value.into_owned());
        self.visit = visit.ok_or_else(|| anyhow!("{location} carries no gv"))?;
        self.tell.say("He is sent on to the shop, without a cookie; the shop's page keeps `gv` for his order. The visit is counted:");
        demand(&self.counted().await?, "/counts/visits", 1)
    }

    async fn order(&mut self) -> anyhow::Result<()> {
        self.tell.say("The shop reports every order. This one brings the link's token as evidence:");
        let order = json!({"order_id": "A-1001", "customer": "c-42", "amount": 4990, "currency": "EUR", "paid": true,
                           "evidence": {"token": self.visit}});
        let shown = [
            "/id",
            "/status",
            "/pending_until",
            "/attribution/method",
            "/attribution/advocate",
            "/attribution/channel",
            "/rewards/*/to",
            "/rewards/*/status",
        ];
        let conversion = self.api()?.post("/v1/conversions", order, 201, &shown).await?;
        for (pointer, expected) in [
            ("/status", "pending"),
            ("/attribution/method", "token"),
            ("/attribution/advocate", "c-7"),
            ("/rewards/0/status", "pending"),
            ("/rewards/1/status", "pending"),
        ] {
            demand(&conversion, pointer, expected)?;
        }
        self.tell.say("It is credited to Anna's share. Both rewards wait until the goods can no longer be returned.");
        Ok(())
    }

    async fn wait(&mut self) -> anyhow::Result<()> {
        self.tell.say("The test shop's clock is moved forward; what becomes due is done when the answer comes:");
        self.api()?.post("/v1/test/clock", json!({"advance_days": 30}), 200, &["/now"]).await?;
        let rewards = self.api()?.get("/v1/rewards", &["/data/*/to", "/data/*/customer", "/data/*/status"]).await?;
        demand(&rewards, "/data/0/status", "issued")?;
        demand(&rewards, "/data/1/status", "issued")
    }

    pub(super) async fn mail_to(&self, address: &str, count: usize) -> anyhow::Result<Mail> {
        let mails = self.receiver.wait_for(address, count, MAIL_TIME).await;
        let mails = mails.ok_or_else(|| anyhow!("no mail came to {address} within {} s", MAIL_TIME.as_secs()))?;
        mails.last().cloned().ok_or_else(|| anyhow!("no mail came to {address}"))
    }

    async fn read_mails(&mut self) -> anyhow::Result<()> {
        self.tell.say("Issuing queued the mails in the same transaction; here they are as they came over SMTP. Anna's does not name Ben:");
        let anna = self.mail_to(ANNA, 1).await?;
        self.tell.mail(&anna.data);
        if anna.data.contains("Ben") {
            bail!("Anna's mail names her friend");
        }
        let ben = self.mail_to(BEN, 1).await?;
        self.tell.mail(&ben.data);
        let body = Part::read(&ben.data).find("text/plain").map(Part::text).unwrap_or_default();
        let code = body.lines().find_map(|line| line.strip_prefix("Your code: "));
        self.code = code.ok_or_else(|| anyhow!("Ben's mail shows no code"))?.to_owned();
        self.server.settle_mails().await;
        let messages = self.api()?.get("/v1/messages", &["/data/*/recipient", "/data/*/status"]).await?;
        demand(&messages, "/data/0/status", "sent")
    }

    fn cart(&self, order: Option<&str>) -> Value {
        let mut cart = json!({"codes": [self.code], "customer": "c-42", "currency": "EUR", "amount": 6000, "shipping_amount": 490,
                              "items": [{"id": "1", "sku": "beans", "quantity": 2, "amount": 6000}]});
        if let Some(order) = order {
            cart["order_id"] = order.into();
        }
        cart
    }

    async fn redeem(&mut self) -> anyhow::Result<()> {
        self.tell.say("The checkout asks what the cart comes to, which changes nothing, and then redeems:");
        let shown = ["/valid", "/discount", "/payable"];
        let checked = self.api()?.post("/v1/vouchers/check", self.cart(None), 200, &shown).await?;
        demand(&checked, "/discount", 600)?;
        let shown = ["/id", "/status", "/discount", "/payable"];
        let redeemed = self.api()?.post("/v1/redemptions", self.cart(Some("A-1002")), 201, &shown).await?;
        demand(&redeemed, "/status", "redeemed")?;
        demand(&redeemed, "/payable", 5890)
    }

    async fn redeem_again(&mut self) -> anyhow::Result<()> {
        let refused =
            self.api()?.post("/v1/redemptions", self.cart(Some("A-1003")), 409, &["/code", "/detail"]).await?;
        demand(&refused, "/code", "voucher_spent")
    }

    async fn grant(&mut self) -> anyhow::Result<()> {
        self.tell.say("People who work in the shop sign in with a password and have a role; this one may grant:");
        let password = "a long demo password";
        let operator = json!({"email": "olga@shop.example", "name": "Olga", "role": "manager", "password": password});
        self.api()?.post("/v1/operators", operator, 201, &["/id", "/role"]).await?;
        let login = json!({"email": "olga@shop.example", "password": password, "shop": self.shop});
        let token = self.api()?.post("/v1/operators/token", login, 200, &["/token_type", "/expires_in"]).await?;
        let olga = Asker::new(&self.base, text(&token, "/access_token")?, self.tell)?;
        let gift = json!({"customer": "c-7", "reward": {"kind": "gift_card", "amount": 1500}, "reason": "late parcel", "reference": "T-88"});
        let grant = olga.post("/v1/grants", gift, 201, &["/id", "/status", "/by/name"]).await?;
        demand(&grant, "/status", "given")?;
        let mail = self.mail_to(ANNA, 2).await?;
        let subject = Part::read(&mail.data).header("subject").unwrap_or_default().to_owned();
        self.tell.say(&format!("A third mail arrives: \"{subject}\"."));
        Ok(())
    }

    async fn prove(&mut self) -> anyhow::Result<()> {
        self.tell.say(
            "Every step of anything with a value was an entry with a debit and a credit. All of it is added up again:",
        );
        self.tell.line("  $ grapevine verify");
        let target = self.server.app.target.clone();
        let report = tokio::task::spawn_blocking(move || verify(&mut target.connect(Use::Tool)?, None)).await??;
        if !report.ok {
            bail!("the books do not balance: {}", report.problems.join(" "));
        }
        let checked: Vec<String> = report
            .checked
            .iter()
            .filter(|(_, rows)| **rows > 0)
            .map(|(table, rows)| format!("{rows} {table}"))
            .collect();
        self.tell.say(&format!("    ok: {}", checked.join(", ")));
        let audit = self.api()?.get("/v1/ledger/audit", &["/ok"]).await?;
        demand(&audit, "/ok", true)
    }

    /// How to go on by hand.
    pub(super) fn leave_running(&self) {
        let (base, secret) = (&self.base, &self.secret);
        self.tell.title(self.done.len() + 1, "Now you");
        self.tell.say("The server stays up until Ctrl-C. This key may do everything in the demo's shop; mails to Anna and Ben are shown here.");
        self.tell.line("");
        self.tell.line(&format!("  export URL={base} KEY={secret}"));
        self.tell.line("  curl -s -H \"Authorization: Bearer $KEY\" $URL/v1/rewards");
        self.tell.line("  curl -s -H \"Authorization: Bearer $KEY\" \"$URL/v1/events?after=0\"");
        self.tell.line("  curl -s -H \"Authorization: Bearer $KEY\" -H 'Content-Type: application/json' -H 'Idempotency-Key: my-1' \\");
        self.tell.line("       -d '{\"customer\": \"c-7\", \"reward\": {\"kind\": \"store_credit\", \"amount\": 500}, \"reason\": \"thanks\"}' $URL/v1/grants");
        self.tell.line(&format!("  the contract: {base}/openapi.yaml"));
    }
}
