//! The HTTP client: the SDK's own hyper connector with our trust store and proxy rule.
//!
//! Owns one connection pool for all clients of a session. The SDK's default client is built the same way but cannot be told which
//! certificate authorities to trust, and reads those of the machine even where a server without TLS is asked.

use std::{
    fmt,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use aws_smithy_http_client::{
    Connector, HttpClientError,
    proxy::ProxyConfig,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};
use aws_types::{os_shim_internal::Env, sdk_config::SharedAsyncSleep};

/// Whether a proxy may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proxy {
    /// As `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say.
    Environment,
    /// Never.
    Never,
}

/// The client; its clones share their connections.
#[derive(Clone)]
pub(super) struct Transport(Arc<Inner>);

struct Inner {
    tls: TlsContext,
    proxy: Proxy,
    /// A connector has its timeouts for life, so there is one for each pair of them; there are two or three pairs.
    connectors: Mutex<Vec<(Waits, SharedHttpConnector)>>,
}

/// Connect and read timeout.
type Waits = (Option<Duration>, Option<Duration>);

impl Transport {
    /// A client with no connection yet.
    pub(super) fn new(trust: TrustStore, proxy: Proxy) -> Result<Self, HttpClientError> {
        let tls = TlsContext::builder().with_trust_store(trust).build()?;
        Ok(Self(Arc::new(Inner { tls, proxy, connectors: Mutex::new(Vec::new()) })))
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("proxy", &self.0.proxy).finish_non_exhaustive()
    }
}

impl HttpClient for Transport {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let waits = (settings.connect_timeout(), settings.read_timeout());
        let mut connectors = self.0.connectors.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, connector)) = connectors.iter().find(|(known, _)| *known == waits) {
            return connector.clone();
        }
        let connector = SharedHttpConnector::new(ByScheme {
            trust: self.0.tls.clone(),
            proxy: self.0.proxy,
            settings: settings.clone(),
            sleep: components.sleep_impl(),
            plain: OnceLock::new(),
            tls: OnceLock::new(),
        });
        connectors.push((waits, connector.clone()));
        connector
    }
}

/// Makes the connector that a request needs when the first such request comes: a server without TLS, such as an emulator, is asked without
/// the machine's certificate authorities being read first, which takes longer than everything else that a first call needs.
#[derive(Debug)]
struct ByScheme {
    trust: TlsContext,
    proxy: Proxy,
    settings: HttpConnectorSettings,
    sleep: Option<SharedAsyncSleep>,
    plain: OnceLock<SharedHttpConnector>,
    tls: OnceLock<SharedHttpConnector>,
}

impl ByScheme {
    fn plain(&self) -> SharedHttpConnector {
        let mut builder = Connector::builder();
        builder.set_connector_settings(Some(self.settings.clone()));
        builder.set_sleep_impl(self.sleep.clone());
        builder.set_proxy_config(Some(ProxyConfig::disabled()));
        SharedHttpConnector::new(builder.build_http())
    }

    fn tls(&self) -> SharedHttpConnector {
        let mut builder = Connector::builder().tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(self.trust.clone());
        builder.set_connector_settings(Some(self.settings.clone()));
        builder.set_sleep_impl(self.sleep.clone());
        builder.set_proxy_config(Some(match self.proxy {
            Proxy::Environment => ProxyConfig::from_env(),
            Proxy::Never => ProxyConfig::disabled(),
        }));
        SharedHttpConnector::new(builder.build())
    }
}

impl HttpConnector for ByScheme {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let is_plain = is_plain(request.uri(), self.proxy, &Env::real());
        let connector = if is_plain { self.plain.get_or_init(|| self.plain()) } else { self.tls.get_or_init(|| self.tls()) };
        connector.call(request)
    }
}

/// Whether a request needs no TLS for sure. A proxy may be reached by TLS even where the server is not.
fn is_plain(uri: &str, proxy: Proxy, env: &Env) -> bool {
    const PROXIES: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
    uri.starts_with("http://") && (proxy == Proxy::Never || PROXIES.iter().all(|name| env.get(name).is_err()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_server_without_tls_and_without_a_proxy_before_it_is_asked_without_certificates() {
        let (none, some) = (Env::from_slice(&[]), Env::from_slice(&[("http_proxy", "https://proxy.example:3128")]));
        for (uri, proxy, env, plain) in [
            ("http://127.0.0.1:4580/findingsv2", Proxy::Never, &none, true),
            ("http://127.0.0.1:4580/findingsv2", Proxy::Environment, &none, true),
            ("http://127.0.0.1:4580/findingsv2", Proxy::Environment, &some, false),
            ("http://127.0.0.1:4580/findingsv2", Proxy::Never, &some, true),
            ("https://securityhub.eu-west-1.amazonaws.com/findingsv2", Proxy::Environment, &none, false),
        ] {
            assert_eq!(is_plain(uri, proxy, env), plain, "{uri} {proxy:?}");
        }
    }
}
