//! The scores of a vulnerability in words: CVSS by vendor, the way in that its vector names, EPSS.
//!
//! Sources: the CVSS specifications 2.0, 3.1 and 4.0 for the letters of a vector; FIRST for EPSS, which is the probability that a
//! vulnerability is exploited within 30 days, and its percentile among all of them.

use std::cmp::Ordering;

use serde_json::Value;

use super::read::{entries, first_of, joined, leaf, number, scalar};

/// Scores that are told.
const MAX_SCORES: usize = 6;

struct Cvss {
    base: f64,
    shown: String,
    vendor: String,
    version: Option<String>,
    vector: Option<String>,
}

/// The CVSS scores of a CVE, highest first.
pub(super) struct Scores(Vec<Cvss>);

impl Scores {
    /// Reads them.
    pub(super) fn of(vulnerability: &Value) -> Self {
        let listed = entries(vulnerability, "/cve/cvss").into_iter().chain(entries(vulnerability, "/cvss"));
        let mut scores: Vec<Cvss> = listed.filter_map(one).collect();
        scores.sort_by(|a, b| b.base.partial_cmp(&a.base).unwrap_or(Ordering::Equal));
        Self(scores)
    }

    /// `9.8 NVD · 7.1 Amazon`; the version of CVSS where a vendor gives several.
    pub(super) fn by_vendor(&self) -> Option<String> {
        let mut told: Vec<String> = Vec::new();
        for score in &self.0 {
            let several = self.0.iter().filter(|other| other.vendor == score.vendor).count() > 1;
            let version = score.version.as_ref().filter(|_| several).map(|version| format!("v{version}"));
            let vendor = Some(score.vendor.clone());
            let one = joined(&[Some(score.shown.clone()), vendor, version], " ").unwrap_or_default();
            if !told.contains(&one) {
                told.push(one);
            }
        }
        super::read::listed(&told, MAX_SCORES, " · ")
    }

    /// The way in, by the worst score that has a vector: `over the network, without privileges, no user action`.
    pub(super) fn way_in(&self) -> Option<String> {
        self.0.iter().find_map(|score| way_in(score.vector.as_deref()?))
    }

    /// The vectors, each once.
    pub(super) fn vectors(&self) -> Vec<String> {
        let mut vectors: Vec<String> = Vec::new();
        for vector in self.0.iter().filter_map(|score| score.vector.as_ref()) {
            if !vectors.contains(vector) {
                vectors.push(vector.clone());
            }
        }
        vectors
    }
}

fn one(cvss: &Value) -> Option<Cvss> {
    let pointer = ["/base_score", "/overall_score", "/adjusted_score"].into_iter().find(|pointer| number(cvss, pointer).is_some());
    let (base, shown) = if let Some(pointer) = pointer {
        (number(cvss, pointer)?, leaf(cvss, pointer)?)
    } else {
        // A bare number in the place of the object.
        let shown = scalar(cvss)?;
        (shown.parse().ok()?, shown)
    };
    // 9 and 9.0 are the same score; everybody writes it with a place behind the point.
    let shown = if shown.contains('.') { shown } else { format!("{shown}.0") };
    Some(Cvss {
        base,
        shown,
        vendor: leaf(cvss, "/vendor_name").map(|name| vendor(&name)).unwrap_or_default(),
        version: leaf(cvss, "/version"),
        vector: leaf(cvss, "/vector_string"),
    })
}

/// A vendor's name as people write it.
fn vendor(name: &str) -> String {
    let short = name.strip_suffix("_CVE").unwrap_or(name);
    let known = match short {
        "AMAZON" => "Amazon",
        "UBUNTU" => "Ubuntu",
        "DEBIAN" => "Debian",
        "GITHUB" => "GitHub",
        "GITLAB" => "GitLab",
        "REDHAT" => "Red Hat",
        "ORACLE" => "Oracle",
        "SUSE" => "SUSE",
        "ALPINE" => "Alpine",
        "ROCKY" => "Rocky Linux",
        "WINDOWS" | "MICROSOFT" => "Microsoft",
        "SNYK" => "Snyk",
        _ => return name.to_owned(),
    };
    known.to_owned()
}

/// What a vector says of the way in; `None` for one that is not understood.
fn way_in(vector: &str) -> Option<String> {
    let metric =
        |name: &str| vector.split('/').find_map(|part| part.split_once(':').filter(|(key, _)| *key == name).map(|(_, value)| value));
    let reach = match metric("AV")? {
        "N" => "over the network",
        "A" => "from the same network",
        "L" => "from the machine itself",
        "P" => "with the machine in hand",
        _ => return None,
    };
    let rights = match (metric("PR"), metric("Au")) {
        (Some("N"), _) | (None, Some("N")) => Some("without privileges"),
        (Some("L"), _) => Some("with low privileges"),
        (Some("H"), _) => Some("with high privileges"),
        (None, Some("S" | "M")) => Some("logged in"),
        _ => None,
    };
    let help = match metric("UI") {
        Some("N") => Some("no user action"),
        Some("R" | "P" | "A") => Some("needs a user's action"),
        _ => None,
    };
    let hard = metric("AC").filter(|complexity| *complexity == "H").map(|_| "hard to carry out");
    let parts = [Some(reach), rights, help, hard].map(|part| part.map(str::to_owned));
    joined(&parts, ", ")
}

