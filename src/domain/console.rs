//! The address of a finding in the AWS console.
//!
//! AWS documents the console's own address (`https://console.aws.amazon.com/securityhub/v2/home?region=…`) and not how it names a finding.
//! What stands behind `#` here is what AWS's published solution "Automated Security Response on AWS" builds for Security Hub V2: the list of
//! findings, searched by `finding_info.uid`. So it is an assumption that may stop to hold; at worst the list opens without the search.

use std::fmt::Write;

/// The console's address of a finding, by the Region of its hub and its `finding_info.uid`; `None` where no console of the Region is known.
pub fn url(region: &str, finding_uid: &str) -> Option<String> {
    let domain = domain(region)?;
    let uid = encoded(finding_uid);
    Some(format!(
        "https://{region}.{domain}/securityhub/v2/home?region={region}#/findings?search=finding_info.uid%3D%255Coperator%255C%253AEQUALS%255C%253A{uid}"
    ))
}

/// The domain of a partition's console, told by the Region. The isolated partitions have consoles that only they can reach.
fn domain(region: &str) -> Option<&'static str> {
    let is_name = !region.is_empty() && region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    match region.split_once('-')? {
        _ if !is_name => None,
        ("cn", _) => Some("console.amazonaws.cn"),
        ("us", rest) if rest.starts_with("gov-") => Some("console.amazonaws-us-gov.com"),
        ("us", rest) if rest.starts_with("iso") => None,
        ("eu", rest) if rest.starts_with("iso") => None,
        ("eusc", _) => None,
        _ => Some("console.aws.amazon.com"),
    }
}

/// Whether an endpoint is one of AWS, such as one in a VPC: then the console shows the same hub.
pub fn is_of_aws(endpoint: &str) -> bool {
    let host = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
    let host = host.split(['/', ':', '?']).next().unwrap_or_default().to_ascii_lowercase();
    [".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".api.amazonwebservices.com.cn"].iter().any(|domain| host.ends_with(domain))
}

/// Percent-encoded as the console reads it: the search is decoded twice, and `:` and `/`, which every ARN has, may be encoded once, as the
/// solution does. What could mean something to the search is encoded twice.
fn encoded(uid: &str) -> String {
    let mut out = String::with_capacity(uid.len() * 2);
    for byte in uid.bytes() {
        // A text takes whatever is written to it.
        let _ = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => write!(out, "{}", char::from(byte)),
            b':' | b'/' => write!(out, "%{byte:02X}"),
            _ => write!(out, "%25{byte:02X}"),
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const SEARCH: &str = "#/findings?search=finding_info.uid%3D%255Coperator%255C%253AEQUALS%255C%253A";

    #[rstest]
    #[case("eu-west-1", "https://eu-west-1.console.aws.amazon.com/securityhub/v2/home?region=eu-west-1")]
    #[case("us-east-1", "https://us-east-1.console.aws.amazon.com/securityhub/v2/home?region=us-east-1")]
    #[case("cn-north-1", "https://cn-north-1.console.amazonaws.cn/securityhub/v2/home?region=cn-north-1")]
    #[case("us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/securityhub/v2/home?region=us-gov-west-1")]
    fn each_partition_has_its_console(#[case] region: &str, #[case] address: &str) {
        let uid = "arn:aws:securityhub:eu-west-1:111122223333:security-control/S3.8/finding/7ee5b313";
        let encoded = "arn%3Aaws%3Asecurityhub%3Aeu-west-1%3A111122223333%3Asecurity-control%2FS3.8%2Ffinding%2F7ee5b313";
        assert_eq!(url(region, uid), Some(format!("{address}{SEARCH}{encoded}")));
    }

    #[rstest]
    #[case("us-iso-east-1")]
    #[case("us-isob-east-1")]
    #[case("eu-isoe-west-1")]
    #[case("eusc-de-east-1")]
    #[case("local")]
    #[case("")]
    #[case("evil.example/#-1")]
    #[case("EU-west-1")]
    fn where_no_console_is_known_there_is_no_address(#[case] region: &str) {
        assert_eq!(url(region, "u"), None);
    }

    #[rstest]
    #[case("a&b=c", "a%2526b%253Dc")]
    #[case("50% #1", "50%2525%2520%25231")]
    #[case("a\u{202e}", "a%25E2%2580%25AE")]
    #[case("x\\operator\\", "x%255Coperator%255C")]
    fn what_could_mean_something_in_an_address_is_encoded(#[case] uid: &str, #[case] written: &str) {
        assert_eq!(encoded(uid), written);
    }

    #[rstest]
    #[case("http://127.0.0.1:8080", false)]
    #[case("https://vpce-1.securityhub.eu-west-1.vpce.amazonaws.com", true)]
    #[case("https://securityhub.cn-north-1.amazonaws.com.cn/", true)]
    #[case("https://amazonaws.com.evil.example", false)]
    #[case("https://evil.example/.amazonaws.com", false)]
    fn only_endpoints_of_aws_have_a_console(#[case] endpoint: &str, #[case] is: bool) {
        assert_eq!(is_of_aws(endpoint), is);
    }

    proptest! {
        #[test]
        fn an_address_is_plain_ascii_without_anything_that_ends_it(uid in any::<String>()) {
            let url = url("eu-west-1", &uid).unwrap_or_default();
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#=%".contains(&byte);
            prop_assert!(url.bytes().all(is_plain), "{}", url);
            prop_assert_eq!(url.matches('#').count(), 1);
        }
    }
}
