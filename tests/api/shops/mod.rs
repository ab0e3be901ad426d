//! A shop's settings, imports, mails, books, and what time brings.

pub mod analytics;
pub mod announcements;
pub mod books;
pub mod bounces;
pub mod consumers;
pub mod due;
pub mod imports;
pub mod messages;
pub mod refused_lines;
pub mod reminders;
pub mod shop;
pub mod templates;
pub mod unsubscribe;
pub mod webhook_faults;
pub mod webhooks;
