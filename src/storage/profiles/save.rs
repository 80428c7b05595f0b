//! Writing a filter profile into its file in the user's folder: what a person wrote there stays, comments, order and all, but for the
//! values that changed.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value};

use crate::{
    domain::{
        column::Column,
        order::SortKey,
        profile::{Content, Member, ProfileName},
        recipe::Recipe,
        text,
    },
    storage::{private, recipes},
};

use super::{Places, parse, read_file, written};

/// What is done with a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It is left alone.
    Keep,
    /// What changed is put into it.
    Change,
}

/// Why a filter profile was not saved. Nothing is lost: a file that was there is as it was.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// There is nowhere to save it.
    #[error("there is no folder for filter profiles; set HOME or XDG_CONFIG_HOME")]
    NoFolder,
    /// There is a file of that name.
    #[error("the file is there already: {}", shown(.0))]
    Exists(PathBuf),
    /// The file that is there cannot be changed without a guess.
    #[error("mend the file first, it is left as it is: {problem}: {file}", file = shown(file), problem = text::clean(problem))]
    Broken {
        /// The file.
        file: PathBuf,
        /// The first thing that is wrong with it.
        problem: String,
    },
    /// The system did not let us.
    #[error("cannot be written: {error}: {file}", file = shown(file))]
    Io {
        /// The file.
        file: PathBuf,
        /// Its words.
        error: io::Error,
    },
}

fn shown(file: &Path) -> String {
    text::clean(&file.to_string_lossy()).into_owned()
}

/// Writes what is said into the file of a name; gives the file. What is not said is left as it is there, and of guard rails the stricter
/// stays.
pub fn save(places: &Places, name: &ProfileName, content: &Content, existing: Existing) -> Result<PathBuf, SaveError> {
    let file = places.user_file(name).ok_or(SaveError::NoFolder)?;
    let unwritable = |error| SaveError::Io { file: file.clone(), error };
    let text = match fs::symlink_metadata(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => changed(&file, "", content)?,
        Err(error) => return Err(unwritable(error)),
        Ok(_) if existing == Existing::Keep => return Err(SaveError::Exists(file)),
        Ok(_) => {
            let bytes = read_file(&file).map_err(|problem| SaveError::Broken { file: file.clone(), problem })?;
            changed(&file, &String::from_utf8_lossy(&bytes), content)?
        }
    };
    put(&file, &text, existing).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => SaveError::Exists(file.clone()),
        _ => unwritable(error),
    })?;
    Ok(file)
}

/// The text of a file with what is said put into it.
fn changed(file: &Path, before: &str, content: &Content) -> Result<String, SaveError> {
    let broken = |problem: String| SaveError::Broken { file: file.to_owned(), problem };
    let known = parse(before.as_bytes()).map_err(|problems| broken(problems.first().map(ToString::to_string).unwrap_or_default()))?;
    let mut document: DocumentMut = before.parse().map_err(|error: toml_edit::TomlError| broken(error.message().to_owned()))?;
    let content = &Content { rails: content.rails.strictest(known.rails), ..content.clone() };
    for member in Member::ALL.into_iter().filter(|&member| member.is_said(content) && !is_same(member, &known, content)) {
        let Some(new) = written::value(content, member) else { continue };
        let Some(table) = table(&mut document, member.table()) else { continue };
        match table.get_mut(member.key()).and_then(Item::as_value_mut) {
            Some(value) => replace(member, value, new),
            None => {
                table.insert(member.key(), Item::Value(new));
            }
        }
    }
    with_recipes(document.to_string(), &known, content).map_err(broken)
}

