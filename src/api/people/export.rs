//! All that is held of a customer, in one answer.

use serde_json::value::RawValue;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::benefits::vouchers::standings;
use crate::api::people::customers::{family, living};
use crate::api::request::call::{Call, shown};
use crate::decide::ledger::account;
use crate::decide::people::export_customer::ExportCustomer;
use crate::decide::sharing::{create_code, share};
use crate::records::account::credit_account;
use crate::records::*;
use crate::store::queries::records::{Filter, Part, children_of, get_all, list};
use crate::views::export::{
    AdmissionView, ExportView, admitted, claimed, credited, earned, given, held, identity, ordered, owned, redeemed,
    referral, returned,
};
use crate::views::{self};

/// Records that are read at once.
const PAGE: usize = 500;

pub(in crate::api) async fn export_customer(call: Call) -> Result<Reply, Problem> {
    call.query().refuse_unknown()?;
    let customer = living(&call).await?;
    let ids = family(&call).await?;
    call.submit(ExportCustomer { customer: customer.id }).await?;
    let merged = of::<Customer>(&call, "merged_into", &[customer.id]).await?;
    let identities = identities(&call, ids.clone()).await?;
    let as_friend = of::<Referral>(&call, "friend", &ids).await?;
    let as_advocate = of::<Referral>(&call, "advocate", &ids).await?;
    let orders = of::<Conversion>(&call, "customer", &ids).await?;
    let credits = of::<Conversion>(&call, "advocate", &ids).await?;
    let brought = of::<Claim>(&call, "advocate", &ids).await?;
    let own = of::<Voucher>(&call, "customer", &ids).await?;
    let name = credit_account(customer.id);
    let credit = call.dry_run(move |draft| account(draft, &name, draft.shop.currency)).await?;
    let (vault, mask, now) = (&call.app.installation.vault, call.mask(), call.dry_run(|draft| Ok(draft.at())).await?);
    let view = ExportView {
        exported_at: call.app.now(),
        customer: shown(&views::customer::customer(&customer)),
        merged: merged.iter().map(|one| shown(&views::customer::customer(one))).collect(),
        identities: identities.iter().map(identity).collect(),
        codes: codes(&call, of::<Code>(&call, "customer", &ids).await?).await?,
        shares: shares(&call, of::<Share>(&call, "customer", &ids).await?).await?,
        referrals_as_friend: as_friend.iter().map(referral).collect(),
        referrals_as_advocate: as_advocate.iter().map(referral).collect(),
        conversions: orders.iter().map(ordered).collect(),
        refunds: refunds(&call, &orders).await?,
        conversions_as_advocate: credits.iter().map(credited).collect(),
        rewards: views_of::<Reward>(&call, &ids, |row| shown(&views::reward::reward(&earned(row)))).await?,
        grants: views_of::<Grant>(&call, &ids, |row| shown(&views::grant::grant(&given(row)))).await?,
        claims: claims(&call, of::<Claim>(&call, "customer", &ids).await?).await?,
        claims_as_advocate: brought.iter().map(claimed).collect(),
        members: members(&call, of::<Member>(&call, "customer", &ids).await?).await?,
        admissions: admissions(&call, &own).await?,
        vouchers: vouchers(&call, own).await?,
        redemptions: views_of::<Redemption>(&call, &ids, |row| {
            shown(&views::redemption::redemption(&redeemed(row), vault, mask))
        })
        .await?,
        holds: views_of::<Hold>(&call, &ids, |row| shown(&views::hold::hold(&held(row), now, vault, mask))).await?,
        balance: views::ledger::balance(&customer, &credit),
        entries: views_of::<Entry>(&call, &ids, |row| shown(&views::ledger::entry(row))).await?,
        analytics_ids: views_of::<AnalyticsIds>(&call, &ids, |row| shown(&views::export::analytics_ids(row))).await?,
        suppressions: views_of::<Suppression>(&call, &ids, |row| shown(&views::message::suppression::suppression(row)))
            .await?,
        messages: views_of::<Message>(&call, &ids, |row| shown(&views::message::message(row))).await?,
    };
    Ok(Reply::json(&view))
}

/// Every record that names one of these customers in a column, newest first.
async fn of<R: Record + Send>(call: &Call, column: &'static str, ids: &[Id]) -> Result<Vec<R>, Problem> {
    let filter = Filter::new().among(column, Some(ids.to_vec()));
    let shop = call.shop();
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let part = Part { limit: PAGE, after, ..Part::default() };
        let filter = filter.clone();
        let page = call.read(move |connection| list::<R>(connection, shop, &filter, &part)).await?;
        after = page.last;
        all.extend(page.rows);
        if !page.more {
            return Ok(all);
        }
    }
}

