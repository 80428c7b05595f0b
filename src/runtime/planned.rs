//! Between the application's plans and the files they are in.

use std::path::Path;

use crate::{
    app::plan_file::{Opened, Saved},
    storage::plan_file::{Existing, PlanFile, PlanFileError, PlannedGroup, PlannedRow},
};

/// Writes a plan and gives the name of its file, or why it was not written. A file that is there already stays.
pub fn save(saved: Saved) -> Result<String, String> {
    let Saved { file, hub, created, by, query, already_there, groups } = saved;
    let groups = groups.into_iter().map(|group| PlannedGroup {
        patch: group.patch,
        rows: group.rows.into_iter().map(|row| PlannedRow { identity: row.identity, values: row.values, title: row.title }).collect(),
    });
    let plan = PlanFile { hub, created, by, query, already_there, groups: groups.collect() };
    plan.save(Path::new(&file), Existing::Keep).map_err(|error| match error {
        PlanFileError::Exists(_) => format!("{file} is there already; give another name"),
        error => error.to_string(),
    })?;
    Ok(file)
}

/// A plan as the application stages it.
pub fn opened(file: &Path, plan: PlanFile) -> Opened {
    let rows = plan.groups.into_iter().flat_map(|group| {
        let patch = group.patch;
        group.rows.into_iter().map(move |row| (row.identity, row.values, patch.clone()))
    });
    Opened { file: crate::domain::text::clean(&file.to_string_lossy()).into_owned(), hub: plan.hub, rows: rows.collect() }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::{
        app::plan_file::{SavedGroup, SavedRow},
        domain::{
            identity::Identity,
            patch::{Patch, Values},
            status::StatusId,
            time::Millis,
        },
        journal::hub_key::HubKey,
    };

    #[test]
    fn a_saved_plan_is_opened_as_it_was_and_never_overwrites_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.json");
        let values = Values { status: Some(StatusId::NEW), ..Values::default() };
        let row = SavedRow { identity: Identity::MetadataUid("u1".into()), values: values.clone(), title: "a finding".into() };
        let saved = Saved {
            file: path.to_str().unwrap().to_owned(),
            hub: HubKey::new(Some("222233334444"), "eu-west-1", None),
            created: Millis(1_790_000_000_000),
            by: None,
            query: "status:new".into(),
            already_there: 2,
            groups: vec![SavedGroup { patch: Patch::status(StatusId::SUPPRESSED), rows: vec![row] }],
        };
        assert_eq!(save(saved.clone()), Ok(saved.file.clone()));
        let opened = opened(&path, PlanFile::load(&path).unwrap());
        assert_eq!(opened.rows, [(Identity::MetadataUid("u1".into()), values, Patch::status(StatusId::SUPPRESSED))]);
        assert_eq!((opened.hub, opened.file), (saved.hub.clone(), saved.file.clone()));
        let refused = save(saved.clone()).unwrap_err();
        assert!(refused.contains("is there already; give another name"), "{refused}");
        let nowhere = Saved { file: folder.path().join("no/plan.json").to_str().unwrap().to_owned(), ..saved };
        assert!(save(nowhere).unwrap_err().contains("cannot be written"));
    }
}
