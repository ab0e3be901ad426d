//! Every reason for which a request is refused, with its HTTP status and title: one table, from
//! which the answers, the pages under `/docs/errors/` and the contract's list follow.
//!
//! A *refusal* is ours to say and theirs to mend (4xx, or 503 to come again); a failure of ours is
//! opaque (`internal`) and logged where it happens.

use serde::Serialize;

macro_rules! codes {
    ( $( $variant:ident => $code:literal, $status:literal, $title:literal; )* ) => {
        /// A stable code of a refusal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $( #[doc = $title] $variant, )* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[ $( Code::$variant, )* ];

            /// The word of the contract.
            pub fn as_str(self) -> &'static str {
                match self { $( Code::$variant => $code, )* }
            }

            /// The HTTP status.
            pub fn status(self) -> u16 {
                match self { $( Code::$variant => $status, )* }
            }

            /// A short title.
            pub fn title(self) -> &'static str {
                match self { $( Code::$variant => $title, )* }
            }
        }
    };
}

codes! {
    InvalidJson => "invalid_json", 400, "The body is not JSON";
    IdempotencyKeyRequired => "idempotency_key_required", 400, "An Idempotency-Key is required";
    InvalidRequest => "invalid_request", 400, "The request is malformed";
    Unauthenticated => "unauthenticated", 401, "Authentication is required";
    Forbidden => "forbidden", 403, "This key or role may not do that";
    NotFound => "not_found", 404, "There is nothing here";
    MethodNotAllowed => "method_not_allowed", 405, "This method is not allowed here";
    RequestTimeout => "request_timeout", 408, "The request came too slowly";
    CodeTaken => "code_taken", 409, "The code is taken";
    OrderDiffers => "order_differs", 409, "The order was reported differently";
    IllegalTransition => "illegal_transition", 409, "Its state forbids that";
    ProgramNotActive => "program_not_active", 409, "The program is not active";
    VoucherSpent => "voucher_spent", 409, "The voucher is spent";
    LimitReached => "limit_reached", 409, "The limit is reached";
    VoucherExpired => "voucher_expired", 409, "The voucher has expired";
    VoucherNotYetValid => "voucher_not_yet_valid", 409, "The voucher is not valid yet";
    VoucherVoid => "voucher_void", 409, "The voucher was withdrawn";
    BalanceTooLow => "balance_too_low", 409, "The balance is too low";
    ReversalExceedsRedemption => "reversal_exceeds_redemption", 409, "More than was redeemed";
    BudgetExhausted => "budget_exhausted", 409, "The budget is exhausted";
    FourEyesRequired => "four_eyes_required", 409, "A second operator must decide";
    Stale => "stale", 412, "It was changed meanwhile";
    BodyTooLarge => "body_too_large", 413, "The body is too large";
    UnsupportedMediaType => "unsupported_media_type", 415, "The body must be JSON";
    InvalidField => "invalid_field", 422, "A field is wrong";
    UnknownField => "unknown_field", 422, "A field is unknown";
    NotSupported => "not_supported", 422, "Not supported yet";
    IdempotencyKeyReused => "idempotency_key_reused", 422, "The Idempotency-Key belongs to another request";
    CurrencyMismatch => "currency_mismatch", 422, "The currency differs";
    ProgramUnknown => "program_unknown", 422, "The program is unknown";
    CodeUnknown => "code_unknown", 422, "The code is unknown";
    ShareUnknown => "share_unknown", 422, "The share is unknown";
    CustomerUnknown => "customer_unknown", 422, "The customer is unknown";
    CustomerRequired => "customer_required", 422, "A customer is needed";
    ChannelUnknown => "channel_unknown", 422, "The channel is unknown";
    SelfReferral => "self_referral", 422, "One cannot refer oneself";
    VoucherUnknown => "voucher_unknown", 422, "The voucher is unknown";
    VoucherForeign => "voucher_foreign", 422, "The voucher belongs to someone else";
    NotApplicable => "not_applicable", 422, "It does not apply to this cart";
    UrlNotAllowed => "url_not_allowed", 422, "Links may not lead there";
    PreconditionRequired => "precondition_required", 428, "If-Match is required";
    RateLimited => "rate_limited", 429, "Too many requests";
    Internal => "internal", 500, "Something broke on our side";
    Busy => "busy", 503, "Too busy";
    Unavailable => "unavailable", 503, "Temporarily unavailable";
    OutcomeUnknown => "outcome_unknown", 503, "The outcome is not known";
}

/// One fault among several, with the place in the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// JSON pointer into the body (RFC 6901).
    pub pointer: String,
    /// Its code.
    pub code: String,
    /// What to do about it.
    pub detail: String,
}

/// We refuse: a stable code and a sentence that a person can act on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", code.as_str())]
pub struct Rejection {
    /// The code.
    pub code: Code,
    /// The sentence.
    pub detail: String,
    /// Each fault, where there can be several.
    pub errors: Vec<Fault>,
}

impl Rejection {
    /// A refusal with its sentence.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new() }
    }

    /// A refusal that names the place in the body.
    pub fn at(code: Code, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let fault = Fault { pointer: pointer.into(), code: code.as_str().to_owned(), detail: detail.clone() };
        Self { code, detail, errors: vec![fault] }
    }

    /// A field that is wrong.
    pub fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::at(Code::InvalidField, pointer, detail)
    }

    /// A field, or one of its values, whose rule is not built yet.
    pub fn not_supported(pointer: impl Into<String>, what: &str) -> Self {
        Self::at(Code::NotSupported, pointer, format!("{what} is not supported yet; leave it out."))
    }

    /// Several faults at once: the status is that of the first.
    pub fn all(faults: Vec<(Code, Fault)>) -> Option<Self> {
        let code = faults.first()?.0;
        let detail = faults.first()?.1.detail.clone();
        Some(Self { code, detail, errors: faults.into_iter().map(|(_, fault)| fault).collect() })
    }
}
