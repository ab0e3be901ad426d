//! The REST API. `routes` is the table of operations, `call` what a handler gets, `problem` what a
//! refusal looks like; each resource has a file of handlers that decide nothing.

