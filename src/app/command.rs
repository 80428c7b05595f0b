//! What is typed into the palette: an action by its name, and what it is given.
//!
//! Pure: of a text, and of the names that are known. Owns what may be given to which action, what may stand at the cursor, and why a text is
//! no command. Must not know what an action does.

use crate::domain::{
    column::{Column, ColumnError, ColumnKind},
    comment::{Comment, LineBreaks},
    decision::Decision,
    grouping::GroupField,
    order::{Order, SortField, SortKey, SortKeyError},
    profile::{Catalogue, ProfileName},
    query::{
        Query,
        completion::{Completion, Offer},
    },
    recipe::Recipe,
    severity::SeverityId,
    status::StatusId,
    text,
};

use super::{action::Action, prompt::WrongText};

/// What an action can be given behind its name. Without it, each does what its key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argument {
    /// Nothing.
    None,
    /// How often, how far, or which one.
    Count,
    /// A status.
    Status,
    /// A severity.
    Severity,
    /// The text of a comment.
    Comment,
    /// The name of a recipe.
    Recipe,
    /// Sort keys.
    Order,
    /// What rows are grouped by, or `none`.
    Group,
    /// The name of a filter profile that is known.
    Profile,
    /// The name of a filter profile to save as.
    NewProfile,
    /// A query.
    Query,
    /// Text that is looked for.
    Words,
    /// A list of columns.
    Columns,
    /// One column.
    Column,
    /// The name of a file.
    File,
}

impl Argument {
    /// What an action can be given.
    pub const fn of(action: Action) -> Self {
        match action {
            Action::Move(_)
            | Action::Mark
            | Action::PreviousColumn
            | Action::NextColumn
            | Action::NextGroup
            | Action::PreviousGroup
            | Action::ColumnEarlier
            | Action::ColumnLater
            | Action::WidenColumn
            | Action::NarrowColumn => Self::Count,
            Action::Status => Self::Status,
            Action::Severity => Self::Severity,
            Action::Comment => Self::Comment,
            Action::Recipe => Self::Recipe,
            Action::Sort => Self::Order,
            Action::Group => Self::Group,
            Action::Profiles => Self::Profile,
            Action::SaveProfile => Self::NewProfile,
            Action::EditQuery | Action::MarkByQuery | Action::UnmarkByQuery => Self::Query,
            Action::Filter => Self::Words,
            Action::Columns => Self::Columns,
            Action::AddColumn => Self::Column,
            Action::SavePlan => Self::File,
            _ => Self::None,
        }
    }

    /// How it is told that something can stand behind the name; empty where nothing can.
    pub const fn shape(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Count => "[N]",
            Self::Status => "[STATUS]",
            Self::Severity => "[SEVERITY]",
            Self::Comment => "[TEXT]",
            Self::Recipe | Self::Profile | Self::NewProfile => "[NAME]",
            Self::Order => "[FIELD asc|desc, ...]",
            Self::Group => "[FIELD]",
            Self::Query => "[QUERY]",
            Self::Words => "[WORDS]",
            Self::Columns => "[COLUMN ...]",
            Self::Column => "[COLUMN]",
            Self::File => "[FILE]",
        }
    }
}

/// An action with what it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Which action.
    pub action: Action,
    /// What it is given.
    pub given: Given,
}

/// What an action is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// Nothing: it does what its key does.
    Nothing,
    /// A count.
    Count(usize),
    /// A status to stage.
    Status(StatusId),
    /// A severity to stage.
    Severity(SeverityId),
    /// A comment to stage.
    Comment(Comment),
    /// A recipe to stage.
    Recipe(ProfileName),
    /// How to sort.
    Order(Order),
    /// What to group by.
    Group(Option<GroupField>),
    /// The filter profile to pick.
    Profile(ProfileName),
    /// The name to save as.
    NewProfile(ProfileName),
    /// A query.
    Query(Query),
    /// What to look for.
    Words(String),
    /// The columns to show.
    Columns(Vec<Column>),
    /// The column to add.
    Column(Column),
    /// The file to write.
    File(String),
}

