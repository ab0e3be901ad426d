//! What operators look up when somebody asks for help.

pub mod find_customer;
