#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap or a panic is a failed test")]

use proptest::prelude::*;
use rstest::rstest;

use super::{
    expr::{DateTest, How, MapTest, Moment, Network, Pattern, Relation, Span, Unit},
    *,
};
use crate::domain::{severity::SeverityId, text, time::Millis};

fn parsed(text: &str) -> Expr {
    match text.parse() {
        Ok(Query::Where(expr)) => expr,
        other => panic!("{text}: {other:?}"),
    }
}

fn clause(name: &str, test: Test) -> Expr {
    Expr::Clause(Clause { field: Field::named(name).unwrap(), test })
}

fn pattern(how: How, text: &str) -> Pattern {
    Pattern { how, text: text.to_owned() }
}

fn text_test(how: How, texts: &[&str]) -> Test {
    Test::Text(texts.iter().map(|text| pattern(how, text)).collect())
}

fn tag(key: &str, value: Option<(How, &str)>) -> Test {
    Test::Map(vec![MapTest { key: key.to_owned(), value: value.map(|(how, text)| pattern(how, text)) }])
}

#[rstest]
#[case("title:x", "title", text_test(How::Equals, &["x"]))]
#[case("title=x", "title", text_test(How::Equals, &["x"]))]
#[case("title==x", "title", text_test(How::Equals, &["x"]))]
#[case("title:x*", "title", text_test(How::Prefix, &["x"]))]
#[case("title:\"x y\"*", "title", text_test(How::Prefix, &["x y"]))]
#[case("title:\"x*\"", "title", text_test(How::Equals, &["x*"]))]
#[case("title:\"*\"", "title", text_test(How::Equals, &["*"]))]
#[case("title~x,y", "title", text_test(How::Contains, &["x", "y"]))]
#[case("title~~\"open port\"", "title", text_test(How::Word, &["open port"]))]
#[case("title:*", "title", Test::Present)]
#[case("tag:*", "tag", Test::Present)]
#[case("cvss:*", "cvss", Test::Present)]
#[case("title:x,\"y z\"*", "title", Test::Text(vec![pattern(How::Equals, "x"), pattern(How::Prefix, "y z")]))]
#[case(r#"title:"a \"b\" \\ \u{202e}""#, "title", text_test(How::Equals, &["a \"b\" \\ \u{202e}"]))]
#[case("resource:arn:aws:s3:::x", "resource", text_test(How::Equals, &["arn:aws:s3:::x"]))]
#[case("resource~a\\b", "resource", text_test(How::Contains, &["a\\b"]))]
#[case("tag:env=prod", "tag", tag("env", Some((How::Equals, "prod"))))]
#[case("tag:env=pro*", "tag", tag("env", Some((How::Prefix, "pro"))))]
#[case("tag:env", "tag", tag("env", None))]
#[case("tag:env=*", "tag", tag("env", None))]
#[case("tag:env=\"\"", "tag", tag("env", Some((How::Equals, ""))))]
#[case("tag:env=\"*\"", "tag", tag("env", Some((How::Equals, "*"))))]
#[case("tag:env=a=b", "tag", tag("env", Some((How::Equals, "a=b"))))]
#[case("tag:\"a=b\"=c", "tag", tag("a=b", Some((How::Equals, "c"))))]
#[case("tag~env=pro", "tag", tag("env", Some((How::Contains, "pro"))))]
#[case("exploit:YES", "exploit", Test::Flag(true))]
#[case("fix:false", "fix", Test::Flag(false))]
#[case("cvss>=7.5", "cvss", Test::Number(Relation::AtLeast, vec![7.5]))]
#[case("activity_id:1,2", "activity_id", Test::Number(Relation::Equal, vec![1.0, 2.0]))]
#[case("severity_id<5", "severity_id", Test::Number(Relation::Less, vec![5.0]))]
#[case("a.b:3", "a.b", text_test(How::Equals, &["3"]))]
#[case("a.b>3", "a.b", Test::Number(Relation::Greater, vec![3.0]))]
#[case("epss<=0.5", "epss", Test::Number(Relation::AtMost, vec![0.5]))]
#[case("severity:critical,4", "severity", Test::Severity(Relation::Equal, vec![SeverityId::CRITICAL, SeverityId::HIGH]))]
#[case("severity>=HIGH", "severity", Test::Severity(Relation::AtLeast, vec![SeverityId::HIGH]))]
#[case("vendor_severity<3", "vendor_severity", Test::Severity(Relation::Less, vec![SeverityId::MEDIUM]))]
#[case("status:\"In Progress\",in-progress,IN_PROGRESS,2,42", "status", Test::Status([2, 2, 2, 2, 42].map(StatusId).to_vec()))]
#[case("age<7d", "age", Test::Date(DateTest::Age(Relation::Less, Span { count: 7, unit: Unit::Days })))]
#[case("seen>30M", "seen", Test::Date(DateTest::Age(Relation::Greater, Span { count: 30, unit: Unit::Minutes })))]
#[case("created<=12h", "created", Test::Date(DateTest::Age(Relation::AtMost, Span { count: 12, unit: Unit::Hours })))]
#[case("created>=2w", "created", Test::Date(DateTest::Age(Relation::AtLeast, Span { count: 2, unit: Unit::Weeks })))]
#[case("created:1970-01-02", "created", Test::Date(DateTest::Moment(Relation::Equal, Moment::Day(Millis(86_400_000)))))]
#[case("created>1970-01-01T00:00:01Z", "created", Test::Date(DateTest::Moment(Relation::Greater, Moment::Time(Millis(1_000)))))]
#[case("created>1970-01-01T01:00:01.5+01:00", "created", Test::Date(DateTest::Moment(Relation::Greater, Moment::Time(Millis(1_500)))))]
#[case("src:10.1.2.3", "src", Test::Ip(vec![Network { address: [10, 1, 2, 3].into(), prefix: 32 }]))]
#[case("src:10.1.2.3/8", "src", Test::Ip(vec![Network { address: [10, 0, 0, 0].into(), prefix: 8 }]))]
#[case("src:10.1.2.3/0", "src", Test::Ip(vec![Network { address: [0, 0, 0, 0].into(), prefix: 0 }]))]
#[case("dst:2001:db8::1/32,::1", "dst", Test::Ip(vec![
    Network { address: [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0].into(), prefix: 32 },
    Network { address: [0, 0, 0, 0, 0, 0, 0, 1].into(), prefix: 128 },
]))]
#[case("product:GUARDDUTY", "product", text_test(How::Equals, &["GuardDuty"]))]
#[case("product:cspm", "product", text_test(How::Equals, &["Security Hub", "Security Hub CSPM"]))]
#[case("product:\"guardduty\"", "product", text_test(How::Equals, &["guardduty"]))]
#[case("product~guardduty", "product", text_test(How::Contains, &["guardduty"]))]
#[case("product:IAM*", "product", text_test(How::Prefix, &["IAM"]))]
fn a_comparison_means_what_its_field_can_have(#[case] text: &str, #[case] field: &str, #[case] test: Test) {
    assert_eq!(parsed(text), clause(field, test));
}

