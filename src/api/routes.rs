//! Every operation of the API on one screen: its name, where it is, what scope it needs, and
//! whether an `Idempotency-Key` is asked for. What a role may do follows from the scopes it has.
//! What a customer's browser may do stands apart, and takes another kind of token.

use crate::api::benefits::grants;
use crate::api::benefits::passes;
use crate::api::benefits::rewards;
use crate::api::benefits::voucher_batches;
use crate::api::benefits::vouchers;
use crate::api::dispatch::Handler;
use crate::api::exclusive::backtests;
use crate::api::exclusive::claims;
use crate::api::exclusive::offers;
use crate::api::exclusive::segments;
use crate::api::orders::conversions;
use crate::api::orders::holds;
use crate::api::orders::redemptions;
use crate::api::people::customers;
use crate::api::people::export;
use crate::api::people::me;
use crate::api::people::summary;
use crate::api::people::timeline;
use crate::api::records::consumers;
use crate::api::records::events;
use crate::api::records::imports;
use crate::api::records::jobs;
use crate::api::records::ledger;
use crate::api::records::messages;
use crate::api::records::templates;
use crate::api::reporting::advocates;
use crate::api::reporting::dark;
use crate::api::reporting::lift;
use crate::api::reporting::months;
use crate::api::reporting::reports;
use crate::api::reporting::standing;
use crate::api::request::operation::KeyRule::{Ignored, Optional, Required, UnlessNamed};
use crate::api::request::operation::{Access, Operation};
use crate::api::sharing::channels;
use crate::api::sharing::codes;
use crate::api::sharing::pageviews;
use crate::api::sharing::programs;
use crate::api::sharing::referrals;
use crate::api::sharing::share_tree;
use crate::api::sharing::shares;
use crate::api::shops::analytics;
use crate::api::shops::announcements;
use crate::api::shops::clock;
use crate::api::shops::keys;
use crate::api::shops::operators;
use crate::api::shops::shop;
use crate::api::shops::webhooks;
use crate::records::scope::Scope::*;

