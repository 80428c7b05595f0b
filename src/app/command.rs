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
    severity::{Acceptance, SeverityId},
    status::StatusId,
    template::Template,
    text,
};

use super::{
    action::Action,
    export::{Format, NoFormat},
    prompt::WrongText,
};

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
    /// The text of a comment, with variables as the editor takes them.
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
    /// A format, and behind it the name of a file.
    Export,
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
            Action::Export => Self::Export,
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
            Self::Export => "[FORMAT FILE]",
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
    Comment(Template),
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
    /// The format to write, and the file where it is named.
    Export(Format, Option<String>),
}

/// The names that an argument can be.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The recipes that hold now.
    pub recipes: &'a [&'a Recipe],
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
                return Err(WrongText::at(begin, &format!("no action is called or does `{}`", text::clean(typed.trim()))));
            };
            let Some(&(at, more)) = words.get(1) else { return Ok(Command { action, given: Given::Nothing }) };
            let takes = if Argument::of(action) == Argument::Count { "a number" } else { "nothing" };
            Err(WrongText::at(at, &format!("`{}`: {name} takes {takes} behind it", text::clean(more))))
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
    fn at(place: usize, why: &impl ToString) -> Self {
        Self { column: place + 1, why: text::clean(&why.to_string()).into_owned() }
    }

    /// The same, told of a text that begins so many characters earlier.
    fn behind(self, characters: usize) -> Self {
        Self { column: self.column + characters, ..self }
    }
}

/// What an action is given by a text that is not blank at its ends.
fn given(action: Action, argument: &str, known: Known<'_>) -> Result<Given, WrongText> {
    let whole = |why: String| WrongText::at(0, &why);
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
        Argument::Comment => {
            let template = Template::lenient(argument);
            // What a variable makes of its length is known on each finding only.
            match Comment::new(argument, known.line_breaks) {
                Err(error) if template.variables().is_empty() => Err(whole(error.to_string())),
                Ok(_) | Err(_) => Ok(Given::Comment(template)),
            }
        }
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
            Some((at, error)) => Err(WrongText::at(at, &error)),
            None => ProfileName::new(argument).map(Given::NewProfile).map_err(|error| whole(error.to_string())),
        },
        Argument::Query => argument
            .parse()
            .map(Given::Query)
            .map_err(|error: crate::domain::query::QueryError| WrongText::at(error.column - 1, &error.wrong)),
        Argument::Words => Ok(Given::Words(argument.to_owned())),
        Argument::Columns => {
            let words = words(argument, is_between_columns);
            let texts: Vec<&str> = words.iter().map(|&(_, text)| text).collect();
            let at = |place: usize| words.get(place).map_or(0, |&(at, _)| at);
            Column::list(&texts).map(Given::Columns).map_err(|(place, error)| WrongText::at(at(place), &error))
        }
        Argument::Column => argument.parse().map(Given::Column).map_err(|error: ColumnError| whole(error.to_string())),
        Argument::File => Ok(Given::File(argument.to_owned())),
        Argument::Export => {
            let (word, file) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
            let format = word.parse().map_err(|error: NoFormat| whole(format!("`{word}` is no format: {error}")))?;
            Ok(Given::Export(format, Some(file.trim().to_owned()).filter(|file| !file.is_empty())))
        }
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
            WrongText::at(place(word), &error)
        })?;
        if keys.iter().any(|known| known.field == key.field) {
            return Err(WrongText::at(place(0), &SortKeyError::Twice(key.field.word())));
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
        Argument::Export => char::is_whitespace,
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
        Argument::Status => StatusId::OFFERED.into_iter().filter_map(|id| Some(offer(id.word()?, doubt(id.acceptance())))).collect(),
        Argument::Severity => SeverityId::OFFERED.into_iter().filter_map(|id| Some(offer(id.word()?, doubt(id.acceptance())))).collect(),
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
        Argument::Export if before.is_empty() => Format::ALL.map(|format| offer(format.word(), format.help())).into(),
        Argument::Export | Argument::None | Argument::Count | Argument::Comment | Argument::Query | Argument::Words | Argument::File => {
            Vec::new()
        }
    }
}