/// The text with the recipes behind it that it does not have yet; those that it has stay as they are.
fn with_recipes(mut text: String, known: &Content, content: &Content) -> Result<String, String> {
    let is_new = |recipe: &&Recipe| known.recipes.iter().all(|other| other.name != recipe.name);
    let new: Vec<Recipe> = content.recipes.iter().filter(is_new).cloned().collect();
    if new.is_empty() {
        return Ok(text);
    }
    if !text.is_empty() {
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
    }
    text.push_str(&recipes::written(&new, |_| None));
    match parse(text.as_bytes()) {
        Ok(_) => Ok(text),
        Err(problems) => {
            let problem = problems.first().map(ToString::to_string).unwrap_or_default();
            Err(format!("its recipes have to be tables, [recipes.NAME] each, so that further ones can stand behind them: {problem}"))
        }
    }
}

/// The table of a name, put at the end where there is none yet; without a name the whole file. A file that was read has no other kind of
/// value of these names.
fn table<'a>(document: &'a mut DocumentMut, name: &str) -> Option<&'a mut dyn TableLike> {
    if name.is_empty() {
        return Some(document.as_table_mut());
    }
    if !document.contains_key(name) {
        let mut table = Table::new();
        if !document.is_empty() {
            table.decor_mut().set_prefix("\n");
        }
        document.insert(name, Item::Table(table));
    }
    document.get_mut(name).and_then(Item::as_table_like_mut)
}

fn is_same(member: Member, known: &Content, content: &Content) -> bool {
    match member {
        Member::Query => known.query == content.query,
        Member::Columns => known.columns == content.columns,
        Member::Sort => known.order == content.order,
        Member::Group => known.group == content.group,
        Member::HubProfile => known.hub.profile == content.hub.profile,
        Member::HubRegion => known.hub.region == content.hub.region,
        Member::HubEndpoint => known.hub.endpoint_url == content.hub.endpoint_url,
        Member::CommentToSuppress => known.rails.comment_to_suppress == content.rails.comment_to_suppress,
        Member::NoDowngradeOfCritical => known.rails.no_downgrade_of_critical == content.rails.no_downgrade_of_critical,
        Member::MostRows => known.rails.most_rows == content.rails.most_rows,
        Member::ReadOnly => known.rails.read_only == content.rails.read_only,
        Member::TypeCountAbove => known.rails.type_count_above == content.rails.type_count_above,
    }
}

/// Puts a value in place of another one: the remark behind it stays, and so do those in a list at entries that it still has.
fn replace(member: Member, value: &mut Value, mut new: Value) {
    if let (Some(before), Some(list)) = (value.as_array(), new.as_array_mut()) {
        keep_entries(member, before, list);
    }
    let decor = value.decor().clone();
    *value = new;
    *value.decor_mut() = decor;
}

/// Whether two entries of a list say the same, however they are written.
fn says_same(member: Member, one: &str, other: &str) -> bool {
    match member {
        Member::Sort => one.parse::<SortKey>().ok().is_some_and(|one| other.parse() == Ok(one)),
        Member::Columns => one.parse::<Column>().ok().is_some_and(|one| other.parse() == Ok(one)),
        _ => one == other,
    }
}

fn keep_entries(member: Member, before: &Array, list: &mut Array) {
    let model = before.iter().next().map(|first| first.decor().clone());
    for entry in list.iter_mut() {
        let said = entry.as_str().unwrap_or_default().to_owned();
        if let Some(known) = before.iter().find(|known| known.as_str().is_some_and(|known| says_same(member, known, &said))) {
            *entry = known.clone();
        } else if let Some(prefix) = model.as_ref().and_then(|decor| decor.prefix()).and_then(|prefix| prefix.as_str()) {
            // A remark stands at its own entry only.
            entry.decor_mut().set_prefix(if prefix.contains('#') { "\n  " } else { prefix });
        }
    }
    list.set_trailing(before.trailing().clone());
    list.set_trailing_comma(before.trailing_comma());
}

