/* Made from openapi.yaml by scripts/clients. Change neither by hand. */

import { path, type Call, type Options } from "./http.js";
import type {
    Adoption,
    AdvocateCode,
    AdvocatesReport,
    Amount,
    AnalyticsAccount,
    AnalyticsAccountChange,
    Announcement,
    AnnouncementApproval,
    AnnouncementChange,
    AnnouncementKindInput,
    AnnouncementList,
    AnnouncementStatusInput,
    ApplicableAnswer,
    Approval,
    AuditRowList,
    Backtest,
    BacktestDays,
    BacktestProgress,
    BacktestRequest,
    Balance,
    BatchStatusInput,
    Because,
    BenefitKindInput,
    Bounce,
    BudgetReport,
    Cancelled,
    Cart,
    CartAnswer,
    Channel,
    ChannelChange,
    ChannelList,
    ChannelsReport,
    Claim,
    ClaimList,
    Clock,
    ClockMove,
    CohortsReport,
    ConsentQuestion,
    ConsumerPosition,
    Conversion,
    ConversionChange,
    ConversionList,
    ConversionStatusInput,
    Customer,
    CustomerChange,
    CustomerExport,
    CustomerList,
    CustomerLookup,
    CustomerQuestion,
    CustomerToken,
    CycleReport,
    DarkReport,
    Delivery,
    DeliveryList,
    DeliveryStatusInput,
    EntryList,
    EventConsumer,
    EventKindInput,
    EventList,
    EventsProof,
    EventsProofProgress,
    FactList,
    Fulfilment,
    FunnelReport,
    Grant,
    GrantList,
    GrantStatusInput,
    GroupState,
    Happened,
    Hold,
    HoldList,
    HoldStatusInput,
    Id,
    Instant,
    Job,
    JobKindInput,
    JobList,
    JobStatusInput,
    Jwks,
    Key,
    KeyChange,
    KeyList,
    LedgerAudit,
    LedgerAuditProgress,
    LiabilityReport,
    LiftReport,
    Me,
    Member,
    MemberList,
    Merge,
    Message,
    MessageKindInput,
    MessageList,
    MessageStatusInput,
    MomentList,
    MyBalance,
    MyClaim,
    MyClaimList,
    MyCode,
    MyOfferAsk,
    MyReferralList,
    MyRewardList,
    MyShare,
    MyShareList,
    MyShares,
    MySummary,
    MyVoucherList,
    NewAnnouncement,
    NewAttribution,
    NewCode,
    NewConversion,
    NewCustomerToken,
    NewGrant,
    NewHold,
    NewKey,
    NewKeyAnswer,
    NewMyCode,
    NewMyShare,
    NewOffer,
    NewOperator,
    NewOperatorAnswer,
    NewProgram,
    NewRedemption,
    NewReferral,
    NewRefund,
    NewReversal,
    NewShare,
    NewVoucher,
    NewVoucherBatch,
    NewWebhookEndpoint,
    Offer,
    OfferAsk,
    OfferChange,
    OfferCheckAnswer,
    OfferList,
    OffersReport,
    Operator,
    OperatorChange,
    OperatorList,
    OperatorToken,
    OperatorTokenRequest,
    PageViews,
    PageViewsCounted,
    Pass,
    PassChange,
    PassList,
    PlacementsReport,
    Program,
    ProgramChange,
    ProgramList,
    ProgramStatusInput,
    Redemption,
    RedemptionList,
    Referral,
    ReferralCheck,
    ReferralCheckAnswer,
    ReferralList,
    ReferralStatusInput,
    RefundedConversion,
    RehearsalProgress,
    Replay,
    ReplayedSpan,
    Resend,
    Reversal,
    Reward,
    RewardList,
    RewardStatusInput,
    ScannedPass,
    SecretRotation,
    Segment,
    SegmentChange,
    SegmentList,
    Share,
    ShareList,
    ShareTree,
    Shares,
    Shop,
    ShopChange,
    ShownPass,
    Slug,
    SuppressionList,
    Template,
    TemplateChange,
    TemplateList,
    TemplatePreview,
    TemplateTrial,
    Token,
    TokenRequest,
    Voucher,
    VoucherBatch,
    VoucherBatchList,
    VoucherChange,
    VoucherList,
    VoucherLookup,
    VoucherStatusInput,
    WebhookEndpoint,
    WebhookEndpointChange,
    WebhookEndpointList,
    WebhookEndpointWithSecret,
} from "./types.js";

/** A method for each operation: what stands in its path, its body, what is asked for, options. */
export abstract class Operations {
    abstract send<Answer>(call: Call): Promise<Answer>;

    /** Exchange a key for an access token (OAuth 2, client credentials). `POST /v1/token` */
    createToken(body: TokenRequest, options?: Options): Promise<Token> {
        return this.send({ method: "POST", path: path`/v1/token`, answer: "json", body, options });
    }

    /** Sign an operator in. `POST /v1/operators/token` */
    createOperatorToken(body: OperatorTokenRequest, options?: Options): Promise<OperatorToken> {
        return this.send({ method: "POST", path: path`/v1/operators/token`, answer: "json", body, options });
    }

