//! Every reason for which a request is refused, with its HTTP status, its title and what to do: one table, from
//! which the answers, the pages under `/docs/errors/` and the contract's list follow.
//!
//! A *refusal* is ours to say and theirs to mend (4xx, or 503 to come again); a failure of ours is
//! opaque (`internal`) and logged where it happens.

use serde::Serialize;

macro_rules! codes {
    ( $( $variant:ident => $code:literal, $status:literal, $title:literal, $help:literal; )* ) => {
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

            /// What it means, and what to do.
            pub fn help(self) -> &'static str {
                match self { $( Code::$variant => $help, )* }
            }
        }
    };
}

codes! {
    InvalidJson => "invalid_json", 400, "The body is not JSON",
        "Send one JSON object in UTF-8, with nothing after it. Most often a comma, a quote or a brace is missing, or the body is empty.";
    IdempotencyKeyRequired => "idempotency_key_required", 400, "An Idempotency-Key is required",
        "This operation moves value. Send a header Idempotency-Key with a new random value for each new request, and the same value when you repeat it: it then happens once, however often it arrives.";
    InvalidRequest => "invalid_request", 400, "The request is malformed",
        "Something outside the body is malformed: a header, the path's percent-encoding, or a parameter. The detail says which.";
    Unauthenticated => "unauthenticated", 401, "Authentication is required",
        "Send Authorization: Bearer with a key's secret or an access token. The detail says what is wrong with what came: nothing, cut off, of another installation or revoked, expired. Tokens are good for 15 minutes; `grapevine key create` makes a key.";
    Forbidden => "forbidden", 403, "This key or role may not do that",
        "The caller is known and lacks the scope or role that the operation needs; the contract names them as x-scope and x-role. Nobody can give another what he does not have himself.";
    NotFound => "not_found", 404, "There is nothing here",
        "The path names nothing, or nothing of this shop. Ids of the shop's own are percent-encoded in paths: A/10 is A%2F10.";
    MethodNotAllowed => "method_not_allowed", 405, "This method is not allowed here",
        "The path has other methods; the header Allow lists them.";
    RequestTimeout => "request_timeout", 408, "The request came too slowly",
        "The request did not come completely in time. Send it again, at once and whole; with the same Idempotency-Key it happens once.";
    CodeTaken => "code_taken", 409, "The code is taken",
        "Another one of this shop has that code, slug or address already. Choose another one, or leave it out to have one made.";
    OrderDiffers => "order_differs", 409, "The order was reported differently",
        "An id of your own was met again with other content: another amount, currency, customer or cart. Repeat it as it was, or use a new id for a new thing.";
    IllegalTransition => "illegal_transition", 409, "Its state forbids that",
        "The thing is in a state in which this cannot be done: what was spent cannot be voided, what has ended cannot start. Read it again to see where it stands.";
    ProgramNotActive => "program_not_active", 409, "The program is not active",
        "The program is a draft, paused, ended, or outside its dates. POST /v1/programs/{id}/activate starts it.";
    OfferNotActive => "offer_not_active", 409, "The offer is not open",
        "The offer is a draft, paused, ended, outside its dates, or its program rests. POST /v1/offers/{id}/activate opens it.";
    OfferExhausted => "offer_exhausted", 409, "Everything was claimed",
        "Every place of the offer, or of the group, is taken. Limits are exact. A place is free again when a claim's voucher is withdrawn.";
    AlreadyClaimed => "already_claimed", 409, "It was claimed already",
        "This person has all that one person may have of the offer, under whichever id or address.";
    VoucherSpent => "voucher_spent", 409, "The voucher is spent",
        "Every use of the voucher, or its whole balance, is gone. A reversal of the redemption gives it back.";
    LimitReached => "limit_reached", 409, "The limit is reached",
        "A limit that was set is reached: uses of a voucher, uses by one customer, or how many of a kind a shop may have. Limits are exact.";
    VoucherExpired => "voucher_expired", 409, "The voucher has expired",
        "The voucher was good until its valid_until. PATCH /v1/vouchers/{id} with a later one revives it.";
    VoucherNotYetValid => "voucher_not_yet_valid", 409, "The voucher is not valid yet",
        "The voucher is good from its valid_from on.";
    VoucherVoid => "voucher_void", 409, "The voucher was withdrawn",
        "The voucher was withdrawn by hand, or with the reward that it came from. It cannot be used any more.";
    VoucherHeld => "voucher_held", 409, "The voucher is set aside",
        "What is left of the voucher is set aside for another checkout. It is free again when that hold is released or lapses; until then only the order or cart of the hold can use it.";
    HoldExpired => "hold_expired", 409, "The hold is over",
        "The hold's time is over, or it was released. Send the cart itself, or make a new hold with POST /v1/holds.";
    AlreadyAdmitted => "already_admitted", 409, "The pass was admitted already",
        "A pass lets people in once. The detail says when and where that was; GET /v1/passes/{id} says by whom. A door that let people in without a network reports it with admitted_at.";
    BalanceTooLow => "balance_too_low", 409, "The balance is too low",
        "The gift card or the store credit has less than was asked for. Leave the amount out to take what there is.";
    ReversalExceedsRedemption => "reversal_exceeds_redemption", 409, "More than was redeemed",
        "All reversals together cannot be more than what was redeemed. Leave the amount out to undo all that is left.";
    RefundDiffers => "refund_differs", 409, "The refund was reported differently",
        "The refund_id was met before with another amount, kind or items. Repeat it as it was, or use a new id for a new refund.";
    ReversalDiffers => "reversal_differs", 409, "The reversal was made differently",
        "The reversal_id was met before with another amount. Repeat it as it was, or use a new id for a new reversal.";
    ReferenceDiffers => "reference_differs", 409, "The reference belongs to something else",
        "The reference was met before with other content: another customer, value or terms. Repeat the request as it was, or give the new one a reference of its own.";
    RefundExceedsOrder => "refund_exceeds_order", 409, "More than the order",
        "All refunds together cannot be more than the order. Each is given with its own amount, not with the sum so far; leave the amount out to send back all that is left.";
    BudgetExhausted => "budget_exhausted", 409, "The budget is exhausted",
        "The budget of the program has no room for this. PATCH /v1/programs/{id} raises it; what was refused is not made up later.";
    FourEyesRequired => "four_eyes_required", 409, "A second operator must decide",
        "What is given by hand and worth more than the shop's grant_approval_above is looked at by two persons: an operator who did not ask for it decides, and never a key. For a week an account counts as its maker's, too. The same is so for raising that limit.";
    ApprovalRequired => "approval_required", 409, "It is not approved",
        "An announcement is sent when another operator than the one who wrote it has approved it as it is now; whatever was changed is approved anew. POST /v1/announcements/{id}/approve does that.";
    RehearsalRequired => "rehearsal_required", 409, "It was not rehearsed",
        "Nobody approves an announcement without knowing whom it reaches. POST /v1/announcements/{id}/rehearse counts that, and sends nothing.";
    NobodyToTell => "nobody_to_tell", 409, "It would reach nobody",
        "Of those whom the announcement is for nobody would be told: they have no address, their address takes no mails, or they did not consent to advertising. The rehearsal says which.";
    Erased => "erased", 410, "The customer was erased",
        "The customer asked to be forgotten: nothing of him is known any more, and nothing new can be given to this id. Should the person come back, PUT /v1/customers/{external_id} makes a new customer.";
    Stale => "stale", 412, "It was changed meanwhile",
        "Somebody changed it after you read it. Read it again, look at what changed, and send the new ETag as If-Match.";
    BodyTooLarge => "body_too_large", 413, "The body is too large",
        "The body is larger than the server takes. Send less in one request.";
    UnsupportedMediaType => "unsupported_media_type", 415, "The body must be JSON",
        "Send Content-Type: application/json, and the body as it is, without Content-Encoding.";
    InvalidField => "invalid_field", 422, "A field is wrong",
        "The field that the pointer names has the wrong type, is missing, or is outside its limits. Amounts are integers in minor units: 49.90 is 4990.";
    UnknownField => "unknown_field", 422, "A field is unknown",
        "The body has a field that the contract does not have. Nothing is ever ignored silently: leave it out, or mind the spelling.";
    NotSupported => "not_supported", 422, "Not supported yet",
        "The contract knows this field or value, and its rule is not built yet. It is refused rather than stored and ignored; leave it out.";
    IdempotencyKeyReused => "idempotency_key_reused", 422, "The Idempotency-Key belongs to another request",
        "The key was sent before with another method, path or body. Use a new key for a new request; only an exact repetition may use the old one.";
    CurrencyMismatch => "currency_mismatch", 422, "The currency differs",
        "The amount is in another currency than the shop or the voucher. Grapevine never converts.";
    ProgramUnknown => "program_unknown", 422, "The program is unknown",
        "No program of this shop has that id or slug. GET /v1/programs lists them.";
    CodeUnknown => "code_unknown", 422, "The code is unknown",
        "No advocate of this shop has that code. Codes are compared without case, blanks and hyphens.";
    ShareUnknown => "share_unknown", 422, "The share is unknown",
        "No share of this shop has that token. Hand on the whole gv parameter as it came with the link.";
    CustomerUnknown => "customer_unknown", 422, "The customer is unknown",
        "No customer of this shop has that external_id or id. PUT /v1/customers/{external_id} makes one known.";
    CustomerRequired => "customer_required", 422, "A customer is needed",
        "This can only be decided for a known customer: say who orders with customer.";
    ItemsRequired => "items_required", 422, "The items are needed",
        "This can only be decided by item. A voucher of the cart is for some products alone, or the shop never discounts some: send the items of the cart, with their sku, categories and whether they are discounted. A refund by item needs an order that was reported with its items.";
    HoldUnknown => "hold_unknown", 422, "The hold is unknown",
        "No hold of this shop has that id. Send the id as POST /v1/holds answered it, or the cart itself.";
    ChannelUnknown => "channel_unknown", 422, "The channel is unknown",
        "There is no such channel. GET /v1/channels lists them, PUT /v1/channels/{key} adds one.";
    NotEligible => "not_eligible", 422, "It does not qualify",
        "The evidence is there and does not qualify: it is too old, or the friend is no new customer. The detail says which. Of an offer, errors name each condition that is not met, with what the customer may read.";
    SegmentUnknown => "segment_unknown", 422, "The segment is unknown",
        "No segment of this shop has that key. GET /v1/segments lists them, PUT /v1/segments/{key} makes one.";
    SkuUnknown => "sku_unknown", 422, "Nobody bought that product",
        "No order of the time that was named has this product. Products are compared trimmed and without case; orders that were reported without items name none.";
    NoAdvertising => "no_advertising", 422, "A recall or a breach advertises nothing",
        "Whoever must be told is told whatever they said of advertising. So such an announcement has no code that is worth something, and no link that says who opened it: leave the code out, and the parameters of the link.";
    NotNewCustomer => "not_new_customer", 422, "The customer is not new",
        "The discount of an advocate's code is for new customers, and this person has ordered before, under whatever id. Leave the code and the evidence out; vouchers of the person's own are good all the same.";
    SeveralAdvocates => "several_advocates", 422, "More than one advocate is named",
        "An order has one advocate. The codes and the evidence of this cart name several: keep one code, and leave the evidence out where it names somebody else.";
    SelfReferral => "self_referral", 422, "One cannot refer oneself",
        "The advocate and the friend are plainly the same person: the same customer, or the same address.";
    VoucherUnknown => "voucher_unknown", 422, "The voucher is unknown",
        "No voucher of this shop has that code. Mind the characters; case, blanks and hyphens do not matter. Wrong guesses are throttled.";
    VoucherForeign => "voucher_foreign", 422, "The voucher belongs to someone else",
        "The voucher is bound to another customer. Say who orders with customer; nobody else can use it.";
    NotApplicable => "not_applicable", 422, "It does not apply to this cart",
        "The voucher is good, and does not fit this cart: its least amount is not reached, or it cannot be combined with the others.";
    WrongEvent => "wrong_event", 422, "The pass is for another event",
        "The pass is good, and for another event than the one that is attended at this door. The detail names its event.";
    UrlNotAllowed => "url_not_allowed", 422, "Links may not lead there",
        "Links lead to https pages of the shop's landing_hosts and nowhere else, so that nobody can use them to send people elsewhere. PATCH /v1/shop adds hosts.";
    ExpressionInvalid => "expression_invalid", 422, "The expression cannot be taken",
        "The condition's expression does not parse, names an unknown fact, compares two types, or is too long or too deep. The detail says where, by line and column, what was expected there and what to write instead. GET /v1/offers/facts lists the facts.";
    PreconditionRequired => "precondition_required", 428, "If-Match is required",
        "Send If-Match with the ETag that you read, so that nobody's change is lost.";
    RateLimited => "rate_limited", 429, "Too many requests",
        "Too many requests, or too many wrong guesses, in a short time. Come again after Retry-After seconds; RateLimit says how much is left.";
    HeadTooLarge => "head_too_large", 431, "The head of the request is too large",
        "The line and the headers of the request have more than 32 KiB, or are more than 96 headers. Send fewer, or shorter ones.";
    Internal => "internal", 500, "Something broke on our side",
        "Something broke on our side; it was logged under the request_id. Repeat the request with the same Idempotency-Key.";
    Busy => "busy", 503, "Too busy",
        "Too many requests wait for this shop; nothing happened. Come again after Retry-After seconds.";
    Unavailable => "unavailable", 503, "Temporarily unavailable",
        "The server stops, or its database cannot be reached or written, its disk being full perhaps; nothing happened. GET /readyz says why. Come again after Retry-After seconds.";
    OutcomeUnknown => "outcome_unknown", 503, "The outcome is not known",
        "The database was lost in the very moment of saving, so whether it happened is not known. Repeat the request with the same Idempotency-Key: it happens once.";
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

    /// A field that is wrong; `detail` is what is expected of it, without its name and a full stop.
    pub fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let at = Self::at(Code::InvalidField, pointer, detail);
        let place = at.errors.first().map_or("", |fault| fault.pointer.as_str());
        let detail = match place {
            "" => format!("The body: {}.", at.detail),
            place => format!("{place}: {}.", at.detail),
        };
        Self { detail, ..at }
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
