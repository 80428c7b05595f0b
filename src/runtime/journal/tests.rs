//! The thread and its file.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap or a panic is a failed test")]

use std::{
    fs, io,
    sync::atomic::{AtomicUsize, Ordering},
};

use proptest::prelude::*;
use tokio::sync::Notify;

use super::*;
use crate::{
    domain::{patch::Patch, status::StatusId, time::Millis},
    journal::{
        entry::{KnownRow, StagedGroup},
        sample::{self, known, uid},
    },
    storage::{
        journal::{
            file::LIMIT,
            medium::{Medium, OnDisk},
        },
        paths::Paths,
    },
};

fn key() -> HubKey {
    HubKey::new(Some("222233334444"), "eu-west-1", None)
}

fn nobody() -> Who {
    Who { process: 1, ..Who::default() }
}

fn staged(row: usize) -> Entry {
    Entry::Staged(vec![StagedGroup { patch: Patch::status(StatusId::SUPPRESSED), rows: vec![known(uid(row))] }])
}

fn written(folder: &Folder) -> Vec<Entry> {
    let mut entries = Vec::new();
    reading::read_all(folder, &HubName::of(&key()), |stamped| entries.push(stamped.entry)).unwrap();
    entries
}

/// A disk whose first sync takes until it is told to be done, and may then fail.
#[derive(Debug, Default)]
struct Slow {
    syncs: AtomicUsize,
    begun: Notify,
    go_on: Mutex<Option<std::sync::mpsc::Receiver<io::Result<()>>>>,
}

#[derive(Debug)]
struct SlowFile(OnDisk, Arc<Slow>);

impl Medium for SlowFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.1.syncs.fetch_add(1, Ordering::SeqCst);
        self.1.begun.notify_one();
        let waits = self.1.go_on.lock().unwrap().take();
        waits.map_or(Ok(()), |waits| waits.recv().unwrap())?;
        self.0.sync()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.0.cut(length)
    }
}

fn slow(folder: &Folder) -> (Journal, Arc<Slow>, std::sync::mpsc::Sender<io::Result<()>>) {
    let name = HubName::of(&key());
    let mut file = JournalFile::open(folder, &name, &nobody(), Millis(0), LIMIT, Box::new(|_| {})).unwrap().file;
    let (go_on, waits) = std::sync::mpsc::channel();
    let slow = Arc::new(Slow { go_on: Mutex::new(Some(waits)), ..Slow::default() });
    let told = Arc::clone(&slow);
    file.replace_medium(move |file| Box::new(SlowFile(OnDisk(file), told)));
    (Journal::over(file, folder.clone(), name, nobody()).unwrap(), slow, go_on)
}

#[tokio::test]
async fn what_waits_is_put_on_disk_with_one_sync_and_nobody_is_answered_before() {
    let home = tempfile::tempdir().unwrap();
    let folder = Folder::at(home.path());
    let (journal, disk, go_on) = slow(&folder);
    let mut appends = tokio::task::JoinSet::new();
    let first = journal.clone();
    appends.spawn(async move { first.append(vec![staged(0)]).await });
    disk.begun.notified().await;
    for row in 1..=100 {
        let journal = journal.clone();
        appends.spawn(async move { journal.append(vec![staged(row), staged(row)]).await });
    }
    let Kept::InFile { requests, .. } = &journal.0 else { panic!("it is in a file") };
    while requests.capacity() > QUEUE - 100 {
        tokio::task::yield_now().await;
    }
    assert!(appends.try_join_next().is_none(), "nothing is on disk yet");
    go_on.send(Ok(())).unwrap();
    while let Some(done) = appends.join_next().await {
        done.unwrap().unwrap();
    }
    assert_eq!(disk.syncs.load(Ordering::SeqCst), 2, "one for the first, one for the hundred that waited");
    journal.close().await.unwrap();
    assert_eq!(written(&folder).len(), 1 + 201);
}

#[tokio::test]
async fn when_the_disk_fails_everybody_who_waits_is_told_and_later_it_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let folder = Folder::at(home.path());
    let (journal, _, go_on) = slow(&folder);
    go_on.send(Err(io::ErrorKind::StorageFull.into())).unwrap();
    let JournalError(words) = journal.append(vec![staged(0)]).await.unwrap_err();
    assert!(words.contains("no room is left") && words.contains("aws_222233334444_eu-west-1.jsonl"), "{words}");
    journal.append(vec![staged(1)]).await.unwrap();
    journal.close().await.unwrap();
    assert_eq!(written(&folder), [Entry::Session(nobody()), staged(1)], "who is at work is told all the same");
}

#[tokio::test]
async fn a_closed_journal_can_be_opened_again_and_has_everything() {
    let home = tempfile::tempdir().unwrap();
    let folder = Folder::at(home.path());
    let open = || async { Journal::open(folder.clone(), &key(), nobody(), LIMIT).await };
    let first = open().await.unwrap().journal;
    assert!(matches!(open().await, Err(OpenError::Busy { .. })));
    first.append(sample::whole_send(1, 0..3)).await.unwrap();
    first.note(vec![staged(9)]).await.unwrap();
    let other = first.clone();
    first.close().await.unwrap();
    assert!(other.append(vec![staged(1)]).await.unwrap_err().0.contains("closed"));
    drop(other);
    let again = open().await.unwrap();
    assert_eq!(again.ledger.staged.keys().collect::<Vec<_>>(), [&uid(9)]);
    assert_eq!(again.ledger.sends.len(), 1);
    assert_eq!(again.journal.history().await.unwrap(), again.ledger);
}