/// The names that an argument can be.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The recipes that hold now.
    pub recipes: &'a [Recipe],
    /// The filter profiles.
    pub profiles: &'a Catalogue,
    /// What becomes of line breaks in comments.
    pub line_breaks: LineBreaks,
}

/// What a text is so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Words that an action is looked for by.
    Name,
    /// An action by its whole name and behind it what it is given, which begins at this character, from 0.
    Argument(Action, usize),
}

/// What a text is so far. Behind the name of an action that takes a count, words are looked for unless they begin like a number.
pub fn written(text: &str) -> Written {
    let begin = text.chars().take_while(|c| c.is_whitespace()).count();
    let name: String = text.chars().skip(begin).take_while(|c| !c.is_whitespace()).collect();
    let behind = begin + name.chars().count();
    let rest = text.chars().skip(behind);
    let gap = rest.clone().take_while(|c| c.is_whitespace()).count();
    let first = rest.clone().nth(gap);
    let Some(action) = Action::named(&name).filter(|_| gap > 0) else { return Written::Name };
    match Argument::of(action) {
        Argument::None => Written::Name,
        Argument::Count if !first.is_some_and(|c| c.is_ascii_digit()) => Written::Name,
        _ => Written::Argument(action, behind + gap),
    }
}

/// Reads a text whose name is written out.
///
/// # Errors
/// What is wrong, where, and what is allowed.
pub fn parse(typed: &str, known: Known<'_>) -> Result<Command, WrongText> {
    match written(typed) {
        Written::Argument(action, from) => {
            let argument: String = typed.chars().skip(from).collect();
            let argument = argument.trim_end();
            let given =
                if argument.is_empty() { Given::Nothing } else { given(action, argument, known).map_err(|wrong| wrong.behind(from))? };
            Ok(Command { action, given })
        }
        Written::Name => {
            let words = words(typed, char::is_whitespace);
            let (begin, name) = words.first().copied().unwrap_or((0, ""));
            let Some(action) = Action::named(name) else {
                return Err(WrongText::at(begin, format!("no action is called or does `{}`", text::clean(typed.trim()))));
            };
            let Some(&(at, more)) = words.get(1) else { return Ok(Command { action, given: Given::Nothing }) };
            let takes = if Argument::of(action) == Argument::Count { "a number" } else { "nothing" };
            Err(WrongText::at(at, format!("`{}`: {name} takes {takes} behind it", text::clean(more))))
        }
    }
}

/// The words of a text, each with its place in characters.
fn words(text: &str, is_between: impl Fn(char) -> bool) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut begun: Option<(usize, usize)> = None;
    for (place, (at, c)) in text.char_indices().enumerate() {
        match (is_between(c), begun) {
            (true, Some((place, from))) => {
                words.extend(text.get(from..at).map(|word| (place, word)));
                begun = None;
            }
            (false, None) => begun = Some((place, at)),
            (true, None) | (false, Some(_)) => {}
        }
    }
    words.extend(begun.and_then(|(place, from)| Some((place, text.get(from..)?))));
    words
}

impl WrongText {
    /// At a place in characters from 0.
    fn at(place: usize, why: impl ToString) -> Self {
        Self { column: place + 1, why: text::clean(&why.to_string()).into_owned() }
    }

    /// The same, told of a text that begins so many characters earlier.
    fn behind(self, characters: usize) -> Self {
        Self { column: self.column + characters, ..self }
    }
}

