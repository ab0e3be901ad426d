//! The bare handlers that links, checks and reads are held against: actix-web and nothing else, in a
//! process of its own like the server.

use std::net::TcpListener;

use actix_web::http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use actix_web::web::Bytes;
use actix_web::{App, HttpResponse, HttpServer, web};

/// Serves until it is killed. The body of `/body` is that of the environment's `BARE_BODY`.
pub fn serve() -> anyhow::Result<()> {
    let body = std::env::var("BARE_BODY").unwrap_or_default();
    let location = std::env::var("BARE_LOCATION").unwrap_or_default();
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{{\"url\":\"http://{}\"}}", listener.local_addr()?);
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let server = HttpServer::new(move || {
        let (body, location) = (Bytes::from(body.clone()), location.clone());
        let answer = move || {
            let body = body.clone();
            async move { HttpResponse::Ok().content_type("application/json").body(body) }
        };
        let redirect = move || {
            let location = location.clone();
            async move {
                HttpResponse::Found()
                    .insert_header((LOCATION, location))
                    .insert_header((CACHE_CONTROL, "no-store"))
                    .insert_header((REFERRER_POLICY, "strict-origin-when-cross-origin"))
                    .insert_header(("X-Robots-Tag", "noindex, nofollow"))
                    .finish()
            }
        };
        App::new()
            .route("/s/{token}", web::get().to(redirect))
            .route("/body", web::get().to(answer.clone()))
            .route("/body", web::post().to(move |_body: Bytes| answer()))
    })
    .workers(threads)
    .listen(listener)?
    .run();
    actix_web::rt::System::new().block_on(server)?;
    Ok(())
}
