//! `GetFindingsV2`: one page of findings.

use serde_json::Value;

use super::failure::Failure;
use super::filter::{Filter, Rules};
use super::members::{Members, each};
use super::scope;
use super::settings::{Settings, SortField};
use super::store::{Direction, Store};

/// The model's limits of `MaxResults`. Which default the service has is not documented; here it is the most.
const MOST_RESULTS: i64 = 100;

/// Answers a request with the JSON text of its page.
pub(super) fn get_findings(body: &Value, settings: &Settings, rules: &Rules, store: &mut Store) -> Result<String, Failure> {
    let members = Members::of(body, "", &["Filters", "Scopes", "SortCriteria", "NextToken", "MaxResults"])?;
    let filter = members.get("Filters").map(|filters| Filter::read(filters, "Filters", rules)).transpose()?;
    scope::check(&members, settings)?;
    let sort = sort_criteria(&members, &settings.sort_fields)?;
    let page_size = members.integer_within("MaxResults", 1, MOST_RESULTS)?.unwrap_or(MOST_RESULTS);
    let page_size = usize::try_from(page_size).unwrap_or(usize::MAX);
    let token = members.plain_string("NextToken")?;

    let mut request = body.clone();
    if let Value::Object(members) = &mut request {
        members.shift_remove("NextToken");
    }
    let (scan, start) = if let Some(token) = token {
        store.resume(token, &request)?
    } else {
        let passes = |finding: &_| filter.as_ref().is_none_or(|filter| filter.matches(finding));
        (store.begin(request, passes, &sort), 0)
    };

    let end = (start + page_size).min(scan.places.len());
    let mut page = String::from(r#"{"Findings":["#);
    let mut first = true;
    for place in scan.places.get(start..end).unwrap_or_default() {
        // A finding that aged out between two pages is missing from its page, which is then shorter.
        let Some(finding) = store.get(*place) else { continue };
        if !first {
            page.push(',');
        }
        first = false;
        finding.render(&mut page);
    }
    page.push(']');
    if end < scan.places.len() {
        page.push_str(r#","NextToken":""#);
        page.push_str(&store.token(&scan, end));
        page.push('"');
    }
    page.push('}');
    Ok(page)
}

/// The default direction is not documented; here it is ascending.
fn sort_criteria(members: &Members<'_>, accepted: &[SortField]) -> Result<Vec<(SortField, Direction)>, Failure> {
    let list = members.list("SortCriteria", usize::MAX)?;
    each(list, &members.place("SortCriteria"))
        .map(|(element, place)| {
            let criterion = Members::of(element, &place, &["Field", "SortOrder"])?;
            let name = criterion.required_text("Field")?;
            let field = accepted.iter().copied().find(|field| field.name() == name).ok_or_else(|| {
                let names: Vec<&str> = accepted.iter().map(|field| field.name()).collect();
                criterion.violation("Field", &format!("Findings can't be sorted by this field; accepted are: [{}]", names.join(", ")))
            })?;
            let orders = [("asc", Direction::Ascending), ("desc", Direction::Descending)];
            Ok((field, criterion.choice("SortOrder", &orders)?.unwrap_or(Direction::Ascending)))
        })
        .collect()
}
