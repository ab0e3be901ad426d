//! The clock of a test shop.

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::Call;
use crate::decide::shops::move_clock::MoveClock;

/// Moves it, and answers when everything that became due is done.
pub(in crate::api) async fn move_test_clock(call: Call) -> Result<Reply, Problem> {
    let command: MoveClock = call.body()?;
    let reply = call.submit_for_links(command).await?;
    call.app.sweeper.finish_shop(call.shop()).await?;
    Ok(reply)
}