async fn views_of<R: Record + Send>(
    call: &Call,
    ids: &[Id],
    show: impl Fn(&R) -> Box<RawValue>,
) -> Result<Vec<Box<RawValue>>, Problem> {
    Ok(of::<R>(call, "customer", ids).await?.iter().map(show).collect())
}

async fn identities(call: &Call, ids: Vec<Id>) -> Result<Vec<Identity>, Problem> {
    let shop = call.shop();
    call.read(move |connection| children_of(connection, shop, &Identity::OF_CUSTOMER, &ids)).await
}

async fn refunds(call: &Call, orders: &[Conversion]) -> Result<Vec<serde_json::Value>, Problem> {
    let refunded: Vec<Id> = orders.iter().filter(|order| order.refunded_amount > 0).map(|order| order.id).collect();
    let shop = call.shop();
    let refunds = call.read(move |connection| children_of(connection, shop, &Refund::OF_CONVERSION, &refunded)).await?;
    let of = |order: &Conversion| refunds.iter().filter(|refund| refund.conversion == order.id).collect::<Vec<_>>();
    let shown =
        |order: &Conversion| of(order).into_iter().map(|refund| returned(refund, &order.order_id)).collect::<Vec<_>>();
    Ok(orders.iter().flat_map(shown).collect())
}

async fn codes(call: &Call, codes: Vec<Code>) -> Result<Vec<Box<RawValue>>, Problem> {
    call.dry_run(move |draft| {
        let views: Vec<_> = codes.iter().map(|code| create_code::show(draft, code)).collect();
        views.into_iter().map(|view| view.map(|view| shown(&view))).collect()
    })
    .await
}

async fn shares(call: &Call, all: Vec<Share>) -> Result<Vec<Box<RawValue>>, Problem> {
    let mut views = Vec::with_capacity(all.len());
    for page in all.chunks(PAGE) {
        let page = page.to_vec();
        let shown_page = call.dry_run(move |draft| {
            let asked: Vec<_> = page.iter().map(|share| share::show(draft, share)).collect();
            asked.into_iter().map(|view| view.map(|view| shown(&view))).collect::<Result<Vec<_>, _>>()
        });
        views.extend(shown_page.await?);
    }
    Ok(views)
}

async fn admissions(call: &Call, vouchers: &[Voucher]) -> Result<Vec<AdmissionView>, Problem> {
    let passes = vouchers.iter().filter(|voucher| voucher.pass.is_some());
    let ids: Vec<Id> = passes.map(|pass| Admission::id_of(pass.id)).collect();
    let shop = call.shop();
    let found = call.read(move |connection| get_all::<Admission>(connection, shop, &ids)).await?;
    Ok(found.iter().flat_map(admitted).collect())
}

async fn claims(call: &Call, all: Vec<Claim>) -> Result<Vec<Box<RawValue>>, Problem> {
    let mut views = Vec::with_capacity(all.len());
    for page in all.chunks(PAGE) {
        views.extend(crate::api::exclusive::claims::show_own(call, page).await?);
    }
    Ok(views)
}

async fn members(call: &Call, mut all: Vec<Member>) -> Result<Vec<Box<RawValue>>, Problem> {
    all.retain(|member| member.is_in);
    let (shop, ids) = (call.shop(), all.iter().map(|member| member.segment).collect::<Vec<_>>());
    let found = call.read(move |connection| get_all::<Segment>(connection, shop, &ids)).await?;
    let key = |member: &Member| found.iter().find(|segment| segment.id == member.segment).map(|one| one.key.as_str());
    Ok(all.iter().filter_map(|member| Some(shown(&views::segment::member(member, key(member)?)))).collect())
}

async fn vouchers(call: &Call, all: Vec<Voucher>) -> Result<Vec<Box<RawValue>>, Problem> {
    let (vault, mask) = (&call.app.installation.vault, call.mask());
    let mut views = Vec::with_capacity(all.len());
    for page in all.chunks(PAGE) {
        let (at, standings) = standings(call, page.to_vec()).await?;
        let each = page.iter().zip(standings);
        views.extend(
            each.map(|(voucher, standing)| shown(&views::voucher::voucher(&owned(voucher), standing, at, vault, mask))),
        );
    }
    Ok(views)
}
