//! What may stand at the cursor of a query that is being written: fields, comparisons, values.
//!
//! Pure: of a text and a place in it. Values of loaded findings come from whoever has them ([`Completion::add_values`]). Text that is no
//! query yet is the usual case here, so nothing is an error.

use super::{
    EVERYTHING,
    field::{self, Field, Kind, SHORTS},
    reader::{ends_value, in_name, written},
    values::{Operator, is_ordered},
    words,
};
use crate::domain::{severity::SeverityId, status::StatusId};

/// Most offers: more than anybody looks through.
pub const MAX_OFFERS: usize = 100;

/// Letters of a path that have to be there before paths are offered: one letter is in nearly all of them.
const PATH_LETTERS: usize = 2;

/// Ages that are offered.
const AGES: [(&str, &str); 6] =
    [("1h", "an hour"), ("24h", "a day"), ("7d", "a week"), ("30d", "a month"), ("90d", "a quarter"), ("52w", "a year")];

/// What may stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    /// Where the part begins that an offer takes the place of, in characters from 0.
    pub from: usize,
    /// Where it ends: one behind its last character.
    pub to: usize,
    /// What is offered, the best first.
    pub offers: Vec<Offer>,
    /// Which field's values are wanted of the loaded findings, where they help.
    pub values_of: Option<Field>,
    /// The part that is typed already, as it is meant: without quotes.
    pub typed: String,
}

/// One offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What is put into the text.
    pub text: String,
    /// What it is, in a few words; may be empty.
    pub help: String,
}

impl Offer {
    fn new(text: impl Into<String>, help: impl Into<String>) -> Self {
        Self { text: text.into(), help: help.into() }
    }
}

impl Completion {
    /// What may stand at a place of a text, in characters from 0.
    pub fn at(query: &str, cursor: usize) -> Self {
        let characters: Vec<char> = query.chars().collect();
        let cursor = cursor.min(characters.len());
        let Some(begins) = term_begin(&characters, cursor) else { return Self::default() };
        let name_end = run_end(&characters, begins, in_name);
        if cursor <= name_end {
            return names(&characters, begins, cursor, name_end);
        }
        let Some(field) = Field::named(&collected(&characters, begins, name_end)) else { return Self::default() };
        let Some((operator, values_begin)) = operator(&characters, name_end, cursor) else { return Self::default() };
        values(&characters, field, operator, values_begin, cursor)
    }

    /// Adds values of the field that is asked for ([`Self::values_of`]): those that begin with what is typed first, then those that hold it.
    /// What is offered already is not offered again.
    pub fn add_values<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) {
        let Some(field) = &self.values_of else { return };
        let has_words = words::has_words(field);
        let typed = self.typed.to_lowercase();
        let (mut begin, mut hold) = (Vec::new(), Vec::new());
        for value in values {
            let lower = value.to_lowercase();
            let place = if lower.starts_with(&typed) {
                &mut begin
            } else if lower.contains(&typed) {
                &mut hold
            } else {
                continue;
            };
            let offer = Offer::new(written(value, None), "");
            // A name that is a word of the query line, too, would be read as the word.
            let is_word = has_words && (words::is_known(value) || words::products(value).is_some());
            if !value.is_empty() && !is_word && !place.contains(&offer) && place.len() < MAX_OFFERS {
                place.push(offer);
            }
        }
        for offer in begin.into_iter().chain(hold) {
            if self.offers.len() < MAX_OFFERS && !self.offers.iter().any(|known| known.text == offer.text) {
                self.offers.push(offer);
            }
        }
    }

    /// Whether an offer would change nothing: it is what is there.
    pub fn is_settled(&self, query: &str) -> bool {
        let here: String = query.chars().skip(self.from).take(self.to - self.from).collect();
        matches!(self.offers.as_slice(), [only] if only.text == here)
    }
}

fn collected(characters: &[char], from: usize, to: usize) -> String {
    characters.iter().take(to).skip(from).collect()
}

fn run_end(characters: &[char], from: usize, goes_on: impl Fn(char) -> bool) -> usize {
    from + characters.iter().skip(from).take_while(|c| goes_on(**c)).count()
}

/// Where the term at the cursor begins; `None` in a quoted value that no field is before.
fn term_begin(characters: &[char], cursor: usize) -> Option<usize> {
    let (mut begins, mut quoted, mut escaped) = (0, false, false);
    for (at, &c) in characters.iter().enumerate().take(cursor) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | ')' => begins = at + 1,
            '!' if at == begins => begins = at + 1,
            c if c.is_whitespace() => begins = at + 1,
            _ => {}
        }
    }
    (characters.get(begins) != Some(&'"')).then_some(begins)
}

