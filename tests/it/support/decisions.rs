//! Three hundred findings of the demo, what is decided about each, and a session without terminal and network that counts every key.

use std::{collections::HashMap, sync::Arc};

use hubtriage::{
    app::{
        effect::Effect,
        event::{Arrival, Caller, Connection, Event, JournalEvent, More, ServedOrder, Told},
        keymap::{Context, Key, parse_keys},
        model::{Asked, Model, Settings},
        update::{Ctx, update},
    },
    domain::{
        comment::{Comment, LineBreaks},
        decision::CommentMode,
        patch::Patch,
        query::Query,
        recipe::{self, Recipe},
        row::RowId,
        summary,
        time::Millis,
    },
    findings::archive::SealedPage,
    runtime::{demo, survey::survey},
    send::report::{Activity, End, Progress, RowReport, RowResult, SendReport},
};
use serde_json::Value;
use tokio::sync::mpsc::channel;

/// How many findings are decided.
pub const FINDINGS: usize = 300;
/// What the recipes are told when they ask for the ticket.
pub const TICKET: &str = "PAY-1182";

/// The present of the session: when the demo's findings were made.
const NOW: Millis = Millis(1_795_132_800_000);
const DEMO: &str = include_str!("../../../assets/demo/findings.jsonl");
const PAGE: usize = 100;

/// A session that has loaded the findings, with the demo's recipes.
pub struct Session {
    pub model: Model,
    /// Every key that was typed.
    pub keys: usize,
    /// The recipes, in the order in which digits pick them.
    pub recipes: Vec<Recipe>,
    documents: HashMap<String, Value>,
    effects: Vec<Effect>,
}

impl Session {
    /// Everything is loaded, the cursor is on the first row, nothing has been typed.
    pub fn begin(columns: u16, rows: u16) -> Self {
        let settings = Settings { recipes: demo::recipes(), asked: Asked::CommandLine, label: Some("demo"), ..Settings::default() };
        let model = Model::new(settings, Query::open(), columns, rows, NOW);
        let mut session = Self { model, keys: 0, recipes: demo::recipes(), documents: HashMap::new(), effects: Vec::new() };
        session.happens(Event::Connected(Ok(Connection { region: "eu-west-1".to_owned(), endpoint: None })));
        let arn = "arn:aws:sts::222233334444:assumed-role/audit/analyst".to_owned();
        session.happens(Event::Caller(Ok(Caller { account: "222233334444".to_owned(), arn })));
        session.happens(Event::Journal(JournalEvent::Opened(Arc::default(), Vec::new())));
        let open: Vec<String> = DEMO.lines().filter(|line| is_open(&read(line))).take(FINDINGS).map(str::to_owned).collect();
        assert_eq!(open.len(), FINDINGS, "the demo has enough of them");
        for document in &open {
            let document = read(document);
            session.documents.insert(document["metadata"]["uid"].as_str().unwrap_or_default().to_owned(), document);
        }
        let pages = open.chunks(PAGE).count();
        for (at, page) in open.chunks(PAGE).enumerate() {
            let more = if at + 1 == pages { More::Last } else { More::Follows };
            let (scan, page) = (session.model.scan.id, SealedPage::seal(page));
            session.happens(Event::Page { scan, page, more, order: ServedOrder::AsAsked });
        }
        assert_eq!(session.model.view.rows().len(), FINDINGS);
        session
    }

    fn happens(&mut self, event: Event) {
        self.effects.extend(update(&mut self.model, event, Ctx { now: NOW }));
        self.settle();
    }

    /// One key, and nothing of what comes of it outside.
    pub fn key(&mut self, key: Key) {
        self.keys += 1;
        self.effects.extend(update(&mut self.model, Event::Key(key, Arrival::Single), Ctx { now: NOW }));
    }

    /// What was to be done outside has been done: written, told, sent and processed; and the screen has been drawn.
    pub fn settle(&mut self) {
        while !self.effects.is_empty() {
            for effect in std::mem::take(&mut self.effects) {
                for answer in answers(effect) {
                    self.effects.extend(update(&mut self.model, answer, Ctx { now: NOW }));
                }
            }
        }
        update(&mut self.model, Event::Drawn, Ctx { now: NOW });
    }

    /// Keys as the key map names them.
    pub fn press(&mut self, keys: &str) {
        for key in parse_keys(keys).expect("these are keys") {
            self.key(key);
            self.settle();
        }
    }

