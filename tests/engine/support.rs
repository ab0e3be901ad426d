//! Throw-away databases.

use grapevine::store::connection::Use;
use grapevine::store::migrate::migrate;
use grapevine::store::{Connection, StoreResult, Target};

/// A database of a test's own, with the schema in it; gone when it is dropped.
pub struct Fresh {
    /// Where it is.
    pub target: Target,
    remove: Box<dyn Fn() + Send + Sync>,
}

impl Fresh {
    /// A file.
    pub fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(random_name());
        std::fs::create_dir(&folder).expect("a temporary folder");
        let url = format!("sqlite:{}", folder.join("test.db").display());
        Self::with_schema(&url, move || drop(std::fs::remove_dir_all(&folder)))
    }

    /// A database of the server that `scripts/with-postgres` started.
    pub fn postgres() -> Self {
        let server = std::env::var("GRAPEVINE_TEST_POSTGRES")
            .expect("GRAPEVINE_TEST_POSTGRES names no server: run the tests by `make test`");
        let name = random_name();
        let mut url = url::Url::parse(&server).expect("GRAPEVINE_TEST_POSTGRES is a URL");
        url.set_path(&name);
        let server = Target::parse(&server).expect("GRAPEVINE_TEST_POSTGRES fits");
        let run = move |sql: &str| -> StoreResult<()> { server.connect(Use::Tool)?.batch(sql) };
        run(&format!("CREATE DATABASE {name}")).expect("a database can be made");
        Self::with_schema(url.as_str(), move || {
            if let Err(error) = run(&format!("DROP DATABASE {name} WITH (FORCE)")) {
                eprintln!("{name} stays: {error}");
            }
        })
    }

    fn with_schema(url: &str, remove: impl Fn() + Send + Sync + 'static) -> Self {
        let target = Target::parse(url).expect("the URL fits");
        let fresh = Self { target, remove: Box::new(remove) };
        migrate(&fresh.target).expect("the migrations run");
        fresh
    }

    /// A connection that may do everything.
    pub fn connect(&self) -> Connection {
        self.target.connect(Use::Tool).expect("a connection")
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        (self.remove)();
    }
}

fn random_name() -> String {
    let mut bytes = [0u8; 8];
    rand::Rng::fill_bytes(&mut rand::rng(), &mut bytes);
    format!("grapevine_{}", grapevine::vault::hex(&bytes))
}

/// Makes tests of a function that takes a database: one on each kind.
macro_rules! on_both {
    ($body:path: $sqlite:ident, $postgres:ident) => {
        #[test]
        fn $sqlite() {
            $body(&$crate::support::Fresh::sqlite());
        }

        #[test]
        fn $postgres() {
            $body(&$crate::support::Fresh::postgres());
        }
    };
}
pub(crate) use on_both;
