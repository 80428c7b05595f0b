//! The packages of a vulnerability: what is installed, what is fixed, where it lies, and the command that mends it.

use serde_json::Value;

use crate::domain::text;

use super::{
    lines::Lines,
    read::{entries, first_of, integer, joined, leaf, listed, scalar},
    remedy,
};

/// The widest a column of names or versions gets; longer ones stick out.
const MAX_COLUMN: usize = 36;

/// One affected package.
pub(super) struct Package {
    name: String,
    version: String,
    fixed: Option<String>,
    kind: Option<String>,
    path: Option<String>,
    remedy: Option<String>,
}

/// The packages a vulnerability names.
pub(super) fn of(vulnerability: &Value) -> Vec<Package> {
    let mut packages = entries(vulnerability, "/affected_packages");
    packages.extend(entries(vulnerability, "/packages"));
    packages.into_iter().filter_map(one).collect()
}

fn one(package: &Value) -> Option<Package> {
    let name = first_of(package, &["/name", "/purl", "/uid"]).or_else(|| scalar(package))?;
    let version = joined(&[leaf(package, "/version"), leaf(package, "/release")], "-").unwrap_or_default();
    let version = match integer(package, "/epoch") {
        Some(epoch) if epoch != 0 && !version.is_empty() => format!("{epoch}:{version}"),
        _ => version,
    };
    // Inspector writes `NotAvailable` where there is no fix.
    let fixed = leaf(package, "/fixed_in_version")
        .filter(|fixed| !["notavailable", "not available", "n/a", "none", "unknown", "-"].contains(&fixed.to_ascii_lowercase().as_str()));
    // An epoch of 0 is none: without it the two versions can be compared by eye.
    let fixed = fixed.map(|fixed| fixed.strip_prefix("0:").map(str::to_owned).unwrap_or(fixed));
    let kind = joined(
        &[
            leaf(package, "/package_manager").map(|manager| manager_name(&manager)),
            leaf(package, "/architecture").map(|name| name.to_lowercase()),
        ],
        ", ",
    );
    let remedy = first_of(package, &["/remediation/desc", "/remediation"]);
    Some(Package { name, version, fixed, kind, path: leaf(package, "/path"), remedy })
}

/// What a package manager is called where Inspector shouts it.
fn manager_name(name: &str) -> String {
    let known = match name {
        "PYTHONPKG" | "PIP" => "Python",
        "NODEPKG" | "NPM" => "npm",
        "GOBINARY" => "Go binary",
        "GOMOD" => "Go module",
        "JAR" => "Java archive",
        "POM" => "Maven",
        "GEMSPEC" | "BUNDLER" => "Ruby gem",
        "CARGO" => "Cargo",
        "COMPOSER" => "Composer",
        "NUGET" | "DOTNET_CORE" => ".NET",
        _ => return name.to_owned(),
    };
    known.to_owned()
}

impl Package {
    /// `3.0.7 → 3.0.14`, or `3.0.7, no fix yet`.
    fn versions(&self) -> String {
        match (&self.fixed, self.version.as_str()) {
            (Some(fixed), "") => format!("→ {fixed}"),
            (Some(fixed), version) => format!("{version} → {fixed}"),
            (None, "") => "no fix yet".to_owned(),
            (None, version) => format!("{version}, no fix yet"),
        }
    }

    /// `openssl 3.0.7 → 3.0.14`.
    fn short(&self) -> String {
        format!("{} {}", self.name, self.versions())
    }
}

/// Tells the packages, their columns aligned, and the commands that mend them.
pub(super) fn tell(lines: &mut Lines, packages: &[Package]) {
    let shown = packages.iter().take(super::MAX_LISTED);
    let column = |of: &dyn Fn(&Package) -> usize| shown.clone().map(of).filter(|width| *width <= MAX_COLUMN).max().unwrap_or(0);
    let (names, versions) = (column(&|package| text::width(&package.name)), column(&|package| text::width(&package.versions())));
    let told: Vec<String> = packages
        .iter()
        .map(|package| {
            let kind = package.kind.as_ref().map(|kind| format!("({kind})")).unwrap_or_default();
            let path = package.path.as_ref().map(|path| format!("path {path}")).unwrap_or_default();
            let told = format!("{}  {}", padded(&package.name, names), padded(&package.versions(), versions));
            [told.as_str(), &kind, &path].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect();
    lines.items(if told.len() == 1 { "package" } else { "packages" }, &told, super::MAX_LISTED);
    remedy::steps(lines, &remedies(packages));
}

/// What the packages' own remedies say, each once.
fn remedies(packages: &[Package]) -> Vec<String> {
    let mut remedies: Vec<String> = Vec::new();
    for remedy in packages.iter().filter_map(|package| package.remedy.as_ref()) {
        if !remedies.contains(remedy) {
            remedies.push(remedy.clone());
        }
    }
    remedies
}

/// The fix in one line, for the preview: `openssl 3.0.7 → 3.0.14 and 2 more · dnf update openssl`.
pub(super) fn fix(packages: &[Package]) -> Option<String> {
    let fixed: Vec<String> = packages.iter().filter(|package| package.fixed.is_some()).map(Package::short).collect();
    let broken: Vec<String> =
        packages.iter().filter(|package| package.fixed.is_none()).map(|package| format!("{} {}", package.name, package.version)).collect();
    let without = match (fixed.len(), broken.len()) {
        (0, _) | (_, 0) => None,
        (_, left) => Some(format!("{left} without a fix")),
    };
    let told = match listed(&fixed, 1, ", ") {
        Some(told) => Some(told),
        None => listed(&broken, 1, ", ").map(|told| format!("none yet for {told}")),
    };
    joined(&[told, without, remedies(packages).into_iter().next()], " · ")
}

fn padded(clean: &str, columns: usize) -> String {
    format!("{clean}{}", " ".repeat(columns.saturating_sub(text::width(clean))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::summary::SummaryLine;
    use serde_json::json;

    #[test]
    fn packages_stand_in_columns_and_say_whether_there_is_a_fix() {
        let packages = of(&json!({"affected_packages": [
            {"name": "openssl", "version": "3.0.7", "release": "1.amzn2", "epoch": 1, "fixed_in_version": "1:3.0.14", "package_manager": "OS",
             "architecture": "X86_64", "remediation": {"desc": "dnf update openssl"}},
            {"name": "libssl", "version": "3.0.7", "epoch": 0, "fixed_in_version": "0:3.0.14", "remediation": {"desc": "dnf update openssl"}},
            {"name": "jinja2", "version": 3, "fixed_in_version": "NotAvailable", "package_manager": "PYTHONPKG", "path": "usr/lib/x"}, "bare", 7, {}]}));
        let mut lines = Lines::default();
        tell(&mut lines, &packages);
        let item = |label, text: &str| SummaryLine::Item(label, text.to_owned());
        assert_eq!(
            lines.finish().lines,
            [
                item("packages", "openssl  1:3.0.7-1.amzn2 → 1:3.0.14  (OS, x86_64)"),
                item("", "libssl   3.0.7 → 3.0.14"),
                item("", "jinja2   3, no fix yet               (Python)  path usr/lib/x"),
                item("", "bare     no fix yet"),
                item("", "7        no fix yet"),
                item("run", "dnf update openssl"),
            ]
        );
        assert_eq!(fix(&packages).as_deref(), Some("openssl 1:3.0.7-1.amzn2 → 1:3.0.14 and 1 more · 3 without a fix · dnf update openssl"));
        assert_eq!(fix(&[]), None);
    }
}
