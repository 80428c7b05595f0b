//! Where credentials come from, and how they are renewed while the program runs.
//!
//! Owns the order of the sources and the one copy that is held. A session lasts hours, and analysts renew their credentials beside it
//! (`aws sso login`, a tool that rewrites the credentials file), so nothing read once may stick: each renewal reads the files again.
//! Must not write credentials anywhere, and no debug form shows them.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use aws_config::{
    BehaviorVersion, Region, default_provider::credentials::DefaultCredentialsChain, ecs::EcsCredentialsProvider, imds,
    imds::credentials::ImdsCredentialsProvider, meta::credentials::CredentialsProviderChain, profile::ProfileFileCredentialsProvider,
    provider_config::ProviderConfig,
};
use aws_credential_types::{
    Credentials,
    provider::{self, ProvideCredentials, error::CredentialsError, future},
};
use aws_types::os_shim_internal::Env;
use tokio::sync::Mutex;

use super::{
    mfa::{self, NeedsMfa},
    transport::Transport,
};

/// Credentials are renewed when they have less than this left: longer than any one call takes.
const SPARE: Duration = Duration::from_mins(2);

/// Credentials without an end are looked up again after this time, as the SDK does.
const RECHECK: Duration = Duration::from_mins(15);

/// What the chain of sources is built from.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    /// `--profile`.
    pub(super) profile: Option<String>,
    /// For STS and single sign-on.
    pub(super) region: Region,
    /// The HTTP client.
    pub(super) transport: Transport,
    /// `AWS_USE_FIPS_ENDPOINT`.
    pub(super) fips: Option<bool>,
    /// `AWS_USE_DUALSTACK_ENDPOINT`.
    pub(super) dual_stack: Option<bool>,
    /// The SDK's behaviour.
    pub(super) behavior: BehaviorVersion,
    /// How long a source may take.
    pub(super) patience: Duration,
}

impl Chain {
    /// Asks the sources in turn.
    async fn credentials(&self) -> provider::Result {
        match self.asked().await {
            Ok(credentials) => Ok(credentials),
            // Only where it failed: a role may be assumed without the code where its trust policy does not ask for one.
            Err(error) => match mfa::asked_for(&Env::real(), self.profile.as_deref()).await {
                Some(profile) => Err(CredentialsError::provider_error(NeedsMfa { profile, error })),
                None => Err(error),
            },
        }
    }

    /// Built anew each time: the providers of the SDK keep what they read, and even an error, for good.
    async fn asked(&self) -> provider::Result {
        let conf = ProviderConfig::without_region()
            .with_region(Some(self.region.clone()))
            .with_http_client(self.transport.clone())
            .with_behavior_version(Some(self.behavior))
            .with_use_fips(self.fips)
            .with_use_dual_stack(self.dual_stack);
        let imds = instance_metadata(&conf);
        let Some(profile) = &self.profile else {
            let chain = DefaultCredentialsChain::builder().configure(conf).region(self.region.clone()).imds_client(imds).build().await;
            return chain.provide_credentials().await;
        };
        // A profile named on the command line puts the environment's credentials aside, as in the AWS CLI. The SDK's default chain
        // would prefer them.
        let named = ProfileFileCredentialsProvider::builder().configure(&conf).profile_name(profile).build();
        let container = EcsCredentialsProvider::builder().configure(&conf).build();
        let instance = ImdsCredentialsProvider::builder().configure(&conf).imds_client(imds).build();
        CredentialsProviderChain::first_try("Profile", named)
            .or_else("EcsContainer", container)
            .or_else("Ec2InstanceMetadata", instance)
            .provide_credentials()
            .await
    }
}

/// A client of the instance metadata service that gives up soon: off an instance there is nobody to answer, and the packets may get
/// lost rather than refused. The SDK's own would take up to four attempts.
pub(super) fn instance_metadata(conf: &ProviderConfig) -> imds::Client {
    imds::Client::builder()
        .configure(conf)
        .max_attempts(2)
        .connect_timeout(Duration::from_secs(1))
        .read_timeout(Duration::from_secs(1))
        .operation_timeout(Duration::from_secs(3))
        .build()
}

/// Credentials that are held while they are good and looked up again when they are not. Clones hold the same ones.
#[derive(Clone)]
pub(super) struct Renewed(Arc<Inner>);

struct Inner {
    chain: Chain,
    held: Mutex<Option<Held>>,
    refused: AtomicBool,
}

struct Held {
    credentials: Credentials,
    since: SystemTime,
}

impl Held {
    /// Whether they need not be looked up again.
    fn is_fresh(&self, now: SystemTime) -> bool {
        match self.credentials.expiry() {
            Some(end) => now + SPARE < end,
            None => now.duration_since(self.since).is_ok_and(|age| age < RECHECK),
        }
    }

    /// Whether they can still sign a call.
    fn is_usable(&self, now: SystemTime) -> bool {
        self.credentials.expiry().is_none_or(|end| now < end)
    }
}

impl Renewed {
    /// Nothing held yet.
    pub(super) fn new(chain: Chain) -> Self {
        Self(Arc::new(Inner { chain, held: Mutex::new(None), refused: AtomicBool::new(false) }))
    }

    /// The service did not accept them: the next call looks them up again.
    pub(super) fn refuse(&self) {
        self.0.refused.store(true, Ordering::Release);
    }

    async fn load(&self) -> provider::Result {
        let mut held = self.0.held.lock().await;
        if self.0.refused.swap(false, Ordering::AcqRel) {
            *held = None;
        }
        #[expect(clippy::disallowed_methods, reason = "credentials expire by the clock of the machine")]
        let now = SystemTime::now();
        if let Some(held) = held.as_ref().filter(|held| held.is_fresh(now)) {
            return Ok(held.credentials.clone());
        }
        let patience = self.0.chain.patience;
        let found = tokio::time::timeout(patience, self.0.chain.credentials()).await;
        match found.unwrap_or_else(|_| Err(CredentialsError::provider_timed_out(patience))) {
            Ok(credentials) => {
                *held = Some(Held { credentials: credentials.clone(), since: now });
                Ok(credentials)
            }
            // A source that is away for a moment must not stop what is still allowed.
            Err(error) => held.as_ref().filter(|held| held.is_usable(now)).map(|held| held.credentials.clone()).ok_or(error),
        }
    }
}

impl fmt::Debug for Renewed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Renewed").field("profile", &self.0.chain.profile).finish_non_exhaustive()
    }
}

impl ProvideCredentials for Renewed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.load())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_renewed_before_they_end_and_used_until_they_do() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let until = |end: Option<SystemTime>| Held { credentials: Credentials::new("id", "secret", None, end, "test"), since: now };
        let ending = until(Some(now + Duration::from_mins(10)));
        for (later, fresh, usable) in [(0, true, true), (479, true, true), (481, false, true), (599, false, true), (601, false, false)] {
            let then = now + Duration::from_secs(later);
            assert_eq!((ending.is_fresh(then), ending.is_usable(then)), (fresh, usable), "{later} s");
        }
        let endless = until(None);
        assert!(endless.is_fresh(now + RECHECK / 2) && !endless.is_fresh(now + RECHECK) && endless.is_usable(now + RECHECK * 9));
    }
}
