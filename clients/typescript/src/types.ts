/* Made from openapi.yaml by scripts/clients. Change neither by hand. */

/** A prefix and 26 characters. It names; it gives no order. */
export type Id = string;

/** An id, where there is one. */
export type MaybeId = string | null;

/** RFC 3339; in answers UTC with milliseconds. */
export type Instant = string;

/** An instant, where there is one. */
export type MaybeInstant = string | null;

/** Minor units (cents) of the nearest enclosing currency. */
export type Amount = number;

/** Minor units, where there is an amount. */
export type MaybeAmount = number | null;

/** Basis points, where there is a rate. */
export type MaybeRate = number | null;

/** How many; null: no limit. */
export type MaybeCount = number | null;

/** ISO 4217. */
export type Currency = string;

/** A language and, perhaps, a region. */
export type Locale = string;

/** A country (ISO 3166-1 alpha-2) that has a numbering plan */
export type MaybeCountry = string | null;

/** An id of the shop's own, printable characters. */
export type Reference = string;

/** An id of the shop's own, where there is one. */
export type MaybeReference = string | null;

/** Lower-case letters, digits, `-` and `_`; one that is chosen has not the form of an id. */
export type Slug = string;

/** An absolute https address (http only for this machine), without user and password. */
export type Url = string;

/** What people typed that could not be used: it was left aside, as if it had not been sent, and the rest counts. Empty where everything was used. */
export type Ignored = Array<{
    /** Its place in the request, a JSON pointer */
    pointer: string;
    /** What could be used */
    detail: string;
}>;

/** An e-mail address as somebody typed it: blanks around it, full-width letters and split accents are put in order. It can be used when mail can be sent to it: no quotes, no address of a machine, at most 254 bytes. */
export type TypedEmail = string | null;

/** A phone number as somebody typed it: 3 to 15 digits, blanks and ( ) / . - between them, with the country as + or 00, or as it is dialled in the shop's `country`. */
export type TypedPhone = string | null;

/** A language as browsers and systems write it; the nearest that is known here is kept: `de_DE` is de-DE, `es-419` is es. */
export type TypedLocale = string | null;

/** An e-mail address that mail can be sent to: no quotes, no address of a machine. */
export type Email = string;

/** Why; kept in the audit log. */
export type Reason = string;

/** RFC 4180, UTF-8, with a header line. Text that a spreadsheet would take for a formula has a `'` put before it: where it begins with one of `= + - @` in any width, a tab or a line end, whatever stands before that and is not seen; and wherever a cell could begin so in the middle of it, behind `;`, a tab or a line end, for nobody knows by what a spreadsheet divides. Text that begins with `'` and goes on like that gets one more. An import takes away what was put there. In nested JSON `;` is written as `\u003b`. */
export type Csv = string;

/** A stable code; see `/docs/errors/{code}`. */
export type ErrorCode = "invalid_json" | "idempotency_key_required" | "invalid_request" | "unauthenticated" | "forbidden" | "not_found" | "method_not_allowed" | "request_timeout" | "code_taken" | "order_differs" | "illegal_transition" | "program_not_active" | "offer_not_active" | "offer_exhausted" | "already_claimed" | "voucher_spent" | "voucher_held" | "hold_expired" | "limit_reached" | "voucher_expired" | "voucher_not_yet_valid" | "voucher_void" | "already_admitted" | "balance_too_low" | "reversal_exceeds_redemption" | "refund_differs" | "reversal_differs" | "reference_differs" | "refund_exceeds_order" | "budget_exhausted" | "four_eyes_required" | "approval_required" | "rehearsal_required" | "nobody_to_tell" | "erased" | "stale" | "body_too_large" | "unsupported_media_type" | "invalid_field" | "unknown_field" | "not_supported" | "idempotency_key_reused" | "currency_mismatch" | "program_unknown" | "code_unknown" | "share_unknown" | "customer_unknown" | "customer_required" | "items_required" | "hold_unknown" | "channel_unknown" | "not_eligible" | "segment_unknown" | "sku_unknown" | "no_advertising" | "not_new_customer" | "several_advocates" | "self_referral" | "voucher_unknown" | "voucher_foreign" | "not_applicable" | "wrong_event" | "url_not_allowed" | "expression_invalid" | "precondition_required" | "rate_limited" | "head_too_large" | "internal" | "busy" | "unavailable" | "outcome_unknown" | (string & {});

export interface Fault {
    /** Where: a JSON pointer into the body, or `?name` for a parameter */
    pointer: string;
    /** Its code */
    code: ErrorCode;
    /** What is wrong there */
    detail: string;
}

/** Problem details, RFC 9457. */
export interface Problem {
    /** The page of the code */
    type: string;
    /** The code in words */
    title: string;
    /** The HTTP status */
    status: number;
    /** A sentence that says what to do */
    detail: string;
    /** The path that was asked for */
    instance: string;
    /** The code */
    code: ErrorCode;
    /** The request's id, to ask the operator of the server with */
    request_id: string;
    /** Every fault, where there can be several; the status and the detail are those of the first. Of the fields of a body at most twenty are told, as far as they can be read behind one that is wrong */
    errors?: Fault[];
    /** Of token requests only (RFC 6749) */
    error?: string;
    /** Of token requests only (RFC 6749) */
    error_description?: string;
}

export interface Health {
    /** Whether it lives or can serve */
    status: "ok" | "unavailable" | (string & {});
    /** Why it cannot serve, or not everything, and what to do */
    detail?: string;
    /** Whether the replica answers that lists are read from; left out where there is none. It makes nothing unready */
    lists?: "ok" | "unavailable" | (string & {});
}

export interface Jwks {
    /** Public keys */
    keys: Array<{
        /** Key type */
        kty: "OKP" | (string & {});
        /** Curve */
        crv: "Ed25519" | (string & {});
        /** The public key, base64url */
        x: string;
        /** For signatures */
        use: "sig" | (string & {});
        /** Algorithm */
        alg: "EdDSA" | (string & {});
        /** The key's id */
        kid: string;
    }>;
}

/** What a caller may do; `x-scopes` lists them with their meaning. */
export type Scope = "shop:read" | "shop:write" | "programs:read" | "programs:write" | "customers:read" | "customers:write" | "customers:token" | "shares:read" | "shares:write" | "referrals:read" | "referrals:write" | "conversions:read" | "conversions:write" | "rewards:read" | "rewards:write" | "grants:read" | "grants:write" | "offers:read" | "offers:write" | "vouchers:read" | "vouchers:write" | "vouchers:redeem" | "reports:read" | "reports:write" | "webhooks:read" | "webhooks:write" | "messages:read" | "messages:write" | "events:read" | "events:write" | "audit:read" | "audit:write" | "imports:read" | "imports:write" | "keys:read" | "keys:write" | "operators:read" | "operators:write" | (string & {});

/** What a caller may do; `x-scopes` lists them with their meaning. */
export type ScopeInput = "shop:read" | "shop:write" | "programs:read" | "programs:write" | "customers:read" | "customers:write" | "customers:token" | "shares:read" | "shares:write" | "referrals:read" | "referrals:write" | "conversions:read" | "conversions:write" | "rewards:read" | "rewards:write" | "grants:read" | "grants:write" | "offers:read" | "offers:write" | "vouchers:read" | "vouchers:write" | "vouchers:redeem" | "reports:read" | "reports:write" | "webhooks:read" | "webhooks:write" | "messages:read" | "messages:write" | "events:read" | "events:write" | "audit:read" | "audit:write" | "imports:read" | "imports:write" | "keys:read" | "keys:write" | "operators:read" | "operators:write";

/** Each may do what those before it may. */
export type Role = "viewer" | "support" | "manager" | "owner" | (string & {});

/** Each may do what those before it may. */
export type RoleInput = "viewer" | "support" | "manager" | "owner";

export interface TokenRequest {
    /** The only kind, and the default */
    grant_type?: "client_credentials";
    /** The key's `client_id`, unless sent with Basic */
    client_id?: string;
    /** The key's secret, unless sent with Basic */
    client_secret?: string;
    /** Fewer scopes than the key has, with blanks between; left out: all of them */
    scope?: string;
}

export interface Token {
    /** A JWT */
    access_token: string;
    /** How it is sent */
    token_type: "Bearer" | (string & {});
    /** Seconds; 900 unless set otherwise */
    expires_in: number;
    /** What it may do, with blanks between */
    scope: string;
}

export interface OperatorTokenRequest {
    /** Address by which they sign in */
    email: Email;
    /** The operator's password */
    password: string;
    /** The shop: `shp_…` or its slug */
    shop: string;
}

export interface OperatorToken {
    /** A JWT */
    access_token: string;
    /** How it is sent */
    token_type: "Bearer" | (string & {});
    /** Seconds; 900 unless set otherwise */
    expires_in: number;
    /** What the role may do, with blanks between */
    scope: string;
    /** What they may do */
    role: Role;
}

export interface Operator {
    /** Its id */
    id: Id;
    /** Address by which they sign in */
    email: Email;
    /** Name shown */
    name: string;
    /** What they may do */
    role: Role;
    /** Whether they may no longer sign in */
    disabled: boolean;
    /** When they joined */
    created_at: Instant;
}