#[tokio::test]
async fn a_session_that_decides_nothing_leaves_no_entry_and_one_that_does_begins_with_who() {
    let home = tempfile::tempdir().unwrap();
    let folder = Folder::at(home.path());
    let open = || async { Journal::open(folder.clone(), &key(), nobody(), LIMIT).await.unwrap().journal };
    let silent = open().await;
    silent.acting("arn:aws:sts::222233334444:assumed-role/A/b").await;
    silent.flush().await.unwrap();
    silent.close().await.unwrap();
    assert_eq!(written(&folder), []);

    let journal = open().await;
    let named = |arn: &str| Entry::Session(Who { arn: Some(arn.to_owned()), ..nobody() });
    journal.append(vec![staged(0)]).await.unwrap();
    for arn in ["arn:a", "arn:a", "arn:b"] {
        journal.acting(arn).await;
        journal.note(vec![staged(1)]).await.unwrap();
    }
    journal.close().await.unwrap();
    let expected = [Entry::Session(nobody()), staged(0), named("arn:a"), staged(1), staged(1), named("arn:b"), staged(1)];
    assert_eq!(written(&folder), expected);
}

#[tokio::test]
async fn the_history_has_what_former_files_remember() {
    let home = tempfile::tempdir().unwrap();
    let folder = Folder::at(home.path());
    let opened = Journal::open(folder.clone(), &key(), nobody(), 500).await.unwrap();
    for send in 1..20 {
        opened.journal.append(sample::whole_send(send, 0..2)).await.unwrap();
    }
    assert!(folder.former_files(&HubName::of(&key())).unwrap().len() > 2);
    let history = opened.journal.history().await.unwrap();
    assert_eq!(history.sends.len(), 19);
    assert_eq!(history.history(&uid(1)).iter().map(|(send, _)| send.id.0).collect::<Vec<_>>(), (1..20).rev().collect::<Vec<_>>());
}

#[test]
fn who_is_at_work_is_told_by_three_variables_cleaned_and_nothing_else() {
    let environment = |variables: &[(&'static str, &'static str)]| Environment::made(variables.iter().copied(), None);
    let told = who(&environment(&[("LOGNAME", "me"), ("SSH_CONNECTION", "fe80::1%eth0 50000 192.0.2.1 22")]));
    assert_eq!((told.user.as_deref(), told.address.as_deref()), (Some("me"), Some("fe80::1")));
    assert_eq!((told.process, told.release.as_str()), (std::process::id(), env!("CARGO_PKG_VERSION")));
    let odd = who(&environment(&[("USER", "a\u{1b}[31m\u{202e}"), ("LOGNAME", "b"), ("SSH_CONNECTION", "rm -rf")]));
    assert_eq!((odd.user.as_deref(), odd.address), (Some("a<U+001B>[31m<U+202E>"), None));
    let long: &'static str = "x".repeat(4_000).leak();
    assert_eq!(who(&environment(&[("USER", long)])).user.unwrap().len(), MAX_NAME);
    assert_eq!(who(&environment(&[])).user, None);
}

/// Variables that hold what lets somebody in, and some of the rest.
const SECRETS: [&str; 8] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "SSH_AUTH_SOCK",
    "HTTPS_PROXY",
    "PS1",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn nothing_that_lets_somebody_in_is_ever_written(
        secrets in proptest::collection::vec("[A-Za-z0-9/+=]{20,60}", SECRETS.len()),
        entries in proptest::collection::vec(sample::entry(), 0..12),
        endpoint in proptest::option::of("[a-z]{24}:[a-z0-9]{24}"),
    ) {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::under(home.path());
        let variables = SECRETS.into_iter().zip(secrets.iter().map(String::as_str));
        let environment = Environment::made(variables.chain([("USER", "me"), ("SSH_CONNECTION", "192.0.2.7 1 192.0.2.1 22")]), Some(paths));
        let folder = Folder::at(environment.paths().unwrap().journal_folder());
        let url = endpoint.as_ref().map(|login| format!("https://{login}@localhost:1"));
        let key = HubKey::new(Some("222233334444"), "eu-west-1", url.as_deref());
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            for _ in 0..2 {
                let opened = Journal::open(folder.clone(), &key, who(&environment), 1_000).await.unwrap();
                opened.journal.acting("arn:aws:sts::222233334444:assumed-role/A/b").await;
                opened.journal.append(vec![staged(0)]).await.unwrap();
                for entry in &entries {
                    opened.journal.append(vec![entry.clone()]).await.unwrap();
                }
                // The lock says who has it for as long as it is held.
                look(&folder, &secrets.iter().map(String::as_str).chain(endpoint.iter().flat_map(|login| login.split(':'))).collect::<Vec<_>>());
                opened.journal.close().await.unwrap();
            }
        });
    }
}

/// Makes sure that no file, and no name of one, has any of these.
fn look(folder: &Folder, secrets: &[&str]) {
    let mut bytes = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let text = fs::read_to_string(entry.path()).unwrap() + entry.file_name().to_str().unwrap();
        bytes += text.len();
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} is in {}", entry.path().display());
        }
    }
    assert!(bytes > 300, "only {bytes} bytes were looked at");
}

#[test]
fn values_of_findings_are_written_as_they_are() {
    let row = KnownRow { identity: uid(0), values: crate::domain::patch::Values { comment: Some("JIRA-12".into()), ..Default::default() } };
    let mut line = Vec::new();
    let entry = Entry::Staged(vec![StagedGroup { patch: Patch::status(StatusId::NEW), rows: vec![row] }]);
    crate::journal::line::write(&Stamped { seq: Seq(1), at: Millis(0), entry }, &mut line).unwrap();
    assert!(String::from_utf8(line).unwrap().contains("JIRA-12"), "or the search for secrets would find nothing by never finding anything");
}
