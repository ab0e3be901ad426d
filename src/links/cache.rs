//! Links in memory. A warm one is answered without the database; it is looked up anew when it is a
//! few seconds old, by one request, while the others get what is known. When the database does not
//! answer, an old one is better than none.

use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use actix_web::web::Bytes;
use quick_cache::sync::Cache;

use super::landing::Landing;
use super::page;
use crate::decide::sharing::link::{CountedAt, Leads, Link};
use crate::engine::Failure;
use crate::records::Id;

/// Links of each kind that are kept.
const KEPT: usize = 100_000;

/// A link, ready to be opened.
#[derive(Debug)]
pub struct Ready {
    /// The shop.
    pub shop: Id,
    /// The share.
    pub share: Id,
    /// Its token.
    pub token: String,
    /// Where a person is sent.
    pub way: Way,
    /// What a preview robot gets.
    pub preview: Bytes,
    /// How far the shop's time is ahead of the real one, milliseconds.
    pub ahead_ms: i64,
    /// Whether it was opened before.
    pub sent: bool,
    /// Whether the next preview tells its channel.
    pub unnamed: bool,
    /// Where openings are counted.
    pub counted: Arc<CountedAt>,
}

/// Where a person is sent.
#[derive(Debug)]
pub enum Way {
    /// To the landing page.
    Landing(Landing),
    /// To the shop's home: the program does not count now.
    Home(String),
    /// Nowhere: a page says why.
    Notice(page::Notice),
    /// Nowhere: a page says that it is over.
    Over(page::Over),
}

impl From<Link> for Ready {
    fn from(link: Link) -> Self {
        let way = match link.leads {
            Leads::Landing { url, marks, utm } => Landing::new(&url, &link.token, &marks, &utm).map(Way::Landing),
            Leads::Home(home) => home.map(Way::Home),
            Leads::Notice(words) => Some(Way::Notice(page::Notice {
                words,
                shop_name: link.preview.shop_name.clone(),
                locale: link.preview.locale.clone(),
            })),
        };
        let over = || page::Over { shop_name: link.preview.shop_name.clone(), locale: link.preview.locale.clone() };
        let way = way.unwrap_or_else(|| Way::Over(over()));
        let continue_url = match &way {
            Way::Landing(landing) => Some(landing.unmarked()),
            Way::Home(home) => Some(home.clone()),
            Way::Notice(_) | Way::Over(_) => None,
        };
        Self {
            shop: link.shop,
            share: link.share,
            token: link.token,
            preview: page::preview(&link.preview, continue_url.as_deref()),
            way,
            ahead_ms: link.ahead_ms,
            sent: link.sent,
            unnamed: link.unnamed,
            counted: Arc::new(link.counted),
        }
    }
}

struct Entry {
    link: Option<Arc<Ready>>,
    loaded_at: Instant,
    renewed: AtomicBool,
}

/// The one request that looks an old link up anew. It may be given up half-way, with its client; then
/// the next one does it.
struct Renewal<'e>(&'e Entry);

impl<'e> Renewal<'e> {
    fn begin(entry: &'e Entry) -> Option<Self> {
        (!entry.renewed.swap(true, Ordering::Relaxed)).then_some(Self(entry))
    }
}

impl Drop for Renewal<'_> {
    fn drop(&mut self) {
        self.0.renewed.store(false, Ordering::Relaxed);
    }
}

/// Links by what their addresses name.
pub struct Links<K> {
    known: Cache<K, Arc<Entry>>,
    life: Duration,
}

impl<K: Eq + Hash + Clone> Links<K> {
    /// Keeps links for so long.
    pub fn new(life: Duration) -> Self {
        Self { known: Cache::new(KEPT), life }
    }

