//! A decision that changes nothing: the very rules, on a world that is loaded for reading only.

use super::batch::ROUNDS;
use crate::decide::draft::{Context, Draft, House};
use crate::records::audit::Actor;
use crate::records::{Id, ShopHead, Timestamp};
use crate::store::shelves::{Loader, Texts};
use crate::store::{Connection, StoreError, StoreResult};
use crate::world::{Shelved, Stop, World};

/// Decides, loads what is missing, and decides again; what would change is forgotten.
pub fn consult<T>(
    connection: &mut Connection,
    house: &House,
    now: Timestamp,
    shop: Id,
    work: &dyn Fn(&mut Draft<'_>) -> Result<T, Stop>,
) -> StoreResult<Result<T, Stop>> {
    let mut world = World::default();
    let mut texts = Texts::default();
    for _ in 0..ROUNDS {
        let context = Context {
            at: time(&world, shop, now),
            real_at: now,
            seed: [0; 32],
            actor: Actor::system(),
            request_id: None,
        };
        let decided = Draft::new(&world, house, &context, shop).and_then(|mut draft| work(&mut draft));
        match decided {
            Err(Stop::Missing) => {}
            settled => return Ok(settled),
        }
        let mut loader = Loader::new(connection, &mut texts);
        world.each(&mut loader)?;
        if !loader.loaded {
            break;
        }
    }
    Err(StoreError::Failed("a consultation misses records without end".into()))
}

/// The shop's time, once its head is known.
fn time(world: &World, shop: Id, now: Timestamp) -> Timestamp {
    match ShopHead::shelf(world).get(shop, shop) {
        Ok(Some(head)) => now.plus_ms(head.clock_offset_ms).max(head.last_at),
        _ => now,
    }
}
