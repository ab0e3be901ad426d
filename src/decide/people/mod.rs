//! Customers: who is known, who is one person with whom, what they were told and what they own.

pub(crate) mod address;
pub mod ask_consent;
pub(crate) mod canonical;
pub(crate) mod credit;
pub(crate) mod customer;
pub(crate) mod erasure_index;
pub mod export_customer;
pub(crate) mod leads;
pub(crate) mod merge;
pub mod merge_customers;
pub mod note_customer_token;
pub(crate) mod person;
pub mod upsert_customer;

commands! {
    ask_consent::AskConsent,
    export_customer::ExportCustomer,
    merge_customers::MergeCustomers,
    note_customer_token::NoteCustomerToken,
    upsert_customer::UpsertCustomer,
}