const fn doubt(acceptance: Acceptance) -> &'static str {
    match acceptance {
        Acceptance::Always => "",
        Acceptance::SomeReleases => "not accepted by every API release",
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::{app::action::Motion, domain::guard_rail::GuardRails};

    fn recipes() -> Vec<Recipe> {
        let decision = Decision { status: Some(StatusId::SUPPRESSED), ..Decision::default() };
        let recipe = |name: &str| Recipe {
            name: ProfileName::new(name).unwrap(),
            key: None,
            decision: decision.clone(),
            rails: GuardRails::default(),
        };
        vec![recipe("accept-risk"), recipe("false-positive")]
    }

    fn catalogue() -> Catalogue {
        let layer = |query: &str| crate::domain::profile::Layer {
            source: crate::domain::profile::Source::built_in(),
            content: crate::domain::profile::Content { query: query.parse().ok(), ..Default::default() },
        };
        let named = |name: &str| ProfileName::new(name).unwrap();
        Catalogue::of([(named("payments"), layer("account:payments*")), (named("core"), layer("account:core"))], Vec::new())
    }

    fn read(typed: &str) -> Result<Command, WrongText> {
        let (recipes, profiles) = (recipes(), catalogue());
        let recipes: Vec<&Recipe> = recipes.iter().collect();
        parse(typed, Known { recipes: &recipes, profiles: &profiles, line_breaks: LineBreaks::Space })
    }

    fn offered(marked: &str) -> (String, Vec<String>) {
        let (recipes, profiles) = (recipes(), catalogue());
        let recipes: Vec<&Recipe> = recipes.iter().collect();
        let known = Known { recipes: &recipes, profiles: &profiles, line_breaks: LineBreaks::Space };
        let cursor = marked.chars().take_while(|c| *c != '|').count();
        let typed = marked.replacen('|', "", 1);
        let Written::Argument(action, from) = written(&typed) else { return (String::new(), Vec::new()) };
        let completion = completion(&typed, from, cursor, action, known);
        let replaced = typed.chars().skip(completion.from).take(completion.to - completion.from).collect();
        (replaced, completion.offers.into_iter().map(|offer| offer.text).collect())
    }

    #[rstest]
    #[case("status", Action::Status, Given::Nothing)]
    #[case("  status  ", Action::Status, Given::Nothing)]
    #[case("status suppressed", Action::Status, Given::Status(StatusId::SUPPRESSED))]
    #[case("status  In Progress ", Action::Status, Given::Status(StatusId::IN_PROGRESS))]
    #[case("status 99", Action::Status, Given::Status(StatusId::OTHER))]
    #[case("severity HIGH", Action::Severity, Given::Severity(SeverityId::HIGH))]
    #[case("recipe accept-risk", Action::Recipe, Given::Recipe(ProfileName::new("accept-risk").unwrap()))]
    #[case("sort severity desc", Action::Sort, Given::Order("severity desc".parse().unwrap()))]
    #[case("sort modified asc, title", Action::Sort, Given::Order("modified asc, title".parse().unwrap()))]
    #[case("group control", Action::Group, Given::Group(Some(GroupField::Control)))]
    #[case("group none", Action::Group, Given::Group(None))]
    #[case("profiles payments", Action::Profiles, Given::Profile(ProfileName::new("payments").unwrap()))]
    #[case("save-profile mine", Action::SaveProfile, Given::NewProfile(ProfileName::new("mine").unwrap()))]
    #[case("query severity:critical", Action::EditQuery, Given::Query("severity:critical".parse().unwrap()))]
    #[case("mark-query title~x or age<7d", Action::MarkByQuery, Given::Query("title~x or age<7d".parse().unwrap()))]
    #[case("unmark-query status:new", Action::UnmarkByQuery, Given::Query("status:new".parse().unwrap()))]
    #[case("filter two words", Action::Filter, Given::Words("two words".into()))]
    #[case("comment seen, PAY-1", Action::Comment, Given::Comment(Template::lenient("seen, PAY-1")))]
    #[case("comment see {ticket}", Action::Comment, Given::Comment("see {ticket}".parse().unwrap()))]
    #[case("columns severity, title:40 cve", Action::Columns, Given::Columns(Column::list(&["severity", "title:40", "cve"]).unwrap()))]
    #[case("add-column cve:20", Action::AddColumn, Given::Column("cve:20".parse().unwrap()))]
    #[case("save-plan a b.json", Action::SavePlan, Given::File("a b.json".into()))]
    #[case("export csv", Action::Export, Given::Export(Format::Csv, None))]
    #[case("export jsonl  my rows.jsonl", Action::Export, Given::Export(Format::Jsonl, Some("my rows.jsonl".into())))]
    #[case("down 5", Action::Move(Motion::Down), Given::Count(5))]
    #[case("mark 12", Action::Mark, Given::Count(12))]
    fn an_action_is_given_what_stands_behind_its_name(#[case] typed: &str, #[case] action: Action, #[case] given: Given) {
        assert_eq!(read(typed), Ok(Command { action, given }));
    }

    #[rstest]
    #[case("frobnicate", 1, "no action is called or does `frobnicate`")]
    #[case("", 1, "no action is called")]
    #[case("quit now", 6, "`now`: quit takes nothing behind it")]
    #[case("mark all", 6, "`all`: mark takes a number behind it")]
    #[case("status suppresed", 8, "`suppresed` is no status: write one of new, in_progress, suppressed")]
    #[case("status 42", 8, "`42` is no status")]
    #[case("  severity   bad", 14, "`bad` is no severity: write one of critical, high")]
    #[case("recipe nope", 8, "there is no recipe `nope`: write one of accept-risk, false-positive")]
    #[case("sort severity down", 15, "`down` is no direction: write `asc` or `desc`")]
    #[case("sort severity, size", 16, "rows cannot be sorted by `size`: write one of severity, modified")]
    #[case("sort severity, title, severity", 23, "`severity` is named twice")]
    #[case("sort severity,", 15, "no sort key is named")]
    #[case("group colour", 7, "rows cannot be grouped by `colour`: write one of control, cve")]
    #[case("profiles paymnts", 10, "there is no filter profile `paymnts`: write one of payments")]
    #[case("save-profile a/b", 15, "here is `/`")]
    #[case("query severty:critical", 7, "severty")]
    #[case("query status:new severity:purple", 27, "purple")]
    #[case("columns severity mood", 18, "`mood` is no column")]
    #[case("columns title title", 15, "there twice")]
    #[case("add-column title:1", 12, "no width")]
    #[case("export pdf x", 8, "`pdf` is no format: the formats are jsonl, csv and md")]
    #[case("down 0", 6, "write a number from 1")]
    #[case("down 5x", 6, "`5x` is no count")]
    #[case("status \u{202e}", 8, "<U+202E>")]
    fn what_is_wrong_is_told_with_its_place_and_what_is_allowed(#[case] typed: &str, #[case] column: usize, #[case] why: &str) {
        let wrong = read(typed).unwrap_err();
        assert_eq!(wrong.column, column, "{wrong:?}");
        assert!(wrong.why.contains(why), "{wrong:?}");
    }

    #[rstest]
    #[case("status |", "", &["new", "in_progress", "suppressed"])]
    #[case("status sup|", "sup", &["suppressed"])]
    #[case("status Prog|", "Prog", &["in_progress"])]
    #[case("severity hi|", "hi", &["high"])]
    #[case("recipe |", "", &["accept-risk", "false-positive"])]
    #[case("recipe pos|", "pos", &["false-positive"])]
    #[case("recipe suppr|", "suppr", &["accept-risk", "false-positive"])]
    #[case("profiles pay|", "pay", &["payments"])]
    #[case("group con|", "con", &["control"])]
    #[case("group no|", "no", &["none"])]
    #[case("sort sev|", "sev", &["severity"])]
    #[case("sort severity |", "", &["asc", "desc"])]
    #[case("sort severity d|", "d", &["desc"])]
    #[case("sort severity desc, mo|", "mo", &["modified"])]
    #[case("columns severity ti|", "ti", &["title"])]
    #[case("columns seve|, title", "seve", &["severity"])]
    #[case("query ti|", "ti", &["title:"])]
    #[case("query status:|", "", &["new", "in_progress"])]
    #[case("export c|", "c", &["csv"])]
    #[case("export csv x|", "x", &[])]
    #[case("comment x|", "x", &[])]
    #[case("quit |", "", &[])]
    fn what_may_stand_at_the_cursor(#[case] marked: &str, #[case] replaced: &str, #[case] first: &[&str]) {
        let (part, offers) = offered(marked);
        assert_eq!(part, replaced, "{offers:?}");
        assert_eq!(offers.get(..first.len()).unwrap_or_default(), first, "{offers:?}");
        assert!(!first.is_empty() || offers.is_empty(), "{offers:?}");
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_a_command_or_wrong_at_a_place_of_it(
            name in proptest::sample::select(Action::ALL.iter().map(|&(name, ..)| name).collect::<Vec<_>>()),
            typed in "[a-z :,0-9\u{202e}é\\-]{0,20}", cursor in 0_usize..40,
        ) {
            for typed in [format!("{name} {typed}"), typed] {
                if let Err(wrong) = read(&typed) {
                    prop_assert!((1..=typed.chars().count() + 1).contains(&wrong.column), "{wrong:?}");
                    prop_assert!(!wrong.why.chars().any(text::is_hidden));
                }
                let cursor = cursor.min(typed.chars().count());
                let marked: String = typed.chars().take(cursor).chain(['|']).chain(typed.chars().skip(cursor)).collect();
                offered(&marked);
            }
        }

        #[test]
        fn what_is_offered_to_something_empty_can_be_read(
            name in proptest::sample::select(Action::ALL.iter().map(|&(name, ..)| name).collect::<Vec<_>>()),
        ) {
            let (_, offers) = offered(&format!("{name} |"));
            for offer in offers.iter().filter(|_| Argument::of(Action::named(name).unwrap()) != Argument::Query) {
                prop_assert!(read(&format!("{name} {offer}")).is_ok(), "{name} {offer}");
            }
        }
    }
}