    /// A text, letter by letter.
    pub fn text(&mut self, text: &str) {
        for c in text.chars() {
            self.key(Key::char(c));
            self.settle();
        }
    }

    /// Says what is asked for, where something is: the ticket of a recipe, or the count of what is to be sent.
    pub fn answer(&mut self, text: &str) {
        if self.model.context() == Context::Prompt {
            self.text(text);
            self.press("enter");
        }
    }

    /// The document of a row.
    pub fn document(&self, row: RowId) -> &Value {
        let identity = self.model.store.identity(row).expect("the row is there");
        self.documents.get(identity.shown()).expect("it was loaded")
    }

    /// The recipes by place in the table, no two neighbours the same: what somebody decides who looks at one after the other. Critical ones
    /// are not lowered, which a guard rail of that recipe would refuse.
    pub fn one_by_one(&self) -> Vec<(RowId, usize)> {
        let recipes = &self.recipes;
        let lowers = |at: usize| recipes.get(at).is_some_and(|recipe| recipe.decision.severity.is_some());
        let (mut state, mut last) = (7_usize, usize::MAX);
        let mut decided = Vec::with_capacity(FINDINGS);
        for &row in self.model.view.rows() {
            let is_critical = self.document(row)["severity_id"].as_i64().is_some_and(|id| id == 5 || id == 6);
            loop {
                state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345) % (1 << 31);
                let at = (state >> 8) % recipes.len();
                if at != last && !(is_critical && lowers(at)) {
                    last = at;
                    break;
                }
            }
            decided.push((row, last));
        }
        decided
    }

    /// The letters that pick the recipes.
    pub fn letters(&self) -> Vec<String> {
        recipe::offers(&self.recipes).iter().map(|offer| offer.letter.expect("there are few").to_string()).collect()
    }

    /// What a recipe stages on a row, put together from its words alone.
    pub fn patch(&self, row: RowId, recipe: &Recipe) -> Patch {
        let decision = &recipe.decision;
        let comment = decision.comment.as_ref().map(|wording| {
            let columns = self.model.store.row(row).expect("the row is there");
            let date: String = NOW.to_text().expect("it has a date").chars().take(10).collect();
            let said = wording
                .template
                .to_string()
                .replace("{ticket}", TICKET)
                .replace("{user}", "audit/analyst")
                .replace("{date}", &date)
                .replace("{control}", self.model.store.text(columns.control));
            let old = self.document(row)["comment"].as_str().filter(|_| wording.mode == CommentMode::Append);
            let said = old.map_or(said.clone(), |old| format!("{old} | {said}"));
            Comment::new(&said, LineBreaks::Space).expect("it is short enough")
        });
        Patch { status: decision.status, severity: decision.severity, comment }
    }
}

/// What comes back of an effect.
fn answers(effect: Effect) -> Vec<Event> {
    match effect {
        Effect::Journal(ticket, _) => vec![Event::Journal(JournalEvent::Written(ticket, Ok(())))],
        Effect::Document(request, archive, slot) => {
            let document = read(&archive.document(slot).expect("it is there"));
            let told = Told { summary: summary::summarise(&document), document: summary::pretty(&document) };
            vec![Event::Document(request, Ok(Arc::new(told)))]
        }
        Effect::Survey { request, what, rows } => {
            let (events, mut told) = channel(FINDINGS);
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            runtime.block_on(survey(request, what, rows, NOW, events));
            std::iter::from_fn(|| told.try_recv().ok()).collect()
        }
        Effect::Send { plan, .. } => {
            let rows = plan.groups.into_iter().flat_map(|group| group.rows);
            let rows: Vec<RowReport> = rows.map(|row| RowReport { row: row.row, patch: row.patch, result: RowResult::Processed }).collect();
            let count = rows.len();
            let progress = Progress { rows: count, answered: count, processed: count, ..Progress::default() };
            vec![Event::Sending(SendReport { rows, progress, activity: Activity::Over(End::Done) })]
        }
        _ => Vec::new(),
    }
}

fn read(document: &str) -> Value {
    serde_json::from_str(document).expect("the demo's are JSON")
}

fn is_open(document: &Value) -> bool {
    matches!(document["status_id"].as_i64(), Some(1 | 2))
}