#[test]
fn terms_are_joined_by_and_before_or_and_parentheses_before_both() {
    let [a, b, c] = ["a", "b", "c"].map(|text| clause("title", text_test(How::Equals, &[text])));
    let not = |expr: &Expr| Expr::Not(Box::new(expr.clone()));
    let all = |parts: &[&Expr]| Expr::All(parts.iter().copied().cloned().collect());
    let any = |parts: &[&Expr]| Expr::Any(parts.iter().copied().cloned().collect());
    for (text, expected) in [
        ("title:a title:b", all(&[&a, &b])),
        ("title:a and title:b AND title:c", all(&[&a, &b, &c])),
        ("title:a title:b or title:c", any(&[&all(&[&a, &b]), &c])),
        ("title:a OR(title:b title:c)", any(&[&a, &all(&[&b, &c])])),
        ("(title:a or title:b) title:c", all(&[&any(&[&a, &b]), &c])),
        ("(title:a or title:b)title:c", all(&[&any(&[&a, &b]), &c])),
        ("title:a (title:b (title:c))", all(&[&a, &b, &c])),
        ("title:a or (title:b or title:c)", any(&[&a, &b, &c])),
        ("!title:a", not(&a)),
        ("not title:a", not(&a)),
        ("! ! title:a", a.clone()),
        ("!not !(title:a)", not(&a)),
        ("title!=a", not(&a)),
        ("title!:a", not(&a)),
        ("!title!:a", a.clone()),
        ("!(title:a title:b)", not(&all(&[&a, &b]))),
        (" \n( title:a\tor\r\n title:b ) ", any(&[&a, &b])),
    ] {
        assert_eq!(parsed(text), expected, "{text}");
    }
    assert_eq!(parsed("title!~x"), not(&clause("title", text_test(How::Contains, &["x"]))));
    assert_eq!(parsed("title!~~x"), not(&clause("title", text_test(How::Word, &["x"]))));
    for everything in ["", "  ", "everything", " Everything "] {
        assert_eq!(everything.parse(), Ok(Query::Everything), "{everything:?}");
    }
}

