//! Scopes: what a key, a token or a role may do. The one table of them; what an operation needs is
//! in `api::routes`.

use crate::records::operator::Role;

macro_rules! scopes {
    ( $( $variant:ident = $word:literal, $least:ident; )* ) => {
        crate::words! {
            /// One permission: a resource and what may be done to it.
            Scope { $( $variant = $word, )* }
        }

        impl Scope {
            /// Every scope, in the order of the table.
            pub const ALL: &'static [Scope] = &[ $( Scope::$variant, )* ];

            /// The least role that has it; those above have it too.
            pub fn least_role(self) -> Role {
                match self { $( Scope::$variant => Role::$least, )* }
            }
        }
    };
}

// Viewers read what support needs to answer a customer, nothing about who may do what. Support does
// what a customer's letter asks for: data, links, mails, grants (large ones need a second operator),
// redemptions at a till, another code for one that was lost. Managers steer programs and money, issue and
// take back before the rules do, and may stand in for a customer: a browser's token shows his codes in full. Owners decide who may do what.
scopes! {
    ShopRead = "shop:read", Viewer;
    ShopWrite = "shop:write", Manager;
    ProgramsRead = "programs:read", Viewer;
    ProgramsWrite = "programs:write", Manager;
    CustomersRead = "customers:read", Viewer;
    CustomersWrite = "customers:write", Support;
    CustomersToken = "customers:token", Manager;
    SharesRead = "shares:read", Viewer;
    SharesWrite = "shares:write", Support;
    ReferralsRead = "referrals:read", Viewer;
    ReferralsWrite = "referrals:write", Support;
    ConversionsRead = "conversions:read", Viewer;
    ConversionsWrite = "conversions:write", Manager;
    RewardsRead = "rewards:read", Viewer;
    RewardsWrite = "rewards:write", Manager;
    GrantsRead = "grants:read", Viewer;
    GrantsWrite = "grants:write", Support;
    OffersRead = "offers:read", Viewer;
    OffersWrite = "offers:write", Manager;
    VouchersRead = "vouchers:read", Viewer;
    VouchersWrite = "vouchers:write", Manager;
    VouchersRedeem = "vouchers:redeem", Support;
    ReportsRead = "reports:read", Viewer;
    ReportsWrite = "reports:write", Manager;
    WebhooksRead = "webhooks:read", Manager;
    WebhooksWrite = "webhooks:write", Manager;
    MessagesRead = "messages:read", Viewer;
    MessagesWrite = "messages:write", Support;
    EventsRead = "events:read", Viewer;
    EventsWrite = "events:write", Manager;
    AuditRead = "audit:read", Manager;
    AuditWrite = "audit:write", Owner;
    ImportsRead = "imports:read", Manager;
    ImportsWrite = "imports:write", Manager;
    KeysRead = "keys:read", Manager;
    KeysWrite = "keys:write", Owner;
    OperatorsRead = "operators:read", Manager;
    OperatorsWrite = "operators:write", Owner;
}

impl Role {
    /// Whether the role has a scope.
    pub fn has(self, scope: Scope) -> bool {
        self >= scope.least_role()
    }

    /// Every scope that the role has.
    pub fn scopes(self) -> Vec<Scope> {
        Scope::ALL.iter().copied().filter(|scope| self.has(*scope)).collect()
    }
}

/// Reads scopes as OAuth 2 writes them, with blanks between; `Err` names the word that is none.
pub fn parse_list(text: &str) -> Result<Vec<Scope>, String> {
    let mut scopes = Vec::new();
    for word in text.split_ascii_whitespace() {
        let scope = Scope::parse(word).ok_or_else(|| word.to_owned())?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(scopes)
}

/// Writes scopes as OAuth 2 writes them.
pub fn list(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_has_what_those_below_it_have() {
        use Role::{Manager, Owner, Support, Viewer};
        for pair in [Viewer, Support, Manager, Owner].windows(2) {
            assert!(pair[0].scopes().iter().all(|scope| pair[1].has(*scope)), "{} < {}", pair[0], pair[1]);
            assert!(pair[0].scopes().len() < pair[1].scopes().len(), "{} < {}", pair[0], pair[1]);
        }
        assert_eq!(Owner.scopes(), Scope::ALL);
    }

    #[test]
    fn viewers_change_nothing_and_see_nobodys_permissions() {
        for scope in Role::Viewer.scopes() {
            let word = scope.as_str();
            assert!(word.ends_with(":read"), "{word}");
            assert!(!["keys", "operators", "audit"].iter().any(|resource| word.starts_with(resource)), "{word}");
        }
    }

    #[test]
    fn only_owners_decide_who_may_do_what() {
        for scope in [Scope::KeysWrite, Scope::OperatorsWrite] {
            assert_eq!(scope.least_role(), Role::Owner, "{scope}");
        }
    }

    #[test]
    fn scopes_read_back() {
        assert_eq!(
            parse_list("shop:read  vouchers:redeem shop:read"),
            Ok(vec![Scope::ShopRead, Scope::VouchersRedeem])
        );
        assert_eq!(parse_list("shop:read shop:rite"), Err("shop:rite".to_owned()));
        assert_eq!(parse_list(&list(Scope::ALL)).as_deref(), Ok(Scope::ALL));
    }
}
