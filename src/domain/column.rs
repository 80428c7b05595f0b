//! A column of the table as it is chosen and remembered: what it shows, and how wide it is where that was said.
//!
//! Owns the names of columns and their text form: `title`, `title:40`, `resources.vpc_uid:20`. Must not know how they are drawn.

use std::{collections::HashSet, fmt, str::FromStr};

use super::{order::SortField, query::field::Field};

/// Least columns of the terminal that can be asked for.
pub const MIN_WIDTH: u16 = 2;
/// Most columns of the terminal that can be asked for.
pub const MAX_WIDTH: u16 = 200;
/// Most columns in one list; more would never be seen.
pub const MAX_COLUMNS: usize = 64;
/// Most characters of a path.
const MAX_PATH: usize = 200;

/// What is shown unless other columns are chosen.
const DEFAULTS: [ColumnKind; 9] = {
    use ColumnKind as K;
    [K::Severity, K::Status, K::Age, K::Account, K::Region, K::Product, K::Control, K::Title, K::Resource]
};

/// What a column shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// Severity, the vendor's where it differs, and a staged one.
    Severity,
    /// Status, and a staged one.
    Status,
    /// Time since it was created.
    Age,
    /// Time since its product changed it.
    Modified,
    /// The account's name, or its id where it has none.
    Account,
    /// The account's id.
    AccountId,
    /// Region.
    Region,
    /// Product.
    Product,
    /// Control, CVE or finding type.
    Control,
    /// Title.
    Title,
    /// The first resource.
    Resource,
    /// The type of the first resource.
    Type,
    /// The comment, and a staged one.
    Comment,
    /// What a document has at a field.
    Ocsf(Field),
}

impl ColumnKind {
    /// Every column that needs no document, in the order they are offered.
    pub const BUILT_IN: [Self; 13] = [
        Self::Severity,
        Self::Status,
        Self::Age,
        Self::Modified,
        Self::Account,
        Self::AccountId,
        Self::Region,
        Self::Product,
        Self::Control,
        Self::Title,
        Self::Resource,
        Self::Type,
        Self::Comment,
    ];

    /// How it is written.
    pub fn word(&self) -> &str {
        match self {
            Self::Severity => "severity",
            Self::Status => "status",
            Self::Age => "age",
            Self::Modified => "modified",
            Self::Account => "account",
            Self::AccountId => "account_id",
            Self::Region => "region",
            Self::Product => "product",
            Self::Control => "control",
            Self::Title => "title",
            Self::Resource => "resource",
            Self::Type => "type",
            Self::Comment => "comment",
            Self::Ocsf(field) => field.name(),
        }
    }

