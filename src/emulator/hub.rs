//! What an account can ask about its hub and about itself: `DescribeSecurityHubV2`, the aggregators, and STS `GetCallerIdentity`.

use serde_json::json;

use super::failure::Failure;
use super::random;
use super::settings::{Enablement, Settings};

/// An arbitrary but fixed time; nothing depends on it.
const SUBSCRIBED_AT: &str = "2026-01-05T09:00:00Z";

/// The ARN of the hub, which IAM names as the resource of calls.
pub(super) fn hub_arn(settings: &Settings) -> String {
    let id = random::uuid(random::mix(settings.seed, 0x68_75_62));
    format!("arn:aws:securityhub:{}:{}:hubv2/{id}", settings.region, settings.account)
}

/// The ARN of whoever calls.
pub(super) fn caller_arn(settings: &Settings) -> String {
    format!("arn:aws:sts::{}:assumed-role/SecurityAnalyst/emulator", settings.account)
}

pub(super) fn describe(settings: &Settings) -> Result<String, Failure> {
    match settings.enablement {
        Enablement::Off => Err(Failure::not_found("You are not subscribed to HubV2")),
        Enablement::On => Ok(json!({ "HubV2Arn": hub_arn(settings), "SubscribedAt": SUBSCRIBED_AT, "Features": {} }).to_string()),
    }
}

/// What calls about findings answer while the hub is off. Not observed; it is the one modelled error that fits.
pub(super) fn require_on(settings: &Settings) -> Result<(), Failure> {
    match settings.enablement {
        Enablement::On => Ok(()),
        Enablement::Off => Err(off(settings)),
    }
}

pub(super) fn list_aggregators(settings: &Settings) -> Result<String, Failure> {
    let aggregators = match (&settings.home_region, settings.enablement) {
        (None, Enablement::Off) => return Err(off(settings)),
        (None, Enablement::On) => vec![],
        (Some(home), _) => vec![json!({ "AggregatorV2Arn": aggregator_arn(home, settings) })],
    };
    Ok(json!({ "AggregatorsV2": aggregators }).to_string())
}

/// Answers only in the home Region, as the service does.
pub(super) fn get_aggregator(arn: &str, settings: &Settings) -> Result<String, Failure> {
    let Some(home) = settings.home_region.as_ref().filter(|home| arn == aggregator_arn(home, settings)) else {
        return Err(Failure::not_found(format!("Aggregator {arn} was not found")));
    };
    if *home != settings.region {
        return Err(Failure::conflict(format!("The current Region {} does not match the aggregation Region", settings.region)));
    }
    Ok(json!({
        "AggregatorV2Arn": arn,
        "AggregationRegion": home,
        "RegionLinkingMode": "SPECIFIED_REGIONS",
        "LinkedRegions": [],
    })
    .to_string())
}

/// The XML of STS.
pub(super) fn caller_identity(settings: &Settings, request_id: &str) -> String {
    format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>{}</Arn><UserId>AROAEMULATOREMULATOR:emulator</UserId><Account>{}</Account>\
         </GetCallerIdentityResult><ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></GetCallerIdentityResponse>",
        escape(&caller_arn(settings)),
        escape(&settings.account),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn off(settings: &Settings) -> Failure {
    Failure::conflict(format!("Security Hub V2 is not enabled for {}", settings.account))
}

fn aggregator_arn(home: &str, settings: &Settings) -> String {
    let id = random::uuid(random::mix(settings.seed, 0x61_67_67));
    format!("arn:aws:securityhub:{home}:{}:aggregatorv2/{id}", settings.account)
}