/// What an action is given by a text that is not blank at its ends.
fn given(action: Action, argument: &str, known: Known<'_>) -> Result<Given, WrongText> {
    let whole = |why: String| WrongText::at(0, why);
    match Argument::of(action) {
        Argument::None => Err(whole(format!("{} takes nothing behind it", action.name()))),
        Argument::Count => match argument.parse() {
            Ok(count @ 1..=MAX_COUNT) => Ok(Given::Count(count)),
            _ => Err(whole(format!("`{argument}` is no count: write a number from 1 to {MAX_COUNT}"))),
        },
        Argument::Status => StatusId::parse(argument)
            .filter(|id| StatusId::OFFERED.contains(id))
            .map(Given::Status)
            .ok_or_else(|| whole(format!("`{argument}` is no status: write one of {}", listed(StatusId::OFFERED.map(StatusId::word))))),
        Argument::Severity => {
            SeverityId::parse(argument).filter(|id| SeverityId::OFFERED.contains(id)).map(Given::Severity).ok_or_else(|| {
                whole(format!("`{argument}` is no severity: write one of {}", listed(SeverityId::OFFERED.map(SeverityId::word))))
            })
        }
        Argument::Comment => Comment::new(argument, known.line_breaks).map(Given::Comment).map_err(|error| whole(error.to_string())),
        Argument::Recipe => match known.recipes.iter().find(|recipe| recipe.name.as_str() == argument) {
            Some(recipe) => Ok(Given::Recipe(recipe.name.clone())),
            None if known.recipes.is_empty() => {
                Err(whole("there are no recipes here; config.toml and filter profiles have them".to_owned()))
            }
            None => {
                let names = listed(known.recipes.iter().map(|recipe| Some(recipe.name.as_str())));
                Err(whole(format!("there is no recipe `{argument}`: write one of {names}")))
            }
        },
        Argument::Order => order(argument).map(Given::Order),
        Argument::Group => GroupField::parse_optional(argument).map(Given::Group).map_err(|error| whole(error.to_string())),
        Argument::Profile => match known.profiles.find(argument) {
            Some(profile) => Ok(Given::Profile(profile.name.clone())),
            None => Err(whole(no_profile(argument, known.profiles))),
        },
        Argument::NewProfile => match ProfileName::wrong(argument) {
            Some((at, error)) => Err(WrongText::at(at, error)),
            None => ProfileName::new(argument).map(Given::NewProfile).map_err(|error| whole(error.to_string())),
        },
        Argument::Query => argument
            .parse()
            .map(Given::Query)
            .map_err(|error: crate::domain::query::QueryError| WrongText::at(error.column - 1, error.wrong)),
        Argument::Words => Ok(Given::Words(argument.to_owned())),
        Argument::Columns => {
            let words = words(argument, is_between_columns);
            let texts: Vec<&str> = words.iter().map(|&(_, text)| text).collect();
            let at = |place: usize| words.get(place).map_or(0, |&(at, _)| at);
            Column::list(&texts).map(Given::Columns).map_err(|(place, error)| WrongText::at(at(place), error))
        }
        Argument::Column => argument.parse().map(Given::Column).map_err(|error: ColumnError| whole(error.to_string())),
        Argument::File => Ok(Given::File(argument.to_owned())),
    }
}

/// Largest count that can be given.
const MAX_COUNT: usize = 9_999_999;

const fn is_between_columns(c: char) -> bool {
    c.is_whitespace() || c == ','
}