    /// What it is, in a few words.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Severity => "severity, and the vendor's where it differs",
            Self::Status => "status, and a staged one",
            Self::Age => "time since it was created",
            Self::Modified => "time since its product changed it",
            Self::Account => "account by name, else by id",
            Self::AccountId => "account by id",
            Self::Region => "Region",
            Self::Product => "product",
            Self::Control => "control, CVE or finding type",
            Self::Title => "title",
            Self::Resource => "first resource",
            Self::Type => "type of the first resource",
            Self::Comment => "comment, and a staged one",
            Self::Ocsf(Field::Short(short)) => short.help,
            Self::Ocsf(_) => "from the document",
        }
    }

    /// The field of a document it shows; `None` for those that need no document.
    pub const fn field(&self) -> Option<&Field> {
        match self {
            Self::Ocsf(field) => Some(field),
            _ => None,
        }
    }

    /// What rows are sorted by where they are sorted by this column; `None` where they cannot be.
    pub const fn sorted_by(&self) -> Option<SortField> {
        match self {
            Self::Severity => Some(SortField::Severity),
            Self::Status => Some(SortField::Status),
            Self::Age => Some(SortField::Created),
            Self::Modified => Some(SortField::Modified),
            Self::Account => Some(SortField::Account),
            Self::Region => Some(SortField::Region),
            Self::Product => Some(SortField::Product),
            Self::Control => Some(SortField::Control),
            Self::Title => Some(SortField::Title),
            Self::Resource => Some(SortField::Resource),
            Self::AccountId | Self::Type | Self::Comment | Self::Ocsf(_) => None,
        }
    }

    /// The column of a name: one that needs no document, else a field.
    pub fn named(name: &str) -> Option<Self> {
        let built_in = Self::BUILT_IN.into_iter().find(|kind| kind.word() == name);
        built_in.or_else(|| Field::named(name).filter(|_| name.chars().count() <= MAX_PATH).map(Self::Ocsf))
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Column {
    /// What it shows.
    pub what: ColumnKind,
    /// How many columns of the terminal it takes, [`MIN_WIDTH`] to [`MAX_WIDTH`]; `None` is as many as are right for the terminal.
    pub width: Option<u16>,
}

/// Why a text is no column, or a list of them no list of columns.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnError {
    /// Its name is none.
    #[error("`{0}` is no column: write one of {known}, a short name of the query such as cve or tag, or a path of the document such as resources.vpc_uid", known = known())]
    Unknown(String),
    /// Its width is none.
    #[error(
        "`{0}` is no width of a column: write a number from {MIN_WIDTH} to {MAX_WIDTH}, as in title:40, or leave it out with its colon"
    )]
    Width(String),
    /// It stands in the list twice.
    #[error("the column `{0}` is there twice: leave one out")]
    Twice(String),
    /// There are none.
    #[error("there is no column in the list: name at least one, such as severity or title")]
    None,
    /// There are too many.
    #[error("there are {0} columns in the list: {MAX_COLUMNS} are the most")]
    TooMany(usize),
}

fn known() -> String {
    ColumnKind::BUILT_IN.each_ref().map(ColumnKind::word).join(", ")
}

impl Column {
    /// A column as wide as is right for the terminal.
    pub const fn of(what: ColumnKind) -> Self {
        Self { what, width: None }
    }

    /// The columns that are shown unless others are chosen.
    pub fn defaults() -> Vec<Self> {
        DEFAULTS.map(Self::of).into()
    }

    /// Whether these are the columns that are shown unless others are chosen; asked for every frame.
    pub fn are_defaults(columns: &[Self]) -> bool {
        columns.iter().all(|column| column.width.is_none()) && columns.iter().map(|column| &column.what).eq(&DEFAULTS)
    }

    /// A whole list of columns.
    ///
    /// # Errors
    /// The first text that is no column or is there twice, with its place from 0; a list that is empty or too long, with place 0.
    pub fn list<S: AsRef<str>>(texts: &[S]) -> Result<Vec<Self>, (usize, ColumnError)> {
        match texts.len() {
            0 => return Err((0, ColumnError::None)),
            1..=MAX_COLUMNS => {}
            count => return Err((0, ColumnError::TooMany(count))),
        }
        let mut seen = HashSet::new();
        let mut columns = Vec::with_capacity(texts.len());
        for (at, text) in texts.iter().enumerate() {
            let column: Self = text.as_ref().parse().map_err(|error| (at, error))?;
            if !seen.insert(column.what.clone()) {
                return Err((at, ColumnError::Twice(column.what.word().to_owned())));
            }
            columns.push(column);
        }
        Ok(columns)
    }
}

impl FromStr for Column {
    type Err = ColumnError;