export interface OperatorList {
    /** The page */
    data: Operator[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface NewOperator {
    /** Address by which they sign in */
    email: Email;
    /** Name shown; left out: the address */
    name?: string;
    /** What they may do */
    role: RoleInput;
    /** Left out: one is made up and shown once */
    password?: string;
}

export interface NewOperatorAnswer {
    /** Its id */
    id: Id;
    /** Address by which they sign in */
    email: Email;
    /** Name shown */
    name: string;
    /** What they may do */
    role: Role;
    /** Whether they may no longer sign in */
    disabled: boolean;
    /** When they joined */
    created_at: Instant;
    /** The password that was made up, this once */
    password?: string;
}

export interface OperatorChange {
    /** Name shown */
    name?: string;
    /** What they may do */
    role?: RoleInput;
    /** A new password */
    password?: string;
    /** Whether they may no longer sign in */
    disabled?: boolean;
}

export interface Key {
    /** Its id */
    id: Id;
    /** What it is for */
    name: string;
    /** What it may do */
    scopes: Scope[];
    /** Whose idempotency keys it shares */
    client: string;
    /** Who made it or gave it more, until another operator approved it: it is their hand; null: the shop's backend */
    asked_by: Actor | null;
    /** When it was made */
    created_at: Instant;
}

export interface KeyList {
    /** The page */
    data: Key[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface NewKey {
    /** What it is for */
    name: string;
    /** What it may do; no more than the one who makes it */
    scopes: ScopeInput[];
    /** An older key, whose idempotency keys stay good with this one; left out: a client of its own */
    rotates?: MaybeId;
}

export interface NewKeyAnswer {
    /** Its id */
    id: Id;
    /** What it is for */
    name: string;
    /** What it may do */
    scopes: Scope[];
    /** Whose idempotency keys it shares */
    client: string;
    /** Who made it or gave it more, until another operator approved it: it is their hand; null: the shop's backend */
    asked_by: Actor | null;
    /** When it was made */
    created_at: Instant;
    /** The secret, this once */
    secret: string;
}

export interface KeyChange {
    /** What it is for */
    name?: string;
    /** What it may do */
    scopes?: ScopeInput[];
}

export interface Sender {
    /** Name that mails come from */
    name: string | null;
    /** Address that mails come from */
    email: string | null;
}

export interface Brand {
    /** Name in mails and pages; null: the shop's own */
    name: string | null;
    /** As `#rrggbb` */
    color: string | null;
    /** The legal notice under each mail */
    imprint: string | null;
    /** How German mails speak to people: as one speaks to customers, or to friends */
    german_address: "sie" | "du" | (string & {});
}

export interface MailSettings {
    /** Mails about vouchers, credit and what the shop has handed over; `off`: they stay in the message list as suppressed, those that wait to leave, too */
    voucher_issued: "send" | "off" | (string & {});
    /** Mails about a reward that was taken back, or part of it, after its customer had been told of it */
    reward_withdrawn: "send" | "off" | (string & {});
    /** Mails to advocates whose private link has got about, with a fresh one */
    link_replaced: "send" | "off" | (string & {});
    /** Mails about rewards that are on their way until an order is certain; `off` unless it is said */
    reward_pending: "send" | "off" | (string & {});
    /** Reminders of vouchers that are about to expire, to customers who agreed to advertising by mail; `off` unless it is said. A change is for vouchers that are made or extended from then on */
    expires_soon: "send" | "off" | (string & {});
    /** How many days before */
    expires_soon_days: number;
}

export interface Shop {
    /** Its id */
    id: Id;
    /** For ever */
    mode: "test" | "live" | (string & {});
    /** Its name */
    name: string;
    /** Its one currency, for ever */
    currency: Currency;
    /** IANA name; calendar days are counted in it */
    time_zone: string;
    /** Where it is: phone numbers that tell no country are read as they are dialled there. Guessed of time zone and currency until it is set; null: these do not tell, and such numbers are compared as they were typed */
    country: MaybeCountry;
    /** Its languages; the first is the default */
    locales: Locale[];
    /** Part of its code links, unique among all shops */
    slug: Slug;
    /** What its links begin with; null: the server's public address */
    link_base_url: string | null;
    /** Where visitors of ended and paused programs go */
    home_url: string | null;
    /** Where links may lead; a host may name a port. Links to a host that is taken from the list lead to the program's page, else home */
    landing_hosts: string[];
    /** Which parameters of a landing page's address carry the mark; `gv` unless the shop wants others */
    mark_parameters: string[];
    /** Which of its pages people type the address of; who comes to any other from nowhere counts as sent in private. `/` unless the shop names others */
    typed_pages: string[];
    /** The placements by which reports tell shares apart: keys that shares give as `placement` */
    placements: string[];
    /** Who mails come from */
    sender: Sender;
    /** How mails and pages look */
    brand: Brand;
    /** Web pages that may call the browser's part of the API */
    browser_origins: string[];
    /** Which mails leave */
    mail: MailSettings;
    /** What is given by hand and worth more than this, minor units, needs a second operator; null: nothing does. A new shop has 50.00 */
    grant_approval_above: MaybeAmount;
    /** A higher limit that one operator asked for; it counts when another asks for the same */
    grant_limit_raise: {
        /** The limit, minor units; null: none */
        above: MaybeAmount;
        /** The operator who asked */
        by: Id;
        /** When */
        at: Instant;
    } | null;
    /** Addresses that get mail although it is a test shop */
    test_recipients: Email[];
    /** What no discount lowers: books with fixed prices, medicines. Products and categories are compared trimmed and without case */
    never_discounted: NeverDiscounted;
    /** When it was made */
    created_at: Instant;
}

/** What no discount lowers, whatever the voucher says; balances pay for it all the same. While one of the lists is not empty, discounts on goods need the items of the cart (`items_required`). */
export interface NeverDiscounted {
    /** These products */
    skus: Reference[];
    /** Products of one of these categories */
    categories: Reference[];
}

/** A list that is given replaces the earlier one. */
export type NeverDiscountedChange = {
    /** These products */
    skus?: Reference[];
    /** Products of one of these categories */
    categories?: Reference[];
} | null;

export interface ShopChange {
    /** Its name */
    name?: string;
    /** IANA name */
    time_zone?: string;
    /** Where it is; null: guessed of time zone and currency. Numbers that were given before are still found, but those that were read as another country's */
    country?: MaybeCountry;
    /** Its languages; the first is the default */
    locales?: Locale[];
    /** Part of its code links; the links with the old one are then dead */
    slug?: Slug;
    /** What its links begin with; null: the server's public address */
    link_base_url?: string | null;
    /** Where visitors of ended and paused programs go: an https page */
    home_url?: string | null;
    /** Which of its pages people type the address of: paths without `?`; one that ends with `*` stands for all that begin so. What was counted before stays as it was counted */
    typed_pages?: string[];
    /** The placements by which reports tell shares apart, from now on: keys that shares give as `placement`. What shares give beside them may name somebody, and is counted as `(other)`. What was counted at one that is taken from the list stays there */
    placements?: string[];
    /** Where links may lead */
    landing_hosts?: string[];
    /** Which parameters of a landing page's address carry the mark, each whole: `gv` for your own pages, `campaignCode` for Shopware, `client_reference_id` for Stripe; none that begins with `utm_` */
    mark_parameters?: string[];
    /** Who mails come from */
    sender?: {
        /** Name shown */
        name?: string | null;
        /** Address */
        email?: string | null;
    };
    /** How mails look */
    brand?: {
        /** Name; null: the shop's own */
        name?: string | null;
        /** As `#rrggbb` */
        color?: string | null;
        /** The legal notice under each mail */
        imprint?: string | null;
        /** How German mails speak to people */
        german_address?: "sie" | "du";
    };
    /** Origins, for example `https://shop.example` */
    browser_origins?: string[];
    /** Which mails leave */
    mail?: {
        /** Mails about vouchers and credit */
        voucher_issued?: "send" | "off";
        /** Mails about rewards that were taken back */
        reward_withdrawn?: "send" | "off";
        /** Mails about links that got about */
        link_replaced?: "send" | "off";
        /** Mails about rewards that are on their way */
        reward_pending?: "send" | "off";
        /** Reminders of vouchers that are about to expire */
        expires_soon?: "send" | "off";
        /** How many days before */
        expires_soon_days?: number;
    };
    /** What is given by hand and worth more than this, minor units, needs a second operator; null: nothing does. A lower one counts at once; a higher one when a second operator asks for the same (`grant_limit_raise` shows what waits). Keys cannot raise it, `grapevine shop grant-limit` can */
    grant_approval_above?: MaybeAmount;
    /** Addresses that get mail although it is a test shop */
    test_recipients?: Email[];
    /** What no discount lowers */
    never_discounted?: NeverDiscountedChange;
}

/** One of the two. */
export interface ClockMove {
    /** So many times 24 hours further */
    advance_days?: number | null;
    /** An instant to go to; not before the shop's time */
    now?: string | null;
}

export interface Clock {
    /** The shop's time */
    now: Instant;
}

/** What the shop notes */
export type Attributes = Record<string, boolean | number | string>;

export interface Consent {
    /** What for, for example `marketing_mail` */
    kind: string;
    /** Given or withdrawn */
    given: boolean;
    /** When */
    at: Instant;
    /** Where it was declared */
    source: string | null;
    /** Which text was shown */
    text_version: string | null;
}

export interface Customer {
    /** Its id */
    id: Id;
    /** The shop's own id, for ever; null: a guest */
    external_id: MaybeReference;
    /** The customer into whom this one was merged */
    merged_into: MaybeId;
    /** Address for mails */
    email: string | null;
    /** Whether the shop vouches that the address is the customer's: only then does a guest with it become this customer, with all that the guest has */
    email_verified: boolean;
    /** Phone number as given */
    phone: string | null;
    /** Whether the shop vouches that the number is the customer's */
    phone_verified: boolean;
    /** Full name */
    name: string | null;
    /** First name, for greetings */
    first_name: string | null;
    /** Language; null: the shop's default */
    locale: string | null;
    /** What the shop notes */
    attributes: Attributes;
    /** Declarations, oldest first */
    consents: Consent[];
    /** When first known */
    created_at: Instant;
    /** When it was last changed */
    updated_at: Instant;
    /** Who recommended them, by the `evidence` that was sent; in the answer to it alone */
    referral?: Referral;
    /** Why nobody is credited with the sign-up, where the `evidence` that was sent speaks for nobody; in the answer to it alone */
    referral_refused?: {
        /** With what `POST /v1/referrals` refuses it */
        code: "code_unknown" | "share_unknown" | "self_referral" | "program_not_active" | "not_eligible" | (string & {});
        /** Why */
        detail: string;
    };
    /** What of the request was left aside; in the answer to it alone */
    ignored?: Ignored;
}

/** Exactly one of these is given. */
export interface CustomerQuestion {
    /** An e-mail address, in any spelling */
    email?: string | null;
    /** A phone number, in any spelling */
    phone?: string | null;
    /** The shop's id of an order */
    order_id?: string | null;
    /** A voucher's code or an advocate's, as typed */
    code?: string | null;
    /** Any of these, or the shop's own id of a customer, as it was said: with an @ an address; a redemption's or refund's id of ours; else an order, a code, a customer's id, a phone number, a `refund_id`, the first that is known */
    q?: string | null;
}

export interface CustomerLookup {
    /** The account that it leads to, then others of the same person; empty: nobody is known by that */
    customers: Customer[];
    /** The order that was asked for */
    conversion: MaybeId;
    /** The live redemption of that order, else the last one */
    redemption: MaybeId;
    /** The voucher whose code was asked for */
    voucher: MaybeId;
}

export interface MomentList {
    /** The page */
    data: Moment[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface Moment {
    /** When it happened */
    at: Instant;
    /** What it is about: `customer`, `share`, `referral`, `conversion`, `refusal`, `reward`, `mail`, `hold`, `redemption`, `grant` */
    kind: string;
    /** What happened to it */
    step: string;
    /** As what the customer was in it, where that matters */
    role: "advocate" | "friend" | (string & {}) | null;
    /** The record that tells it: of what came back of an order the refund */
    id: Id;
    /** What happened, in a sentence */
    sentence: string;
    /** What comes next; null: nothing does */
    next: null | {
        /** In a sentence */
        sentence: string;
        /** When, where that is known */
        at: MaybeInstant;
    };
}

export interface CustomerExport {
    /** When it was put together */
    exported_at: Instant;
    /** The customer, with consents */
    customer: Customer;
    /** Those who were merged into him */
    merged: Customer[];
    /** By what he is known again; of each address a keyed hash is kept, which is not shown */
    identities: Array<{
        /** What kind of address */
        kind: "email" | "phone" | (string & {});
        /** When it was first given */
        created_at: Instant;
    }>;
    /** Codes as an advocate */
    codes: AdvocateCode[];
    /** Shares */
    shares: Share[];
    /** How he came */
    referrals_as_friend: ReferralSide[];
    /** That he brought others */
    referrals_as_advocate: ReferralSide[];
    /** His orders */
    conversions: OwnConversion[];
    /** What he sent back: a `Refund` each, without what became of the rewards */
    refunds: Array<Record<string, unknown>>;
    /** Orders of others that were credited to him */
    conversions_as_advocate: Array<{
        /** The conversion */
        id: Id;
        /** The program */
        program: MaybeId;
        /** His share */
        share: MaybeId;
        /** Its channel */
        channel: string | null;
        /** By what it is credited to him */
        method: Method;
        /** Where the order stands */
        status: string;
        /** When it was reported */
        created_at: Instant;
    }>;
    /** What he earned or was granted */
    rewards: Reward[];
    /** What he was granted */
    grants: Grant[];
    /** Offers that they took */
    claims: MyClaim[];
    /** Offers that others took who came by them */
    claims_as_advocate: Array<{
        /** The claim */
        id: Id;
        /** The offer */
        offer: Id;
        /** The program */
        program: Id;
        /** The share */
        share: MaybeId;
        /** Its channel */
        channel: string | null;
        /** When it was claimed */
        created_at: Instant;
    }>;
    /** Segments on whose lists they are */
    members: Member[];
    /** Vouchers that are bound to him, with their codes */
    vouchers: Voucher[];
    /** When people were let in by passes of his, and where */
    admissions: Array<{
        /** The pass */
        voucher: Id;
        /** When */
        at: Instant;
        /** Where */
        gate: string;
    }>;
    /** What he redeemed */
    redemptions: Redemption[];
    /** What was set aside for him */
    holds: Hold[];
    /** Store credit */
    balance: Balance;
    /** What moved for him in the books */
    entries: Entry[];
    /** What the shop's analytics call their browsers, as long as it is kept */
    analytics_ids: AnalyticsIds[];
    /** That an address of theirs takes no mails */
    suppressions: Suppression[];
    /** Mails to him */
    messages: Message[];
}

/** A person's own side of a referral. */
export interface ReferralSide {
    /** The referral */
    id: Id;
    /** The program */
    program: Id;
    /** The share by which it came about */
    share: MaybeId;
    /** Its channel */
    channel: string | null;
    /** By what */
    method: Method;
    /** Where it stands */
    status: ReferralStatus;
    /** When it was made */
    created_at: Instant;
    /** Until when it may pay */
    expires_at: Instant;
}

/** An order as he who placed it may have it: a `Conversion` without its rewards and without all that tells who else was in it. */
export interface OwnConversion {
    /** The conversion */
    id: Id;
    /** The shop's id of the order */
    order_id: Reference;
    /** Where it stands */
    status: string;
    /** Goods, VAT included, after discounts */
    amount: Amount;
    /** The order's currency */
    currency: Currency;
}

export interface Merge {
    /** Who is merged into the one of the path: `external_id` or `cus_…` */
    from: Reference;
    /** Why; kept in the audit log */
    reason: Reason;
}

/** What is told of somebody, as he typed it. Without the id beside it he is a guest, found again by `email`, else by `phone`; without either nobody is meant. With an `external_id` that is not known yet he becomes that customer; with a known one what is empty is filled in, and nothing else changes. Whoever gave one of these addresses before is the same person from then on. What is blank is as if it were left out; what cannot be used is left aside and named in the answer's `ignored`. An operator's grant refuses it. */
export interface CustomerDetails {
    /** Address for mails */
    email?: TypedEmail;
    /** Phone number */
    phone?: TypedPhone;
    /** Full name, up to 200 characters */
    name?: string | null;
    /** Language */
    locale?: TypedLocale;
}

export interface CustomerList {
    /** The page */
    data: Customer[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface CustomerChange {
    /** Address for mails */
    email?: TypedEmail;
    /** Whether the shop vouches that the address is the customer's (a confirmed mail, a sign-in). Then a guest with this address is merged into the customer, and later guest orders with it are the customer's. Left out: as it was, and false for another address */
    email_verified?: boolean | null;
    /** Phone number */
    phone?: TypedPhone;
    /** The same of the phone number */
    phone_verified?: boolean | null;
    /** Full name, up to 200 characters */
    name?: string | null;
    /** First name, up to 100 characters */
    first_name?: string | null;
    /** Language */
    locale?: TypedLocale;
    /** Replaces what was noted */
    attributes?: Attributes | null;
    /** Declarations to append; at most 200 are kept */
    consents?: Array<{
        /** What for */
        kind: string;
        /** Given or withdrawn */
        given: boolean;
        /** When; left out: now */
        at?: string | null;
        /** Where it was declared */
        source?: string | null;
        /** Which text was shown */
        text_version?: string | null;
    }>;
    /** What they came with, where they sign up: it makes the referral, as `POST /v1/referrals` does */
    evidence?: Evidence | null;
    /** Only this program (id or slug) may have brought them */
    program?: string | null;
    /** The session in which a code was typed: by it wrong codes are counted; never stored */
    visitor?: string | null;
}

export interface Balance {
    /** The shop's own id of the customer */
    customer: MaybeReference;
    /** The customer */
    customer_id: Id;
    /** The shop's */
    currency: Currency;
    /** What there is, minor units */
    balance: Amount;
}

/** One debit and one credit of the same amount. */
export interface Entry {
    /** Its id */
    id: Id;
    /** The step; `moved`: to the customer into whom its owner was merged */
    kind: "pending" | "issued" | "held" | "released" | "spent" | "unused" | "voided" | "expired" | "forgiven" | "reversed" | "moved" | (string & {});
    /** The account that gives */
    debit: string;
    /** The account that gets */
    credit: string;
    /** How much, minor units */
    amount: Amount;
    /** Currency of the amount */
    currency: Currency;
    /** What caused it */
    cause: Cause;
    /** The customer whom it concerns */
    customer_id: MaybeId;
    /** The entry that it undoes, or part of it */
    reverses: MaybeId;
    /** When it was made */
    created_at: Instant;
}

export interface EntryList {
    /** The page */
    data: Entry[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

/** What something came from. */
export interface Cause {
    /** For example `conversion` */
    type: string;
    /** Its id */
    id: Id;
}

/** draft → active ⇄ paused → ended */
export type ProgramStatus = "draft" | "active" | "paused" | "ended" | (string & {});

/** draft → active ⇄ paused → ended */
export type ProgramStatusInput = "draft" | "active" | "paused" | "ended";

/** What a value is */
export type BenefitKind = "percent_off" | "amount_off" | "free_shipping" | "gift_card" | "store_credit" | "free_product" | "custom" | "event_pass" | (string & {});

/** What a value is */
export type BenefitKindInput = "percent_off" | "amount_off" | "free_shipping" | "gift_card" | "store_credit" | "free_product" | "custom" | "event_pass";

/** How long a voucher is good; one of the two. */
export interface Valid {
    /** Calendar days of the shop's zone, to the end of the last */
    days?: number;
    /** To the end of the n-th year */
    year_ends?: number;
}

/** How long a voucher is good; one of the two. */
export interface ValidInput {
    /** Calendar days of the shop's zone, to the end of the last */
    days?: number;
    /** To the end of the n-th year */
    year_ends?: number;
}

/** A value. `percent_off`: `rate_bps`, perhaps `max_amount`. `amount_off`: `amount`. `free_shipping`: perhaps `max_amount`. `gift_card` and `store_credit`: `amount` or `of_order_bps`, perhaps `max_amount`. `free_product`: `sku`; `custom`: `name`; both perhaps `description` and `cost_amount`, and no amount: the shop hands them over itself (see `fulfil_reward`), and there is no voucher. Without `cost_amount` there is no telling what one is worth: a grant of one waits for a second operator where the shop has a limit. `event_pass`: `event`, perhaps `seats` and `cost_amount`; what is issued is a voucher that no cart takes and that is shown at a door (see `admit_pass`). */
export interface Benefit {
    /** What it is */
    kind: BenefitKind;
    /** Minor units: `amount_off`, `gift_card`, `store_credit` */
    amount?: MaybeAmount;
    /** Percentage, basis points: `percent_off` */
    rate_bps?: MaybeRate;
    /** A share of the order, basis points */
    of_order_bps?: number | null;
    /** Never more than this, minor units */
    max_amount?: number | null;
    /** What it counts for in budget and books where it has no fixed amount, minor units */
    cost_amount?: number | null;
    /** How long the voucher is good; left out: three year ends */
    valid?: Valid | null;
    /** The cart must be worth this much, minor units */
    min_order_amount?: number | null;
    /** The product: `free_product` */
    sku?: string | null;
    /** What people call it: `custom`; `free_product`, where it has a name */
    name?: string | null;
    /** More words about it, for the customer: `custom` and `free_product` */
    description?: string | null;
    /** What is attended: `event_pass` */
    event?: AttendedEvent | null;
    /** How many people one pass lets in, together, default 1: `event_pass` */
    seats?: number | null;
}

/** A value. `percent_off`: `rate_bps`, perhaps `max_amount`. `amount_off`: `amount`. `free_shipping`: perhaps `max_amount`. `gift_card` and `store_credit`: `amount` or `of_order_bps`, perhaps `max_amount`. `free_product`: `sku`; `custom`: `name`; both perhaps `description` and `cost_amount`, and no amount: the shop hands them over itself (see `fulfil_reward`), and there is no voucher. Without `cost_amount` there is no telling what one is worth: a grant of one waits for a second operator where the shop has a limit. `event_pass`: `event`, perhaps `seats` and `cost_amount`; what is issued is a voucher that no cart takes and that is shown at a door (see `admit_pass`). */
export interface BenefitInput {
    /** What it is */
    kind: BenefitKindInput;
    /** Minor units: `amount_off`, `gift_card`, `store_credit` */
    amount?: MaybeAmount;
    /** Percentage, basis points: `percent_off` */
    rate_bps?: MaybeRate;
    /** A share of the order, basis points */
    of_order_bps?: number | null;
    /** Never more than this, minor units */
    max_amount?: number | null;
    /** What it counts for in budget and books where it has no fixed amount, minor units */
    cost_amount?: number | null;
    /** How long the voucher is good; left out: three year ends */
    valid?: ValidInput | null;
    /** The cart must be worth this much, minor units */
    min_order_amount?: number | null;
    /** The product: `free_product` */
    sku?: string | null;
    /** What people call it: `custom`; `free_product`, where it has a name */
    name?: string | null;
    /** More words about it, for the customer: `custom` and `free_product` */
    description?: string | null;
    /** What is attended: `event_pass` */
    event?: AttendedEventInput | null;
    /** How many people one pass lets in, together, default 1: `event_pass` */
    seats?: number | null;
}

/** An event that people attend. They are let in from 12 hours before it begins until it ends; where nobody says when that is, for 12 hours, and at least to the end of its day at its place. */
export interface AttendedEvent {
    /** What it is called */
    name: string;
    /** The shop's own id of it; without one it is known by its name */
    reference?: string | null;
    /** When it begins */
    starts_at: Instant;
    /** When it is over, at most 366 days later; first instant too late */
    ends_at?: string | null;
    /** The IANA zone of its place */
    time_zone: string;
    /** Where it is */
    place: string;
    /** How one gets there */
    address?: string | null;
    /** More about it, absolute https */
    url?: string | null;
}

/** An event that people attend. They are let in from 12 hours before it begins until it ends; where nobody says when that is, for 12 hours, and at least to the end of its day at its place. */
export interface AttendedEventInput {
    /** What it is called */
    name: string;
    /** The shop's own id of it; without one it is known by its name */
    reference?: string | null;
    /** When it begins */
    starts_at: Instant;
    /** When it is over, at most 366 days later; first instant too late */
    ends_at?: string | null;
    /** The IANA zone of its place */
    time_zone: string;
    /** Where it is */
    place: string;
    /** How one gets there */
    address?: string | null;
    /** More about it, absolute https */
    url?: string | null;
}

/** What one side gets, and for what. */
export interface RewardRule {
    /** For whom */
    to: "advocate" | "friend" | (string & {});
    /** `conversion`: after the wait; `referral`: at once, for the friend; `checkout`: a discount in the friend's own order (`percent_off`, `amount_off`, `free_shipping`; one for each program, without `valid` and `cost_amount`); `milestone`: for the advocate, when orders of so many different friends are approved and kept */
    on: "conversion" | "referral" | "checkout" | "milestone" | (string & {});
    /** What it is */
    kind: BenefitKind;
    /** Minor units: `amount_off`, `gift_card`, `store_credit` */
    amount?: MaybeAmount;
    /** Percentage, basis points: `percent_off` */
    rate_bps?: MaybeRate;
    /** A share of the order, basis points */
    of_order_bps?: number | null;
    /** Never more than this, minor units */
    max_amount?: number | null;
    /** What it counts for in budget and books where it has no fixed amount, minor units */
    cost_amount?: number | null;
    /** How long the voucher is good; left out: three year ends */
    valid?: Valid | null;
    /** The cart must be worth this much, minor units */
    min_order_amount?: number | null;
    /** The product: `free_product` */
    sku?: string | null;
    /** What people call it: `custom`; `free_product`, where it has a name */
    name?: string | null;
    /** More words about it, for the customer: `custom` and `free_product` */
    description?: string | null;
    /** What is attended: `event_pass` */
    event?: AttendedEvent | null;
    /** How many people one pass lets in, together, default 1: `event_pass` */
    seats?: number | null;
    /** Kinds of conversions that count, default `order`; only on conversion */
    kinds?: ConversionKind[] | null;
    /** At most so many live rewards of this rule for one friend's conversions, default 1; an order that is cancelled or wholly returned frees the place; only on conversion */
    max_per_friend?: number | null;
    /** Numbers of friends at which it is given, ascending; each counts once, from the time on that the program has a milestone. What fell because friends became fewer is given again when they are as many; only on milestone */
    at?: number[] | null;
    /** Given after every so many friends, instead of `at`; only on milestone */
    every?: number | null;
    /** At most so many live rewards of this rule for one person; `checkout`: so many discounts, left out: 1 */
    max_per_customer?: number | null;
    /** And so many in a calendar month of the shop's zone */
    max_per_customer_per_month?: number | null;
}

/** What one side gets, and for what. */
export interface RewardRuleInput {
    /** For whom */
    to: "advocate" | "friend";
    /** `conversion`: after the wait; `referral`: at once, for the friend; `checkout`: a discount in the friend's own order (`percent_off`, `amount_off`, `free_shipping`; one for each program, without `valid` and `cost_amount`); `milestone`: for the advocate, when orders of so many different friends are approved and kept */
    on: "conversion" | "referral" | "checkout" | "milestone";
    /** What it is */
    kind: BenefitKindInput;
    /** Minor units: `amount_off`, `gift_card`, `store_credit` */
    amount?: MaybeAmount;
    /** Percentage, basis points: `percent_off` */
    rate_bps?: MaybeRate;
    /** A share of the order, basis points */
    of_order_bps?: number | null;
    /** Never more than this, minor units */
    max_amount?: number | null;
    /** What it counts for in budget and books where it has no fixed amount, minor units */
    cost_amount?: number | null;
    /** How long the voucher is good; left out: three year ends */
    valid?: ValidInput | null;
    /** The cart must be worth this much, minor units */
    min_order_amount?: number | null;
    /** The product: `free_product` */
    sku?: string | null;
    /** What people call it: `custom`; `free_product`, where it has a name */
    name?: string | null;
    /** More words about it, for the customer: `custom` and `free_product` */
    description?: string | null;
    /** What is attended: `event_pass` */
    event?: AttendedEventInput | null;
    /** How many people one pass lets in, together, default 1: `event_pass` */
    seats?: number | null;
    /** Kinds of conversions that count, default `order`; only on conversion */
    kinds?: ConversionKind[] | null;
    /** At most so many live rewards of this rule for one friend's conversions, default 1; an order that is cancelled or wholly returned frees the place; only on conversion */
    max_per_friend?: number | null;
    /** Numbers of friends at which it is given, ascending; each counts once, from the time on that the program has a milestone. What fell because friends became fewer is given again when they are as many; only on milestone */
    at?: number[] | null;
    /** Given after every so many friends, instead of `at`; only on milestone */
    every?: number | null;
    /** At most so many live rewards of this rule for one person; `checkout`: so many discounts, left out: 1 */
    max_per_customer?: number | null;
    /** And so many in a calendar month of the shop's zone */
    max_per_customer_per_month?: number | null;
}

/** Words in one language. In `text`, `texts` and `subject` stand `{link} {code} {advocate_reward} {friend_reward} {first_name}`. */
export interface Content {
    /** Title of the preview */
    title?: string;
    /** Subject when the advocate shares by mail */
    subject?: string;
    /** Words to share */
    text?: string;
    /** Words by channel key */
    texts?: Record<string, string>;
    /** Picture of the preview, absolute https */
    image_url?: Url;
    /** Conditions beside the benefit */
    conditions?: string;
    /** The terms */
    terms_url?: Url;
}

/** Words in one language. In `text`, `texts` and `subject` stand `{link} {code} {advocate_reward} {friend_reward} {first_name}`. */
export interface ContentInput {
    /** Title of the preview */
    title?: string;
    /** Subject when the advocate shares by mail */
    subject?: string;
    /** Words to share */
    text?: string;
    /** Words by channel key */
    texts?: Record<string, string>;
    /** Picture of the preview, absolute https */
    image_url?: Url;
    /** Conditions beside the benefit */
    conditions?: string;
    /** The terms */
    terms_url?: Url;
}

/** Words by locale. */
export type Contents = Record<string, Content>;

/** Words by locale. */
export type ContentsInput = Record<string, ContentInput>;

export interface Budget {
    /** The cap, minor units; null: none */
    amount: MaybeAmount;
    /** Pending, issued and spent rewards at their cost, minor units */
    used: number;
    /** Currency of its amounts */
    currency: Currency;
    /** What is left, minor units; null: no cap */
    left: MaybeAmount;
}

export interface Program {
    /** Its id */
    id: Id;
    /** Its name */
    name: string;
    /** Unique in the shop; names the campaign in links */
    slug: Slug;
    /** Where it stands */
    status: ProgramStatus;
    /** Grows with each change; conversions name the one that decided them */
    version: number;
    /** Where its links lead, unless a share says otherwise: a page of the shop's landing_hosts */
    landing_url: Url;
    /** Among programs with evidence of one rank the higher wins */
    priority: number;
    /** Counts from here */
    starts_at: MaybeInstant;
    /** Counts until here, and ends then by itself; the first instant too late */
    ends_at: MaybeInstant;
    /** Who gets the credit */
    attribution: {
        /** Age at which evidence is too old, days */
        window_days: number;
        /** Age at which a referral may no longer pay, days */
        credit_window_days: number;
        /** Which advocate keeps a friend */
        model: "first" | "last" | (string & {});
    };
    /** Which orders count */
    qualifying: {
        /** Least amount of the order, minor units. Where the program itself gave a discount `on: checkout` in the order, whoever gave it is measured by what the order comes to and that discount together, as the cart was at the checkout */
        min_order_amount: Amount;
        /** Only a friend's first order counts */
        new_customers_only: boolean;
        /** Not built yet; empty */
        conditions: unknown[];
    };
    /** Days that a conversion waits; 0: none */
    pending_days: number;
    /** From when the wait counts; before it came nothing waits and nothing is approved */
    pending_from: "order" | "payment" | "delivery" | (string & {});
    /** At the end of the wait: by itself, or by an operator */
    approval: "auto" | "manual" | (string & {});
    /** What is paid, in this order. */
    rewards: RewardRule[];
    /** Cap and use */
    budget: Budget;
    /** Advocates who are kept without an offer, percent; 0: nobody */
    hold_out_percent: number;
    /** Words by locale */
    content: Contents;
    /** When it was made */
    created_at: Instant;
    /** When it was first activated */
    activated_at: MaybeInstant;
    /** When it ended */
    ended_at: MaybeInstant;
    /** What its links say while an announcement has it rest, by locale; else empty */
    notice: Notice;
}

export interface ProgramList {
    /** The page */
    data: Program[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface NewProgram {
    /** Its name */
    name: string;
    /** Unique in the shop, part of links; left out: made of the name */
    slug?: string | null;
    /** How it begins; left out: draft */
    status?: "draft" | "active" | null;
    /** Where its links lead, unless a share says otherwise: a page of the shop's landing_hosts */
    landing_url: Url;
    /** Among programs with evidence of one rank the higher wins; default 0 */
    priority?: number | null;
    /** Counts from here */
    starts_at?: MaybeInstant;
    /** Counts until here, and ends then by itself; the first instant too late */
    ends_at?: MaybeInstant;
    /** Who gets the credit */
    attribution?: {
        /** Age at which evidence is too old, days; default 90 */
        window_days?: number | null;
        /** Age at which a referral may no longer pay, days; default 90 */
        credit_window_days?: number | null;
        /** Which advocate keeps a friend; default first */
        model?: "first" | "last" | null;
    } | null;
    /** Which orders count */
    qualifying?: {
        /** Least amount of the order, minor units. Where the program itself gave a discount `on: checkout` in the order, whoever gave it is measured by what the order comes to and that discount together, as the cart was at the checkout; default 0 */
        min_order_amount?: MaybeAmount;
        /** Only a friend's first order counts; default true */
        new_customers_only?: boolean | null;
        /** Not built yet; empty */
        conditions?: unknown[];
    } | null;
    /** Days that a conversion waits; 0: none; default 30 */
    pending_days?: number | null;
    /** From when the wait counts: the order, its payment, the delivery of its last parcel; default payment */
    pending_from?: "order" | "payment" | "delivery" | null;
    /** At the end of the wait: by itself, or marked `overdue` for an operator; default auto */
    approval?: "auto" | "manual" | null;
    /** What is paid, in this order */
    rewards?: RewardRuleInput[] | null;
    /** Cap on pending, issued and spent rewards at their cost */
    budget?: {
        /** Minor units; null: no cap */
        amount?: number | null;
    } | null;
    /** Advocates who are kept without an offer, percent: 0, or 2 to 50; default 0. By chance and once for each, as they first share in the program: they share as everybody does, with plain words in place of the program's, and neither they nor their friends get a reward of it. Who began before keeps what they were promised. So `GET /v1/reports/lift` says what the program adds. A change is for who begins later. */
    hold_out_percent?: number | null;
    /** Words by locale */
    content?: ContentsInput | null;
}

export interface ProgramChange {
    /** Its name */
    name?: string;
    /** Where its links lead, unless a share says otherwise: a page of the shop's landing_hosts */
    landing_url?: Url;
    /** Among programs with evidence of one rank the higher wins; default 0 */
    priority?: number | null;
    /** Counts from here */
    starts_at?: MaybeInstant;
    /** Counts until here, and ends then by itself; the first instant too late */
    ends_at?: MaybeInstant;
    /** Who gets the credit */
    attribution?: {
        /** Age at which evidence is too old, days; default 90 */
        window_days?: number | null;
        /** Age at which a referral may no longer pay, days; default 90 */
        credit_window_days?: number | null;
        /** Which advocate keeps a friend; default first */
        model?: "first" | "last" | null;
    } | null;
    /** Which orders count */
    qualifying?: {
        /** Least amount of the order, minor units. Where the program itself gave a discount `on: checkout` in the order, whoever gave it is measured by what the order comes to and that discount together, as the cart was at the checkout */
        min_order_amount?: MaybeAmount;
        /** Only a friend's first order counts; default true */
        new_customers_only?: boolean | null;
        /** Not built yet; empty */
        conditions?: unknown[];
    } | null;
    /** Days that a conversion waits; 0: none; default 30 */
    pending_days?: number | null;
    /** From when the wait counts: the order, its payment, the delivery of its last parcel; default payment */
    pending_from?: "order" | "payment" | "delivery" | null;
    /** At the end of the wait: by itself, or marked `overdue` for an operator; default auto */
    approval?: "auto" | "manual" | null;
    /** What is paid, in this order. Limits of a reward count on when the list is given anew: for one that is moved, gets another value, or is left out and given again later; one for the other side, `on` something else, or for quite other `kinds` is a new one */
    rewards?: RewardRuleInput[] | null;
    /** Cap on pending, issued and spent rewards at their cost */
    budget?: {
        /** Minor units; null: no cap */
        amount?: number | null;
    } | null;
    /** Advocates who are kept without an offer, percent: 0, or 2 to 50; default 0. By chance and once for each, as they first share in the program: they share as everybody does, with plain words in place of the program's, and neither they nor their friends get a reward of it. Who began before keeps what they were promised. So `GET /v1/reports/lift` says what the program adds. A change is for who begins later. */
    hold_out_percent?: number | null;
    /** Words by locale */
    content?: ContentsInput | null;
}

export interface AdvocateCode {
    /** Its id */
    id: Id;
    /** As it is shown */
    code: string;
    /** Its link, `/c/{slug}/{code}` */
    url: string;
    /** The program */
    program: Id;
    /** The shop's own id of the advocate */
    customer: MaybeReference;
    /** The advocate */
    customer_id: Id;
    /** The share that counts who opens the code's link */
    share: Id;
    /** Credited orders in which it was typed and nothing shows that the friend opened a link of the advocate's; also `counts.naked` of its share */
    naked: number;
    /** Whether the program keeps the advocate without an offer */
    held_out: boolean;
    /** When it was made */
    created_at: Instant;
}

export interface NewCode {
    /** Who gets it: `external_id` or `cus_…` */
    customer: Reference;
    /** A word of one's own: 4 to 32 letters (A to Z) and digits, hyphens between; left out: made of the first name, `María` becomes `MARIA-7K2M`. No voucher and no other advocate has the same, however it is typed */
    code?: string | null;
}

/** What opens a channel with words in it. */
export interface SendUrl {
    /** On a telephone; null: use Web Share or copy */
    mobile: string | null;
    /** On a computer; null: use Web Share or copy */
    desktop: string | null;
}

/** What analytics calls a channel's traffic. */
export interface Utm {
    /** utm_source */
    source: string;
    /** utm_medium */
    medium: string;
    /** utm_source_platform */
    source_platform: string | null;
}

export interface Channel {
    /** Its key */
    key: Slug;
    /** What people call it */
    name: string;
    /** Whether nobody else can watch what is sent there */
    private: boolean;
    /** What opens the channel with the words in it */
    send_url: SendUrl;
    /** What analytics calls its traffic */
    utm: Utm;
    /** Whether every shop has it */
    built_in?: boolean;
}

/** The list that shows the rows of each figure; visits are kept without one */
export interface RowsUrl {
    /** Path and query */
    shares_made: string;
    /** Path and query */
    shares_sent: string;
    /** Path and query */
    referrals: string;
    /** Path and query */
    orders: string;
    /** Path and query */
    naked_orders: string;
    /** Path and query */
    approved: string;
    /** Path and query */
    kept: string;
    /** Path and query */
    revenue: string;
    /** Path and query */
    refunded: string;
    /** Path and query */
    discounts: string;
    /** Path and query */
    reward_cost: string;
    /** Path and query */
    redeemed: string;
}

/** All of the period together */
export interface Figures {
    /** Links that were made */
    shares_made: number;
    /** Those that a robot or another person opened since */
    shares_sent: number;
    /** Openings by preview robots */
    previews: number;
    /** Openings by persons */
    visits: number;
    /** The same, each person once a day for each link */
    unique_visits: number;
    /** Friends who became known */
    referrals: number;
    /** Orders that were not cancelled */
    orders: number;
    /** Those of them that came without a visit */
    naked_orders: number;
    /** Those that were approved */
    approved: number;
    /** Those of the approved that did not come back as a whole */
    kept: number;
    /** What the orders were worth, minor units */
    revenue: number;
    /** What of it came back, minor units */
    refunded: number;
    /** What programs took off the orders at the checkout, minor units */
    discounts: number;
    /** What rewards cost that wait, are issued or were spent, minor units */
    reward_cost: number;
    /** What vouchers of rewards took off, minor units */
    redeemed: number;
}

export interface FunnelStep {
    /** The first day of the row */
    from: string;
    /** The last day of the row */
    to: string;
    /** The step */
    step: "sent" | "opened" | "referred" | "ordered" | "approved" | "kept" | (string & {});
    /** How many came to it */
    count: number;
    /** What it is held against */
    of: "shares_made" | "sent" | "opened" | "referred" | "ordered" | "approved" | (string & {});
    /** How many those are */
    of_count: number;
    /** The part that it is of these, basis points; null where it is none */
    rate_bps: number | null;
    /** The lower end of its Wilson interval (95 %) */
    low_bps: number | null;
    /** The upper end */
    high_bps: number | null;
    /** The list that shows its rows; null: visits have none */
    rows_url: string | null;
}

export interface ChannelFigures {
    /** The first day of the row */
    from: string;
    /** The last day of the row */
    to: string;
    /** Its key; `(code)`: credited without a link, `(none)`: credited to nobody */
    channel: string;
    /** Whether nobody else can watch what is sent there */
    private: boolean | null;
    /** Links that were made */
    shares_made: number;
    /** Those that a robot or another person opened since */
    shares_sent: number;
    /** Openings by preview robots */
    previews: number;
    /** Openings by persons */
    visits: number;
    /** The same, each person once a day for each link */
    unique_visits: number;
    /** Friends who became known */
    referrals: number;
    /** Orders that were not cancelled */
    orders: number;
    /** Those of them that came without a visit */
    naked_orders: number;
    /** Those that were approved */
    approved: number;
    /** Those of the approved that did not come back as a whole */
    kept: number;
    /** What the orders were worth, minor units */
    revenue: number;
    /** What of it came back, minor units */
    refunded: number;
    /** What programs took off the orders at the checkout, minor units */
    discounts: number;
    /** What rewards cost that wait, are issued or were spent, minor units */
    reward_cost: number;
    /** What vouchers of rewards took off, minor units */
    redeemed: number;
    /** Orders of unique visits, basis points; null where that is no part */
    conversion_bps: number | null;
    /** The lower end of its Wilson interval (95 %) */
    conversion_low_bps: number | null;
    /** The upper end */
    conversion_high_bps: number | null;
    /** The list that shows the rows of each figure */
    rows_url: RowsUrl;
}

export interface PlacementFigures {
    /** The first day of the row */
    from: string;
    /** The last day of the row */
    to: string;
    /** Its key; `(other)`: one that the shop had not declared, `(none)`: none */
    placement: string;
    /** Links that were made */
    shares_made: number;
    /** Those that a robot or another person opened since */
    shares_sent: number;
    /** Openings by preview robots */
    previews: number;
    /** Openings by persons */
    visits: number;
    /** The same, each person once a day for each link */
    unique_visits: number;
    /** Friends who became known */
    referrals: number;
    /** Orders that were not cancelled */
    orders: number;
    /** Those of them that came without a visit */
    naked_orders: number;
    /** Those that were approved */
    approved: number;
    /** Those of the approved that did not come back as a whole */
    kept: number;
    /** What the orders were worth, minor units */
    revenue: number;
    /** What of it came back, minor units */
    refunded: number;
    /** What programs took off the orders at the checkout, minor units */
    discounts: number;
    /** What rewards cost that wait, are issued or were spent, minor units */
    reward_cost: number;
    /** What vouchers of rewards took off, minor units */
    redeemed: number;
    /** Orders of unique visits, basis points; null where that is no part */
    conversion_bps: number | null;
    /** The lower end of its Wilson interval (95 %) */
    conversion_low_bps: number | null;
    /** The upper end */
    conversion_high_bps: number | null;
    /** The list that shows the rows of each figure */
    rows_url: RowsUrl;
}

export interface BudgetFigures {
    /** Its id */
    program: string;
    /** Its slug */
    slug: string;
    /** Its name */
    name: string;
    /** Where it stands */
    status: ProgramStatus;
    /** What it may spend, minor units; null: it has no limit */
    budget: number | null;
    /** What of it is used now, minor units */
    used: number;
    /** What is left of it now, minor units */
    left: number | null;
    /** Orders that were not cancelled */
    orders: number;
    /** Those of the approved that did not come back as a whole */
    kept: number;
    /** What programs took off the orders at the checkout, minor units */
    discounts: number;
    /** What rewards cost that wait, are issued or were spent, minor units */
    reward_cost: number;
    /** What vouchers of rewards took off, minor units */
    redeemed: number;
    /** Rewards and discounts for each order that was kept, minor units, rounded up; null: none was */
    cost_per_kept_order: number | null;
    /** The list that shows the rows of each figure */
    rows_url: RowsUrl;
}

export interface FunnelReport {
    /** The first day, in the shop's time zone */
    from: string;
    /** The last day */
    to: string;
    /** Into what the period is divided */
    interval: string | null;
    /** Of all amounts: the shop's */
    currency: Currency;
    /** The steps, of each part of the period */
    data: FunnelStep[];
    /** All of the period together */
    totals: Figures;
    /** What each figure means */
    definitions: Definition[];
    /** When it was read, in the shop's time */
    as_of: Instant;
}

export interface ChannelsReport {
    /** The first day, in the shop's time zone */
    from: string;
    /** The last day */
    to: string;
    /** Into what the period is divided */
    interval: string | null;
    /** Of all amounts: the shop's */
    currency: Currency;
    /** The channels, of each part of the period */
    data: ChannelFigures[];
    /** All of the period together */
    totals: Figures;
    /** What each figure means */
    definitions: Definition[];
    /** When it was read, in the shop's time */
    as_of: Instant;
}

export interface PlacementsReport {
    /** The first day, in the shop's time zone */
    from: string;
    /** The last day */
    to: string;
    /** Into what the period is divided */
    interval: string | null;
    /** Of all amounts: the shop's */
    currency: Currency;
    /** The placements, of each part of the period */
    data: PlacementFigures[];
    /** All of the period together */
    totals: Figures;
    /** What each figure means */
    definitions: Definition[];
    /** When it was read, in the shop's time */
    as_of: Instant;
}

export interface CycleReport {
    /** The first day of the first month, in the shop's time zone */
    from: string;
    /** The last day of the last month */
    to: string;
    /** Two rows for each month, oldest first */
    data: CycleFigures[];
    /** All months together */
    totals: CycleTotals[];
    /** What each figure means */
    definitions: Definition[];
    /** When it was read, in the shop's time */
    as_of: Instant;
}

export interface CycleFigures {
    /** The first day of the month */
    from: string;
    /** The last day of the month */
    to: string;
    /** What the time leads to from when a link was made: a link of who came by it, or a friend's first order */
    step: "shared" | "ordered" | (string & {});
    /** How many there are */
    count: number;
    /** The time that a quarter of them took at most, minutes: at least this; null: there are none */
    q1_from_minutes: number | null;
    /** The same: less than this; null: there is no bound, or there are none */
    q1_to_minutes: number | null;
    /** The time that half of them took at most, minutes: at least this; null: there are none */
    median_from_minutes: number | null;
    /** The same: less than this; null: there is no bound, or there are none */
    median_to_minutes: number | null;
    /** The time that three quarters of them took at most, minutes: at least this; null: there are none */
    q3_from_minutes: number | null;
    /** The same: less than this; null: there is no bound, or there are none */
    q3_to_minutes: number | null;
    /** The list that shows what was counted */
    rows_url: string;
}

export interface CycleTotals {
    /** What the time leads to from when a link was made: a link of who came by it, or a friend's first order */
    step: "shared" | "ordered" | (string & {});
    /** How many there are */
    count: number;
    /** The time that a quarter of them took at most, minutes: at least this; null: there are none */
    q1_from_minutes: number | null;
    /** The same: less than this; null: there is no bound, or there are none */
    q1_to_minutes: number | null;
    /** The time that half of them took at most, minutes: at least this; null: there are none */
    median_from_minutes: number | null;
    /** The same: less than this; null: there is no bound, or there are none */
    median_to_minutes: number | null;
    /** The time that three quarters of them took at most, minutes: at least this; null: there are none */
    q3_from_minutes: number | null;
    /** The same: less than this; null: there is no bound, or there are none */
    q3_to_minutes: number | null;
}

export interface CohortsReport {
    /** The first day of the first month, in the shop's time zone */
    from: string;
    /** The last day of the last month */
    to: string;
    /** Three rows for each month, oldest first */
    data: CohortFigures[];
    /** All months together that are comparable, for each of the three */
    totals: CohortTotals[];
    /** What each figure means */
    definitions: Definition[];
    /** When it was read, in the shop's time */
    as_of: Instant;
}

export interface LiftReport {
    /** The first day of the first month, in the shop's time zone */
    from: string;
    /** The last day of the last month */
    to: string;
    /** The program */
    program: Id;
    /** Four rows for each trial, oldest first */
    data: LiftFigures[];
    /** What each figure means */
    definitions: Definition[];
    /** When it was read, in the shop's time */
    as_of: Instant;
}

export interface LiftFigures {
    /** Its number in the program */
    trial: number;
    /** Advocates who were held out, percent */
    hold_out_percent: number;
    /** Who began to recommend from here is in it */
    began_at: Instant;
    /** Until here (first instant too late); null: it goes on */
    ended_at: MaybeInstant;
    /** What is compared */
    figure: "advocates" | "friends" | "orders" | "revenue" | (string & {});
    /** Of advocates with an offer; revenue in minor units */
    offered: number;
    /** Of advocates without one, who are fewer */
    held_out: number;
    /** How much more comes of as many advocates with an offer, basis points; null where nothing came of those without */
    lift_bps: number | null;
    /** It is hardly less than that */
    lift_low_bps: number | null;
    /** It is hardly more than that */
    lift_high_bps: number | null;
    /** What came of those with an offer beyond what would have come of them without one */
    added: number | null;
    /** It is hardly less than that */
    added_low: number | null;
    /** It is hardly more than that */
    added_high: number | null;
    /** The lists that show what was counted */
    rows_url: LiftRowsUrl;
}

export interface LiftRowsUrl {
    /** Those of advocates with an offer */
    offered: string;
    /** Those of advocates without one */
    held_out: string;
}

export interface CohortFigures {
    /** The first day of the month */
    from: string;
    /** The last day of the month */
    to: string;
    /** Days from when each advocate began */
    within_days: number;
    /** Customers who became advocates */
    advocates: number;
    /** Friends of theirs who became known within these days */
    friends: number;
    /** K: friends for each advocate, basis points; null: there are no advocates */
    k_bps: number | null;
    /** 1 / (1 − K), basis points; null where K is 1 or more */
    amplification_bps: number | null;
    /** Whether every advocate of the month has had these days */
    comparable: boolean;
    /** The lists that show what was counted */
    rows_url: CohortRowsUrl;
}

export interface CohortRowsUrl {
    /** Their first shares */
    advocates: string;
    /** Referrals */
    friends: string;
}

export interface CohortTotals {
    /** Days from when each advocate began */
    within_days: number;
    /** Customers who became advocates */
    advocates: number;
    /** Friends of theirs who became known within these days */
    friends: number;
    /** K: friends for each advocate, basis points; null: there are no advocates */
    k_bps: number | null;
    /** 1 / (1 − K), basis points; null where K is 1 or more */
    amplification_bps: number | null;
}

export interface AdvocatesReport {
    /** The first day of the month; null: of all time */
    from: string | null;
    /** The last day of the month; null: of all time */
    to: string | null;
    /** Of this program */
    program: Id;
    /** What ranks them */
    sort: "revenue" | "orders" | "referrals" | (string & {});
    /** Of all amounts: the shop's */
    currency: Currency;
    /** The advocates, the best first */
    data: AdvocateFigures[];
    /** For `after`; null: there is no further page */
    next: string | null;
    /** What each figure means */
    definitions: Definition[];
    /** Up to when everything is counted, in the shop's time */
    as_of: Instant;
}

export interface AdvocateFigures {
    /** The shop's id of the advocate; null: a guest, or erased */
    advocate: string | null;
    /** Ours */
    advocate_id: Id;
    /** Whether the advocate was erased */
    erased: boolean;
    /** Friends who became known */
    referrals: number;
    /** Orders that were not cancelled */
    orders: number;
    /** Those of the approved that did not come back as a whole */
    kept: number;
    /** What the orders were worth, minor units */
    revenue: number;
    /** What of it came back, minor units */
    refunded: number;
    /** What the advocate's own rewards cost that wait, are issued or were spent, minor units */
    reward_cost: number;
    /** The lists that show what was counted */
    rows_url: AdvocateRowsUrl;
}

export interface AdvocateRowsUrl {
    /** Referrals */
    referrals: string;
    /** Orders, for their worth as well */
    orders: string;
    /** Rewards */
    reward_cost: string;
}

export interface BudgetReport {
    /** The first day, in the shop's time zone */
    from: string;
    /** The last day */
    to: string;
    /** Into what the period is divided */
    interval: string | null;
    /** Of all amounts: the shop's */
    currency: Currency;
    /** The programs */
    data: BudgetFigures[];
    /** All of the period together */
    totals: Figures;
    /** What each figure means */
    definitions: Definition[];
    /** When it was read, in the shop's time */
    as_of: Instant;
}

export interface OfferFigures {
    /** The offer (`ofr_…`) */
    offer: Id;
    /** Its name */
    name: string;
    /** Whom it is for */
    kind: "personal" | "group" | (string & {});
    /** Where it stands */
    status: "draft" | "active" | "paused" | "ended" | (string & {});
    /** Its program */
    program: Id;
    /** Claims in all; null: no limit */
    capacity: number | null;
    /** Claims that stand */
    claims: number;
    /** Vouchers that were redeemed */
    redeemed: number;
    /** The orders in which they were */
    orders: number;
    /** What the goods of these orders came to, minor units */
    revenue: number;
    /** What the offer has given, minor units */
    cost: number;
    /** Claims that are left; null: no limit */
    left: number | null;
    /** The cost for each order, rounded up; null: there are none */
    cost_per_order: number | null;
    /** The list that shows the rows of each figure */
    rows_url: OfferRowsUrl;
}

export interface OfferRowsUrl {
    /** Path and query */
    claims: string;
    /** Path and query */
    redeemed: string;
}

export interface OfferTotals {
    /** Claims that stand */
    claims: number;
    /** Vouchers that were redeemed */
    redeemed: number;
    /** The orders in which they were */
    orders: number;
    /** What the goods of these orders came to, minor units */
    revenue: number;
    /** What the offer has given, minor units */
    cost: number;
}

export interface OffersReport {
    /** Of all amounts: the shop's */
    currency: Currency;
    /** The offers, newest first */
    data: OfferFigures[];
    /** Those that are shown, together */
    totals: OfferTotals;
    /** What each figure means */
    definitions: Definition[];
    /** When it was read, in the shop's time */
    as_of: Instant;
}

export interface LiabilityFigures {
    /** What is owed */
    kind: "pending_rewards" | "vouchers" | "gift_cards" | "store_credit" | (string & {});
    /** All of it, minor units */
    amount: number;
    /** Of it what is 30 days old or younger */
    days_0_30: number;
    /** What is 31 to 90 days old */
    days_31_90: number;
    /** What is 91 to 365 days old */
    days_91_365: number;
    /** What is older */
    days_over_365: number;
    /** The list that shows the rows of each age; null: store credit stands with each customer */
    rows_url: {
        /** Path and query */
        amount: string;
        /** Path and query */
        days_0_30: string;
        /** Path and query */
        days_31_90: string;
        /** Path and query */
        days_91_365: string;
        /** Path and query */
        days_over_365: string;
    } | null;
}

export interface LiabilityTotals {
    /** All of it, minor units */
    amount: number;
    /** Of it what is 30 days old or younger */
    days_0_30: number;
    /** What is 31 to 90 days old */
    days_31_90: number;
    /** What is 91 to 365 days old */
    days_91_365: number;
    /** What is older */
    days_over_365: number;
}

export interface LiabilityReport {
    /** Of all amounts: the shop's */
    currency: Currency;
    /** The kinds */
    data: LiabilityFigures[];
    /** All of them together */
    totals: LiabilityTotals;
    /** What each figure means */
    definitions: Definition[];
    /** When it was read, in the shop's time */
    as_of: Instant;
}

export interface ChannelList {
    /** The page */
    data: Channel[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface ChannelChange {
    /** What people call it */
    name: string;
    /** Whether nobody else can watch what is sent there */
    private: boolean;
    /** Templates with `{url}` (the link), `{text}` (the words without it), `{message}` (with it), `{subject}` */
    send_url?: {
        /** On a telephone */
        mobile?: string | null;
        /** On a computer */
        desktop?: string | null;
    } | null;
    /** What analytics calls its traffic; left out: made of the key */
    utm?: {
        /** utm_source */
        source: string;
        /** utm_medium */
        medium: string;
        /** utm_source_platform */
        source_platform?: string | null;
    } | null;
}

/** What a preview of the link shows instead of the program's own words. */
export interface Preview {
    /** Title */
    title?: string;
    /** Description */
    description?: string;
    /** Picture, absolute https */
    image_url?: Url;
}

/** What a preview of the link shows instead of the program's own words. */
export interface PreviewInput {
    /** Title */
    title?: string;
    /** Description */
    description?: string;
    /** Picture, absolute https */
    image_url?: Url;
}

export interface ShareCounts {
    /** How often a preview robot came */
    previews: number;
    /** How often a person came */
    visits: number;
    /** How many people a day, by a hash that lives one day. Of one address (IPv6: one /64) at most 8 a day are counted, however many browsers are said to be behind it; where several server processes write at the same moment, 8 for each of them */
    unique_visits: number;
    /** Friends won */
    referrals: number;
    /** Orders credited to it */
    conversions: number;
    /** Credited orders that its token, or the code whose share it is, brought without any visit: nothing that came with them shows that the friend opened a link of the advocate's in that program. A page that copies codes makes many of them */
    naked: number;
}

export interface Share {
    /** Its id */
    id: Id;
    /** What the link ends with */
    token: string;
    /** The link */
    url: string;
    /** The words in the share's language, with the link */
    text: string;
    /** Subject of a mail that the sharer sends */
    subject: string;
    /** What opens the channel with the words in it */
    send_url: SendUrl;
    /** Where it is shared */
    channel: Slug;
    /** The channel that the first preview proved, where the share's own is `native` or `copy` */
    channel_inferred: string | null;
    /** Whether nobody else can watch what is sent there */
    private: boolean;
    /** The program */
    program: Id;
    /** The shop's own id of who shared; null: nobody who is known */
    customer: MaybeReference;
    /** Who shared */
    customer_id: MaybeId;
    /** Where the link leads; null: where the program's do */
    landing_url: string | null;
    /** What its preview shows */
    preview: Preview | null;
    /** Where in the shop the button was */
    placement: string | null;
    /** Its language */
    locale: Locale;
    /** The share by which the sharer came */
    parent: MaybeId;
    /** The first of its tree */
    root: Id;
    /** Steps from the root, which has 1 */
    depth: number;
    /** `sent`: a preview robot or another person opened the link */
    status: "made" | "sent" | (string & {});
    /** Whether the program keeps its advocate without an offer: then its words are plain ones */
    held_out: boolean;
    /** What came of it */
    counts: ShareCounts;
    /** When a preview robot or another person first opened its link */
    sent_at: MaybeInstant;
    /** When it was made */
    created_at: Instant;
    /** What of the request was left aside; in the answer to it alone */
    ignored?: Ignored;
}

export interface ShareList {
    /** The page */
    data: Share[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

/** One share for each channel that was asked for, in that order. */
export interface Shares {
    /** The shares */
    data: Share[];
    /** What of the request was left aside; in the answer to it alone */
    ignored?: Ignored;
}

/** `channel` or `channels`. */
export interface NewShare {
    /** The program: `prg_…` or its slug */
    program: string;
    /** Who shares; left out, and without `customer_details`: nobody who is known */
    customer?: string | null;
    /** What is told of him; without `customer` he is a guest */
    customer_details?: CustomerDetails | null;
    /** A channel's key */
    channel?: string | null;
    /** Several at once */
    channels?: Slug[] | null;
    /** Where the link leads, for example a product's page */
    landing_url?: string | null;
    /** What its preview shows */
    preview?: PreviewInput | null;
    /** Where in the shop the button was */
    placement?: string | null;
    /** The token by which the sharer came, with or without its visit: a share of the same program. Their own link makes nobody a child of themselves; where the share is there already it stays where it is */
    parent_token?: string | null;
    /** Language of its words; left out: the customer's, else the shop's */
    locale?: TypedLocale;
}

export interface Adoption {
    /** Whose it is: `external_id` or `cus_…` */
    customer: Reference;
}

export interface ShareTree {
    /** The share that was asked for */
    share: Share;
    /** Those that came by it, oldest first */
    children: ShareNode[];
    /** The `after` of its next children; null: these are the last */
    next: string | null;
    /** Shares of the tree, this one among them */
    size: number;
    /** Shares of the longest way from hand to hand, this one among them */
    depth: number;
    /** Structural virality (Goel et al. 2016): the mean distance between two different shares of the tree, in steps from hand to hand; null: the share is alone. See `definitions` */
    virality: number | null;
    /** Level by level; the 100th has all that are deeper, too */
    depths: ShareLevel[];
    /** The child with most shares behind it */
    largest_branch: ShareBranch | null;
    /** From when the share was made to when the first was made that came by it; null: none did */
    first_child_seconds: number | null;
    /** The first share of the whole tree in which it stands */
    root: Id;
    /** Whether there are more than 10 000 shares; all figures are then of the 10 000 nearest */
    cut: boolean;
    /** What each figure means */
    definitions: Definition[];
}

export interface Definition {
    /** The name of the figure */
    figure: string;
    /** What it means */
    means: string;
}

export interface ShareNode {
    /** A share */
    share: Share;
    /** Those that came by it, oldest first, as far as they are shown */
    children: ShareNode[];
    /** Shares of its branch, it among them */
    size: number;
    /** Shares of the longest way through its branch */
    depth: number;
    /** Its children that are not shown */
    more: number;
}

export interface ShareLevel {
    /** Steps from the share that was asked for, which has 1 */
    depth: number;
    /** Shares */
    shares: number;
    /** Orders that are credited to them */
    conversions: number;
}

export interface ShareBranch {
    /** The share with which it begins */
    share: Id;
    /** Shares in it, that one among them */
    size: number;
}

export interface DarkReport {
    /** The first day, in the shop's time zone */
    from: string;
    /** The last day */
    to: string;
    /** Into what the period is divided */
    interval: string | null;
    /** By which arrivals are told apart */
    rule: string;
    /** Which pages count as typed now */
    typed_pages: string[];
    /** The parts of the period, oldest first */
    data: DarkRow[];
    /** All of the period */
    totals: DarkFigures;
    /** What each figure means */
    definitions: Definition[];
    /** When it was read, in the shop's time */
    as_of: Instant;
}

export interface DarkRow {
    /** The first day of the part */
    from: string;
    /** Its last day */
    to: string;
    /** Pages that were opened from elsewhere */
    arrivals: number;
    /** Those whose address had the mark of a Grapevine link */
    private: number;
    /** Those that came from nowhere to a page that nobody types */
    suspected: number;
    /** Those that came from nowhere to a page that people type */
    typed: number;
    /** Those that a search engine led there */
    search: number;
    /** Those that a public network led there */
    social: number;
    /** Those that another site or campaign led there */
    other: number;
    /** Private and suspected, of private, suspected and social, basis points: what would be dark without Grapevine; null: there are none */
    dark_before_bps: number | null;
    /** Suspected, of private, suspected and social, basis points: what is dark still */
    dark_after_bps: number | null;
}

export interface DarkFigures {
    /** Pages that were opened from elsewhere */
    arrivals: number;
    /** Those whose address had the mark of a Grapevine link */
    private: number;
    /** Those that came from nowhere to a page that nobody types */
    suspected: number;
    /** Those that came from nowhere to a page that people type */
    typed: number;
    /** Those that a search engine led there */
    search: number;
    /** Those that a public network led there */
    social: number;
    /** Those that another site or campaign led there */
    other: number;
    /** Private and suspected, of private, suspected and social, basis points: what would be dark without Grapevine; null: there are none */
    dark_before_bps: number | null;
    /** Suspected, of private, suspected and social, basis points: what is dark still */
    dark_after_bps: number | null;
}

export interface PageViews {
    /** The views */
    data: PageView[];
}

export interface PageView {
    /** The page's path, without what stands behind `?` or `#`, and without an `@`: these may name a person */
    path: string;
    /** What led to it: nothing that says so, a search engine, a public network, or another site; a campaign of another kind is `other`, too */
    referrer: "none" | "search" | "social" | "other";
    /** Whether its address has the mark of a Grapevine link (`gv`) */
    tagged: boolean;
}

export interface PageViewsCounted {
    /** How many views were counted */
    counted: number;
}

/** What came along; each is looked at. What is blank is as if it were left out; what cannot be used is left aside, see `ignored`. */
export interface Evidence {
    /** The link's `gv` parameter: `TOKEN-VISIT`, or `TOKEN.VISIT`, or the whole link as it was copied. A bare token, or one whose mark is not as we made it, counts while the program's `window_days` since its link was last opened (or made, where nobody opened it) are not over; up to 2000 characters */
    token?: string | null;
    /** An advocate code as it was typed: case, blanks, hyphens, line ends, full-width letters, O for 0 and I for 1 do not matter; up to 128 characters */
    code?: string | null;
}

/** By what somebody was credited; `voucher`: by a discount that was redeemed in this very order, a claimed voucher's or one that a code gave; one that a link gave is `token` */
export type Method = "voucher" | "code" | "token" | "referral" | "operator" | "none" | (string & {});

/** open → converted or expired or rejected */
export type ReferralStatus = "open" | "converted" | "expired" | "rejected" | (string & {});

/** open → converted or expired or rejected */
export type ReferralStatusInput = "open" | "converted" | "expired" | "rejected";

export interface Referral {
    /** Its id */
    id: Id;
    /** The program */
    program: Id;
    /** The shop's own id of the friend */
    friend: MaybeReference;
    /** The friend */
    friend_id: Id;
    /** The shop's own id of the advocate */
    advocate: MaybeReference;
    /** The advocate */
    advocate_id: Id;
    /** The share, when a link was followed */
    share: MaybeId;
    /** The share's channel, when a link was followed */
    channel: string | null;
    /** How the friend came */
    method: Method;
    /** Where it stands */
    status: ReferralStatus;
    /** When it was made */
    created_at: Instant;
    /** When it may no longer pay */
    expires_at: Instant;
    /** What it earned by itself (`on: referral`) */
    rewards: Reward[];
    /** What it did not earn by itself */
    refused_rewards: RefusedReward[];
    /** What of the request was left aside; in the answer to it alone */
    ignored?: Ignored;
}

/** A reward that was not given */
export interface RefusedReward {
    /** For whom it would have been */
    to: "advocate" | "friend" | (string & {});
    /** Why not */
    reason: Why;
}

export interface ReferralList {
    /** The page */
    data: Referral[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export type NewReferral = {
    /** Only this program (id or slug) */
    program?: string | null;
    /** Who came: `external_id` or `cus_…` */
    friend?: string | null;
    /** What is told of him; without `friend` he is a guest */
    friend_details?: CustomerDetails | null;
    /** What came along */
    evidence: Evidence;
    /** What your analytics call the browser */
    analytics?: Analytics | null;
    /** The session of who typed it: an id that your shop makes. By it wrong codes are counted; it is kept as a keyed hash for an hour, in memory */
    visitor?: string | null;
};

export interface ReferralCheck {
    /** Only this program (id or slug) */
    program?: string | null;
    /** Who came, when he is known */
    friend?: string | null;
    /** What is told of him */
    friend_details?: CustomerDetails | null;
    /** What came along */
    evidence: Evidence;
    /** The session of who typed it: an id that your shop makes. By it wrong codes are counted; it is kept as a keyed hash for an hour, in memory */
    visitor?: string | null;
}

export interface ReferralCheckAnswer {
    /** Whether it would make a referral */
    valid: boolean;
    /** The program in which it would be */
    program: MaybeId;
    /** The advocate's first name, when it is known */
    advocate_name: string | null;
    /** What the friend would get */
    friend_rewards: RewardRule[];
    /** What he would not get, because the budget has no room for it */
    refused_rewards: RefusedReward[];
    /** The program's words in the friend's language */
    content: Content | null;
    /** Why not */
    reasons: Why[];
    /** What of the request was left aside; in the answer to it alone */
    ignored?: Ignored;
}

/** Why evidence lost, or a reward was not given. `worth_nothing`: a share of the order that comes to nothing. `held_out`: the program keeps the advocate without an offer. `too_late`: the order had been approved, for somebody else, before the discount in it was redeemed. */
export type Why = "self_referral" | "weaker" | "older" | "expired" | "credit_expired" | "not_new" | "min_order_amount" | "worth_nothing" | "limit_reached" | "budget_exhausted" | "currency_mismatch" | "program_not_active" | "customer_required" | "unknown" | "foreign" | "held_out" | "too_late" | (string & {});

/** `unpaid → pending → approved`; `review`: an operator looks at it first. Ends: `cancelled`, `rejected` by an operator, `reversed` when all of it came back. Facts lead to the same state in whichever order they are told. */
export type ConversionStatus = "unpaid" | "pending" | "review" | "approved" | "cancelled" | "rejected" | "reversed" | (string & {});

/** `unpaid → pending → approved`; `review`: an operator looks at it first. Ends: `cancelled`, `rejected` by an operator, `reversed` when all of it came back. Facts lead to the same state in whichever order they are told. */
export type ConversionStatusInput = "unpaid" | "pending" | "review" | "approved" | "cancelled" | "rejected" | "reversed";

export interface Conversion {
    /** Its id */
    id: Id;
    /** The shop's id of the order, unique in the shop */
    order_id: Reference;
    /** Where it stands */
    status: ConversionStatus;
    /** What kind of conversion */
    kind: ConversionKind;
    /** Whether it came with an import: it was ordered before, and is credited to nobody */
    imported: boolean;
    /** Goods, VAT included, after every discount, before payment by balances, without shipping; minor units */
    amount: Amount;
    /** What it is worth in the shop's currency, at the shop's own rate, where the order is in another one; minor units */
    base_amount: number | null;
    /** Sent back so far, minor units */
    refunded_amount: Amount;
    /** Shipping, minor units */
    shipping_amount: Amount;
    /** Currency of its amounts */
    currency: Currency;
    /** The shop's own id of who ordered */
    customer: MaybeReference;
    /** Who ordered */
    customer_id: MaybeId;
    /** What was ordered, where it was said */
    items: OrderItem[];
    /** When it was ordered */
    occurred_at: Instant;
    /** When it was reported */
    created_at: Instant;
    /** When it was paid */
    paid_at: MaybeInstant;
    /** When its last parcel was delivered */
    delivered_at: MaybeInstant;
    /** When it was cancelled */
    cancelled_at: MaybeInstant;
    /** When the wait ends, or ended; null: what it counts from has not come */
    pending_until: MaybeInstant;
    /** The wait is over and an operator is to approve it (`approval: manual`) */
    overdue: boolean;
    /** When it was approved */
    approved_at: MaybeInstant;
    /** Why it was cancelled or rejected */
    reason: string | null;
    /** The version of the program that decided */
    program_version: number | null;
    /** Whom it is credited to */
    attribution: AttributionResult;
    /** What screening found */
    screening: {
        /** What screening says */
        outcome: "allow" | "review" | (string & {});
        /** Not built yet; empty */
        signals: unknown[];
    };
    /** What it earned, in the order of the rules */
    rewards: Reward[];
    /** What it did not earn */
    refused_rewards: RefusedReward[];
    /** What was redeemed with it; in the answer to a report with `redeem` alone */
    redemption?: Redemption;
    /** What of the request was left aside; in the answer to it alone */
    ignored?: Ignored;
}

export interface ConversionList {
    /** The page */
    data: Conversion[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

/** Whom an order is credited to, and why not others. Who turns out to be his own advocate before the order is approved (they are merged, or share an address) earns nothing: when it is approved it is credited to nobody, what waited for either side is voided, and `considered` says `self_referral`. */
export interface AttributionResult {
    /** By what the winner won; `none`: nobody is credited */
    method: Method;
    /** The winner's program */
    program: MaybeId;
    /** The shop's own id of the advocate */
    advocate: MaybeReference;
    /** The advocate */
    advocate_id: MaybeId;
    /** The winning share */
    share: MaybeId;
    /** The winning share's channel */
    channel: string | null;
    /** Whether that is private */
    private: boolean | null;
    /** Its depth in the share tree */
    depth: number | null;
    /** Age of the winning evidence at the order, whole hours */
    age_hours: number | null;
    /** What that is counted from; null: no link won */
    age_from: AgeFrom;
    /** The same in words: who, and why; where one conversion is asked for */
    sentence?: Sentence;
    /** The losers */
    considered: Array<{
        /** By what the winner won; `none`: nobody is credited */
        method: Method;
        /** The winner's program */
        program: MaybeId;
        /** The shop's own id of the advocate */
        advocate: MaybeReference;
        /** The advocate; null: nobody is behind the evidence */
        advocate_id: MaybeId;
        /** Why it lost */
        outcome: Why;
        /** What its age is counted from; null: it is no link's */
        age_from: AgeFrom;
        /** What the mark of the link that came was worth; null: it is no link that came with the order */
        mark?: MarkSeen;
        /** The same in words: why it did not count; where one conversion is asked for */
        sentence?: Sentence;
    }>;
}

/** What the age of a link's evidence is counted from. `mark`: the visit that the mark of `gv` proves. Where no mark proves one (a bare token, or a mark that was cut off or changed), `opened`: when a person last opened the share's link, or `made`: nobody has, so when the share was made. */
export type AgeFrom = "mark" | "opened" | "made" | (string & {}) | null;

/** What the mark of a link's evidence was worth. `genuine`: ours, for this link. `absent`: a bare token. `forged`: not ours, another link's, or changed or cut off on the way; it proves no more than none. `unreadable`: the evidence is too long, or has what no link has; nothing of it was looked at, and `ignored` named it. */
export type MarkSeen = "genuine" | "absent" | "forged" | "unreadable" | (string & {}) | null;

/** What your analytics call the browser that this came from, so that it can be told to them in the right session. Kept for 72 hours from when it happened, apart from everything else, and only with consent; told again, what was told first stays, and `consent: false` takes it back. Cookies are taken as they are; what cannot be read is left aside (`ignored`). */
export interface Analytics {
    /** Whether the person agreed that they are told; without it nothing is kept */
    consent: boolean;
    /** GA4: the client id, or the cookie `_ga` */
    ga_client_id?: string | null;
    /** GA4: the session id, or the cookie `_ga_…`. Without it GA4 files an order under nothing */
    ga_session_id?: string | null;
    /** Matomo: the visitor id, or the cookie `_pk_id…` */
    matomo_visitor_id?: string | null;
}

export interface AnalyticsIds {
    /** The conversion or referral with which they came */
    subject: Id;
    /** GA4: the client id */
    ga_client_id?: string;
    /** GA4: the session id */
    ga_session_id?: string;
    /** Matomo: the visitor id */
    matomo_visitor_id?: string;
    /** Until when they are kept (first instant too late) */
    kept_until: Instant;
}

export interface NewConversion {
    /** The shop's id of the order, unique in the shop */
    order_id: Reference;
    /** Who ordered: `external_id` or `cus_…`. Without him and `customer_details` nobody can be credited. */
    customer?: string | null;
    /** What is told of him; without `customer` he is a guest */
    customer_details?: CustomerDetails | null;
    /** Goods, VAT included, after every discount, before payment by balances, without shipping; minor units */
    amount: Amount;
    /** The order's currency; in another than the shop's it earns nothing */
    currency: Currency;
    /** Shipping, minor units; default 0 */
    shipping_amount?: Amount;
    /** What the order is worth in the shop's currency, at the shop's own rate, minor units: with it an order in another currency qualifies. Nothing is ever converted. */
    base_amount?: number | null;
    /** What kind of conversion, default `order`; `renewal`, `subscription` or a word of your own: rewards name the kinds that they count */
    kind?: string | null;
    /** Whether it is paid, default true; false: report it with `POST …/paid` when it is */
    paid?: boolean | null;
    /** What was ordered; needed for refunds by item */
    items?: CartItem[] | null;
    /** When it was ordered, at most 5 minutes ahead; left out: now */
    occurred_at?: string | null;
    /** `false` denies that it is the customer's first order; newness cannot be asserted */
    first_order?: boolean | null;
    /** What your analytics call the browser */
    analytics?: Analytics | null;
    /** What came along */
    evidence?: Evidence;
    /** Only this program (id or slug) may be credited */
    program?: string | null;
    /** What it is paid with, redeemed in the same commit; needs the scope `vouchers:redeem`, too. `amount`, `shipping_amount` and `items` are then the cart's, as in the check: before that takes anything off */
    redeem?: Redeem | null;
}

/** What an order is paid with. A hold alone, or what a cart has of its own. Where it names nothing, nothing is redeemed. */
export interface Redeem {
    /** The hold (`hld_…`); its cart is what is redeemed, and says who orders where the order does not */
    hold?: string | null;
    /** Vouchers and advocate codes, as in the cart */
    codes?: Array<string | {
        /** As typed */
        code: string;
        /** How much of a gift card to take, minor units; left out: what is needed */
        amount?: MaybeAmount;
    }> | null;
    /** To pay with the store credit of the account that `customer` names, minor units */
    store_credit?: number | null;
    /** What gives the discount `on: checkout` without typing, as in the cart; the order's own evidence gives none */
    evidence?: Evidence | null;
    /** What the shop has taken off already, minor units */
    shop_discount?: number | null;
    /** Whether the shop's own checkout has given it all already: nothing is refused, what cannot count is told */
    already_applied?: boolean | null;
    /** The session of who typed it, as in the cart */
    visitor?: string | null;
}

/** What kind of conversion: `order`, `renewal`, `subscription`, or a word of the shop's */
export type ConversionKind = string;

/** One line of an order. */
export interface OrderItem {
    /** Its id in the order */
    id: string;
    /** The product */
    sku: string | null;
    /** Pieces */
    quantity: number;
    /** The line's total, minor units */
    amount: Amount;
    /** The product's categories */
    categories: string[];
    /** Whether the shop took something off it */
    discounted: boolean;
}

export interface ConversionChange {
    /** Goods, VAT included, after every discount, minor units */
    amount?: number | null;
    /** What that is worth in the shop's currency; an order in another currency needs it with each new amount. Where it was not known before, what was refused for `currency_mismatch` is earned now */
    base_amount?: number | null;
    /** What was ordered */
    items?: CartItem[] | null;
}

export interface Happened {
    /** When, at most 5 minutes ahead; left out: now */
    at?: string | null;
    /** Why */
    reason?: string | null;
}

export interface Cancelled {
    /** When, at most 5 minutes ahead; left out: now */
    at?: string | null;
    /** Why */
    reason?: string | null;
    /** What becomes of the redemption of the same order; default `reverse` */
    redemption?: MaybeRedeemed;
}

/** What becomes of the redemption of the same order; default `reverse` */
export type MaybeRedeemed = "reverse" | "keep" | null;

export interface NewAttribution {
    /** Who recommended: `external_id` or `cus_…` */
    advocate: string;
    /** The program that pays (id or slug) */
    program: string;
    /** Why, for the audit log */
    reason: string;
}

/** Why money went back */
export type RefundKind = "refund" | "withdrawal" | "chargeback" | (string & {});

/** Why money went back */
export type RefundKindInput = "refund" | "withdrawal" | "chargeback";

export interface NewRefund {
    /** The shop's id of the refund, unique for the order */
    refund_id: Reference;
    /** This refund's **own** amount of goods, minor units; left out: that of its items, else all that is left */
    amount?: number | null;
    /** Why money went back */
    kind: RefundKindInput;
    /** What came back; the order must have been reported with its items */
    items?: Array<{
        /** The item's id in the order */
        id: string;
        /** Pieces; left out: all that are left */
        quantity?: number | null;
        /** Its own amount, minor units; left out: what the pieces came to after every discount: what codes took off the very item is known by the redemption of the order, what else is missing was taken off all */
        amount?: number | null;
    }> | null;
    /** Why, in words */
    reason?: string | null;
    /** What becomes of the redemption of the same order; default `reverse` */
    redemption?: MaybeRedeemed;
}

/** A refund, and what became of each reward of its order. */
export interface Refund {
    /** Its id */
    id: Id;
    /** The shop's id of the refund, unique for the order */
    refund_id: Reference;
    /** The order */
    conversion: Id;
    /** The shop's id of the order */
    order_id: Reference;
    /** This refund's own amount, minor units */
    amount: Amount;
    /** The order's currency */
    currency: Currency;
    /** Why money went back */
    kind: RefundKind;
    /** What came back */
    items: Array<{
        /** The item's id in the order */
        id: string;
        /** Pieces */
        quantity: number;
        /** Its own amount, minor units */
        amount: Amount;
    }>;
    /** Why */
    reason: string | null;
    /** The reversal of the order's redemption (`rev_…`) that it caused */
    reversal: MaybeId;
    /** What became of each reward of the order */
    rewards: Array<{
        /** The reward */
        id: Id;
        /** For which side */
        to: "advocate" | "friend" | (string & {}) | null;
        /** `forgiven`: what was spent already is let go; `gone`: it was voided, expired or forgiven before */
        outcome: "kept" | "reduced" | "voided" | "forgiven" | "gone" | (string & {});
        /** Where it stands now */
        status: RewardStatus;
        /** What it cost before, minor units */
        before: Amount;
        /** What it costs now, minor units */
        after: Amount;
        /** What was spent and is let go, minor units */
        forgiven: Amount;
    }>;
    /** When it was reported */
    created_at: Instant;
}

/** The order, and the refund with what became of each reward. */
export interface RefundedConversion {
    /** Its id */
    id: Id;
    /** The shop's id of the order, unique in the shop */
    order_id: Reference;
    /** Where it stands */
    status: ConversionStatus;
    /** What kind of conversion */
    kind?: ConversionKind;
    /** Whether it came with an import: it was ordered before, and is credited to nobody */
    imported?: boolean;
    /** Goods, VAT included, after every discount, before payment by balances, without shipping; minor units */
    amount: Amount;
    /** What it is worth in the shop's currency, at the shop's own rate, where the order is in another one; minor units */
    base_amount?: number | null;
    /** Sent back so far, minor units */
    refunded_amount: Amount;
    /** Shipping, minor units */
    shipping_amount?: Amount;
    /** Currency of its amounts */
    currency: Currency;
    /** The shop's own id of who ordered */
    customer?: MaybeReference;
    /** Who ordered */
    customer_id?: MaybeId;
    /** What was ordered, where it was said */
    items?: OrderItem[];
    /** When it was ordered */
    occurred_at?: Instant;
    /** When it was reported */
    created_at?: Instant;
    /** When it was paid */
    paid_at?: MaybeInstant;
    /** When its last parcel was delivered */
    delivered_at?: MaybeInstant;
    /** When it was cancelled */
    cancelled_at?: MaybeInstant;
    /** When the wait ends, or ended; null: what it counts from has not come */
    pending_until?: MaybeInstant;
    /** The wait is over and an operator is to approve it (`approval: manual`) */
    overdue?: boolean;
    /** When it was approved */
    approved_at?: MaybeInstant;
    /** Why it was cancelled or rejected */
    reason?: string | null;
    /** The version of the program that decided */
    program_version?: number | null;
    /** Whom it is credited to */
    attribution: AttributionResult;
    /** What screening found */
    screening?: {
        /** What screening says */
        outcome: "allow" | "review" | (string & {});
        /** Not built yet; empty */
        signals: unknown[];
    };
    /** What it earned, in the order of the rules */
    rewards: Reward[];
    /** What it did not earn */
    refused_rewards?: RefusedReward[];
    /** What came back, and what became of each reward */
    refund: Refund;
}

export interface Fulfilment {
    /** The shop's own id of what it handed over: a parcel, a booking */
    reference: Reference;
}

/** pending → issued → spent, or voided, expired; what the shop hands over: pending → due → issued */
export type RewardStatus = "pending" | "due" | "issued" | "spent" | "voided" | "expired" | (string & {});

/** pending → issued → spent, or voided, expired; what the shop hands over: pending → due → issued */
export type RewardStatusInput = "pending" | "due" | "issued" | "spent" | "voided" | "expired";

/** Who acted. */
export interface Actor {
    /** What kind of hand */
    type: "operator" | "key" | "customer" | "system" | (string & {});
    /** The operator, key or customer; null: the system itself */
    id: MaybeId;
    /** A name to read */
    name: string;
}

export interface Reward {
    /** Its id */
    id: Id;
    /** For which side of a referral; null: a grant, which is for neither */
    to: "advocate" | "friend" | (string & {}) | null;
    /** For what */
    on: "conversion" | "referral" | "milestone" | "grant" | "offer" | (string & {});
    /** How many friends it is for; only on milestone */
    friends?: number;
    /** What it is */
    kind: BenefitKind;
    /** Its fixed amount, minor units, where it has one */
    amount: MaybeAmount;
    /** Percentage, basis points */
    rate_bps: MaybeRate;
    /** Never more than this, minor units */
    max_amount: MaybeAmount;
    /** The product that the shop hands over; of `free_product` alone */
    sku?: string;
    /** What people call what the shop hands over, where it has a name */
    name?: string;
    /** More words about it, where there are any */
    description?: string;
    /** What is attended; of `event_pass` alone */
    event?: AttendedEvent;
    /** How many people the pass lets in; of `event_pass` alone */
    seats?: number;
    /** Currency of its amounts */
    currency: Currency;
    /** What it counts for in budget and books, minor units */
    cost_amount: Amount;
    /** What of it was spent, and let go when its order came back; minor units */
    forgiven_amount: number;
    /** Where it stands */
    status: RewardStatus;
    /** The shop's own id of who gets it */
    customer: MaybeReference;
    /** Who gets it */
    customer_id: Id;
    /** The program that pays; null for grants */
    program: MaybeId;
    /** The conversion that earned it */
    conversion: MaybeId;
    /** The referral that earned it */
    referral: MaybeId;
    /** The grant that gave it */
    grant: MaybeId;
    /** The voucher that was made of it */
    voucher: MaybeId;
    /** The shop's own id of what it handed over; only of what was handed over */
    reference?: string;
    /** The mail that told of it last; of what is taken of it, a mail of its own tells */
    message: MaybeId;
    /** When the wait ends, or ended; null: there is none */
    pending_until: MaybeInstant;
    /** When it was issued */
    issued_at: MaybeInstant;
    /** When what was issued expires; the first instant too late */
    expires_at: MaybeInstant;
    /** What caused it */
    cause: Cause;
    /** Its steps, oldest first */
    history: Array<{
        /** Where it stands */
        status: RewardStatus;
        /** When */
        at: Instant;
        /** By whom */
        who: Actor;
        /** Why */
        why: string | null;
        /** What it was worth from then on, where it has an amount */
        amount: MaybeAmount;
    }>;
    /** When it was made */
    created_at: Instant;
}

export interface RewardList {
    /** The page */
    data: Reward[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface Approval {
    /** Why; kept in the audit log */
    reason?: string | null;
}

export interface Because {
    /** Why; kept in the audit log */
    reason: Reason;
}

/** pending_approval → given or rejected */
export type GrantStatus = "pending_approval" | "given" | "rejected" | (string & {});

/** pending_approval → given or rejected */
export type GrantStatusInput = "pending_approval" | "given" | "rejected";

/** What a grant is for */
export type Purpose = "goodwill" | "compensation" | "promotion" | (string & {});

/** What a grant is for */
export type PurposeInput = "goodwill" | "compensation" | "promotion";

export interface Grant {
    /** Its id */
    id: Id;
    /** Where it stands */
    status: GrantStatus;
    /** The shop's own id of who gets it */
    customer: MaybeReference;
    /** Who gets it */
    customer_id: Id;
    /** What */
    reward: Benefit;
    /** Currency of its amounts */
    currency: Currency;
    /** What it counts for in budget and books, minor units */
    cost_amount: Amount;
    /** Why */
    reason: string;
    /** What it is for, where that was said */
    purpose: Purpose | null;
    /** The shop's own id of it, unique in the shop */
    reference: MaybeReference;
    /** Whether a mail tells the customer */
    notify: boolean;
    /** The reward, once given */
    reward_id: MaybeId;
    /** Who asked for it */
    by: Actor;
    /** The first of two who approve what no operator asked for */
    approved_by: Actor | null;
    /** Who decided */
    decided_by: Actor | null;
    /** When it was made */
    created_at: Instant;
    /** When it was decided */
    decided_at: MaybeInstant;
}

export interface GrantList {
    /** The page */
    data: Grant[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export type NewGrant = {
    /** Who gets it: `external_id` or `cus_…` */
    customer?: string | null;
    /** What is told of him; without `customer` he is a guest */
    customer_details?: CustomerDetails | null;
    /** What is given */
    reward: BenefitInput;
    /** Why; kept in the audit log */
    reason: Reason;
    /** What it is for; the mail of a promotion is advertising, and leaves only where the customer's last consent of the kind `marketing_mail` was given */
    purpose?: PurposeInput | null;
    /** The shop's own id of it, unique in the shop */
    reference?: MaybeReference;
    /** Whether a mail tells the customer; left out: true */
    notify?: boolean | null;
};

export interface NewCustomerToken {
    /** How long it is good, seconds; left out: 900 */
    expires_in?: number | null;
}

export interface CustomerToken {
    /** A JWT for `/v1/me/…` */
    access_token: string;
    /** How it is sent */
    token_type: "Bearer" | (string & {});
    /** Seconds that it is good */
    expires_in: number;
    /** What it is good for */
    scope: "me" | (string & {});
}

export interface Me {
    /** The shop's own id of the customer */
    customer: MaybeReference;
    /** The customer */
    customer_id: Id;
    /** Address for mails */
    email: string | null;
    /** Full name */
    name: string | null;
    /** First name */
    first_name: string | null;
    /** The customer's language, else the shop's */
    locale: Locale;
    /** What the shop calls itself */
    shop_name: string;
    /** The shop's */
    currency: Currency;
}

export interface MyShare {
    /** Its id */
    id: Id;
    /** What the link ends with */
    token: string;
    /** The link */
    url: string;
    /** The words in the share's language, with the link */
    text: string;
    /** Subject of a mail that the sharer sends */
    subject: string;
    /** What opens the channel with the words in it */
    send_url: SendUrl;
    /** The program */
    program: Id;
    /** Where it is shared */
    channel: Slug;
    /** Whether nobody else can watch what is sent there */
    private: boolean;
    /** Where the link leads; null: where the program's do */
    landing_url: string | null;
    /** Where in the shop the button was */
    placement: string | null;
    /** Its language */
    locale: Locale;
    /** `sent`: a preview robot or another person opened the link */
    status: "made" | "sent" | (string & {});
    /** When a preview robot or another person first opened its link */
    sent_at: MaybeInstant;
    /** What came of it */
    counts: ShareCounts;
    /** When it was made */
    created_at: Instant;
    /** What of the request was left aside; in the answer to it alone */
    ignored?: Ignored;
}

export interface MyShareList {
    /** The page */
    data: MyShare[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

/** One share for each channel that was asked for, in that order. */
export interface MyShares {
    /** The shares */
    data: MyShare[];
    /** What of the request was left aside; in the answer to it alone */
    ignored?: Ignored;
}

/** `channel` or `channels`. */
export interface NewMyShare {
    /** The program: `prg_…` or its slug */
    program: string;
    /** A channel's key */
    channel?: string | null;
    /** Several at once */
    channels?: Slug[] | null;
    /** Where the link leads, for example a product's page */
    landing_url?: string | null;
    /** Where in the shop the button was */
    placement?: string | null;
    /** The token by which the sharer came, with or without its visit: a share of the same program. Their own link makes nobody a child of themselves; where the share is there already it stays where it is */
    parent_token?: string | null;
    /** Language of its words; left out: the customer's, else the shop's */
    locale?: TypedLocale;
}

export interface MyCode {
    /** As it is shown */
    code: string;
    /** Its link, `/c/{slug}/{code}` */
    url: string;
    /** The program */
    program: Id;
    /** When it was made */
    created_at: Instant;
}

export interface NewMyCode {
    /** The program: `prg_…` or its slug */
    program: string;
}

export interface MyReward {
    /** Its id */
    id: Id;
    /** For having won a friend, or for having come; null: a present of the shop */
    to: "advocate" | "friend" | (string & {}) | null;
    /** For what */
    on: "conversion" | "referral" | "milestone" | "grant" | "offer" | (string & {});
    /** How many friends it is for; only on milestone */
    friends?: number;
    /** What it is */
    kind: BenefitKind;
    /** Its fixed amount, minor units, where it has one */
    amount: MaybeAmount;
    /** Percentage, basis points */
    rate_bps: MaybeRate;
    /** Never more than this, minor units */
    max_amount: MaybeAmount;
    /** The product that the shop hands over; of `free_product` alone */
    sku?: string;
    /** What people call what the shop hands over, where it has a name */
    name?: string;
    /** More words about it, where there are any */
    description?: string;
    /** What is attended; of `event_pass` alone */
    event?: AttendedEvent;
    /** How many people the pass lets in; of `event_pass` alone */
    seats?: number;
    /** Currency of its amounts */
    currency: Currency;
    /** Where it stands */
    status: RewardStatus;
    /** The program that pays; null: a present */
    program: MaybeId;
    /** The voucher that was made of it */
    voucher: MaybeId;
    /** When the wait ends, or ended; null: there is none */
    pending_until: MaybeInstant;
    /** When it was issued */
    issued_at: MaybeInstant;
    /** When what was issued expires; the first instant too late */
    expires_at: MaybeInstant;
    /** When it was made */
    created_at: Instant;
}

export interface MyRewardList {
    /** The page */
    data: MyReward[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

/** Somebody whom the customer won. Who it is stays between the friend and the shop. */
export interface MyReferral {
    /** Its id */
    id: Id;
    /** The program */
    program: Id;
    /** The customer's share by which the friend came */
    share: MaybeId;
    /** Where it was shared */
    channel: string | null;
    /** Where it stands */
    status: ReferralStatus;
    /** When the friend became known */
    created_at: Instant;
    /** Until when an order of the friend counts; the first instant too late */
    expires_at: Instant;
}

export interface MyReferralList {
    /** The page */
    data: MyReferral[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface MyVoucher {
    /** Its id */
    id: Id;
    /** The code, in full */
    code: string;
    /** Where it stands */
    status: VoucherStatus;
    /** What it is */
    kind: BenefitKind;
    /** What it is worth, minor units: `amount_off`, `gift_card` */
    amount: MaybeAmount;
    /** Percentage, basis points: `percent_off` */
    rate_bps: MaybeRate;
    /** Never more than this, minor units */
    max_amount: MaybeAmount;
    /** Currency of its amounts */
    currency: Currency;
    /** Uses that are left to everybody, without those that are held; null: no limit */
    remaining_uses: number | null;
    /** What is left of a gift card, without what is held, minor units; null for other kinds */
    balance: number | null;
    /** The cart must be worth this much, minor units */
    min_order_amount: Amount;
    /** Which items it is for */
    applies_to: AppliesTo;
    /** Whether it counts in a cart from which the shop took something off as a whole */
    with_shop_discounts: boolean;
    /** Good from here; null: from the beginning */
    valid_from: MaybeInstant;
    /** First instant too late; null: no end */
    valid_until: string | null;
    /** What it may be combined with */
    stacking: Stacking;
    /** What it lets people attend; of `event_pass` alone */
    pass?: {
        /** The event */
        event: AttendedEvent;
        /** How many people it lets in */
        seats: number;
    };
    /** What the QR code of a pass says */
    scan?: string;
    /** When it was made */
    created_at: Instant;
}

export interface MyVoucherList {
    /** The page */
    data: MyVoucher[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface MySummary {
    /** The program, in the customer's language */
    program: {
        /** Its id */
        id: Id;
        /** Its slug */
        slug: Slug;
        /** Its title, else its name */
        title: string;
        /** Whether it counts now */
        open: boolean;
        /** Conditions beside the benefit */
        conditions: string | null;
        /** The terms */
        terms_url: string | null;
        /** Its picture */
        image_url: string | null;
    };
    /** What they get for a friend, in words; null: nothing */
    my_reward: string | null;
    /** What their friend gets, in words; null: nothing */
    friend_reward: string | null;
    /** Their code; null: they have none yet */
    code: string | null;
    /** The link of their code */
    url: string | null;
    /** The same link as a QR code: an SVG picture */
    qr_svg: string | null;
    /** Addresses that open a channel with the words and that link; none without a code */
    send_urls: Array<{
        /** The channel */
        channel: Slug;
        /** What people call it */
        name: string;
        /** Whether nobody else sees what is sent there */
        private: boolean;
        /** On a phone */
        mobile: string | null;
        /** On a computer */
        desktop: string | null;
    }>;
    /** What came of what they shared, of the newest thousand of each kind */
    progress: {
        /** Links */
        shares: number;
        /** Visitors of those links, each once a day */
        visitors: number;
        /** Friends who came and have not ordered yet */
        friends_open: number;
        /** Friends who ordered */
        friends_won: number;
    };
    /** What they get for so many friends, and how far they are */
    milestones: Array<{
        /** What they get, in words */
        reward: string;
        /** Friends of whom an order was approved and is kept */
        friends: number;
        /** The next number at which it is given; null: they have passed all */
        next: number | null;
        /** The same in words, as `2 of 3` */
        text: string;
    }>;
    /** What they earned in the program, of the newest thousand rewards */
    totals: {
        /** Currency of its amounts */
        currency: Currency;
        /** What waits, or is to be handed over */
        pending: RewardSum;
        /** What is theirs */
        issued: RewardSum;
        /** What they used */
        spent: RewardSum;
        /** Their store credit, whatever it is from, minor units */
        balance: Amount;
    };
    /** Their newest rewards in the program */
    rewards: Array<{
        /** The reward */
        id: Id;
        /** What it is, in words */
        text: string;
        /** Where it stands */
        status: RewardStatus;
        /** The same in words, with the day where there is one */
        status_text: string;
        /** When it was earned */
        created_at: Instant;
    }>;
}

export interface RewardSum {
    /** How many */
    count: number;
    /** What those come to whose value is an amount, minor units */
    amount: number;
}

export interface MyBalance {
    /** The shop's */
    currency: Currency;
    /** What there is, minor units */
    balance: Amount;
}

/** What people read, in every language that is written out. */
export interface Sentence {
    /** In German */
    de: string;
    /** In English */
    en: string;
}

/** One thing that must hold of who takes an offer. */
export interface NewCondition {
    /** Its name in answers; unique in the offer */
    code: Slug;
    /** What must hold, in CEL, over the facts of `GET /v1/offers/facts` */
    expression: string;
    /** What is said to whom it keeps out, by locale; where a language is missing it is made of the expression */
    message?: Record<string, string>;
}

/** One thing that must hold of who takes an offer. */
export interface Condition {
    /** Its name in answers */
    code: string;
    /** As it was written */
    expression: string;
    /** As people read it */
    sentence: Sentence;
    /** What is said to whom it keeps out, by locale */
    message: Record<string, string>;
}

export interface BacktestDays {
    /** The last days that are looked at */
    days?: number;
}

export interface BacktestRequest {
    /** The program to which they came: id or slug */
    program: string;
    /** What must hold, all of it; default none */
    conditions?: NewCondition[];
    /** Who is looked at: who arrived, who shared, or both; left out: arrive */
    audience?: "arrive" | "share" | "both" | null;
    /** Only who is meant */
    targeting?: TargetingInput;
    /** The last days that are looked at */
    days?: number;
}

/** `admitted` and the counts of `refused` make up `considered`: each is counted where they were kept out first. */
export interface Backtest {
    /** The last days that were looked at */
    days: number;
    /** People who were judged: arrivals and sharers */
    considered: number;
    /** Those who came by a referral of the program, whatever by */
    arrivals: number;
    /** Those who shared */
    sharers: number;
    /** Those who would have been let in */
    admitted: number;
    /** What keeps people out, in the order in which it is looked at */
    refused: KeptOut[];
    /** What the conditions before would have done; null: there were none */
    before: BacktestBefore | null;
    /** Facts of the conditions that are known only as they are today */
    as_of_today: string[];
    /** Facts of which nothing is known of then; their conditions keep out everybody */
    unknown: string[];
}

export interface KeptOut {
    /** The code of a condition; `arrived_in_private`, `shared_in_private`, `in_private` or `segment` */
    code: string;
    /** Whom it kept out first */
    count: number;
    /** Those of them whom nothing else would have kept out */
    alone: number;
}

export interface BacktestBefore {
    /** Those who would have been let in */
    admitted: number;
}

export interface BacktestProgress {
    /** People who were looked at */
    done: number;
    /** Those there are to look at; 0: it has not begun */
    total: number;
}

/** Whom an offer is meant for. */
export interface Targeting {
    /** Only customers of one of these segments; empty: everybody */
    segments?: Slug[];
}

/** Whom an offer is meant for. */
export interface TargetingInput {
    /** Only customers of one of these segments; empty: everybody */
    segments?: Slug[];
}

/** What a group is promised. */
export interface Group {
    /** How many of one share may take the offer */
    places: number;
    /** How many of them must have redeemed what they took in an order before the organiser is rewarded */
    orders?: number | null;
    /** What whose share it is gets then */
    organiser_reward?: Benefit | null;
}

/** What a group is promised. */
export interface GroupInput {
    /** How many of one share may take the offer */
    places: number;
    /** How many of them must have redeemed what they took in an order before the organiser is rewarded */
    orders?: number | null;
    /** What whose share it is gets then */
    organiser_reward?: BenefitInput | null;
}

export interface Offer {
    /** Its id */
    id: Id;
    /** Its name */
    name: string;
    /** Where it stands */
    status: ProgramStatus;
    /** Grows with each change */
    version: number;
    /** For one person at a time, or for the people of one share together */
    kind: "personal" | "group" | (string & {});
    /** The program whose shares count */
    program: Id;
    /** Who may take it: who arrives by a private share, who shares in private, or either */
    audience: "arrive" | "share" | "both" | (string & {});
    /** What they get */
    reward: Benefit;
    /** What must hold, all of it */
    conditions: Condition[];
    /** Whom it is for, as one sentence */
    sentence: Sentence;
    /** Whom it is meant for */
    targeting: Targeting;
    /** Claims in all */
    capacity: MaybeCount;
    /** Claims that count against it */
    claimed: number;
    /** Claims that are left */
    remaining: MaybeCount;
    /** Claims of one person */
    per_customer: number;
    /** How long what it gives is good; null: three year ends */
    valid: Valid | null;
    /** What its vouchers may be combined with */
    stacking: Stacking;
    /** What a group is promised */
    group: Group | null;
    /** What is done about a share whose link has got about */
    leak: "warn" | "throttle" | (string & {});
    /** Currency of its amounts */
    currency: Currency;
    /** Words by locale */
    content: Contents;
    /** Good from here */
    starts_at: MaybeInstant;
    /** Good until here; the first instant too late */
    ends_at: MaybeInstant;
    /** When it was made */
    created_at: Instant;
    /** When it was first activated */
    activated_at: MaybeInstant;
    /** When it ended */
    ended_at: MaybeInstant;
}

export interface OfferList {
    /** The page */
    data: Offer[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface NewOffer {
    /** Its name */
    name: string;
    /** How it begins; left out: draft. Only when it is made */
    status?: "draft" | "active" | null;
    /** `group`: for the people of one share together, as many as `group.places`; left out: personal */
    kind?: "personal" | "group" | null;
    /** The program whose shares count (id or slug) */
    program: string;
    /** Who may take it: who arrives by a private share, who shares in private, or either; left out: arrive */
    audience?: "arrive" | "share" | "both" | null;
    /** What they get; no share of an order */
    reward: BenefitInput;
    /** What must hold, all of it */
    conditions?: NewCondition[] | null;
    /** Whom it is meant for */
    targeting?: TargetingInput | null;
    /** Claims in all; null: no limit */
    capacity?: number | null;
    /** Claims of one person; left out: 1 */
    per_customer?: number | null;
    /** How long what it gives is good */
    valid?: ValidInput | null;
    /** What its vouchers may be combined with */
    stacking?: NewStacking | null;
    /** What a group is promised */
    group?: GroupInput | null;
    /** What is done about a share whose link has got about; left out: warn */
    leak?: "warn" | "throttle" | null;
    /** Words by locale */
    content?: ContentsInput | null;
    /** Good from here */
    starts_at?: MaybeInstant;
    /** Good until here, and ends then by itself; the first instant too late */
    ends_at?: MaybeInstant;
}

export interface OfferChange {
    /** Its name */
    name?: string | null;
    /** How it begins; left out: draft. Only when it is made */
    status?: "draft" | "active" | null;
    /** `group`: for the people of one share together, as many as `group.places`; left out: personal */
    kind?: "personal" | "group" | null;
    /** The program whose shares count (id or slug) */
    program?: string | null;
    /** Who may take it: who arrives by a private share, who shares in private, or either; left out: arrive */
    audience?: "arrive" | "share" | "both" | null;
    /** What they get; no share of an order */
    reward?: BenefitInput | null;
    /** What must hold, all of it */
    conditions?: NewCondition[] | null;
    /** Whom it is meant for */
    targeting?: TargetingInput | null;
    /** Claims in all; null: no limit */
    capacity?: number | null;
    /** Claims of one person; left out: 1 */
    per_customer?: number | null;
    /** How long what it gives is good */
    valid?: ValidInput | null;
    /** What its vouchers may be combined with */
    stacking?: NewStacking | null;
    /** What a group is promised */
    group?: GroupInput | null;
    /** What is done about a share whose link has got about; left out: warn */
    leak?: "warn" | "throttle" | null;
    /** Words by locale */
    content?: ContentsInput | null;
    /** Good from here */
    starts_at?: MaybeInstant;
    /** Good until here, and ends then by itself; the first instant too late */
    ends_at?: MaybeInstant;
}

/** The link of a private share has got about: more than 30 claimed by it today, and more than five times as many as a day before, or ten of its visits, by different people, and a quarter of all came from pages that everybody can read. */
export interface Leak {
    /** The offer */
    offer: Id;
    /** The share */
    share: Id;
    /** Whose it is */
    customer: MaybeReference;
    /** The same by our id */
    customer_id: MaybeId;
    /** Its channel */
    channel: string;
    /** Claims by it today */
    claims_today: number;
    /** Claims a day before */
    usual_claims: number;
    /** Openings by persons */
    visits: number;
    /** Unique visitors whom a page sent that everybody can read */
    public_visits: number;
    /** The share that stands in its place, of which the advocate is told by mail */
    fresh_share: MaybeId;
}

/** The people who take an offer together by one share. */
export interface GroupState {
    /** The offer */
    offer: Id;
    /** The share */
    share: Id;
    /** How many may take it */
    places: number;
    /** How many have */
    claimed: number;
    /** How many still may */
    remaining: number;
    /** How many have redeemed what they took in an order that did not come back */
    ordered: number;
    /** How many must have before the organiser is rewarded; null: nothing is promised */
    orders: number | null;
    /** Whether the organiser is */
    organiser_rewarded: boolean;
}

export interface FactList {
    /** All of them, in the order of the documentation */
    data: Fact[];
}

/** What a condition may ask about. It is found out of Grapevine's own records, but for `order.*`, which the shop says; never of what a customer says. */
export interface Fact {
    /** As it is written in expressions */
    name: string;
    /** Its type */
    type: string;
    /** What it means */
    meaning: string;
    /** An expression with it */
    example: string;
    /** Where it comes from */
    source: string;
    /** What it is called */
    words: Sentence;
}

/** Who asks for an offer, and with what. */
export interface OfferAsk {
    /** Who: `external_id` or `cus_…` */
    customer?: string | null;
    /** What is told of them; without `customer` they are a guest. A claim needs one of the two */
    customer_details?: CustomerDetails | null;
    /** What they came with; where that is nothing, their referral in the program counts */
    evidence?: Evidence;
    /** What they are about to order, for conditions that ask about it */
    order?: OfferOrder | null;
    /** The session of who typed a code: an id that your shop makes. By it wrong codes are counted; it is kept as a keyed hash for an hour, in memory */
    visitor?: string | null;
}

/** What a customer came with. What they order only the shop can say. */
export interface MyOfferAsk {
    /** What they came with; where that is nothing, their referral in the program counts */
    evidence?: Evidence;
}

/** What somebody is about to order. */
export interface OfferOrder {
    /** Goods, minor units */
    amount: Amount;
    /** Its currency; left out: the shop's */
    currency?: Currency | null;
    /** What is ordered */
    items?: Array<{
        /** The product */
        sku?: MaybeReference;
        /** The product's categories */
        categories?: Reference[];
    }>;
}

export interface OfferCheckAnswer {
    /** Whether they may take it */
    eligible: boolean;
    /** What must hold, in the order in which it is looked at: `open`, then `arrived_in_private`, `shared_in_private` or `in_private`, `segment`, the offer's own, `per_customer`, `group` or `group_places`, `held_back` (the share's link has got about), `capacity`. */
    conditions: Array<{
        /** Its name */
        code: string;
        /** Whether it holds */
        met: boolean;
        /** What the customer reads when it does not, in their language */
        message: string | null;
    }>;
    /** The one of these that keeps them out, where it is one */
    near_miss: string | null;
    /** What would let them in, in words, where a single fact would */
    hint: string | null;
    /** Claims that are left to all */
    remaining: MaybeCount;
    /** What of the request was left aside; in the answer to it alone */
    ignored?: Ignored;
}

/** Somebody took an offer. Its voucher's code is told by the mail, and to who may redeem. */
export interface Claim {
    /** Its id */
    id: Id;
    /** The offer */
    offer: Id;
    /** Who took it */
    customer: MaybeReference;
    /** The same by our id */
    customer_id: Id;
    /** The program whose shares count */
    program: Id;
    /** The share by which they came */
    share: MaybeId;
    /** Its channel */
    channel: string | null;
    /** Whose share or code it was */
    advocate: MaybeReference;
    /** The same by our id */
    advocate_id: MaybeId;
    /** The referral that they have in the program */
    referral: MaybeId;
    /** What it gave */
    reward: Id;
    /** The voucher that was made of it */
    voucher: MaybeId;
    /** What that is */
    kind: BenefitKind;
    /** Its fixed amount, minor units, where it has one */
    amount: MaybeAmount;
    /** Currency of the amount */
    currency: Currency;
    /** Where what it gave stands */
    status: RewardStatus;
    /** When that expires; the first instant too late */
    expires_at: MaybeInstant;
    /** When it was taken */
    created_at: Instant;
    /** What of the request was left aside; in the answer to it alone */
    ignored?: Ignored;
}

export interface ClaimList {
    /** The page */
    data: Claim[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

/** What a customer took; whose share it was is not told. */
export interface MyClaim {
    /** Its id */
    id: Id;
    /** The offer */
    offer: Id;
    /** What it gave */
    reward: Id;
    /** The voucher that was made of it */
    voucher: MaybeId;
    /** What that is */
    kind: BenefitKind;
    /** Its fixed amount, minor units, where it has one */
    amount: MaybeAmount;
    /** Currency of the amount */
    currency: Currency;
    /** Where it stands */
    status: RewardStatus;
    /** When it expires; the first instant too late */
    expires_at: MaybeInstant;
    /** When it was taken */
    created_at: Instant;
    /** What of the request was left aside; in the answer to it alone */
    ignored?: Ignored;
}

export interface MyClaimList {
    /** The page */
    data: MyClaim[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

/** A named set of customers. */
export interface Segment {
    /** Its id */
    id: Id;
    /** Its key */
    key: Slug;
    /** Its name */
    name: string;
    /** Who belongs to it beside its list, in CEL */
    condition: string | null;
    /** The same as people read it */
    sentence: Sentence | null;
    /** When it was made */
    created_at: Instant;
}

export interface SegmentList {
    /** The page */
    data: Segment[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface SegmentChange {
    /** Its name; left out of a new one: its key */
    name?: string | null;
    /** Who belongs to it beside its list, in CEL: facts of the customer, of them as a sharer, and of today; null: nobody */
    condition?: string | null;
}

/** A place on the list of a segment. */
export interface Member {
    /** The segment's key */
    segment: Slug;
    /** Who */
    customer: MaybeReference;
    /** The same by our id */
    customer_id: Id;
    /** Since when */
    created_at: Instant;
}

export interface MemberList {
    /** The page */
    data: Member[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface Stacking {
    /** At most one of a group in a cart */
    group: string | null;
    /** With no other discount */
    exclusive: boolean;
}

/** Which items a discount is for; it is worked out on these alone, and spread over them. `free_shipping` asks only that there is one. Where it leaves anything out, a cart needs its items (`items_required`). */
export interface AppliesTo {
    /** Only these products, and those of `categories`; both empty: all */
    skus: Reference[];
    /** Only products of one of these categories, and those of `skus`; both empty: all */
    categories: Reference[];
    /** None of these products */
    except_skus: Reference[];
    /** No product of one of these categories */
    except_categories: Reference[];
    /** Nothing that the shop has discounted itself (`items[].discounted`) */
    except_discounted: boolean;
}

/** Which items it is for; what is left out of it leaves nothing out. Not for gift cards. */
export type NewAppliesTo = {
    /** Only these products, and those of `categories` */
    skus?: Reference[];
    /** Only products of one of these categories, and those of `skus` */
    categories?: Reference[];
    /** None of these products */
    except_skus?: Reference[];
    /** No product of one of these categories */
    except_categories?: Reference[];
    /** Nothing that the shop has discounted itself */
    except_discounted?: boolean;
} | null;

/** One time that people were let in by a pass. */
export interface Entrance {
    /** When they were let in */
    at: Instant;
    /** Where */
    gate: string;
    /** Who told of it */
    by: Actor;
    /** When that was told */
    told_at: Instant;
}

/** A pass for an event; the same record as the voucher of its id. */
export interface Pass {
    /** Its id, that of its voucher */
    id: Id;
    /** The code; for viewers, support and keys without `vouchers:redeem` only its end */
    code: string;
    /** What its QR code says: id, day and an Ed25519 signature over both (`id.day`), with dots between; where one pass is read by who sees its code in full */
    scan?: string;
    /** Where it stands; `spent`: people were let in */
    status: VoucherStatus;
    /** What is attended */
    event: AttendedEvent;
    /** How many people it lets in, together */
    seats: number;
    /** How often its event was changed */
    sequence: number;
    /** The shop's own id of whose it is */
    customer: MaybeReference;
    /** Whose it is */
    customer_id: MaybeId;
    /** From when people are let in */
    valid_from: MaybeInstant;
    /** Until when; the first instant too late */
    valid_until: MaybeInstant;
    /** When people were let in, the earliest time that is known; null: nobody was */
    admitted: Entrance | null;
    /** Further times that doors let people in by it which could not ask, the earliest first */
    conflicts: Entrance[];
    /** What it came from */
    source: "reward" | "grant" | "shop" | (string & {});
    /** The reward or grant that it came from */
    source_id: MaybeId;
    /** When it was made */
    created_at: Instant;
}

export interface PassList {
    /** The page */
    data: Pass[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface PassChange {
    /** The event as it is now, whole */
    event: AttendedEventInput;
}

export interface ShownPass {
    /** Its code, or what its QR code says: it must be that of the pass */
    code?: string | null;
    /** Which door it is */
    gate: string;
    /** What is attended there, the event's `reference` or else its name; left out: whatever the pass is for */
    event?: string | null;
    /** When they were let in, where the door could not ask; left out: they are let in now */
    admitted_at?: string | null;
}

export interface ScannedPass {
    /** Its code, or what its QR code says */
    code: string;
    /** Which door it is */
    gate: string;
    /** What is attended there, the event's `reference` or else its name; left out: whatever the pass is for */
    event?: string | null;
    /** When they were let in, where the door could not ask; left out: they are let in now */
    admitted_at?: string | null;
}

/** `spent` and `expired` are computed; `pending_approval` waits for a second operator */
export type VoucherStatus = "pending_approval" | "active" | "spent" | "expired" | "void" | (string & {});

/** `spent` and `expired` are computed; `pending_approval` waits for a second operator */
export type VoucherStatusInput = "pending_approval" | "active" | "spent" | "expired" | "void";

export interface Voucher {
    /** Its id */
    id: Id;
    /** The code; for viewers, support and keys without `vouchers:redeem` only its end */
    code: string;
    /** Where it stands */
    status: VoucherStatus;
    /** What it is */
    kind: BenefitKind;
    /** What it is worth, minor units: `amount_off`, `gift_card` */
    amount: MaybeAmount;
    /** Percentage, basis points: `percent_off` */
    rate_bps: MaybeRate;
    /** Never more than this, minor units */
    max_amount: MaybeAmount;
    /** Currency of its amounts */
    currency: Currency;
    /** The cart must be worth this much, minor units */
    min_order_amount: Amount;
    /** Uses in all; null: no limit */
    max_redemptions: MaybeCount;
    /** Uses by one customer; null: no limit */
    per_customer: MaybeCount;
    /** Uses that were not reversed */
    used: number;
    /** Uses that are set aside for checkouts */
    held: number;
    /** Uses that are left; null: no limit */
    remaining_uses: number | null;
    /** What is left of a gift card, minor units; null for other kinds */
    balance: number | null;
    /** The shop's own id of whose it is, when bound */
    customer: MaybeReference;
    /** Whose it is, when bound */
    customer_id: MaybeId;
    /** Good from here; null: from the beginning */
    valid_from: MaybeInstant;
    /** First instant too late; null: no end */
    valid_until: string | null;
    /** Which items it is for */
    applies_to: AppliesTo;
    /** Whether it counts in a cart with a `shop_discount` */
    with_shop_discounts: boolean;
    /** What it may be combined with */
    stacking: Stacking;
    /** What the law calls it */
    legal_kind: "promotional" | "earned" | "paid" | (string & {});
    /** How VAT treats it: a discount, a single- or a multi-purpose voucher */
    tax_kind: "discount" | "spv" | "mpv" | (string & {});
    /** What it lets people attend; of `event_pass` alone */
    pass?: {
        /** The event */
        event: AttendedEvent;
        /** How many people it lets in */
        seats: number;
    };
    /** The shop's own id of it, unique in the shop */
    reference: MaybeReference;
    /** Who made it, while it waits for a second operator */
    asked_by: Actor | null;
    /** What it came from */
    source: "reward" | "grant" | "shop" | (string & {});
    /** The reward or grant that it came from */
    source_id: MaybeId;
    /** The voucher that it stands for */
    replaces: MaybeId;
    /** The voucher that stands for it */
    replaced_by: MaybeId;
    /** The batch that it was made with */
    batch: MaybeId;
    /** When it was made */
    created_at: Instant;
}

export interface VoucherList {
    /** The page */
    data: Voucher[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

/** What it may be combined with. */
export type NewStacking = {
    /** At most one of a group in a cart */
    group?: string | null;
    /** With no other discount */
    exclusive?: boolean;
} | null;

export interface NewVoucher {
    /** What it is */
    kind: "percent_off" | "amount_off" | "free_shipping" | "gift_card";
    /** What it is worth, minor units: `amount_off`, `gift_card` */
    amount?: MaybeAmount;
    /** Percentage, basis points: `percent_off` */
    rate_bps?: MaybeRate;
    /** Never more than this, minor units */
    max_amount?: MaybeAmount;
    /** The shop's; left out: the same */
    currency?: string | null;
    /** The cart must be worth this much, minor units */
    min_order_amount?: MaybeAmount;
    /** Uses in all; null: no limit */
    max_redemptions?: number | null;
    /** Uses by one customer; null: no limit */
    per_customer?: number | null;
    /** Whose it is; others cannot use it */
    customer?: string | null;
    /** Good from here */
    valid_from?: string | null;
    /** First instant too late */
    valid_until?: string | null;
    /** Which items it is for; left out: all */
    applies_to?: NewAppliesTo;
    /** Whether it counts in a cart with a `shop_discount`; left out: it does */
    with_shop_discounts?: boolean | null;
    /** What it may be combined with */
    stacking?: NewStacking;
    /** What the law calls it */
    legal_kind?: "promotional" | "earned" | "paid" | null;
    /** How VAT treats it */
    tax_kind?: "discount" | "spv" | "mpv" | null;
    /** A code of one's own: 4 to 32 letters (A to Z) and digits, hyphens between; no other voucher and no advocate has the same, however it is typed. Left out: 12 random characters */
    code?: string | null;
    /** The shop's own id of it, unique in the shop */
    reference?: MaybeReference;
}

export interface VoucherChange {
    /** The cart must be worth this much, minor units */
    min_order_amount?: MaybeAmount;
    /** Uses in all, not below what was used; only where there is a limit already */
    max_redemptions?: number;
    /** Uses by one customer */
    per_customer?: number | null;
    /** Good from here; null: from the beginning */
    valid_from?: MaybeInstant;
    /** The first instant too late; a later one revives */
    valid_until?: MaybeInstant;
    /** Which items it is for; replaces the earlier one as a whole */
    applies_to?: NewAppliesTo;
    /** Whether it counts in a cart with a `shop_discount` */
    with_shop_discounts?: boolean | null;
    /** What it may be combined with */
    stacking?: NewStacking;
    /** What the law calls it */
    legal_kind?: "promotional" | "earned" | "paid" | null;
    /** How VAT treats it */
    tax_kind?: "discount" | "spv" | "mpv" | null;
}

/** `pending_approval` waits for a second operator; `cancelled` and `failed`: what was made stays good */
export type BatchStatus = "pending_approval" | "making" | "made" | "cancelled" | "failed" | "void" | (string & {});

/** `pending_approval` waits for a second operator; `cancelled` and `failed`: what was made stays good */
export type BatchStatusInput = "pending_approval" | "making" | "made" | "cancelled" | "failed" | "void";

/** A batch of vouchers. What each of them is, is null where their codes were made elsewhere and each line said it. */
export interface VoucherBatch {
    /** Its id */
    id: Id;
    /** What the shop calls it */
    name: string;
    /** Where it stands */
    status: BatchStatus;
    /** Whether its codes were made elsewhere */
    imported: boolean;
    /** How many there are to be; of a list of customers or an import, its lines */
    count: number;
    /** How many were made, or taken over */
    made: number;
    /** Redemptions of its vouchers that were not reversed */
    redeemed: number;
    /** Vouchers of it that were withdrawn, and whose value went back */
    void: number;
    /** Whether each voucher belongs to one customer of a list */
    bound: boolean;
    /** The form of its codes; `#` is drawn */
    pattern: string | null;
    /** Drawn bits of a code */
    entropy_bits: number | null;
    /** What each voucher is */
    kind: BenefitKind | null;
    /** What each is worth, minor units: `amount_off`, `gift_card` */
    amount: MaybeAmount;
    /** Percentage, basis points: `percent_off` */
    rate_bps: MaybeRate;
    /** Never more than this, minor units */
    max_amount: MaybeAmount;
    /** Currency of its amounts */
    currency: Currency;
    /** The cart must be worth this much, minor units */
    min_order_amount: MaybeAmount;
    /** Uses of each in all; null: no limit */
    max_redemptions: MaybeCount;
    /** Uses of each by one customer; null: no limit */
    per_customer: MaybeCount;
    /** Good from here; null: from the beginning */
    valid_from: MaybeInstant;
    /** First instant too late; null: no end */
    valid_until: MaybeInstant;
    /** Which items they are for */
    applies_to: AppliesTo | null;
    /** Whether they count in a cart with a `shop_discount` */
    with_shop_discounts: boolean | null;
    /** What each may be combined with */
    stacking: Stacking | null;
    /** What the law calls them */
    legal_kind: "promotional" | "earned" | "paid" | (string & {}) | null;
    /** How VAT treats them */
    tax_kind: "discount" | "spv" | "mpv" | (string & {}) | null;
    /** Who asked for it, while it waits for a second operator */
    asked_by: Actor | null;
    /** Why it failed */
    reason: string | null;
    /** The job that makes its vouchers, or withdraws them, or did last */
    job: Job;
    /** When it was withdrawn: from then on none of its vouchers is good */
    voided_at: MaybeInstant;
    /** When it was made */
    created_at: Instant;
}

export interface VoucherBatchList {
    /** The page */
    data: VoucherBatch[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface NewVoucherBatch {
    /** What the shop calls it */
    name: string;
    /** How many */
    count?: number | null;
    /** What each code begins with: letters and digits */
    prefix?: string | null;
    /** Drawn characters of a code; left out: 12 */
    length?: number | null;
    /** One for each of these (`external_id` or `cus_…`), in place of `count`; longer lists: `create_bound_voucher_batch` */
    customers?: Reference[] | null;
    /** The form of the codes, in place of both: letters, digits, hyphens, and `#` for a drawn character */
    pattern?: string | null;
    /** What each is */
    kind: "percent_off" | "amount_off" | "free_shipping" | "gift_card";
    /** What each is worth, minor units: `amount_off`, `gift_card` */
    amount?: MaybeAmount;
    /** Percentage, basis points: `percent_off` */
    rate_bps?: MaybeRate;
    /** Never more than this, minor units */
    max_amount?: MaybeAmount;
    /** The shop's; left out: the same */
    currency?: string | null;
    /** The cart must be worth this much, minor units */
    min_order_amount?: MaybeAmount;
    /** Uses of each in all; left out: 1; null: no limit */
    max_redemptions?: number | null;
    /** Uses of each by one customer; null: no limit */
    per_customer?: number | null;
    /** Good from here */
    valid_from?: string | null;
    /** First instant too late */
    valid_until?: string | null;
    /** Which items they are for; left out: all */
    applies_to?: NewAppliesTo;
    /** Whether they count in a cart with a `shop_discount`; left out: they do */
    with_shop_discounts?: boolean | null;
    /** What each may be combined with */
    stacking?: NewStacking;
    /** What the law calls them; left out: `paid` for gift cards, else `promotional` */
    legal_kind?: "promotional" | "earned" | "paid" | null;
    /** How VAT treats them; left out: `mpv` for gift cards, else `discount` */
    tax_kind?: "discount" | "spv" | "mpv" | null;
}

export interface VoucherLookup {
    /** As typed: in any case, with blanks, hyphens, O for 0 and I for 1 */
    code: string;
    /** The session of who typed it: an id that your shop makes. By it wrong codes are counted; it is kept as a keyed hash for an hour, in memory */
    visitor?: string | null;
}

export interface CartItem {
    /** The shop's id of the line */
    id: Reference;
    /** The shop's article number */
    sku?: string | null;
    /** How many */
    quantity?: number | null;
    /** The line's total, minor units */
    amount: Amount;
    /** The article's categories */
    categories?: string[] | null;
    /** Whether the shop has discounted it already */
    discounted?: boolean | null;
}

/** The one cart of check, hold and redemption. */
export interface Cart {
    /** Vouchers and advocate codes, as typed: case, blanks, hyphens, line ends, full-width letters, O for 0 and I for 1 do not matter, and a field that was left empty is none; for a gift card perhaps with the amount to take */
    codes?: Array<string | {
        /** As typed */
        code: string;
        /** How much of a gift card to take, minor units; left out: what is needed */
        amount?: MaybeAmount;
    }> | null;
    /** To pay with the store credit of the account that `customer` names, minor units; never of an address that was typed */
    store_credit?: number | null;
    /** Who orders */
    customer?: string | null;
    /** What is told of him; without `customer` he is a guest */
    customer_details?: CustomerDetails | null;
    /** What the friend came with: gives the discount `on: checkout` without typing. What speaks for nobody, is too old, or comes from a program that gives no such discount now, is not looked at; what is given and does not fit is refused */
    evidence?: Evidence | null;
    /** The shop's id of the order; a redemption needs it */
    order_id?: string | null;
    /** The shop's id of the cart, by which its hold is found */
    cart_id?: string | null;
    /** The shop's */
    currency: Currency;
    /** Goods, VAT included, after the shop's own discounts, without shipping, minor units */
    amount: number;
    /** Shipping, minor units */
    shipping_amount?: number | null;
    /** What the shop has taken off already, minor units */
    shop_discount?: number | null;
    /** Lines; the sum of their amounts is `amount` */
    items?: CartItem[] | null;
    /** The session of who typed it: an id that your shop makes. By it wrong codes are counted; it is kept as a keyed hash for an hour, in memory */
    visitor?: string | null;
}

/** A cart, which names itself or its order, and how long it is held. */
export interface NewHold {
    /** Vouchers and advocate codes, as typed: case, blanks, hyphens, line ends, full-width letters, O for 0 and I for 1 do not matter, and a field that was left empty is none; for a gift card perhaps with the amount to take */
    codes?: Array<string | {
        /** As typed */
        code: string;
        /** How much of a gift card to take, minor units; left out: what is needed */
        amount?: MaybeAmount;
    }> | null;
    /** To pay with the store credit of the account that `customer` names, minor units; never of an address that was typed */
    store_credit?: number | null;
    /** Who orders */
    customer?: string | null;
    /** What is told of him; without `customer` he is a guest */
    customer_details?: CustomerDetails | null;
    /** What the friend came with: gives the discount `on: checkout` without typing. What speaks for nobody, is too old, or comes from a program that gives no such discount now, is not looked at; what is given and does not fit is refused */
    evidence?: Evidence | null;
    /** The shop's id of the order; a redemption needs it */
    order_id?: string | null;
    /** The shop's id of the cart, by which its hold is found */
    cart_id?: string | null;
    /** The shop's */
    currency: Currency;
    /** Goods, VAT included, after the shop's own discounts, without shipping, minor units */
    amount: number;
    /** Shipping, minor units */
    shipping_amount?: number | null;
    /** What the shop has taken off already, minor units */
    shop_discount?: number | null;
    /** Lines; the sum of their amounts is `amount` */
    items?: CartItem[] | null;
    /** The session of who typed it: an id that your shop makes. By it wrong codes are counted; it is kept as a keyed hash for an hour, in memory */
    visitor?: string | null;
    /** How long, seconds; left out: 900 */
    ttl_seconds?: number | null;
}

/** The cart of a redemption, which names its order. */
export interface RedeemedCart {
    /** Vouchers and advocate codes, as typed: case, blanks, hyphens, line ends, full-width letters, O for 0 and I for 1 do not matter, and a field that was left empty is none; for a gift card perhaps with the amount to take */
    codes?: Array<string | {
        /** As typed */
        code: string;
        /** How much of a gift card to take, minor units; left out: what is needed */
        amount?: MaybeAmount;
    }> | null;
    /** To pay with the store credit of the account that `customer` names, minor units; never of an address that was typed */
    store_credit?: number | null;
    /** Who orders */
    customer?: string | null;
    /** What is told of him; without `customer` he is a guest */
    customer_details?: CustomerDetails | null;
    /** What the friend came with: gives the discount `on: checkout` without typing. What speaks for nobody, is too old, or comes from a program that gives no such discount now, is not looked at; what is given and does not fit is refused */
    evidence?: Evidence | null;
    /** The shop's id of the order */
    order_id: string;
    /** The shop's id of the cart, by which its hold is found */
    cart_id?: string | null;
    /** The shop's */
    currency: Currency;
    /** Goods, VAT included, after the shop's own discounts, without shipping, minor units */
    amount: number;
    /** Shipping, minor units */
    shipping_amount?: number | null;
    /** What the shop has taken off already, minor units */
    shop_discount?: number | null;
    /** Lines; the sum of their amounts is `amount` */
    items?: CartItem[] | null;
    /** The session of who typed it: an id that your shop makes. By it wrong codes are counted; it is kept as a keyed hash for an hour, in memory */
    visitor?: string | null;
    /** Whether the shop's own checkout has given it all already. Nothing is refused, what cannot count is told: `valid` is false, with the reasons by line */
    already_applied?: boolean | null;
}

export type NewRedemption = RedeemedCart | {
    /** The hold; it is redeemed once, by one order */
    hold: string;
    /** The shop's id of the order in which it is redeemed */
    order_id: string;
};

/** held → redeemed or released or expired */
export type HoldStatus = "held" | "redeemed" | "released" | "expired" | (string & {});

/** held → redeemed or released or expired */
export type HoldStatusInput = "held" | "redeemed" | "released" | "expired";

/** The cart's answer, and what became of the hold. */
export interface Hold {
    /** Its id */
    id: Id;
    /** Where it stands */
    status: HoldStatus;
    /** The shop's id of the order, where it was given */
    order_id: MaybeReference;
    /** The shop's id of the cart, where it was given */
    cart_id: MaybeReference;
    /** Who buys: the shop's own id */
    customer: MaybeReference;
    /** Who buys */
    customer_id: MaybeId;
    /** Of its amounts */
    currency: Currency;
    /** Goods, minor units */
    amount: Amount;
    /** Shipping, minor units */
    shipping_amount: Amount;
    /** As in the check */
    valid: boolean;
    /** Taken off the price, minor units */
    discount: number;
    /** To be paid with balances, minor units */
    payment: number;
    /** Left to pay, shipping included, minor units */
    payable: number;
    /** As in the check */
    provisional: null;
    /** As in the check */
    needs: string[];
    /** What each code would do, in the order given */
    lines: CartLine[];
    /** First instant too late */
    expires_at: Instant;
    /** The redemption that spent what was held */
    redemption: MaybeId;
    /** When it was made */
    created_at: Instant;
    /** What of the request was left aside; in the answer to it alone */
    ignored?: Ignored;
}

export interface HoldList {
    /** The page */
    data: Hold[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

/** What one code, or the store credit, does. The discount that the evidence gives has a line of its own behind the codes (`source: program`), with the program and the advocate. */
export interface CartLine {
    /** The code as given; null: store credit, or a discount by a link */
    code: string | null;
    /** The voucher; null for store credit and unknown codes */
    voucher: MaybeId;
    /** What it is; `program`: an advocate's code or link, with a discount `on: checkout` or none */
    source: "voucher" | "program" | "store_credit" | "unknown" | (string & {});
    /** Kind of its value */
    kind: "percent_off" | "amount_off" | "free_shipping" | "gift_card" | "store_credit" | "event_pass" | (string & {}) | null;
    /** Whether it applies */
    valid: boolean;
    /** Taken off the price, minor units */
    discount: Amount;
    /** Paid, minor units */
    payment: Amount;
    /** The discount by item */
    items: Array<{
        /** The line */
        id: Reference;
        /** Its part of the discount, minor units */
        amount: Amount;
    }>;
    /** Uses left after it; null: no limit */
    remaining_uses: MaybeCount;
    /** What is left of a balance afterwards, minor units */
    balance: number | null;
    /** Why not */
    reasons: Array<"unknown" | "void" | "spent" | "held" | "limit_reached" | "expired" | "not_yet_valid" | "foreign" | "customer_required" | "items_required" | "currency_mismatch" | "min_order_amount" | "not_combinable" | "balance_too_low" | "not_applicable" | "no_discount" | "program_not_active" | "several_advocates" | "self_referral" | "not_new" | "budget_exhausted" | (string & {})>;
    /** The first reason as a sentence that says what to do, for developers */
    detail: string | null;
    /** The first reason as a sentence for shoppers, in the cart's language: that of `customer_details.locale`, else the customer's, else the shop's */
    message: string | null;
    /** What the goods must come to, minor units, where `min_order_amount` is the reason */
    min_order_amount: number | null;
    /** The program of an advocate's code or link */
    program: MaybeId;
    /** Who recommended, where it is one: the shop's own id */
    advocate: MaybeReference;
}

export interface ApplicableVoucher {
    /** The voucher */
    voucher: Id;
    /** The end of its code */
    hint: string;
    /** What it is */
    kind: BenefitKind;
    /** Whether it counts in this cart */
    valid: boolean;
    /** What it would take off, minor units */
    discount: number;
    /** What it would pay, minor units */
    payment: number;
    /** First instant too late; null: no end */
    valid_until: MaybeInstant;
    /** Why not */
    reasons: Array<"unknown" | "void" | "spent" | "held" | "limit_reached" | "expired" | "not_yet_valid" | "foreign" | "customer_required" | "items_required" | "currency_mismatch" | "min_order_amount" | "not_combinable" | "balance_too_low" | "not_applicable" | "no_discount" | "program_not_active" | "several_advocates" | "self_referral" | "not_new" | "budget_exhausted" | (string & {})>;
    /** The first reason as a sentence that says what to do, for developers */
    detail: string | null;
    /** The first reason as a sentence for shoppers, in the cart's language: that of `customer_details.locale`, else the customer's, else the shop's */
    message: string | null;
    /** What the goods must come to, minor units, where `min_order_amount` is the reason */
    min_order_amount: number | null;
}

export interface ApplicableAnswer {
    /** Best first */
    data: ApplicableVoucher[];
    /** Whether there are older ones that were not looked at */
    more: boolean;
    /** What of the request was left aside; in the answer to it alone */
    ignored: Ignored;
}

export interface CartAnswer {
    /** Whether every code applies */
    valid: boolean;
    /** Taken off the price, minor units */
    discount: number;
    /** Paid with balances, minor units */
    payment: number;
    /** Left to pay, shipping included, minor units */
    payable: number;
    /** What the cart comes to for a new customer whom nothing keeps out, where a code or the evidence asks who buys (`needs: ["customer"]`): a price to be shown before the e-mail address is known; null: it is known, or makes no difference. Store credit does not count in it */
    provisional: {
        /** Taken off the price, minor units */
        discount: number;
        /** Paid with balances, minor units */
        payment: number;
        /** Left to pay, shipping included, minor units */
        payable: number;
    } | null;
    /** What must be given to say more */
    needs: Array<"customer" | "items" | (string & {})>;
    /** What each code does, in the order given */
    lines: CartLine[];
    /** What of the request was left aside; in the answer to it alone */
    ignored: Ignored;
}

export interface Redemption {
    /** Its id */
    id: Id;
    /** redeemed → partly_reversed → reversed */
    status: "redeemed" | "partly_reversed" | "reversed" | (string & {});
    /** The shop's id of the order, unique among live redemptions */
    order_id: Reference;
    /** The shop's own id of who redeemed */
    customer: MaybeReference;
    /** Who redeemed */
    customer_id: MaybeId;
    /** Currency of its amounts */
    currency: Currency;
    /** Goods, minor units */
    amount: Amount;
    /** Shipping, minor units */
    shipping_amount: Amount;
    /** Whether all that was given counts; false only with `already_applied` */
    valid: boolean;
    /** Taken off the price, minor units */
    discount: number;
    /** Paid with balances, minor units */
    payment: number;
    /** Left to pay, shipping included, minor units */
    payable: number;
    /** As in the check */
    provisional: null;
    /** As in the check */
    needs: string[];
    /** What each code did, in the order given */
    lines: CartLine[];
    /** Undone so far, minor units */
    reversed_amount: number;
    /** When */
    redeemed_at: Instant;
    /** What of the request was left aside; in the answer to it alone */
    ignored?: Ignored;
}

export interface RedemptionList {
    /** The page */
    data: Redemption[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface NewReversal {
    /** The shop's id of the reversal, unique in the redemption */
    reversal_id: Reference;
    /** How much of discount and payment, minor units; left out: all that is left */
    amount?: number | null;
    /** Why; kept in the audit log */
    reason: Reason;
}

export interface Reversal {
    /** Its id */
    id: Id;
    /** The shop's id of the reversal, unique in the redemption; where an order that was cancelled or came back caused it, our id of the order or the refund */
    reversal_id: Reference;
    /** The redemption */
    redemption: Id;
    /** The shop's id of the order */
    order_id: Reference;
    /** Undone by this one, minor units */
    amount: Amount;
    /** Currency of its amounts */
    currency: Currency;
    /** Why */
    reason: string;
    /** What went back where */
    lines: Array<{
        /** The program, where it was a discount `on: checkout` */
        program: MaybeId;
        /** The voucher; null: store credit */
        voucher: MaybeId;
        /** The end of the code, four characters at most; null: store credit */
        code_hint: string | null;
        /** Undone by this one, minor units */
        amount: Amount;
        /** Uses given back: 1 when all was reversed */
        uses: number;
    }>;
    /** Where the redemption stood afterwards */
    redemption_status: "redeemed" | "partly_reversed" | "reversed" | (string & {});
    /** When it was made */
    created_at: Instant;
}

/** What a mail is about: a voucher, store credit, a reward that was taken back, whole or in part, after the customer had been told of it, one that the shop has handed over, a pass: that it is there, that its event was changed, that it is no longer good, a private link that has got about, whether somebody wants advertising, or an announcement */
export type MessageKind = "voucher_issued" | "credit_issued" | "reward_withdrawn" | "reward_fulfilled" | "link_replaced" | "pass_issued" | "pass_changed" | "pass_withdrawn" | "confirm_consent" | "reward_pending" | "expires_soon" | "announcement" | (string & {});

/** What a mail is about: a voucher, store credit, a reward that was taken back, whole or in part, after the customer had been told of it, one that the shop has handed over, a pass: that it is there, that its event was changed, that it is no longer good, a private link that has got about, whether somebody wants advertising, or an announcement */
export type MessageKindInput = "voucher_issued" | "credit_issued" | "reward_withdrawn" | "reward_fulfilled" | "link_replaced" | "pass_issued" | "pass_changed" | "pass_withdrawn" | "confirm_consent" | "reward_pending" | "expires_soon" | "announcement";

/** `no_address` waits until the customer has one; `uncertain`: the server went away before it said whether it took the mail */
export type MessageStatus = "queued" | "sending" | "sent" | "retrying" | "failed" | "uncertain" | "no_address" | "suppressed" | (string & {});

/** `no_address` waits until the customer has one; `uncertain`: the server went away before it said whether it took the mail */
export type MessageStatusInput = "queued" | "sending" | "sent" | "retrying" | "failed" | "uncertain" | "no_address" | "suppressed";

export interface Message {
    /** Its id */
    id: Id;
    /** What about */
    kind: MessageKind;
    /** Where it stands */
    status: MessageStatus;
    /** Why it was suppressed (`mail_off`, `no_consent`, `test_shop`, `withdrawn`, `address_suppressed`, `erased`) or failed */
    reason: string | null;
    /** The shop's own id of whom it is to */
    customer: MaybeReference;
    /** To whom */
    customer_id: Id;
    /** The address; null: it waits until there is one */
    recipient: string | null;
    /** Its language */
    locale: Locale;
    /** The reward that it tells of; null: a pass that no reward gave */
    reward: MaybeId;
    /** The message that this one repeats */
    resend_of: MaybeId;
    /** The mail's Message-ID, the same at every try */
    message_id: string;
    /** How often it was tried */
    tries: number;
    /** When it is tried next */
    next_at: MaybeInstant;
    /** When it left */
    sent_at: MaybeInstant;
    /** When it was made */
    created_at: Instant;
}

export interface MessageList {
    /** The page */
    data: Message[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

/** What mails of a kind say in a locale. */
export interface Template {
    /** Which mails */
    kind: MessageKind;
    /** In which locale */
    locale: Locale;
    /** Whether the shop wrote it; else it is ours */
    is_own: boolean;
    /** The subject */
    subject: string;
    /** The mail as text */
    text: string;
    /** The mail as HTML */
    html: string;
    /** When it was made; null: it is ours */
    created_at: MaybeInstant;
    /** When it was changed last */
    updated_at: MaybeInstant;
}

export interface TemplateList {
    /** The page */
    data: Template[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface TemplateChange {
    /** The subject */
    subject: string;
    /** The mail as text */
    text: string;
    /** The mail as HTML */
    html: string;
}

export interface TemplateTrial {
    /** A mail of this kind, by whose contents it is tried out */
    message: Id;
    /** The subject */
    subject?: string | null;
    /** The mail as text */
    text?: string | null;
    /** The mail as HTML */
    html?: string | null;
    /** To whom it is sent as well */
    send_to?: string | null;
}

export interface TemplatePreview {
    /** The subject */
    subject: string;
    /** The mail as text */
    text: string;
    /** The mail as HTML */
    html: string;
    /** Whether it was sent; null: nobody asked for that */
    sent: boolean | null;
    /** Why it was not sent */
    reason: string | null;
}

export interface ConsentQuestion {
    /** Which text was shown when they asked for it */
    text_version?: string | null;
}

/** What a report of a mail server came to. */
export interface Bounce {
    /** The message that it is about */
    message: Id;
    /** What was said of it: an enhanced status code (RFC 3463) */
    status: string;
    /** The mail has failed, and its address takes no more; it has failed; or nothing changed: it is late, has arrived, or is known already */
    outcome: "suppressed" | "failed" | "ignored" | (string & {});
}

/** An address to which nothing is sent, for a mail to it came back for good. */
export interface Suppression {
    /** Its id */
    id: Id;
    /** Whose address it is */
    customer_id: MaybeId;
    /** The message that came back */
    message: Id;
    /** What was said of it: an enhanced status code (RFC 3463) */
    status: string;
    /** Since when */
    created_at: Instant;
}

export interface SuppressionList {
    /** The page */
    data: Suppression[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface Resend {
    /** The address that it went to, or the customer's present one */
    to: "original" | "current";
}

/** What a job does */
export type JobKind = "import_customers" | "import_orders" | "import_codes" | "import_vouchers" | "import_referrals" | "import_members" | "erasure" | "make_vouchers" | "void_vouchers" | "change_passes" | (string & {});

/** What a job does */
export type JobKindInput = "import_customers" | "import_orders" | "import_codes" | "import_vouchers" | "import_referrals" | "import_members" | "erasure" | "make_vouchers" | "void_vouchers" | "change_passes";

/** queued → running → finished | failed | cancelled */
export type JobStatus = "queued" | "running" | "finished" | "failed" | "cancelled" | (string & {});

/** queued → running → finished | failed | cancelled */
export type JobStatusInput = "queued" | "running" | "finished" | "failed" | "cancelled";

export interface Job {
    /** Its id */
    id: Id;
    /** What it does */
    kind: JobKind;
    /** Where it stands */
    status: JobStatus;
    /** Lines that are done, whatever came of them; of an erasure, kinds of records; of a batch, vouchers; of the passes of an offer, claims */
    done: number;
    /** Lines in all; of an erasure, kinds of records; of a batch, vouchers; of the passes of an offer, claims */
    total: number;
    /** Of those done, the ones that were known already */
    known: number;
    /** Of those done, the ones that were refused */
    refused: number;
    /** The batch of vouchers that it works on, if any */
    batch: MaybeId;
    /** Where the refused lines are, as CSV */
    errors_url: string;
    /** Why it failed */
    reason: string | null;
    /** When it was made */
    created_at: Instant;
    /** When it ended */
    finished_at: MaybeInstant;
}

export interface JobList {
    /** The page */
    data: Job[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

/** A line of an import of customers. `attributes` and `consents` only as JSON. */
export interface ImportedCustomer {
    /** The shop's own id */
    external_id: Reference;
    /** Address for mails */
    email?: string | null;
    /** Whether the shop vouches that the address is the customer's */
    email_verified?: boolean;
    /** Phone number: digits, blanks and ( ) / . -, with the country as + or 00 or without it */
    phone?: string | null;
    /** Whether the shop vouches that the number is the customer's */
    phone_verified?: boolean;
    /** Full name */
    name?: string | null;
    /** First name */
    first_name?: string | null;
    /** Language: `de`, `de-AT` */
    locale?: string | null;
    /** What the shop notes; of a known customer, those that are not there yet */
    attributes?: Record<string, unknown>;
    /** Declarations to append, as with PUT /v1/customers/{external_id}, but for those that are known already */
    consents?: Array<Record<string, unknown>>;
}

/** A line of an import of orders. It is recorded as approved long ago and credited to nobody, and counts when it is asked whether somebody is new. */
export interface ImportedOrder {
    /** The shop's id of the order, unique in the shop */
    order_id: Reference;
    /** When it was ordered */
    occurred_at: Instant;
    /** Goods, VAT included, after discounts, minor units */
    amount: Amount;
    /** The order's; left out: the shop's */
    currency?: string | null;
    /** Shipping, minor units; left out: 0 */
    shipping_amount?: Amount;
    /** What kind of conversion; left out: `order` */
    kind?: string | null;
    /** Who ordered: `external_id` or `cus_…`; left out: a guest, known by his address */
    customer?: string | null;
    /** His address for mails */
    email?: string | null;
    /** His phone number: digits, blanks and ( ) / . -, with the country as + or 00 or without it */
    phone?: string | null;
    /** His full name */
    name?: string | null;
    /** His language */
    locale?: string | null;
    /** Whether it was cancelled, or wholly sent back: then it does not count */
    cancelled?: boolean;
    /** What was ordered: by it an announcement finds who bought a product. In CSV a cell of JSON */
    items?: CartItem[];
}

/** A line of an import of advocates' codes. */
export interface ImportedCode {
    /** The code as it was printed: 4 to 32 letters (A to Z) and digits, hyphens between */
    code: string;
    /** The advocate: `external_id` or `cus_…` */
    customer: Reference;
    /** The program, by id or slug; may be left out where there is only one */
    program?: string | null;
}

/** A line of an import of vouchers: the fields of a new voucher, for what is left of it. `amount` of a gift card is its balance, `max_redemptions` the uses that are left (`null`, in CSV too: no limit; left out: 1). A code of fewer than 8 letters and digits must belong to a bound voucher or to one with `max_redemptions`. */
export type ImportedVoucher = NewVoucher;

/** A line of an import of referrals. */
export type ImportedReferral = {
    /** Who came: `external_id` or `cus_…`; left out: a guest, known by his address */
    friend?: string | null;
    /** His address for mails */
    email?: string | null;
    /** His phone number: digits, blanks and ( ) / . -, with the country as + or 00 or without it */
    phone?: string | null;
    /** His full name */
    name?: string | null;
    /** His language */
    locale?: string | null;
    /** Who recommended: `external_id` or `cus_…` */
    advocate?: string | null;
    /** Her code as it was typed, in place of her */
    code?: string | null;
    /** The program, by id or slug; may be left out where there is only one, or with a code */
    program?: string | null;
    /** When he came; the time in which it may pay runs from here */
    created_at: Instant;
    /** Whether he has ordered since and she was paid for it: that takes one of the `max_per_friend` of each reward `on: conversion` that counts orders, and he is not new */
    converted?: boolean;
};

/** A line of an import of members. The segment is there before. */
export interface ImportedMember {
    /** The segment's key */
    segment: Slug;
    /** Who: `external_id` or `cus_…` */
    customer: string;
    /** Whether they are to be on its list; left out: true */
    is_in?: boolean;
}

export interface ConsumerPosition {
    /** The last `seq` that it has; 0: none */
    after: number;
}

export interface EventConsumer {
    /** Its name */
    name: Slug;
    /** The last `seq` that it has */
    after: number;
    /** The last `seq` that there is */
    last_seq: number;
    /** When it was made */
    created_at: Instant;
    /** When it said last how far it has got */
    updated_at: Instant;
}

export interface EventsProof {
    /** The shop */
    shop: Id;
    /** The day */
    day: string;
    /** The first event; of a day without one, the first of a later day */
    from_seq: number;
    /** The last event; of a day without one, that of an earlier day */
    to_seq: number;
    /** How many there are */
    count: number;
    /** SHA-256 over them, hexadecimal */
    sha256: string;
    /** The same, signed: a JWS */
    signature: string;
}

export interface EventsProofProgress {
    /** Events that were looked at */
    done: number;
}

/** A type of events, or `*` */
export type WantedEvent = "*" | "program.ended" | "budget.warning" | "budget.exhausted" | "code.created" | "referral.created" | "referral.changed" | "referral.expired" | "conversion.recorded" | "conversion.review" | "conversion.approved" | "conversion.cancelled" | "conversion.rejected" | "conversion.reversed" | "conversion.refunded" | "redemption.created" | "redemption.reversed" | "hold.expired" | "offer.claimed" | "offer.exhausted" | "offer.leaking" | "voucher.issued" | "voucher.voided" | "voucher.expired" | "pass.admitted" | "reward.pending" | "reward.due" | "reward.issued" | "reward.reduced" | "reward.voided" | "reward.spent" | "reward.expired" | "grant.pending" | "grant.given" | "grant.rejected" | "message.failed" | "share.sent" | "customer.merged" | "customer.erased" | "import.finished" | "batch.finished" | "batch.voided" | "announcement.finished" | "endpoint.disabled" | "analytics.disabled" | "guessing" | (string & {});

/** A type of events, or `*` */
export type WantedEventInput = "*" | "program.ended" | "budget.warning" | "budget.exhausted" | "code.created" | "referral.created" | "referral.changed" | "referral.expired" | "conversion.recorded" | "conversion.review" | "conversion.approved" | "conversion.cancelled" | "conversion.rejected" | "conversion.reversed" | "conversion.refunded" | "redemption.created" | "redemption.reversed" | "hold.expired" | "offer.claimed" | "offer.exhausted" | "offer.leaking" | "voucher.issued" | "voucher.voided" | "voucher.expired" | "pass.admitted" | "reward.pending" | "reward.due" | "reward.issued" | "reward.reduced" | "reward.voided" | "reward.spent" | "reward.expired" | "grant.pending" | "grant.given" | "grant.rejected" | "message.failed" | "share.sent" | "customer.merged" | "customer.erased" | "import.finished" | "batch.finished" | "batch.voided" | "announcement.finished" | "endpoint.disabled" | "analytics.disabled" | "guessing";

/** `full`: the event. `thin`: only what it is about, `{"object", "id", "url"}`, in `data`; nothing of a person leaves */
export type PayloadForm = "full" | "thin" | (string & {});

/** `full`: the event. `thin`: only what it is about, `{"object", "id", "url"}`, in `data`; nothing of a person leaves */
export type PayloadFormInput = "full" | "thin";

/** `any`: what is late holds nothing else up. `fifo`: each waits until the one before was taken, however long that takes */
export type DeliveryOrder = "any" | "fifo" | (string & {});

/** `any`: what is late holds nothing else up. `fifo`: each waits until the one before was taken, however long that takes */
export type DeliveryOrderInput = "any" | "fifo";

/** Whether events are sent */
export type WebhookEndpointStatus = "enabled" | "disabled" | (string & {});

/** Whether events are sent */
export type WebhookEndpointStatusInput = "enabled" | "disabled";

/** `hand`: somebody has said so. `receiver`: it answered 410 or `webhook-delivery: disable`. `failing`: for five days nothing arrived */
export type DisabledBy = "hand" | "receiver" | "failing" | (string & {});

/** Where a delivery stands */
export type DeliveryStatus = "waiting" | "delivered" | "failed" | (string & {});

/** Where a delivery stands */
export type DeliveryStatusInput = "waiting" | "delivered" | "failed";

export interface AnalyticsAccount {
    /** Its id; the `endpoint` of its deliveries */
    id: Id;
    /** Whose it is */
    kind: "ga4" | "plausible" | "matomo" | (string & {});
    /** Where its server is */
    url: string;
    /** Which of its sites */
    property: string;
    /** Whether there is a secret; it is never shown */
    has_secret: boolean;
    /** Whether it is told */
    status: WebhookEndpointStatus;
    /** Why not */
    disabled_by: DisabledBy | null;
    /** Since when not */
    disabled_at: MaybeInstant;
    /** The last event of before it was there */
    from_seq: number;
    /** When it was made */
    created_at: Instant;
}

export interface AnalyticsAccountChange {
    /** Which of its sites: GA4's measurement id (`G-…`), Plausible's domain, the number of the site in Matomo; needed when it is made */
    property?: string | null;
    /** GA4: an API secret of the stream, needed; Matomo: `token_auth`, for what is older than a day; Plausible: none */
    secret?: string | null;
    /** Where its server is: for Matomo needed, such as `https://matomo.example`; left out: that of GA4 for the EU, Plausible's cloud */
    url?: string | null;
    /** Whether it is told; left out: as it is, at first `enabled` */
    status?: "enabled" | "disabled" | null;
}

export interface WebhookEndpoint {
    /** Its id */
    id: Id;
    /** Where to */
    url: string;
    /** Which types; `*`: every one, and those that will come */
    events: WantedEvent[];
    /** What of an event is sent */
    payload: PayloadForm;
    /** Whether an event waits for those before it */
    order: DeliveryOrder;
    /** Whether events of vouchers tell their codes in full */
    include_codes: boolean;
    /** The key that verifies its `v1a` signatures: `whpk_` and base64; null: it has `v1` alone */
    public_key: string | null;
    /** Whether events are sent */
    status: WebhookEndpointStatus;
    /** Why not */
    disabled_by: DisabledBy | null;
    /** Since when not */
    disabled_at: MaybeInstant;
    /** Until when the secret of before signs as well */
    previous_secret_until: MaybeInstant;
    /** The last event of before it was there */
    from_seq: number;
    /** When it was made */
    created_at: Instant;
}

export interface WebhookEndpointList {
    /** The page */
    data: WebhookEndpoint[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface WebhookEndpointWithSecret {
    /** Its id */
    id: Id;
    /** Where to */
    url: string;
    /** Which types; `*`: every one, and those that will come */
    events: WantedEvent[];
    /** What of an event is sent */
    payload: PayloadForm;
    /** Whether an event waits for those before it */
    order: DeliveryOrder;
    /** Whether events of vouchers tell their codes in full */
    include_codes: boolean;
    /** The key that verifies its `v1a` signatures: `whpk_` and base64; null: it has `v1` alone */
    public_key: string | null;
    /** Whether events are sent */
    status: WebhookEndpointStatus;
    /** Why not */
    disabled_by: DisabledBy | null;
    /** Since when not */
    disabled_at: MaybeInstant;
    /** Until when the secret of before signs as well */
    previous_secret_until: MaybeInstant;
    /** The last event of before it was there */
    from_seq: number;
    /** When it was made */
    created_at: Instant;
    /** The secret, this once: `whsec_` and base64 */
    secret: string;
}

export interface NewWebhookEndpoint {
    /** Where to: https, and a public address */
    url: string;
    /** Which types; left out: every one */
    events?: WantedEventInput[];
    /** What of an event is sent; left out: full */
    payload?: PayloadFormInput;
    /** Whether an event waits for those before it; left out: any */
    order?: DeliveryOrderInput;
    /** Whether events of vouchers tell their codes in full; left out: they do not */
    include_codes?: boolean;
    /** Whether a key signs as well of which the receiver knows only the public half (`v1a`); left out: not */
    asymmetric?: boolean;
}

export interface WebhookEndpointChange {
    /** Where to: https, and a public address */
    url?: string;
    /** Which types, from now on */
    events?: WantedEventInput[];
    /** What of an event is sent */
    payload?: PayloadFormInput;
    /** Whether an event waits for those before it */
    order?: DeliveryOrderInput;
    /** Whether events of vouchers tell their codes in full */
    include_codes?: boolean;
    /** Whether a key signs as well of which the receiver knows only the public half (`v1a`) */
    asymmetric?: boolean;
    /** Whether events are sent */
    status?: WebhookEndpointStatusInput;
}

export interface SecretRotation {
    /** How long the secret of now signs as well, up to seven days; left out: a day */
    grace_seconds?: number;
}

export interface Replay {
    /** The first event */
    from_seq: number;
    /** The last one; left out: the last that there is */
    to_seq?: number;
    /** Which of them; left out: all */
    only?: "all" | "failed" | "missing";
}

export interface ReplayedSpan {
    /** The first event */
    from_seq: number;
    /** The last one; null: there is none to send */
    to_seq: number | null;
}

export interface Delivery {
    /** Its id */
    id: Id;
    /** Where to */
    endpoint: Id;
    /** The event: the `webhook-id` of every try */
    event: Id;
    /** Its number; null: it only tries the endpoint out */
    seq: number | null;
    /** Its type, or `endpoint.test` */
    type: string;
    /** Where it stands */
    status: DeliveryStatus;
    /** How often it was tried */
    tries: number;
    /** When it is tried next */
    next_at: MaybeInstant;
    /** When it was tried last */
    tried_at: MaybeInstant;
    /** The status that was answered; null: there was no answer */
    http_status: number | null;
    /** The first kilobyte of the answer; null: there was none, or somebody in the event was erased since */
    response: string | null;
    /** Why there was no answer */
    fault: string | null;
    /** How long the last try took, milliseconds */
    took_ms: number | null;
    /** When it was noted */
    created_at: Instant;
}

export interface DeliveryList {
    /** The page */
    data: Delivery[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

/** What happened. What each carries stands under `webhooks`. */
export type EventKind = "program.ended" | "budget.warning" | "budget.exhausted" | "code.created" | "referral.created" | "referral.changed" | "referral.expired" | "conversion.recorded" | "conversion.review" | "conversion.approved" | "conversion.cancelled" | "conversion.rejected" | "conversion.reversed" | "conversion.refunded" | "redemption.created" | "redemption.reversed" | "hold.expired" | "offer.claimed" | "offer.exhausted" | "offer.leaking" | "voucher.issued" | "voucher.voided" | "voucher.expired" | "pass.admitted" | "reward.pending" | "reward.due" | "reward.issued" | "reward.reduced" | "reward.voided" | "reward.spent" | "reward.expired" | "grant.pending" | "grant.given" | "grant.rejected" | "message.failed" | "share.sent" | "customer.merged" | "customer.erased" | "import.finished" | "batch.finished" | "batch.voided" | "announcement.finished" | "endpoint.disabled" | "analytics.disabled" | "guessing" | (string & {});

/** What happened. What each carries stands under `webhooks`. */
export type EventKindInput = "program.ended" | "budget.warning" | "budget.exhausted" | "code.created" | "referral.created" | "referral.changed" | "referral.expired" | "conversion.recorded" | "conversion.review" | "conversion.approved" | "conversion.cancelled" | "conversion.rejected" | "conversion.reversed" | "conversion.refunded" | "redemption.created" | "redemption.reversed" | "hold.expired" | "offer.claimed" | "offer.exhausted" | "offer.leaking" | "voucher.issued" | "voucher.voided" | "voucher.expired" | "pass.admitted" | "reward.pending" | "reward.due" | "reward.issued" | "reward.reduced" | "reward.voided" | "reward.spent" | "reward.expired" | "grant.pending" | "grant.given" | "grant.rejected" | "message.failed" | "share.sent" | "customer.merged" | "customer.erased" | "import.finished" | "batch.finished" | "batch.voided" | "announcement.finished" | "endpoint.disabled" | "analytics.disabled" | "guessing";

/** Why people are written to: `recall` and `breach` reach everybody whom they are for and advertise nothing, `service` concerns them as customers, `marketing` is for who consented to it */
export type AnnouncementKind = "recall" | "breach" | "service" | "marketing" | (string & {});

/** Why people are written to: `recall` and `breach` reach everybody whom they are for and advertise nothing, `service` concerns them as customers, `marketing` is for who consented to it */
export type AnnouncementKindInput = "recall" | "breach" | "service" | "marketing";

/** `draft → approved → scheduled → sending ⇄ paused → sent`, or `stopped`. `sent`: the mails of everybody are made; what became of them say `outcomes` */
export type AnnouncementStatus = "draft" | "approved" | "scheduled" | "sending" | "paused" | "sent" | "stopped" | (string & {});

/** `draft → approved → scheduled → sending ⇄ paused → sent`, or `stopped`. `sent`: the mails of everybody are made; what became of them say `outcomes` */
export type AnnouncementStatusInput = "draft" | "approved" | "scheduled" | "sending" | "paused" | "sent" | "stopped";

/** Texts by locale, the shop's first one at least */
export type Notice = Record<string, string>;

/** Texts by locale, the shop's first one at least */
export type NoticeInput = Record<string, string>;

export interface AnnouncementWords {
    /** The subject */
    subject: string;
    /** The text: paragraphs with empty lines between. Addresses of pages can be followed. Who writes and why they are written to is added */
    text: string;
}

export interface AnnouncementWordsInput {
    /** The subject */
    subject: string;
    /** The text: paragraphs with empty lines between. Addresses of pages can be followed. Who writes and why they are written to is added */
    text: string;
}

/** What is said by locale: the shop's, or the languages of these, the first one at least */
export type AnnouncementContent = Record<string, AnnouncementWords>;

/** What is said by locale: the shop's, or the languages of these, the first one at least */
export type AnnouncementContentInput = Record<string, AnnouncementWordsInput>;

/** To whom, one of these. */
export interface Audience {
    /** Every customer and guest */
    all?: boolean;
    /** Who has a code or a share in it, or was recommended in it */
    program?: Id;
    /** A segment, by its key */
    segment?: Slug;
    /** A list */
    customers?: Id[];
    /** Whoever bought one of these products in a time */
    bought?: {
        /** The products, as orders name them */
        skus: string[];
        /** The first instant */
        from: Instant;
        /** The first instant too late */
        to: Instant;
    };
}

/** To whom, one of these. */
export interface NewAudience {
    /** Every customer and guest */
    all?: true;
    /** Who has a code or a share in a program, or was recommended in it: its id or slug */
    program?: string;
    /** A segment, by its key */
    segment?: Slug;
    /** A list: `external_id` or `cus_…`. A longer one is imported as the members of a segment */
    customers?: string[];
    /** Whoever bought one of these products in a time, guests as well. An order counts by when it was placed, unless it was cancelled before it was paid or delivered */
    bought?: {
        /** The products, as orders name them; compared trimmed and without case */
        skus: string[];
        /** The first instant */
        from: Instant;
        /** The first instant too late */
        to: Instant;
    };
}

/** Programs that rest from the moment on in which it is sent. */
export interface PausePrograms {
    /** Which ones; null: every one that is active then */
    programs: Id[] | null;
    /** What their links say meanwhile */
    notice: Notice;
}

/** Programs that rest from the moment on in which it is sent. */
export interface NewPausePrograms {
    /** Which ones, by id or slug; left out: every one that is active then */
    programs?: string[] | null;
    /** What their links say meanwhile */
    notice: NoticeInput;
}

export interface AnnouncementSeen {
    /** The operator */
    by: Actor;
    /** When */
    at: Instant;
}

export interface CountOf {
    /** Of what: a locale, a domain, a product */
    name: string;
    /** How many */
    count: number;
}

/** Whom an announcement would reach. People with one address are one; who has none is one by their account. */
export interface Rehearsal {
    /** When it was counted */
    at: Instant;
    /** Whom it is for */
    people: number;
    /** Of them those who would be told */
    told: number;
    /** Those without an address */
    no_address: number;
    /** Those whose address takes no mails */
    suppressed: number;
    /** Those whom a test shop does not write to */
    withheld: number;
    /** Of advertising: those who did not consent to it */
    no_consent: number;
    /** What all of them said of advertising */
    consent: {
        /** They want it */
        given: number;
        /** They want no more of it */
        withdrawn: number;
        /** They never said */
        never: number;
    };
    /** Of those who would be told: what they read */
    locales: CountOf[];
    /** Of those who would be told: the 20 largest domains of their addresses */
    domains: CountOf[];
    /** Those at others */
    other_domains: number;
    /** How long it takes at the set rate */
    minutes: number;
    /** Of products: how many orders of the time have each */
    skus: CountOf[];
    /** Orders with the products of which nobody knows who bought them */
    orders_without_customer: number;
    /** Orders of the time that were reported without items: what was bought nobody knows */
    orders_without_items: number;
}

export interface RehearsalProgress {
    /** Customers or orders that were looked at */
    done: number;
    /** Those there are to look at; 0: it has not begun */
    total: number;
}

export interface Reached {
    /** Mails that were made to leave */
    told: number;
    /** People without an address. A recall or a breach reaches them when they have one */
    no_address: number;
    /** People whose address takes no mails, or whom a test shop does not write to */
    suppressed: number;
}

export interface Outcomes {
    /** They are to leave, or are tried again */
    waiting: number;
    /** They left */
    sent: number;
    /** They were not taken, or came back */
    failed: number;
    /** Nobody knows whether they arrived */
    uncertain: number;
    /** There is no address */
    no_address: number;
    /** They do not leave */
    suppressed: number;
}

/** A word to many, by mail. */
export interface Announcement {
    /** Its id */
    id: Id;
    /** Why people are written to */
    kind: AnnouncementKind;
    /** Where it stands */
    status: AnnouncementStatus;
    /** To whom */
    audience: Audience;
    /** What is said */
    content: AnnouncementContent;
    /** Mails an hour at most */
    per_hour: number;
    /** Not before; null: as soon as it is sent */
    send_at: MaybeInstant;
    /** Programs that rest with it */
    pause_programs: PausePrograms | null;
    /** Grows with each change; it is the ETag */
    revision: number;
    /** The operator whose hand wrote it as it is now; null: a key of the shop's */
    written_by: Actor | null;
    /** Who approved it as it is now */
    approvals: AnnouncementSeen[];
    /** Whom it would reach as it is now; null: nobody has counted */
    rehearsal: Rehearsal | null;
    /** Whom it has come to so far */
    reached: Reached;
    /** What became of its mails; `get_announcement` alone counts that */
    outcomes: Outcomes | null;
    /** Why it was paused or stopped */
    reason: string | null;
    /** When it began; who became known later is not told */
    started_at: MaybeInstant;
    /** When the mails of everybody had been made, or it was stopped */
    finished_at: MaybeInstant;
    /** When it was written first */
    created_at: Instant;
}

export interface AnnouncementList {
    /** The page */
    data: Announcement[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface NewAnnouncement {
    /** Why people are written to */
    kind: AnnouncementKindInput;
    /** To whom */
    audience: NewAudience;
    /** What is said */
    content: AnnouncementContentInput;
    /** Not before; left out or null: as soon as it is sent */
    send_at?: MaybeInstant;
    /** Mails an hour at most; left out: 10000 */
    per_hour?: number | null;
    /** Programs that rest with it; left out or null: none */
    pause_programs?: NewPausePrograms | null;
}

export interface AnnouncementChange {
    /** Why people are written to */
    kind?: AnnouncementKindInput | null;
    /** To whom */
    audience?: NewAudience | null;
    /** What is said, all of it */
    content?: AnnouncementContentInput | null;
    /** Not before; null: as soon as it is sent */
    send_at?: MaybeInstant;
    /** Mails an hour at most */
    per_hour?: number | null;
    /** Programs that rest with it; null: none */
    pause_programs?: NewPausePrograms | null;
}

export interface AnnouncementApproval {
    /** Which revision was looked at: another one is not approved (409 `illegal_transition`); left out: whichever there is */
    revision?: number | null;
    /** Why; kept in the audit log */
    reason?: string | null;
}

/** How much of a program's budget is used. */
export interface BudgetUsed {
    /** The program */
    program: Id;
    /** What is used, minor units */
    used: number;
    /** The cap, minor units */
    amount: MaybeAmount;
    /** What is used of it, percent */
    percent: number;
}

/** Two customers who turned out to be one. */
export interface MergedCustomer {
    /** The shop's own id of the one who stays */
    customer: MaybeReference;
    /** The one who stays */
    customer_id: Id;
    /** The shop's own id of the other */
    merged: MaybeReference;
    /** The other, who is found as the one who stays from now on */
    merged_id: Id;
}

/** A customer who was erased; all that is left. */
export interface ErasedCustomer {
    /** The customer */
    id: Id;
    /** True */
    erased: boolean;
}

/** Very many unknown codes came through one key; told once in each window. */
export interface Guessing {
    /** The key, or the operator or customer who guessed */
    caller: Id;
    /** Unknown codes in the window */
    unknown: number;
    /** The window, seconds */
    seconds: number;
}

export interface Event {
    /** Its id */
    id: Id;
    /** Its number in the shop, from 1, without gaps */
    seq: number;
    /** What happened */
    type: EventKind;
    /** When */
    timestamp: Instant;
    /** The shop */
    shop: Id;
    /** The shop's */
    mode: "test" | "live" | (string & {});
    /** Version of the form */
    version: 1 | (string & {});
    /** What `webhooks` say of its type; `{"id": …, "erased": true}` where a person in it was erased since */
    data: Record<string, unknown>;
}

export interface EventList {
    /** Events, oldest first */
    data: Event[];
    /** The `after` of the next page; null: there is no more yet */
    next: number | null;
    /** The number of the last event that was looked at, of whichever type: the `after` with which to ask for what comes */
    seen: number;
}

export interface AuditRow {
    /** Its id */
    id: Id;
    /** Who */
    actor: Actor;
    /** The operation */
    action: string;
    /** What it was done to */
    subject: Cause;
    /** Why, where the operation asks; null as well when a person concerned was erased */
    reason: string | null;
    /** The request that did it */
    request_id: string | null;
    /** When it was made */
    created_at: Instant;
}

export interface AuditRowList {
    /** The page */
    data: AuditRow[];
    /** The `after` of the next page; null: this is the last */
    next: string | null;
}

export interface LedgerAuditProgress {
    /** Steps that are done; 0 also while another shop's turn is */
    done: number;
    /** Steps in all; 0 before the first is done */
    total: number;
}

export interface LedgerAudit {
    /** Whether nothing is wrong */
    ok: boolean;
    /** How many of each kind were checked */
    checked: Record<string, number>;
    /** A sentence for each */
    problems: string[];
}
