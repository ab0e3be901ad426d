<?php

declare(strict_types=1);

namespace Grapevine;

/**
 * A method for each operation: what stands in its path, its body, then by name what is asked for.
 *
 * Made from openapi.yaml by scripts/clients. Change neither by hand.
 */
trait Operations
{
    abstract public function send(Call $call): mixed;

    /** Exchange a key for an access token (OAuth 2, client credentials). `POST /v1/token` */
    public function createToken(array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/token'), answer: 'json', body: $body, timeout: $timeout));
    }

    /** Sign an operator in. `POST /v1/operators/token` */
    public function createOperatorToken(array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/operators/token'), answer: 'json', body: $body, timeout: $timeout));
    }

    /** The operators of the shop. `GET /v1/operators` */
    public function listOperators(?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/operators'), answer: 'json', query: ['limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Add an operator. `POST /v1/operators` */
    public function createOperator(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/operators'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout, once: true));
    }

    /** An operator. `GET /v1/operators/{id}` */
    public function getOperator(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/operators/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Change an operator's name, role or password. `PATCH /v1/operators/{id}` */
    public function updateOperator(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PATCH', Http::path('/v1/operators/%s', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Let an operator go. `DELETE /v1/operators/{id}` */
    public function deleteOperator(string $id, ?string $idempotencyKey = null, ?float $timeout = null): void
    {
        $this->send(new Call('DELETE', Http::path('/v1/operators/%s', $id), answer: 'nothing', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** The keys of the shop, without their secrets. `GET /v1/keys` */
    public function listKeys(?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/keys'), answer: 'json', query: ['limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Make a key. `POST /v1/keys` */
    public function createKey(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/keys'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout, once: true));
    }

    /** A key, without its secret. `GET /v1/keys/{id}` */
    public function getKey(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/keys/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Change a key's name or scopes. `PATCH /v1/keys/{id}` */
    public function updateKey(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PATCH', Http::path('/v1/keys/%s', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Delete a key. `DELETE /v1/keys/{id}` */
    public function deleteKey(string $id, ?string $idempotencyKey = null, ?float $timeout = null): void
    {
        $this->send(new Call('DELETE', Http::path('/v1/keys/%s', $id), answer: 'nothing', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Approve another operator's key. `POST /v1/keys/{id}/approve` */
    public function approveKey(string $id, array|object $body = [], ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/keys/%s/approve', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** The shop's settings. `GET /v1/shop` */
    public function getShop(?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/shop'), answer: 'json', timeout: $timeout));
    }

    /** Change settings. `PATCH /v1/shop` */
    public function updateShop(array|object $body, string $ifMatch, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PATCH', Http::path('/v1/shop'), answer: 'json', body: $body, ifMatch: $ifMatch, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Move a test shop's clock forward. `POST /v1/test/clock` */
    public function moveTestClock(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/test/clock'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout, lasts: true));
    }

    /** The customers whom the shop made known. `GET /v1/customers` */
    public function listCustomers(?string $externalId = null, ?string $email = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/customers'), answer: 'json', query: ['external_id' => $externalId, 'email' => $email, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Who somebody is. `POST /v1/customers/lookup` */
    public function lookupCustomer(array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/customers/lookup'), answer: 'json', body: $body, timeout: $timeout));
    }

    /** Make a customer known, or change what is known. `PUT /v1/customers/{id}` */
    public function upsertCustomer(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PUT', Http::path('/v1/customers/%s', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** A customer. `GET /v1/customers/{id}` */
    public function getCustomer(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/customers/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Erase a customer or a guest. `DELETE /v1/customers/{id}` */
    public function deleteCustomer(string $id, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('DELETE', Http::path('/v1/customers/%s', $id), answer: 'json', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** All that is held of a customer or a guest. `GET /v1/customers/{id}/export` */
    public function exportCustomer(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/customers/%s/export', $id), answer: 'json', timeout: $timeout, lasts: true));
    }

    /** What happened to a customer, and what comes next. `GET /v1/customers/{id}/timeline` */
    public function getTimeline(string $id, ?string $locale = null, ?int $limit = null, ?string $after = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/customers/%s/timeline', $id), answer: 'json', query: ['locale' => $locale, 'limit' => $limit, 'after' => $after, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Ask by mail whether somebody wants advertising. `POST /v1/customers/{id}/ask_consent` */
    public function askConsent(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/customers/%s/ask_consent', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Merge another customer or guest into this one. `POST /v1/customers/{id}/merge` */
    public function mergeCustomers(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/customers/%s/merge', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** A customer's store credit. `GET /v1/customers/{id}/balance` */
    public function getCustomerBalance(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/customers/%s/balance', $id), answer: 'json', timeout: $timeout));
    }

    /** The ledger's entries that concern a customer. `GET /v1/customers/{id}/entries` */
    public function listCustomerEntries(string $id, ?int $limit = null, ?string $after = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/customers/%s/entries', $id), answer: 'json', query: ['limit' => $limit, 'after' => $after, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** The vouchers bound to a customer. `GET /v1/customers/{id}/vouchers` */
    public function listCustomerVouchers(string $id, ?int $limit = null, ?string $after = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/customers/%s/vouchers', $id), answer: 'json', query: ['limit' => $limit, 'after' => $after, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** A customer's rewards. `GET /v1/customers/{id}/rewards` */
    public function listCustomerRewards(string $id, ?int $limit = null, ?string $after = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/customers/%s/rewards', $id), answer: 'json', query: ['limit' => $limit, 'after' => $after, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Where a customer shared. `GET /v1/customers/{id}/shares` */
    public function listCustomerShares(string $id, ?int $limit = null, ?string $after = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/customers/%s/shares', $id), answer: 'json', query: ['limit' => $limit, 'after' => $after, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Make a token for a customer's browser. `POST /v1/customers/{id}/tokens` */
    public function createCustomerToken(string $id, array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/customers/%s/tokens', $id), answer: 'json', body: $body, timeout: $timeout));
    }

    /** Who is logged in. `GET /v1/me` */
    public function getMe(?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/me'), answer: 'json', timeout: $timeout));
    }

    /** Where the customer shared. `GET /v1/me/shares` */
    public function listMyShares(?string $program = null, ?string $channel = null, ?int $limit = null, ?string $after = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/me/shares'), answer: 'json', query: ['program' => $program, 'channel' => $channel, 'limit' => $limit, 'after' => $after, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Get or make a share of the customer's. `POST /v1/me/shares` */
    public function createMyShare(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/me/shares'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** The customer's code in a program. `GET /v1/me/code` */
    public function getMyCode(string $program, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/me/code'), answer: 'json', query: ['program' => $program], timeout: $timeout));
    }

    /** Give the customer a code in a program. `POST /v1/me/code` */
    public function createMyCode(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/me/code'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** The customer's rewards. `GET /v1/me/rewards` */
    public function listMyRewards(?string $program = null, ?string $status = null, ?int $limit = null, ?string $after = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/me/rewards'), answer: 'json', query: ['program' => $program, 'status' => $status, 'limit' => $limit, 'after' => $after, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Friends whom the customer won, without their names. `GET /v1/me/referrals` */
    public function listMyReferrals(?string $program = null, ?string $status = null, ?int $limit = null, ?string $after = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/me/referrals'), answer: 'json', query: ['program' => $program, 'status' => $status, 'limit' => $limit, 'after' => $after, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** The vouchers bound to the customer, with their codes. `GET /v1/me/vouchers` */
    public function listMyVouchers(?string $status = null, ?int $limit = null, ?string $after = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/me/vouchers'), answer: 'json', query: ['status' => $status, 'limit' => $limit, 'after' => $after, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** A program at a glance. `GET /v1/me/summary` */
    public function getMySummary(?string $program = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/me/summary'), answer: 'json', query: ['program' => $program], timeout: $timeout));
    }

    /** The customer's store credit. `GET /v1/me/balance` */
    public function getMyBalance(?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/me/balance'), answer: 'json', timeout: $timeout));
    }

    /** What the customer took of offers. `GET /v1/me/claims` */
    public function listMyClaims(?string $offer = null, ?int $limit = null, ?string $after = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/me/claims'), answer: 'json', query: ['offer' => $offer, 'limit' => $limit, 'after' => $after, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** How full the group of a share is. `GET /v1/me/offers/{id}/groups/{share}` */
    public function getMyGroup(string $id, string $share, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/me/offers/%s/groups/%s', $id, $share), answer: 'json', timeout: $timeout));
    }

    /** Whether the customer could take an offer now. `POST /v1/me/offers/{id}/check` */
    public function checkMyOffer(string $id, array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/me/offers/%s/check', $id), answer: 'json', body: $body, timeout: $timeout));
    }

    /** Take an offer. `POST /v1/me/offers/{id}/claims` */
    public function createMyClaim(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/me/offers/%s/claims', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** The shop's programs. `GET /v1/programs` */
    public function listPrograms(?string $status = null, ?string $slug = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/programs'), answer: 'json', query: ['status' => $status, 'slug' => $slug, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Make a program. `POST /v1/programs` */
    public function createProgram(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/programs'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** A program, with what is used of its budget. `GET /v1/programs/{id}` */
    public function getProgram(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/programs/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Change a program. `PATCH /v1/programs/{id}` */
    public function updateProgram(string $id, array|object $body, string $ifMatch, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PATCH', Http::path('/v1/programs/%s', $id), answer: 'json', body: $body, ifMatch: $ifMatch, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Start a program, or go on with a paused one. `POST /v1/programs/{id}/activate` */
    public function activateProgram(string $id, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/programs/%s/activate', $id), answer: 'json', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Pause a program. `POST /v1/programs/{id}/pause` */
    public function pauseProgram(string $id, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/programs/%s/pause', $id), answer: 'json', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** End a program, for ever. `POST /v1/programs/{id}/end` */
    public function endProgram(string $id, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/programs/%s/end', $id), answer: 'json', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Give a customer an advocate code. `POST /v1/programs/{id}/codes` */
    public function createCode(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/programs/%s/codes', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Whose advocate code it is. `GET /v1/codes/{code}` */
    public function getCode(string $code, ?string $visitor = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/codes/%s', $code), answer: 'json', query: ['visitor' => $visitor], timeout: $timeout));
    }

    /** Where customers can share. `GET /v1/channels` */
    public function listChannels(?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/channels'), answer: 'json', timeout: $timeout));
    }

    /** Add a channel, or change one. `PUT /v1/channels/{key}` */
    public function upsertChannel(string $key, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PUT', Http::path('/v1/channels/%s', $key), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** How much of what came was sent in private. `GET /v1/reports/dark` */
    public function getDarkReport(?string $from = null, ?string $to = null, ?string $interval = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/reports/dark'), answer: 'json', query: ['from' => $from, 'to' => $to, 'interval' => $interval], timeout: $timeout));
    }

    /** Tell how people came to the shop's pages. `POST /v1/pageviews` */
    public function createPageviews(array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/pageviews'), answer: 'json', body: $body, timeout: $timeout));
    }

    /** The same, told by a page of the shop's. `POST /v1/shops/{slug}/pageviews` */
    public function notePageviews(string $slug, array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/shops/%s/pageviews', $slug), answer: 'json', body: $body, timeout: $timeout));
    }

    /** Shares. `GET /v1/shares` */
    public function listShares(?string $program = null, ?string $customer = null, ?string $externalId = null, ?string $channel = null, ?string $placement = null, ?string $parent = null, ?bool $isRoot = null, ?string $status = null, ?int $trial = null, ?bool $heldOut = null, ?bool $first = null, ?bool $cycle = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/shares'), answer: 'json', query: ['program' => $program, 'customer' => $customer, 'external_id' => $externalId, 'channel' => $channel, 'placement' => $placement, 'parent' => $parent, 'is_root' => $isRoot, 'status' => $status, 'trial' => $trial, 'held_out' => $heldOut, 'first' => $first, 'cycle' => $cycle, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Get or make a share, with its link and its words. `POST /v1/shares` */
    public function createShare(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/shares'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** A share, with its counts. `GET /v1/shares/{id}` */
    public function getShare(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/shares/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Who shared on, from hand to hand. `GET /v1/shares/{id}/tree` */
    public function getShareTree(string $id, ?int $levels = null, ?int $limit = null, ?string $after = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/shares/%s/tree', $id), answer: 'json', query: ['levels' => $levels, 'limit' => $limit, 'after' => $after], timeout: $timeout));
    }

    /** The link as a QR code, SVG. `GET /v1/shares/{id}/qr.svg` */
    public function getShareQrSvg(string $id, ?float $timeout = null): string
    {
        return $this->send(new Call('GET', Http::path('/v1/shares/%s/qr.svg', $id), answer: 'text', timeout: $timeout, lasts: true));
    }

    /** The link as a QR code, PNG. `GET /v1/shares/{id}/qr.png` */
    public function getShareQrPng(string $id, ?float $timeout = null): string
    {
        return $this->send(new Call('GET', Http::path('/v1/shares/%s/qr.png', $id), answer: 'text', timeout: $timeout));
    }

    /** Give a share that was made without a customer to the one who made it. `POST /v1/shares/{id}/adopt` */
    public function adoptShare(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/shares/%s/adopt', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Whether evidence would make a referral. `POST /v1/referrals/check` */
    public function checkReferral(array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/referrals/check'), answer: 'json', body: $body, timeout: $timeout));
    }

    /** Referrals. `GET /v1/referrals` */
    public function listReferrals(?string $program = null, ?string $friend = null, ?string $advocate = null, ?string $status = null, ?string $externalId = null, ?string $channel = null, ?string $advocateId = null, ?string $placement = null, ?int $trial = null, ?bool $heldOut = null, ?bool $counted = null, ?string $advocateSinceFrom = null, ?string $advocateSinceTo = null, ?string $withinDays = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/referrals'), answer: 'json', query: ['program' => $program, 'friend' => $friend, 'advocate' => $advocate, 'status' => $status, 'external_id' => $externalId, 'channel' => $channel, 'advocate_id' => $advocateId, 'placement' => $placement, 'trial' => $trial, 'held_out' => $heldOut, 'counted' => $counted, 'advocate_since_from' => $advocateSinceFrom, 'advocate_since_to' => $advocateSinceTo, 'within_days' => $withinDays, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Note who recommended a friend, at sign-up. `POST /v1/referrals` */
    public function createReferral(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/referrals'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** A referral. `GET /v1/referrals/{id}` */
    public function getReferral(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/referrals/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Conversions. `GET /v1/conversions` */
    public function listConversions(?string $orderId = null, ?string $customer = null, ?string $externalId = null, ?string $advocate = null, ?string $program = null, ?string $status = null, ?bool $overdue = null, ?string $share = null, ?string $channel = null, ?string $advocateId = null, ?string $placement = null, ?string $occurredFrom = null, ?string $occurredTo = null, ?int $trial = null, ?bool $heldOut = null, ?bool $counted = null, ?bool $cycle = null, ?bool $credited = null, ?bool $naked = null, ?bool $approved = null, ?bool $refunded = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/conversions'), answer: 'json', query: ['order_id' => $orderId, 'customer' => $customer, 'external_id' => $externalId, 'advocate' => $advocate, 'program' => $program, 'status' => $status, 'overdue' => $overdue, 'share' => $share, 'channel' => $channel, 'advocate_id' => $advocateId, 'placement' => $placement, 'occurred_from' => $occurredFrom, 'occurred_to' => $occurredTo, 'trial' => $trial, 'held_out' => $heldOut, 'counted' => $counted, 'cycle' => $cycle, 'credited' => $credited, 'naked' => $naked, 'approved' => $approved, 'refunded' => $refunded, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Report an order. `POST /v1/conversions` */
    public function createConversion(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/conversions'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** A conversion. `GET /v1/conversions/{id}` */
    public function getConversion(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/conversions/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Change an order. `PATCH /v1/conversions/{id}` */
    public function updateConversion(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PATCH', Http::path('/v1/conversions/%s', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** It was paid. `POST /v1/conversions/{id}/paid` */
    public function payConversion(string $id, array|object $body = [], ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/conversions/%s/paid', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Its last parcel was delivered. `POST /v1/conversions/{id}/delivered` */
    public function deliverConversion(string $id, array|object $body = [], ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/conversions/%s/delivered', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** It was cancelled. `POST /v1/conversions/{id}/cancelled` */
    public function cancelConversion(string $id, array|object $body = [], ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/conversions/%s/cancelled', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Screening is fine. `POST /v1/conversions/{id}/clear` */
    public function clearConversion(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/conversions/%s/clear', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Approve it now. `POST /v1/conversions/{id}/approve` */
    public function approveConversion(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/conversions/%s/approve', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Reject it. `POST /v1/conversions/{id}/reject` */
    public function rejectConversion(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/conversions/%s/reject', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Credit it to somebody. `POST /v1/conversions/{id}/attribute` */
    public function attributeConversion(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/conversions/%s/attribute', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** It came back, or part of it. `POST /v1/conversions/{id}/refunds` */
    public function createRefund(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/conversions/%s/refunds', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Rewards. `GET /v1/rewards` */
    public function listRewards(?string $customer = null, ?string $externalId = null, ?string $program = null, ?string $conversion = null, ?string $orderId = null, ?string $status = null, ?string $channel = null, ?string $advocateId = null, ?string $placement = null, ?string $countedFrom = null, ?string $countedTo = null, ?bool $counted = null, ?bool $waiting = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/rewards'), answer: 'json', query: ['customer' => $customer, 'external_id' => $externalId, 'program' => $program, 'conversion' => $conversion, 'order_id' => $orderId, 'status' => $status, 'channel' => $channel, 'advocate_id' => $advocateId, 'placement' => $placement, 'counted_from' => $countedFrom, 'counted_to' => $countedTo, 'counted' => $counted, 'waiting' => $waiting, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** A reward, with its history. `GET /v1/rewards/{id}` */
    public function getReward(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/rewards/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Issue a pending reward now. `POST /v1/rewards/{id}/approve` */
    public function approveReward(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/rewards/%s/approve', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Withdraw a reward. `POST /v1/rewards/{id}/void` */
    public function voidReward(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/rewards/%s/void', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Say that a reward was handed over. `POST /v1/rewards/{id}/fulfil` */
    public function fulfilReward(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/rewards/%s/fulfil', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Grants. `GET /v1/grants` */
    public function listGrants(?string $customer = null, ?string $externalId = null, ?string $reference = null, ?string $status = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/grants'), answer: 'json', query: ['customer' => $customer, 'external_id' => $externalId, 'reference' => $reference, 'status' => $status, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Give a customer a reward by hand. `POST /v1/grants` */
    public function createGrant(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/grants'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** A grant. `GET /v1/grants/{id}` */
    public function getGrant(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/grants/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Approve another operator's grant. `POST /v1/grants/{id}/approve` */
    public function approveGrant(string $id, array|object $body = [], ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/grants/%s/approve', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Reject another operator's grant. `POST /v1/grants/{id}/reject` */
    public function rejectGrant(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/grants/%s/reject', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** The shop's offers. `GET /v1/offers` */
    public function listOffers(?string $program = null, ?string $status = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/offers'), answer: 'json', query: ['program' => $program, 'status' => $status, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Make an offer. `POST /v1/offers` */
    public function createOffer(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/offers'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** What conditions may ask about. `GET /v1/offers/facts` */
    public function listFacts(?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/offers/facts'), answer: 'json', timeout: $timeout));
    }

    /** What conditions would have done. `POST /v1/offers/backtest` */
    public function backtestDraft(array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/offers/backtest'), answer: 'json', body: $body, timeout: $timeout));
    }

    /** An offer, with what was claimed. `GET /v1/offers/{id}` */
    public function getOffer(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/offers/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Change an offer. `PATCH /v1/offers/{id}` */
    public function updateOffer(string $id, array|object $body, string $ifMatch, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PATCH', Http::path('/v1/offers/%s', $id), answer: 'json', body: $body, ifMatch: $ifMatch, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Open an offer, or go on with a paused one. `POST /v1/offers/{id}/activate` */
    public function activateOffer(string $id, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/offers/%s/activate', $id), answer: 'json', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Pause an offer. `POST /v1/offers/{id}/pause` */
    public function pauseOffer(string $id, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/offers/%s/pause', $id), answer: 'json', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** End an offer, for ever. `POST /v1/offers/{id}/end` */
    public function endOffer(string $id, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/offers/%s/end', $id), answer: 'json', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** What an offer would have done. `POST /v1/offers/{id}/backtest` */
    public function backtestOffer(string $id, array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/offers/%s/backtest', $id), answer: 'json', body: $body, timeout: $timeout));
    }

    /** Whether somebody could take an offer now. `POST /v1/offers/{id}/check` */
    public function checkOffer(string $id, array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/offers/%s/check', $id), answer: 'json', body: $body, timeout: $timeout));
    }

    /** Take an offer. `POST /v1/offers/{id}/claims` */
    public function createClaim(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/offers/%s/claims', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** The passes that an offer gave. `GET /v1/offers/{id}/passes` */
    public function listOfferPasses(string $id, ?bool $admitted = null, ?int $limit = null, ?string $after = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/offers/%s/passes', $id), answer: 'json', query: ['admitted' => $admitted, 'limit' => $limit, 'after' => $after, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** How full the group of a share is. `GET /v1/offers/{id}/groups/{share}` */
    public function getGroup(string $id, string $share, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/offers/%s/groups/%s', $id, $share), answer: 'json', timeout: $timeout));
    }

    /** Claims. `GET /v1/claims` */
    public function listClaims(?string $offer = null, ?string $share = null, ?string $customer = null, ?string $externalId = null, ?string $advocate = null, ?bool $counted = null, ?bool $redeemed = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/claims'), answer: 'json', query: ['offer' => $offer, 'share' => $share, 'customer' => $customer, 'external_id' => $externalId, 'advocate' => $advocate, 'counted' => $counted, 'redeemed' => $redeemed, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** A claim, and where what it gave stands. `GET /v1/claims/{id}` */
    public function getClaim(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/claims/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Named sets of customers. `GET /v1/segments` */
    public function listSegments(?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/segments'), answer: 'json', query: ['limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** A segment. `GET /v1/segments/{key}` */
    public function getSegment(string $key, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/segments/%s', $key), answer: 'json', timeout: $timeout));
    }

    /** Add a segment, or change one. `PUT /v1/segments/{key}` */
    public function upsertSegment(string $key, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PUT', Http::path('/v1/segments/%s', $key), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Who is on the list of a segment. `GET /v1/segments/{key}/members` */
    public function listMembers(string $key, ?int $limit = null, ?string $after = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/segments/%s/members', $key), answer: 'json', query: ['limit' => $limit, 'after' => $after, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Put a customer on the list of a segment. `PUT /v1/segments/{key}/members/{customer}` */
    public function addMember(string $key, string $customer, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PUT', Http::path('/v1/segments/%s/members/%s', $key, $customer), answer: 'json', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Take a customer off the list of a segment. `DELETE /v1/segments/{key}/members/{customer}` */
    public function removeMember(string $key, string $customer, ?string $idempotencyKey = null, ?float $timeout = null): void
    {
        $this->send(new Call('DELETE', Http::path('/v1/segments/%s/members/%s', $key, $customer), answer: 'nothing', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Vouchers. `GET /v1/vouchers` */
    public function listVouchers(?string $customer = null, ?string $externalId = null, ?string $reference = null, ?string $status = null, ?string $source = null, ?string $kind = null, ?string $batch = null, ?bool $owed = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/vouchers'), answer: 'json', query: ['customer' => $customer, 'external_id' => $externalId, 'reference' => $reference, 'status' => $status, 'source' => $source, 'kind' => $kind, 'batch' => $batch, 'owed' => $owed, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Make a voucher. `POST /v1/vouchers` */
    public function createVoucher(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/vouchers'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** A voucher. `GET /v1/vouchers/{id}` */
    public function getVoucher(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/vouchers/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Change a voucher. `PATCH /v1/vouchers/{id}` */
    public function updateVoucher(string $id, array|object $body, string $ifMatch, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PATCH', Http::path('/v1/vouchers/%s', $id), answer: 'json', body: $body, ifMatch: $ifMatch, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Approve another operator's voucher. `POST /v1/vouchers/{id}/approve` */
    public function approveVoucher(string $id, array|object $body = [], ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/vouchers/%s/approve', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Withdraw a voucher. `POST /v1/vouchers/{id}/void` */
    public function voidVoucher(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/vouchers/%s/void', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Give a voucher another code. `POST /v1/vouchers/{id}/replace` */
    public function replaceVoucher(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/vouchers/%s/replace', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Show a voucher with its code in full. `POST /v1/vouchers/{id}/reveal` */
    public function revealVoucher(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/vouchers/%s/reveal', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Find a voucher by its code. `POST /v1/vouchers/lookup` */
    public function lookupVoucher(array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/vouchers/lookup'), answer: 'json', body: $body, timeout: $timeout));
    }

    /** What codes would do for a cart. `POST /v1/vouchers/check` */
    public function checkCart(array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/vouchers/check'), answer: 'json', body: $body, timeout: $timeout));
    }

    /** What a customer could use in a cart. `POST /v1/vouchers/applicable` */
    public function listApplicableVouchers(array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/vouchers/applicable'), answer: 'json', body: $body, timeout: $timeout));
    }

    /** Batches of vouchers. `GET /v1/voucher_batches` */
    public function listVoucherBatches(?string $status = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/voucher_batches'), answer: 'json', query: ['status' => $status, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Make up to a million vouchers. `POST /v1/voucher_batches` */
    public function createVoucherBatch(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/voucher_batches'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Make a voucher for each customer of a list. `POST /v1/voucher_batches/for_customers` */
    public function createBoundVoucherBatch(string $body, string $type, string $name, string $kind, ?int $amount = null, ?int $rateBps = null, ?int $maxAmount = null, ?string $currency = null, ?int $minOrderAmount = null, ?int $maxRedemptions = null, ?int $perCustomer = null, ?string $validFrom = null, ?string $validUntil = null, ?string $appliesTo = null, ?bool $withShopDiscounts = null, ?string $stacking = null, ?string $legalKind = null, ?string $taxKind = null, ?string $prefix = null, ?int $length = null, ?string $pattern = null, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/voucher_batches/for_customers'), answer: 'json', type: $type, body: $body, query: ['name' => $name, 'kind' => $kind, 'amount' => $amount, 'rate_bps' => $rateBps, 'max_amount' => $maxAmount, 'currency' => $currency, 'min_order_amount' => $minOrderAmount, 'max_redemptions' => $maxRedemptions, 'per_customer' => $perCustomer, 'valid_from' => $validFrom, 'valid_until' => $validUntil, 'applies_to' => $appliesTo, 'with_shop_discounts' => $withShopDiscounts, 'stacking' => $stacking, 'legal_kind' => $legalKind, 'tax_kind' => $taxKind, 'prefix' => $prefix, 'length' => $length, 'pattern' => $pattern], keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout, lasts: true));
    }

    /** Take over vouchers that were made elsewhere, as a batch. `POST /v1/voucher_batches/import` */
    public function importVoucherBatch(string $body, string $type, string $name, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/voucher_batches/import'), answer: 'json', type: $type, body: $body, query: ['name' => $name], keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout, lasts: true));
    }

    /** A batch, and how far it is. `GET /v1/voucher_batches/{id}` */
    public function getVoucherBatch(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/voucher_batches/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Approve another operator's batch. `POST /v1/voucher_batches/{id}/approve` */
    public function approveVoucherBatch(string $id, array|object $body = [], ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/voucher_batches/%s/approve', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Stop making a batch. `POST /v1/voucher_batches/{id}/cancel` */
    public function cancelVoucherBatch(string $id, array|object $body = [], ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/voucher_batches/%s/cancel', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Withdraw a batch. `POST /v1/voucher_batches/{id}/void` */
    public function voidVoucherBatch(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/voucher_batches/%s/void', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** The codes of a batch. `GET /v1/voucher_batches/{id}/export.csv` */
    public function exportVoucherBatch(string $id, ?string $reason = null, ?float $timeout = null): string
    {
        return $this->send(new Call('GET', Http::path('/v1/voucher_batches/%s/export.csv', $id), answer: 'text', query: ['reason' => $reason], timeout: $timeout, lasts: true));
    }

    /** Passes. `GET /v1/passes` */
    public function listPasses(?string $event = null, ?string $customer = null, ?string $externalId = null, ?string $status = null, ?bool $admitted = null, ?bool $conflicts = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/passes'), answer: 'json', query: ['event' => $event, 'customer' => $customer, 'external_id' => $externalId, 'status' => $status, 'admitted' => $admitted, 'conflicts' => $conflicts, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** The key by which doors tell passes from forged ones without a network. `GET /v1/passes/keys` */
    public function listPassKeys(?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/passes/keys'), answer: 'json', timeout: $timeout));
    }

    /** Let people in by a code. `POST /v1/passes/admit` */
    public function admitScannedPass(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/passes/admit'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** A pass. `GET /v1/passes/{id}` */
    public function getPass(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/passes/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Change the event of a pass. `PATCH /v1/passes/{id}` */
    public function updatePass(string $id, array|object $body, string $ifMatch, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PATCH', Http::path('/v1/passes/%s', $id), answer: 'json', body: $body, ifMatch: $ifMatch, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Let people in by a pass. `POST /v1/passes/{id}/admit` */
    public function admitPass(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/passes/%s/admit', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Holds. `GET /v1/holds` */
    public function listHolds(?string $orderId = null, ?string $cartId = null, ?string $customer = null, ?string $externalId = null, ?string $status = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/holds'), answer: 'json', query: ['order_id' => $orderId, 'cart_id' => $cartId, 'customer' => $customer, 'external_id' => $externalId, 'status' => $status, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Set codes and store credit aside for a checkout. `POST /v1/holds` */
    public function createHold(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/holds'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** A hold. `GET /v1/holds/{id}` */
    public function getHold(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/holds/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Give up a hold. `DELETE /v1/holds/{id}` */
    public function releaseHold(string $id, ?string $idempotencyKey = null, ?float $timeout = null): void
    {
        $this->send(new Call('DELETE', Http::path('/v1/holds/%s', $id), answer: 'nothing', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Redemptions. `GET /v1/redemptions` */
    public function listRedemptions(?string $orderId = null, ?string $customer = null, ?string $externalId = null, ?string $status = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/redemptions'), answer: 'json', query: ['order_id' => $orderId, 'customer' => $customer, 'external_id' => $externalId, 'status' => $status, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Spend codes and store credit in an order. `POST /v1/redemptions` */
    public function createRedemption(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/redemptions'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** A redemption. `GET /v1/redemptions/{id}` */
    public function getRedemption(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/redemptions/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Undo a redemption, or part of it. `POST /v1/redemptions/{id}/reversals` */
    public function createReversal(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/redemptions/%s/reversals', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Mails and their fate. `GET /v1/messages` */
    public function listMessages(?string $customer = null, ?string $externalId = null, ?string $status = null, ?string $kind = null, ?string $reward = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/messages'), answer: 'json', query: ['customer' => $customer, 'external_id' => $externalId, 'status' => $status, 'kind' => $kind, 'reward' => $reward, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** A message. `GET /v1/messages/{id}` */
    public function getMessage(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/messages/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Send a mail again. `POST /v1/messages/{id}/resend` */
    public function resendMessage(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/messages/%s/resend', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Announcements. `GET /v1/announcements` */
    public function listAnnouncements(?string $kind = null, ?string $status = null, ?int $limit = null, ?string $after = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/announcements'), answer: 'json', query: ['kind' => $kind, 'status' => $status, 'limit' => $limit, 'after' => $after, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Write an announcement. `POST /v1/announcements` */
    public function createAnnouncement(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/announcements'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** An announcement, and what became of its mails. `GET /v1/announcements/{id}` */
    public function getAnnouncement(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/announcements/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Write an announcement anew. `PATCH /v1/announcements/{id}` */
    public function updateAnnouncement(string $id, array|object $body, string $ifMatch, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PATCH', Http::path('/v1/announcements/%s', $id), answer: 'json', body: $body, ifMatch: $ifMatch, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Count whom an announcement would reach. `POST /v1/announcements/{id}/rehearse` */
    public function rehearseAnnouncement(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/announcements/%s/rehearse', $id), answer: 'json', timeout: $timeout));
    }

    /** Approve an announcement. `POST /v1/announcements/{id}/approve` */
    public function approveAnnouncement(string $id, array|object $body = [], ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/announcements/%s/approve', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Send an approved announcement. `POST /v1/announcements/{id}/send` */
    public function sendAnnouncement(string $id, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/announcements/%s/send', $id), answer: 'json', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Pause an announcement. `POST /v1/announcements/{id}/pause` */
    public function pauseAnnouncement(string $id, array|object $body = [], ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/announcements/%s/pause', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Go on with an announcement. `POST /v1/announcements/{id}/resume` */
    public function resumeAnnouncement(string $id, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/announcements/%s/resume', $id), answer: 'json', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Stop an announcement for good. `POST /v1/announcements/{id}/stop` */
    public function stopAnnouncement(string $id, array|object $body = [], ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/announcements/%s/stop', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Who was told, when, and who remains. `GET /v1/announcements/{id}/proof.csv` */
    public function getAnnouncementProof(string $id, ?float $timeout = null): string
    {
        return $this->send(new Call('GET', Http::path('/v1/announcements/%s/proof.csv', $id), answer: 'text', timeout: $timeout, lasts: true));
    }

    /** Templates of the shop's own. `GET /v1/templates` */
    public function listTemplates(?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/templates'), answer: 'json', query: ['limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** A template. `GET /v1/templates/{kind}/{locale}` */
    public function getTemplate(string $kind, string $locale, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/templates/%s/%s', $kind, $locale), answer: 'json', timeout: $timeout));
    }

    /** Write mails in own words. `PUT /v1/templates/{kind}/{locale}` */
    public function saveTemplate(string $kind, string $locale, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PUT', Http::path('/v1/templates/%s/%s', $kind, $locale), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Have ours again. `DELETE /v1/templates/{kind}/{locale}` */
    public function deleteTemplate(string $kind, string $locale, ?string $idempotencyKey = null, ?float $timeout = null): void
    {
        $this->send(new Call('DELETE', Http::path('/v1/templates/%s/%s', $kind, $locale), answer: 'nothing', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Try a template out. `POST /v1/templates/{kind}/{locale}/preview` */
    public function previewTemplate(string $kind, string $locale, array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/templates/%s/%s/preview', $kind, $locale), answer: 'json', body: $body, timeout: $timeout));
    }

    /** Tell that a mail came back. `POST /v1/mail/bounces` */
    public function createBounce(string $body, string $type, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/mail/bounces'), answer: 'json', type: $type, body: $body, timeout: $timeout, lasts: true));
    }

    /** Addresses that take no mails. `GET /v1/suppressions` */
    public function listSuppressions(?string $customer = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/suppressions'), answer: 'json', query: ['customer' => $customer, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Write to an address again. `DELETE /v1/suppressions/{id}` */
    public function deleteSuppression(string $id, ?string $idempotencyKey = null, ?float $timeout = null): void
    {
        $this->send(new Call('DELETE', Http::path('/v1/suppressions/%s', $id), answer: 'nothing', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** From links that were sent to orders that were kept. `GET /v1/reports/funnel` */
    public function getFunnelReport(?string $from = null, ?string $to = null, ?string $program = null, ?string $channel = null, ?string $interval = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/reports/funnel'), answer: 'json', query: ['from' => $from, 'to' => $to, 'program' => $program, 'channel' => $channel, 'interval' => $interval], timeout: $timeout));
    }

    /** What each channel brought. `GET /v1/reports/channels` */
    public function getChannelsReport(?string $from = null, ?string $to = null, ?string $program = null, ?string $channel = null, ?string $interval = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/reports/channels'), answer: 'json', query: ['from' => $from, 'to' => $to, 'program' => $program, 'channel' => $channel, 'interval' => $interval], timeout: $timeout));
    }

    /** What each place of the shop brought. `GET /v1/reports/placements` */
    public function getPlacementsReport(?string $from = null, ?string $to = null, ?string $program = null, ?string $channel = null, ?string $interval = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/reports/placements'), answer: 'json', query: ['from' => $from, 'to' => $to, 'program' => $program, 'channel' => $channel, 'interval' => $interval], timeout: $timeout));
    }

    /** Who brought how much. `GET /v1/reports/advocates` */
    public function getAdvocatesReport(string $program, ?string $month = null, ?string $sort = null, ?int $limit = null, ?string $after = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/reports/advocates'), answer: 'json', query: ['program' => $program, 'month' => $month, 'sort' => $sort, 'limit' => $limit, 'after' => $after], timeout: $timeout));
    }

    /** How fast it goes from hand to hand. `GET /v1/reports/cycle` */
    public function getCycleReport(?string $from = null, ?string $to = null, ?string $program = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/reports/cycle'), answer: 'json', query: ['from' => $from, 'to' => $to, 'program' => $program], timeout: $timeout));
    }

    /** How many friends advocates win, and whether it pays for itself. `GET /v1/reports/cohorts` */
    public function getCohortsReport(?string $from = null, ?string $to = null, ?string $program = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/reports/cohorts'), answer: 'json', query: ['from' => $from, 'to' => $to, 'program' => $program], timeout: $timeout));
    }

    /** What a program adds. `GET /v1/reports/lift` */
    public function getLiftReport(string $program, ?string $from = null, ?string $to = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/reports/lift'), answer: 'json', query: ['program' => $program, 'from' => $from, 'to' => $to], timeout: $timeout));
    }

    /** What programs may spend, and what they spent. `GET /v1/reports/budget` */
    public function getBudgetReport(?string $from = null, ?string $to = null, ?string $program = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/reports/budget'), answer: 'json', query: ['from' => $from, 'to' => $to, 'program' => $program], timeout: $timeout));
    }

    /** What offers gave, and what came of it. `GET /v1/reports/offers` */
    public function getOffersReport(?string $program = null, ?string $status = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/reports/offers'), answer: 'json', query: ['program' => $program, 'status' => $status], timeout: $timeout));
    }

    /** What is owed, by kind and age. `GET /v1/reports/liability` */
    public function getLiabilityReport(?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/reports/liability'), answer: 'json', timeout: $timeout));
    }

    /** What happened, oldest first, without gaps. `GET /v1/events` */
    public function listEvents(?int $limit = null, ?int $after = null, ?string $consumer = null, ?int $wait = null, ?string $type = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/events'), answer: 'json', query: ['limit' => $limit, 'after' => $after, 'consumer' => $consumer, 'wait' => $wait, 'type' => $type], timeout: $timeout, lasts: true));
    }

    /** Prove that no event of a day is missing. `GET /v1/events/proof` */
    public function getEventsProof(string $day, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/events/proof'), answer: 'json', query: ['day' => $day], timeout: $timeout, lasts: true));
    }

    /** How far a consumer has got. `GET /v1/event_consumers/{name}` */
    public function getEventConsumer(string $name, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/event_consumers/%s', $name), answer: 'json', timeout: $timeout));
    }

    /** Note how far a consumer has got, or make one. `PUT /v1/event_consumers/{name}` */
    public function upsertEventConsumer(string $name, array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('PUT', Http::path('/v1/event_consumers/%s', $name), answer: 'json', body: $body, timeout: $timeout));
    }

    /** Forget a consumer. `DELETE /v1/event_consumers/{name}` */
    public function deleteEventConsumer(string $name, ?float $timeout = null): void
    {
        $this->send(new Call('DELETE', Http::path('/v1/event_consumers/%s', $name), answer: 'nothing', timeout: $timeout));
    }

    /** Where events are sent. `GET /v1/webhook_endpoints` */
    public function listWebhookEndpoints(?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/webhook_endpoints'), answer: 'json', query: ['limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Have events sent to an address of the shop's own. `POST /v1/webhook_endpoints` */
    public function createWebhookEndpoint(array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/webhook_endpoints'), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout, once: true));
    }

    /** An endpoint, without its secret. `GET /v1/webhook_endpoints/{id}` */
    public function getWebhookEndpoint(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/webhook_endpoints/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Change an endpoint. `PATCH /v1/webhook_endpoints/{id}` */
    public function updateWebhookEndpoint(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PATCH', Http::path('/v1/webhook_endpoints/%s', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Delete an endpoint. `DELETE /v1/webhook_endpoints/{id}` */
    public function deleteWebhookEndpoint(string $id, ?string $idempotencyKey = null, ?float $timeout = null): void
    {
        $this->send(new Call('DELETE', Http::path('/v1/webhook_endpoints/%s', $id), answer: 'nothing', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Enable an endpoint again. `POST /v1/webhook_endpoints/{id}/enable` */
    public function enableWebhookEndpoint(string $id, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/webhook_endpoints/%s/enable', $id), answer: 'json', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Give an endpoint a new secret. `POST /v1/webhook_endpoints/{id}/rotate_secret` */
    public function rotateWebhookSecret(string $id, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/webhook_endpoints/%s/rotate_secret', $id), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout, once: true));
    }

    /** Send something to try an endpoint out. `POST /v1/webhook_endpoints/{id}/test` */
    public function testWebhookEndpoint(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/webhook_endpoints/%s/test', $id), answer: 'json', timeout: $timeout));
    }

    /** Send a span of events once more. `POST /v1/webhook_endpoints/{id}/replay` */
    public function replayEvents(string $id, array|object $body, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/webhook_endpoints/%s/replay', $id), answer: 'json', body: $body, timeout: $timeout));
    }

    /** What did not reach an endpoint at the first try. `GET /v1/webhook_endpoints/{id}/deliveries` */
    public function listEndpointDeliveries(string $id, ?string $status = null, ?string $event = null, ?int $limit = null, ?string $after = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/webhook_endpoints/%s/deliveries', $id), answer: 'json', query: ['status' => $status, 'event' => $event, 'limit' => $limit, 'after' => $after, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** What an analytics is told, and where. `GET /v1/analytics/{kind}` */
    public function getAnalyticsAccount(string $kind, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/analytics/%s', $kind), answer: 'json', timeout: $timeout));
    }

    /** Tell an analytics of what private sharing brings. `PUT /v1/analytics/{kind}` */
    public function putAnalyticsAccount(string $kind, array|object $body, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('PUT', Http::path('/v1/analytics/%s', $kind), answer: 'json', body: $body, keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Tell an analytics nothing any more. `DELETE /v1/analytics/{kind}` */
    public function deleteAnalyticsAccount(string $kind, ?string $idempotencyKey = null, ?float $timeout = null): void
    {
        $this->send(new Call('DELETE', Http::path('/v1/analytics/%s', $kind), answer: 'nothing', keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout));
    }

    /** Try an account out. `POST /v1/analytics/{kind}/test` */
    public function testAnalyticsAccount(string $kind, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/analytics/%s/test', $kind), answer: 'json', timeout: $timeout));
    }

    /** What did not arrive at the first try, at all endpoints. `GET /v1/deliveries` */
    public function listDeliveries(?string $endpoint = null, ?string $status = null, ?string $event = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/deliveries'), answer: 'json', query: ['endpoint' => $endpoint, 'status' => $status, 'event' => $event, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** A delivery, with what was answered. `GET /v1/deliveries/{id}` */
    public function getDelivery(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/deliveries/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** Send it once more, now. `POST /v1/deliveries/{id}/redeliver` */
    public function redeliver(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/deliveries/%s/redeliver', $id), answer: 'json', timeout: $timeout));
    }

    /** Import what was before. `POST /v1/imports` */
    public function createImport(string $body, string $type, string $kind, ?string $idempotencyKey = null, ?float $timeout = null): array
    {
        return $this->send(new Call('POST', Http::path('/v1/imports'), answer: 'json', type: $type, body: $body, query: ['kind' => $kind], keyed: true, idempotencyKey: $idempotencyKey, timeout: $timeout, lasts: true));
    }

    /** Jobs. `GET /v1/jobs` */
    public function listJobs(?string $kind = null, ?string $status = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/jobs'), answer: 'json', query: ['kind' => $kind, 'status' => $status, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** How far a job has come. `GET /v1/jobs/{id}` */
    public function getJob(string $id, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/jobs/%s', $id), answer: 'json', timeout: $timeout));
    }

    /** The lines that a job refused. `GET /v1/jobs/{id}/errors` */
    public function listJobErrors(string $id, ?float $timeout = null): string
    {
        return $this->send(new Call('GET', Http::path('/v1/jobs/%s/errors', $id), answer: 'text', timeout: $timeout, lasts: true));
    }

    /** Who did what by hand. `GET /v1/audit_log` */
    public function listAuditLog(?string $action = null, ?string $subject = null, ?int $limit = null, ?string $after = null, ?string $ids = null, ?string $createdFrom = null, ?string $createdTo = null, ?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/audit_log'), answer: 'json', query: ['action' => $action, 'subject' => $subject, 'limit' => $limit, 'after' => $after, 'ids' => $ids, 'created_from' => $createdFrom, 'created_to' => $createdTo], timeout: $timeout));
    }

    /** Prove the shop's books. `GET /v1/ledger/audit` */
    public function getLedgerAudit(?float $timeout = null): array
    {
        return $this->send(new Call('GET', Http::path('/v1/ledger/audit'), answer: 'json', timeout: $timeout, lasts: true));
    }
}
