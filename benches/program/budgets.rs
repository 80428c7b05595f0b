//! The budgets of the whole program. What is a time is compared by its median, since what comes beside it on a shared machine is not ours.

/// The most that the median of a figure may be.
pub(crate) struct Budget {
    pub(crate) figure: &'static str,
    pub(crate) most: f64,
    /// For how many findings; nothing is for any number.
    size: Option<usize>,
}

impl Budget {
    const fn always(figure: &'static str, most: f64) -> Self {
        Self { figure, most, size: None }
    }

    const fn at(size: usize, figure: &'static str, most: f64) -> Self {
        Self { figure, most, size: Some(size) }
    }

    /// Whether it is for so many findings.
    pub(crate) fn is_for(&self, size: usize) -> bool {
        self.size.is_none_or(|own| own == size)
    }
}

const HUNDRED_THOUSAND: usize = 100_000;
const MILLION: usize = 1_000_000;

/// All of them.
pub(crate) const BUDGETS: [Budget; 39] = [
    Budget::always("exec to first frame", 10.0),
    Budget::always("exec to first page, over the round trip", 20.0),
    Budget::always("cursor down, all of 200, last byte", 0.5),
    Budget::always("cursor down, bytes", 130.0),
    Budget::always("cursor down scrolling, bytes", 330.0),
    Budget::always("cursor down, mean of 200, bytes", 250.0),
    Budget::always("page down, bytes", 6_000.0),
    Budget::always("100 cursor keys at once, bytes", 6_000.0),
    Budget::always("jump to the end, last byte", 1.0),
    Budget::always("jump to the start, last byte", 1.0),
    Budget::always("filter, first letter, first byte", 5.0),
    Budget::at(HUNDRED_THOUSAND, "filter, first letter, last byte", 8.0),
    Budget::at(MILLION, "filter, first letter, last byte", 80.0),
    Budget::at(HUNDRED_THOUSAND, "filter, a letter more, last byte", 8.0),
    Budget::at(MILLION, "filter, a letter more, last byte", 80.0),
    Budget::at(HUNDRED_THOUSAND, "filter, a letter less, last byte", 8.0),
    Budget::at(MILLION, "filter, a letter less, last byte", 80.0),
    Budget::at(HUNDRED_THOUSAND, "sort by severity, last byte", 30.0),
    Budget::at(MILLION, "sort by severity, last byte", 300.0),
    Budget::at(HUNDRED_THOUSAND, "sort by title, last byte", 30.0),
    Budget::at(MILLION, "sort by title, last byte", 300.0),
    Budget::at(HUNDRED_THOUSAND, "sort by resource, last byte", 30.0),
    Budget::at(MILLION, "sort by resource, last byte", 300.0),
    Budget::at(HUNDRED_THOUSAND, "sort reversed, last byte", 30.0),
    Budget::at(MILLION, "sort reversed, last byte", 300.0),
    Budget::at(HUNDRED_THOUSAND, "group by control, last byte", 30.0),
    Budget::at(MILLION, "group by control, last byte", 300.0),
    Budget::at(HUNDRED_THOUSAND, "group by resource, last byte", 30.0),
    Budget::at(MILLION, "group by resource, last byte", 300.0),
    Budget::at(HUNDRED_THOUSAND, "mark all, last byte", 10.0),
    Budget::at(MILLION, "mark all, last byte", 100.0),
    Budget::at(HUNDRED_THOUSAND, "invert marks, last byte", 10.0),
    Budget::at(MILLION, "invert marks, last byte", 100.0),
    Budget::at(HUNDRED_THOUSAND, "mark by query, last byte", 10.0),
    Budget::at(MILLION, "mark by query, last byte", 100.0),
    Budget::always("idle, bytes", 0.0),
    Budget::always("idle, work a second", 0.0),
    Budget::at(HUNDRED_THOUSAND, "peak resident", 90.0),
    Budget::at(MILLION, "peak resident", 700.0),
];