#[rstest]
#[case("new", 1, "`title~new` looks for it in titles")]
#[case("status:new \"open port\"", 12, "title~\"open port\"")]
#[case("exploit", 8, "exploit:yes or exploit:no")]
#[case("severity >= high", 9, "leave out the space around the comparison: severity>=high")]
#[case("status: new", 8, "leave out the space")]
#[case("status:new everything", 12, "stands alone")]
#[case("everything status:new", 1, "stands alone")]
#[case("(everything)", 2, "stands alone")]
#[case("status:new stauts:new", 12, "did you mean `status`?")]
#[case("-status:new", 1, "did you mean `!status`?")]
#[case("x:new", 1, "a path with dots")]
#[case("status:", 8, "a value is missing: status: with new, in_progress")]
#[case("status:new,", 12, "missing")]
#[case("status:new,,resolved", 12, "missing")]
#[case("title:\"\"", 7, "missing")]
#[case("title:", 7, "missing")]
#[case("status:new,opne", 12, "`opne` is no value of `status`; write status: with new, in_progress, suppressed")]
#[case("severity:worst", 10, "critical, high")]
#[case("severity>=other", 11, "no place in the order")]
#[case("severity>=42", 11, "no place in the order")]
#[case("severity>=high,low", 16, "one value only")]
#[case("severity:cri*", 13, "has to be written out")]
#[case("severity~high", 9, "`severity` has no `~`")]
#[case("status>new", 7, "`status` has no `>`")]
#[case("title>3", 6, "`title` has no `>`")]
#[case("tag~~env=x", 4, "`tag` has no `~~`")]
#[case("title!>3", 6, "`!>` is no comparison")]
#[case("title%3", 6, "`%` is no comparison")]
#[case("title!3", 6, "`!3` is no comparison")]
#[case("age<7", 5, "m minutes, h hours, d days, w weeks: `7d`")]
#[case("age:7d", 5, "an age is compared with < or >: age<7d")]
#[case("age<7y", 5, "`7y` is no value of `age`")]
#[case("age<99999999999d", 5, "is no value")]
#[case("created>2026-02-30", 9, "created>=2026-01-31")]
#[case("created>-009999-01-01T00:00:00Z", 9, "is no value")]
#[case("created>2026-01-01,2026-01-02", 20, "one value only")]
#[case("exploit:maybe", 9, "exploit:yes or exploit:no")]
#[case("exploit:yes,no", 13, "one value only")]
#[case("cvss>=high", 7, "cvss>=3")]
#[case("cvss>=nan", 7, "no value")]
#[case("cvss:inf", 6, "no value")]
#[case("cvss>*", 6, "no value")]
#[case("a.b>x", 5, "is no number")]
#[case("src:10.0.0.0/33", 5, "src:10.0.0.0/8")]
#[case("src:10.0.0.0/+8", 5, "no value")]
#[case("src:10.*", 8, "has to be written out")]
#[case("title:*x", 7, "FIELD~part")]
#[case("title:x*y", 8, "\"x*y\"")]
#[case("title:x**", 8, "end of a value only")]
#[case("title:*,x", 7, "any value")]
#[case("title:x,*", 9, "any value")]
#[case("title~x*", 8, "looks anywhere in the value already")]
#[case("title~*", 7, "looks anywhere in the value already")]
#[case("title~~--", 8, "no letter and no digit")]
#[case("tag:en*", 7, "has to be written out")]
#[case("tag:env=", 9, "missing")]
#[case("tag:=x", 5, "missing")]
#[case("tag~env", 5, "tag~env=pro")]
#[case("tag:*,env", 5, "any value")]
#[case("uid:\"a", 5, "not closed")]
#[case("uid:\"a\\", 5, "not closed")]
#[case("uid:\"a\\n\"", 7, "backslash is written")]
#[case("uid:\"\\u{110000}\"", 6, "backslash is written")]
#[case("uid:\"a\"b", 8, "comma or a space")]
#[case("uid:\"a\"*b", 9, "comma or a space")]
#[case("uid:a\"b\"", 6, "begins a value")]
#[case("title:a(b)", 8, "goes in quotes")]
#[case("title:a)", 8, "closes nothing")]
#[case("title:a (", 9, "not closed")]
#[case("(title:a", 1, "not closed")]
#[case("title:a ()", 9, "nothing in the parentheses")]
#[case(")", 1, "nothing in the parentheses")]
#[case("or title:a", 1, "between two terms")]
#[case("title:a or", 9, "between two terms")]
#[case("(title:a and)", 10, "between two terms")]
#[case("title:a or or title:b", 12, "between two terms")]
#[case("title:a !", 9, "before what should not hold: !status:new")]
#[case("title:a not", 9, "not status:new")]
#[case("title:a ,", 9, "cannot begin a term")]
#[case("uid:é\u{202e}", 6, "<U+202E>")]
#[case("uid:\"a\u{7}b\"", 7, "cannot be seen")]
fn errors_point_at_the_column_and_say_what_would_do(#[case] text: &str, #[case] column: usize, #[case] words: &str) {
    let error = text.parse::<Query>().unwrap_err();
    assert!(error.to_string().contains(words), "{text}: {error}");
    assert_eq!(error.column, column, "{text}: {error}");
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = |levels: usize| format!("{}title:a{}", "(".repeat(levels), ")".repeat(levels));
    assert!(deep(MAX_DEPTH).parse::<Query>().is_ok());
    assert_eq!(deep(MAX_DEPTH + 1).parse::<Query>().unwrap_err(), Wrong::TooDeep.at(MAX_DEPTH + 1));
    assert_eq!(parsed(&format!("{}title:a", "!".repeat(20_001))), parsed("!title:a"));
    let long = |length: usize| format!("uid:{}", "a".repeat(length - 4));
    assert!(long(MAX_LENGTH).parse::<Query>().is_ok());
    assert_eq!(long(MAX_LENGTH + 1).parse::<Query>().unwrap_err(), Wrong::TooLong.at(MAX_LENGTH + 1));
    let word = "a".repeat(10_000);
    assert!(word.parse::<Query>().unwrap_err().to_string().len() < 300, "a long word is cut in the message");
}

