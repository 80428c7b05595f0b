//! Journals that are cut, bent, taken away and filled up.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap or a panic is a failed test")]

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use proptest::prelude::*;
use tempfile::TempDir;

use super::{
    appender::{Durability, Unit},
    error::{OpenError, ReadError, WriteError},
    file::{JournalFile, LIMIT, Mended, Opened, Steps},
    folder::{Folder, HubName},
    medium::{Medium, OnDisk},
    reading,
    rotation::Step,
};
use crate::{
    domain::{batch::Outcome, failure::CallFailure, identity::Identity, patch::Patch, status::StatusId, time::Millis},
    journal::{
        entry::{CallNumber, Entry, Origin, SendId, Seq, StagedGroup, Stamped, Who},
        hub_key::HubKey,
        ledger::Ledger,
        sample::{self, known, uid},
    },
};

const NOW: Millis = Millis(1_764_000_000_000);

fn name() -> HubName {
    HubName::of(&HubKey::new(Some("222233334444"), "eu-west-1", None))
}

fn nothing() -> Steps {
    Box::new(|_| {})
}

fn who() -> Who {
    Who { user: Some("me".into()), address: Some("192.0.2.7".into()), process: 42, release: "0.1.0".into(), arn: None }
}

fn try_open(folder: &Folder, limit: u64) -> Result<Opened, OpenError> {
    JournalFile::open(folder, &name(), &who(), NOW, limit, nothing())
}

fn open(folder: &Folder) -> Opened {
    try_open(folder, LIMIT).unwrap()
}

fn now(entries: Vec<Entry>) -> Unit {
    Unit { entries, at: NOW, durability: Durability::Now }
}

fn later(entries: Vec<Entry>) -> Unit {
    Unit { entries, at: NOW, durability: Durability::Later }
}

fn staged(row: usize) -> Entry {
    Entry::Staged(vec![StagedGroup { patch: Patch::status(StatusId::SUPPRESSED), rows: vec![known(uid(row))] }])
}

fn home() -> (TempDir, Folder) {
    // In memory where there is such a place: thousands of journals are synced here.
    let home = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let folder = Folder::at(home.path().join("state/journal"));
    (home, folder)
}

/// What is in all of a journal's files.
fn all(folder: &Folder) -> Vec<Stamped> {
    let mut entries = Vec::new();
    let readings = reading::read_all(folder, &name(), |stamped| entries.push(stamped)).unwrap();
    assert!(readings.iter().all(|(_, reading)| reading.damage.is_empty() && reading.torn.is_none()), "{readings:?}");
    entries
}

