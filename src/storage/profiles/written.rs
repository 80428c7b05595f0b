//! A filter profile as TOML.

use std::fmt::Write;

use toml_edit::Value;

use crate::domain::profile::{Content, Member};

/// Everything that is said, a line each; `remark` is put behind the line of a member.
pub fn written(content: &Content, remark: impl Fn(Member) -> Option<String>) -> String {
    let mut text = String::new();
    let mut table = "";
    for member in Member::ALL.into_iter().filter(|member| member.is_said(content)) {
        let Some(value) = value(content, member) else { continue };
        if member.table() != table {
            table = member.table();
            let space = if text.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{space}[{table}]");
        }
        let remark = remark(member).map(|remark| format!("  # {remark}")).unwrap_or_default();
        let _ = writeln!(text, "{} = {value}{remark}", member.key());
    }
    text
}

/// The value of a member, where there is one.
pub(super) fn value(content: &Content, member: Member) -> Option<Value> {
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    let flag = |flag: bool| flag.then(|| Value::from(true));
    let number = |number: Option<usize>| number.and_then(|number| i64::try_from(number).ok()).map(Value::from);
    match member {
        Member::Query => content.query.as_ref().map(|query| query.to_string().into()),
        Member::Columns | Member::Sort => list(content, member).map(|texts| texts.into_iter().collect()),
        Member::Group => content.group.map(|group| group.to_string().into()),
        Member::HubProfile => text(&content.hub.profile),
        Member::HubRegion => text(&content.hub.region),
        Member::HubEndpoint => text(&content.hub.endpoint_url),
        Member::CommentToSuppress => flag(content.rails.comment_to_suppress),
        Member::NoDowngradeOfCritical => flag(content.rails.no_downgrade_of_critical),
        Member::MostRows => number(content.rails.most_rows),
        Member::ReadOnly => flag(content.rails.read_only),
        Member::TypeCountAbove => number(content.rails.type_count_above),
    }
}

/// The texts of a member that is a list.
pub(super) fn list(content: &Content, member: Member) -> Option<Vec<String>> {
    match member {
        Member::Columns => content.columns.as_ref().map(|columns| columns.iter().map(ToString::to_string).collect()),
        Member::Sort => content.order.as_ref().map(|order| order.0.iter().map(ToString::to_string).collect()),
        _ => None,
    }
}
