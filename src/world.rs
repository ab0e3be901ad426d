//! The records that one batch knows.
//!
//! A decision asks the world for records; what it does not know yet it notes as wanted and answers
//! [`Stop::Missing`]. The engine loads what is wanted through `store`, fills it in, and has the
//! decision made again. The world never sees a connection and never outlives its transaction.
//!
//! Two rules carry the whole: filling closes gaps and never overwrites what is known (a later load
//! would undo an earlier change), and nothing is removed (states instead).
//!
//! What nearly always is asked for next is loaded with what was asked for: who a customer is, whose a code
//! is. So a decision seldom has to be made more than three times.

mod days;
pub use days::Counted;
mod follow;
mod memory;
mod owed;
mod pages;
mod shelf;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::records::*;
use crate::refusal::Rejection;
use follow::Reached;
pub use memory::Memory;
pub use shelf::Shelf;

/// A map that lives as long as a batch. Its hasher is quick, and seeded anew in each process.
type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;
/// The same for what is there or not.
type Set<K> = HashSet<K, foldhash::fast::RandomState>;

/// Why a decision stopped.
#[derive(Debug)]
pub enum Stop {
    /// It needs records that are not there yet; they are noted as wanted.
    Missing,
    /// It refuses.
    Refused(Rejection),
}

impl From<Rejection> for Stop {
    fn from(rejection: Rejection) -> Self {
        Stop::Refused(rejection)
    }
}

/// A place where a record is looked for: the shop, and a text within it.
pub type Place = (Id, String);

/// What to load of one kind.
#[derive(Default)]
pub struct Wanted {
    /// By id.
    pub ids: Vec<(Id, Id)>,
    /// By each second key.
    pub keys: Vec<Vec<Place>>,
    /// By each parent.
    pub lists: Vec<Vec<(Id, Id)>>,
    /// By a parent in the first list, soonest first: which page.
    pub soonest: Vec<(Id, Id, usize)>,
}

impl Wanted {
    /// Whether nothing is wanted.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
            && self.keys.iter().all(Vec::is_empty)
            && self.lists.iter().all(Vec::is_empty)
            && self.soonest.is_empty()
    }
}

/// How many steps a load follows what was found.
pub const STEPS: usize = 16;

/// Records that are loaded at once of a parent's, where they are asked for soonest first.
pub const PAGE: usize = 32;

/// Something that is done to every shelf: loading, saving.
pub trait Visitor {
    /// What can go wrong.
    type Error;
    /// Does it to one shelf.
    fn visit<R: Record>(&mut self, shelf: &mut Shelf<R>) -> Result<(), Self::Error>;
}

/// A record kind that has a shelf in the world.
pub trait Shelved: Record {
    /// Its shelf.
    fn shelf(world: &World) -> &Shelf<Self>;
    /// What a command changes of it.
    fn changed(changes: &Changes) -> &Vec<Rc<Self>>;
    /// The same, to add to.
    fn changed_mut(changes: &mut Changes) -> &mut Vec<Rc<Self>>;
}

/// A text of an erased customer that reports of refused lines may repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasedWord {
    /// The shop.
    pub shop: Id,
    /// The text.
    pub word: String,
}

macro_rules! world {
    ( $( $field:ident: $record:ident $row:tt, )* ) => {
        /// Every record that one batch knows.
        #[derive(Default)]
        pub struct World {
            words: Vec<ErasedWord>,
            pages: Map<Id, Id>,
            reached: Map<(Id, Id), Reached>,
            /// Whether what is only written need not be known.
            reads_only: bool,
            /// Whether an offer was asked for that asks what advocates did.
            judges_advocates: bool,
            $( $field: Shelf<$record>, )*
        }

        /// New and changed records of one command.
        #[derive(Default)]
        pub struct Changes { words: Vec<ErasedWord>, $( $field: Vec<Rc<$record>>, )* }

        impl Changes {
            /// Notes that a text is to be erased from the reports of imports.
            pub fn erase_word(&mut self, word: ErasedWord) {
                self.words.push(word);
            }
        }

        impl World {
            /// Lets a visitor see every shelf, always in the same order.
            pub fn each<V: Visitor>(&mut self, visitor: &mut V) -> Result<(), V::Error> {
                $( visitor.visit(&mut self.$field)?; )*
                Ok(())
            }

            /// Whether something was asked for that is not known.
            pub fn lacks_anything(&self) -> bool {
                $( self.$field.lacks_anything() || )* false
            }

            /// What is told of these records is erased when all else is saved, and from pages of events by and by.
            pub fn forgotten(&self) -> Vec<Rc<Forgotten>> {
                self.forgotten.unsaved().into_iter().filter(|forgotten| !forgotten.is_gone()).collect()
            }

            /// Reports that repeat one of these texts are blanked.
            pub fn erased_words(&self) -> &[ErasedWord] {
                &self.words
            }

            /// Fills in the heads of shops, which are read when they are locked.
            pub fn fill_heads(&mut self, wanted: &Wanted, heads: Vec<ShopHead>) {
                self.heads.fill(wanted, heads);
            }

            /// Takes over what a command changed, so that the next one sees it.
            pub fn apply(&mut self, changes: Changes) {
                self.words.extend(changes.words);
                $( for record in changes.$field { self.$field.put(record); } )*
            }
        }

        $(
            impl Shelved for $record {
                fn shelf(world: &World) -> &Shelf<Self> { &world.$field }
                fn changed(changes: &Changes) -> &Vec<Rc<Self>> { &changes.$field }
                fn changed_mut(changes: &mut Changes) -> &mut Vec<Rc<Self>> { &mut changes.$field }
            }
        )*
    };
}

every_kind!(world);
