//! A session over made findings, driven by keys: no terminal, no hub, no clock. What is asked for outside of it is done at once.

use std::sync::Arc;

use hubtriage::{
    app::{
        effect::Effect,
        event::{Arrival, Caller, Connection, Event, JournalEvent, More, ServedOrder, Told},
        keymap::{Key, parse_keys},
        model::{Asked, Model, Settings},
        update::{Ctx, update},
    },
    domain::{finding::Finding, identity::Identity, query::Query, row::RowId, severity::SeverityId, summary, time::Millis},
    findings::archive::SealedPage,
    ui::{self, theme::Theme},
};
use ratatui::{Terminal, backend::TestBackend};

use super::{NOW, PAGE, page};

/// The terminal that the budgets are for.
pub(crate) const COLUMNS: u16 = 120;
pub(crate) const ROWS: u16 = 40;

/// A session on a terminal of 120x40.
pub(crate) struct Session {
    pub(crate) model: Model,
    /// A terminal in memory.
    pub(crate) terminal: Terminal<TestBackend>,
    made: u64,
}

impl Session {
    /// Connected, with an open journal and nothing loaded; without the preview.
    pub(crate) fn begin() -> Self {
        let settings = Settings { asked: Asked::CommandLine, ..Settings::default() };
        let model = Model::new(settings, Query::open(), COLUMNS, ROWS, Millis(NOW));
        let terminal = Terminal::new(TestBackend::new(COLUMNS, ROWS)).expect("memory is a terminal");
        let mut session = Self { model, terminal, made: 0 };
        session.happens(Event::Connected(Ok(Connection { region: "eu-west-1".to_owned(), endpoint: None })));
        let arn = "arn:aws:sts::222233334444:assumed-role/audit/analyst".to_owned();
        session.happens(Event::Caller(Ok(Caller { account: "222233334444".to_owned(), arn })));
        session.happens(Event::Journal(JournalEvent::Opened(Arc::default(), Vec::new())));
        session.press("p");
        session
    }

    /// With so many findings, each unlike the others; more follow.
    pub(crate) fn with(count: usize) -> Self {
        let mut session = Self::begin();
        while session.model.store.len() < count {
            let page = session.made_page(PAGE.min(count - session.model.store.len()));
            session.arrives(page);
        }
        session
    }

    /// With a thousand findings, and behind them so many more rows that nothing on the screen is another: low, older than all others, and of
    /// a control that no other row has. A hundred thousand take a second without optimising.
    pub(crate) fn with_rows(count: usize) -> Self {
        let mut session = Self::with(1_000);
        let page = session.made_page(PAGE);
        for round in 0..count.saturating_sub(1_000) / PAGE {
            let copies = page.findings.iter().enumerate().map(|(at, finding)| Finding {
                identity: Identity::MetadataUid(format!("{:016x}{:016x}{:032x}", 0x9e37 * round, 0x85eb * at, round * PAGE + at)),
                severity: Some(SeverityId::INFORMATIONAL),
                severity_text: Some("Informational".to_owned()),
                created: Some(Millis(0)),
                modified: Some(Millis(0)),
                control: Some(format!("Behind.{}", round % 40)),
                ..finding.clone()
            });
            session.arrives(SealedPage { findings: copies.collect(), ..page.clone() });
        }
        session
    }

    /// Every second row is marked.
    pub(crate) fn mark_half(&mut self) {
        for row in (0..self.model.store.len()).step_by(2) {
            self.model.marks.rows.insert(RowId(row as u32));
        }
    }

    /// A page of findings that were not there before.
    pub(crate) fn made_page(&mut self, count: usize) -> SealedPage {
        let first = self.made;
        self.made += count as u64;
        page(first, count)
    }

    /// A page comes; more follow.
    pub(crate) fn arrives(&mut self, page: SealedPage) {
        let scan = self.model.scan.id;
        self.happens(Event::Page { scan, page, more: More::Follows, order: ServedOrder::AsAsked });
    }

    /// Something happens, and what follows of it.
    pub(crate) fn happens(&mut self, event: Event) {
        let mut effects = self.event(event);
        while !effects.is_empty() {
            effects = answers(effects).into_iter().flat_map(|event| self.event(event)).collect();
        }
    }

    /// Something happens, and nothing of what is asked for outside.
    pub(crate) fn event(&mut self, event: Event) -> Vec<Effect> {
        update(&mut self.model, event, Ctx { now: Millis(NOW) })
    }

    /// The same for a key.
    pub(crate) fn key(&mut self, name: &str) -> Vec<Effect> {
        let key = parse_keys(name).expect("this is a key").remove(0);
        self.event(Event::Key(key, Arrival::Single))
    }

    /// Keys as the key map names them.
    pub(crate) fn press(&mut self, names: &str) {
        for key in names.split_whitespace().flat_map(parse_keys).flatten() {
            self.happens(Event::Key(key, Arrival::Single));
        }
    }

    /// A text, letter by letter.
    pub(crate) fn text(&mut self, text: &str) {
        for c in text.chars() {
            self.happens(Event::Key(Key::char(c), Arrival::Single));
        }
    }

    /// Draws a frame.
    pub(crate) fn draw(&mut self) {
        let (model, terminal) = (&self.model, &mut self.terminal);
        terminal.draw(|frame| ui::draw(model, &Theme::default(), frame)).expect("memory takes it");
    }
}

/// What comes of effects, where the session would wait for it.
pub(crate) fn answers(effects: Vec<Effect>) -> Vec<Event> {
    let answer = |effect| match effect {
        Effect::Document(request, archive, slot) => {
            let raw = archive.document(slot).map_err(|error| error.to_string());
            let told = raw.map(|raw| {
                let document = summary::read_document(&raw).expect("made findings are JSON");
                Arc::new(Told { summary: summary::summarise(&document), document: summary::pretty(&document) })
            });
            Some(Event::Document(request, told))
        }
        Effect::Journal(ticket, _) => Some(Event::Journal(JournalEvent::Written(ticket, Ok(())))),
        _ => None,
    };
    effects.into_iter().filter_map(answer).collect()
}
