//! From options to a hub.
//!
//! Owns how settings are found. The only call it may make is the one for the Region of the instance it runs on, and that one is short;
//! credentials are looked up by the first call that needs them.

use std::{borrow::Cow, path::Path, sync::Arc};

use aws_config::{
    AppName, BehaviorVersion, Region, SdkConfig,
    environment::EnvironmentVariableRegionProvider,
    identity::IdentityCache,
    imds::region::ImdsRegionProvider,
    meta::region::RegionProviderChain,
    profile::{ProfileFileRegionProvider, ProfileSet},
    provider_config::ProviderConfig,
    retry::RetryConfig,
};
use aws_credential_types::{
    Credentials,
    credential_fn::provide_credentials_fn,
    provider::{SharedCredentialsProvider, error::CredentialsError},
};
use aws_smithy_http_client::tls::TrustStore;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_types::{
    os_shim_internal::{Env, Fs},
    service_config::ServiceConfigKey,
};

use tracing::debug;

use super::{
    bundle,
    credentials::{Chain, Renewed, instance_metadata},
    failure::before_call,
    options::{Access, Keys, Options, Sealed, Surroundings},
    reader::Reader,
    session::Session,
    timeouts::{READ_ATTEMPTS, Timeouts},
    transport::{Proxy, Transport},
    writer::Writer,
};
use crate::hub::{CallError, CallFailure, Hub, UpdateFindings};

/// The name in the user agent, by which the calls can be found in the account's trail.
const APP_NAME: &str = "hubtriage";

/// What the SDK's defaults are pinned to.
fn behavior() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

/// Connects to a hub: finds Region, endpoint and where credentials come from. Nothing is asked of the hub yet, so a hub that is off or
/// an unknown identity shows only at the first call.
///
/// Fails with [`CallFailure::NoRegion`] if no Region is set anywhere, with [`CallFailure::MissingCredentials`] if the profile does not
/// exist or the config files cannot be read, and with [`CallFailure::Other`] if a setting is wrong.
pub async fn connect(options: Options) -> Result<Hub, CallError> {
    let found = match &options.surroundings {
        Surroundings::Machine => of_machine(&options).await?,
        Surroundings::Sealed(sealed) => of_nothing(&options, sealed)?,
    };
    let endpoint = options.endpoint_url.clone().or_else(|| configured_endpoint(&found.config));
    if let Some(url) = &endpoint {
        check_endpoint(url)?;
    }
    let waits = options.timeouts;
    let mut builder = aws_sdk_securityhub::config::Builder::from(&found.config)
        .retry_config(RetryConfig::standard().with_max_attempts(READ_ATTEMPTS))
        .timeout_config(waits.of_reads());
    if let Some(url) = &options.endpoint_url {
        // On this client alone: in the shared settings it would send STS there too.
        builder = builder.endpoint_url(url);
    }
    let session = Arc::new(Session {
        security_hub: aws_sdk_securityhub::Client::from_conf(builder.build()),
        sts: sts(&found, &waits),
        credentials: found.credentials,
        timeouts: waits,
    });
    let writer = match options.access {
        Access::ReadOnly => None,
        Access::ReadWrite => Some(Arc::new(Writer::new(Arc::clone(&session))) as Arc<dyn UpdateFindings>),
    };
    debug!(region = %found.region, endpoint, access = ?options.access, "connected");
    Ok(Hub { reader: Arc::new(Reader::new(session)), writer, region: found.region, endpoint })
}

/// The settings that were found.
struct Found {
    config: SdkConfig,
    region: String,
    credentials: Option<Renewed>,
    sts: Sts,
}

/// Whether and where STS is asked.
enum Sts {
    /// Where the settings say.
    Configured,
    /// At this endpoint.
    At(String),
    /// Nowhere.
    Nowhere,
}

/// The settings of the machine.
async fn of_machine(options: &Options) -> Result<Found, CallError> {
    let env = Env::real();
    let profiles = profiles(&env, options.profile.as_deref()).await?;
    let transport = transport(trust_store(&env, &profiles)?, Proxy::Environment)?;
    let region = match options.region.clone() {
        Some(region) => Region::new(region),
        None => region_of_machine(options.profile.as_deref(), &transport).await.ok_or_else(no_region)?,
    };
    let mut loader = aws_config::defaults(behavior())
        .region(region.clone())
        .http_client(transport.clone())
        // `Renewed` holds them, and knows when they were refused.
        .identity_cache(IdentityCache::no_cache())
        .no_credentials();
    if let Some(profile) = &options.profile {
        loader = loader.profile_name(profile);
    }
    let config = loader.load().await;
    let credentials = Renewed::new(Chain {
        profile: options.profile.clone(),
        region: region.clone(),
        transport,
        fips: config.use_fips(),
        dual_stack: config.use_dual_stack(),
        behavior: behavior(),
        patience: options.timeouts.credentials,
    });
    let builder = config.into_builder().credentials_provider(SharedCredentialsProvider::new(credentials.clone()));
    Ok(Found { config: named(builder), region: region.to_string(), credentials: Some(credentials), sts: Sts::Configured })
}

