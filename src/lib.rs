pub mod decide;
pub mod engine;
pub mod records;
pub mod refusal;
pub mod store;
pub mod vault;
pub mod views;
pub mod world;