/// Fields, and for one that is written out its comparisons.
fn names(characters: &[char], begins: usize, cursor: usize, name_end: usize) -> Completion {
    let typed = collected(characters, begins, cursor).to_lowercase();
    let whole = collected(characters, begins, name_end);
    let has_comparison = characters.get(name_end).is_some_and(|c| matches!(c, ':' | '~' | '<' | '>' | '=' | '!'));
    let ending = |kind: Kind| if has_comparison { "" } else { usual(kind).sign() };
    let mut offers = Vec::new();
    if let (Some(field), false) = (Field::named(&whole), has_comparison) {
        offers.extend(comparisons(&field).into_iter().map(|(operator, help)| Offer::new(format!("{whole}{}", operator.sign()), help)));
    }
    let begun = SHORTS.iter().filter(|short| short.name.starts_with(&typed));
    let held = SHORTS.iter().filter(|short| !short.name.starts_with(&typed) && short.name.contains(&typed));
    for short in begun.chain(held).filter(|short| short.name != whole) {
        offers.push(Offer::new(format!("{}{}", short.name, ending(short.kind)), short.help));
    }
    if typed.chars().count() >= PATH_LETTERS {
        let mut paths: Vec<_> = served_paths().filter(|(path, _)| path.contains(&typed) && *path != whole).collect();
        // What is typed is more likely the beginning of a step than a part of one.
        paths.sort_by_key(
            |(path, _)| if path.starts_with(&typed) { 0 } else { 2 - usize::from(path.split('.').any(|step| step.starts_with(&typed))) },
        );
        offers.extend(paths.into_iter().map(|(path, kind)| Offer::new(format!("{path}{}", ending(kind)), what(kind))));
        let words = [(EVERYTHING, "every finding, alone"), ("or", "either side holds"), ("not", "what follows does not hold")];
        let words =
            words.into_iter().filter(|(word, _)| !has_comparison && word.starts_with(&typed) && (*word != EVERYTHING || begins == 0));
        offers.extend(words.map(|(word, help)| Offer::new(word, help)));
    }
    offers.truncate(MAX_OFFERS);
    Completion { from: begins, to: name_end, offers, values_of: None, typed }
}

fn served_paths() -> impl Iterator<Item = (&'static str, Kind)> {
    // A path of one step that a short name has taken is that short name.
    field::all_served().filter(|(path, _)| SHORTS.iter().all(|short| short.name != *path))
}

/// What kind of value it is, in a word or two.
const fn what(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Number => "number",
        Kind::Date => "time",
        Kind::Flag => "yes or no",
        Kind::Map => "names with values",
        Kind::Ip => "address or network",
        Kind::Severity => "severity",
        Kind::Status => "status",
        Kind::Any => "anything",
    }
}

/// The comparison that a field is mostly written with.
const fn usual(kind: Kind) -> Operator {
    match kind {
        Kind::Text | Kind::Flag | Kind::Map | Kind::Ip | Kind::Status | Kind::Any => Operator::Has,
        Kind::Number | Kind::Severity => Operator::AtLeast,
        Kind::Date => Operator::Less,
    }
}

/// The comparisons of a field, the usual one first.
fn comparisons(field: &Field) -> Vec<(Operator, &'static str)> {
    use Operator as O;
    let orders = [(O::AtMost, "at most"), (O::Less, "less"), (O::Greater, "more")];
    match field.kind() {
        Kind::Text => vec![(O::Has, "is; x* begins with x"), (O::Holds, "contains"), (O::Words, "holds these words, in any case")],
        Kind::Number | Kind::Severity => {
            [(O::AtLeast, "at least"), (O::Has, "is; a comma means any of")].into_iter().chain(orders).collect()
        }
        Kind::Date => vec![
            (O::Less, "less long ago; before that day"),
            (O::Greater, "longer ago; after that day"),
            (O::AtMost, "at most so long ago; until"),
            (O::AtLeast, "at least so long ago; since"),
            (O::Has, "on that day"),
        ],
        Kind::Flag => vec![(O::Has, "yes or no")],
        Kind::Map => vec![(O::Has, "name=value, name=begin*, name"), (O::Holds, "name=part of the value")],
        Kind::Ip => vec![(O::Has, "10.1.2.3, 10.0.0.0/8")],
        Kind::Status => vec![(O::Has, "is; a comma means any of")],
        Kind::Any => [(O::Has, "is; x* begins with x"), (O::Holds, "contains"), (O::AtLeast, "at least, as a number")].to_vec(),
    }
}

