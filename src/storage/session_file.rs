//! The session file of a hub: what a session leaves to the next one.
//!
//! One JSON file a hub, written whole and put in place at once, for its owner alone. What cannot be read is kept aside and told: losing it
//! costs a few keys, so it never stands in the way. Nothing that was decided is in it; the journal has that.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    app::{
        layout::Preview,
        remembered::{MarkedFindings, Read, Remembered, Visits},
    },
    domain::{
        column::Column,
        identity::Identity,
        order::{Direction, Order, SortField, SortKey},
        time::Millis,
    },
    journal::hub_key::HubKey,
    storage::{journal::folder::HubName, private},
};

/// The form of the file. A file of a later form is not read.
const VERSION: u32 = 1;

/// Why a session file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SessionFileError {
    /// It is there, and is not what it should be.
    #[error("the last session is not restored: {path} is {why}; it is kept as {kept}")]
    Unreadable {
        /// The file.
        path: String,
        /// What is wrong with it.
        why: String,
        /// Where it is now.
        kept: String,
    },
    /// The system did not let us.
    #[error("the session file {path} cannot be {what}: {error}; marks and order will not be there again at the next start")]
    Io {
        /// The file.
        path: String,
        /// `read` or `written`.
        what: &'static str,
        /// Its words.
        error: io::Error,
    },
}

/// The session file of one hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionFile {
    path: PathBuf,
}

/// What stands in the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    /// For whoever looks at it.
    hub: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    profile: String,
    query: String,
    order: Vec<Key>,
    /// Absent in a file of a release that had no choice of them.
    #[serde(default)]
    columns: Vec<String>,
    preview: bool,
    filter: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cursor: Option<Identity>,
    #[serde(serialize_with = "marks_one_by_one", deserialize_with = "all_marks")]
    marks: MarkedFindings,
    /// Not there in files of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    visits: Option<WrittenVisits>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    queries: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    comments: Vec<String>,
}

/// A million of them are never all there as texts.
fn marks_one_by_one<S: Serializer>(marks: &MarkedFindings, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(marks.iter())
}

fn all_marks<'de, D: Deserializer<'de>>(from: D) -> Result<MarkedFindings, D::Error> {
    Vec::<Identity>::deserialize(from).map(MarkedFindings::from_iter)
}

/// What was read when.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenVisits {
    alive: Option<Millis>,
    earlier: Vec<WrittenRead>,
    present: Vec<WrittenRead>,
}

/// One query, and when it was read.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRead {
    query: String,
    at: Millis,
}

/// The version alone, which every form has.
#[derive(Debug, Deserialize)]
struct Versioned {
    version: u32,
}

/// A sort key.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    by: String,
    descending: bool,
}

impl SessionFile {
    /// The file of a hub in a folder; neither need exist.
    pub fn of(folder: &Path, hub: &HubKey) -> Self {
        Self { path: folder.join(format!("{}.json", HubName::of(hub).as_str())) }
    }

    /// Whether there is one of any hub in a folder.
    pub fn is_any_in(folder: &Path) -> bool {
        let is_one = |entry: io::Result<fs::DirEntry>| entry.is_ok_and(|entry| entry.path().extension().is_some_and(|end| end == "json"));
        fs::read_dir(folder).is_ok_and(|mut entries| entries.any(is_one))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads it; `None` where there is none. What cannot be understood is moved aside.
    pub fn read(&self) -> Result<Option<Remembered>, SessionFileError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => return Err(self.put_aside("not text")),
            Err(error) => return Err(self.io("read", error)),
        };
        understood(&text).map(Some).map_err(|why| self.put_aside(&why))
    }

    /// Writes it: a new file takes the place of the old one, so that there is always a whole one.
    pub fn write(&self, hub: &HubKey, remembered: &Remembered) -> Result<(), SessionFileError> {
        let written = Written {
            version: VERSION,
            hub: hub.to_string(),
            profile: remembered.profile.clone(),
            query: remembered.query.clone(),
            order: remembered.order.0.iter().copied().map(Key::of).collect(),
            columns: remembered.columns.iter().map(ToString::to_string).collect(),
            preview: remembered.preview == Preview::Shown,
            filter: remembered.filter.clone(),
            cursor: remembered.cursor.clone(),
            marks: remembered.marks.clone(),
            visits: Some(WrittenVisits::of(&remembered.visits)),
            queries: remembered.queries.clone(),
            comments: remembered.comments.clone(),
        };
        self.put(&written).map_err(|error| self.io("written", error))
    }

    fn put(&self, written: &Written) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        private::create_folder(folder)?;
        // A temporary file is its owner's alone from the start.
        let mut file = tempfile::Builder::new().prefix(".session-").tempfile_in(folder)?;
        {
            let mut out = io::BufWriter::new(file.as_file_mut());
            serde_json::to_writer(&mut out, written)?;
            out.write_all(b"\n")?;
            out.flush()?;
        }
        // Else a power cut could leave the new name with nothing behind it.
        file.as_file().sync_data()?;
        file.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }

    fn put_aside(&self, why: &str) -> SessionFileError {
        let aside = self.path.with_extension("json.unreadable");
        match fs::rename(&self.path, &aside) {
            Ok(()) => SessionFileError::Unreadable {
                path: self.path.display().to_string(),
                why: why.to_owned(),
                kept: aside.display().to_string(),
            },
            Err(error) => self.io("read", error),
        }
    }

    fn io(&self, what: &'static str, error: io::Error) -> SessionFileError {
        SessionFileError::Io { path: self.path.display().to_string(), what, error }
    }
}

