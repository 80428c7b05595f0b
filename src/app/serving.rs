//! What the service does of the query, and why a query found nothing.
//!
//! Plain data and its words; what is asked, and when, is `update::explaining`.

use crate::{
    domain::{
        query::{Query, expr::Expr},
        served::{Local, Served, WhyLocal},
    },
    findings::search::WordHits,
};

use super::{event::RequestId, wording};

/// Most clauses that are asked about: each costs a call.
pub const MAX_EXPLAINED: usize = 8;

/// The query as the service has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Serving {
    /// The query that this is about.
    pub query: Query,
    /// What of it is applied here, but for what hardly matters.
    pub local: Vec<Local>,
}

impl Serving {
    /// What the service does of a query.
    pub fn of(query: &Query) -> Self {
        let local = Served::of(query).local.into_iter().filter(|local| !local.why.is_minor()).collect();
        Self { query: query.clone(), local }
    }

    /// The parts that are applied here, each once.
    pub fn clauses(&self) -> Vec<&str> {
        let mut clauses: Vec<&str> = Vec::new();
        for local in &self.local {
            if !clauses.contains(&local.clause.as_str()) {
                clauses.push(&local.clause);
            }
        }
        clauses
    }

    /// `epss>=0.5` with why: a sentence for each part.
    pub fn reasons(&self) -> Vec<String> {
        let reason = |Local { clause, why }: &Local| match why {
            // The list is the same for each clause that finds no room.
            WhyLocal::TooMany => format!("`{clause}` is one filter too many for a request"),
            why => format!("`{clause}`: {why}"),
        };
        self.local.iter().map(reason).collect()
    }
}

/// Why a query found nothing: how many it would find without each of its clauses.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The question under way or answered.
    pub request: RequestId,
    /// How far it is.
    pub stage: Stage,
    /// The clauses, at most [`MAX_EXPLAINED`].
    pub clauses: Vec<Explained>,
    /// How many more the query has.
    pub beyond: usize,
    query: Query,
}

/// How far an explanation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Asked how many there are without each clause.
    Without,
    /// No single clause is to blame: asked how many there are for each alone.
    Alone,
    /// Everything is known.
    Known,
    /// The service did not tell.
    Failed,
}

/// A clause and what was told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// It.
    pub clause: String,
    /// How many findings the query has without it.
    pub without: Option<Count>,
    /// At most how many findings there are for it alone.
    pub alone: Option<u64>,
}

/// A number of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The number.
    pub count: u64,
    /// Whether it is just that, or at most that: the service counts without what is applied here.
    pub exact: bool,
}

impl Count {
    fn told(self) -> String {
        let most = if self.exact { "" } else { "at most " };
        format!("{most}{}", wording::grouped(self.count))
    }
}

impl Explanation {
    /// Begins with a question; `None` where there is nothing to leave out.
    pub fn begin(request: RequestId, query: &Query) -> Option<Self> {
        let parts = query.conjuncts();
        let clause = |part: &&Expr| Explained { clause: part.to_string(), without: None, alone: None };
        let clauses: Vec<Explained> = parts.iter().take(MAX_EXPLAINED).map(clause).collect();
        let beyond = parts.len().saturating_sub(clauses.len());
        (!clauses.is_empty()).then(|| Self { request, stage: Stage::Without, clauses, beyond, query: query.clone() })
    }

    /// What is asked for now: how many findings each of these has.
    pub fn questions(&self) -> Vec<Query> {
        match self.stage {
            Stage::Without => (0..self.clauses.len()).map(|at| self.query.without(at)).collect(),
            Stage::Alone => self.query.conjuncts().into_iter().take(self.clauses.len()).map(|part| Query::Where(part.clone())).collect(),
            Stage::Known | Stage::Failed => Vec::new(),
        }
    }

    /// Takes in the answers, in the order of the questions.
    pub fn answered(&mut self, counts: &[u64]) {
        let exact: Vec<bool> = self.questions().iter().map(|query| Served::of(query).local.is_empty()).collect();
        for ((clause, &count), exact) in self.clauses.iter_mut().zip(counts).zip(exact) {
            match self.stage {
                // Nothing of more than is meant is nothing of what is meant.
                Stage::Without => clause.without = Some(Count { count, exact: exact || count == 0 }),
                Stage::Alone => clause.alone = Some(count),
                Stage::Known | Stage::Failed => {}
            }
        }
        let is_nobody_to_blame = self.clauses.iter().all(|clause| clause.without.is_some_and(|without| without.count == 0));
        self.stage = match self.stage {
            Stage::Without if is_nobody_to_blame && self.clauses.len() + self.beyond > 1 => Stage::Alone,
            Stage::Without | Stage::Alone | Stage::Known => Stage::Known,
            Stage::Failed => Stage::Failed,
        };
    }