fn replay<'a>(entries: impl IntoIterator<Item = &'a Stamped>) -> Ledger {
    let mut ledger = Ledger::default();
    entries.into_iter().for_each(|stamped| ledger.apply(stamped.clone()));
    ledger
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn what_was_written_is_there_again() {
    let (_home, folder) = home();
    let mut first = open(&folder);
    assert_eq!((first.ledger, first.mended), (Ledger::default(), Vec::new()));
    first.file.write(vec![now(sample::one_of_each()), later(vec![staged(7)])], NOW).unwrap();
    drop(first.file);
    let again = open(&folder);
    assert_eq!(again.mended, Vec::new());
    assert!(again.ledger.staged.contains_key(&uid(7)), "what was only noted too");
    assert_eq!(again.ledger, replay(&all(&folder)));
    assert_eq!(again.ledger.last.0, sample::one_of_each().len() as u64 + 1);
}

#[test]
fn a_journal_cut_anywhere_in_its_last_twenty_entries_is_what_is_whole_of_it() {
    let (_home, folder) = home();
    let mut opened = open(&folder);
    let mut entries = vec![Entry::Session(who()), staged(0)];
    for send in 1..=6 {
        entries.extend(sample::whole_send(send, 0..2));
    }
    entries.extend([staged(3), Entry::Unstaged { rows: vec![uid(3)], why: crate::journal::entry::Unstaged::Dropped }]);
    opened.file.write(vec![now(entries)], NOW).unwrap();
    drop(opened.file);
    let entries = all(&folder);
    let bytes = fs::read(folder.current(&name())).unwrap();
    let ends: Vec<usize> = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect();
    assert_eq!(ends.len(), entries.len());

    let cut = Folder::at(folder.path().join("cut"));
    cut.create().unwrap();
    let mut cuts = 0;
    for length in ends[ends.len() - 21]..bytes.len() {
        fs::write(cut.current(&name()), &bytes[..length]).unwrap();
        let mut opened = open(&cut);
        // An entry is whole with its last byte; its line break can be missing.
        let whole = ends.iter().filter(|end| **end <= length + 1).count();
        assert_eq!(opened.ledger, replay(&entries[..whole]), "cut at {length}");
        let start = ends[whole - 1];
        if length > start {
            let [Mended::Cut(torn, Some(kept))] = &opened.mended[..] else { panic!("cut at {length}: {:?}", opened.mended) };
            assert_eq!((torn.seq, torn.offset, torn.bytes), (Seq(whole as u64 + 1), start as u64, (length - start) as u64));
            assert_eq!(fs::read(kept).unwrap(), [&bytes[start..length], b"\n"].concat());
            fs::remove_file(kept).unwrap();
        } else {
            assert_eq!(opened.mended, Vec::new(), "cut at {length}");
        }
        opened.file.write(vec![now(vec![staged(9)])], NOW).unwrap();
        drop(opened);
        assert_eq!(all(&cut).len(), whole + 1, "it goes on after a cut at {length}");
        cuts += 1;
    }
    assert!(cuts > 2_000, "only {cuts} places were tried");
}

#[test]
fn a_bent_line_is_named_and_everything_around_it_counts() {
    let (_home, folder) = home();
    let mut opened = open(&folder);
    opened.file.write(vec![now((0..6).map(staged).collect())], NOW).unwrap();
    drop(opened.file);
    let path = folder.current(&name());
    let whole = fs::read_to_string(&path).unwrap();
    for bent in 0..6_usize {
        let mut lines: Vec<String> = whole.lines().map(str::to_owned).collect();
        lines[bent] = lines[bent].replace("uid-", "uid_");
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        let opened = open(&folder);
        let found: Vec<usize> = (0..6).filter(|row| opened.ledger.staged.contains_key(&uid(*row))).collect();
        assert_eq!(found, (0..6).filter(|row| *row != bent).collect::<Vec<_>>());
        let [mended] = &opened.mended[..] else { panic!("{:?}", opened.mended) };
        match mended {
            Mended::Damaged(damage) if bent < 5 => {
                assert_eq!((damage.line, damage.missing), (bent as u64 + 1, Some((Seq(bent as u64 + 1), Seq(bent as u64 + 1)))));
                assert!(mended.to_string().contains(&format!(":{}: its checksum does not match; entry {} is lost", bent + 1, bent + 1)));
            }
            Mended::Cut(torn, Some(_)) if bent == 5 => assert_eq!((torn.line, torn.seq), (6, Seq(6))),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn lines_that_are_missing_or_stand_twice_are_named() {
    let (_home, folder) = home();
    let mut opened = open(&folder);
    opened.file.write(vec![now((0..6).map(staged).collect())], NOW).unwrap();
    drop(opened.file);
    let path = folder.current(&name());
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let said = |lines: &[&str]| {
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        let mut opened = open(&folder);
        opened.file.write(vec![now(vec![staged(9)])], NOW).unwrap();
        let told: Vec<String> = opened.mended.iter().map(|mended| mended.to_string().replace(&path.display().to_string(), "F")).collect();
        (told, opened.file.appender_last())
    };
    let around = "; everything around it was read";
    assert_eq!(said(&lines[2..]).0, [format!("F:1: entry 3 where 1 was expected; entries 1 to 2 are lost{around}")]);
    assert_eq!(
        said(&[lines[0], lines[1], lines[4], lines[5]]).0,
        [format!("F:3: entry 5 where 3 was expected; entries 3 to 4 are lost{around}")]
    );
    let (told, last) = said(&[lines[0], lines[1], lines[0], lines[2]]);
    assert_eq!(told, [format!("F:3: entry 1 where 3 was expected{around}")]);
    assert_eq!(last, Seq(4), "no place is taken twice");
    let (told, _) = said(&[lines[0], "", "{}", lines[4]]);
    let expected = ["F:2: an empty line", "F:3: no checksum at its end", "F:4: entry 5 where 2 was expected; entries 2 to 4 are lost"];
    assert_eq!(told, expected.map(|said| format!("{said}{around}")));
}

#[test]
fn a_journal_of_a_newer_release_is_refused_and_left_alone() {
    let (_home, folder) = home();
    drop(open(&folder));
    let path = folder.current(&name());
    let text = "{\"v\":2,\"seq\":1";
    let line = format!("{text},\"sum\":\"{:08x}\"}}\n", crc32fast::hash(text.as_bytes()));
    fs::write(&path, &line).unwrap();
    for _ in 0..2 {
        let error = try_open(&folder, LIMIT).unwrap_err();
        assert!(matches!(&error, OpenError::Read(ReadError::Newer { line: 1, .. })), "{error:?}");
        assert!(error.to_string().contains("written by a newer hubtriage (version 2"), "{error}");
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), line);
}

#[test]
fn a_second_session_is_told_who_has_the_journal() {
    let (_home, folder) = home();
    let first = open(&folder);
    let OpenError::Busy { holder } = try_open(&folder, LIMIT).unwrap_err() else { panic!("it is not busy") };
    assert_eq!(holder.to_string(), "me from 192.0.2.7, process 42, since 2025-11-24 16:00:00Z");
    let mut other = HubName::of(&HubKey::new(Some("222233334444"), "eu-west-2", None));
    assert!(JournalFile::open(&folder, &other, &who(), NOW, LIMIT, nothing()).is_ok(), "another hub is free");
    drop(first);
    open(&folder);
    other = name();
    assert_eq!(super::lock::Lock::holder(&folder.lock(&other)), None);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_any_of_it() {
    use std::os::unix::fs::PermissionsExt;
    let (_home, folder) = home();
    fs::create_dir_all(folder.path()).unwrap();
    fs::write(folder.current(&name()), "").unwrap();
    for path in [folder.path(), &folder.current(&name())] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    }
    let mut opened = try_open(&folder, 1).unwrap();
    opened.file.write(vec![now(vec![staged(0)])], NOW).unwrap();
    opened.file.write(vec![now(vec![staged(1)])], NOW).unwrap();
    let mut current = File::options().append(true).open(folder.current(&name())).unwrap();
    current.write_all(b"{torn").unwrap();
    drop(opened);
    let opened = try_open(&folder, 1).unwrap();
    assert_eq!(opened.mended.len(), 1);
    assert_eq!(fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o700);
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
}

#[test]
fn a_place_that_cannot_be_written_is_an_error_that_says_what_to_do() {
    let (home, folder) = home();
    fs::write(home.path().join("state"), "a file where the folder should be").unwrap();
    let error = try_open(&folder, LIMIT).unwrap_err();
    assert!(matches!(error, OpenError::Folder { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains(&folder.path().display().to_string()) && text.contains("make it writable, or set XDG_STATE_HOME"), "{text}");

    fs::remove_file(home.path().join("state")).unwrap();
    fs::create_dir_all(folder.current(&name())).unwrap();
    let error = try_open(&folder, LIMIT).unwrap_err();
    assert!(matches!(error, OpenError::Write(WriteError::Io { .. })), "{error:?}");
    assert!(error.to_string().contains(&folder.current(&name()).display().to_string()), "{error}");
}

/// How a disk misbehaves.
#[derive(Debug, Default)]
struct Trouble {
    /// Bytes that still fit; afterwards there is no room.
    room: AtomicU64,
    /// Syncs that fail from now on.
    failing_syncs: AtomicUsize,
    /// Cuts that fail from now on.
    failing_cuts: AtomicUsize,
    syncs: AtomicUsize,
}

#[derive(Debug)]
struct Troubled(OnDisk, Arc<Trouble>);

fn fails(left: &AtomicUsize) -> io::Result<()> {
    let failing = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
    if failing { Err(io::Error::other("the disk is tired")) } else { Ok(()) }
}

impl Medium for Troubled {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let room = self.1.room.load(Ordering::SeqCst);
        let fits = bytes.len().min(usize::try_from(room).unwrap());
        self.0.write(&bytes[..fits])?;
        self.1.room.store(room - fits as u64, Ordering::SeqCst);
        if fits < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn sync(&mut self) -> io::Result<()> {
        self.1.syncs.fetch_add(1, Ordering::SeqCst);
        fails(&self.1.failing_syncs)?;
        self.0.sync()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        fails(&self.1.failing_cuts)?;
        self.0.cut(length)
    }
}

fn troubled(folder: &Folder) -> (JournalFile, Arc<Trouble>) {
    let trouble = Arc::new(Trouble { room: AtomicU64::new(u64::MAX), ..Trouble::default() });
    let mut file = open(folder).file;
    let told = Arc::clone(&trouble);
    file.replace_medium(move |file| Box::new(Troubled(OnDisk(file), told)));
    (file, trouble)
}

fn rows(entries: &[Stamped]) -> Vec<String> {
    let rows = entries.iter().filter_map(|stamped| match &stamped.entry {
        Entry::Staged(groups) => Some(groups[0].rows[0].identity.shown().trim_start_matches("uid-").to_owned()),
        _ => None,
    });
    rows.collect()
}

#[test]
fn on_a_full_disk_nothing_half_is_left_and_it_goes_on_when_there_is_room() {
    let (_home, folder) = home();
    let (mut file, trouble) = troubled(&folder);
    file.write(vec![now(vec![staged(0)])], NOW).unwrap();
    let good = fs::read(folder.current(&name())).unwrap();
    for room in [0, 1, 40, good.len() as u64, good.len() as u64 + 10] {
        trouble.room.store(room, Ordering::SeqCst);
        let error = file.write(vec![now(vec![staged(1), staged(2)])], NOW).unwrap_err();
        assert!(matches!(error, WriteError::Full { .. }), "{error:?}");
        assert!(error.to_string().contains(&folder.current(&name()).display().to_string()) && error.to_string().contains("free some"));
        assert_eq!(fs::read(folder.current(&name())).unwrap(), good, "with room for {room} bytes");
    }
    trouble.room.store(u64::MAX, Ordering::SeqCst);
    file.write(vec![now(vec![staged(3)])], NOW).unwrap();
    drop(file);
    assert_eq!(rows(&all(&folder)), ["0", "3"]);
}

#[test]
fn what_is_only_noted_survives_a_disk_that_fails_in_between() {
    let (_home, folder) = home();
    let (mut file, trouble) = troubled(&folder);
    file.write(vec![later(vec![staged(0)])], NOW).unwrap();
    assert_eq!(trouble.syncs.load(Ordering::SeqCst), 0, "a note waits for the next sync");
    trouble.failing_syncs.store(1, Ordering::SeqCst);
    file.write(vec![later(vec![staged(1)]), now(vec![staged(2)]), later(vec![staged(3)])], NOW).unwrap_err();
    trouble.room.store(10, Ordering::SeqCst);
    trouble.failing_cuts.store(1, Ordering::SeqCst);
    file.write(vec![later(vec![staged(4)])], NOW).unwrap_err();
    trouble.room.store(u64::MAX, Ordering::SeqCst);
    file.write(vec![now(vec![staged(5)])], NOW).unwrap();
    drop(file);
    assert_eq!(rows(&all(&folder)), ["0", "1", "3", "4", "5"], "what had to be on disk and was not is not there");
}

#[test]
fn a_file_that_was_removed_while_in_use_is_no_place_to_write_to() {
    let (_home, folder) = home();
    let mut file = open(&folder).file;
    file.write(vec![now(vec![staged(0)])], NOW).unwrap();
    fs::remove_file(folder.current(&name())).unwrap();
    for _ in 0..2 {
        let error = file.write(vec![now(vec![staged(1)])], NOW).unwrap_err();
        assert!(matches!(error, WriteError::Gone { .. }), "{error:?}");
    }
}

/// Sends, something staged, a row whose outcome is unknown, and a plan that is not finished.
fn busy_life() -> Vec<Entry> {
    let mut entries = vec![Entry::Session(who()), staged(100)];
    for send in 10..40 {
        entries.extend(sample::whole_send(send, 0..10));
    }
    let (unknown, plan) = (SendId(5), SendId(6));
    entries.extend([
        Entry::SendBegan { send: unknown, origin: Origin::Review, rows: 1 },
        Entry::Intent { send: unknown, call: CallNumber(1), patch: Patch::status(StatusId::RESOLVED), rows: vec![known(uid(3))] },
        Entry::SendEnded { send: unknown, unsent: 0 },
        Entry::SendBegan {
            send: plan,
            origin: Origin::Plan { plan: crate::journal::entry::PlanId("p".into()), file: "p.json".into() },
            rows: 2,
        },
        Entry::SendEnded { send: plan, unsent: 2 },
    ]);
    entries
}

fn check_unfinished(ledger: &Ledger) {
    assert!(ledger.staged.contains_key(&uid(100)));
    assert_eq!(ledger.unknown().map(|(send, row, _)| (send, row.clone())).collect::<Vec<_>>(), [(SendId(5), uid(3))]);
    assert_eq!(ledger.unfinished_plans().map(|send| send.id).collect::<Vec<_>>(), [SendId(6)]);
    assert_eq!(*ledger.who, who());
}

#[test]
fn a_large_journal_goes_on_in_a_new_file_that_is_enough_by_itself_and_loses_nothing() {
    let (_home, folder) = home();
    let limit = 10_000;
    let mut file = try_open(&folder, limit).unwrap().file;
    for entry in busy_life() {
        file.write(vec![now(vec![entry])], NOW).unwrap();
    }
    let formers = folder.former_files(&name()).unwrap().len();
    assert!(formers >= 2, "{formers} former files");
    drop(file);

    let opened = try_open(&folder, limit).unwrap();
    assert_eq!(opened.mended, Vec::new());
    check_unfinished(&opened.ledger);
    assert!(opened.ledger.sends.len() < 30, "what is finished stays behind");
    let everything = all(&folder);
    assert!(everything.iter().zip(1..).all(|(stamped, seq)| stamped.seq == Seq(seq)), "places go on without a gap");
    let written: Vec<Entry> =
        everything.iter().map(|stamped| stamped.entry.clone()).filter(|entry| !matches!(entry, Entry::Carried(_))).collect();
    assert_eq!(written, busy_life());
    let history = replay(&everything);
    assert_eq!(history.sends.len(), 32);
    assert_eq!(history.history(&uid(3)).len(), 31);
}

#[test]
fn a_journal_is_not_put_aside_while_a_send_is_under_way() {
    let (_home, folder) = home();
    let mut file = try_open(&folder, 200).unwrap().file;
    let send = SendId(1);
    file.write(vec![now(vec![Entry::SendBegan { send, origin: Origin::Review, rows: 2 }])], NOW).unwrap();
    for row in 0..9 {
        file.write(vec![now(vec![staged(row)])], NOW).unwrap();
    }
    assert_eq!(folder.former_files(&name()).unwrap(), []);
    file.write(vec![now(vec![Entry::SendEnded { send, unsent: 0 }])], NOW).unwrap();
    file.write(vec![later(vec![staged(9)])], NOW).unwrap();
    assert_eq!(folder.former_files(&name()).unwrap().len(), 1);
    let first = fs::metadata(folder.current(&name())).unwrap().len();
    file.write(vec![later(vec![staged(9)])], NOW).unwrap();
    assert_eq!(folder.former_files(&name()).unwrap().len(), 1, "what was carried over does not count: {first} bytes");
}

/// A call whose outcome nobody knows.
fn unanswered(send: SendId) -> Entry {
    Entry::Intent { send, call: CallNumber(1), patch: Patch::status(StatusId::RESOLVED), rows: vec![known(uid(3))] }
}

fn unknown(ledger: &Ledger) -> Vec<(SendId, Identity)> {
    ledger.unknown().map(|(send, row, _)| (send, row.clone())).collect()
}

#[test]
fn what_was_unknown_when_a_journal_went_on_in_a_new_file_is_so_for_the_session_and_for_the_next() {
    let (_home, folder) = home();
    let began = |send| Entry::SendBegan { send, origin: Origin::Review, rows: 1 };
    // The session dies before the answer; another send is the newest.
    let mut file = open(&folder).file;
    file.write(vec![now(vec![began(SendId(1)), unanswered(SendId(1)), began(SendId(2))])], NOW).unwrap();
    drop(file);
    // The next one begins with a new file, is told an answer all the same, and goes on in yet another new file.
    let mut file = try_open(&folder, 1).unwrap().file;
    let refused = Entry::Failed {
        send: SendId(1),
        call: CallNumber(1),
        failure: CallFailure::NotFound,
        code: None,
        message: "no".to_owned(),
        request_id: None,
    };
    for entry in [refused, staged(0), staged(1)] {
        file.write(vec![now(vec![entry])], NOW).unwrap();
    }
    drop(file);
    assert!(folder.former_files(&name()).unwrap().len() >= 3);
    assert_eq!(unknown(&replay(&all(&folder))), [(SendId(1), uid(3))]);
    assert_eq!(unknown(&open(&folder).ledger), [(SendId(1), uid(3))]);
}

#[test]
fn a_call_whose_send_lost_its_beginning_is_unknown_in_every_new_file() {
    let (_home, folder) = home();
    let began = |send| Entry::SendBegan { send, origin: Origin::Review, rows: 1 };
    let mut file = open(&folder).file;
    file.write(vec![now(vec![began(SendId(1)), unanswered(SendId(1)), began(SendId(2))])], NOW).unwrap();
    drop(file);
    let path = folder.current(&name());
    let bent = fs::read_to_string(&path).unwrap().replacen("send_began", "send_begun", 1);
    fs::write(&path, bent).unwrap();
    for row in 0..3 {
        let mut opened = try_open(&folder, 1).unwrap();
        assert_eq!(unknown(&opened.ledger), [(SendId(1), uid(3))], "after {row} sessions");
        opened.file.write(vec![now(vec![staged(row)])], NOW).unwrap();
    }
    assert_eq!(folder.former_files(&name()).unwrap().len(), 3);
}

#[test]
fn a_send_whose_beginning_was_only_noted_is_under_way_too() {
    let (_home, folder) = home();
    let mut file = try_open(&folder, 1).unwrap().file;
    file.write(vec![later(vec![unanswered(SendId(1))])], NOW).unwrap();
    let answered = Entry::Answered { send: SendId(1), call: CallNumber(1), request_id: None, outcomes: vec![Outcome::Processed] };
    file.write(vec![now(vec![answered])], NOW).unwrap();
    assert_eq!(folder.former_files(&name()).unwrap(), []);
    drop(file);
    assert_eq!(unknown(&open(&folder).ledger), []);
}

#[test]
fn a_rotation_that_is_cut_off_at_any_step_loses_nothing() {
    let (home, folder) = home();
    let mut file = open(&folder).file;
    file.write(vec![now(busy_life())], NOW).unwrap();
    drop(file);
    let left = Arc::new(Mutex::new(Vec::new()));
    let (seen, from, to) = (Arc::clone(&left), folder.path().to_owned(), home.path().to_owned());
    let steps: Steps = Box::new(move |step| {
        let place = to.join(format!("{step:?}"));
        copy(&from, &place);
        seen.lock().unwrap().push((step, place));
    });
    let rotated = JournalFile::open(&folder, &name(), &who(), NOW, 100, steps).unwrap();
    check_unfinished(&rotated.ledger);
    let left = std::mem::take(&mut *left.lock().unwrap());
    assert_eq!(left.iter().map(|(step, _)| *step).collect::<Vec<_>>(), [Step::Begun, Step::Written, Step::PutAside, Step::Replaced]);

    // The new file may have got to disk in part, where the old one still has its name.
    let mut places = left.clone();
    let next = fs::read(Folder::at(&left[1].1).next(&name())).unwrap();
    for length in [0, 1, next.len() / 2, next.len() - 1] {
        for (step, from) in [&left[1], &left[2]] {
            let place = home.path().join(format!("{step:?}-{length}"));
            copy(from, &place);
            fs::write(Folder::at(&place).next(&name()), &next[..length]).unwrap();
            places.push((*step, place));
        }
    }
    for (step, place) in places {
        let folder = Folder::at(&place);
        let before: Vec<Entry> = {
            let mut entries = Vec::new();
            reading::read_all(&folder, &name(), |stamped| entries.push(stamped.entry)).unwrap();
            entries.into_iter().filter(|entry| !matches!(entry, Entry::Carried(_))).collect()
        };
        assert_eq!(before, busy_life(), "a reader without the lock sees it all at {}", place.display());
        for limit in [LIMIT, 100] {
            let mut opened = try_open(&folder, limit).unwrap();
            check_unfinished(&opened.ledger);
            assert_eq!(!opened.mended.is_empty(), step == Step::PutAside && limit == LIMIT, "{step:?} {:?}", opened.mended);
            opened.file.write(vec![now(vec![staged(200)])], NOW).unwrap();
        }
        let entries: Vec<Entry> = all(&folder).into_iter().map(|stamped| stamped.entry).collect();
        let kept: Vec<&Entry> = entries.iter().filter(|entry| !matches!(entry, Entry::Carried(_))).collect();
        assert_eq!(kept.len(), busy_life().len() + 2, "{}", place.display());
        assert!(!folder.next(&name()).exists());
    }
}

#[test]
fn hubs_have_files_of_their_own_whatever_they_are_called() {
    let keys = [
        HubKey::new(Some("222233334444"), "eu-west-1", None),
        HubKey::new(Some("222233334444"), "cn-north-1", None),
        HubKey::new(Some("222233334444"), "eu-west-1", Some("http://127.0.0.1:4580/")),
        HubKey::new(Some("222233334444"), "eu-west-1", Some("http://127.0.0.1:4581")),
        HubKey::new(None, "eu-west-1", None),
        HubKey::new(Some("unknown"), "eu-west-1", None),
        HubKey::new(Some("../../etc/passwd"), "eu-west-1", None),
        HubKey::new(Some("--------etc-passwd"), "eu-west-1", None),
        HubKey::new(Some("a_b"), "c", None),
        HubKey::new(Some("a"), "b_c", None),
        HubKey::new(Some("1"), &"x".repeat(300), None),
        HubKey::new(Some("1"), &"x".repeat(301), None),
        HubKey::new(Some("\u{202e}\u{1b}"), "\n", None),
    ];
    let names: std::collections::BTreeSet<String> = keys.iter().map(|key| HubName::of(key).as_str().to_owned()).collect();
    assert_eq!(names.len(), keys.len(), "{names:#?}");
    assert!(names.iter().all(|name| name.len() < 200 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))));
    assert!(names.contains("aws_222233334444_eu-west-1"));
    assert_eq!(HubName::of(&HubKey::new(Some("222233334444"), "eu-west-1", Some("http://127.0.0.1:4580"))), HubName::of(&keys[2]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_written_in_however_many_sessions_and_files_comes_back(
        sessions in proptest::collection::vec(proptest::collection::vec((sample::entry(), any::<bool>()), 0..12), 1..5),
        limit in 1..4_000_u64,
    ) {
        let (_home, folder) = home();
        let mut expected = Vec::new();
        for session in sessions {
            let mut file = try_open(&folder, limit).unwrap().file;
            for (entry, durable) in session {
                expected.push(entry.clone());
                file.write(vec![if durable { now(vec![entry]) } else { later(vec![entry]) }], NOW).unwrap();
            }
            file.sync().unwrap();
        }
        let entries = all(&folder);
        let written: Vec<Entry> = entries.iter().map(|stamped| stamped.entry.clone()).filter(|entry| !matches!(entry, Entry::Carried(_))).collect();
        prop_assert_eq!(written, expected);
        let (full, alone) = (replay(&entries), open(&folder).ledger);
        prop_assert_eq!(&alone.staged, &full.staged);
        prop_assert_eq!(alone.unknown().collect::<Vec<_>>(), full.unknown().collect::<Vec<_>>());
        prop_assert_eq!(alone.last, full.last);
    }
}