fn listed<'a>(names: impl IntoIterator<Item = Option<&'a str>>) -> String {
    names.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn no_profile(name: &str, profiles: &Catalogue) -> String {
    match profiles.find_broken(name).and_then(|broken| broken.problems.first()) {
        Some(why) => format!("{name} cannot be used: {why}"),
        None => format!("there is no filter profile `{name}`: write one of {}", profiles.nearest(name).join(", ")),
    }
}

/// Reads sort keys apart by commas, and says which of their words is wrong.
fn order(argument: &str) -> Result<Order, WrongText> {
    let mut keys: Vec<SortKey> = Vec::new();
    let mut begin = 0;
    for part in argument.split(',') {
        let words = words(part, char::is_whitespace);
        let place = |word: usize| begin + words.get(word).map_or(0, |&(at, _)| at);
        let key: SortKey = part.parse().map_err(|error: SortKeyError| {
            let word = usize::from(matches!(error, SortKeyError::Direction(_)));
            WrongText::at(place(word), error)
        })?;
        if keys.iter().any(|known| known.field == key.field) {
            return Err(WrongText::at(place(0), SortKeyError::Twice(key.field.word())));
        }
        begin += part.chars().count() + 1;
        keys.push(key);
    }
    Ok(Order(keys))
}

/// What may stand at the cursor, in characters from 0, of what an action is given. Values of findings are for the caller to add.
pub fn completion(typed: &str, from: usize, cursor: usize, action: Action, known: Known<'_>) -> Completion {
    let argument = Argument::of(action);
    let text: String = typed.chars().skip(from).collect();
    let place = cursor.saturating_sub(from);
    if argument == Argument::Query {
        let inside = Completion::at(&text, place);
        return Completion { from: inside.from + from, to: inside.to + from, ..inside };
    }
    let is_between: fn(char) -> bool = match argument {
        Argument::Order | Argument::Columns => is_between_columns,
        // One value, which may have spaces in it.
        _ => |_| false,
    };
    let before: Vec<char> = text.chars().take(place).collect();
    let begin = before.iter().rposition(|c| is_between(*c)).map_or(0, |at| at + 1);
    let end = place + text.chars().skip(place).take_while(|c| !is_between(*c)).count();
    let written: String = before.get(begin..).unwrap_or_default().iter().collect();
    let lower = written.to_lowercase();
    let all = values(argument, before.get(..begin).unwrap_or_default(), known);
    let begins = |offer: &&Offer| offer.text.to_lowercase().starts_with(&lower);
    let offers: Vec<Offer> =
        all.iter().filter(begins).chain(all.iter().filter(|offer| !begins(offer) && holds(offer, &lower))).cloned().collect();
    Completion { from: from + begin, to: from + end, offers, values_of: None, typed: written }
}

fn holds(offer: &Offer, lower: &str) -> bool {
    offer.text.to_lowercase().contains(lower) || offer.help.to_lowercase().contains(lower)
}

/// The values that an argument can be; `before` is what stands before this one.
fn values(argument: Argument, before: &[char], known: Known<'_>) -> Vec<Offer> {
    let offer = |text: &str, help: &str| Offer { text: text.to_owned(), help: help.to_owned() };
    match argument {
        Argument::Status => StatusId::OFFERED.into_iter().filter_map(|id| Some(offer(id.word()?, id.caption()?))).collect(),
        Argument::Severity => SeverityId::OFFERED.into_iter().filter_map(|id| Some(offer(id.word()?, id.caption()?))).collect(),
        Argument::Recipe => known.recipes.iter().map(|recipe| offer(recipe.name.as_str(), &told(&recipe.decision))).collect(),
        Argument::Profile => {
            known.profiles.known.iter().map(|profile| offer(profile.name.as_str(), &text::clean(&profile.query().to_string()))).collect()
        }
        Argument::NewProfile => known.profiles.known.iter().map(|profile| offer(profile.name.as_str(), "is there already")).collect(),
        Argument::Group => {
            let fields = GroupField::OFFERED.map(|field| offer(field.word(), ""));
            fields.into_iter().chain([offer("none", "rows are not grouped")]).collect()
        }
        Argument::Order => {
            let key: String = before.iter().rev().take_while(|c| **c != ',').collect::<Vec<_>>().into_iter().rev().collect();
            if key.trim().is_empty() {
                SortField::OFFERED.map(|field| offer(field.word(), natural(field))).into()
            } else {
                vec![offer("asc", "smallest, oldest, A first"), offer("desc", "largest, newest, worst first")]
            }
        }
        Argument::Columns | Argument::Column => ColumnKind::BUILT_IN.iter().map(|kind| offer(kind.word(), kind.help())).collect(),
        Argument::None | Argument::Count | Argument::Comment | Argument::Query | Argument::Words | Argument::File => Vec::new(),
    }
}

/// What a recipe stages: `Suppressed, a comment`.
fn told(decision: &Decision) -> String {
    let status = decision.status.and_then(StatusId::caption);
    let severity = decision.severity.and_then(SeverityId::caption);
    let comment = decision.comment.as_ref().map(|_| "a comment");
    [status, severity, comment].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn natural(field: SortField) -> &'static str {
    match field {
        SortField::Severity => "worst first",
        SortField::Created | SortField::Modified => "newest first",
        _ => "A first",
    }
}