/// The comparison behind a name, and where its values begin; `None` where the cursor is still inside it.
fn operator(characters: &[char], name_end: usize, cursor: usize) -> Option<(Operator, usize)> {
    let mut at = name_end + usize::from(characters.get(name_end) == Some(&'!'));
    let next = |at: usize| characters.get(at).copied();
    let operator = match (next(at)?, next(at + 1)) {
        ('=', Some('=')) => (Operator::Has, 2),
        (':' | '=', _) => (Operator::Has, 1),
        ('~', Some('~')) => (Operator::Words, 2),
        ('~', _) => (Operator::Holds, 1),
        ('<', Some('=')) => (Operator::AtMost, 2),
        ('<', _) => (Operator::Less, 1),
        ('>', Some('=')) => (Operator::AtLeast, 2),
        ('>', _) => (Operator::Greater, 1),
        _ => return None,
    };
    at += operator.1;
    (at <= cursor).then_some((operator.0, at))
}

/// Values of a field: the last of the list that the cursor is in.
fn values(characters: &[char], field: Field, operator: Operator, begin: usize, cursor: usize) -> Completion {
    let mut from = begin;
    let (mut quoted, mut escaped) = (false, false);
    for (at, &c) in characters.iter().enumerate().take(cursor).skip(begin) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => from = at + 1,
            _ => {}
        }
    }
    let is_quoted = characters.get(from) == Some(&'"');
    let to = if is_quoted { quote_end(characters, from) } else { run_end(characters, from, |c| !ends_value(c)) }.max(cursor);
    let typed: String = collected(characters, from, cursor).chars().filter(|c| *c != '"').collect();
    let lower = typed.to_lowercase();
    let known = known(&field, operator).into_iter().filter(|(value, _)| !is_quoted && value.starts_with(&lower));
    let offers = known.map(|(value, help)| Offer::new(value, help)).collect();
    let has_values = matches!(field.kind(), Kind::Text) && matches!(operator, Operator::Has | Operator::Holds);
    Completion { from, to, offers, values_of: has_values.then_some(field), typed }
}

