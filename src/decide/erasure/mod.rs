//! Forgetting a customer: every record that names them loses it, and the books keep their sums.

pub(crate) mod erase;
pub mod erase_customer;
pub mod erase_events;
pub mod erase_records;
pub mod erasure_job;

commands! {
    erase_customer::EraseCustomer,
    erase_events::EraseEvents,
    erase_records::EraseRecords,
}
