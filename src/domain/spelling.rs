//! How near two words are, for "did you mean".

/// How many letters have to be changed, put in, left out or swapped with their neighbour. Long names are not compared.
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 2 || a.len() > 64 {
        return usize::MAX;
    }
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let cost = |row: Option<&Vec<usize>>, at: usize| row.and_then(|row| row.get(at)).copied().unwrap_or(usize::MAX - 1);
            let above = rows.last();
            let mut least = (cost(above, j) + usize::from(x != y)).min(cost(above, j + 1) + 1).min(cost(Some(&row), j) + 1);
            let is_swap = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if is_swap {
                least = least.min(cost(rows.len().checked_sub(2).and_then(|at| rows.get(at)), j - 1) + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or(usize::MAX)
}

/// The known word that is most likely meant: one that begins so, or one with few letters changed.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.trim().to_lowercase().replace([' ', '_'], "-");
    if let Some(same) = known.iter().find(|known| **known == word) {
        return Some(same);
    }
    let most = if word.chars().count() < 4 { 1 } else { 2 };
    let near = known.iter().map(|known| (distance(&word, known), *known)).min_by_key(|(distance, _)| *distance);
    let begun = || known.iter().find(|known| word.chars().count() >= 3 && known.starts_with(&word)).copied();
    near.filter(|(distance, _)| *distance <= most).map(|(_, known)| known).or_else(begun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_counted_in_letters() {
        for (a, b, far) in [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "xbz", 2), ("é", "e", 1), ("", "ab", 2)] {
            assert_eq!((distance(a, b), distance(b, a)), (far, far), "{a} {b}");
        }
        assert_eq!(distance("a", "abcdef"), usize::MAX);
    }

    #[test]
    fn the_nearest_word_is_one_that_begins_so_or_is_nearly_it() {
        let known = ["status", "severity", "comment", "comment-editor", "down"];
        for (word, near) in [
            ("statsu", Some("status")),
            ("Comment", Some("comment")),
            ("comment_editor", Some("comment-editor")),
            ("sever", Some("severity")),
            ("dwon", Some("down")),
            ("explode", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, &known), near, "{word}");
        }
    }
}