/// One behind the quotation mark that ends a value; where it is missing, the end.
fn quote_end(characters: &[char], from: usize) -> usize {
    let mut escaped = false;
    for (at, &c) in characters.iter().enumerate().skip(from + 1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    characters.len()
}

/// Values that are known without any finding.
fn known(field: &Field, operator: Operator) -> Vec<(&'static str, &'static str)> {
    let is_order = operator != Operator::Has;
    match field.kind() {
        Kind::Severity => {
            let mut ids: Vec<SeverityId> = SeverityId::OFFERED.into_iter().filter(|id| !is_order || is_ordered(*id)).collect();
            ids.sort_by_key(|id| std::cmp::Reverse(id.rank()));
            ids.into_iter().filter_map(|id| Some((id.word()?, ""))).collect()
        }
        Kind::Status => StatusId::OFFERED.into_iter().filter_map(|id| Some((id.word()?, ""))).collect(),
        Kind::Flag => vec![("yes", ""), ("no", "")],
        Kind::Date if is_order => AGES.to_vec(),
        Kind::Text if !is_order && words::has_words(field) => {
            words::PRODUCTS.iter().map(|(word, names)| (*word, *names.first().unwrap_or(&""))).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn at(marked: &str) -> (String, Completion) {
        let cursor = marked.chars().take_while(|c| *c != '|').count();
        let query: String = marked.replacen('|', "", 1);
        let completion = Completion::at(&query, cursor);
        (query, completion)
    }

    fn offered(completion: &Completion) -> Vec<&str> {
        completion.offers.iter().map(|offer| offer.text.as_str()).collect()
    }

    #[rstest]
    #[case::nothing_typed("|", 0..0, &["status:", "severity>=", "account:"])]
    #[case::a_field("sev|", 0..3, &["severity>=", "severity_text:", "vendor_severity>=", "severity_id>=", "malware.severity:"])]
    #[case::behind_a_term("status:new ti|", 11..13, &["title:", "finding_info.title:"])]
    #[case::behind_a_sign("!ti|", 1..3, &["title:"])]
    #[case::behind_a_parenthesis("(status:new or (sta|", 16..19, &["status:", "standard:", "status_text:"])]
    #[case::a_whole_name("severity|", 0..8, &["severity>=", "severity:", "severity<=", "severity<", "severity>", "severity_text:"])]
    #[case::a_whole_path("a.b|", 0..3, &["a.b:", "a.b~", "a.b>="])]
    #[case::inside_a_name("st|at:new", 0..4, &["status", "standard", "status_text", "first_seen", "dst", "status_id"])]
    #[case::a_path("vpc|", 0..3, &["resources.vpc_uid:"])]
    #[case::everything("everyt|", 0..6, &["everything"])]
    #[case::a_status("status:|", 7..7, &["new", "in_progress", "suppressed"])]
    #[case::the_second_of_a_list("status:new,i|", 11..12, &["in_progress"])]
    #[case::the_first_of_a_list("status:n|e,in_progress", 7..9, &["new"])]
    #[case::upper_case("severity:CR|", 9..11, &["critical"])]
    #[case::an_order("severity>=|", 10..10, &["fatal", "critical", "high", "medium", "low", "informational"])]
    #[case::no_order("severity:u|", 9..10, &["unknown"])]
    #[case::a_flag("exploit:|", 8..8, &["yes", "no"])]
    #[case::an_age("age<3|", 4..5, &["30d"])]
    #[case::a_negated_form("status!=n|", 8..9, &["new"])]
    #[case::a_product("product:c|", 8..9, &["cspm", "coverage"])]
    #[case::a_day("created:|", 8..8, &[])]
    #[case::a_text("title:x|", 6..7, &[])]
    #[case::in_quotes("title:\"a b|", 6..10, &[])]
    #[case::in_quotes_with_an_end("title:\"a| b\" x", 6..11, &[])]
    fn what_may_stand_at_the_cursor(#[case] marked: &str, #[case] range: std::ops::Range<usize>, #[case] first: &[&str]) {
        let (_, completion) = at(marked);
        let offers = offered(&completion);
        assert_eq!(offers.get(..first.len()), Some(first), "{offers:?}");
        assert_eq!(completion.from..completion.to, range);
        assert!(!first.is_empty() || offers.is_empty(), "{offers:?}");
    }

    #[rstest]
    #[case("\"a|")]
    #[case("nofield:|")]
    #[case("title%|")]
    #[case("sev!|")]
    #[case("zzzz|")]
    fn nothing_is_offered_where_nothing_is_known(#[case] marked: &str) {
        assert!(at(marked).1.offers.is_empty(), "{marked}");
    }

    #[test]
    fn values_of_findings_follow_beginnings_first_and_stand_in_quotes_where_they_have_to() {
        let (_, mut completion) = at("title~ope|");
        assert_eq!(completion.values_of, Field::named("title"));
        completion.add_values(["not open", "Open port, wide", "open", "else", "open", ""]);
        assert_eq!(offered(&completion), ["\"Open port, wide\"", "open", "\"not open\""]);
        let (_, mut completion) = at("title:\"open p|");
        completion.add_values(["open port", "open"]);
        assert_eq!(offered(&completion), ["\"open port\""]);
        let (_, mut completion) = at("product:|");
        completion.add_values(["GuardDuty", "Security Hub", "IAM Access Analyzer"]);
        assert_eq!(offered(&completion).last(), Some(&"\"IAM Access Analyzer\""));
        assert!(!offered(&completion).contains(&"GuardDuty") && offered(&completion).contains(&"guardduty"));
    }

    #[test]
    fn what_is_there_already_is_settled() {
        let (query, completion) = at("status:in_progress|");
        assert!(completion.is_settled(&query));
        let (query, completion) = at("status:in|");
        assert!(!completion.is_settled(&query));
    }

    fn nearly() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![
                proptest::sample::select(vec![
                    "status", "title", "age", "a.b", ":", "~", "<=", "!", "(", ")", " ", ",", "\"", "\\", "é", "new", "or"
                ])
                .prop_map(str::to_owned),
                any::<char>().prop_map(String::from),
            ],
            0..10,
        )
        .prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn a_part_of_the_text_around_the_cursor_is_replaced(query in nearly(), cursor in 0_usize..40) {
            let length = query.chars().count();
            let cursor = cursor.min(length);
            let mut completion = Completion::at(&query, cursor);
            completion.add_values(["a", "b c"]);
            if !completion.offers.is_empty() {
                prop_assert!(completion.from <= cursor && cursor <= completion.to && completion.to <= length);
            }
        }

        /// An offer for the value of a term that was complete but for it gives a query.
        #[test]
        fn what_is_offered_can_be_read(name in proptest::sample::select(SHORTS.iter().map(|short| short.name).collect::<Vec<_>>())) {
            for comparison in Completion::at(name, name.len()).offers.into_iter().filter(|offer| offer.text.starts_with(name)) {
                let mut values = Completion::at(&comparison.text, comparison.text.len());
                values.add_values(["x", "two words", "a*b", "(c)"]);
                for value in values.offers.iter().filter(|_| values.from == comparison.text.len()) {
                    let whole = format!("{}{}", comparison.text, value.text);
                    prop_assert!(whole.parse::<super::super::Query>().is_ok(), "{}", whole);
                }
            }
        }
    }
}
