//! Consumers: who reads a shop's events by a name, so that the server remembers how far they have got.

use serde::{Deserialize, Serialize};

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::Call;
use crate::records::text::Slug;
use crate::records::{ShopHead, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::store::queries::records::get;
use crate::store::webhooks::consumers::{self, CONSUMERS, Consumer, Set};

/// How far one has got.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Position {
    after: i64,
}

/// See the contract's `EventConsumer`.
#[derive(Debug, Serialize)]
struct ConsumerView<'a> {
    name: &'a str,
    after: i64,
    last_seq: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

fn shown(consumer: &Consumer, last_seq: i64) -> Reply {
    let Consumer { name, after, created_at, updated_at } = consumer;
    let (after, created_at, updated_at) = (*after, *created_at, *updated_at);
    Reply::json(&ConsumerView { name, after, last_seq, created_at, updated_at })
}

pub(in crate::api) async fn upsert_event_consumer(call: Call) -> Result<Reply, Problem> {
    let name = Slug::parse(call.path("name")).map_err(|expected| Rejection::field("/name", expected))?;
    let (shop, now, Position { after }) = (call.shop(), call.app.now(), call.body()?);
    let last_seq = last_seq(&call).await?;
    if !(0..=last_seq).contains(&after) {
        let detail = format!("the number of an event is expected, from 0 to {last_seq}");
        return Err(Rejection::field("/after", detail).into());
    }
    let set = call.app.engine.write(move |connection| consumers::set(connection, shop, &name, after, now)).await?;
    match set {
        Set::Made(consumer) => Ok(shown(&consumer, last_seq).status(201)),
        Set::Moved(consumer) => Ok(shown(&consumer, last_seq)),
        Set::TooMany => {
            let detail = format!("A shop has at most {CONSUMERS} event consumers; delete old ones.");
            Err(Problem::new(Code::LimitReached, detail))
        }
    }
}

pub(in crate::api) async fn get_event_consumer(call: Call) -> Result<Reply, Problem> {
    let (shop, name) = (call.shop(), call.path("name").to_owned());
    let found = call.read(move |connection| consumers::get(connection, shop, &name)).await?;
    let consumer = found.ok_or_else(Problem::not_found)?;
    Ok(shown(&consumer, last_seq(&call).await?))
}

pub(in crate::api) async fn delete_event_consumer(call: Call) -> Result<Reply, Problem> {
    call.refuse_unread_body()?;
    let (shop, name) = (call.shop(), call.path("name").to_owned());
    let was_there = call.app.engine.write(move |connection| consumers::remove(connection, shop, &name)).await?;
    if was_there { Ok(Reply::bytes("application/json", Vec::new()).status(204)) } else { Err(Problem::not_found()) }
}

async fn last_seq(call: &Call) -> Result<i64, Problem> {
    let shop = call.shop();
    let head = call.read(move |connection| get::<ShopHead>(connection, shop, shop)).await?;
    Ok(head.ok_or_else(Problem::internal)?.seq)
}
