//! Where traces go, and how many.

use super::Environment;
use crate::telemetry::export::Traces;

/// What the address of a collector ends with, for traces.
const PATH: &str = "/v1/traces";

/// Reads where traces go; `None` within: nowhere.
pub(super) fn read(environment: &mut Environment) -> Option<Option<Traces>> {
    let url = environment.read("OTEL_EXPORTER_OTLP_ENDPOINT", "", parse_endpoint);
    let service = environment.read("OTEL_SERVICE_NAME", "grapevine", |name| Ok(name.to_owned()));
    let share = environment.read("OTEL_TRACES_SAMPLER_ARG", "1", |text| {
        let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
        share.ok_or_else(|| "a share from 0 to 1 is expected".to_owned())
    });
    let (url, service, share) = (url?, service?, share?);
    Some(url.map(|url| Traces { url, service, share }))
}

fn parse_endpoint(text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    match url::Url::parse(text) {
        Ok(url) if url.scheme() == "http" && url.has_host() => {
            let base = text.trim_end_matches('/');
            Ok(Some(format!("{}{PATH}", base.strip_suffix(PATH).unwrap_or(base))))
        }
        _ => Err("http://HOST:4318 is expected: a collector that takes OTLP over HTTP, near enough to need no TLS"
            .to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn a_collector_is_named_by_its_base() {
        let of = |endpoint: &str| {
            let config = Config::from_pairs([("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)]);
            config.map(|config| config.log.traces.map(|traces| traces.url))
        };
        assert_eq!(of("").expect("none"), None);
        for endpoint in ["http://127.0.0.1:4318", "http://127.0.0.1:4318/", "http://127.0.0.1:4318/v1/traces"] {
            assert_eq!(of(endpoint).expect("one").as_deref(), Some("http://127.0.0.1:4318/v1/traces"));
        }
        for endpoint in ["https://collector.example", "127.0.0.1:4318", "grpc://x"] {
            assert!(of(endpoint).is_err(), "{endpoint}");
        }
    }
}
