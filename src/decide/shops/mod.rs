//! The shop itself: its settings, and the clock of a test shop.

pub mod move_clock;
pub mod settings;
pub mod update_shop;