    fn from_str(text: &str) -> Result<Self, ColumnError> {
        let text = text.trim();
        let (name, width) = match text.split_once(':') {
            None => (text, None),
            Some((name, width)) => {
                let digits = width.bytes().all(|byte| byte.is_ascii_digit());
                let width = width.parse().ok().filter(|width| digits && (MIN_WIDTH..=MAX_WIDTH).contains(width));
                (name, Some(width.ok_or_else(|| ColumnError::Width(text.to_owned()))?))
            }
        };
        let what = ColumnKind::named(name).ok_or_else(|| ColumnError::Unknown(name.to_owned()))?;
        Ok(Self { what, width })
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what.word())?;
        self.width.map_or(Ok(()), |width| write!(f, ":{width}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("title", ColumnKind::Title, None)]
    #[case(" title:40 ", ColumnKind::Title, Some(40))]
    #[case("account_id:2", ColumnKind::AccountId, Some(2))]
    #[case("type:200", ColumnKind::Type, Some(200))]
    fn a_column_is_read_by_name_and_width(#[case] text: &str, #[case] what: ColumnKind, #[case] width: Option<u16>) {
        assert_eq!(text.parse(), Ok(Column { what, width }));
    }

    #[test]
    fn every_other_field_of_a_query_is_a_column_too() {
        for name in ["resources.vpc_uid", "cve", "cvss", "unmapped.vendor/x.y-z", "finding_info.title"] {
            let column = format!("{name}:20").parse::<Column>().ok();
            let expected = Field::named(name).map(|field| Column { what: ColumnKind::Ocsf(field), width: Some(20) });
            assert!(column.is_some() && column == expected, "{name}: {column:?}");
        }
    }

    #[rstest]
    #[case("", "severity, status, age, modified, account, account_id, region")]
    #[case("mood", "`mood` is no column")]
    #[case("Title", "`Title` is no column")]
    #[case("a..b", "resources.vpc_uid")]
    #[case("a b.c", "no column")]
    #[case("title:", "from 2 to 200")]
    #[case("title:1", "`title:1` is no width")]
    #[case("title:201", "from 2 to 200")]
    #[case("title:+9", "no width")]
    #[case("title:4:5", "no width")]
    #[case("title:99999999999", "no width")]
    #[case("title: 9", "no width")]
    fn what_is_none_is_refused_with_what_can_be_written(#[case] text: &str, #[case] said: &str) {
        let error = text.parse::<Column>().map_err(|error| error.to_string());
        assert!(error.as_ref().is_err_and(|error| error.contains(said)), "{error:?}");
    }

    #[test]
    fn a_path_longer_than_anything_real_is_refused() {
        assert!(ColumnKind::named(&format!("a.{}", "b".repeat(MAX_PATH))).is_none());
    }

    #[test]
    fn a_list_says_which_of_its_texts_is_wrong() {
        assert_eq!(Column::list(&["severity", "title:40"]).map(|list| list.len()), Ok(2));
        assert_eq!(Column::list(&["title", "mood"]), Err((1, ColumnError::Unknown("mood".into()))));
        assert_eq!(Column::list(&["title", "age", "title:30"]), Err((2, ColumnError::Twice("title".into()))));
        assert_eq!(Column::list::<&str>(&[]), Err((0, ColumnError::None)));
        assert_eq!(Column::list(&vec!["title"; 65]), Err((0, ColumnError::TooMany(65))));
    }

    #[test]
    fn the_defaults_are_a_list() {
        let texts: Vec<String> = Column::defaults().iter().map(ToString::to_string).collect();
        assert_eq!(Column::list(&texts), Ok(Column::defaults()));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(at in 0_usize..20, path in "[a-z_]{1,8}(\\.[a-z0-9_/-]{1,8}){1,4}", width in proptest::option::of(MIN_WIDTH..=MAX_WIDTH)) {
            let built_in = ColumnKind::BUILT_IN.get(at).cloned();
            let Some(what) = built_in.or_else(|| ColumnKind::named(&path)) else { return Err(TestCaseError::fail(path)) };
            let column = Column { what, width };
            prop_assert_eq!(column.to_string().parse(), Ok(column));
        }

        #[test]
        fn no_text_is_too_odd(text in any::<String>()) {
            if let Ok(column) = text.parse::<Column>() {
                prop_assert_eq!(column.to_string().parse(), Ok(column));
            }
        }
    }
}
