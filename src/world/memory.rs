//! What is remembered from one batch to the next: a shop's settings and programs, as long as nobody changes them.
//!
//! Whether somebody did says a number in the head of the shop (`settings`), which the database raises with every change
//! and which is read under the shop's lock, or in the snapshot, before anything is taken from here.

use std::collections::HashMap;
use std::rc::Rc;

use super::{Shelved, World};
use crate::records::{Id, Program, Shop};

/// Shops that are remembered; all are forgotten when there are more.
const SHOPS: usize = 256;

/// What is remembered.
#[derive(Default)]
pub struct Memory(HashMap<Id, Remembered>);

struct Remembered {
    settings: i64,
    shop: Rc<Shop>,
    programs: Option<Vec<Rc<Program>>>,
}

impl Memory {
    /// Tells a world what is known of a shop whose settings have this number. To be said before anything is decided.
    pub fn tell(&self, world: &mut World, shop: Id, settings: i64) {
        let Some(known) = self.0.get(&shop).filter(|known| known.settings == settings) else {
            Shop::shelf(world).want(shop, shop);
            return;
        };
        world.shops.know(known.shop.clone());
        if let Some(programs) = &known.programs {
            programs.iter().for_each(|program| world.programs.know(program.clone()));
            world.programs.know_list(&Program::OF_SHOP, (shop, shop), programs.iter().map(|program| program.id));
        }
    }

    /// Learns what a world was told by the database of a shop whose settings had this number, where it was not changed
    /// there.
    pub fn learn(&mut self, world: &World, shop: Id, settings: i64) {
        let is_changed = world.shops.has_unsaved() || world.programs.has_unsaved();
        let is_known = |known: &Remembered| known.settings == settings && known.programs.is_some();
        if is_changed || self.0.get(&shop).is_some_and(is_known) {
            return;
        }
        let Ok(Some(known)) = world.shops.get(shop, shop) else { return };
        let programs = world.programs.known_list(&Program::OF_SHOP, shop, shop);
        if self.0.len() >= SHOPS {
            self.0.clear();
        }
        self.0.insert(shop, Remembered { settings, shop: known, programs });
    }
}