#[rstest]
#[case("status=New,IN_PROGRESS", "status:new,in_progress")]
#[case("not (title:a)", "!title:a")]
#[case("title:a and (title:b and title:c)", "title:a title:b title:c")]
#[case("(title:a title:b) or (title:c)", "title:a title:b or title:c")]
#[case("!(title:a or title:b)title:\"c\"", "!(title:a or title:b) title:c")]
#[case("product:GuardDuty,Security*", "product:guardduty,Security*")]
#[case("product:\"Security Hub\",\"Security Hub CSPM\",\"macie\"", "product:cspm,\"macie\"")]
#[case("tag:\"env\"=\"prod\"", "tag:env=prod")]
#[case("tag:env=*", "tag:env")]
#[case("src:10.1.2.3/32,10.1.2.3/8", "src:10.1.2.3,10.0.0.0/8")]
#[case("cvss>=7.50", "cvss>=7.5")]
#[case("title:\"=x\",\"~y\"", "title:\"=x\",\"~y\"")]
#[case("created>2026-01-31T10:00:00+02:00", "created>2026-01-31T08:00:00.000Z")]
#[case("created>=2026-01-31", "created>=2026-01-31")]
#[case(r#"title:"\u{202E}""#, r#"title:"\u{202e}""#)]
#[case("", "everything")]
fn the_shown_form_is_canonical(#[case] text: &str, #[case] shown: &str) {
    assert_eq!(text.parse::<Query>().unwrap().to_string(), shown);
}