    /** The operators of the shop. `GET /v1/operators` */
    listOperators(query: { limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<OperatorList> {
        return this.send({ method: "GET", path: path`/v1/operators`, answer: "json", query, options });
    }

    /** Add an operator. `POST /v1/operators` */
    createOperator(body: NewOperator, options?: Options): Promise<NewOperatorAnswer> {
        return this.send({ method: "POST", path: path`/v1/operators`, answer: "json", body, keyed: true, once: true, options });
    }

    /** An operator. `GET /v1/operators/{id}` */
    getOperator(id: string, options?: Options): Promise<Operator> {
        return this.send({ method: "GET", path: path`/v1/operators/${id}`, answer: "json", options });
    }

    /** Change an operator's name, role or password. `PATCH /v1/operators/{id}` */
    updateOperator(id: string, body: OperatorChange, options?: Options): Promise<Operator> {
        return this.send({ method: "PATCH", path: path`/v1/operators/${id}`, answer: "json", body, keyed: true, options });
    }

    /** Let an operator go. `DELETE /v1/operators/{id}` */
    deleteOperator(id: string, options?: Options): Promise<void> {
        return this.send({ method: "DELETE", path: path`/v1/operators/${id}`, answer: "nothing", keyed: true, options });
    }

    /** The keys of the shop, without their secrets. `GET /v1/keys` */
    listKeys(query: { limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<KeyList> {
        return this.send({ method: "GET", path: path`/v1/keys`, answer: "json", query, options });
    }

    /** Make a key. `POST /v1/keys` */
    createKey(body: NewKey, options?: Options): Promise<NewKeyAnswer> {
        return this.send({ method: "POST", path: path`/v1/keys`, answer: "json", body, keyed: true, once: true, options });
    }

    /** A key, without its secret. `GET /v1/keys/{id}` */
    getKey(id: string, options?: Options): Promise<Key> {
        return this.send({ method: "GET", path: path`/v1/keys/${id}`, answer: "json", options });
    }

    /** Change a key's name or scopes. `PATCH /v1/keys/{id}` */
    updateKey(id: string, body: KeyChange, options?: Options): Promise<Key> {
        return this.send({ method: "PATCH", path: path`/v1/keys/${id}`, answer: "json", body, keyed: true, options });
    }

    /** Delete a key. `DELETE /v1/keys/{id}` */
    deleteKey(id: string, options?: Options): Promise<void> {
        return this.send({ method: "DELETE", path: path`/v1/keys/${id}`, answer: "nothing", keyed: true, options });
    }

    /** Approve another operator's key. `POST /v1/keys/{id}/approve` */
    approveKey(id: string, body: Approval = {}, options?: Options): Promise<Key> {
        return this.send({ method: "POST", path: path`/v1/keys/${id}/approve`, answer: "json", body, keyed: true, options });
    }

    /** The shop's settings. `GET /v1/shop` */
    getShop(options?: Options): Promise<Shop> {
        return this.send({ method: "GET", path: path`/v1/shop`, answer: "json", options });
    }

    /** Change settings. `PATCH /v1/shop` */
    updateShop(body: ShopChange, options: Options & { ifMatch: string }): Promise<Shop> {
        return this.send({ method: "PATCH", path: path`/v1/shop`, answer: "json", body, keyed: true, options });
    }

    /** Move a test shop's clock forward. `POST /v1/test/clock` */
    moveTestClock(body: ClockMove, options?: Options): Promise<Clock> {
        return this.send({ method: "POST", path: path`/v1/test/clock`, answer: "json", body, keyed: true, lasts: true, options });
    }

    /** The customers whom the shop made known. `GET /v1/customers` */
    listCustomers(query: { external_id?: string; email?: string; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<CustomerList> {
        return this.send({ method: "GET", path: path`/v1/customers`, answer: "json", query, options });
    }

    /** Who somebody is. `POST /v1/customers/lookup` */
    lookupCustomer(body: CustomerQuestion, options?: Options): Promise<CustomerLookup> {
        return this.send({ method: "POST", path: path`/v1/customers/lookup`, answer: "json", body, options });
    }

    /** Make a customer known, or change what is known. `PUT /v1/customers/{id}` */
    upsertCustomer(id: string, body: CustomerChange, options?: Options): Promise<Customer> {
        return this.send({ method: "PUT", path: path`/v1/customers/${id}`, answer: "json", body, keyed: true, options });
    }

    /** A customer. `GET /v1/customers/{id}` */
    getCustomer(id: string, options?: Options): Promise<Customer> {
        return this.send({ method: "GET", path: path`/v1/customers/${id}`, answer: "json", options });
    }

    /** Erase a customer or a guest. `DELETE /v1/customers/{id}` */
    deleteCustomer(id: string, options?: Options): Promise<Job> {
        return this.send({ method: "DELETE", path: path`/v1/customers/${id}`, answer: "json", keyed: true, options });
    }

    /** All that is held of a customer or a guest. `GET /v1/customers/{id}/export` */
    exportCustomer(id: string, options?: Options): Promise<CustomerExport> {
        return this.send({ method: "GET", path: path`/v1/customers/${id}/export`, answer: "json", lasts: true, options });
    }

    /** What happened to a customer, and what comes next. `GET /v1/customers/{id}/timeline` */
    getTimeline(id: string, query: { locale?: string; limit?: number; after?: string; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<MomentList> {
        return this.send({ method: "GET", path: path`/v1/customers/${id}/timeline`, answer: "json", query, options });
    }

    /** Ask by mail whether somebody wants advertising. `POST /v1/customers/{id}/ask_consent` */
    askConsent(id: string, body: ConsentQuestion, options?: Options): Promise<Message> {
        return this.send({ method: "POST", path: path`/v1/customers/${id}/ask_consent`, answer: "json", body, keyed: true, options });
    }

    /** Merge another customer or guest into this one. `POST /v1/customers/{id}/merge` */
    mergeCustomers(id: string, body: Merge, options?: Options): Promise<Customer> {
        return this.send({ method: "POST", path: path`/v1/customers/${id}/merge`, answer: "json", body, keyed: true, options });
    }

    /** A customer's store credit. `GET /v1/customers/{id}/balance` */
    getCustomerBalance(id: string, options?: Options): Promise<Balance> {
        return this.send({ method: "GET", path: path`/v1/customers/${id}/balance`, answer: "json", options });
    }

    /** The ledger's entries that concern a customer. `GET /v1/customers/{id}/entries` */
    listCustomerEntries(id: string, query: { limit?: number; after?: string; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<EntryList> {
        return this.send({ method: "GET", path: path`/v1/customers/${id}/entries`, answer: "json", query, options });
    }

    /** The vouchers bound to a customer. `GET /v1/customers/{id}/vouchers` */
    listCustomerVouchers(id: string, query: { limit?: number; after?: string; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<VoucherList> {
        return this.send({ method: "GET", path: path`/v1/customers/${id}/vouchers`, answer: "json", query, options });
    }

    /** A customer's rewards. `GET /v1/customers/{id}/rewards` */
    listCustomerRewards(id: string, query: { limit?: number; after?: string; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<RewardList> {
        return this.send({ method: "GET", path: path`/v1/customers/${id}/rewards`, answer: "json", query, options });
    }

    /** Where a customer shared. `GET /v1/customers/{id}/shares` */
    listCustomerShares(id: string, query: { limit?: number; after?: string; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<ShareList> {
        return this.send({ method: "GET", path: path`/v1/customers/${id}/shares`, answer: "json", query, options });
    }

    /** Make a token for a customer's browser. `POST /v1/customers/{id}/tokens` */
    createCustomerToken(id: string, body: NewCustomerToken, options?: Options): Promise<CustomerToken> {
        return this.send({ method: "POST", path: path`/v1/customers/${id}/tokens`, answer: "json", body, options });
    }

    /** Who is logged in. `GET /v1/me` */
    getMe(options?: Options): Promise<Me> {
        return this.send({ method: "GET", path: path`/v1/me`, answer: "json", options });
    }

    /** Where the customer shared. `GET /v1/me/shares` */
    listMyShares(query: { program?: string; channel?: Slug; limit?: number; after?: string; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<MyShareList> {
        return this.send({ method: "GET", path: path`/v1/me/shares`, answer: "json", query, options });
    }

    /** Get or make a share of the customer's. `POST /v1/me/shares` */
    createMyShare(body: NewMyShare, options?: Options): Promise<MyShare | MyShares> {
        return this.send({ method: "POST", path: path`/v1/me/shares`, answer: "json", body, keyed: true, options });
    }

    /** The customer's code in a program. `GET /v1/me/code` */
    getMyCode(query: { program: string }, options?: Options): Promise<MyCode> {
        return this.send({ method: "GET", path: path`/v1/me/code`, answer: "json", query, options });
    }

    /** Give the customer a code in a program. `POST /v1/me/code` */
    createMyCode(body: NewMyCode, options?: Options): Promise<MyCode> {
        return this.send({ method: "POST", path: path`/v1/me/code`, answer: "json", body, keyed: true, options });
    }

    /** The customer's rewards. `GET /v1/me/rewards` */
    listMyRewards(query: { program?: string; status?: RewardStatusInput; limit?: number; after?: string; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<MyRewardList> {
        return this.send({ method: "GET", path: path`/v1/me/rewards`, answer: "json", query, options });
    }

    /** Friends whom the customer won, without their names. `GET /v1/me/referrals` */
    listMyReferrals(query: { program?: string; status?: "open" | "converted" | "expired" | "rejected"; limit?: number; after?: string; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<MyReferralList> {
        return this.send({ method: "GET", path: path`/v1/me/referrals`, answer: "json", query, options });
    }

    /** The vouchers bound to the customer, with their codes. `GET /v1/me/vouchers` */
    listMyVouchers(query: { status?: VoucherStatusInput; limit?: number; after?: string; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<MyVoucherList> {
        return this.send({ method: "GET", path: path`/v1/me/vouchers`, answer: "json", query, options });
    }

    /** A program at a glance. `GET /v1/me/summary` */
    getMySummary(query: { program?: string } = {}, options?: Options): Promise<MySummary> {
        return this.send({ method: "GET", path: path`/v1/me/summary`, answer: "json", query, options });
    }

    /** The customer's store credit. `GET /v1/me/balance` */
    getMyBalance(options?: Options): Promise<MyBalance> {
        return this.send({ method: "GET", path: path`/v1/me/balance`, answer: "json", options });
    }

    /** What the customer took of offers. `GET /v1/me/claims` */
    listMyClaims(query: { offer?: string; limit?: number; after?: string; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<MyClaimList> {
        return this.send({ method: "GET", path: path`/v1/me/claims`, answer: "json", query, options });
    }

    /** How full the group of a share is. `GET /v1/me/offers/{id}/groups/{share}` */
    getMyGroup(id: string, share: string, options?: Options): Promise<GroupState> {
        return this.send({ method: "GET", path: path`/v1/me/offers/${id}/groups/${share}`, answer: "json", options });
    }

    /** Whether the customer could take an offer now. `POST /v1/me/offers/{id}/check` */
    checkMyOffer(id: string, body: MyOfferAsk, options?: Options): Promise<OfferCheckAnswer> {
        return this.send({ method: "POST", path: path`/v1/me/offers/${id}/check`, answer: "json", body, options });
    }

    /** Take an offer. `POST /v1/me/offers/{id}/claims` */
    createMyClaim(id: string, body: MyOfferAsk, options?: Options): Promise<MyClaim> {
        return this.send({ method: "POST", path: path`/v1/me/offers/${id}/claims`, answer: "json", body, keyed: true, options });
    }

    /** The shop's programs. `GET /v1/programs` */
    listPrograms(query: { status?: ProgramStatusInput; slug?: string; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<ProgramList> {
        return this.send({ method: "GET", path: path`/v1/programs`, answer: "json", query, options });
    }

    /** Make a program. `POST /v1/programs` */
    createProgram(body: NewProgram, options?: Options): Promise<Program> {
        return this.send({ method: "POST", path: path`/v1/programs`, answer: "json", body, keyed: true, options });
    }

    /** A program, with what is used of its budget. `GET /v1/programs/{id}` */
    getProgram(id: string, options?: Options): Promise<Program> {
        return this.send({ method: "GET", path: path`/v1/programs/${id}`, answer: "json", options });
    }

    /** Change a program. `PATCH /v1/programs/{id}` */
    updateProgram(id: string, body: ProgramChange, options: Options & { ifMatch: string }): Promise<Program> {
        return this.send({ method: "PATCH", path: path`/v1/programs/${id}`, answer: "json", body, keyed: true, options });
    }

    /** Start a program, or go on with a paused one. `POST /v1/programs/{id}/activate` */
    activateProgram(id: string, options?: Options): Promise<Program> {
        return this.send({ method: "POST", path: path`/v1/programs/${id}/activate`, answer: "json", keyed: true, options });
    }

    /** Pause a program. `POST /v1/programs/{id}/pause` */
    pauseProgram(id: string, options?: Options): Promise<Program> {
        return this.send({ method: "POST", path: path`/v1/programs/${id}/pause`, answer: "json", keyed: true, options });
    }

    /** End a program, for ever. `POST /v1/programs/{id}/end` */
    endProgram(id: string, options?: Options): Promise<Program> {
        return this.send({ method: "POST", path: path`/v1/programs/${id}/end`, answer: "json", keyed: true, options });
    }

    /** Give a customer an advocate code. `POST /v1/programs/{id}/codes` */
    createCode(id: string, body: NewCode, options?: Options): Promise<AdvocateCode> {
        return this.send({ method: "POST", path: path`/v1/programs/${id}/codes`, answer: "json", body, keyed: true, options });
    }

    /** Whose advocate code it is. `GET /v1/codes/{code}` */
    getCode(code: string, query: { visitor?: string } = {}, options?: Options): Promise<AdvocateCode> {
        return this.send({ method: "GET", path: path`/v1/codes/${code}`, answer: "json", query, options });
    }

    /** Where customers can share. `GET /v1/channels` */
    listChannels(options?: Options): Promise<ChannelList> {
        return this.send({ method: "GET", path: path`/v1/channels`, answer: "json", options });
    }

    /** Add a channel, or change one. `PUT /v1/channels/{key}` */
    upsertChannel(key: string, body: ChannelChange, options?: Options): Promise<Channel> {
        return this.send({ method: "PUT", path: path`/v1/channels/${key}`, answer: "json", body, keyed: true, options });
    }

    /** How much of what came was sent in private. `GET /v1/reports/dark` */
    getDarkReport(query: { from?: string; to?: string; interval?: "day" | "week" | "month" } = {}, options?: Options): Promise<DarkReport> {
        return this.send({ method: "GET", path: path`/v1/reports/dark`, answer: "json", query, options });
    }

    /** Tell how people came to the shop's pages. `POST /v1/pageviews` */
    createPageviews(body: PageViews, options?: Options): Promise<PageViewsCounted> {
        return this.send({ method: "POST", path: path`/v1/pageviews`, answer: "json", body, options });
    }

    /** The same, told by a page of the shop's. `POST /v1/shops/{slug}/pageviews` */
    notePageviews(slug: string, body: PageViews, options?: Options): Promise<PageViewsCounted> {
        return this.send({ method: "POST", path: path`/v1/shops/${slug}/pageviews`, answer: "json", body, options });
    }

    /** Shares. `GET /v1/shares` */
    listShares(query: { program?: string; customer?: string; external_id?: string; channel?: string; placement?: string; parent?: string; is_root?: boolean; status?: "made" | "sent"; trial?: number; held_out?: boolean; first?: true; cycle?: true; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<ShareList> {
        return this.send({ method: "GET", path: path`/v1/shares`, answer: "json", query, options });
    }

    /** Get or make a share, with its link and its words. `POST /v1/shares` */
    createShare(body: NewShare, options?: Options): Promise<Share | Shares> {
        return this.send({ method: "POST", path: path`/v1/shares`, answer: "json", body, keyed: true, options });
    }

    /** A share, with its counts. `GET /v1/shares/{id}` */
    getShare(id: string, options?: Options): Promise<Share> {
        return this.send({ method: "GET", path: path`/v1/shares/${id}`, answer: "json", options });
    }

    /** Who shared on, from hand to hand. `GET /v1/shares/{id}/tree` */
    getShareTree(id: string, query: { levels?: number; limit?: number; after?: string } = {}, options?: Options): Promise<ShareTree> {
        return this.send({ method: "GET", path: path`/v1/shares/${id}/tree`, answer: "json", query, options });
    }

    /** The link as a QR code, SVG. `GET /v1/shares/{id}/qr.svg` */
    getShareQrSvg(id: string, options?: Options): Promise<string> {
        return this.send({ method: "GET", path: path`/v1/shares/${id}/qr.svg`, answer: "text", lasts: true, options });
    }

    /** The link as a QR code, PNG. `GET /v1/shares/{id}/qr.png` */
    getShareQrPng(id: string, options?: Options): Promise<Uint8Array> {
        return this.send({ method: "GET", path: path`/v1/shares/${id}/qr.png`, answer: "bytes", options });
    }

    /** Give a share that was made without a customer to the one who made it. `POST /v1/shares/{id}/adopt` */
    adoptShare(id: string, body: Adoption, options?: Options): Promise<Share> {
        return this.send({ method: "POST", path: path`/v1/shares/${id}/adopt`, answer: "json", body, keyed: true, options });
    }

    /** Whether evidence would make a referral. `POST /v1/referrals/check` */
    checkReferral(body: ReferralCheck, options?: Options): Promise<ReferralCheckAnswer> {
        return this.send({ method: "POST", path: path`/v1/referrals/check`, answer: "json", body, options });
    }

    /** Referrals. `GET /v1/referrals` */
    listReferrals(query: { program?: string; friend?: string; advocate?: string; status?: ReferralStatusInput; external_id?: string; channel?: string; advocate_id?: string; placement?: string; trial?: number; held_out?: boolean; counted?: true; advocate_since_from?: string; advocate_since_to?: string; within_days?: "7" | "30" | "90"; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<ReferralList> {
        return this.send({ method: "GET", path: path`/v1/referrals`, answer: "json", query, options });
    }

    /** Note who recommended a friend, at sign-up. `POST /v1/referrals` */
    createReferral(body: NewReferral, options?: Options): Promise<Referral> {
        return this.send({ method: "POST", path: path`/v1/referrals`, answer: "json", body, keyed: true, options });
    }

    /** A referral. `GET /v1/referrals/{id}` */
    getReferral(id: string, options?: Options): Promise<Referral> {
        return this.send({ method: "GET", path: path`/v1/referrals/${id}`, answer: "json", options });
    }

    /** Conversions. `GET /v1/conversions` */
    listConversions(query: { order_id?: string; customer?: string; external_id?: string; advocate?: string; program?: string; status?: ConversionStatusInput; overdue?: boolean; share?: string; channel?: string; advocate_id?: string; placement?: string; occurred_from?: string; occurred_to?: string; trial?: number; held_out?: boolean; counted?: true; cycle?: true; credited?: true; naked?: true; approved?: true; refunded?: true; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<ConversionList> {
        return this.send({ method: "GET", path: path`/v1/conversions`, answer: "json", query, options });
    }

    /** Report an order. `POST /v1/conversions` */
    createConversion(body: NewConversion, options?: Options): Promise<Conversion> {
        return this.send({ method: "POST", path: path`/v1/conversions`, answer: "json", body, keyed: true, options });
    }

    /** A conversion. `GET /v1/conversions/{id}` */
    getConversion(id: string, options?: Options): Promise<Conversion> {
        return this.send({ method: "GET", path: path`/v1/conversions/${id}`, answer: "json", options });
    }

    /** Change an order. `PATCH /v1/conversions/{id}` */
    updateConversion(id: string, body: ConversionChange, options?: Options): Promise<Conversion> {
        return this.send({ method: "PATCH", path: path`/v1/conversions/${id}`, answer: "json", body, keyed: true, options });
    }

    /** It was paid. `POST /v1/conversions/{id}/paid` */
    payConversion(id: string, body: Happened = {}, options?: Options): Promise<Conversion> {
        return this.send({ method: "POST", path: path`/v1/conversions/${id}/paid`, answer: "json", body, keyed: true, options });
    }

    /** Its last parcel was delivered. `POST /v1/conversions/{id}/delivered` */
    deliverConversion(id: string, body: Happened = {}, options?: Options): Promise<Conversion> {
        return this.send({ method: "POST", path: path`/v1/conversions/${id}/delivered`, answer: "json", body, keyed: true, options });
    }

    /** It was cancelled. `POST /v1/conversions/{id}/cancelled` */
    cancelConversion(id: string, body: Cancelled = {}, options?: Options): Promise<Conversion> {
        return this.send({ method: "POST", path: path`/v1/conversions/${id}/cancelled`, answer: "json", body, keyed: true, options });
    }

    /** Screening is fine. `POST /v1/conversions/{id}/clear` */
    clearConversion(id: string, body: Because, options?: Options): Promise<Conversion> {
        return this.send({ method: "POST", path: path`/v1/conversions/${id}/clear`, answer: "json", body, keyed: true, options });
    }

    /** Approve it now. `POST /v1/conversions/{id}/approve` */
    approveConversion(id: string, body: Because, options?: Options): Promise<Conversion> {
        return this.send({ method: "POST", path: path`/v1/conversions/${id}/approve`, answer: "json", body, keyed: true, options });
    }

    /** Reject it. `POST /v1/conversions/{id}/reject` */
    rejectConversion(id: string, body: Because, options?: Options): Promise<Conversion> {
        return this.send({ method: "POST", path: path`/v1/conversions/${id}/reject`, answer: "json", body, keyed: true, options });
    }

    /** Credit it to somebody. `POST /v1/conversions/{id}/attribute` */
    attributeConversion(id: string, body: NewAttribution, options?: Options): Promise<Conversion> {
        return this.send({ method: "POST", path: path`/v1/conversions/${id}/attribute`, answer: "json", body, keyed: true, options });
    }

    /** It came back, or part of it. `POST /v1/conversions/{id}/refunds` */
    createRefund(id: string, body: NewRefund, options?: Options): Promise<RefundedConversion> {
        return this.send({ method: "POST", path: path`/v1/conversions/${id}/refunds`, answer: "json", body, keyed: true, options });
    }

    /** Rewards. `GET /v1/rewards` */
    listRewards(query: { customer?: string; external_id?: string; program?: string; conversion?: string; order_id?: string; status?: RewardStatusInput; channel?: string; advocate_id?: string; placement?: string; counted_from?: string; counted_to?: string; counted?: true; waiting?: true; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<RewardList> {
        return this.send({ method: "GET", path: path`/v1/rewards`, answer: "json", query, options });
    }

    /** A reward, with its history. `GET /v1/rewards/{id}` */
    getReward(id: string, options?: Options): Promise<Reward> {
        return this.send({ method: "GET", path: path`/v1/rewards/${id}`, answer: "json", options });
    }

    /** Issue a pending reward now. `POST /v1/rewards/{id}/approve` */
    approveReward(id: string, body: Because, options?: Options): Promise<Reward> {
        return this.send({ method: "POST", path: path`/v1/rewards/${id}/approve`, answer: "json", body, keyed: true, options });
    }

    /** Withdraw a reward. `POST /v1/rewards/{id}/void` */
    voidReward(id: string, body: Because, options?: Options): Promise<Reward> {
        return this.send({ method: "POST", path: path`/v1/rewards/${id}/void`, answer: "json", body, keyed: true, options });
    }

    /** Say that a reward was handed over. `POST /v1/rewards/{id}/fulfil` */
    fulfilReward(id: string, body: Fulfilment, options?: Options): Promise<Reward> {
        return this.send({ method: "POST", path: path`/v1/rewards/${id}/fulfil`, answer: "json", body, keyed: true, options });
    }

    /** Grants. `GET /v1/grants` */
    listGrants(query: { customer?: string; external_id?: string; reference?: string; status?: GrantStatusInput; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<GrantList> {
        return this.send({ method: "GET", path: path`/v1/grants`, answer: "json", query, options });
    }

    /** Give a customer a reward by hand. `POST /v1/grants` */
    createGrant(body: NewGrant, options?: Options): Promise<Grant> {
        return this.send({ method: "POST", path: path`/v1/grants`, answer: "json", body, keyed: true, options });
    }

    /** A grant. `GET /v1/grants/{id}` */
    getGrant(id: string, options?: Options): Promise<Grant> {
        return this.send({ method: "GET", path: path`/v1/grants/${id}`, answer: "json", options });
    }

    /** Approve another operator's grant. `POST /v1/grants/{id}/approve` */
    approveGrant(id: string, body: Approval = {}, options?: Options): Promise<Grant> {
        return this.send({ method: "POST", path: path`/v1/grants/${id}/approve`, answer: "json", body, keyed: true, options });
    }

    /** Reject another operator's grant. `POST /v1/grants/{id}/reject` */
    rejectGrant(id: string, body: Because, options?: Options): Promise<Grant> {
        return this.send({ method: "POST", path: path`/v1/grants/${id}/reject`, answer: "json", body, keyed: true, options });
    }

    /** The shop's offers. `GET /v1/offers` */
    listOffers(query: { program?: string; status?: ProgramStatusInput; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<OfferList> {
        return this.send({ method: "GET", path: path`/v1/offers`, answer: "json", query, options });
    }

    /** Make an offer. `POST /v1/offers` */
    createOffer(body: NewOffer, options?: Options): Promise<Offer> {
        return this.send({ method: "POST", path: path`/v1/offers`, answer: "json", body, keyed: true, options });
    }

    /** What conditions may ask about. `GET /v1/offers/facts` */
    listFacts(options?: Options): Promise<FactList> {
        return this.send({ method: "GET", path: path`/v1/offers/facts`, answer: "json", options });
    }

    /** What conditions would have done. `POST /v1/offers/backtest` */
    backtestDraft(body: BacktestRequest, options?: Options): Promise<Backtest | BacktestProgress> {
        return this.send({ method: "POST", path: path`/v1/offers/backtest`, answer: "json", body, options });
    }

    /** An offer, with what was claimed. `GET /v1/offers/{id}` */
    getOffer(id: string, options?: Options): Promise<Offer> {
        return this.send({ method: "GET", path: path`/v1/offers/${id}`, answer: "json", options });
    }

    /** Change an offer. `PATCH /v1/offers/{id}` */
    updateOffer(id: string, body: OfferChange, options: Options & { ifMatch: string }): Promise<Offer> {
        return this.send({ method: "PATCH", path: path`/v1/offers/${id}`, answer: "json", body, keyed: true, options });
    }

    /** Open an offer, or go on with a paused one. `POST /v1/offers/{id}/activate` */
    activateOffer(id: string, options?: Options): Promise<Offer> {
        return this.send({ method: "POST", path: path`/v1/offers/${id}/activate`, answer: "json", keyed: true, options });
    }

    /** Pause an offer. `POST /v1/offers/{id}/pause` */
    pauseOffer(id: string, options?: Options): Promise<Offer> {
        return this.send({ method: "POST", path: path`/v1/offers/${id}/pause`, answer: "json", keyed: true, options });
    }

    /** End an offer, for ever. `POST /v1/offers/{id}/end` */
    endOffer(id: string, options?: Options): Promise<Offer> {
        return this.send({ method: "POST", path: path`/v1/offers/${id}/end`, answer: "json", keyed: true, options });
    }

    /** What an offer would have done. `POST /v1/offers/{id}/backtest` */
    backtestOffer(id: string, body: BacktestDays, options?: Options): Promise<Backtest | BacktestProgress> {
        return this.send({ method: "POST", path: path`/v1/offers/${id}/backtest`, answer: "json", body, options });
    }

    /** Whether somebody could take an offer now. `POST /v1/offers/{id}/check` */
    checkOffer(id: string, body: OfferAsk, options?: Options): Promise<OfferCheckAnswer> {
        return this.send({ method: "POST", path: path`/v1/offers/${id}/check`, answer: "json", body, options });
    }

    /** Take an offer. `POST /v1/offers/{id}/claims` */
    createClaim(id: string, body: OfferAsk, options?: Options): Promise<Claim> {
        return this.send({ method: "POST", path: path`/v1/offers/${id}/claims`, answer: "json", body, keyed: true, options });
    }

    /** The passes that an offer gave. `GET /v1/offers/{id}/passes` */
    listOfferPasses(id: string, query: { admitted?: boolean; limit?: number; after?: string; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<PassList> {
        return this.send({ method: "GET", path: path`/v1/offers/${id}/passes`, answer: "json", query, options });
    }

    /** How full the group of a share is. `GET /v1/offers/{id}/groups/{share}` */
    getGroup(id: string, share: string, options?: Options): Promise<GroupState> {
        return this.send({ method: "GET", path: path`/v1/offers/${id}/groups/${share}`, answer: "json", options });
    }

    /** Claims. `GET /v1/claims` */
    listClaims(query: { offer?: string; share?: string; customer?: string; external_id?: string; advocate?: string; counted?: true; redeemed?: true; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<ClaimList> {
        return this.send({ method: "GET", path: path`/v1/claims`, answer: "json", query, options });
    }

    /** A claim, and where what it gave stands. `GET /v1/claims/{id}` */
    getClaim(id: string, options?: Options): Promise<Claim> {
        return this.send({ method: "GET", path: path`/v1/claims/${id}`, answer: "json", options });
    }

    /** Named sets of customers. `GET /v1/segments` */
    listSegments(query: { limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<SegmentList> {
        return this.send({ method: "GET", path: path`/v1/segments`, answer: "json", query, options });
    }

    /** A segment. `GET /v1/segments/{key}` */
    getSegment(key: string, options?: Options): Promise<Segment> {
        return this.send({ method: "GET", path: path`/v1/segments/${key}`, answer: "json", options });
    }

    /** Add a segment, or change one. `PUT /v1/segments/{key}` */
    upsertSegment(key: string, body: SegmentChange, options?: Options): Promise<Segment> {
        return this.send({ method: "PUT", path: path`/v1/segments/${key}`, answer: "json", body, keyed: true, options });
    }

    /** Who is on the list of a segment. `GET /v1/segments/{key}/members` */
    listMembers(key: string, query: { limit?: number; after?: string; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<MemberList> {
        return this.send({ method: "GET", path: path`/v1/segments/${key}/members`, answer: "json", query, options });
    }

    /** Put a customer on the list of a segment. `PUT /v1/segments/{key}/members/{customer}` */
    addMember(key: string, customer: string, options?: Options): Promise<Member> {
        return this.send({ method: "PUT", path: path`/v1/segments/${key}/members/${customer}`, answer: "json", keyed: true, options });
    }

    /** Take a customer off the list of a segment. `DELETE /v1/segments/{key}/members/{customer}` */
    removeMember(key: string, customer: string, options?: Options): Promise<void> {
        return this.send({ method: "DELETE", path: path`/v1/segments/${key}/members/${customer}`, answer: "nothing", keyed: true, options });
    }

    /** Vouchers. `GET /v1/vouchers` */
    listVouchers(query: { customer?: string; external_id?: string; reference?: string; status?: VoucherStatusInput; source?: "reward" | "grant" | "shop"; kind?: BenefitKindInput; batch?: string; owed?: true; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<VoucherList> {
        return this.send({ method: "GET", path: path`/v1/vouchers`, answer: "json", query, options });
    }

    /** Make a voucher. `POST /v1/vouchers` */
    createVoucher(body: NewVoucher, options?: Options): Promise<Voucher> {
        return this.send({ method: "POST", path: path`/v1/vouchers`, answer: "json", body, keyed: true, options });
    }

    /** A voucher. `GET /v1/vouchers/{id}` */
    getVoucher(id: string, options?: Options): Promise<Voucher> {
        return this.send({ method: "GET", path: path`/v1/vouchers/${id}`, answer: "json", options });
    }

    /** Change a voucher. `PATCH /v1/vouchers/{id}` */
    updateVoucher(id: string, body: VoucherChange, options: Options & { ifMatch: string }): Promise<Voucher> {
        return this.send({ method: "PATCH", path: path`/v1/vouchers/${id}`, answer: "json", body, keyed: true, options });
    }

    /** Approve another operator's voucher. `POST /v1/vouchers/{id}/approve` */
    approveVoucher(id: string, body: Approval = {}, options?: Options): Promise<Voucher> {
        return this.send({ method: "POST", path: path`/v1/vouchers/${id}/approve`, answer: "json", body, keyed: true, options });
    }

    /** Withdraw a voucher. `POST /v1/vouchers/{id}/void` */
    voidVoucher(id: string, body: Because, options?: Options): Promise<Voucher> {
        return this.send({ method: "POST", path: path`/v1/vouchers/${id}/void`, answer: "json", body, keyed: true, options });
    }

    /** Give a voucher another code. `POST /v1/vouchers/{id}/replace` */
    replaceVoucher(id: string, body: Because, options?: Options): Promise<Voucher> {
        return this.send({ method: "POST", path: path`/v1/vouchers/${id}/replace`, answer: "json", body, keyed: true, options });
    }

    /** Show a voucher with its code in full. `POST /v1/vouchers/{id}/reveal` */
    revealVoucher(id: string, body: Because, options?: Options): Promise<Voucher> {
        return this.send({ method: "POST", path: path`/v1/vouchers/${id}/reveal`, answer: "json", body, keyed: true, options });
    }

    /** Find a voucher by its code. `POST /v1/vouchers/lookup` */
    lookupVoucher(body: VoucherLookup, options?: Options): Promise<Voucher> {
        return this.send({ method: "POST", path: path`/v1/vouchers/lookup`, answer: "json", body, options });
    }

    /** What codes would do for a cart. `POST /v1/vouchers/check` */
    checkCart(body: Cart, options?: Options): Promise<CartAnswer> {
        return this.send({ method: "POST", path: path`/v1/vouchers/check`, answer: "json", body, options });
    }

    /** What a customer could use in a cart. `POST /v1/vouchers/applicable` */
    listApplicableVouchers(body: Cart, options?: Options): Promise<ApplicableAnswer> {
        return this.send({ method: "POST", path: path`/v1/vouchers/applicable`, answer: "json", body, options });
    }

    /** Batches of vouchers. `GET /v1/voucher_batches` */
    listVoucherBatches(query: { status?: BatchStatusInput; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<VoucherBatchList> {
        return this.send({ method: "GET", path: path`/v1/voucher_batches`, answer: "json", query, options });
    }

    /** Make up to a million vouchers. `POST /v1/voucher_batches` */
    createVoucherBatch(body: NewVoucherBatch, options?: Options): Promise<VoucherBatch> {
        return this.send({ method: "POST", path: path`/v1/voucher_batches`, answer: "json", body, keyed: true, options });
    }

    /** Make a voucher for each customer of a list. `POST /v1/voucher_batches/for_customers` */
    createBoundVoucherBatch(body: string | Uint8Array, type: "text/csv" | "application/x-ndjson", query: { name: string; kind: "percent_off" | "amount_off" | "free_shipping" | "gift_card"; amount?: Amount; rate_bps?: number; max_amount?: Amount; currency?: string; min_order_amount?: Amount; max_redemptions?: number | string; per_customer?: number; valid_from?: Instant; valid_until?: Instant; applies_to?: string; with_shop_discounts?: boolean; stacking?: string; legal_kind?: "promotional" | "earned" | "paid"; tax_kind?: "discount" | "spv" | "mpv"; prefix?: string; length?: number; pattern?: string }, options?: Options): Promise<VoucherBatch> {
        return this.send({ method: "POST", path: path`/v1/voucher_batches/for_customers`, answer: "json", body, type, query, keyed: true, lasts: true, options });
    }

    /** Take over vouchers that were made elsewhere, as a batch. `POST /v1/voucher_batches/import` */
    importVoucherBatch(body: string | Uint8Array, type: "text/csv" | "application/x-ndjson", query: { name: string }, options?: Options): Promise<Job> {
        return this.send({ method: "POST", path: path`/v1/voucher_batches/import`, answer: "json", body, type, query, keyed: true, lasts: true, options });
    }

    /** A batch, and how far it is. `GET /v1/voucher_batches/{id}` */
    getVoucherBatch(id: string, options?: Options): Promise<VoucherBatch> {
        return this.send({ method: "GET", path: path`/v1/voucher_batches/${id}`, answer: "json", options });
    }

    /** Approve another operator's batch. `POST /v1/voucher_batches/{id}/approve` */
    approveVoucherBatch(id: string, body: Approval = {}, options?: Options): Promise<VoucherBatch> {
        return this.send({ method: "POST", path: path`/v1/voucher_batches/${id}/approve`, answer: "json", body, keyed: true, options });
    }

    /** Stop making a batch. `POST /v1/voucher_batches/{id}/cancel` */
    cancelVoucherBatch(id: string, body: Approval = {}, options?: Options): Promise<VoucherBatch> {
        return this.send({ method: "POST", path: path`/v1/voucher_batches/${id}/cancel`, answer: "json", body, keyed: true, options });
    }

    /** Withdraw a batch. `POST /v1/voucher_batches/{id}/void` */
    voidVoucherBatch(id: string, body: Because, options?: Options): Promise<VoucherBatch> {
        return this.send({ method: "POST", path: path`/v1/voucher_batches/${id}/void`, answer: "json", body, keyed: true, options });
    }

    /** The codes of a batch. `GET /v1/voucher_batches/{id}/export.csv` */
    exportVoucherBatch(id: string, query: { reason?: string } = {}, options?: Options): Promise<string> {
        return this.send({ method: "GET", path: path`/v1/voucher_batches/${id}/export.csv`, answer: "text", query, lasts: true, options });
    }

    /** Passes. `GET /v1/passes` */
    listPasses(query: { event?: string; customer?: string; external_id?: string; status?: VoucherStatusInput; admitted?: boolean; conflicts?: boolean; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<PassList> {
        return this.send({ method: "GET", path: path`/v1/passes`, answer: "json", query, options });
    }

    /** The key by which doors tell passes from forged ones without a network. `GET /v1/passes/keys` */
    listPassKeys(options?: Options): Promise<Jwks> {
        return this.send({ method: "GET", path: path`/v1/passes/keys`, answer: "json", options });
    }

    /** Let people in by a code. `POST /v1/passes/admit` */
    admitScannedPass(body: ScannedPass, options?: Options): Promise<Pass> {
        return this.send({ method: "POST", path: path`/v1/passes/admit`, answer: "json", body, keyed: true, options });
    }

    /** A pass. `GET /v1/passes/{id}` */
    getPass(id: string, options?: Options): Promise<Pass> {
        return this.send({ method: "GET", path: path`/v1/passes/${id}`, answer: "json", options });
    }

    /** Change the event of a pass. `PATCH /v1/passes/{id}` */
    updatePass(id: string, body: PassChange, options: Options & { ifMatch: string }): Promise<Pass> {
        return this.send({ method: "PATCH", path: path`/v1/passes/${id}`, answer: "json", body, keyed: true, options });
    }

    /** Let people in by a pass. `POST /v1/passes/{id}/admit` */
    admitPass(id: string, body: ShownPass, options?: Options): Promise<Pass> {
        return this.send({ method: "POST", path: path`/v1/passes/${id}/admit`, answer: "json", body, keyed: true, options });
    }

    /** Holds. `GET /v1/holds` */
    listHolds(query: { order_id?: string; cart_id?: string; customer?: string; external_id?: string; status?: HoldStatusInput; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<HoldList> {
        return this.send({ method: "GET", path: path`/v1/holds`, answer: "json", query, options });
    }

    /** Set codes and store credit aside for a checkout. `POST /v1/holds` */
    createHold(body: NewHold, options?: Options): Promise<Hold> {
        return this.send({ method: "POST", path: path`/v1/holds`, answer: "json", body, keyed: true, options });
    }

    /** A hold. `GET /v1/holds/{id}` */
    getHold(id: string, options?: Options): Promise<Hold> {
        return this.send({ method: "GET", path: path`/v1/holds/${id}`, answer: "json", options });
    }

    /** Give up a hold. `DELETE /v1/holds/{id}` */
    releaseHold(id: string, options?: Options): Promise<void> {
        return this.send({ method: "DELETE", path: path`/v1/holds/${id}`, answer: "nothing", keyed: true, options });
    }

    /** Redemptions. `GET /v1/redemptions` */
    listRedemptions(query: { order_id?: string; customer?: string; external_id?: string; status?: "redeemed" | "partly_reversed" | "reversed"; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<RedemptionList> {
        return this.send({ method: "GET", path: path`/v1/redemptions`, answer: "json", query, options });
    }

    /** Spend codes and store credit in an order. `POST /v1/redemptions` */
    createRedemption(body: NewRedemption, options?: Options): Promise<Redemption> {
        return this.send({ method: "POST", path: path`/v1/redemptions`, answer: "json", body, keyed: true, options });
    }

    /** A redemption. `GET /v1/redemptions/{id}` */
    getRedemption(id: string, options?: Options): Promise<Redemption> {
        return this.send({ method: "GET", path: path`/v1/redemptions/${id}`, answer: "json", options });
    }

    /** Undo a redemption, or part of it. `POST /v1/redemptions/{id}/reversals` */
    createReversal(id: string, body: NewReversal, options?: Options): Promise<Reversal> {
        return this.send({ method: "POST", path: path`/v1/redemptions/${id}/reversals`, answer: "json", body, keyed: true, options });
    }

    /** Mails and their fate. `GET /v1/messages` */
    listMessages(query: { customer?: string; external_id?: string; status?: MessageStatusInput; kind?: MessageKindInput; reward?: string; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<MessageList> {
        return this.send({ method: "GET", path: path`/v1/messages`, answer: "json", query, options });
    }

    /** A message. `GET /v1/messages/{id}` */
    getMessage(id: string, options?: Options): Promise<Message> {
        return this.send({ method: "GET", path: path`/v1/messages/${id}`, answer: "json", options });
    }

    /** Send a mail again. `POST /v1/messages/{id}/resend` */
    resendMessage(id: string, body: Resend, options?: Options): Promise<Message> {
        return this.send({ method: "POST", path: path`/v1/messages/${id}/resend`, answer: "json", body, keyed: true, options });
    }

    /** Announcements. `GET /v1/announcements` */
    listAnnouncements(query: { kind?: AnnouncementKindInput; status?: AnnouncementStatusInput; limit?: number; after?: string; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<AnnouncementList> {
        return this.send({ method: "GET", path: path`/v1/announcements`, answer: "json", query, options });
    }

    /** Write an announcement. `POST /v1/announcements` */
    createAnnouncement(body: NewAnnouncement, options?: Options): Promise<Announcement> {
        return this.send({ method: "POST", path: path`/v1/announcements`, answer: "json", body, keyed: true, options });
    }

    /** An announcement, and what became of its mails. `GET /v1/announcements/{id}` */
    getAnnouncement(id: string, options?: Options): Promise<Announcement> {
        return this.send({ method: "GET", path: path`/v1/announcements/${id}`, answer: "json", options });
    }

    /** Write an announcement anew. `PATCH /v1/announcements/{id}` */
    updateAnnouncement(id: string, body: AnnouncementChange, options: Options & { ifMatch: string }): Promise<Announcement> {
        return this.send({ method: "PATCH", path: path`/v1/announcements/${id}`, answer: "json", body, keyed: true, options });
    }

    /** Count whom an announcement would reach. `POST /v1/announcements/{id}/rehearse` */
    rehearseAnnouncement(id: string, options?: Options): Promise<Announcement | RehearsalProgress> {
        return this.send({ method: "POST", path: path`/v1/announcements/${id}/rehearse`, answer: "json", options });
    }

    /** Approve an announcement. `POST /v1/announcements/{id}/approve` */
    approveAnnouncement(id: string, body: AnnouncementApproval = {}, options?: Options): Promise<Announcement> {
        return this.send({ method: "POST", path: path`/v1/announcements/${id}/approve`, answer: "json", body, keyed: true, options });
    }

    /** Send an approved announcement. `POST /v1/announcements/{id}/send` */
    sendAnnouncement(id: string, options?: Options): Promise<Announcement> {
        return this.send({ method: "POST", path: path`/v1/announcements/${id}/send`, answer: "json", keyed: true, options });
    }

    /** Pause an announcement. `POST /v1/announcements/{id}/pause` */
    pauseAnnouncement(id: string, body: Approval = {}, options?: Options): Promise<Announcement> {
        return this.send({ method: "POST", path: path`/v1/announcements/${id}/pause`, answer: "json", body, keyed: true, options });
    }

    /** Go on with an announcement. `POST /v1/announcements/{id}/resume` */
    resumeAnnouncement(id: string, options?: Options): Promise<Announcement> {
        return this.send({ method: "POST", path: path`/v1/announcements/${id}/resume`, answer: "json", keyed: true, options });
    }

    /** Stop an announcement for good. `POST /v1/announcements/{id}/stop` */
    stopAnnouncement(id: string, body: Approval = {}, options?: Options): Promise<Announcement> {
        return this.send({ method: "POST", path: path`/v1/announcements/${id}/stop`, answer: "json", body, keyed: true, options });
    }

    /** Who was told, when, and who remains. `GET /v1/announcements/{id}/proof.csv` */
    getAnnouncementProof(id: string, options?: Options): Promise<string> {
        return this.send({ method: "GET", path: path`/v1/announcements/${id}/proof.csv`, answer: "text", lasts: true, options });
    }

    /** Templates of the shop's own. `GET /v1/templates` */
    listTemplates(query: { limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<TemplateList> {
        return this.send({ method: "GET", path: path`/v1/templates`, answer: "json", query, options });
    }

    /** A template. `GET /v1/templates/{kind}/{locale}` */
    getTemplate(kind: string, locale: string, options?: Options): Promise<Template> {
        return this.send({ method: "GET", path: path`/v1/templates/${kind}/${locale}`, answer: "json", options });
    }

    /** Write mails in own words. `PUT /v1/templates/{kind}/{locale}` */
    saveTemplate(kind: string, locale: string, body: TemplateChange, options?: Options): Promise<Template> {
        return this.send({ method: "PUT", path: path`/v1/templates/${kind}/${locale}`, answer: "json", body, keyed: true, options });
    }

    /** Have ours again. `DELETE /v1/templates/{kind}/{locale}` */
    deleteTemplate(kind: string, locale: string, options?: Options): Promise<void> {
        return this.send({ method: "DELETE", path: path`/v1/templates/${kind}/${locale}`, answer: "nothing", keyed: true, options });
    }

    /** Try a template out. `POST /v1/templates/{kind}/{locale}/preview` */
    previewTemplate(kind: string, locale: string, body: TemplateTrial, options?: Options): Promise<TemplatePreview> {
        return this.send({ method: "POST", path: path`/v1/templates/${kind}/${locale}/preview`, answer: "json", body, options });
    }

    /** Tell that a mail came back. `POST /v1/mail/bounces` */
    createBounce(body: string | Uint8Array, type: "message/rfc822", options?: Options): Promise<Bounce> {
        return this.send({ method: "POST", path: path`/v1/mail/bounces`, answer: "json", body, type, lasts: true, options });
    }

    /** Addresses that take no mails. `GET /v1/suppressions` */
    listSuppressions(query: { customer?: string; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<SuppressionList> {
        return this.send({ method: "GET", path: path`/v1/suppressions`, answer: "json", query, options });
    }

    /** Write to an address again. `DELETE /v1/suppressions/{id}` */
    deleteSuppression(id: string, options?: Options): Promise<void> {
        return this.send({ method: "DELETE", path: path`/v1/suppressions/${id}`, answer: "nothing", keyed: true, options });
    }

    /** From links that were sent to orders that were kept. `GET /v1/reports/funnel` */
    getFunnelReport(query: { from?: string; to?: string; program?: string; channel?: string; interval?: "day" | "week" | "month" } = {}, options?: Options): Promise<FunnelReport> {
        return this.send({ method: "GET", path: path`/v1/reports/funnel`, answer: "json", query, options });
    }

    /** What each channel brought. `GET /v1/reports/channels` */
    getChannelsReport(query: { from?: string; to?: string; program?: string; channel?: string; interval?: "day" | "week" | "month" } = {}, options?: Options): Promise<ChannelsReport> {
        return this.send({ method: "GET", path: path`/v1/reports/channels`, answer: "json", query, options });
    }

    /** What each place of the shop brought. `GET /v1/reports/placements` */
    getPlacementsReport(query: { from?: string; to?: string; program?: string; channel?: string; interval?: "day" | "week" | "month" } = {}, options?: Options): Promise<PlacementsReport> {
        return this.send({ method: "GET", path: path`/v1/reports/placements`, answer: "json", query, options });
    }

    /** Who brought how much. `GET /v1/reports/advocates` */
    getAdvocatesReport(query: { program: string; month?: string; sort?: "revenue" | "orders" | "referrals"; limit?: number; after?: string }, options?: Options): Promise<AdvocatesReport> {
        return this.send({ method: "GET", path: path`/v1/reports/advocates`, answer: "json", query, options });
    }

    /** How fast it goes from hand to hand. `GET /v1/reports/cycle` */
    getCycleReport(query: { from?: string; to?: string; program?: string } = {}, options?: Options): Promise<CycleReport> {
        return this.send({ method: "GET", path: path`/v1/reports/cycle`, answer: "json", query, options });
    }

    /** How many friends advocates win, and whether it pays for itself. `GET /v1/reports/cohorts` */
    getCohortsReport(query: { from?: string; to?: string; program?: string } = {}, options?: Options): Promise<CohortsReport> {
        return this.send({ method: "GET", path: path`/v1/reports/cohorts`, answer: "json", query, options });
    }

    /** What a program adds. `GET /v1/reports/lift` */
    getLiftReport(query: { program: string; from?: string; to?: string }, options?: Options): Promise<LiftReport> {
        return this.send({ method: "GET", path: path`/v1/reports/lift`, answer: "json", query, options });
    }

    /** What programs may spend, and what they spent. `GET /v1/reports/budget` */
    getBudgetReport(query: { from?: string; to?: string; program?: string } = {}, options?: Options): Promise<BudgetReport> {
        return this.send({ method: "GET", path: path`/v1/reports/budget`, answer: "json", query, options });
    }

    /** What offers gave, and what came of it. `GET /v1/reports/offers` */
    getOffersReport(query: { program?: string; status?: "draft" | "active" | "paused" | "ended" } = {}, options?: Options): Promise<OffersReport> {
        return this.send({ method: "GET", path: path`/v1/reports/offers`, answer: "json", query, options });
    }

    /** What is owed, by kind and age. `GET /v1/reports/liability` */
    getLiabilityReport(options?: Options): Promise<LiabilityReport> {
        return this.send({ method: "GET", path: path`/v1/reports/liability`, answer: "json", options });
    }

    /** What happened, oldest first, without gaps. `GET /v1/events` */
    listEvents(query: { limit?: number; after?: number; consumer?: string; wait?: number; type?: EventKindInput[] } = {}, options?: Options): Promise<EventList> {
        return this.send({ method: "GET", path: path`/v1/events`, answer: "json", query, lasts: true, options });
    }

    /** Prove that no event of a day is missing. `GET /v1/events/proof` */
    getEventsProof(query: { day: string }, options?: Options): Promise<EventsProof | EventsProofProgress> {
        return this.send({ method: "GET", path: path`/v1/events/proof`, answer: "json", query, lasts: true, options });
    }

    /** How far a consumer has got. `GET /v1/event_consumers/{name}` */
    getEventConsumer(name: string, options?: Options): Promise<EventConsumer> {
        return this.send({ method: "GET", path: path`/v1/event_consumers/${name}`, answer: "json", options });
    }

    /** Note how far a consumer has got, or make one. `PUT /v1/event_consumers/{name}` */
    upsertEventConsumer(name: string, body: ConsumerPosition, options?: Options): Promise<EventConsumer> {
        return this.send({ method: "PUT", path: path`/v1/event_consumers/${name}`, answer: "json", body, options });
    }

    /** Forget a consumer. `DELETE /v1/event_consumers/{name}` */
    deleteEventConsumer(name: string, options?: Options): Promise<void> {
        return this.send({ method: "DELETE", path: path`/v1/event_consumers/${name}`, answer: "nothing", options });
    }

    /** Where events are sent. `GET /v1/webhook_endpoints` */
    listWebhookEndpoints(query: { limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<WebhookEndpointList> {
        return this.send({ method: "GET", path: path`/v1/webhook_endpoints`, answer: "json", query, options });
    }

    /** Have events sent to an address of the shop's own. `POST /v1/webhook_endpoints` */
    createWebhookEndpoint(body: NewWebhookEndpoint, options?: Options): Promise<WebhookEndpointWithSecret> {
        return this.send({ method: "POST", path: path`/v1/webhook_endpoints`, answer: "json", body, keyed: true, once: true, options });
    }

    /** An endpoint, without its secret. `GET /v1/webhook_endpoints/{id}` */
    getWebhookEndpoint(id: string, options?: Options): Promise<WebhookEndpoint> {
        return this.send({ method: "GET", path: path`/v1/webhook_endpoints/${id}`, answer: "json", options });
    }

    /** Change an endpoint. `PATCH /v1/webhook_endpoints/{id}` */
    updateWebhookEndpoint(id: string, body: WebhookEndpointChange, options?: Options): Promise<WebhookEndpoint> {
        return this.send({ method: "PATCH", path: path`/v1/webhook_endpoints/${id}`, answer: "json", body, keyed: true, options });
    }

    /** Delete an endpoint. `DELETE /v1/webhook_endpoints/{id}` */
    deleteWebhookEndpoint(id: string, options?: Options): Promise<void> {
        return this.send({ method: "DELETE", path: path`/v1/webhook_endpoints/${id}`, answer: "nothing", keyed: true, options });
    }

    /** Enable an endpoint again. `POST /v1/webhook_endpoints/{id}/enable` */
    enableWebhookEndpoint(id: string, options?: Options): Promise<WebhookEndpoint> {
        return this.send({ method: "POST", path: path`/v1/webhook_endpoints/${id}/enable`, answer: "json", keyed: true, options });
    }

    /** Give an endpoint a new secret. `POST /v1/webhook_endpoints/{id}/rotate_secret` */
    rotateWebhookSecret(id: string, body: SecretRotation, options?: Options): Promise<WebhookEndpointWithSecret> {
        return this.send({ method: "POST", path: path`/v1/webhook_endpoints/${id}/rotate_secret`, answer: "json", body, keyed: true, once: true, options });
    }

    /** Send something to try an endpoint out. `POST /v1/webhook_endpoints/{id}/test` */
    testWebhookEndpoint(id: string, options?: Options): Promise<Delivery> {
        return this.send({ method: "POST", path: path`/v1/webhook_endpoints/${id}/test`, answer: "json", options });
    }

    /** Send a span of events once more. `POST /v1/webhook_endpoints/{id}/replay` */
    replayEvents(id: string, body: Replay, options?: Options): Promise<ReplayedSpan> {
        return this.send({ method: "POST", path: path`/v1/webhook_endpoints/${id}/replay`, answer: "json", body, options });
    }

    /** What did not reach an endpoint at the first try. `GET /v1/webhook_endpoints/{id}/deliveries` */
    listEndpointDeliveries(id: string, query: { status?: DeliveryStatusInput; event?: string; limit?: number; after?: string; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<DeliveryList> {
        return this.send({ method: "GET", path: path`/v1/webhook_endpoints/${id}/deliveries`, answer: "json", query, options });
    }

    /** What an analytics is told, and where. `GET /v1/analytics/{kind}` */
    getAnalyticsAccount(kind: string, options?: Options): Promise<AnalyticsAccount> {
        return this.send({ method: "GET", path: path`/v1/analytics/${kind}`, answer: "json", options });
    }

    /** Tell an analytics of what private sharing brings. `PUT /v1/analytics/{kind}` */
    putAnalyticsAccount(kind: string, body: AnalyticsAccountChange, options?: Options): Promise<AnalyticsAccount> {
        return this.send({ method: "PUT", path: path`/v1/analytics/${kind}`, answer: "json", body, keyed: true, options });
    }

    /** Tell an analytics nothing any more. `DELETE /v1/analytics/{kind}` */
    deleteAnalyticsAccount(kind: string, options?: Options): Promise<void> {
        return this.send({ method: "DELETE", path: path`/v1/analytics/${kind}`, answer: "nothing", keyed: true, options });
    }

    /** Try an account out. `POST /v1/analytics/{kind}/test` */
    testAnalyticsAccount(kind: string, options?: Options): Promise<Delivery> {
        return this.send({ method: "POST", path: path`/v1/analytics/${kind}/test`, answer: "json", options });
    }

    /** What did not arrive at the first try, at all endpoints. `GET /v1/deliveries` */
    listDeliveries(query: { endpoint?: string; status?: DeliveryStatusInput; event?: string; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<DeliveryList> {
        return this.send({ method: "GET", path: path`/v1/deliveries`, answer: "json", query, options });
    }

    /** A delivery, with what was answered. `GET /v1/deliveries/{id}` */
    getDelivery(id: string, options?: Options): Promise<Delivery> {
        return this.send({ method: "GET", path: path`/v1/deliveries/${id}`, answer: "json", options });
    }

    /** Send it once more, now. `POST /v1/deliveries/{id}/redeliver` */
    redeliver(id: string, options?: Options): Promise<Delivery> {
        return this.send({ method: "POST", path: path`/v1/deliveries/${id}/redeliver`, answer: "json", options });
    }

    /** Import what was before. `POST /v1/imports` */
    createImport(body: string | Uint8Array, type: "text/csv" | "application/x-ndjson", query: { kind: "customers" | "orders" | "codes" | "vouchers" | "referrals" | "members" }, options?: Options): Promise<Job> {
        return this.send({ method: "POST", path: path`/v1/imports`, answer: "json", body, type, query, keyed: true, lasts: true, options });
    }

    /** Jobs. `GET /v1/jobs` */
    listJobs(query: { kind?: JobKindInput; status?: JobStatusInput; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<JobList> {
        return this.send({ method: "GET", path: path`/v1/jobs`, answer: "json", query, options });
    }

    /** How far a job has come. `GET /v1/jobs/{id}` */
    getJob(id: string, options?: Options): Promise<Job> {
        return this.send({ method: "GET", path: path`/v1/jobs/${id}`, answer: "json", options });
    }

    /** The lines that a job refused. `GET /v1/jobs/{id}/errors` */
    listJobErrors(id: string, options?: Options): Promise<string> {
        return this.send({ method: "GET", path: path`/v1/jobs/${id}/errors`, answer: "text", lasts: true, options });
    }

    /** Who did what by hand. `GET /v1/audit_log` */
    listAuditLog(query: { action?: string; subject?: string; limit?: number; after?: string; ids?: Id[]; created_from?: Instant; created_to?: Instant } = {}, options?: Options): Promise<AuditRowList> {
        return this.send({ method: "GET", path: path`/v1/audit_log`, answer: "json", query, options });
    }

    /** Prove the shop's books. `GET /v1/ledger/audit` */
    getLedgerAudit(options?: Options): Promise<LedgerAudit | LedgerAuditProgress> {
        return this.send({ method: "GET", path: path`/v1/ledger/audit`, answer: "json", lasts: true, options });
    }
}
