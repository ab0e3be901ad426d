//! Lists of records: a page as JSON, or all of it as CSV.

use serde_json::value::RawValue;

use crate::api::answer::columns::columns;
use crate::api::answer::format::Format;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::answer::sheet::{Turn, sheet};
use crate::api::request::call::Call;
use crate::api::request::page::{self, Page};
use crate::records::Record;
use crate::store::queries::records::{Filter, Part, list};

impl Call {
    /// A list of a kind of records; `show` makes the view of each.
    pub async fn list<R>(
        self,
        filter: Filter,
        show: impl Fn(&Self, &R) -> Box<RawValue> + 'static,
    ) -> Result<Reply, Problem>
    where
        R: Record + Send,
    {
        let show = async move |call: &Self, rows: &[R]| Ok(rows.iter().map(|row| show(call, row)).collect());
        self.list_pages(filter, show).await
    }

    /// The same for views that need more than the record; `show` makes those of a page.
    pub async fn list_pages<R, S>(self, filter: Filter, show: S) -> Result<Reply, Problem>
    where
        R: Record + Send,
        S: AsyncFn(&Self, &[R]) -> Result<Vec<Box<RawValue>>, Problem> + 'static,
    {
        let Page { part, format, ids } = self.page()?;
        let filter = filter.ids(ids);
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
    R: Record + Send,
    S: AsyncFn(&Call, &[R]) -> Result<Vec<Box<RawValue>>, Problem>,
{
    let (shop, filter, wanted) = (call.shop(), filter.clone(), part.clone());
    let listed = call.read_list(move |connection| list::<R>(connection, shop, &filter, &wanted)).await?;
    let next = listed.last.filter(|_| listed.more).map(|last| Part { after: Some(last), ..part });
    Ok((show(call, &listed.rows).await?, next))
}