#[test]
fn a_list_of_mixed_comparisons_is_shown_as_alternatives() {
    let mixed = Test::Text(vec![pattern(How::Equals, "a"), pattern(How::Contains, "b"), pattern(How::Prefix, "c")]);
    let query = Query::Where(clause("title", mixed.clone()).and(clause("status", Test::Status(vec![StatusId::NEW]))));
    assert_eq!(query.to_string(), "(title:a or title~b or title:c*) status:new");
    assert_eq!(clause("title", mixed).negated().to_string(), "!(title:a or title~b or title:c*)");
}

#[test]
fn the_default_query_is_shown_as_it_is_asked() {
    assert_eq!(Query::open().to_string(), "status:new,in_progress");
    assert_eq!(Query::of_status(&[StatusId(42)]).to_string(), "status:42");
    assert_eq!(Query::of_status(&[]), Query::Findings(Vec::new()), "no status is no finding, and never every one");
}

#[test]
fn parts_are_taken_out_one_by_one() {
    let query: Query = "status:new (title:a or title:b) !account:1".parse().unwrap();
    let parts: Vec<String> = query.conjuncts().into_iter().map(ToString::to_string).collect();
    assert_eq!(parts, ["status:new", "title:a or title:b", "!account:1"]);
    let without: Vec<String> = (0..4).map(|at| query.without(at).to_string()).collect();
    assert_eq!(
        without,
        ["(title:a or title:b) !account:1", "status:new !account:1", "status:new (title:a or title:b)", &query.to_string()]
    );
    assert_eq!(query.without(0).without(1).to_string(), "title:a or title:b");
    assert_eq!(Query::open().without(0), Query::Everything);
    assert_eq!(Query::Everything.without(0), Query::Everything);
    assert!(Query::Everything.conjuncts().is_empty());
    assert_eq!(Query::open().and(parsed("title:a title:b")).to_string(), "status:new,in_progress title:a title:b");
    assert_eq!(Query::Everything.and(parsed("title:a or title:b")).and(parsed("title:c")).to_string(), "(title:a or title:b) title:c");
}

fn is_normal(expr: &Expr) -> bool {
    match expr {
        Expr::All(parts) => parts.len() >= 2 && parts.iter().all(|part| !matches!(part, Expr::All(_)) && is_normal(part)),
        Expr::Any(parts) => parts.len() >= 2 && parts.iter().all(|part| !matches!(part, Expr::Any(_)) && is_normal(part)),
        Expr::Not(inner) => !matches!(**inner, Expr::Not(_)) && is_normal(inner),
        Expr::Clause(_) => true,
    }
}

/// Texts that are nearly queries: their signs, words and fields in any order.
fn nearly() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => r#"[ab:~<>=!()*, "\\]{1,3}"#,
        2 => proptest::sample::select(vec!["status", "severity", "title", "tag", "age", "src", "cvss", "exploit", "a.b", "product", "everything"])
            .prop_map(str::to_owned),
        2 => proptest::sample::select(vec![" or ", " and ", "not ", " ", "new", "high", "7d", "2026-01-31", "10.0.0.0/8", "yes", "cspm", "\\u{61}"])
            .prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn what_is_shown_is_read_back_as_the_same(expr in sample::expr()) {
        prop_assert!(is_normal(&expr));
        let query = Query::Where(expr);
        let shown = query.to_string();
        prop_assert!(!shown.chars().any(text::is_hidden), "{}", shown);
        prop_assert_eq!(shown.parse::<Query>(), Ok(query), "{}", shown);
    }

    #[test]
    fn any_text_is_a_query_in_normal_form_or_an_error_with_a_column_in_it(text in prop_oneof![nearly(), any::<String>()]) {
        match text.parse::<Query>() {
            Ok(query) => {
                prop_assert!(query.conjuncts().into_iter().all(is_normal));
                prop_assert_eq!(query.to_string().parse::<Query>(), Ok(query));
            }
            Err(error) => {
                prop_assert!((1..=text.chars().count() + 1).contains(&error.column), "{}", error);
                prop_assert!(!error.to_string().chars().any(text::is_hidden));
            }
        }
    }
}
