//! `Scopes`: the part of an organisation that a delegated administrator asks about. Checked, never narrowing: a whole organisation is
//! everything there is, and findings do not say which organisational unit their account is in, so a unit answers that it does not exist.

use hyper::StatusCode;

use super::failure::Failure;
use super::members::{Members, each, violation};
use super::settings::{Settings, Standing};

/// The model's text allows so many entries.
const MOST_ENTRIES: usize = 10;

/// Refuses a `Scopes` member that the service would not accept.
pub(super) fn check(request: &Members<'_>, settings: &Settings) -> Result<(), Failure> {
    let Some(value) = request.get("Scopes") else { return Ok(()) };
    if settings.standing == Standing::Member {
        return Err(Failure::access_denied("Scopes can be used only by the delegated administrator account"));
    }
    let members = Members::of(value, &request.place("Scopes"), &["AwsOrganizations"])?;
    let list = members.list("AwsOrganizations", MOST_ENTRIES)?;
    let mut organizations = 0;
    let mut unit = None;
    for (element, place) in each(list, &members.place("AwsOrganizations")) {
        let entry = Members::of(element, &place, &["OrganizationId", "OrganizationalUnitId"])?;
        match (entry.text("OrganizationId")?, entry.text("OrganizationalUnitId")?) {
            (_, Some(id)) => unit = Some(id),
            (Some(_), None) => organizations += 1,
            (None, None) => return Err(violation(&place, "OrganizationId or OrganizationalUnitId must be given")),
        }
    }
    match unit {
        Some(_) if organizations > 0 => {
            Err(members.violation("AwsOrganizations", "A whole organization and organizational units can't be combined"))
        }
        Some(unit) => Err(Failure::new(
            StatusCode::BAD_REQUEST,
            "OrganizationalUnitNotFoundException",
            format!("Organizational unit {unit} doesn't exist within your organization"),
        )),
        None => Ok(()),
    }
}