fn understood(text: &str) -> Result<Remembered, String> {
    let damaged = |error: serde_json::Error| format!("damaged ({error})");
    let Versioned { version } = serde_json::from_str(text).map_err(damaged)?;
    if version != VERSION {
        return Err(format!("of another release of hubtriage (version {version}, this one reads {VERSION})"));
    }
    let written: Written = serde_json::from_str(text).map_err(damaged)?;
    let keys: Option<Vec<SortKey>> = written.order.iter().map(Key::read).collect();
    Ok(Remembered {
        profile: written.profile,
        query: written.query,
        order: Order(keys.filter(|keys| !keys.is_empty()).ok_or("damaged (its order is none that rows can be sorted by)")?),
        columns: read_columns(&written.columns)?,
        preview: if written.preview { Preview::Shown } else { Preview::Hidden },
        filter: written.filter,
        cursor: written.cursor,
        marks: written.marks,
        visits: written.visits.map(WrittenVisits::read).unwrap_or_default(),
        queries: written.queries,
        comments: written.comments,
    })
}

impl WrittenVisits {
    fn of(visits: &Visits) -> Self {
        let all = |reads: &[Read]| reads.iter().map(|read| WrittenRead { query: read.query.clone(), at: read.at }).collect();
        Self { alive: visits.alive, earlier: all(&visits.earlier), present: all(&visits.present) }
    }

    fn read(self) -> Visits {
        let all = |reads: Vec<WrittenRead>| reads.into_iter().map(|WrittenRead { query, at }| Read { query, at }).collect();
        Visits { alive: self.alive, earlier: all(self.earlier), present: all(self.present) }
    }
}

fn read_columns(texts: &[String]) -> Result<Vec<Column>, String> {
    if texts.is_empty() {
        return Ok(Column::defaults());
    }
    Column::list(texts).map_err(|(_, error)| format!("damaged ({error})"))
}

impl Key {
    fn of(key: SortKey) -> Self {
        Self { by: key.field.word().to_owned(), descending: key.direction == Direction::Descending }
    }

