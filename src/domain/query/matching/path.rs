//! A path into a document, followed through lists.

use serde_json::Value;

/// Names from the top of a document down. Lists on the way add no step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(Box<[Box<str>]>);

impl Path {
    /// Reads names joined by dots.
    pub fn new(path: &str) -> Self {
        Self(path.split('.').map(Box::from).collect())
    }

    /// The member of a document that it begins with.
    pub fn member(&self) -> Option<&str> {
        self.0.first().map(|member| &**member)
    }

    /// Whether `met` says yes of any value at the path; lists are given value by value, and null is none.
    pub fn any(&self, document: &Value, met: &mut dyn FnMut(&Value) -> bool) -> bool {
        any(document, &self.0, met)
    }

    /// The values at the path, in the document's order; null is none.
    pub fn values<'a>(&self, document: &'a Value) -> Vec<&'a Value> {
        let mut found = Vec::new();
        gather(document, &self.0, &mut found);
        found
    }
}

fn any(value: &Value, steps: &[Box<str>], met: &mut dyn FnMut(&Value) -> bool) -> bool {
    match (value, steps) {
        (Value::Array(elements), _) => elements.iter().any(|element| any(element, steps, met)),
        (Value::Object(members), [step, deeper @ ..]) => members.get(&**step).is_some_and(|member| any(member, deeper, met)),
        (Value::Null, _) | (_, [_, ..]) => false,
        (_, []) => met(value),
    }
}

fn gather<'a>(value: &'a Value, steps: &[Box<str>], found: &mut Vec<&'a Value>) {
    match (value, steps) {
        (Value::Array(elements), _) => elements.iter().for_each(|element| gather(element, steps, found)),
        (Value::Object(members), [step, deeper @ ..]) => {
            if let Some(member) = members.get(&**step) {
                gather(member, deeper, found);
            }
        }
        (Value::Null, _) | (_, [_, ..]) => {}
        (_, []) => found.push(value),
    }
}
