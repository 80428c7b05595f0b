//! Fitting a tree into the three layers and the limits of a request.
//!
//! Shapes mean the same whether filters of one field are joined by `Operator` or, as the documentation of `StringFilter` says, by OR
//! where they look for something and by AND where they exclude something: a composite joined by AND looks for one value of a field at
//! most, and one joined by OR excludes one at most. Comparisons that may not be mixed never stand on one field of a composite.

use super::{
    MAX_COMPOSITES, MAX_FILTERS,
    local::WhyLocal,
    plain::{Composite, Filter, Nested, Operator, Wanted},
    tree::{CAPACITY, Lost, Tree},
};

/// A tree as a request can say it, and what that loses.
#[derive(Debug)]
pub(super) struct Fitted {
    pub(super) wanted: Wanted,
    pub(super) operator: Operator,
    pub(super) composites: Vec<Composite>,
    pub(super) lost: Vec<Lost>,
}

impl Fitted {
    const fn without_filters(wanted: Wanted, lost: Vec<Lost>) -> Self {
        Self { wanted, operator: Operator::And, composites: Vec::new(), lost }
    }
}

/// Fits a tree.
pub(super) fn fit(tree: Tree) -> Fitted {
    let origin = tree.origin();
    let (operator, parts) = match tree {
        Tree::Always => return Fitted::without_filters(Wanted::Everything, Vec::new()),
        Tree::Never => return Fitted::without_filters(Wanted::Nothing, Vec::new()),
        Tree::Leaf(filter) => (Operator::And, vec![Tree::Leaf(filter)]),
        Tree::Join(operator, parts, _) => (operator, parts),
    };
    let mut lost = Vec::new();
    match list(operator, parts, &mut lost) {
        Ok(composites) if composites.is_empty() => Fitted::without_filters(Wanted::Everything, lost),
        Ok(composites) => Fitted { wanted: Wanted::Filtered, operator, composites, lost },
        Err(why) => Fitted::without_filters(Wanted::Everything, vec![Lost { origin, why }]),
    }
}

/// The first layer. An error means that it can exclude nothing; then what was noted as lost does not count.
fn list(operator: Operator, parts: Vec<Tree>, lost: &mut Vec<Lost>) -> Result<Vec<Composite>, WhyLocal> {
    let (mut filters, joined) = apart(parts);
    if let Some(surplus) = filters.get(CAPACITY..) {
        give_up(operator, surplus.iter().map(|filter| filter.origin), &WhyLocal::TooMany, lost)?;
        filters.truncate(CAPACITY);
    }
    let mut groups: Vec<Nested> = bins(operator, filters);
    let mut deep: Vec<(Composite, usize)> = Vec::new();
    for (parts, origin) in joined {
        match composite(operator.other(), parts, lost) {
            Ok(Composite { operator, filters, nested }) if nested.is_empty() => groups.push(Nested { operator, filters }),
            Ok(composite) => deep.push((composite, origin)),
            Err(why) => give_up(operator, std::iter::once(origin), &why, lost)?,
        }
    }
    if groups.len() + deep.len() <= MAX_COMPOSITES {
        let flat = groups.into_iter().map(|Nested { operator, filters }| Composite { operator, filters, nested: Vec::new() });
        return Ok(flat.chain(deep.into_iter().map(|(composite, _)| composite)).collect());
    }
    // No room for a composite each: those without nested ones are nested themselves, in composites of the list's own operator.
    let hosts_needed = groups.len().div_ceil(MAX_COMPOSITES).min(MAX_COMPOSITES);
    let room = MAX_COMPOSITES - hosts_needed;
    if deep.len() > room {
        give_up(operator, deep.drain(room..).map(|(_, origin)| origin), &WhyLocal::TooMany, lost)?;
    }
    let hosts = MAX_COMPOSITES - deep.len();
    if groups.len() > hosts * MAX_COMPOSITES {
        let surplus = groups.split_off(hosts * MAX_COMPOSITES);
        let origins = surplus.iter().filter_map(|group| group.filters.first()).map(|filter| filter.origin);
        give_up(operator, origins, &WhyLocal::TooMany, lost)?;
    }
    let mut composites: Vec<Composite> = Vec::new();
    let mut groups = groups.into_iter().peekable();
    while groups.peek().is_some() {
        let nested = groups.by_ref().take(MAX_COMPOSITES).collect();
        composites.push(Composite { operator, filters: Vec::new(), nested });
    }
    composites.extend(deep.into_iter().map(|(composite, _)| composite));
    Ok(composites)
}

