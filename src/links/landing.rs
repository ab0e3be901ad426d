//! The address of a landing page: the shop's own query and fragment, what tells the visit
//! (`gv=TOKEN.VISIT`), and what analytics reads (UTM).
//!
//! All but the visit is known when a link is loaded, so that opening it joins three pieces of text.

use url::Url;

/// The parameter that an order brings back as `evidence.token`.
const EVIDENCE: &str = "gv";

/// A landing page's address, but for the visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    before: String,
    behind: String,
}

impl Landing {
    /// Prepares an address. Parameters of the page itself stay as they are, but for those that are
    /// set here. `None`: it is no address.
    pub fn new(page: &str, token: &str, utm: &[(&'static str, String)]) -> Option<Self> {
        let page = Url::parse(page).ok()?;
        let mut before = page.clone();
        before.set_fragment(None);
        before.set_query(None);
        let mut before = before.to_string();
        before.push('?');
        for pair in page.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            if !is_set_here(pair, utm) {
                before.push_str(pair);
                before.push('&');
            }
        }
        before.push_str(EVIDENCE);
        before.push('=');
        before.push_str(token);
        let mut behind = String::new();
        for (name, value) in utm {
            behind.push('&');
            behind.push_str(name);
            behind.push('=');
            behind.extend(url::form_urlencoded::byte_serialize(value.as_bytes()));
        }
        if let Some(fragment) = page.fragment() {
            behind.push('#');
            behind.push_str(fragment);
        }
        Some(Self { before, behind })
    }

    /// The address of one visit.
    pub fn address(&self, visit: &str) -> String {
        let mut address = String::with_capacity(self.before.len() + 1 + visit.len() + self.behind.len());
        address.push_str(&self.before);
        address.push('.');
        address.push_str(visit);
        address.push_str(&self.behind);
        address
    }

    /// The address without a visit.
    pub fn unmarked(&self) -> String {
        format!("{}{}", self.before, self.behind)
    }
}

/// Whether whoever reads the address may take a pair for one that is set here: by its decoded name, without
/// blanks around it, and of a list (`gv[]`) the list's; many look for names in any case.
fn is_set_here(pair: &str, utm: &[(&'static str, String)]) -> bool {
    let Some((name, _)) = url::form_urlencoded::parse(pair.as_bytes()).next() else { return false };
    let name = name.split('[').next().unwrap_or_default().trim();
    std::iter::once(EVIDENCE).chain(utm.iter().map(|(other, _)| *other)).any(|own| own.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(page: &str) -> String {
        let utm = [("utm_source", "whatsapp".to_owned()), ("utm_campaign", "für freunde&co".to_owned())];
        Landing::new(page, "TOKEN", &utm).expect("an address").address("VISIT")
    }

    #[test]
    fn the_pages_own_query_and_fragment_stay() {
        let utm = "utm_source=whatsapp&utm_campaign=f%C3%BCr+freunde%26co";
        let table = [
            ("https://shop.example/welcome", format!("https://shop.example/welcome?gv=TOKEN.VISIT&{utm}")),
            ("https://shop.example", format!("https://shop.example/?gv=TOKEN.VISIT&{utm}")),
            ("https://shop.example/a?", format!("https://shop.example/a?gv=TOKEN.VISIT&{utm}")),
            ("https://shop.example/a?b=c%20d#top", format!("https://shop.example/a?b=c%20d&gv=TOKEN.VISIT&{utm}#top")),
            (
                "https://shop.example/a?gv=old&utm_source=x&utm_term=y&b",
                format!("https://shop.example/a?utm_term=y&b&gv=TOKEN.VISIT&{utm}"),
            ),
            (
                "https://shop.example/a?%67v=old&g%76=old&%67%76=old&GV=old&gv&gv[]=old&gv%5B0%5D=old&+gv=old&%20gv=old",
                format!("https://shop.example/a?gv=TOKEN.VISIT&{utm}"),
            ),
            (
                "https://shop.example/a?utm%5Fsource=x&UTM_Campaign=y&b=%67v&gvx=1&x.gv=2",
                format!("https://shop.example/a?b=%67v&gvx=1&x.gv=2&gv=TOKEN.VISIT&{utm}"),
            ),
            ("https://shop.example/#/route?x=1", format!("https://shop.example/?gv=TOKEN.VISIT&{utm}#/route?x=1")),
        ];
        for (page, expected) in table {
            assert_eq!(address(page), expected, "{page}");
        }
    }

    #[test]
    fn an_address_is_ascii_and_has_no_line_ends() {
        let address = address("https://shop.example/käse?grün=schön#stück");
        assert!(address.bytes().all(|byte| byte.is_ascii_graphic()), "{address}");
    }

    #[test]
    fn without_a_visit_the_token_stands_alone() {
        let landing = Landing::new("https://shop.example/", "TOKEN", &[]).expect("an address");
        assert_eq!(landing.unmarked(), "https://shop.example/?gv=TOKEN");
    }
}
