//! The HTTP client: the SDK's own hyper connector with our trust store and proxy rule.
//!
//! Owns one connection pool for all clients of a session. The SDK's default client is built the same way but cannot be told which
//! certificate authorities to trust.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_smithy_http_client::{
    Connector, HttpClientError,
    proxy::ProxyConfig,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnectorSettings, SharedHttpConnector},
    runtime_components::RuntimeComponents,
};

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
        let mut builder = Connector::builder().tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(self.0.tls.clone());
        builder.set_connector_settings(Some(settings.clone()));
        builder.set_sleep_impl(components.sleep_impl());
        builder.set_proxy_config(Some(match self.0.proxy {
            Proxy::Environment => ProxyConfig::from_env(),
            Proxy::Never => ProxyConfig::disabled(),
        }));
        let connector = SharedHttpConnector::new(builder.build());
        connectors.push((waits, connector.clone()));
        connector
    }
}