    /// What is known, in sentences.
    pub fn told(&self) -> Vec<String> {
        let mut told = match self.stage {
            Stage::Without => return vec!["Asking what it finds without each of its clauses …".to_owned()],
            Stage::Failed => return Vec::new(),
            Stage::Alone | Stage::Known => self.blame(),
        };
        if self.stage == Stage::Alone {
            told.push("Asking what each of them finds by itself …".to_owned());
        }
        if self.beyond > 0 {
            told.push(format!("Only the first {} of {} clauses were asked about.", self.clauses.len(), self.clauses.len() + self.beyond));
        }
        told
    }

    fn blame(&self) -> Vec<String> {
        let blamed = |exact: bool| -> Vec<(&str, Count)> {
            let counts = self.clauses.iter().filter_map(|clause| Some((clause.clause.as_str(), clause.without?)));
            counts.filter(|(_, without)| without.count > 0 && without.exact == exact).collect()
        };
        let each = |blamed: &[(&str, Count)]| {
            blamed.iter().map(|(clause, without)| format!("`{clause}` (without it: {})", without.told())).collect::<Vec<_>>().join(", ")
        };
        let (sure, unsure) = (blamed(true), blamed(false));
        let mut told = match sure.as_slice() {
            [] if unsure.is_empty() && self.clauses.len() + self.beyond == 1 => vec!["There is no finding at all.".to_owned()],
            [] if unsure.is_empty() => self.together(),
            [] => Vec::new(),
            [(clause, without)] => vec![format!("`{clause}` removes all; without it: {}.", without.told())],
            several => vec![format!("Each of these removes all that the others leave: {}.", each(several))],
        };
        if !unsure.is_empty() {
            let too = if sure.is_empty() { "This may remove all, as a part is applied here" } else { "This may too" };
            let too = if unsure.len() == 1 { too.to_owned() } else { too.replace("This", "Each of these") };
            told.push(format!("{too}: {}.", each(&unsure)));
        }
        told
    }

    /// Leaving out one clause is not enough.
    fn together(&self) -> Vec<String> {
        let mut told = vec!["Leaving out one of its clauses is not enough.".to_owned()];
        let empty: Vec<String> =
            self.clauses.iter().filter(|clause| clause.alone == Some(0)).map(|clause| format!("`{}`", clause.clause)).collect();
        match empty.as_slice() {
            [] if self.stage == Stage::Known => told.push("Only several of them together remove all.".to_owned()),
            [] => {}
            [one] => told.push(format!("{one} finds nothing even by itself.")),
            several => told.push(format!("These find nothing even by themselves: {}.", several.join(", "))),
        }
        told
    }
}

/// Why the filter on shown text hides every row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hiding {
    /// The filter as typed.
    pub typed: String,
    /// Of how many rows.
    pub of: usize,
    /// Its words, where it has several.
    pub words: Vec<WordHits>,
}

impl Hiding {
    /// Which word does it, in a sentence.
    pub fn told(&self) -> Option<String> {
        let list =
            |words: &[&WordHits], tell: &dyn Fn(&WordHits) -> String| words.iter().map(|word| tell(word)).collect::<Vec<_>>().join(", ");
        let quoted = |word: &WordHits| format!("`{}`", word.word);
        let absent: Vec<&WordHits> = self.words.iter().filter(|word| word.with == 0).collect();
        let blamed: Vec<&WordHits> = self.words.iter().filter(|word| word.without > 0).collect();
        match (absent.as_slice(), blamed.as_slice()) {
            _ if self.words.is_empty() => None,
            ([], []) => Some("Each of its words is met by some row, but leaving out one of them is not enough.".to_owned()),
            ([one], [_]) => Some(format!("No loaded row meets {}; without it: {}.", quoted(one), wording::grouped(one.without))),
            (absent @ [_, ..], _) => Some(format!("No loaded row meets {}.", list(absent, &quoted))),
            ([], [one]) => Some(format!("{} removes all; without it: {}.", quoted(one), wording::grouped(one.without))),
            ([], several) => {
                let tell = |word: &WordHits| format!("{} (without it: {})", quoted(word), wording::grouped(word.without));
                Some(format!("Each of these removes all that the others leave: {}.", list(several, &tell)))
            }
        }
    }
}