/// What EPSS says.
pub(super) struct Epss {
    score: f64,
    percentile: Option<f64>,
}

impl Epss {
    /// Reads it; a score outside 0 to 1 is none.
    pub(super) fn of(vulnerability: &Value) -> Option<Self> {
        let at = |pointer: &str| number(vulnerability, pointer);
        let score = at("/cve/epss/score").or_else(|| at("/cve/epss")).or_else(|| at("/epss/score"))?;
        // Some producers give the percentile of 100, not of 1.
        let percentile = at("/cve/epss/percentile").or_else(|| at("/epss/percentile")).map(|of| if of > 1.0 { of / 100.0 } else { of });
        let percentile = percentile.filter(|of| (0.0..=1.0).contains(of));
        (0.0..=1.0).contains(&score).then_some(Self { score, percentile })
    }

    /// `0.94`, or `below 0.01`.
    pub(super) fn short(&self) -> String {
        let score = if self.score < 0.01 { "below 0.01".to_owned() } else { format!("{:.2}", self.score) };
        match self.percentile {
            Some(of) => format!("{score} (above {} %)", hundredths(of)),
            None => score,
        }
    }

    /// `0.94, higher than 99 % of all`, or what the score means where its percentile is not known.
    pub(super) fn long(&self) -> String {
        let score = if self.score < 0.01 { "below 0.01".to_owned() } else { format!("{:.2}", self.score) };
        match self.percentile {
            Some(of) => format!("{score}, higher than {} % of all", hundredths(of)),
            None if self.score < 0.01 => format!("{score}: exploitation within 30 days is unlikely (under 1 %)"),
            None => format!("{score}: exploited within 30 days with a probability of {:.0} %", self.score * 100.0),
        }
    }
}

/// Whole hundredths, rounded down: nothing is higher than all.
fn hundredths(of: f64) -> String {
    // The smallest step over the edge of what a float holds exactly: 0.29 * 100 is 28.999….
    format!("{:.0}", (of * 100.0 + 1e-9).floor().clamp(0.0, 99.0))
}

/// How bad the source says it is, in its own word.
pub(super) fn rating(vulnerability: &Value) -> Option<String> {
    first_of(vulnerability, &["/severity", "/vendor_severity"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn scores_stand_highest_first_with_the_names_of_their_vendors() {
        let scores = Scores::of(&json!({"cve": {"cvss": [
            {"base_score": 7, "vendor_name": "AMAZON_CVE", "version": "3.1", "vector_string": "CVSS:3.1/AV:L/AC:H/PR:L/UI:R"},
            {"base_score": "9.8", "vendor_name": "NVD", "version": "3.1", "vector_string": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N"},
            {"base_score": 9.3, "vendor_name": "NVD", "version": "4.0"}, {"base_score": null}, 5, "x"]}}));
        assert_eq!(scores.by_vendor().as_deref(), Some("9.8 NVD v3.1 · 9.3 NVD v4.0 · 7.0 Amazon · 5.0"));
        assert_eq!(scores.way_in().as_deref(), Some("over the network, without privileges, no user action"));
        assert_eq!(scores.vectors().len(), 2);
        assert_eq!(
            way_in("CVSS:3.1/AV:L/AC:H/PR:L/UI:R").as_deref(),
            Some("from the machine itself, with low privileges, needs a user's action, hard to carry out")
        );
        assert_eq!(way_in("AV:N/AC:L/Au:N/C:P/I:P/A:P").as_deref(), Some("over the network, without privileges"));
        assert_eq!(way_in("anything"), None);
    }

    #[test]
    fn epss_is_told_by_its_percentile_or_by_what_it_means() {
        let told = |epss: Value| Epss::of(&json!({"cve": {"epss": epss}})).map(|epss| epss.long());
        assert_eq!(told(json!({"score": "0.94422", "percentile": 0.999})).as_deref(), Some("0.94, higher than 99 % of all"));
        assert_eq!(told(json!({"score": 0.5, "percentile": "29"})).as_deref(), Some("0.50, higher than 29 % of all"));
        assert_eq!(told(json!({"score": "0.92"})).as_deref(), Some("0.92: exploited within 30 days with a probability of 92 %"));
        assert_eq!(told(json!("0.00016")).as_deref(), Some("below 0.01: exploitation within 30 days is unlikely (under 1 %)"));
        assert_eq!(told(json!({"score": 7})), None);
        assert_eq!(told(json!("often")), None);
        assert_eq!(
            Epss::of(&json!({"epss": {"score": 1, "percentile": 1}})).map(|epss| epss.short()).as_deref(),
            Some("1.00 (above 99 %)")
        );
    }
}
