//! The language of conditions: what a shop writes to say for whom an offer is, and all that becomes of it.
//!
//! People write CEL. It is [`compile`]d when it is saved, into the small typed tree that is stored
//! (`src/records/offers/expression.rs`); [`mod@print`] writes it again. What it asks of [`facts`] is [`evaluate`]d; why
//! somebody is not let in is a [`reason`], and what alone keeps them out a [`near_miss`]. Operators read it as a
//! [`sentence`]. All of it is pure, total and bounded, and what is documented in `CONDITIONS.md` is run by a test.
//!
//! There are no commands here. Who asks is an [`asker`]; each fact is [`load`]ed when a condition asks for it, by the
//! function that its row of the table names, and what is [`known`] is then looked at without any record.

pub mod asker;
pub mod compile;
#[cfg(test)]
mod compile_tests;
pub mod evaluate;
pub mod fact;
pub mod fact_table;
pub mod facts;
pub mod fault;
pub mod known;
pub mod load;
pub mod near_miss;
mod operand;
mod parse;
mod phrase;
pub mod print;
#[cfg(test)]
mod random_tests;
pub mod reason;
pub mod sentence;
#[cfg(test)]
mod sentence_tests;
pub mod value;
