//! Random queries for the laws of this module and of its readers: every kind of clause, in the normal form that reading gives.

use std::net::IpAddr;

use proptest::{collection::vec, prelude::*, sample::select};

use super::{
    expr::{Clause, DateTest, Expr, How, MapTest, Moment, Network, Pattern, Relation, Span, Test, Unit},
    field::{self, Field, Kind, SHORTS},
};
use crate::domain::{severity::SeverityId, status::StatusId, time::Millis};

/// Any field: a short name, a served path, or some other path.
pub(crate) fn field() -> impl Strategy<Value = Field> {
    let paths: Vec<&str> = field::all_served().map(|(path, _)| path).collect();
    let others = ["resources.data.severity", "unmapped.a-b/c", "x.y", "or.é", "finding_info.uid_alt"];
    let named = |name: &str| Field::named(name).unwrap_or_else(|| Field::Path(name.to_owned()));
    prop_oneof![
        3 => select(SHORTS.iter().map(|short| short.name).collect::<Vec<_>>()).prop_map(named),
        2 => select(paths).prop_map(named),
        1 => select(others.to_vec()).prop_map(named),
    ]
}

/// A text: short ones of few letters, so that they meet each other, ones with every sign of the language in them, and any at all.
pub(crate) fn some_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ab]{1,3}",
        2 => r#"[ab ,"\\*()=~!:<>]{1,6}"#,
        1 => select(vec!["GuardDuty", "guardduty", "Security Hub", "cspm", "everything", "or", "not", "*", "\u{202e}x", "\t"]).prop_map(str::to_owned),
        1 => vec(any::<char>(), 1..6).prop_map(String::from_iter),
    ]
}

fn order() -> impl Strategy<Value = Relation> {
    select(vec![Relation::Less, Relation::AtMost, Relation::Greater, Relation::AtLeast])
}

fn patterns() -> impl Strategy<Value = Test> {
    let whole = (select(vec![How::Equals, How::Equals, How::Prefix]), some_text());
    let text = |(how, text): (How, String)| Pattern { how, text };
    prop_oneof![
        2 => vec(whole.prop_map(text), 1..4),
        1 => vec(some_text().prop_map(move |part| text((How::Contains, part))), 1..3),
        1 => vec("[a-c]{1,2}( [0-9]{1,2})?".prop_map(move |words| text((How::Word, words))), 1..3),
    ]
    .prop_map(Test::Text)
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        (-20..20_i32).prop_map(f64::from),
        (-99..99_i32).prop_map(|tenths| f64::from(tenths) / 10.0),
        any::<f64>().prop_filter("finite", |n| n.is_finite())
    ]
}

fn numbers() -> impl Strategy<Value = Test> {
    prop_oneof![
        vec(number(), 1..4).prop_map(|numbers| Test::Number(Relation::Equal, numbers)),
        (order(), number()).prop_map(|(relation, number)| Test::Number(relation, vec![number])),
    ]
}

fn dates() -> impl Strategy<Value = Test> {
    let span =
        (0..200_u32, select(vec![Unit::Minutes, Unit::Hours, Unit::Days, Unit::Weeks])).prop_map(|(count, unit)| Span { count, unit });
    let moment = prop_oneof![
        (-10_000..40_000_i64).prop_map(|day| Moment::Day(Millis(day * 86_400_000))),
        (0..4_000_000_000_000_i64).prop_map(|millis| Moment::Time(Millis(millis))),
    ];
    prop_oneof![
        (order(), span).prop_map(|(relation, span)| Test::Date(DateTest::Age(relation, span))),
        (prop_oneof![Just(Relation::Equal), order()], moment).prop_map(|(relation, moment)| Test::Date(DateTest::Moment(relation, moment))),
    ]
}

fn maps() -> impl Strategy<Value = Test> {
    let whole = prop_oneof![
        Just(None),
        Just(Some(Pattern { how: How::Equals, text: String::new() })),
        (select(vec![How::Equals, How::Prefix]), some_text()).prop_map(|(how, text)| Some(Pattern { how, text })),
    ];
    let part = some_text().prop_map(|text| Some(Pattern { how: How::Contains, text }));
    let test = |(key, value)| MapTest { key, value };
    prop_oneof![2 => vec((some_text(), whole).prop_map(test), 1..3), 1 => vec((some_text(), part).prop_map(test), 1..3)].prop_map(Test::Map)
}

fn networks() -> impl Strategy<Value = Test> {
    let v4 = (any::<u32>(), 0..=32_u8).prop_map(|(bits, prefix)| Network {
        address: IpAddr::V4((bits & u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0)).into()),
        prefix,
    });
    let v6 = (any::<u128>(), 0..=128_u8).prop_map(|(bits, prefix)| Network {
        address: IpAddr::V6((bits & u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0)).into()),
        prefix,
    });
    vec(prop_oneof![v4, v6], 1..3).prop_map(Test::Ip)
}

fn id() -> impl Strategy<Value = i32> {
    prop_oneof![4 => 0..7_i32, 1 => Just(99), 1 => any::<i32>()]
}

/// A test that a kind of field can have.
pub(crate) fn test_of(kind: Kind) -> BoxedStrategy<Test> {
    let severities = || {
        prop_oneof![
            vec(id().prop_map(SeverityId), 1..4).prop_map(|ids| Test::Severity(Relation::Equal, ids)),
            (order(), 1..7_i32).prop_map(|(relation, id)| Test::Severity(relation, vec![SeverityId(id)])),
        ]
    };
    let of_kind = match kind {
        Kind::Text => patterns().boxed(),
        Kind::Number => numbers().boxed(),
        Kind::Date => dates().boxed(),
        Kind::Flag => any::<bool>().prop_map(Test::Flag).boxed(),
        Kind::Map => maps().boxed(),
        Kind::Ip => networks().boxed(),
        Kind::Severity => severities().boxed(),
        Kind::Status => vec(id().prop_map(StatusId), 1..4).prop_map(Test::Status).boxed(),
        Kind::Any => {
            prop_oneof![patterns(), (order(), number()).prop_map(|(relation, number)| Test::Number(relation, vec![number]))].boxed()
        }
    };
    prop_oneof![8 => of_kind, 1 => Just(Test::Present)].boxed()
}

/// A clause of any field.
pub(crate) fn clause() -> impl Strategy<Value = Clause> {
    field().prop_flat_map(|field| test_of(field.kind()).prop_map(move |test| Clause { field: field.clone(), test }))
}

/// An expression, in normal form.
pub(crate) fn expr() -> impl Strategy<Value = Expr> {
    clause().prop_map(Expr::Clause).prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..5).prop_map(|parts| joined(parts, Expr::and)),
            vec(inner.clone(), 2..5).prop_map(|parts| joined(parts, Expr::or)),
            inner.prop_map(Expr::negated),
        ]
    })
}

fn joined(parts: Vec<Expr>, join: fn(Expr, Expr) -> Expr) -> Expr {
    parts.into_iter().reduce(join).unwrap_or_else(|| Expr::All(Vec::new()))
}
