//! Figures that are one number each: how soon it listens, how much memory it needs, how large it is.

use crate::Bench;
use crate::server;
use crate::shop::Shop;

/// The most memory that a server under load may need, megabytes.
const LOADED_MB: f64 = 150.0;

/// Those of a server that has just started.
pub fn start(bench: &Bench, shop: &Shop) {
    figure(bench, shop, "until it listens, s", shop.server.started_in.as_secs_f64(), 0.30);
    figure(bench, shop, "memory at rest, MB", shop.rests_at_mb, 40.0);
    figure(bench, shop, "binary, MB", server::binary_mb(), 40.0);
}

/// The most memory that it needed until now, for what many asked at once.
pub fn peak(bench: &Bench, shop: &Shop) {
    figure(bench, shop, "memory under load at most, MB", shop.server.memory_mb("VmHWM:"), LOADED_MB);
}

/// Prints a figure, and notes when it is above the most that it should be.
pub fn figure(bench: &Bench, shop: &Shop, what: &str, figure: f64, most: f64) {
    println!("{}: {what}: {figure:.2} (at most {most:.2})", shop.name);
    if figure > most {
        bench.miss(format!("{what} on {} ({figure:.2} of at most {most:.2})", shop.name));
    }
}
