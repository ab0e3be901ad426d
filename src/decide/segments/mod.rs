//! Segments: named sets of customers, by list and by condition.

pub mod change_member;
pub mod upsert_segment;

commands! {
    change_member::ChangeMember,
    upsert_segment::UpsertSegment,
}
