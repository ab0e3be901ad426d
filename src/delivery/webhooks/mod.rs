//! Webhooks: a shop's events, sent to addresses of its own; and those of them that its analytics are told, which go the
//! same way in another form (`analytics` beside this).
//!
//! An endpoint is a cursor on its shop's gapless sequence of events, and the few deliveries that are late: no row is
//! written of what arrives at the first try. An endpoint is one process's at a time, by lease, for a turn of some seconds;
//! what came of a turn is noted once, at its end. A process that dies in it has its events sent once more.
//!
//! `turn` is one turn, of whatever a `sink` is; `payload` makes what is sent; `peer` hands it over; `fate` says what becomes of it. `desk` is a developer's.

pub mod desk;
mod fate;
mod payload;
pub(super) mod peer;
mod sink;
mod turn;

use std::collections::HashMap;
use std::time::Duration;

use crate::background::{Next, Stop, Work, Worker};
use crate::config::WebhookConfig;
use crate::engine::Engine;
use crate::records::Id;
use crate::store::webhooks::due;
use crate::store::{Pool, StoreResult};
use peer::Peers;
use turn::Turn;

/// Endpoints that are sent to at once. One that says nothing has its place for as long as it may, and then rests.
const LANES: usize = 64;
/// Endpoints that are looked at for those whose turn it is.
const LOOKED_AT: usize = 8 * LANES;

/// Starts the worker that sends webhooks. `tick` is how often it looks for what is due.
pub fn start(engine: Engine, reader: Pool, config: &WebhookConfig, tick: Duration) -> std::io::Result<Worker> {
    let (peers, schedule) = (Peers::new(config)?, config.schedule.clone());
    Ok(Worker::start(Webhooks { engine, reader, peers, schedule }, tick))
}

/// Sends webhooks.
pub struct Webhooks {
    engine: Engine,
    reader: Pool,
    peers: Peers,
    schedule: Vec<Duration>,
}

impl Work for Webhooks {
    /// A shop, and its endpoint.
    type Item = (Id, Id);
    const NAME: &'static str = "webhooks";
    const LANES: usize = LANES;
    const LEFT: &'static str = "what was being sent is sent once more when its lease has run out";

    /// Endpoints to which something can be sent, as many as there are free lanes; shops take turns, and of a shop's
    /// endpoints the one that has waited longest is first.
    async fn due(&self, under_way: &[(Id, Id)]) -> StoreResult<Vec<(Id, Id)>> {
        let (now, free) = (self.engine.now(), LANES.saturating_sub(under_way.len()));
        let found = self.reader.run(move |connection| due(connection, now, LOOKED_AT)).await?;
        let found: Vec<(Id, Id)> = found.into_iter().filter(|item| !under_way.contains(item)).collect();
        Ok(in_turn(found, free))
    }

    async fn work(&self, (shop, endpoint): (Id, Id), stop: Stop) -> Next {
        match Turn::take(self, shop, endpoint).await {
            Ok(Some(turn)) => turn.run(&stop).await,
            Ok(None) => Next::Now,
            Err(error) => {
                tracing::debug!(%error, %endpoint, "a webhook endpoint could not be taken");
                Next::Later
            }
        }
    }
}

/// The first of each shop, then the second of each, until there are enough.
fn in_turn(found: Vec<(Id, Id)>, enough: usize) -> Vec<(Id, Id)> {
    let mut places: HashMap<Id, usize> = HashMap::new();
    let mut ordered: Vec<(usize, (Id, Id))> = Vec::with_capacity(found.len());
    for item in found {
        let place = places.entry(item.0).or_default();
        ordered.push((*place, item));
        *place += 1;
    }
    ordered.sort_by_key(|(place, _)| *place);
    ordered.into_iter().map(|(_, item)| item).take(enough).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shops_take_turns() {
        let item = |shop: &str, endpoint: &str| (Id::of("shp", &[shop]), Id::of("whe", &[endpoint]));
        let found =
            vec![item("a", "1"), item("a", "2"), item("a", "3"), item("b", "4"), item("c", "5"), item("c", "6")];
        let expected = [item("a", "1"), item("b", "4"), item("c", "5"), item("a", "2"), item("c", "6"), item("a", "3")];
        assert_eq!(in_turn(found.clone(), 9), expected);
        assert_eq!(in_turn(found, 2), expected[..2]);
    }
}
