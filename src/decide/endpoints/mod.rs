//! Webhook endpoints: where a shop's events are sent, and by which secret it knows that they are ours; and the analytics that
//! are told of some of them.

pub mod create_endpoint;
pub mod delete_analytics_account;
pub mod delete_endpoint;
pub mod disable_analytics_account;
pub mod disable_endpoint;
pub(crate) mod endpoint;
pub mod put_analytics_account;
pub mod rotate_secret;
pub mod update_endpoint;

commands! {
    create_endpoint::CreateEndpoint,
    delete_analytics_account::DeleteAnalyticsAccount,
    delete_endpoint::DeleteEndpoint,
    disable_analytics_account::DisableAnalyticsAccount,
    disable_endpoint::DisableEndpoint,
    put_analytics_account::PutAnalyticsAccount,
    rotate_secret::RotateSecret,
    update_endpoint::UpdateEndpoint,
}
