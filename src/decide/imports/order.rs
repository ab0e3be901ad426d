//! An order of an import: it makes its person known as somebody who has ordered before.

use serde::Deserialize;

use crate::decide::checkout::cart::Item;
use crate::decide::draft::Draft;
use crate::decide::imports::taken::Taken;
use crate::decide::input::again::same_content;
use crate::decide::input::own_name::check_order_id;
use crate::decide::orders::order_items::ordered;
use crate::decide::orders::record_conversion::check_time;
use crate::decide::people::customer::{CustomerDetails, Found, find, keep};
use crate::decide::people::person::{self, is_same_customer, orders_subject};
use crate::records::conversion::ConversionStatus;
use crate::records::money::{Amount, Currency};
use crate::records::program::ORDER;
use crate::records::text::{Email, Locale, Phone, Reference, Slug, Text};
use crate::records::typed::typed;
use crate::records::{Conversion, Customer, Json, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// An order of the past. It is recorded as approved long ago and credited to nobody.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderLine {
    /// The shop's id of the order.
    pub order_id: Reference,
    /// When it was ordered.
    pub occurred_at: Timestamp,
    /// Goods, VAT included, after discounts, minor units.
    pub amount: Amount,
    /// The order's currency; left out: the shop's.
    pub currency: Option<Currency>,
    /// Shipping, minor units.
    #[serde(default)]
    pub shipping_amount: Amount,
    /// `order` unless said otherwise.
    pub kind: Option<Slug>,
    /// Who ordered: `external_id` or `cus_…`; left out: a guest, if he gave an address.
    pub customer: Option<Reference>,
    /// His address for mails.
    #[serde(default, deserialize_with = "typed")]
    pub email: Option<Email>,
    /// His phone number.
    #[serde(default, deserialize_with = "typed")]
    pub phone: Option<Phone>,
    /// His full name.
    #[serde(default, deserialize_with = "typed")]
    pub name: Option<Text<1, 200>>,
    /// His language.
    #[serde(default, deserialize_with = "typed")]
    pub locale: Option<Locale>,
    /// Whether it was cancelled, or wholly sent back: then it does not count as an order.
    #[serde(default)]
    pub cancelled: bool,
    /// What was ordered.
    #[serde(default)]
    pub items: Vec<Item>,
}

impl OrderLine {
    /// Decides the line.
    pub fn take(&self, draft: &mut Draft<'_>) -> Result<Taken, Stop> {
        let currency = self.currency.unwrap_or(draft.shop.currency);
        let earlier = draft.find(&Conversion::BY_ORDER, &self.order_id);
        let found = self.orderer(draft);
        if let Some(earlier) = earlier? {
            return self.again(draft, &earlier, currency, found);
        }
        self.check(draft)?;
        let (found, items) = (found?, ordered(&self.items)?);
        let customer = found.map(|found| keep(draft, found)).transpose()?;
        let mut counted_in = None;
        let mut conversion = self.conversion(draft, customer.as_deref(), currency);
        if let Some(customer) = &customer {
            let person = person::of(draft, customer)?;
            if !self.cancelled {
                person::add(draft, &person, orders_subject, None)?;
                conversion.counted_in = Some(orders_subject(person.id));
                counted_in = Some(orders_subject(person.id));
            }
        }
        draft.save(Conversion { counted_in, items: Json(items), ..conversion });
        Ok(Taken::News)
    }

    /// Who ordered, as the line tells it; `None`: it names nobody.
    fn orderer(&self, draft: &Draft<'_>) -> Result<Option<Found>, Stop> {
        let details = self.details();
        if self.customer.is_none() && details.is_none() {
            return Ok(None);
        }
        find(draft, self.customer.as_deref(), Some(&details.unwrap_or_default()), "/customer")
    }

    /// The same order again is known; what the line leaves out is as it was.
    fn again(
        &self,
        draft: &Draft<'_>,
        earlier: &Conversion,
        currency: Currency,
        found: Result<Option<Found>, Stop>,
    ) -> Result<Taken, Stop> {
        let found = found.map(|found| found.map(|found| found.customer));
        let is_theirs = matches!(found, Ok(None)) || is_same_customer(draft, earlier.customer, found)?;
        let what = format!("Order {} of {} {}", earlier.order_id, earlier.amount, earlier.currency);
        let parts = [
            ("/amount", [earlier.amount, earlier.reported_amount].contains(&self.amount.0)),
            ("/currency", earlier.currency == currency),
            ("/customer", is_theirs),
        ];
        same_content(Code::OrderDiffers, &what, &parts)?;
        Ok(Taken::Known)
    }

    fn check(&self, draft: &Draft<'_>) -> Result<(), Rejection> {
        check_order_id(&self.order_id)?;
        check_time(draft, Some(self.occurred_at), "/occurred_at")?;
        let has_address = self.email.is_some() || self.phone.is_some();
        if self.customer.is_none() && !has_address && (self.name.is_some() || self.locale.is_some()) {
            let detail = "a guest is known by an email or a phone; add one, name the customer, or leave the name out";
            return Err(Rejection::field("/email", detail));
        }
        Ok(())
    }

    /// What the line tells of the one who ordered, if anything.
    fn details(&self) -> Option<CustomerDetails> {
        let details = CustomerDetails {
            email: self.email.clone(),
            phone: self.phone.clone(),
            name: self.name.clone(),
            locale: self.locale.clone(),
        };
        (details != CustomerDetails::default()).then_some(details)
    }

    fn conversion(&self, draft: &Draft<'_>, customer: Option<&Customer>, currency: Currency) -> Conversion {
        let worth = (self.amount.0, currency);
        let blank = Conversion::blank(draft.new_id("cnv"), draft.shop.id, &self.order_id, worth, draft.at());
        let happened = |is_so: bool| is_so.then_some(self.occurred_at);
        Conversion {
            customer: customer.map(|customer| customer.id),
            customer_ref: customer.and_then(|customer| customer.external_id.clone()),
            status: if self.cancelled { ConversionStatus::Cancelled } else { ConversionStatus::Approved },
            kind: self.kind.as_deref().unwrap_or(ORDER).to_owned(),
            imported: true,
            shipping_amount: self.shipping_amount.0,
            occurred_at: self.occurred_at,
            paid_at: happened(!self.cancelled),
            cancelled_at: happened(self.cancelled),
            approved_at: happened(!self.cancelled),
            ..blank
        }
    }
}
