//! Numbers, times and lists as one says them.

use std::fmt::Display;
use std::time::Duration;

use crate::rubric::{Bound, Relation};

/// `1 byte`, `6 bytes`
pub fn count(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

/// `0.4 ms`, `40 ms`, `1 s`, `1.25 s`
pub fn span(time: Duration) -> String {
    let micros = time.as_micros() as u64;
    match micros {
        0..10_000 => format!("{} ms", decimals(micros / 100, 10)),
        10_000..1_000_000 => format!("{} ms", micros / 1000),
        _ => format!("{} s", decimals(micros / 10_000, 100)),
    }
}

/// A number of `parts`ths without needless decimals.
fn decimals(number: u64, parts: u64) -> String {
    let width = parts.ilog10() as usize;
    let text = format!("{}.{:0width$}", number / parts, number % parts);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `a`, `a and b`, `a, b and c`; the joining word is given.
pub fn list<T: Display>(things: &[T], joined_by: &str) -> String {
    match things {
        [] => String::new(),
        [only] => only.to_string(),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(T::to_string).collect();
            format!("{} {joined_by} {last}", first.join(", "))
        }
    }
}

/// `none`, `3`, `at least 3`
pub fn bound(bound: Bound) -> String {
    let value = bound.value;
    match bound.relation {
        Relation::Equal if value == 0 => "none".to_owned(),
        Relation::Equal => value.to_string(),
        Relation::AtLeast => format!("at least {value}"),
        Relation::AtMost => format!("at most {value}"),
        Relation::MoreThan => format!("more than {value}"),
        Relation::LessThan => format!("less than {value}"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{count, list, span};

    #[test]
    fn times_have_as_many_decimals_as_help() {
        let said = |micros| span(Duration::from_micros(micros));
        let times = [0, 430, 4000, 40_900, 999_999, 1_000_000, 1_250_000, 5_000_000, 61_500_000];
        let words = ["0 ms", "0.4 ms", "4 ms", "40 ms", "999 ms", "1 s", "1.25 s", "5 s", "61.5 s"];
        assert_eq!(times.map(said), words.map(String::from));
    }

    #[test]
    fn one_is_singular() {
        assert_eq!([0, 1, 2].map(|n| count(n, "byte")), ["0 bytes", "1 byte", "2 bytes"].map(String::from));
    }

    #[test]
    fn lists_read_as_sentences_do() {
        assert_eq!(list(&[1], "or"), "1");
        assert_eq!(list(&[1, 2], "or"), "1 or 2");
        assert_eq!(list(&[1, 2, 3], "and"), "1, 2 and 3");
    }
}
