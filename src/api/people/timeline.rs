//! What happened to a customer, and who somebody is: for the people who answer his questions.

use std::collections::HashMap;

use crate::api::answer::columns::columns;
use crate::api::answer::format::Format;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::answer::sheet::whole;
use crate::api::door::guesses::Guesser;
use crate::api::people::customers::family;
use crate::api::request::call::Call;
use crate::api::request::guessing::note;
use crate::api::request::page::{Page, cursor};
use crate::decide::support::find_customer::{FindCustomer, Tried, find, in_order};
use crate::store::queries::timeline::{Past, accounts, checkouts, past, refunds_named};
use crate::views;
use crate::wording::Language;
use crate::wording::timeline::{Moment, Order, Teller};

pub(in crate::api) async fn get_timeline(call: Call) -> Result<Reply, Problem> {
    let (shop, family) = (call.shop(), family(&call).await?);
    let Page { part, format, .. } = call.page()?;
    let (zone, locale, now) =
        call.dry_run(|draft| Ok((draft.shop.zone(), draft.shop.locale().to_owned(), draft.at()))).await?;
    let ids = family.clone();
    let past = call.read(move |connection| past(connection, shop, &ids)).await?;
    let programs = past.programs.iter().map(|program| (program.id, program.name.clone())).collect::<HashMap<_, _>>();
    let language = Language::choose(call.query().text("locale").into_iter().chain([locale.as_str()]));
    let moments = told(&Teller { language, zone, now, family: &family, programs: &programs }, &past);
    let wanted = moments.into_iter().filter(|moment| {
        part.created_from.is_none_or(|from| moment.at >= from) && part.created_to.is_none_or(|to| moment.at < to)
    });
    let mut rest: Vec<Moment> = wanted.collect();
    if let Some(after) = part.after {
        let place = |moment: &Moment| (moment.at, moment.key());
        let read = rest.iter().position(|moment| place(moment) == after).map(|read| read + 1);
        rest.drain(..read.unwrap_or_else(|| rest.partition_point(|moment| moment.at >= after.0)));
    }
    if format == Format::Csv {
        return whole(columns(call.operation.id), rest).await;
    }
    let more = rest.len() > part.limit;
    rest.truncate(part.limit);
    let last = rest.last().filter(|_| more);
    let next = last.map(|last| cursor(call.app.installation.vault.cursors(), last.at, last.key()));
    Ok(Reply::page(&rest, next))
}

/// Everything that is told, newest first; at one instant what came of something before it.
fn told(teller: &Teller<'_>, past: &Past) -> Vec<Moment> {
    let mut moments: Vec<Moment> = past.customers.iter().map(|customer| teller.customer(customer)).collect();
    moments.extend(past.shares.iter().flat_map(|share| teller.share(share)));
    moments.extend(past.referrals.iter().flat_map(|referral| teller.referral(referral)));
    let order = |conversion| Order { conversion, refunds: past.refunds_of(conversion) };
    let orders: Vec<Order<'_>> = past.conversions.iter().map(order).collect();
    moments.extend(orders.iter().flat_map(|order| teller.order(order, &past.rewards)));
    moments.extend(past.grants.iter().flat_map(|grant| teller.grant(grant)));
    moments.extend(past.rewards.iter().flat_map(|reward| {
        let order = orders.iter().find(|order| Some(order.conversion.id) == reward.conversion);
        teller.reward(reward, order)
    }));
    moments.extend(past.messages.iter().map(|message| teller.message(message)));
    moments.extend(past.holds.iter().map(|hold| teller.hold(hold)));
    moments.extend(past.redemptions.iter().map(|redemption| teller.redemption(redemption)));
    for reversal in &past.reversals {
        let redemption = past.redemptions.iter().find(|redemption| redemption.id == reversal.redemption);
        let refund = past.refunds.iter().find(|refund| refund.reversal == Some(reversal.id));
        moments.extend(redemption.map(|redemption| teller.reversal(reversal, redemption, refund)));
    }
    moments.sort_by_key(|moment| moment.at);
    moments.reverse();
    moments
}

pub(in crate::api) async fn lookup_customer(call: Call) -> Result<Reply, Problem> {
    let ask: FindCustomer = call.body()?;
    let guesser = (ask.code.is_some() || ask.q.is_some()).then(|| Guesser::new(&call.caller));
    call.app.guesses.check(guesser.as_ref())?;
    let shop = call.shop();
    let said = ask.q.as_deref().map(str::trim).map(str::to_owned);
    let tried = match ask.order_id.as_deref().map(str::to_owned).or_else(|| said.clone()) {
        Some(order) => {
            let tried = call.read(move |connection| {
                let (redemptions, holds) = checkouts(connection, shop, &order)?;
                let refunds = said.map(|said| refunds_named(connection, shop, &said)).transpose()?;
                Ok(Tried::of(&redemptions, &holds).refunded(&refunds.unwrap_or_default()))
            });
            tried.await?
        }
        None => Tried::default(),
    };
    let found = call.dry_run(move |draft| find(draft, &ask, tried)).await?;
    note(&call, guesser.as_ref(), usize::from(found.is_unknown_code)).await;
    let persons = found.persons.clone();
    let accounts = call.read(move |connection| accounts(connection, shop, &persons)).await?;
    let accounts = found.customer.map(|first| in_order(accounts, first)).unwrap_or_default();
    Ok(Reply::json(&views::customer::lookup(&accounts, found.conversion, found.redemption, found.voucher)))
}
