//! How somebody came to a page of the shop, as far as that can be told without watching anybody.
//!
//! The rule is Chartbeat's (A. Madrigal, "Dark Social", The Atlantic, 12 October 2012): who comes from nowhere to a page
//! whose address nobody types was sent there, for messengers and mail programs name themselves to no page. To how much that
//! comes is an estimate, and is told as one.

use crate::words;

words! {
    /// What a page was led to by, as the browser says.
    Referrer {
        /// Nothing: it was typed, kept, or sent in private.
        None = "none",
        /// A search engine.
        Search = "search",
        /// A public network.
        Social = "social",
        /// Another site, or a campaign of another kind.
        Other = "other",
    }
}

words! {
    /// How somebody came.
    Source {
        /// By a link of Grapevine's.
        Private = "private",
        /// From nowhere, to a page that nobody types.
        Suspected = "suspected",
        /// From nowhere, to a page that people type.
        Typed = "typed",
        /// By a search engine.
        Search = "search",
        /// By a public network.
        Social = "social",
        /// By another site.
        Other = "other",
    }
}

impl Source {
    /// Every one, in order.
    pub const ALL: [Self; 6] = [Self::Private, Self::Suspected, Self::Typed, Self::Search, Self::Social, Self::Other];

    /// How somebody came to a page; `typed` are the pages whose address people type, see [`is_typed`].
    pub fn of(path: &str, referrer: Referrer, is_tagged: bool, typed: &[String]) -> Self {
        match referrer {
            _ if is_tagged => Self::Private,
            Referrer::Search => Self::Search,
            Referrer::Social => Self::Social,
            Referrer::Other => Self::Other,
            Referrer::None if is_typed(path, typed) => Self::Typed,
            Referrer::None => Self::Suspected,
        }
    }
}

/// Whether a page is one whose address people type: one of these, or what begins with one that ends with `*`. Case and a
/// slash at the end do not matter.
pub fn is_typed(path: &str, typed: &[String]) -> bool {
    let plain = |text: &str| {
        let text = text.trim_end_matches('/').to_lowercase();
        if text.is_empty() { "/".to_owned() } else { text }
    };
    let path = plain(path);
    typed.iter().any(|page| match page.strip_suffix('*') {
        Some(beginning) => path.starts_with(&beginning.to_lowercase()),
        None => path == plain(page),
    })
}

/// How many came how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrivals([i64; 6]);

impl Arrivals {
    /// How many came so.
    pub fn of(&self, source: Source) -> i64 {
        self.0[place(source)]
    }

    /// Counts more.
    pub fn add(&mut self, source: Source, more: i64) {
        self.0[place(source)] += more;
    }

    /// Counts all of others.
    pub fn add_all(&mut self, others: &Self) {
        for source in Source::ALL {
            self.add(source, others.of(source));
        }
    }

    /// How many came at all.
    pub fn all(&self) -> i64 {
        self.0.iter().sum()
    }
}

fn place(source: Source) -> usize {
    Source::ALL.iter().position(|other| *other == source).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::time::day_number;

    #[test]
    fn who_comes_from_nowhere_was_sent_unless_the_page_is_typed() {
        let typed = ["/", "/de", "/sale*"].map(str::to_owned);
        let of = |path: &str, referrer, is_tagged| Source::of(path, referrer, is_tagged, &typed);
        for (path, expected) in [
            ("/", Source::Typed),
            ("/de", Source::Typed),
            ("/DE/", Source::Typed),
            ("/sale", Source::Typed),
            ("/sale/summer", Source::Typed),
            ("/de/mug", Source::Suspected),
            ("/mug", Source::Suspected),
            ("/salt-was-no-sale", Source::Suspected),
        ] {
            assert_eq!(of(path, Referrer::None, false), expected, "{path}");
            assert_eq!(of(path, Referrer::None, true), Source::Private, "{path}");
            assert_eq!(of(path, Referrer::Search, false), Source::Search, "{path}");
            assert_eq!(of(path, Referrer::Social, false), Source::Social, "{path}");
            assert_eq!(of(path, Referrer::Other, false), Source::Other, "{path}");
            assert_eq!(of(path, Referrer::Social, true), Source::Private, "{path}");
        }
        assert_eq!(Source::of("/", Referrer::None, false, &[]), Source::Suspected);
    }

    #[test]
    fn days_are_counted_from_1970() {
        let day = |text: &str| day_number(text.parse().expect("a day"));
        assert_eq!((day("1970-01-01"), day("1970-02-01"), day("2026-11-30")), (0, 31, 20_787));
    }

    #[test]
    fn counts_are_kept_apart() {
        let mut one = Arrivals::default();
        one.add(Source::Suspected, 2);
        let mut both = one;
        both.add(Source::Other, 3);
        both.add_all(&one);
        assert_eq!((both.of(Source::Suspected), both.of(Source::Other), both.all()), (4, 3, 7));
        assert!(Source::ALL.iter().map(|source| source.as_str()).eq(Source::WORDS.iter().copied()));
    }
}
