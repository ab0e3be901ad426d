//! A document that does not change: every answer shares its bytes, and it is compressed once.

use std::io::Write as _;

use actix_web::HttpRequest;
use actix_web::http::header::{AcceptEncoding, Encoding, Header as _};
use actix_web::web::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A document.
pub struct Fixed {
    plain: Bytes,
    gzip: Option<Bytes>,
}

/// What is sent of it.
pub struct Sent {
    /// The bytes, shared.
    pub bytes: Bytes,
    /// How they are compressed.
    pub encoding: Option<&'static str>,
}

impl Fixed {
    /// Compresses it.
    pub fn new(plain: impl Into<Bytes>) -> Self {
        let plain = plain.into();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        // Writing into memory does not fail; were it to, it would be sent as it is.
        let gzip = encoder.write_all(&plain).and_then(|()| encoder.finish()).ok().map(Bytes::from);
        Self { plain, gzip }
    }

    /// What is sent to one who takes it compressed, or does not.
    pub fn sent(&self, request: &HttpRequest) -> Sent {
        match &self.gzip {
            Some(gzip) if takes_gzip(request) => Sent { bytes: gzip.clone(), encoding: Some("gzip") },
            _ => Sent { bytes: self.plain.clone(), encoding: None },
        }
    }
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let known = [Encoding::identity(), Encoding::gzip()];
    AcceptEncoding::parse(request).is_ok_and(|said| said.negotiate(known.iter()) == Some(Encoding::gzip()))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use actix_web::test::TestRequest;
    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn who_takes_it_compressed_has_it_so() {
        let text: &[u8] = include_bytes!("../../../openapi.yaml");
        let fixed = Fixed::new(text);
        let table = [
            (None, false),
            (Some(""), false),
            (Some("gzip"), true),
            (Some("gzip, deflate, br"), true),
            (Some("br;q=1.0, gzip;q=0.8, *;q=0.1"), true),
            (Some("gzip;q=0"), false),
            (Some("identity"), false),
            (Some("br"), false),
            (Some("not; a, list"), false),
        ];
        for (said, is_compressed) in table {
            let request =
                said.map_or_else(TestRequest::get, |said| TestRequest::get().insert_header(("accept-encoding", said)));
            let sent = fixed.sent(&request.to_http_request());
            assert_eq!(sent.encoding.is_some(), is_compressed, "{said:?}");
            let mut read = Vec::new();
            match is_compressed {
                true => GzDecoder::new(&*sent.bytes).read_to_end(&mut read).map(drop).expect("it is gzip"),
                false => read.extend(&sent.bytes),
            }
            assert_eq!(read, text);
        }
        let request = || TestRequest::get().insert_header(("accept-encoding", "gzip")).to_http_request();
        assert_eq!(fixed.sent(&request()).bytes.as_ptr(), fixed.sent(&request()).bytes.as_ptr(), "none is copied");
    }
}