macro_rules! operations {
    ( $(#[$meta:meta])* $table:ident $handlers:ident: $( $method:ident $path:literal $module:ident::$handler:ident $access:expr, $key:ident $( $streamed:ident )?; )* ) => {
        $(#[$meta])*
        pub static $table: &[Operation] = &[ $( Operation {
            id: stringify!($handler),
            method: stringify!($method),
            path: $path,
            access: $access,
            key: $key,
            streamed: operations!(@streamed $( $streamed )?),
        }, )* ];

        static $handlers: &[Handler] = &[ $( |call| Box::pin($module::$handler(call)), )* ];
    };
    (@streamed) => { false };
    (@streamed streamed) => { true };
}

macro_rules! client_operations {
    ( $( $method:ident $path:literal $module:ident::$handler:ident $scope:ident $key:ident $( $streamed:ident )?; )* ) => {
        operations! {
            /// The operations of keys and operators. `sign_in`, `ops` and `links` hold the public ones.
            OPERATIONS HANDLERS: $( $method $path $module::$handler Access::Scope($scope), $key $( $streamed )?; )*
        }
    };
}

operations! {
    /// The operations of a customer's browser.
    ME_OPERATIONS ME_HANDLERS:
    GET "/v1/me" me::get_me Access::Me, Ignored;
    GET "/v1/me/summary" summary::get_my_summary Access::Me, Ignored;
    GET "/v1/me/shares" me::list_my_shares Access::Me, Ignored;
    POST "/v1/me/shares" me::create_my_share Access::Me, Optional;
    GET "/v1/me/code" me::get_my_code Access::Me, Ignored;
    POST "/v1/me/code" me::create_my_code Access::Me, Optional;
    GET "/v1/me/rewards" me::list_my_rewards Access::Me, Ignored;
    GET "/v1/me/referrals" me::list_my_referrals Access::Me, Ignored;
    GET "/v1/me/vouchers" me::list_my_vouchers Access::Me, Ignored;
    GET "/v1/me/balance" me::get_my_balance Access::Me, Ignored;
    GET "/v1/me/claims" claims::list_my_claims Access::Me, Ignored;
    GET "/v1/me/offers/{id}/groups/{share}" claims::get_my_group Access::Me, Ignored;
    POST "/v1/me/offers/{id}/check" claims::check_my_offer Access::Me, Ignored;
    POST "/v1/me/offers/{id}/claims" claims::create_my_claim Access::Me, Optional;
}

client_operations! {
    GET "/v1/shop" shop::get_shop ShopRead Ignored;
    PATCH "/v1/shop" shop::update_shop ShopWrite Optional;

    POST "/v1/keys" keys::create_key KeysWrite Optional;
    GET "/v1/keys" keys::list_keys KeysRead Ignored;
    GET "/v1/keys/{id}" keys::get_key KeysRead Ignored;
    PATCH "/v1/keys/{id}" keys::update_key KeysWrite Optional;
    DELETE "/v1/keys/{id}" keys::delete_key KeysWrite Optional;
    POST "/v1/keys/{id}/approve" keys::approve_key KeysWrite Optional;

    POST "/v1/operators" operators::create_operator OperatorsWrite Optional;
    GET "/v1/operators" operators::list_operators OperatorsRead Ignored;
    GET "/v1/operators/{id}" operators::get_operator OperatorsRead Ignored;
    PATCH "/v1/operators/{id}" operators::update_operator OperatorsWrite Optional;
    DELETE "/v1/operators/{id}" operators::delete_operator OperatorsWrite Optional;

    GET "/v1/rewards" rewards::list_rewards RewardsRead Ignored;
    GET "/v1/rewards/{id}" rewards::get_reward RewardsRead Ignored;
    POST "/v1/rewards/{id}/approve" rewards::approve_reward ConversionsWrite Required;
    POST "/v1/rewards/{id}/void" rewards::void_reward RewardsWrite Required;
    POST "/v1/rewards/{id}/fulfil" rewards::fulfil_reward RewardsWrite Required;
    GET "/v1/customers/{id}/rewards" rewards::list_customer_rewards CustomersRead Ignored;

    POST "/v1/grants" grants::create_grant GrantsWrite UnlessNamed;
    GET "/v1/grants" grants::list_grants GrantsRead Ignored;
    GET "/v1/grants/{id}" grants::get_grant GrantsRead Ignored;
    POST "/v1/grants/{id}/approve" grants::approve_grant GrantsWrite Required;
    POST "/v1/grants/{id}/reject" grants::reject_grant GrantsWrite Required;

    PUT "/v1/customers/{id}" customers::upsert_customer CustomersWrite Optional;
    GET "/v1/customers/{id}" customers::get_customer CustomersRead Ignored;
    POST "/v1/customers/lookup" timeline::lookup_customer CustomersRead Ignored;
    GET "/v1/customers/{id}/timeline" timeline::get_timeline CustomersRead Ignored;
    DELETE "/v1/customers/{id}" customers::delete_customer CustomersWrite Optional;
    GET "/v1/customers/{id}/export" export::export_customer CustomersRead Ignored;
    POST "/v1/customers/{id}/ask_consent" customers::ask_consent CustomersWrite Optional;
    POST "/v1/customers/{id}/merge" customers::merge_customers CustomersWrite Optional;
    GET "/v1/customers" customers::list_customers CustomersRead Ignored;
    POST "/v1/customers/{id}/tokens" customers::create_customer_token CustomersToken Ignored;

    POST "/v1/programs" programs::create_program ProgramsWrite Optional;
    GET "/v1/programs" programs::list_programs ProgramsRead Ignored;
    GET "/v1/programs/{id}" programs::get_program ProgramsRead Ignored;
    PATCH "/v1/programs/{id}" programs::update_program ProgramsWrite Optional;
    POST "/v1/programs/{id}/activate" programs::activate_program ProgramsWrite Optional;
    POST "/v1/programs/{id}/pause" programs::pause_program ProgramsWrite Optional;
    POST "/v1/programs/{id}/end" programs::end_program ProgramsWrite Optional;

    POST "/v1/programs/{id}/codes" codes::create_code SharesWrite Optional;
    GET "/v1/codes/{code}" codes::get_code ProgramsRead Ignored;
    GET "/v1/channels" channels::list_channels ProgramsRead Ignored;
    PUT "/v1/channels/{key}" channels::upsert_channel ProgramsWrite Optional;

    GET "/v1/reports/dark" dark::get_dark_report ReportsRead Ignored;
    POST "/v1/pageviews" pageviews::create_pageviews ReportsWrite Ignored;

    POST "/v1/shares" shares::create_share SharesWrite Optional;
    GET "/v1/shares" shares::list_shares SharesRead Ignored;
    GET "/v1/shares/{id}" shares::get_share SharesRead Ignored;
    GET "/v1/shares/{id}/tree" share_tree::get_share_tree SharesRead Ignored;
    GET "/v1/shares/{id}/qr.svg" shares::get_share_qr_svg SharesRead Ignored;
    GET "/v1/shares/{id}/qr.png" shares::get_share_qr_png SharesRead Ignored;
    POST "/v1/shares/{id}/adopt" shares::adopt_share SharesWrite Optional;
    GET "/v1/customers/{id}/shares" shares::list_customer_shares CustomersRead Ignored;

    POST "/v1/referrals/check" referrals::check_referral ReferralsRead Ignored;
    POST "/v1/referrals" referrals::create_referral ReferralsWrite Optional;
    GET "/v1/referrals" referrals::list_referrals ReferralsRead Ignored;
    GET "/v1/referrals/{id}" referrals::get_referral ReferralsRead Ignored;

    POST "/v1/conversions" conversions::create_conversion ConversionsWrite Optional;
    GET "/v1/conversions" conversions::list_conversions ConversionsRead Ignored;
    GET "/v1/conversions/{id}" conversions::get_conversion ConversionsRead Ignored;
    PATCH "/v1/conversions/{id}" conversions::update_conversion ConversionsWrite Optional;
    POST "/v1/conversions/{id}/paid" conversions::pay_conversion ConversionsWrite Optional;
    POST "/v1/conversions/{id}/delivered" conversions::deliver_conversion ConversionsWrite Optional;
    POST "/v1/conversions/{id}/cancelled" conversions::cancel_conversion ConversionsWrite Optional;
    POST "/v1/conversions/{id}/clear" conversions::clear_conversion ConversionsWrite Optional;
    POST "/v1/conversions/{id}/approve" conversions::approve_conversion ConversionsWrite Required;
    POST "/v1/conversions/{id}/reject" conversions::reject_conversion ConversionsWrite Optional;
    POST "/v1/conversions/{id}/attribute" conversions::attribute_conversion ConversionsWrite Required;
    POST "/v1/conversions/{id}/refunds" conversions::create_refund ConversionsWrite Optional;

    POST "/v1/offers" offers::create_offer OffersWrite Optional;
    GET "/v1/offers" offers::list_offers OffersRead Ignored;
    GET "/v1/offers/facts" offers::list_facts OffersRead Ignored;
    POST "/v1/offers/backtest" backtests::backtest_draft OffersRead Ignored;
    GET "/v1/offers/{id}" offers::get_offer OffersRead Ignored;
    PATCH "/v1/offers/{id}" offers::update_offer OffersWrite Optional;
    POST "/v1/offers/{id}/activate" offers::activate_offer OffersWrite Optional;
    POST "/v1/offers/{id}/pause" offers::pause_offer OffersWrite Optional;
    POST "/v1/offers/{id}/end" offers::end_offer OffersWrite Optional;
    POST "/v1/offers/{id}/backtest" backtests::backtest_offer OffersRead Ignored;
    POST "/v1/offers/{id}/check" claims::check_offer OffersRead Ignored;
    POST "/v1/offers/{id}/claims" claims::create_claim ReferralsWrite Required;
    GET "/v1/offers/{id}/passes" passes::list_offer_passes VouchersRead Ignored;
    GET "/v1/offers/{id}/groups/{share}" claims::get_group OffersRead Ignored;
    GET "/v1/claims" claims::list_claims OffersRead Ignored;
    GET "/v1/claims/{id}" claims::get_claim OffersRead Ignored;

    PUT "/v1/segments/{key}" segments::upsert_segment OffersWrite Optional;
    GET "/v1/segments" segments::list_segments OffersRead Ignored;
    GET "/v1/segments/{key}" segments::get_segment OffersRead Ignored;
    GET "/v1/segments/{key}/members" segments::list_members CustomersRead Ignored;
    PUT "/v1/segments/{key}/members/{customer}" segments::add_member CustomersWrite Optional;
    DELETE "/v1/segments/{key}/members/{customer}" segments::remove_member CustomersWrite Optional;

    POST "/v1/vouchers" vouchers::create_voucher VouchersWrite UnlessNamed;
    GET "/v1/vouchers" vouchers::list_vouchers VouchersRead Ignored;
    POST "/v1/vouchers/lookup" vouchers::lookup_voucher VouchersRead Ignored;
    POST "/v1/vouchers/check" vouchers::check_cart VouchersRead Ignored;
    POST "/v1/vouchers/applicable" vouchers::list_applicable_vouchers VouchersRead Ignored;
    GET "/v1/vouchers/{id}" vouchers::get_voucher VouchersRead Ignored;
    PATCH "/v1/vouchers/{id}" vouchers::update_voucher VouchersWrite Optional;
    POST "/v1/vouchers/{id}/approve" vouchers::approve_voucher VouchersWrite Required;
    POST "/v1/vouchers/{id}/void" vouchers::void_voucher VouchersWrite Required;
    POST "/v1/vouchers/{id}/replace" vouchers::replace_voucher VouchersRedeem Required;
    POST "/v1/vouchers/{id}/reveal" vouchers::reveal_voucher VouchersRedeem Optional;
    GET "/v1/customers/{id}/vouchers" vouchers::list_customer_vouchers CustomersRead Ignored;

    POST "/v1/voucher_batches" voucher_batches::create_voucher_batch VouchersWrite Required;
    POST "/v1/voucher_batches/for_customers" voucher_batches::create_bound_voucher_batch VouchersWrite Required streamed;
    POST "/v1/voucher_batches/import" imports::import_voucher_batch VouchersWrite Required streamed;
    GET "/v1/voucher_batches" voucher_batches::list_voucher_batches VouchersRead Ignored;
    GET "/v1/voucher_batches/{id}" voucher_batches::get_voucher_batch VouchersRead Ignored;
    POST "/v1/voucher_batches/{id}/approve" voucher_batches::approve_voucher_batch VouchersWrite Required;
    POST "/v1/voucher_batches/{id}/cancel" voucher_batches::cancel_voucher_batch VouchersWrite Required;
    POST "/v1/voucher_batches/{id}/void" voucher_batches::void_voucher_batch VouchersWrite Required;
    GET "/v1/voucher_batches/{id}/export.csv" voucher_batches::export_voucher_batch VouchersWrite Ignored;

    GET "/v1/passes" passes::list_passes VouchersRead Ignored;
    GET "/v1/passes/keys" passes::list_pass_keys VouchersRead Ignored;
    POST "/v1/passes/admit" passes::admit_scanned_pass VouchersRedeem Required;
    GET "/v1/passes/{id}" passes::get_pass VouchersRead Ignored;
    PATCH "/v1/passes/{id}" passes::update_pass VouchersWrite Optional;
    POST "/v1/passes/{id}/admit" passes::admit_pass VouchersRedeem Required;

    POST "/v1/holds" holds::create_hold VouchersRedeem Optional;
    GET "/v1/holds" holds::list_holds VouchersRead Ignored;
    GET "/v1/holds/{id}" holds::get_hold VouchersRead Ignored;
    DELETE "/v1/holds/{id}" holds::release_hold VouchersRedeem Optional;

    POST "/v1/redemptions" redemptions::create_redemption VouchersRedeem Optional;
    GET "/v1/redemptions" redemptions::list_redemptions VouchersRead Ignored;
    GET "/v1/redemptions/{id}" redemptions::get_redemption VouchersRead Ignored;
    POST "/v1/redemptions/{id}/reversals" redemptions::create_reversal VouchersRedeem Optional;

    POST "/v1/imports" imports::create_import ImportsWrite Required streamed;
    GET "/v1/jobs" jobs::list_jobs ImportsRead Ignored;
    GET "/v1/jobs/{id}" jobs::get_job ImportsRead Ignored;
    GET "/v1/jobs/{id}/errors" jobs::list_job_errors ImportsRead Ignored;

    GET "/v1/messages" messages::list_messages MessagesRead Ignored;
    GET "/v1/messages/{id}" messages::get_message MessagesRead Ignored;
    POST "/v1/messages/{id}/resend" messages::resend_message MessagesWrite Optional;
    POST "/v1/announcements" announcements::create_announcement ShopWrite Required;
    GET "/v1/announcements" announcements::list_announcements MessagesRead Ignored;
    GET "/v1/announcements/{id}" announcements::get_announcement MessagesRead Ignored;
    PATCH "/v1/announcements/{id}" announcements::update_announcement ShopWrite Optional;
    POST "/v1/announcements/{id}/rehearse" announcements::rehearse_announcement ShopWrite Ignored;
    POST "/v1/announcements/{id}/approve" announcements::approve_announcement ShopWrite Required;
    POST "/v1/announcements/{id}/send" announcements::send_announcement ShopWrite Optional;
    POST "/v1/announcements/{id}/pause" announcements::pause_announcement ShopWrite Optional;
    POST "/v1/announcements/{id}/resume" announcements::resume_announcement ShopWrite Optional;
    POST "/v1/announcements/{id}/stop" announcements::stop_announcement ShopWrite Optional;
    GET "/v1/announcements/{id}/proof.csv" announcements::get_announcement_proof MessagesRead Ignored;
    GET "/v1/templates" templates::list_templates ShopRead Ignored;
    GET "/v1/templates/{kind}/{locale}" templates::get_template ShopRead Ignored;
    PUT "/v1/templates/{kind}/{locale}" templates::save_template ShopWrite Optional;
    DELETE "/v1/templates/{kind}/{locale}" templates::delete_template ShopWrite Optional;
    POST "/v1/templates/{kind}/{locale}/preview" templates::preview_template ShopWrite Ignored;
    POST "/v1/mail/bounces" messages::create_bounce MessagesWrite Ignored;
    GET "/v1/suppressions" messages::list_suppressions MessagesRead Ignored;
    DELETE "/v1/suppressions/{id}" messages::delete_suppression MessagesWrite Optional;

    GET "/v1/customers/{id}/balance" ledger::get_customer_balance CustomersRead Ignored;
    GET "/v1/customers/{id}/entries" ledger::list_customer_entries CustomersRead Ignored;
    GET "/v1/ledger/audit" ledger::get_ledger_audit AuditRead Ignored;
    GET "/v1/audit_log" ledger::list_audit_log AuditRead Ignored;
    GET "/v1/reports/funnel" reports::get_funnel_report ReportsRead Ignored;
    GET "/v1/reports/channels" reports::get_channels_report ReportsRead Ignored;
    GET "/v1/reports/placements" reports::get_placements_report ReportsRead Ignored;
    GET "/v1/reports/advocates" advocates::get_advocates_report ReportsRead Ignored;
    GET "/v1/reports/cycle" months::get_cycle_report ReportsRead Ignored;
    GET "/v1/reports/cohorts" months::get_cohorts_report ReportsRead Ignored;
    GET "/v1/reports/lift" lift::get_lift_report ReportsRead Ignored;
    GET "/v1/reports/budget" reports::get_budget_report ReportsRead Ignored;
    GET "/v1/reports/offers" standing::get_offers_report ReportsRead Ignored;
    GET "/v1/reports/liability" standing::get_liability_report ReportsRead Ignored;

    GET "/v1/events" events::list_events EventsRead Ignored;
    GET "/v1/events/proof" events::get_events_proof EventsRead Ignored;
    PUT "/v1/event_consumers/{name}" consumers::upsert_event_consumer EventsWrite Ignored;
    GET "/v1/event_consumers/{name}" consumers::get_event_consumer EventsRead Ignored;
    DELETE "/v1/event_consumers/{name}" consumers::delete_event_consumer EventsWrite Ignored;

    POST "/v1/webhook_endpoints" webhooks::create_webhook_endpoint WebhooksWrite Optional;
    GET "/v1/webhook_endpoints" webhooks::list_webhook_endpoints WebhooksRead Ignored;
    GET "/v1/webhook_endpoints/{id}" webhooks::get_webhook_endpoint WebhooksRead Ignored;
    PATCH "/v1/webhook_endpoints/{id}" webhooks::update_webhook_endpoint WebhooksWrite Optional;
    DELETE "/v1/webhook_endpoints/{id}" webhooks::delete_webhook_endpoint WebhooksWrite Optional;
    POST "/v1/webhook_endpoints/{id}/enable" webhooks::enable_webhook_endpoint WebhooksWrite Optional;
    POST "/v1/webhook_endpoints/{id}/rotate_secret" webhooks::rotate_webhook_secret WebhooksWrite Optional;
    POST "/v1/webhook_endpoints/{id}/test" webhooks::test_webhook_endpoint WebhooksWrite Ignored;
    POST "/v1/webhook_endpoints/{id}/replay" webhooks::replay_events WebhooksWrite Ignored;
    GET "/v1/webhook_endpoints/{id}/deliveries" webhooks::list_endpoint_deliveries WebhooksRead Ignored;
    GET "/v1/analytics/{kind}" analytics::get_analytics_account WebhooksRead Ignored;
    PUT "/v1/analytics/{kind}" analytics::put_analytics_account WebhooksWrite Optional;
    DELETE "/v1/analytics/{kind}" analytics::delete_analytics_account WebhooksWrite Optional;
    POST "/v1/analytics/{kind}/test" analytics::test_analytics_account WebhooksWrite Ignored;
    GET "/v1/deliveries" webhooks::list_deliveries WebhooksRead Ignored;
    GET "/v1/deliveries/{id}" webhooks::get_delivery WebhooksRead Ignored;
    POST "/v1/deliveries/{id}/redeliver" webhooks::redeliver WebhooksWrite Ignored;

    POST "/v1/test/clock" clock::move_test_clock ShopWrite Optional;
}

/// Every operation, and what does it.
pub fn all() -> impl Iterator<Item = (&'static Operation, Handler)> {
    let client = OPERATIONS.iter().zip(HANDLERS.iter().copied());
    client.chain(ME_OPERATIONS.iter().zip(ME_HANDLERS.iter().copied()))
}
