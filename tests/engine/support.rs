//! Throw-away databases.

use grapevine::store::connection::Use;
use grapevine::store::migrate::migrate;
use grapevine::store::{Connection, StoreResult, Target};

/// A database of a test's own; gone when it is dropped.
pub struct Fresh {
    /// Where it is.
    pub target: Target,
    remove: Box<dyn Fn() + Send + Sync>,
}

impl Fresh {
    /// A file with the schema in it.
    pub fn sqlite() -> Self {
        Self::empty_sqlite().with_schema()
    }

    /// A database with the schema in it.
    pub fn postgres() -> Self {
        Self::empty_postgres().with_schema()
    }

    /// A new file.
    pub fn empty_sqlite() -> Self {
        let folder = std::env::temp_dir().join(random_name());
        std::fs::create_dir(&folder).expect("a temporary folder");
        let url = format!("sqlite:{}", folder.join("test.db").display());
        Self::new(&url, move || drop(std::fs::remove_dir_all(&folder)))
    }

    /// A new database of the server that `scripts/with-postgres` started.
    pub fn empty_postgres() -> Self {
        let server = std::env::var("GRAPEVINE_TEST_POSTGRES")
            .expect("GRAPEVINE_TEST_POSTGRES names no server: run the tests by `make test`");
        let name = random_name();
        let mut url = url::Url::parse(&server).expect("GRAPEVINE_TEST_POSTGRES is a URL");
        url.set_path(&name);
        let server = Target::parse(&server).expect("GRAPEVINE_TEST_POSTGRES fits");
        let run = move |sql: &str| -> StoreResult<()> { server.connect(Use::Tool)?.batch(sql) };
        run(&format!("CREATE DATABASE {name}")).expect("a database can be made");
        Self::new(url.as_str(), move || {
            if let Err(error) = run(&format!("DROP DATABASE {name} WITH (FORCE)")) {
                eprintln!("{name} stays: {error}");
            }
        })
    }

    fn new(url: &str, remove: impl Fn() + Send + Sync + 'static) -> Self {
        Self { target: Target::parse(url).expect("the URL fits"), remove: Box::new(remove) }
    }

    fn with_schema(self) -> Self {
        migrate(&self.target).expect("the migrations run");
        self
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

/// Makes tests of functions that take a database: `…::sqlite` and `…::postgres`.
macro_rules! on_both {
    ( $( $name:ident ),* $(,)? ) => { $(
        mod $name {
            #[test]
            fn sqlite() {
                super::$name(&$crate::support::Fresh::sqlite());
            }

            #[test]
            fn postgres() {
                super::$name(&$crate::support::Fresh::postgres());
            }
        }
    )* };
}
pub(crate) use on_both;

/// The same for what concerns PostgreSQL alone.
macro_rules! on_postgres {
    ( $( $name:ident ),* $(,)? ) => { $(
        mod $name {
            #[test]
            fn postgres() {
                super::$name(&$crate::support::Fresh::postgres());
            }
        }
    )* };
}
pub(crate) use on_postgres;

/// The same for what concerns SQLite alone.
macro_rules! on_sqlite {
    ( $( $name:ident ),* $(,)? ) => { $(
        mod $name {
            #[test]
            fn sqlite() {
                super::$name(&$crate::support::Fresh::sqlite());
            }
        }
    )* };
}
pub(crate) use on_sqlite;