/// The second layer. An error means that it can exclude nothing.
fn composite(operator: Operator, parts: Vec<Tree>, lost: &mut Vec<Lost>) -> Result<Composite, WhyLocal> {
    let mut here = Vec::new();
    let mut reason = WhyLocal::TooDeep;
    let (filters, joined) = apart(parts);
    let mut bins = bins(operator, filters).into_iter();
    let own = bins.next().map(|first| first.filters).unwrap_or_default();
    let mut nested: Vec<(Nested, Vec<usize>)> = Vec::new();
    for bin in bins {
        let origins = bin.filters.iter().map(|filter| filter.origin).collect();
        nested.push((bin, origins));
    }
    for (parts, origin) in joined {
        match group(operator.other(), parts, &mut here) {
            Ok(group) => nested.push((group, vec![origin])),
            Err(why) => {
                reason = why.clone();
                give_up(operator, std::iter::once(origin), &why, &mut here)?;
            }
        }
    }
    if nested.len() > MAX_COMPOSITES {
        let surplus = nested.split_off(MAX_COMPOSITES);
        give_up(operator, surplus.into_iter().flat_map(|(_, origins)| origins), &WhyLocal::TooMany, &mut here)?;
    }
    if own.is_empty() && nested.is_empty() {
        return Err(reason);
    }
    lost.append(&mut here);
    Ok(Composite { operator, filters: own, nested: nested.into_iter().map(|(nested, _)| nested).collect() })
}

/// The third layer. An error means that it can exclude nothing.
fn group(operator: Operator, parts: Vec<Tree>, lost: &mut Vec<Lost>) -> Result<Nested, WhyLocal> {
    let mut here = Vec::new();
    let (mut filters, joined) = apart(parts);
    for (parts, origin) in joined {
        here.push(Lost { origin, why: WhyLocal::TooDeep });
        if operator == Operator::Or {
            // Of what all has to hold, one part alone holds for more.
            let one = parts.into_iter().find_map(|part| if let Tree::Leaf(filter) = part { Some(filter) } else { None });
            filters.push(one.ok_or(WhyLocal::TooDeep)?);
        }
    }
    let why = if has_room(&filters) { WhyLocal::MixedComparisons } else { WhyLocal::TooMany };
    let mut bins = bins(operator, filters).into_iter();
    let Some(first) = bins.next() else { return Err(WhyLocal::TooDeep) };
    for bin in bins {
        give_up(operator, bin.filters.iter().map(|filter| filter.origin), &why, &mut here)?;
    }
    lost.append(&mut here);
    Ok(first)
}

/// Leaves parts out: of an AND that makes it wider, an OR can then exclude nothing.
fn give_up(operator: Operator, origins: impl Iterator<Item = usize>, why: &WhyLocal, lost: &mut Vec<Lost>) -> Result<(), WhyLocal> {
    match operator {
        Operator::And => {
            lost.extend(origins.map(|origin| Lost { origin, why: why.clone() }));
            Ok(())
        }
        Operator::Or => Err(why.clone()),
    }
}

/// Filters, and what is joined by the other operator.
fn apart(parts: Vec<Tree>) -> (Vec<Filter>, Vec<(Vec<Tree>, usize)>) {
    let (mut filters, mut joined) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Tree::Leaf(filter) => filters.push(filter),
            Tree::Join(_, parts, origin) => joined.push((parts, origin)),
            Tree::Always | Tree::Never => {}
        }
    }
    (filters, joined)
}

/// Spreads filters over as few composites as they may stand in together.
fn bins(operator: Operator, filters: Vec<Filter>) -> Vec<Nested> {
    let mut bins: Vec<Nested> = Vec::new();
    for filter in filters {
        match bins.iter_mut().find(|bin| takes(bin, &filter)) {
            Some(bin) => bin.filters.push(filter),
            None => bins.push(Nested { operator, filters: vec![filter] }),
        }
    }
    bins
}

fn takes(bin: &Nested, filter: &Filter) -> bool {
    let goes_with = |other: &Filter| {
        let is_joined_alike = match bin.operator {
            Operator::And => filter.sort().excludes(),
            Operator::Or => !filter.sort().excludes(),
        };
        other.field != filter.field || (other.sort() == filter.sort() && is_joined_alike)
    };
    bin.filters.iter().filter(|other| other.kind() == filter.kind()).count() < MAX_FILTERS && bin.filters.iter().all(goes_with)
}

/// Whether there are no more filters of any kind than one composite takes.
fn has_room(filters: &[Filter]) -> bool {
    filters.iter().all(|filter| filters.iter().filter(|other| other.kind() == filter.kind()).count() <= MAX_FILTERS)
}
