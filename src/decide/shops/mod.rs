//! The shop itself: its settings, the clock of a test shop, and a shop's time that ran ahead.

pub mod bring_back;
pub mod move_clock;
pub mod rewind_clock;
pub mod settings;
pub mod update_shop;

commands! {
    bring_back::BringBack,
    move_clock::MoveClock,
    rewind_clock::RewindClock,
    update_shop::UpdateShop,
}
