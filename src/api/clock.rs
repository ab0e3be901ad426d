//! The clock of a test shop.

use super::call::Call;
use super::problem::Problem;
use super::reply::Reply;
use crate::decide::shops::move_clock::MoveClock;

/// Moves it, and answers when everything that became due is done.
pub(super) async fn move_test_clock(call: Call) -> Result<Reply, Problem> {
    let command: MoveClock = call.body()?;
    let reply = call.submit_for_links(command).await?;
    call.app.sweeper.finish_shop(call.shop()).await?;
    Ok(reply)
}
