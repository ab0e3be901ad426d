//! The program `grapevine`. What it can do is in [`grapevine::cli`].

use std::process::ExitCode;

/// The system's allocator is slower under many threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    grapevine::cli::run()
}
