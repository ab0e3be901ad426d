//! Clients of the API: thin ones of our own under `clients/`, those that others' generators make of the contract, and
//! the shop of `examples/shop`. Each walks from a share to a redemption against a running server, on both databases.
//!
//! `made` holds the thin clients to the contract, `tools` brings compilers and generators and keeps what they made,
//! `server` is the server, `road` one on which answers get lost, `walks` runs the programs, `shop` shops;
//! `signed` and `hooks` have others verify how mails and webhooks are signed, `parsed` read mails;
//! `postfix` is a real mail server.

mod contract;
mod hooks;
mod made;
mod parsed;
mod php;
mod postfix;
mod python;
mod road;
mod server;
mod shop;
mod signed;
mod tools;
mod typescript;
mod walks;

use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Makes two tests of a function, one for each database.
macro_rules! on_both {
    ( $( $name:ident ),* $(,)? ) => { $(
        mod $name {
            use crate::server::Backend;

            #[test]
            fn sqlite() {
                super::$name(Backend::Sqlite);
            }

            #[test]
            fn postgres() {
                super::$name(Backend::Postgres);
            }
        }
    )* };
}
pub(crate) use on_both;