/// A new file takes the place of the old one, so that there is always a whole one; a link stays a link.
fn put(file: &Path, text: &str, existing: Existing) -> io::Result<()> {
    let target = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let folder = target.parent().unwrap_or(Path::new("."));
    private::create_folder(folder)?;
    // A temporary file is its owner's alone from the start. One whose name begins with a dot is no filter profile.
    let mut new = tempfile::Builder::new().prefix(".saving-").tempfile_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.flush()?;
    if let Ok(about) = fs::metadata(&target) {
        new.as_file().set_permissions(about.permissions())?;
    }
    new.as_file().sync_data()?;
    match existing {
        Existing::Keep => new.persist_noclobber(&target),
        Existing::Change => new.persist(&target),
    }
    .map_err(|error| error.error)?;
    // The file is there; that a power cut may take its new name back is no reason to say that it is not.
    let _ = private::sync_folder(folder);
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        column::ColumnKind,
        grouping::GroupField,
        guard_rail::GuardRails,
        order::{Direction, Order, SortField},
        profile::{Grouping, HubChoice},
    };

    fn places(folder: &Path) -> Places {
        Places { user: Some(folder.join("profiles")), ..Places::default() }
    }

    fn content(query: &str, columns: &[&str]) -> Content {
        Content {
            query: Some(query.parse().unwrap()),
            columns: Some(Column::list(columns).unwrap()),
            order: Some(Order::default()),
            ..Content::default()
        }
    }

    fn name() -> ProfileName {
        ProfileName::new("mine").unwrap()
    }

    #[test]
    fn a_new_one_is_its_owners_alone_and_read_back_as_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let said = content("status:new", &["severity", "title:40"]);
        let file = save(&places(folder.path()), &name(), &said, Existing::Keep).unwrap();
        assert_eq!(
            fs::read_to_string(&file).unwrap(),
            "query = \"status:new\"\ncolumns = [\"severity\", \"title:40\"]\nsort = [\"severity desc\", \"modified desc\"]\n"
        );
        assert_eq!(parse(&fs::read(&file).unwrap()).unwrap(), said);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1, "nothing temporary is left");
        assert!(matches!(save(&places(folder.path()), &name(), &said, Existing::Keep), Err(SaveError::Exists(_))));
    }

    #[test]
    fn guard_rails_and_hub_that_are_said_are_written_along_and_the_stricter_rail_stays() {
        let folder = tempfile::tempdir().unwrap();
        let hub = HubChoice { profile: Some("audit".into()), region: Some("eu-west-1".into()), endpoint_url: None };
        let rails = GuardRails {
            comment_to_suppress: true,
            no_downgrade_of_critical: false,
            most_rows: Some(50),
            read_only: true,
            type_count_above: Some(20),
        };
        let said = Content { hub, rails, ..content("status:new", &["title"]) };
        let file = save(&places(folder.path()), &name(), &said, Existing::Keep).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(parse(text.as_bytes()).unwrap(), said, "{text}");
        assert!(
            text.contains("\n\n[hub]\nprofile = \"audit\"\nregion = \"eu-west-1\"\n\n[guard_rails]\ncomment_to_suppress = true\n"),
            "{text}"
        );
        fs::write(&file, "hub.region = 'us-east-1' # here\n[guard_rails]\nmost_rows = 5 # few\n").unwrap();
        save(&places(folder.path()), &name(), &said, Existing::Change).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        let read = parse(text.as_bytes()).unwrap();
        assert_eq!((read.hub, read.rails), (said.hub, GuardRails { most_rows: Some(5), ..rails }), "{text}");
        assert!(text.contains("# here") && text.contains("most_rows = 5 # few"), "{text}");
    }

    #[test]
    fn recipes_that_a_file_has_stay_and_those_that_go_along_stand_behind_them() {
        let folder = tempfile::tempdir().unwrap();
        let file = places(folder.path()).user_file(&name()).unwrap();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let by_hand = "query = 'status:new'\n# ours\n[recipes.fix]\nstatus = 'resolved' # yes\n";
        fs::write(&file, by_hand).unwrap();
        save(&places(folder.path()), &name(), &content("status:new", &["title"]), Existing::Change).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains("# ours\n[recipes.fix]\nstatus = 'resolved' # yes\n"), "{text}");
        let along = parse(b"[recipes.accept]\nkey = 'a'\nstatus = 'suppressed'\n[recipes.fix]\nstatus = 'new'").unwrap().recipes;
        save(&places(folder.path()), &name(), &Content { recipes: along.clone(), ..content("status:new", &["title"]) }, Existing::Change)
            .unwrap();
        let text = fs::read_to_string(&file).unwrap();
        let read = parse(text.as_bytes()).unwrap().recipes;
        let told: Vec<_> = read.iter().map(|recipe| (recipe.name.as_str(), recipe.decision.status.unwrap().0)).collect();
        assert_eq!(told, [("fix", 4), ("accept", 3)], "{text}");
        assert!(text.ends_with("\n\n[recipes.accept]\nkey = \"a\"\nstatus = \"suppressed\"\n"), "{text}");
        fs::write(&file, "recipes = { fix = { status = 1 } }").unwrap();
        let error = save(&places(folder.path()), &name(), &Content { recipes: along, ..Content::default() }, Existing::Change).unwrap_err();
        assert!(error.to_string().contains("its recipes have to be tables"), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "recipes = { fix = { status = 1 } }");
    }

    const BY_HAND: &str = "\
# What the payments team looks at.
sort = [ # worst first
  'severity', # by rank
  \"modified\",
]   # do not touch