/// The settings that need no machine.
fn of_nothing(options: &Options, sealed: &Sealed) -> Result<Found, CallError> {
    let region = options.region.clone().ok_or_else(no_region)?;
    let builder = SdkConfig::builder()
        .behavior_version(behavior())
        .region(Region::new(region.clone()))
        .http_client(transport(TrustStore::empty(), Proxy::Never)?)
        .identity_cache(IdentityCache::no_cache())
        .credentials_provider(match sealed.keys.clone() {
            Some(Keys { access_key_id, secret_access_key, session_token }) => {
                SharedCredentialsProvider::new(Credentials::new(access_key_id, secret_access_key, session_token, None, "sealed"))
            }
            None => SharedCredentialsProvider::new(provide_credentials_fn(|| async {
                Err(CredentialsError::not_loaded("no credentials were given"))
            })),
        });
    let sts = sealed.sts_endpoint_url.clone().map_or(Sts::Nowhere, Sts::At);
    Ok(Found { config: named(builder), region, credentials: None, sts })
}

/// The finished settings, with our name in the user agent.
fn named(mut builder: aws_types::sdk_config::Builder) -> SdkConfig {
    builder.set_app_name(AppName::new(APP_NAME).ok());
    builder.build()
}

/// The client that is asked who is acting.
fn sts(found: &Found, waits: &Timeouts) -> Option<aws_sdk_sts::Client> {
    let mut builder =
        aws_sdk_sts::config::Builder::from(&found.config).retry_config(RetryConfig::disabled()).timeout_config(waits.of_caller());
    match &found.sts {
        Sts::Configured => {}
        Sts::At(url) => builder = builder.endpoint_url(url),
        Sts::Nowhere => return None,
    }
    Some(aws_sdk_sts::Client::from_conf(builder.build()))
}

/// The profiles of the config files. A profile that is named but not there is an error, as in the AWS CLI.
async fn profiles(env: &Env, named: Option<&str>) -> Result<ProfileSet, CallError> {
    let chosen = named.map(|name| Cow::Owned(name.to_owned()));
    #[expect(clippy::default_trait_access, reason = "the type's crate is no dependency of ours, and its alias here is deprecated")]
    let files = Default::default();
    let profiles = aws_config::profile::load(&Fs::real(), env, &files, chosen).await.map_err(|error| {
        let error = DisplayErrorContext(&error).to_string();
        before_call(CallFailure::MissingCredentials, format!("the AWS config files cannot be read: {error}"))
    })?;
    let wanted = named.map(str::to_owned).or_else(|| env.get("AWS_PROFILE").ok());
    match wanted {
        Some(name) if profiles.get_profile(&name).is_none() => Err(before_call(
            CallFailure::MissingCredentials,
            format!("the profile `{name}` is not in the AWS config or credentials file; see `aws configure list-profiles`"),
        )),
        _ => Ok(profiles),
    }
}

/// The certificate authorities to trust.
fn trust_store(env: &Env, profiles: &ProfileSet) -> Result<TrustStore, CallError> {
    let path = env.get("AWS_CA_BUNDLE").ok().or_else(|| profiles.get("ca_bundle").map(str::to_owned));
    match path {
        Some(path) if !path.is_empty() => bundle::trust_store(Path::new(&path)).map_err(|error| before_call(CallFailure::Other, error)),
        _ => Ok(TrustStore::default()),
    }
}

fn transport(trust: TrustStore, proxy: Proxy) -> Result<Transport, CallError> {
    Transport::new(trust, proxy).map_err(|error| before_call(CallFailure::Other, DisplayErrorContext(&error)))
}

/// The Region of the environment, of the profile, or of the instance.
async fn region_of_machine(profile: Option<&str>, transport: &Transport) -> Option<Region> {
    let conf = ProviderConfig::without_region().with_http_client(transport.clone()).with_behavior_version(Some(behavior()));
    let mut of_profile = ProfileFileRegionProvider::builder().configure(&conf);
    if let Some(profile) = profile {
        of_profile = of_profile.profile_name(profile);
    }
    let of_instance = ImdsRegionProvider::builder().configure(&conf).imds_client(instance_metadata(&conf)).build();
    RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new()).or_else(of_profile.build()).or_else(of_instance).region().await
}

fn no_region() -> CallError {
    before_call(
        CallFailure::NoRegion,
        "no AWS Region is set: use --region, AWS_REGION, or `region` in the profile; with an aggregator, its home Region shows all findings",
    )
}

/// The endpoint that environment or profile set for Security Hub, by the names the SDK itself looks for.
fn configured_endpoint(config: &SdkConfig) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id("SecurityHub").env("AWS_ENDPOINT_URL").profile("endpoint_url").build().ok()?;
    config.service_config().and_then(|settings| settings.load_config(key)).or_else(|| config.endpoint_url().map(str::to_owned))
}

/// An endpoint without a scheme would fail at every call, in the words of the SDK's rules.
fn check_endpoint(url: &str) -> Result<(), CallError> {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') => Ok(()),
        _ => Err(before_call(CallFailure::Other, format!("the endpoint `{url}` must begin with http:// or https:// and name a host"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_needs_a_scheme_and_a_host() {
        for good in ["http://127.0.0.1:4566", "https://securityhub.eu-west-1.amazonaws.com/"] {
            assert_eq!(check_endpoint(good), Ok(()), "{good}");
        }
        for bad in ["localhost:4566", "http://", "https:///x", "ftp://host", ""] {
            assert!(check_endpoint(bad).is_err_and(|error| error.message.contains("http://")), "{bad}");
        }
    }
}
