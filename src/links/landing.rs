//! The address of a landing page: the shop's own query and fragment, what tells the visit
//! (`gv=TOKEN-VISIT`, under as many names as the shop wants), and what analytics reads (UTM).
//!
//! All but the visit is known when a link is loaded, so that opening it joins a few pieces of text.

use url::Url;

use crate::visit_mark::VisitMark;

/// A landing page's address, but for the visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    before: String,
    /// `NAME=TOKEN`, for each parameter that carries the mark.
    marks: Vec<String>,
    behind: String,
}

impl Landing {
    /// Prepares an address whose parameters of these names carry the mark. Parameters of the page itself stay as they are,
    /// but for those that are set here. `None`: it is no address.
    pub fn new(page: &str, token: &str, names: &[String], utm: &[(&'static str, String)]) -> Option<Self> {
        let page = Url::parse(page).ok()?;
        let mut before = page.clone();
        before.set_fragment(None);
        before.set_query(None);
        let mut before = before.to_string();
        before.push('?');
        for pair in page.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            if !is_set_here(pair, names, utm) {
                before.push_str(pair);
                before.push('&');
            }
        }
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
        let marks = names.iter().map(|name| format!("{name}={token}")).collect();
        Some(Self { before, marks, behind })
    }

    /// The address of one visit.
    pub fn address(&self, visit: &str) -> String {
        let of_marks: usize = self.marks.iter().map(|mark| mark.len() + visit.len() + 2).sum();
        let mut address = String::with_capacity(self.before.len() + of_marks + self.behind.len());
        address.push_str(&self.before);
        for (at, mark) in self.marks.iter().enumerate() {
            if at > 0 {
                address.push('&');
            }
            address.push_str(&VisitMark::joined(mark, visit));
        }
        address.push_str(&self.behind);
        address
    }

    /// The address without a visit.
    pub fn unmarked(&self) -> String {
        format!("{}{}{}", self.before, self.marks.join("&"), self.behind)
    }
}

/// Whether whoever reads the address may take a pair for one that is set here: by its decoded name, without
/// blanks around it, and of a list (`gv[]`) the list's; many look for names in any case.
fn is_set_here(pair: &str, names: &[String], utm: &[(&'static str, String)]) -> bool {
    let Some((name, _)) = url::form_urlencoded::parse(pair.as_bytes()).next() else { return false };
    let name = name.split('[').next().unwrap_or_default().trim();
    let names = names.iter().map(String::as_str);
    names.chain(utm.iter().map(|(other, _)| *other)).any(|own| own.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(page: &str) -> String {
        let utm = [("utm_source", "whatsapp".to_owned()), ("utm_campaign", "für freunde&co".to_owned())];
        Landing::new(page, "TOKEN", &["gv".to_owned()], &utm).expect("an address").address("VISIT")
    }

    #[test]
    fn the_pages_own_query_and_fragment_stay() {
        let utm = "utm_source=whatsapp&utm_campaign=f%C3%BCr+freunde%26co";
        let table = [
            ("https://shop.example/welcome", format!("https://shop.example/welcome?gv=TOKEN-VISIT&{utm}")),
            ("https://shop.example", format!("https://shop.example/?gv=TOKEN-VISIT&{utm}")),
            ("https://shop.example/a?", format!("https://shop.example/a?gv=TOKEN-VISIT&{utm}")),
            ("https://shop.example/a?b=c%20d#top", format!("https://shop.example/a?b=c%20d&gv=TOKEN-VISIT&{utm}#top")),
            (
                "https://shop.example/a?gv=old&utm_source=x&utm_term=y&b",
                format!("https://shop.example/a?utm_term=y&b&gv=TOKEN-VISIT&{utm}"),
            ),
            (
                "https://shop.example/a?%67v=old&g%76=old&%67%76=old&GV=old&gv&gv[]=old&gv%5B0%5D=old&+gv=old&%20gv=old",
                format!("https://shop.example/a?gv=TOKEN-VISIT&{utm}"),
            ),
            (
                "https://shop.example/a?utm%5Fsource=x&UTM_Campaign=y&b=%67v&gvx=1&x.gv=2",
                format!("https://shop.example/a?b=%67v&gvx=1&x.gv=2&gv=TOKEN-VISIT&{utm}"),
            ),
            ("https://shop.example/#/route?x=1", format!("https://shop.example/?gv=TOKEN-VISIT&{utm}#/route?x=1")),
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
        let landing = Landing::new("https://shop.example/", "TOKEN", &["gv".to_owned()], &[]).expect("an address");
        assert_eq!(landing.unmarked(), "https://shop.example/?gv=TOKEN");
    }

    #[test]
    fn the_mark_stands_under_every_name_that_the_shop_wants() {
        let names = ["gv", "campaignCode", "client_reference_id"].map(str::to_owned);
        let page = "https://shop.example/?CampaignCode=old&x=1";
        let landing = Landing::new(page, "TOKEN", &names, &[("utm_source", "sms".to_owned())]).expect("an address");
        assert_eq!(
            landing.address("VISIT"),
            "https://shop.example/?x=1&gv=TOKEN-VISIT&campaignCode=TOKEN-VISIT&client_reference_id=TOKEN-VISIT&utm_source=sms"
        );
    }
}
