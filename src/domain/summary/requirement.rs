//! Requirements of standards, gathered by what they belong to.

/// `NIST.800-53.r5 AC-3` and `NIST.800-53.r5 AC-4` become one line, `NIST.800-53.r5  AC-3, AC-4`; likewise where a slash parts them.
pub(super) fn gathered(requirements: &[String], most: usize) -> Vec<String> {
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for requirement in requirements {
        let (group, one) = requirement.rsplit_once('/').or_else(|| requirement.rsplit_once(' ')).unwrap_or(("", requirement));
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, all)) => all.push(one.to_owned()),
            None => groups.push((group, vec![one.to_owned()])),
        }
    }
    let line = |(group, all): &(&str, Vec<String>)| {
        let all = super::read::listed(all, most, ", ").unwrap_or_default();
        if group.is_empty() { all } else { format!("{group}  {all}") }
    };
    groups.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_of_one_standard_share_a_line() {
        let all = ["NIST.800-53.r5 AC-3", "CIS v3.0.0/2.1.1", "NIST.800-53.r5 AC-17(2)", "bare", "NIST.800-53.r5 SC-7", "other"]
            .map(str::to_owned);
        assert_eq!(gathered(&all, 2), ["NIST.800-53.r5  AC-3, AC-17(2) and 1 more", "CIS v3.0.0  2.1.1", "bare, other"]);
        assert!(gathered(&[], 2).is_empty());
    }
}
