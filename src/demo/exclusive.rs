//! The steps of an exclusive offer: it opens only to who arrives in private.

use anyhow::{anyhow, bail};
use serde_json::{Value, json};

use super::ask::{demand, text};
use super::eml::Part;
use super::walk::{CLEO, PHONE, Walk};

impl Walk<'_> {
    /// A fifth off, the first hundred, for who arrives by a messenger from somebody who has won a friend.
    pub(super) async fn make_offer(&mut self) -> anyhow::Result<()> {
        self.tell.say(
            "An offer that no coupon site can print: there is no code of it. Its conditions are read as sentences:",
        );
        let offer = json!({
            "name": "Für Eingeweihte", "status": "active", "program": self.program, "capacity": 100, "valid": {"days": 7},
            "reward": {"kind": "percent_off", "rate_bps": 2000, "max_amount": 5000},
            "conditions": [
                {"code": "messenger", "expression": "arrival.channel in [\"whatsapp\", \"signal\", \"telegram\"]"},
                {"code": "friend_won", "expression": "advocate.friends >= 1"},
            ],
        });
        let shown = ["/id", "/status", "/sentence/en", "/sentence/de", "/remaining"];
        let made = self.api()?.post("/v1/offers", offer, 201, &shown).await?;
        self.offer = text(&made, "/id")?.to_owned();
        Ok(())
    }

    fn ask(&self, token: &Value) -> Value {
        json!({"customer_details": {"email": CLEO, "name": "Cleo Weiß", "locale": "de"}, "evidence": {"token": token}})
    }

    /// Cleo comes by what Anna posted for everybody.
    pub(super) async fn refuse_public(&mut self) -> anyhow::Result<()> {
        self.tell.say("Anna also posted a link on Facebook. Who comes by that is told why not, in their own language:");
        let share = json!({"program": self.program, "customer": "c-7", "channel": "facebook"});
        let share = self.api()?.post("/v1/shares", share, 201, &["/channel", "/private"]).await?;
        let path = format!("/v1/offers/{}/check", self.offer);
        let shown = ["/eligible", "/conditions/*/code", "/conditions/*/met", "/conditions/*/message"];
        let check = self.api()?.post(&path, self.ask(&share["token"]), 200, &shown).await?;
        demand(&check, "/eligible", false)?;
        let path = format!("/v1/offers/{}/claims", self.offer);
        let refused = self.api()?.post(&path, self.ask(&share["token"]), 422, &["/code", "/detail"]).await?;
        demand(&refused, "/code", "not_eligible")
    }

    /// Cleo comes by the link that Anna sent her on WhatsApp.
    pub(super) async fn claim(&mut self) -> anyhow::Result<()> {
        self.tell.say(
            "Then Anna sends her the private link. Check and claim ask the same; the claim makes a voucher of her own:",
        );
        let url = text(&self.share, "/url")?;
        let (status, location, _) = self.api()?.open(url, PHONE, "Cleo's telephone").await?;
        let location = location.ok_or_else(|| anyhow!("the link led nowhere: {status}"))?;
        let landing = url::Url::parse(&location)?;
        let visit = landing.query_pairs().find(|(name, _)| name == "gv").map(|(_, value)| value.into_owned());
        let token = json!(visit.ok_or_else(|| anyhow!("{location} carries no gv"))?);
        let path = format!("/v1/offers/{}/check", self.offer);
        let check = self.api()?.post(&path, self.ask(&token), 200, &["/eligible", "/remaining"]).await?;
        demand(&check, "/eligible", true)?;
        let path = format!("/v1/offers/{}/claims", self.offer);
        let shown = ["/id", "/status", "/channel", "/advocate", "/voucher"];
        let claim = self.api()?.post(&path, self.ask(&token), 201, &shown).await?;
        demand(&claim, "/advocate", "c-7")?;
        let mail = self.mail_to(CLEO, 1).await?;
        self.tell.mail(&mail.data);
        let body = Part::read(&mail.data).find("text/plain").map(Part::text).unwrap_or_default();
        let code = body.lines().find_map(|line| line.strip_prefix("Ihr Code: "));
        self.code = code.ok_or_else(|| anyhow!("Cleo's mail shows no code"))?.to_owned();
        Ok(())
    }

    /// She redeems it, and nobody else could have.
    pub(super) async fn redeem_claim(&mut self) -> anyhow::Result<()> {
        self.tell.say("The code is hers alone: Ben cannot use it, she can, and the order is credited to Anna:");
        let cart = |who: Value| {
            let mut cart = json!({"codes": [self.code], "currency": "EUR", "amount": 6000, "order_id": "A-2001"});
            for (name, value) in who.as_object().into_iter().flatten() {
                cart[name] = value.clone();
            }
            cart
        };
        let hers = cart(json!({"customer_details": {"email": CLEO}}));
        let refused =
            self.api()?.post("/v1/redemptions", cart(json!({"customer": "c-42"})), 422, &["/code", "/detail"]);
        demand(&refused.await?, "/code", "voucher_foreign")?;
        let redeemed = self.api()?.post("/v1/redemptions", hers, 201, &["/id", "/discount", "/payable"]).await?;
        demand(&redeemed, "/discount", 1200)?;
        let order = json!({"order_id": "A-2001", "customer_details": {"email": CLEO}, "amount": 4800, "currency": "EUR", "paid": true});
        let shown = ["/status", "/attribution/method", "/attribution/advocate", "/attribution/private"];
        let order = self.api()?.post("/v1/conversions", order, 201, &shown).await?;
        if order.pointer("/attribution/advocate") != Some(&json!("c-7")) {
            bail!("the order is not credited to Anna: {order}");
        }
        Ok(())
    }
}
