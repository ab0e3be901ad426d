//! Reports of how things stand now: what offers gave, and what is owed.

use std::collections::HashMap;

use super::answer::answer;
use super::asked::not_counted;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::Call;
use crate::decide::programs::program;
use crate::records::money::Currency;
use crate::records::offer::{
    OfferStatus, claims_subject, offer_account, offer_orders_subject, offer_redeemed_subject, offer_revenue_subject,
};
use crate::records::{Account, Id, Offer, Tally};
use crate::store::owed::records;
use crate::store::queries::records::{Filter, Part, get_all, list};
use crate::store::{Connection, StoreResult};
use crate::views::report::StandingView;
use crate::views::report::offers::{self, OfferFigures, offer};
use crate::views::report::owed::{self, liability};

/// Offers that a report shows, the newest.
const OFFERS: usize = 1_000;

pub(in crate::api) async fn get_offers_report(call: Call) -> Result<Reply, Problem> {
    let format = call.format()?;
    let program = call.query().text("program").map(str::to_owned);
    let filter = Filter::new().status(call.query().word("status", OfferStatus::WORDS)?, OfferStatus::Ended.as_str());
    call.query().refuse_unknown()?;
    let known = call.dry_run(move |draft| {
        let program = program.as_deref().map(|name| program::known(draft, name, "?program")).transpose()?;
        Ok((program.map(|program| program.id), draft.shop.currency, draft.at()))
    });
    let (program, currency, as_of) = known.await?;
    let filter = filter.equals_id("program", program);
    let shop = call.shop();
    let counted = call.read(move |connection| {
        let part = Part { limit: OFFERS, ..Part::default() };
        let offers = list::<Offer>(connection, shop, &filter, &part)?.rows;
        let figures = figures(connection, shop, currency, &offers)?;
        Ok((offers, figures))
    });
    let (found, figures) = counted.await?;
    let mut totals = OfferFigures::default();
    figures.iter().for_each(|figures| totals.add(figures));
    let rows = found.iter().zip(figures).map(|(one, figures)| offer(one, figures)).collect();
    let report = StandingView { currency, data: rows, totals, definitions: offers::DEFINITIONS, as_of };
    answer(&call, format, report).await
}

/// What is counted of offers, in their order.
fn figures(
    connection: &mut Connection,
    shop: Id,
    currency: Currency,
    offers: &[Offer],
) -> StoreResult<Vec<OfferFigures>> {
    let subjects = |offer: Id| {
        [
            claims_subject(offer),
            offer_redeemed_subject(offer),
            offer_orders_subject(offer),
            offer_revenue_subject(offer),
        ]
    };
    let of_offers = offers.iter().flat_map(|offer| subjects(offer.id));
    let ids: Vec<Id> = of_offers.map(|subject| Tally::id_of(shop, &subject)).collect();
    let tallies = get_all::<Tally>(connection, shop, &ids)?;
    let counted = tallies.into_iter().map(|tally| (tally.id, tally.count));
    let counted: HashMap<Id, i64> = counted.collect();
    let account = |offer: &Offer| Account::id_of(shop, &offer_account(offer.id), currency);
    let accounts = get_all::<Account>(connection, shop, &offers.iter().map(account).collect::<Vec<_>>())?;
    let given: HashMap<Id, i64> = accounts.into_iter().map(|account| (account.id, -account.balance)).collect();
    let of_offer = |offer: &Offer| {
        let [claims, redeemed, orders, revenue] =
            subjects(offer.id).map(|subject| counted.get(&Tally::id_of(shop, &subject)).copied().unwrap_or(0));
        let cost = given.get(&account(offer)).copied().unwrap_or(0);
        OfferFigures { claims, redeemed, orders, revenue, cost }
    };
    Ok(offers.iter().map(of_offer).collect())
}

pub(in crate::api) async fn get_liability_report(call: Call) -> Result<Reply, Problem> {
    let format = call.format()?;
    call.query().refuse_unknown()?;
    let (currency, as_of) = call.dry_run(|draft| Ok((draft.shop.currency, draft.at()))).await?;
    let shop = call.shop();
    let days = call.read(move |connection| match records::is_counted(connection, shop)? {
        true => records::counted(connection, shop).map(Some),
        false => Ok(None),
    });
    let Some(days) = days.await? else { return Err(not_counted().into()) };
    let (data, totals) = liability(&days, as_of);
    answer(&call, format, StandingView { currency, data, totals, definitions: owed::DEFINITIONS, as_of }).await
}