# Asked for by audit.
query = 'status:new'  # only new ones
  columns=[\"title\"]

[guard_rails] # agreed on
most_rows = 5_00 # a day's work

[hub]
# the end
";

    #[test]
    fn of_a_file_written_by_hand_only_what_changed_changes() {
        let folder = tempfile::tempdir().unwrap();
        let file = places(folder.path()).user_file(&name()).unwrap();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, BY_HAND).unwrap();
        let same = content("status:new", &["title"]);
        save(&places(folder.path()), &name(), &same, Existing::Change).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), BY_HAND, "nothing changed: not a byte does");
        let mut other = content("severity:high", &["title"]);
        other.order = Some(Order::default().led_by(SortField::Account));
        save(&places(folder.path()), &name(), &other, Existing::Change).unwrap();
        let after = fs::read_to_string(&file).unwrap();
        for comment in BY_HAND.lines().filter_map(|line| line.split_once('#')).map(|(_, comment)| comment) {
            assert!(after.contains(comment), "{comment:?} is gone:\n{after}");
        }
        let read = parse(after.as_bytes()).unwrap();
        assert_eq!((read.query, read.order, read.rails.most_rows), (other.query, other.order, Some(500)), "{after}");
        let place = |key: &str| after.find(key).unwrap();
        assert!(place("sort") < place("query") && place("query") < place("columns") && place("columns") < place("[guard_rails]"));
    }

    #[test]
    fn a_file_that_is_broken_or_cannot_be_written_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = places(folder.path()).user_file(&name()).unwrap();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        for broken in ["query = ", "quary = 'x'"] {
            fs::write(&file, broken).unwrap();
            let error = save(&places(folder.path()), &name(), &content("status:new", &["title"]), Existing::Change).unwrap_err();
            assert!(error.to_string().starts_with("mend the file first, it is left as it is: 1:"), "{error}");
            assert!(error.to_string().ends_with("mine.toml"), "{error}");
            assert_eq!(fs::read_to_string(&file).unwrap(), broken);
        }
        fs::write(folder.path().join("no-folder"), "").unwrap();
        let nowhere = Places { user: Some(folder.path().join("no-folder")), ..Places::default() };
        let error = save(&nowhere, &name(), &content("status:new", &["title"]), Existing::Keep).unwrap_err();
        assert!(error.to_string().starts_with("cannot be written: ") && error.to_string().ends_with("mine.toml"), "{error}");
        assert!(matches!(save(&Places::default(), &name(), &Content::default(), Existing::Keep), Err(SaveError::NoFolder)));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_permissions_stay_as_they_were() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = folder.path().join("dotfiles.toml");
        fs::write(&elsewhere, "query = 'status:new'\n").unwrap();
        fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o640)).unwrap();
        let file = places(folder.path()).user_file(&name()).unwrap();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &file).unwrap();
        save(&places(folder.path()), &name(), &content("severity:high", &["title"]), Existing::Change).unwrap();
        assert!(fs::symlink_metadata(&file).unwrap().is_symlink());
        assert!(fs::read_to_string(&elsewhere).unwrap().contains("severity:high"));
        assert_eq!(fs::metadata(&elsewhere).unwrap().permissions().mode() & 0o777, 0o640);
    }

    fn contents() -> impl Strategy<Value = Content> {
        const QUERIES: [&str; 4] = ["everything", "status:new", "severity:high account:\"a b\\\"c\"", "uid:\"\\\\'\u{e9}\""];
        let query = proptest::option::of(proptest::sample::select(&QUERIES)).prop_map(|query| query.map(|query| query.parse().unwrap()));
        let column = (proptest::sample::select(&ColumnKind::BUILT_IN), proptest::option::of(2..200_u16));
        let columns = proptest::option::of(proptest::collection::vec(column, 1..5).prop_map(|columns| {
            let mut met = std::collections::HashSet::new();
            columns.into_iter().filter(|(what, _)| met.insert(what.clone())).map(|(what, width)| Column { what, width }).collect::<Vec<_>>()
        }));
        let key = (proptest::sample::select(&SortField::OFFERED), prop_oneof![Just(Direction::Ascending), Just(Direction::Descending)]);
        let order = proptest::option::of(proptest::collection::vec(key, 1..4).prop_map(|keys| {
            let mut met = std::collections::HashSet::new();
            Order(keys.into_iter().filter(|(field, _)| met.insert(*field)).map(|(field, direction)| SortKey { field, direction }).collect())
        }));
        let hub = (proptest::option::of("[a-z '\"]{0,8}".prop_map(|text| text.trim().to_owned())), proptest::option::of("[a-z-]{0,9}"))
            .prop_map(|(profile, region)| HubChoice { profile, region, endpoint_url: None });
        let counts = || proptest::option::of(1..1_000_000_usize);
        let rails = (any::<bool>(), any::<bool>(), counts(), counts()).prop_map(|(comment, read_only, most_rows, type_count_above)| {
            let no_downgrade_of_critical = !comment;
            GuardRails { comment_to_suppress: comment, no_downgrade_of_critical, most_rows, read_only, type_count_above }
        });
        let group = proptest::option::of(proptest::option::of(proptest::sample::select(&GroupField::OFFERED)).prop_map(Grouping));
        (query, columns, order, group, hub, rails).prop_map(|(query, columns, order, group, hub, rails)| Content {
            query,
            columns,
            order,
            group,
            hub,
            rails,
            recipes: Vec::new(),
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_as_the_same(content in contents()) {
            let text = written::written(&content, |_| Some("x # y".to_owned()));
            prop_assert_eq!(parse(text.as_bytes()), Ok(content), "{}", text);
        }

        #[test]
        fn whatever_is_saved_into_whatever_is_there_is_read_back_and_the_rest_stays(before in contents(), saved in contents()) {
            let text = written::written(&before, |_| Some("kept".to_owned()));
            let after = changed(Path::new("f"), &text, &saved).unwrap();
            let expected = Content {
                query: saved.query.or(before.query.clone()),
                columns: saved.columns.or(before.columns.clone()),
                order: saved.order.or(before.order.clone()),
                group: saved.group.or(before.group),
                hub: saved.hub.over(&before.hub),
                rails: saved.rails.strictest(before.rails),
                recipes: before.recipes,
            };
            prop_assert_eq!(parse(after.as_bytes()), Ok(expected), "{}", after);
            prop_assert_eq!(after.matches("# kept").count(), text.matches("# kept").count());
        }
    }
}