    /// The link, from memory or by `load`; that there is none is remembered too.
    pub async fn get<F>(&self, key: &K, load: impl FnOnce() -> F) -> Result<Option<Arc<Ready>>, Failure>
    where
        F: Future<Output = Result<Option<Link>, Failure>>,
    {
        let known = self.known.get(key);
        let renewal = match &known {
            Some(entry) if entry.loaded_at.elapsed() < self.life => return Ok(entry.link.clone()),
            Some(entry) => match Renewal::begin(entry) {
                Some(renewal) => Some(renewal),
                None => return Ok(entry.link.clone()),
            },
            None => None,
        };
        match (load().await, renewal) {
            (Ok(link), _) => {
                let link = link.map(|link| Arc::new(Ready::from(link)));
                let entry = Entry { link: link.clone(), loaded_at: Instant::now(), renewed: AtomicBool::new(false) };
                self.known.insert(key.clone(), Arc::new(entry));
                Ok(link)
            }
            (Err(error), Some(renewal)) => {
                tracing::debug!(%error, "a link is answered from memory, for the database did not answer");
                Ok(renewal.0.link.clone())
            }
            (Err(error), None) => Err(error),
        }
    }

    /// Forgets the links of a shop, and which links there are not: the next opening of each looks it up.
    pub fn forget(&self, shop: Id) {
        self.known.retain(|_, entry| entry.link.as_ref().is_some_and(|link| link.shop != shop));
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures_util::FutureExt as _;

    use super::*;
    use crate::records::shop::Zones;
    use crate::views::share::PreviewWords;

    fn link() -> Link {
        let preview = PreviewWords {
            url: String::new(),
            title: String::new(),
            description: String::new(),
            image_url: None,
            shop_name: String::new(),
            locale: "de".to_owned(),
        };
        Link {
            shop: Id::new("shp", 0, [0; 10]),
            share: Id::new("shr", 0, [0; 10]),
            token: "T".to_owned(),
            leads: Leads::Home(Some("https://shop.example/".to_owned())),
            preview,
            ahead_ms: 0,
            sent: false,
            unnamed: false,
            counted: CountedAt {
                zones: Zones::of(chrono_tz::UTC),
                program: Id::new("prg", 0, [0; 10]),
                channel: "whatsapp".to_owned(),
                placed: None,
            },
        }
    }

    fn block<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
    }

    #[test]
    fn a_warm_link_is_not_looked_up_again() {
        let (links, loads) = (Links::new(Duration::from_secs(3600)), Cell::new(0));
        for _ in 0..3 {
            let found = block(links.get(&1, || async {
                loads.set(loads.get() + 1);
                Ok(Some(link()))
            }));
            assert!(found.is_ok_and(|found| found.is_some()));
        }
        let unknown = block(links.get(&2, || async { Ok(None) }));
        assert!(unknown.is_ok_and(|found| found.is_none()));
        let unknown = block(links.get(&2, || async { panic!("that there is none is remembered") }));
        assert!(unknown.is_ok_and(|found| found.is_none()));
        assert_eq!(loads.get(), 1);
        links.forget(link().shop);
        assert!(block(links.get(&1, || async { Ok(None) })).is_ok_and(|found| found.is_none()));
    }

    #[test]
    fn an_old_link_is_better_than_none() {
        let links = Links::new(Duration::ZERO);
        let failed = || async { Err(Failure::Unavailable) };
        assert!(block(links.get(&1, failed)).is_err());
        assert!(block(links.get(&1, || async { Ok(Some(link())) })).is_ok());
        assert!(block(links.get(&1, failed)).is_ok_and(|found| found.is_some()));
        assert!(block(links.get(&1, || async { Ok(None) })).is_ok_and(|found| found.is_none()));
    }

    #[test]
    fn one_request_renews_and_another_does_when_it_is_given_up() {
        let links = Links::new(Duration::ZERO);
        let known = || async { Ok(Some(link())) };
        assert!(block(links.get(&1, known)).is_ok());
        block(async {
            let mut stuck = Box::pin(links.get(&1, std::future::pending));
            assert!(stuck.as_mut().now_or_never().is_none());
            let others = links.get(&1, || async { panic!("somebody else renews it") }).await;
            assert!(others.is_ok_and(|found| found.is_some()));
            drop(stuck);
            let gone = links.get(&1, || async { Ok(None) }).await;
            assert!(gone.is_ok_and(|found| found.is_none()));
        });
    }
}
