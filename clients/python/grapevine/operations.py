# Made from openapi.yaml by scripts/clients. Change neither by hand.
"""A method for each operation: what stands in its path, its body, then by name what is asked for."""

from typing import Any, Mapping, Optional, Union

from .http import Answer, Http, path


class Operations(Http):
    """What every client can do."""

    def create_token(self, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """Exchange a key for an access token (OAuth 2, client credentials). `POST /v1/token`"""
        return self.send("POST", path("/v1/token"), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def create_operator_token(self, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """Sign an operator in. `POST /v1/operators/token`"""
        return self.send("POST", path("/v1/operators/token"), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def list_operators(self, *, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """The operators of the shop. `GET /v1/operators`"""
        return self.send("GET", path("/v1/operators"), answer="json", query={"limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_operator(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Add an operator. `POST /v1/operators`"""
        return self.send("POST", path("/v1/operators"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout, once=True)  # type: ignore[no-any-return]

    def get_operator(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """An operator. `GET /v1/operators/{id}`"""
        return self.send("GET", path("/v1/operators/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def update_operator(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Change an operator's name, role or password. `PATCH /v1/operators/{id}`"""
        return self.send("PATCH", path("/v1/operators/{}", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def delete_operator(self, id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> None:
        """Let an operator go. `DELETE /v1/operators/{id}`"""
        return self.send("DELETE", path("/v1/operators/{}", id), answer="nothing", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def list_keys(self, *, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """The keys of the shop, without their secrets. `GET /v1/keys`"""
        return self.send("GET", path("/v1/keys"), answer="json", query={"limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_key(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Make a key. `POST /v1/keys`"""
        return self.send("POST", path("/v1/keys"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout, once=True)  # type: ignore[no-any-return]

    def get_key(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A key, without its secret. `GET /v1/keys/{id}`"""
        return self.send("GET", path("/v1/keys/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def update_key(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Change a key's name or scopes. `PATCH /v1/keys/{id}`"""
        return self.send("PATCH", path("/v1/keys/{}", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def delete_key(self, id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> None:
        """Delete a key. `DELETE /v1/keys/{id}`"""
        return self.send("DELETE", path("/v1/keys/{}", id), answer="nothing", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def approve_key(self, id: str, body: Mapping[str, Any] = {}, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Approve another operator's key. `POST /v1/keys/{id}/approve`"""
        return self.send("POST", path("/v1/keys/{}/approve", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_shop(self, *, timeout: Optional[float] = None) -> Answer:
        """The shop's settings. `GET /v1/shop`"""
        return self.send("GET", path("/v1/shop"), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def update_shop(self, body: Mapping[str, Any], *, if_match: str, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Change settings. `PATCH /v1/shop`"""
        return self.send("PATCH", path("/v1/shop"), answer="json", body=body, if_match=if_match, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def move_test_clock(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Move a test shop's clock forward. `POST /v1/test/clock`"""
        return self.send("POST", path("/v1/test/clock"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout, lasts=True)  # type: ignore[no-any-return]

    def list_customers(self, *, external_id: Optional[str] = None, email: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """The customers whom the shop made known. `GET /v1/customers`"""
        return self.send("GET", path("/v1/customers"), answer="json", query={"external_id": external_id, "email": email, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def lookup_customer(self, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """Who somebody is. `POST /v1/customers/lookup`"""
        return self.send("POST", path("/v1/customers/lookup"), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def upsert_customer(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Make a customer known, or change what is known. `PUT /v1/customers/{id}`"""
        return self.send("PUT", path("/v1/customers/{}", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_customer(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A customer. `GET /v1/customers/{id}`"""
        return self.send("GET", path("/v1/customers/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def delete_customer(self, id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Erase a customer or a guest. `DELETE /v1/customers/{id}`"""
        return self.send("DELETE", path("/v1/customers/{}", id), answer="json", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def export_customer(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """All that is held of a customer or a guest. `GET /v1/customers/{id}/export`"""
        return self.send("GET", path("/v1/customers/{}/export", id), answer="json", timeout=timeout, lasts=True)  # type: ignore[no-any-return]

    def get_timeline(self, id: str, *, locale: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """What happened to a customer, and what comes next. `GET /v1/customers/{id}/timeline`"""
        return self.send("GET", path("/v1/customers/{}/timeline", id), answer="json", query={"locale": locale, "limit": limit, "after": after, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def ask_consent(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Ask by mail whether somebody wants advertising. `POST /v1/customers/{id}/ask_consent`"""
        return self.send("POST", path("/v1/customers/{}/ask_consent", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def merge_customers(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Merge another customer or guest into this one. `POST /v1/customers/{id}/merge`"""
        return self.send("POST", path("/v1/customers/{}/merge", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_customer_balance(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A customer's store credit. `GET /v1/customers/{id}/balance`"""
        return self.send("GET", path("/v1/customers/{}/balance", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def list_customer_entries(self, id: str, *, limit: Optional[int] = None, after: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """The ledger's entries that concern a customer. `GET /v1/customers/{id}/entries`"""
        return self.send("GET", path("/v1/customers/{}/entries", id), answer="json", query={"limit": limit, "after": after, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def list_customer_vouchers(self, id: str, *, limit: Optional[int] = None, after: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """The vouchers bound to a customer. `GET /v1/customers/{id}/vouchers`"""
        return self.send("GET", path("/v1/customers/{}/vouchers", id), answer="json", query={"limit": limit, "after": after, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def list_customer_rewards(self, id: str, *, limit: Optional[int] = None, after: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """A customer's rewards. `GET /v1/customers/{id}/rewards`"""
        return self.send("GET", path("/v1/customers/{}/rewards", id), answer="json", query={"limit": limit, "after": after, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def list_customer_shares(self, id: str, *, limit: Optional[int] = None, after: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Where a customer shared. `GET /v1/customers/{id}/shares`"""
        return self.send("GET", path("/v1/customers/{}/shares", id), answer="json", query={"limit": limit, "after": after, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_customer_token(self, id: str, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """Make a token for a customer's browser. `POST /v1/customers/{id}/tokens`"""
        return self.send("POST", path("/v1/customers/{}/tokens", id), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def get_me(self, *, timeout: Optional[float] = None) -> Answer:
        """Who is logged in. `GET /v1/me`"""
        return self.send("GET", path("/v1/me"), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def list_my_shares(self, *, program: Optional[str] = None, channel: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Where the customer shared. `GET /v1/me/shares`"""
        return self.send("GET", path("/v1/me/shares"), answer="json", query={"program": program, "channel": channel, "limit": limit, "after": after, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_my_share(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Get or make a share of the customer's. `POST /v1/me/shares`"""
        return self.send("POST", path("/v1/me/shares"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_my_code(self, *, program: str, timeout: Optional[float] = None) -> Answer:
        """The customer's code in a program. `GET /v1/me/code`"""
        return self.send("GET", path("/v1/me/code"), answer="json", query={"program": program}, timeout=timeout)  # type: ignore[no-any-return]

    def create_my_code(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Give the customer a code in a program. `POST /v1/me/code`"""
        return self.send("POST", path("/v1/me/code"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def list_my_rewards(self, *, program: Optional[str] = None, status: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """The customer's rewards. `GET /v1/me/rewards`"""
        return self.send("GET", path("/v1/me/rewards"), answer="json", query={"program": program, "status": status, "limit": limit, "after": after, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def list_my_referrals(self, *, program: Optional[str] = None, status: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Friends whom the customer won, without their names. `GET /v1/me/referrals`"""
        return self.send("GET", path("/v1/me/referrals"), answer="json", query={"program": program, "status": status, "limit": limit, "after": after, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def list_my_vouchers(self, *, status: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """The vouchers bound to the customer, with their codes. `GET /v1/me/vouchers`"""
        return self.send("GET", path("/v1/me/vouchers"), answer="json", query={"status": status, "limit": limit, "after": after, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def get_my_summary(self, *, program: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """A program at a glance. `GET /v1/me/summary`"""
        return self.send("GET", path("/v1/me/summary"), answer="json", query={"program": program}, timeout=timeout)  # type: ignore[no-any-return]

    def get_my_balance(self, *, timeout: Optional[float] = None) -> Answer:
        """The customer's store credit. `GET /v1/me/balance`"""
        return self.send("GET", path("/v1/me/balance"), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def list_my_claims(self, *, offer: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """What the customer took of offers. `GET /v1/me/claims`"""
        return self.send("GET", path("/v1/me/claims"), answer="json", query={"offer": offer, "limit": limit, "after": after, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def get_my_group(self, id: str, share: str, *, timeout: Optional[float] = None) -> Answer:
        """How full the group of a share is. `GET /v1/me/offers/{id}/groups/{share}`"""
        return self.send("GET", path("/v1/me/offers/{}/groups/{}", id, share), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def check_my_offer(self, id: str, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """Whether the customer could take an offer now. `POST /v1/me/offers/{id}/check`"""
        return self.send("POST", path("/v1/me/offers/{}/check", id), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def create_my_claim(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Take an offer. `POST /v1/me/offers/{id}/claims`"""
        return self.send("POST", path("/v1/me/offers/{}/claims", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def list_programs(self, *, status: Optional[str] = None, slug: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """The shop's programs. `GET /v1/programs`"""
        return self.send("GET", path("/v1/programs"), answer="json", query={"status": status, "slug": slug, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_program(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Make a program. `POST /v1/programs`"""
        return self.send("POST", path("/v1/programs"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_program(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A program, with what is used of its budget. `GET /v1/programs/{id}`"""
        return self.send("GET", path("/v1/programs/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def update_program(self, id: str, body: Mapping[str, Any], *, if_match: str, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Change a program. `PATCH /v1/programs/{id}`"""
        return self.send("PATCH", path("/v1/programs/{}", id), answer="json", body=body, if_match=if_match, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def activate_program(self, id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Start a program, or go on with a paused one. `POST /v1/programs/{id}/activate`"""
        return self.send("POST", path("/v1/programs/{}/activate", id), answer="json", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def pause_program(self, id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Pause a program. `POST /v1/programs/{id}/pause`"""
        return self.send("POST", path("/v1/programs/{}/pause", id), answer="json", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def end_program(self, id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """End a program, for ever. `POST /v1/programs/{id}/end`"""
        return self.send("POST", path("/v1/programs/{}/end", id), answer="json", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def create_code(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Give a customer an advocate code. `POST /v1/programs/{id}/codes`"""
        return self.send("POST", path("/v1/programs/{}/codes", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_code(self, code: str, *, visitor: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Whose advocate code it is. `GET /v1/codes/{code}`"""
        return self.send("GET", path("/v1/codes/{}", code), answer="json", query={"visitor": visitor}, timeout=timeout)  # type: ignore[no-any-return]

    def list_channels(self, *, timeout: Optional[float] = None) -> Answer:
        """Where customers can share. `GET /v1/channels`"""
        return self.send("GET", path("/v1/channels"), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def upsert_channel(self, key: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Add a channel, or change one. `PUT /v1/channels/{key}`"""
        return self.send("PUT", path("/v1/channels/{}", key), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_dark_report(self, *, from_: Optional[str] = None, to: Optional[str] = None, interval: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """How much of what came was sent in private. `GET /v1/reports/dark`"""
        return self.send("GET", path("/v1/reports/dark"), answer="json", query={"from": from_, "to": to, "interval": interval}, timeout=timeout)  # type: ignore[no-any-return]

    def create_pageviews(self, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """Tell how people came to the shop's pages. `POST /v1/pageviews`"""
        return self.send("POST", path("/v1/pageviews"), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def note_pageviews(self, slug: str, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """The same, told by a page of the shop's. `POST /v1/shops/{slug}/pageviews`"""
        return self.send("POST", path("/v1/shops/{}/pageviews", slug), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def list_shares(self, *, program: Optional[str] = None, customer: Optional[str] = None, external_id: Optional[str] = None, channel: Optional[str] = None, placement: Optional[str] = None, parent: Optional[str] = None, is_root: Optional[bool] = None, status: Optional[str] = None, trial: Optional[int] = None, held_out: Optional[bool] = None, first: Optional[bool] = None, cycle: Optional[bool] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Shares. `GET /v1/shares`"""
        return self.send("GET", path("/v1/shares"), answer="json", query={"program": program, "customer": customer, "external_id": external_id, "channel": channel, "placement": placement, "parent": parent, "is_root": is_root, "status": status, "trial": trial, "held_out": held_out, "first": first, "cycle": cycle, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_share(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Get or make a share, with its link and its words. `POST /v1/shares`"""
        return self.send("POST", path("/v1/shares"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_share(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A share, with its counts. `GET /v1/shares/{id}`"""
        return self.send("GET", path("/v1/shares/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def get_share_tree(self, id: str, *, levels: Optional[int] = None, limit: Optional[int] = None, after: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Who shared on, from hand to hand. `GET /v1/shares/{id}/tree`"""
        return self.send("GET", path("/v1/shares/{}/tree", id), answer="json", query={"levels": levels, "limit": limit, "after": after}, timeout=timeout)  # type: ignore[no-any-return]

    def get_share_qr_svg(self, id: str, *, timeout: Optional[float] = None) -> str:
        """The link as a QR code, SVG. `GET /v1/shares/{id}/qr.svg`"""
        return self.send("GET", path("/v1/shares/{}/qr.svg", id), answer="text", timeout=timeout, lasts=True)  # type: ignore[no-any-return]

    def get_share_qr_png(self, id: str, *, timeout: Optional[float] = None) -> bytes:
        """The link as a QR code, PNG. `GET /v1/shares/{id}/qr.png`"""
        return self.send("GET", path("/v1/shares/{}/qr.png", id), answer="bytes", timeout=timeout)  # type: ignore[no-any-return]

    def adopt_share(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Give a share that was made without a customer to the one who made it. `POST /v1/shares/{id}/adopt`"""
        return self.send("POST", path("/v1/shares/{}/adopt", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def check_referral(self, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """Whether evidence would make a referral. `POST /v1/referrals/check`"""
        return self.send("POST", path("/v1/referrals/check"), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def list_referrals(self, *, program: Optional[str] = None, friend: Optional[str] = None, advocate: Optional[str] = None, status: Optional[str] = None, external_id: Optional[str] = None, channel: Optional[str] = None, advocate_id: Optional[str] = None, placement: Optional[str] = None, trial: Optional[int] = None, held_out: Optional[bool] = None, counted: Optional[bool] = None, advocate_since_from: Optional[str] = None, advocate_since_to: Optional[str] = None, within_days: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Referrals. `GET /v1/referrals`"""
        return self.send("GET", path("/v1/referrals"), answer="json", query={"program": program, "friend": friend, "advocate": advocate, "status": status, "external_id": external_id, "channel": channel, "advocate_id": advocate_id, "placement": placement, "trial": trial, "held_out": held_out, "counted": counted, "advocate_since_from": advocate_since_from, "advocate_since_to": advocate_since_to, "within_days": within_days, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_referral(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Note who recommended a friend, at sign-up. `POST /v1/referrals`"""
        return self.send("POST", path("/v1/referrals"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_referral(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A referral. `GET /v1/referrals/{id}`"""
        return self.send("GET", path("/v1/referrals/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def list_conversions(self, *, order_id: Optional[str] = None, customer: Optional[str] = None, external_id: Optional[str] = None, advocate: Optional[str] = None, program: Optional[str] = None, status: Optional[str] = None, overdue: Optional[bool] = None, share: Optional[str] = None, channel: Optional[str] = None, advocate_id: Optional[str] = None, placement: Optional[str] = None, occurred_from: Optional[str] = None, occurred_to: Optional[str] = None, trial: Optional[int] = None, held_out: Optional[bool] = None, counted: Optional[bool] = None, cycle: Optional[bool] = None, credited: Optional[bool] = None, naked: Optional[bool] = None, approved: Optional[bool] = None, refunded: Optional[bool] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Conversions. `GET /v1/conversions`"""
        return self.send("GET", path("/v1/conversions"), answer="json", query={"order_id": order_id, "customer": customer, "external_id": external_id, "advocate": advocate, "program": program, "status": status, "overdue": overdue, "share": share, "channel": channel, "advocate_id": advocate_id, "placement": placement, "occurred_from": occurred_from, "occurred_to": occurred_to, "trial": trial, "held_out": held_out, "counted": counted, "cycle": cycle, "credited": credited, "naked": naked, "approved": approved, "refunded": refunded, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_conversion(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Report an order. `POST /v1/conversions`"""
        return self.send("POST", path("/v1/conversions"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_conversion(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A conversion. `GET /v1/conversions/{id}`"""
        return self.send("GET", path("/v1/conversions/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def update_conversion(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Change an order. `PATCH /v1/conversions/{id}`"""
        return self.send("PATCH", path("/v1/conversions/{}", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def pay_conversion(self, id: str, body: Mapping[str, Any] = {}, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """It was paid. `POST /v1/conversions/{id}/paid`"""
        return self.send("POST", path("/v1/conversions/{}/paid", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def deliver_conversion(self, id: str, body: Mapping[str, Any] = {}, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Its last parcel was delivered. `POST /v1/conversions/{id}/delivered`"""
        return self.send("POST", path("/v1/conversions/{}/delivered", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def cancel_conversion(self, id: str, body: Mapping[str, Any] = {}, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """It was cancelled. `POST /v1/conversions/{id}/cancelled`"""
        return self.send("POST", path("/v1/conversions/{}/cancelled", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def clear_conversion(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Screening is fine. `POST /v1/conversions/{id}/clear`"""
        return self.send("POST", path("/v1/conversions/{}/clear", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def approve_conversion(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Approve it now. `POST /v1/conversions/{id}/approve`"""
        return self.send("POST", path("/v1/conversions/{}/approve", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def reject_conversion(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Reject it. `POST /v1/conversions/{id}/reject`"""
        return self.send("POST", path("/v1/conversions/{}/reject", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def attribute_conversion(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Credit it to somebody. `POST /v1/conversions/{id}/attribute`"""
        return self.send("POST", path("/v1/conversions/{}/attribute", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def create_refund(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """It came back, or part of it. `POST /v1/conversions/{id}/refunds`"""
        return self.send("POST", path("/v1/conversions/{}/refunds", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def list_rewards(self, *, customer: Optional[str] = None, external_id: Optional[str] = None, program: Optional[str] = None, conversion: Optional[str] = None, order_id: Optional[str] = None, status: Optional[str] = None, channel: Optional[str] = None, advocate_id: Optional[str] = None, placement: Optional[str] = None, counted_from: Optional[str] = None, counted_to: Optional[str] = None, counted: Optional[bool] = None, waiting: Optional[bool] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Rewards. `GET /v1/rewards`"""
        return self.send("GET", path("/v1/rewards"), answer="json", query={"customer": customer, "external_id": external_id, "program": program, "conversion": conversion, "order_id": order_id, "status": status, "channel": channel, "advocate_id": advocate_id, "placement": placement, "counted_from": counted_from, "counted_to": counted_to, "counted": counted, "waiting": waiting, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def get_reward(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A reward, with its history. `GET /v1/rewards/{id}`"""
        return self.send("GET", path("/v1/rewards/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def approve_reward(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Issue a pending reward now. `POST /v1/rewards/{id}/approve`"""
        return self.send("POST", path("/v1/rewards/{}/approve", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def void_reward(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Withdraw a reward. `POST /v1/rewards/{id}/void`"""
        return self.send("POST", path("/v1/rewards/{}/void", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def fulfil_reward(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Say that a reward was handed over. `POST /v1/rewards/{id}/fulfil`"""
        return self.send("POST", path("/v1/rewards/{}/fulfil", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def list_grants(self, *, customer: Optional[str] = None, external_id: Optional[str] = None, reference: Optional[str] = None, status: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Grants. `GET /v1/grants`"""
        return self.send("GET", path("/v1/grants"), answer="json", query={"customer": customer, "external_id": external_id, "reference": reference, "status": status, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_grant(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Give a customer a reward by hand. `POST /v1/grants`"""
        return self.send("POST", path("/v1/grants"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_grant(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A grant. `GET /v1/grants/{id}`"""
        return self.send("GET", path("/v1/grants/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def approve_grant(self, id: str, body: Mapping[str, Any] = {}, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Approve another operator's grant. `POST /v1/grants/{id}/approve`"""
        return self.send("POST", path("/v1/grants/{}/approve", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def reject_grant(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Reject another operator's grant. `POST /v1/grants/{id}/reject`"""
        return self.send("POST", path("/v1/grants/{}/reject", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def list_offers(self, *, program: Optional[str] = None, status: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """The shop's offers. `GET /v1/offers`"""
        return self.send("GET", path("/v1/offers"), answer="json", query={"program": program, "status": status, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_offer(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Make an offer. `POST /v1/offers`"""
        return self.send("POST", path("/v1/offers"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def list_facts(self, *, timeout: Optional[float] = None) -> Answer:
        """What conditions may ask about. `GET /v1/offers/facts`"""
        return self.send("GET", path("/v1/offers/facts"), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def backtest_draft(self, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """What conditions would have done. `POST /v1/offers/backtest`"""
        return self.send("POST", path("/v1/offers/backtest"), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def get_offer(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """An offer, with what was claimed. `GET /v1/offers/{id}`"""
        return self.send("GET", path("/v1/offers/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def update_offer(self, id: str, body: Mapping[str, Any], *, if_match: str, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Change an offer. `PATCH /v1/offers/{id}`"""
        return self.send("PATCH", path("/v1/offers/{}", id), answer="json", body=body, if_match=if_match, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def activate_offer(self, id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Open an offer, or go on with a paused one. `POST /v1/offers/{id}/activate`"""
        return self.send("POST", path("/v1/offers/{}/activate", id), answer="json", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def pause_offer(self, id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Pause an offer. `POST /v1/offers/{id}/pause`"""
        return self.send("POST", path("/v1/offers/{}/pause", id), answer="json", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def end_offer(self, id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """End an offer, for ever. `POST /v1/offers/{id}/end`"""
        return self.send("POST", path("/v1/offers/{}/end", id), answer="json", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def backtest_offer(self, id: str, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """What an offer would have done. `POST /v1/offers/{id}/backtest`"""
        return self.send("POST", path("/v1/offers/{}/backtest", id), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def check_offer(self, id: str, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """Whether somebody could take an offer now. `POST /v1/offers/{id}/check`"""
        return self.send("POST", path("/v1/offers/{}/check", id), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def create_claim(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Take an offer. `POST /v1/offers/{id}/claims`"""
        return self.send("POST", path("/v1/offers/{}/claims", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def list_offer_passes(self, id: str, *, admitted: Optional[bool] = None, limit: Optional[int] = None, after: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """The passes that an offer gave. `GET /v1/offers/{id}/passes`"""
        return self.send("GET", path("/v1/offers/{}/passes", id), answer="json", query={"admitted": admitted, "limit": limit, "after": after, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def get_group(self, id: str, share: str, *, timeout: Optional[float] = None) -> Answer:
        """How full the group of a share is. `GET /v1/offers/{id}/groups/{share}`"""
        return self.send("GET", path("/v1/offers/{}/groups/{}", id, share), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def list_claims(self, *, offer: Optional[str] = None, share: Optional[str] = None, customer: Optional[str] = None, external_id: Optional[str] = None, advocate: Optional[str] = None, counted: Optional[bool] = None, redeemed: Optional[bool] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Claims. `GET /v1/claims`"""
        return self.send("GET", path("/v1/claims"), answer="json", query={"offer": offer, "share": share, "customer": customer, "external_id": external_id, "advocate": advocate, "counted": counted, "redeemed": redeemed, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def get_claim(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A claim, and where what it gave stands. `GET /v1/claims/{id}`"""
        return self.send("GET", path("/v1/claims/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def list_segments(self, *, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Named sets of customers. `GET /v1/segments`"""
        return self.send("GET", path("/v1/segments"), answer="json", query={"limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def get_segment(self, key: str, *, timeout: Optional[float] = None) -> Answer:
        """A segment. `GET /v1/segments/{key}`"""
        return self.send("GET", path("/v1/segments/{}", key), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def upsert_segment(self, key: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Add a segment, or change one. `PUT /v1/segments/{key}`"""
        return self.send("PUT", path("/v1/segments/{}", key), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def list_members(self, key: str, *, limit: Optional[int] = None, after: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Who is on the list of a segment. `GET /v1/segments/{key}/members`"""
        return self.send("GET", path("/v1/segments/{}/members", key), answer="json", query={"limit": limit, "after": after, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def add_member(self, key: str, customer: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Put a customer on the list of a segment. `PUT /v1/segments/{key}/members/{customer}`"""
        return self.send("PUT", path("/v1/segments/{}/members/{}", key, customer), answer="json", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def remove_member(self, key: str, customer: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> None:
        """Take a customer off the list of a segment. `DELETE /v1/segments/{key}/members/{customer}`"""
        return self.send("DELETE", path("/v1/segments/{}/members/{}", key, customer), answer="nothing", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def list_vouchers(self, *, customer: Optional[str] = None, external_id: Optional[str] = None, reference: Optional[str] = None, status: Optional[str] = None, source: Optional[str] = None, kind: Optional[str] = None, batch: Optional[str] = None, owed: Optional[bool] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Vouchers. `GET /v1/vouchers`"""
        return self.send("GET", path("/v1/vouchers"), answer="json", query={"customer": customer, "external_id": external_id, "reference": reference, "status": status, "source": source, "kind": kind, "batch": batch, "owed": owed, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_voucher(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Make a voucher. `POST /v1/vouchers`"""
        return self.send("POST", path("/v1/vouchers"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_voucher(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A voucher. `GET /v1/vouchers/{id}`"""
        return self.send("GET", path("/v1/vouchers/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def update_voucher(self, id: str, body: Mapping[str, Any], *, if_match: str, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Change a voucher. `PATCH /v1/vouchers/{id}`"""
        return self.send("PATCH", path("/v1/vouchers/{}", id), answer="json", body=body, if_match=if_match, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def approve_voucher(self, id: str, body: Mapping[str, Any] = {}, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Approve another operator's voucher. `POST /v1/vouchers/{id}/approve`"""
        return self.send("POST", path("/v1/vouchers/{}/approve", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def void_voucher(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Withdraw a voucher. `POST /v1/vouchers/{id}/void`"""
        return self.send("POST", path("/v1/vouchers/{}/void", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def replace_voucher(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Give a voucher another code. `POST /v1/vouchers/{id}/replace`"""
        return self.send("POST", path("/v1/vouchers/{}/replace", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def reveal_voucher(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Show a voucher with its code in full. `POST /v1/vouchers/{id}/reveal`"""
        return self.send("POST", path("/v1/vouchers/{}/reveal", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def lookup_voucher(self, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """Find a voucher by its code. `POST /v1/vouchers/lookup`"""
        return self.send("POST", path("/v1/vouchers/lookup"), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def check_cart(self, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """What codes would do for a cart. `POST /v1/vouchers/check`"""
        return self.send("POST", path("/v1/vouchers/check"), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def list_applicable_vouchers(self, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """What a customer could use in a cart. `POST /v1/vouchers/applicable`"""
        return self.send("POST", path("/v1/vouchers/applicable"), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def list_voucher_batches(self, *, status: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Batches of vouchers. `GET /v1/voucher_batches`"""
        return self.send("GET", path("/v1/voucher_batches"), answer="json", query={"status": status, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_voucher_batch(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Make up to a million vouchers. `POST /v1/voucher_batches`"""
        return self.send("POST", path("/v1/voucher_batches"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def create_bound_voucher_batch(self, body: Union[str, bytes], type: str, *, name: str, kind: str, amount: Optional[int] = None, rate_bps: Optional[int] = None, max_amount: Optional[int] = None, currency: Optional[str] = None, min_order_amount: Optional[int] = None, max_redemptions: Optional[int] = None, per_customer: Optional[int] = None, valid_from: Optional[str] = None, valid_until: Optional[str] = None, applies_to: Optional[str] = None, with_shop_discounts: Optional[bool] = None, stacking: Optional[str] = None, legal_kind: Optional[str] = None, tax_kind: Optional[str] = None, prefix: Optional[str] = None, length: Optional[int] = None, pattern: Optional[str] = None, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Make a voucher for each customer of a list. `POST /v1/voucher_batches/for_customers`"""
        return self.send("POST", path("/v1/voucher_batches/for_customers"), answer="json", body=body, type=type, query={"name": name, "kind": kind, "amount": amount, "rate_bps": rate_bps, "max_amount": max_amount, "currency": currency, "min_order_amount": min_order_amount, "max_redemptions": max_redemptions, "per_customer": per_customer, "valid_from": valid_from, "valid_until": valid_until, "applies_to": applies_to, "with_shop_discounts": with_shop_discounts, "stacking": stacking, "legal_kind": legal_kind, "tax_kind": tax_kind, "prefix": prefix, "length": length, "pattern": pattern}, keyed=True, idempotency_key=idempotency_key, timeout=timeout, lasts=True)  # type: ignore[no-any-return]

    def import_voucher_batch(self, body: Union[str, bytes], type: str, *, name: str, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Take over vouchers that were made elsewhere, as a batch. `POST /v1/voucher_batches/import`"""
        return self.send("POST", path("/v1/voucher_batches/import"), answer="json", body=body, type=type, query={"name": name}, keyed=True, idempotency_key=idempotency_key, timeout=timeout, lasts=True)  # type: ignore[no-any-return]

    def get_voucher_batch(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A batch, and how far it is. `GET /v1/voucher_batches/{id}`"""
        return self.send("GET", path("/v1/voucher_batches/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def approve_voucher_batch(self, id: str, body: Mapping[str, Any] = {}, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Approve another operator's batch. `POST /v1/voucher_batches/{id}/approve`"""
        return self.send("POST", path("/v1/voucher_batches/{}/approve", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def cancel_voucher_batch(self, id: str, body: Mapping[str, Any] = {}, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Stop making a batch. `POST /v1/voucher_batches/{id}/cancel`"""
        return self.send("POST", path("/v1/voucher_batches/{}/cancel", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def void_voucher_batch(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Withdraw a batch. `POST /v1/voucher_batches/{id}/void`"""
        return self.send("POST", path("/v1/voucher_batches/{}/void", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def export_voucher_batch(self, id: str, *, reason: Optional[str] = None, timeout: Optional[float] = None) -> str:
        """The codes of a batch. `GET /v1/voucher_batches/{id}/export.csv`"""
        return self.send("GET", path("/v1/voucher_batches/{}/export.csv", id), answer="text", query={"reason": reason}, timeout=timeout, lasts=True)  # type: ignore[no-any-return]

    def list_passes(self, *, event: Optional[str] = None, customer: Optional[str] = None, external_id: Optional[str] = None, status: Optional[str] = None, admitted: Optional[bool] = None, conflicts: Optional[bool] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Passes. `GET /v1/passes`"""
        return self.send("GET", path("/v1/passes"), answer="json", query={"event": event, "customer": customer, "external_id": external_id, "status": status, "admitted": admitted, "conflicts": conflicts, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def list_pass_keys(self, *, timeout: Optional[float] = None) -> Answer:
        """The key by which doors tell passes from forged ones without a network. `GET /v1/passes/keys`"""
        return self.send("GET", path("/v1/passes/keys"), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def admit_scanned_pass(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Let people in by a code. `POST /v1/passes/admit`"""
        return self.send("POST", path("/v1/passes/admit"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_pass(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A pass. `GET /v1/passes/{id}`"""
        return self.send("GET", path("/v1/passes/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def update_pass(self, id: str, body: Mapping[str, Any], *, if_match: str, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Change the event of a pass. `PATCH /v1/passes/{id}`"""
        return self.send("PATCH", path("/v1/passes/{}", id), answer="json", body=body, if_match=if_match, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def admit_pass(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Let people in by a pass. `POST /v1/passes/{id}/admit`"""
        return self.send("POST", path("/v1/passes/{}/admit", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def list_holds(self, *, order_id: Optional[str] = None, cart_id: Optional[str] = None, customer: Optional[str] = None, external_id: Optional[str] = None, status: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Holds. `GET /v1/holds`"""
        return self.send("GET", path("/v1/holds"), answer="json", query={"order_id": order_id, "cart_id": cart_id, "customer": customer, "external_id": external_id, "status": status, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_hold(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Set codes and store credit aside for a checkout. `POST /v1/holds`"""
        return self.send("POST", path("/v1/holds"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_hold(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A hold. `GET /v1/holds/{id}`"""
        return self.send("GET", path("/v1/holds/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def release_hold(self, id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> None:
        """Give up a hold. `DELETE /v1/holds/{id}`"""
        return self.send("DELETE", path("/v1/holds/{}", id), answer="nothing", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def list_redemptions(self, *, order_id: Optional[str] = None, customer: Optional[str] = None, external_id: Optional[str] = None, status: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Redemptions. `GET /v1/redemptions`"""
        return self.send("GET", path("/v1/redemptions"), answer="json", query={"order_id": order_id, "customer": customer, "external_id": external_id, "status": status, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_redemption(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Spend codes and store credit in an order. `POST /v1/redemptions`"""
        return self.send("POST", path("/v1/redemptions"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_redemption(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A redemption. `GET /v1/redemptions/{id}`"""
        return self.send("GET", path("/v1/redemptions/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def create_reversal(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Undo a redemption, or part of it. `POST /v1/redemptions/{id}/reversals`"""
        return self.send("POST", path("/v1/redemptions/{}/reversals", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def list_messages(self, *, customer: Optional[str] = None, external_id: Optional[str] = None, status: Optional[str] = None, kind: Optional[str] = None, reward: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Mails and their fate. `GET /v1/messages`"""
        return self.send("GET", path("/v1/messages"), answer="json", query={"customer": customer, "external_id": external_id, "status": status, "kind": kind, "reward": reward, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def get_message(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A message. `GET /v1/messages/{id}`"""
        return self.send("GET", path("/v1/messages/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def resend_message(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Send a mail again. `POST /v1/messages/{id}/resend`"""
        return self.send("POST", path("/v1/messages/{}/resend", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def list_announcements(self, *, kind: Optional[str] = None, status: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Announcements. `GET /v1/announcements`"""
        return self.send("GET", path("/v1/announcements"), answer="json", query={"kind": kind, "status": status, "limit": limit, "after": after, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_announcement(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Write an announcement. `POST /v1/announcements`"""
        return self.send("POST", path("/v1/announcements"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_announcement(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """An announcement, and what became of its mails. `GET /v1/announcements/{id}`"""
        return self.send("GET", path("/v1/announcements/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def update_announcement(self, id: str, body: Mapping[str, Any], *, if_match: str, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Write an announcement anew. `PATCH /v1/announcements/{id}`"""
        return self.send("PATCH", path("/v1/announcements/{}", id), answer="json", body=body, if_match=if_match, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def rehearse_announcement(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """Count whom an announcement would reach. `POST /v1/announcements/{id}/rehearse`"""
        return self.send("POST", path("/v1/announcements/{}/rehearse", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def approve_announcement(self, id: str, body: Mapping[str, Any] = {}, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Approve an announcement. `POST /v1/announcements/{id}/approve`"""
        return self.send("POST", path("/v1/announcements/{}/approve", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def send_announcement(self, id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Send an approved announcement. `POST /v1/announcements/{id}/send`"""
        return self.send("POST", path("/v1/announcements/{}/send", id), answer="json", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def pause_announcement(self, id: str, body: Mapping[str, Any] = {}, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Pause an announcement. `POST /v1/announcements/{id}/pause`"""
        return self.send("POST", path("/v1/announcements/{}/pause", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def resume_announcement(self, id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Go on with an announcement. `POST /v1/announcements/{id}/resume`"""
        return self.send("POST", path("/v1/announcements/{}/resume", id), answer="json", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def stop_announcement(self, id: str, body: Mapping[str, Any] = {}, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Stop an announcement for good. `POST /v1/announcements/{id}/stop`"""
        return self.send("POST", path("/v1/announcements/{}/stop", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_announcement_proof(self, id: str, *, timeout: Optional[float] = None) -> str:
        """Who was told, when, and who remains. `GET /v1/announcements/{id}/proof.csv`"""
        return self.send("GET", path("/v1/announcements/{}/proof.csv", id), answer="text", timeout=timeout, lasts=True)  # type: ignore[no-any-return]

    def list_templates(self, *, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Templates of the shop's own. `GET /v1/templates`"""
        return self.send("GET", path("/v1/templates"), answer="json", query={"limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def get_template(self, kind: str, locale: str, *, timeout: Optional[float] = None) -> Answer:
        """A template. `GET /v1/templates/{kind}/{locale}`"""
        return self.send("GET", path("/v1/templates/{}/{}", kind, locale), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def save_template(self, kind: str, locale: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Write mails in own words. `PUT /v1/templates/{kind}/{locale}`"""
        return self.send("PUT", path("/v1/templates/{}/{}", kind, locale), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def delete_template(self, kind: str, locale: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> None:
        """Have ours again. `DELETE /v1/templates/{kind}/{locale}`"""
        return self.send("DELETE", path("/v1/templates/{}/{}", kind, locale), answer="nothing", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def preview_template(self, kind: str, locale: str, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """Try a template out. `POST /v1/templates/{kind}/{locale}/preview`"""
        return self.send("POST", path("/v1/templates/{}/{}/preview", kind, locale), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def create_bounce(self, body: Union[str, bytes], type: str, *, timeout: Optional[float] = None) -> Answer:
        """Tell that a mail came back. `POST /v1/mail/bounces`"""
        return self.send("POST", path("/v1/mail/bounces"), answer="json", body=body, type=type, timeout=timeout, lasts=True)  # type: ignore[no-any-return]

    def list_suppressions(self, *, customer: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Addresses that take no mails. `GET /v1/suppressions`"""
        return self.send("GET", path("/v1/suppressions"), answer="json", query={"customer": customer, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def delete_suppression(self, id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> None:
        """Write to an address again. `DELETE /v1/suppressions/{id}`"""
        return self.send("DELETE", path("/v1/suppressions/{}", id), answer="nothing", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def get_funnel_report(self, *, from_: Optional[str] = None, to: Optional[str] = None, program: Optional[str] = None, channel: Optional[str] = None, interval: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """From links that were sent to orders that were kept. `GET /v1/reports/funnel`"""
        return self.send("GET", path("/v1/reports/funnel"), answer="json", query={"from": from_, "to": to, "program": program, "channel": channel, "interval": interval}, timeout=timeout)  # type: ignore[no-any-return]

    def get_channels_report(self, *, from_: Optional[str] = None, to: Optional[str] = None, program: Optional[str] = None, channel: Optional[str] = None, interval: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """What each channel brought. `GET /v1/reports/channels`"""
        return self.send("GET", path("/v1/reports/channels"), answer="json", query={"from": from_, "to": to, "program": program, "channel": channel, "interval": interval}, timeout=timeout)  # type: ignore[no-any-return]

    def get_placements_report(self, *, from_: Optional[str] = None, to: Optional[str] = None, program: Optional[str] = None, channel: Optional[str] = None, interval: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """What each place of the shop brought. `GET /v1/reports/placements`"""
        return self.send("GET", path("/v1/reports/placements"), answer="json", query={"from": from_, "to": to, "program": program, "channel": channel, "interval": interval}, timeout=timeout)  # type: ignore[no-any-return]

    def get_advocates_report(self, *, program: str, month: Optional[str] = None, sort: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Who brought how much. `GET /v1/reports/advocates`"""
        return self.send("GET", path("/v1/reports/advocates"), answer="json", query={"program": program, "month": month, "sort": sort, "limit": limit, "after": after}, timeout=timeout)  # type: ignore[no-any-return]

    def get_cycle_report(self, *, from_: Optional[str] = None, to: Optional[str] = None, program: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """How fast it goes from hand to hand. `GET /v1/reports/cycle`"""
        return self.send("GET", path("/v1/reports/cycle"), answer="json", query={"from": from_, "to": to, "program": program}, timeout=timeout)  # type: ignore[no-any-return]

    def get_cohorts_report(self, *, from_: Optional[str] = None, to: Optional[str] = None, program: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """How many friends advocates win, and whether it pays for itself. `GET /v1/reports/cohorts`"""
        return self.send("GET", path("/v1/reports/cohorts"), answer="json", query={"from": from_, "to": to, "program": program}, timeout=timeout)  # type: ignore[no-any-return]

    def get_lift_report(self, *, program: str, from_: Optional[str] = None, to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """What a program adds. `GET /v1/reports/lift`"""
        return self.send("GET", path("/v1/reports/lift"), answer="json", query={"program": program, "from": from_, "to": to}, timeout=timeout)  # type: ignore[no-any-return]

    def get_budget_report(self, *, from_: Optional[str] = None, to: Optional[str] = None, program: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """What programs may spend, and what they spent. `GET /v1/reports/budget`"""
        return self.send("GET", path("/v1/reports/budget"), answer="json", query={"from": from_, "to": to, "program": program}, timeout=timeout)  # type: ignore[no-any-return]

    def get_offers_report(self, *, program: Optional[str] = None, status: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """What offers gave, and what came of it. `GET /v1/reports/offers`"""
        return self.send("GET", path("/v1/reports/offers"), answer="json", query={"program": program, "status": status}, timeout=timeout)  # type: ignore[no-any-return]

    def get_liability_report(self, *, timeout: Optional[float] = None) -> Answer:
        """What is owed, by kind and age. `GET /v1/reports/liability`"""
        return self.send("GET", path("/v1/reports/liability"), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def list_events(self, *, limit: Optional[int] = None, after: Optional[int] = None, consumer: Optional[str] = None, wait: Optional[int] = None, type: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """What happened, oldest first, without gaps. `GET /v1/events`"""
        return self.send("GET", path("/v1/events"), answer="json", query={"limit": limit, "after": after, "consumer": consumer, "wait": wait, "type": type}, timeout=timeout, lasts=True)  # type: ignore[no-any-return]

    def get_events_proof(self, *, day: str, timeout: Optional[float] = None) -> Answer:
        """Prove that no event of a day is missing. `GET /v1/events/proof`"""
        return self.send("GET", path("/v1/events/proof"), answer="json", query={"day": day}, timeout=timeout, lasts=True)  # type: ignore[no-any-return]

    def get_event_consumer(self, name: str, *, timeout: Optional[float] = None) -> Answer:
        """How far a consumer has got. `GET /v1/event_consumers/{name}`"""
        return self.send("GET", path("/v1/event_consumers/{}", name), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def upsert_event_consumer(self, name: str, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """Note how far a consumer has got, or make one. `PUT /v1/event_consumers/{name}`"""
        return self.send("PUT", path("/v1/event_consumers/{}", name), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def delete_event_consumer(self, name: str, *, timeout: Optional[float] = None) -> None:
        """Forget a consumer. `DELETE /v1/event_consumers/{name}`"""
        return self.send("DELETE", path("/v1/event_consumers/{}", name), answer="nothing", timeout=timeout)  # type: ignore[no-any-return]

    def list_webhook_endpoints(self, *, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Where events are sent. `GET /v1/webhook_endpoints`"""
        return self.send("GET", path("/v1/webhook_endpoints"), answer="json", query={"limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def create_webhook_endpoint(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Have events sent to an address of the shop's own. `POST /v1/webhook_endpoints`"""
        return self.send("POST", path("/v1/webhook_endpoints"), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout, once=True)  # type: ignore[no-any-return]

    def get_webhook_endpoint(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """An endpoint, without its secret. `GET /v1/webhook_endpoints/{id}`"""
        return self.send("GET", path("/v1/webhook_endpoints/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def update_webhook_endpoint(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Change an endpoint. `PATCH /v1/webhook_endpoints/{id}`"""
        return self.send("PATCH", path("/v1/webhook_endpoints/{}", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def delete_webhook_endpoint(self, id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> None:
        """Delete an endpoint. `DELETE /v1/webhook_endpoints/{id}`"""
        return self.send("DELETE", path("/v1/webhook_endpoints/{}", id), answer="nothing", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def enable_webhook_endpoint(self, id: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Enable an endpoint again. `POST /v1/webhook_endpoints/{id}/enable`"""
        return self.send("POST", path("/v1/webhook_endpoints/{}/enable", id), answer="json", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def rotate_webhook_secret(self, id: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Give an endpoint a new secret. `POST /v1/webhook_endpoints/{id}/rotate_secret`"""
        return self.send("POST", path("/v1/webhook_endpoints/{}/rotate_secret", id), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout, once=True)  # type: ignore[no-any-return]

    def test_webhook_endpoint(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """Send something to try an endpoint out. `POST /v1/webhook_endpoints/{id}/test`"""
        return self.send("POST", path("/v1/webhook_endpoints/{}/test", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def replay_events(self, id: str, body: Mapping[str, Any], *, timeout: Optional[float] = None) -> Answer:
        """Send a span of events once more. `POST /v1/webhook_endpoints/{id}/replay`"""
        return self.send("POST", path("/v1/webhook_endpoints/{}/replay", id), answer="json", body=body, timeout=timeout)  # type: ignore[no-any-return]

    def list_endpoint_deliveries(self, id: str, *, status: Optional[str] = None, event: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """What did not reach an endpoint at the first try. `GET /v1/webhook_endpoints/{id}/deliveries`"""
        return self.send("GET", path("/v1/webhook_endpoints/{}/deliveries", id), answer="json", query={"status": status, "event": event, "limit": limit, "after": after, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def get_analytics_account(self, kind: str, *, timeout: Optional[float] = None) -> Answer:
        """What an analytics is told, and where. `GET /v1/analytics/{kind}`"""
        return self.send("GET", path("/v1/analytics/{}", kind), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def put_analytics_account(self, kind: str, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Tell an analytics of what private sharing brings. `PUT /v1/analytics/{kind}`"""
        return self.send("PUT", path("/v1/analytics/{}", kind), answer="json", body=body, keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def delete_analytics_account(self, kind: str, *, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> None:
        """Tell an analytics nothing any more. `DELETE /v1/analytics/{kind}`"""
        return self.send("DELETE", path("/v1/analytics/{}", kind), answer="nothing", keyed=True, idempotency_key=idempotency_key, timeout=timeout)  # type: ignore[no-any-return]

    def test_analytics_account(self, kind: str, *, timeout: Optional[float] = None) -> Answer:
        """Try an account out. `POST /v1/analytics/{kind}/test`"""
        return self.send("POST", path("/v1/analytics/{}/test", kind), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def list_deliveries(self, *, endpoint: Optional[str] = None, status: Optional[str] = None, event: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """What did not arrive at the first try, at all endpoints. `GET /v1/deliveries`"""
        return self.send("GET", path("/v1/deliveries"), answer="json", query={"endpoint": endpoint, "status": status, "event": event, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def get_delivery(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """A delivery, with what was answered. `GET /v1/deliveries/{id}`"""
        return self.send("GET", path("/v1/deliveries/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def redeliver(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """Send it once more, now. `POST /v1/deliveries/{id}/redeliver`"""
        return self.send("POST", path("/v1/deliveries/{}/redeliver", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def create_import(self, body: Union[str, bytes], type: str, *, kind: str, idempotency_key: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Import what was before. `POST /v1/imports`"""
        return self.send("POST", path("/v1/imports"), answer="json", body=body, type=type, query={"kind": kind}, keyed=True, idempotency_key=idempotency_key, timeout=timeout, lasts=True)  # type: ignore[no-any-return]

    def list_jobs(self, *, kind: Optional[str] = None, status: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Jobs. `GET /v1/jobs`"""
        return self.send("GET", path("/v1/jobs"), answer="json", query={"kind": kind, "status": status, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def get_job(self, id: str, *, timeout: Optional[float] = None) -> Answer:
        """How far a job has come. `GET /v1/jobs/{id}`"""
        return self.send("GET", path("/v1/jobs/{}", id), answer="json", timeout=timeout)  # type: ignore[no-any-return]

    def list_job_errors(self, id: str, *, timeout: Optional[float] = None) -> str:
        """The lines that a job refused. `GET /v1/jobs/{id}/errors`"""
        return self.send("GET", path("/v1/jobs/{}/errors", id), answer="text", timeout=timeout, lasts=True)  # type: ignore[no-any-return]

    def list_audit_log(self, *, action: Optional[str] = None, subject: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None, ids: Optional[str] = None, created_from: Optional[str] = None, created_to: Optional[str] = None, timeout: Optional[float] = None) -> Answer:
        """Who did what by hand. `GET /v1/audit_log`"""
        return self.send("GET", path("/v1/audit_log"), answer="json", query={"action": action, "subject": subject, "limit": limit, "after": after, "ids": ids, "created_from": created_from, "created_to": created_to}, timeout=timeout)  # type: ignore[no-any-return]

    def get_ledger_audit(self, *, timeout: Optional[float] = None) -> Answer:
        """Prove the shop's books. `GET /v1/ledger/audit`"""
        return self.send("GET", path("/v1/ledger/audit"), answer="json", timeout=timeout, lasts=True)  # type: ignore[no-any-return]
