//! Webhook endpoints: where a shop's events are sent, and by which secret it knows that they are ours.

pub mod create_endpoint;
pub mod delete_endpoint;
pub mod disable_endpoint;
pub(crate) mod endpoint;
pub mod rotate_secret;
pub mod update_endpoint;

commands! {
    create_endpoint::CreateEndpoint,
    delete_endpoint::DeleteEndpoint,
    disable_endpoint::DisableEndpoint,
    rotate_secret::RotateSecret,
    update_endpoint::UpdateEndpoint,
}
