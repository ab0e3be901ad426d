//! Lists of records: a page as JSON, or all of it as CSV.

use serde_json::value::RawValue;

use crate::api::answer::columns::columns;
use crate::api::answer::format::Format;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::answer::sheet::{Turn, sheet};
use crate::api::request::call::Call;
use crate::api::request::page::{self, Page};
use crate::records::{Record, Timestamp};
use crate::store::queries::records::{Filter, Part, list};

impl Call {
    /// A list of a kind of records; `show` makes the view of each.
    pub async fn list<R>(
        self,
        filter: Filter,
        show: impl Fn(&Self, &R) -> Box<RawValue> + 'static,
    ) -> Result<Reply, Problem>
    where
        R: Record + Send + HasCreated,
    {
        let show = async move |call: &Self, rows: &[R]| Ok(rows.iter().map(|row| show(call, row)).collect());
        self.list_pages(filter, show).await
    }

    /// The same for views that need more than the record; `show` makes those of a page.
    pub async fn list_pages<R, S>(self, filter: Filter, show: S) -> Result<Reply, Problem>
    where
        R: Record + Send + HasCreated,
        S: AsyncFn(&Self, &[R]) -> Result<Vec<Box<RawValue>>, Problem> + 'static,
    {
        let Page { part, format } = self.page()?;
        self.query().refuse_unknown()?;
        match format {
            Format::Json => {
                let (views, next) = turn(&self, &filter, part, &show).await?;
                let next = next.and_then(|part| part.after);
                Ok(Reply::page(
                    &views,
                    next.map(|(at, id)| page::cursor(self.app.installation.vault.cursors(), at, id)),
                ))
            }
            Format::Csv => {
                sheet(columns(self.operation.id), part, async move |part| turn(&self, &filter, part, &show).await).await
            }
        }
    }
}

/// The views of a part, and the part behind it.
async fn turn<R, S>(call: &Call, filter: &Filter, part: Part, show: &S) -> Result<Turn<Box<RawValue>, Part>, Problem>
where
    R: Record + Send + HasCreated,
    S: AsyncFn(&Call, &[R]) -> Result<Vec<Box<RawValue>>, Problem>,
{
    let (shop, filter, wanted) = (call.shop(), filter.clone(), part.clone());
    let listed = call.read_list(move |connection| list::<R>(connection, shop, &filter, &wanted)).await?;
    let last = listed.rows.last().filter(|_| listed.more).map(|row| (row.created_at(), row.id()));
    let next = last.map(|last| Part { after: Some(last), ..part });
    Ok((show(call, &listed.rows).await?, next))
}

/// A record that lists are ordered by.
pub trait HasCreated {
    /// When it was made.
    fn created_at(&self) -> Timestamp;
}

macro_rules! has_created {
    ( $( $record:ident ),* $(,)? ) => {
        $( impl HasCreated for crate::records::$record {
            fn created_at(&self) -> Timestamp { self.created_at }
        } )*
    };
}

has_created!(
    ApiKey, AuditRow, Code, Conversion, Customer, Entry, Grant, Hold, Job, Message, Operator, Program, Redemption,
    Referral, Reward, Share, Voucher,
);
