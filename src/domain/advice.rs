//! What each call-level error means for the analyst and what helps: one text each, for the screen and for the headless commands.

use super::{
    failure::{CallError, CallFailure, WRITE},
    query::Query,
    served::Served,
    text,
};

/// Where the error happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place<'a> {
    /// The Region asked.
    pub region: Option<&'a str>,
    /// The account asked.
    pub account: Option<&'a str>,
    /// The AWS profile that was named.
    pub profile: Option<&'a str>,
    /// The home Region of the aggregator, where it is known.
    pub home_region: Option<&'a str>,
    /// The endpoint that was named.
    pub endpoint: Option<&'a str>,
}

/// What to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// What happened, in one sentence.
    pub what: String,
    /// What the service said, in its own words; clean. Empty where it said nothing.
    pub said: String,
    /// What helps, in one or two sentences.
    pub help: String,
    /// The request id, for a support case.
    pub request_id: Option<String>,
}

impl Advice {
    /// Everything in lines.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.what.clone()];
        if !self.said.is_empty() {
            lines.push(format!("The service said: {}", self.said));
        }
        lines.push(self.help.clone());
        if let Some(id) = &self.request_id {
            lines.push(format!("request {id}"));
        }
        lines
    }
}

/// What to tell about an error.
pub fn advise(error: &CallError, place: &Place<'_>) -> Advice {
    let region = place.region.unwrap_or("this Region");
    let account = place.account.map_or_else(|| "this account".to_owned(), |account| format!("account {account}"));
    let login = match place.profile {
        Some(profile) => format!("`aws sso login --profile {}`", text::clean(profile)),
        None => "`aws sso login`".to_owned(),
    };
    let operation = error.operation;
    let (what, help) = match error.failure {
        CallFailure::AccessDenied => (
            format!("Access denied: your policy does not allow {operation} in {account}, {region}{}.", denied_fields(&error.message)),
            denied_help(operation).to_owned(),
        ),
        CallFailure::Throttled => (
            format!("Throttled: {operation} was called more often than the service allows."),
            "Wait a moment and try again; if it comes back, lower `[pace]` in config.toml: others may share the quota.".to_owned(),
        ),
        CallFailure::Validation => (
            format!("The service does not accept this {operation} request."),
            "Some values are not accepted by every API release (severity Fatal, status Deleted). Choose another value, or drop the change."
                .to_owned(),
        ),
        CallFailure::Conflict => (
            format!("Conflict: the service cannot carry out {operation} now."),
            format!("Most often Security Hub V2 is not enabled in {region}; otherwise try again in a moment."),
        ),
        CallFailure::InternalServer => (
            format!("The service failed on {operation}."),
            "It is not your doing. Try again in a moment; quote the request id if it stays.".to_owned(),
        ),
        CallFailure::NotEnabled => (
            format!("Security Hub V2 is not enabled in {region} for {account}."),
            match place.home_region {
                Some(home) if Some(home) != place.region => {
                    format!("Findings are collected in the home Region: `--region {}`.", text::clean(home))
                }
                _ => "Findings may be in the home Region, `--region`; or enable Security Hub in the console.".to_owned(),
            },
        ),
        CallFailure::NotFound => (
            format!("{operation}: what was asked for does not exist."),
            "It may have aged out, or belong to another account or Region.".to_owned(),
        ),
        CallFailure::ExpiredCredentials => {
            ("The credentials have expired or are no longer valid.".to_owned(), format!("Log in again in another window: {login}."))
        }
        CallFailure::MissingCredentials => (
            "No credentials were found in the environment, the AWS profile, a container or the instance metadata.".to_owned(),
            format!("{login}, or name a profile with --profile. Without an account: `hubtriage demo`."),
        ),
        CallFailure::NoRegion => {
            ("No Region is configured.".to_owned(), "Name one with --region, AWS_REGION, or `region` in the AWS profile.".to_owned())
        }
        CallFailure::ClockSkew => (
            "The clock of this machine is off: the service does not accept the signature's time.".to_owned(),
            "Set the clock; `timedatectl` shows it.".to_owned(),
        ),
        CallFailure::Unreachable => (
            match place.endpoint {
                Some(endpoint) => format!("The endpoint {} cannot be reached.", text::clean(endpoint)),
                None => format!("Security Hub in {region} cannot be reached."),
            },
            "Check the network, the proxy (HTTPS_PROXY) and the Region's name.".to_owned(),
        ),
        CallFailure::NoAnswer => (
            format!("The connection was lost, or no answer came in time, after {operation} had been sent."),
            "Whether it was carried out is unknown; reading the findings again tells. Check the network, then try again.".to_owned(),
        ),
        CallFailure::BadAnswer => (
            format!("The answer to {operation} cannot be read."),
            "Something between here and the service may have changed it (a proxy?). Reading the findings again tells what happened."
                .to_owned(),
        ),
        CallFailure::Other => (
            format!("{operation} failed{}.", error.code.as_deref().map(|code| format!(" with {}", text::clean(code))).unwrap_or_default()),
            "Try again; quote the request id if it stays.".to_owned(),
        ),
    };
    Advice {
        what,
        said: text::clean(error.message.trim()).into_owned(),
        help,
        request_id: error.request_id.as_deref().map(|id| text::clean(id).into_owned()),
    }
}