    fn read(&self) -> Option<SortKey> {
        let field = SortField::OFFERED.into_iter().find(|field| field.word() == self.by)?;
        let direction = if self.descending { Direction::Descending } else { Direction::Ascending };
        Some(SortKey { field, direction })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use proptest::prelude::*;

    fn hub() -> HubKey {
        HubKey::new(Some("222233334444"), "eu-west-1", None)
    }

    fn left() -> Remembered {
        Remembered {
            profile: "payments".into(),
            query: "status:new,in_progress".into(),
            order: Order::default().led_by(SortField::Account),
            columns: Column::list(&["title:40", "resources.vpc_uid"]).unwrap(),
            preview: Preview::Hidden,
            filter: "bucket \u{202e}".into(),
            cursor: Some(Identity::MetadataUid("u7".into())),
            marks: [Identity::MetadataUid("u\n1".into()), Identity::Unaddressable("d".into())].into_iter().collect(),
            visits: Visits {
                alive: Some(Millis(1_790_000_000_000)),
                earlier: vec![Read { query: "everything".into(), at: Millis(1_780_000_000_123) }],
                present: vec![Read { query: "title:\"\u{202e}\"".into(), at: Millis(i64::MIN) }],
            },
            queries: vec!["severity>=high".into(), "title~\"a b\"".into()],
            comments: vec!["see {ticket}\nfor why".into()],
        }
    }

    #[test]
    fn what_a_session_left_is_read_back_by_the_next_one_and_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = SessionFile::of(&folder.path().join("sessions"), &hub());
        assert_eq!(file.read().unwrap(), None);
        file.write(&hub(), &left()).unwrap();
        assert_eq!(file.read().unwrap(), Some(left()));
        let other = HubKey::new(Some("222233334444"), "eu-west-1", Some("http://127.0.0.1:1"));
        assert_eq!(SessionFile::of(&folder.path().join("sessions"), &other).read().unwrap(), None);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(fs::metadata(file.path().parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
        }
        assert_eq!(fs::read_dir(file.path().parent().unwrap()).unwrap().count(), 1, "nothing temporary is left");
    }

    #[test]
    fn a_file_that_is_not_understood_is_kept_aside_and_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = SessionFile::of(folder.path(), &hub());
        file.write(&hub(), &left()).unwrap();
        let whole = fs::read_to_string(file.path()).unwrap();
        let newer = whole.replacen("\"version\":1", "\"version\":2,\"new\":{}", 1);
        let no_column = whole.replacen("title:40", "title:999", 1);
        let unordered = whole.replacen("\"by\":\"account\"", "\"by\":\"mood\"", 1);
        for (text, why) in [
            (newer.as_bytes(), "version 2"),
            (b"{\"version\":1}", "damaged"),
            (unordered.as_bytes(), "order"),
            (no_column.as_bytes(), "from 2 to 200"),
            (b"\xff\xfe", "text"),
        ] {
            fs::write(file.path(), text).unwrap();
            let error = file.read().unwrap_err().to_string();
            assert!(error.contains(why) && error.contains(".json.unreadable"), "{error}");
            assert_eq!(fs::read(file.path().with_extension("json.unreadable")).unwrap(), text);
            assert_eq!(file.read().unwrap(), None, "it does not stand in the way a second time");
        }
    }

    #[test]
    fn a_file_of_a_release_that_knew_no_visits_or_comments_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = SessionFile::of(folder.path(), &hub());
        file.write(&hub(), &left()).unwrap();
        let mut whole: serde_json::Value = serde_json::from_slice(&fs::read(file.path()).unwrap()).unwrap();
        assert!(whole.as_object_mut().unwrap().remove("visits").is_some());
        assert!(whole.as_object_mut().unwrap().remove("comments").is_some());
        fs::write(file.path(), whole.to_string()).unwrap();
        assert_eq!(file.read().unwrap(), Some(Remembered { visits: Visits::default(), comments: Vec::new(), ..left() }));
    }

    #[test]
    fn a_file_cut_at_any_byte_is_never_taken_for_a_whole_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = SessionFile::of(folder.path(), &hub());
        file.write(&hub(), &left()).unwrap();
        let whole = fs::read(file.path()).unwrap();
        // Its last byte is a line feed.
        for end in 0..whole.len() - 1 {
            fs::write(file.path(), whole.get(..end).unwrap()).unwrap();
            assert!(file.read().is_err(), "{end}");
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_told() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("sessions"), "a file").unwrap();
        let error = SessionFile::of(&folder.path().join("sessions"), &hub()).write(&hub(), &left()).unwrap_err();
        assert!(error.to_string().contains("cannot be written"), "{error}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_back_as_it_was(query in ".{0,20}", filter in ".{0,20}", marks in proptest::collection::vec(".{0,10}", 0..5), queries in proptest::collection::vec(".{0,10}", 0..3)) {
            let folder = tempfile::tempdir().unwrap();
            let file = SessionFile::of(folder.path(), &hub());
            let left = Remembered { query, filter, marks: marks.into_iter().map(Identity::MetadataUid).collect(), queries, ..left() };
            file.write(&hub(), &left).unwrap();
            prop_assert_eq!(file.read().unwrap(), Some(left));
        }
    }
}