/// What to tell where findings were asked for: of a query that the service does not accept its words, and the clause where that can be told.
pub fn advise_on_query(error: &CallError, place: &Place<'_>, query: &Query) -> Advice {
    let advice = advise(error, place);
    let served = Served::of(query);
    if error.failure != CallFailure::Validation || error.operation == WRITE || served.composites.is_empty() {
        return advice;
    }
    let named: Vec<String> = served.offenders(&error.message).into_iter().map(|clause| format!("`{}`", text::clean(clause))).collect();
    // A page token that is no longer accepted fails in the same way, and says nothing of the query.
    if named.is_empty() && error.message.to_lowercase().contains("token") {
        return advice;
    }
    let help = match named.as_slice() {
        [] => "It does not say which clause is meant: leave out one, or compare it otherwise.".to_owned(),
        [one] => format!("It is about {one}: leave that out, or compare it otherwise."),
        several => format!("It is about one of {}: leave that out, or compare it otherwise.", several.join(", ")),
    };
    Advice { what: format!("The service does not accept the query {}.", text::clean(&query.to_string())), help, ..advice }
}

/// The request members that IAM's message names through the condition key `securityhub:OCSFSyntaxPath/…`.
fn denied_fields(message: &str) -> String {
    let fields: Vec<&str> = ["StatusId", "SeverityId", "Comment"].into_iter().filter(|field| message.contains(field)).collect();
    if fields.is_empty() { String::new() } else { format!(" with {}", fields.join(" and ")) }
}

fn denied_help(operation: &str) -> &'static str {
    match operation {
        WRITE => {
            "Everything stays staged. Ask for `securityhub:BatchUpdateFindings`, or drop the field you may not set (condition key securityhub:OCSFSyntaxPath)."
        }
        "GetFindingStatisticsV2" => {
            "Ask for `securityhub:GetAdhocInsightResults`, which is what counting needs; findings are listed without it."
        }
        "GetFindingsV2" => "Ask for `securityhub:GetFindings`, or use another profile with --profile.",
        _ => "Ask whoever keeps your policy, or use another profile with --profile.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(failure: CallFailure, operation: &'static str, message: &str) -> CallError {
        CallError { failure, operation, code: Some("XException".into()), message: message.into(), request_id: Some("r-1".into()) }
    }

    #[test]
    fn every_kind_of_error_has_its_own_text_and_what_to_do() {
        let kinds = [
            CallFailure::AccessDenied,
            CallFailure::Throttled,
            CallFailure::Validation,
            CallFailure::Conflict,
            CallFailure::InternalServer,
            CallFailure::NotEnabled,
            CallFailure::NotFound,
            CallFailure::ExpiredCredentials,
            CallFailure::MissingCredentials,
            CallFailure::NoRegion,
            CallFailure::ClockSkew,
            CallFailure::Unreachable,
            CallFailure::NoAnswer,
            CallFailure::BadAnswer,
            CallFailure::Other,
        ];
        let told: std::collections::BTreeSet<(String, String)> = kinds
            .iter()
            .map(|&kind| {
                let advice = advise(&error(kind, "BatchUpdateFindingsV2", "m\u{1b}"), &Place::default());
                assert_eq!((advice.said.as_str(), advice.request_id.as_deref()), ("m<U+001B>", Some("r-1")));
                (advice.what, advice.help)
            })
            .collect();
        assert_eq!(told.len(), kinds.len());
    }

    #[test]
    fn a_denial_names_account_and_field_and_a_hub_that_is_off_names_the_home_region() {
        let place = Place { region: Some("eu-west-1"), account: Some("222233334444"), home_region: Some("us-east-1"), ..Place::default() };
        let message =
            "User: arn:aws:sts::1:x is not authorized to perform: securityhub:BatchUpdateFindings with securityhub:OCSFSyntaxPath/StatusId";
        let denied = advise(&error(CallFailure::AccessDenied, "BatchUpdateFindingsV2", message), &place);
        assert!(denied.what.contains("account 222233334444") && denied.what.contains("StatusId"), "{}", denied.what);
        let off = advise(&error(CallFailure::NotEnabled, "DescribeSecurityHubV2", ""), &place);
        assert!(off.help.contains("--region us-east-1"), "{}", off.help);
    }

    #[test]
    fn a_query_that_is_not_accepted_is_told_with_its_words_and_the_clause() {
        let query: Query = "status:new title~public".parse().unwrap_or(Query::Everything);
        let advice = |failure, operation, message: &str, query: &Query| {
            advise_on_query(&error(failure, operation, message), &Place::default(), query)
        };
        let placed = "Value at 'Filters.CompositeFilters[0].StringFilters[0].Filter.Comparison' failed";
        let told = advice(CallFailure::Validation, "GetFindingsV2", placed, &query);
        assert_eq!(told.what, "The service does not accept the query status:new title~public.");
        assert_eq!(
            (told.help.as_str(), told.said.as_str()),
            ("It is about `title~public`: leave that out, or compare it otherwise.", placed)
        );
        let unplaced = advice(CallFailure::Validation, "GetFindingsV2", "no", &query);
        assert_eq!(unplaced.help, "It does not say which clause is meant: leave out one, or compare it otherwise.");
        let token = error(CallFailure::Validation, "GetFindingsV2", "The NextToken is no longer valid");
        assert_eq!(advise_on_query(&token, &Place::default(), &query), advise(&token, &Place::default()));
        for (failure, operation, query) in [
            (CallFailure::Throttled, "GetFindingsV2", &query),
            (CallFailure::Validation, WRITE, &query),
            (CallFailure::Validation, "GetFindingsV2", &Query::Everything),
        ] {
            assert_eq!(advice(failure, operation, placed, query), advise(&error(failure, operation, placed), &Place::default()));
        }
    }
}
