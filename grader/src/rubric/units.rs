//! Durations, sizes, bounds and points as text.

use std::time::Duration;

use super::exchange::{Amount, Bound, Relation};
use super::points::Points;

/// `100ms`, `2s`, `1.5s`
pub fn duration(text: &str) -> Option<Duration> {
    let millis = match text.strip_suffix("ms") {
        Some(number) => whole(number)?,
        None => thousandths(text.strip_suffix('s')?)?,
    };
    Some(Duration::from_millis(millis))
}

/// Bytes: `512`, `64KiB`, `4MiB`
pub fn size(text: &str) -> Option<u64> {
    let (number, unit) = match (text.strip_suffix("KiB"), text.strip_suffix("MiB")) {
        (Some(number), _) => (number, 1 << 10),
        (_, Some(number)) => (number, 1 << 20),
        _ => (text, 1),
    };
    whole(number)?.checked_mul(unit)
}

/// `3`, `>= 3`
pub fn bound(text: &str) -> Option<Bound> {
    const RELATIONS: [(&str, Relation); 4] =
        [(">=", Relation::AtLeast), ("<=", Relation::AtMost), (">", Relation::MoreThan), ("<", Relation::LessThan)];
    let (relation, number) = RELATIONS
        .iter()
        .find_map(|(sign, relation)| Some((*relation, text.strip_prefix(sign)?.trim_start())))
        .unwrap_or((Relation::Equal, text));
    Some(Bound { relation, value: whole(number)? })
}

/// `3`, `>= 3`, `remember`, `+3`, `<= +3`
pub fn amount(text: &str) -> Option<Amount> {
    if text == "remember" {
        return Some(Amount::Remember);
    }
    match text.split_once('+') {
        None => bound(text).map(Amount::Absolute),
        // The sign stands right before its number.
        Some((relation, number)) => {
            whole(number)?;
            bound(&format!("{relation}{number}")).map(Amount::More)
        }
    }
}

/// `5`, `7.5`, `0.125`
pub fn points(text: &str) -> Option<Points> {
    // More than a lab can be worth, and far from where sums overflow.
    thousandths(text).filter(|thousandths| *thousandths <= 1_000_000).map(Points)
}

/// Digits alone: no sign, no `_`, no `0x`.
pub fn whole(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// A decimal with up to three places, in thousandths.
fn thousandths(text: &str) -> Option<u64> {
    let (units, places) = match text.split_once('.') {
        Some((units, places)) if (1..=3).contains(&places.len()) => (units, format!("{places:0<3}")),
        Some(_) => return None,
        None => (text, "000".to_owned()),
    };
    whole(units)?.checked_mul(1000)?.checked_add(whole(&places)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit_and_are_exact_to_the_millisecond() {
        let millis = |text| duration(text).map(|d| d.as_millis());
        assert_eq!(["100ms", "2s", "1.5s", "0.001s"].map(millis), [Some(100), Some(2000), Some(1500), Some(1)]);
        assert_eq!(["", "2", "s", "ms", "1.5ms", "-1s", "1.s", "1.0001s", "2 s", "2m"].map(millis), [None; 10]);
    }

    #[test]
    fn sizes_are_powers_of_two() {
        assert_eq!(["0", "512", "64KiB", "4MiB"].map(size), [Some(0), Some(512), Some(65536), Some(4 << 20)]);
        assert_eq!(
            ["", "KiB", "1KB", "1.5KiB", "-1", "99999999999999999999", "99999999999999MiB"].map(size),
            [None; 7]
        );
    }

    #[test]
    fn bounds_hold_what_they_say() {
        let holds = |text: &str| bound(text).map(|bound| [2, 3, 4].map(|value| bound.holds(value)));
        assert_eq!(holds("3"), Some([false, true, false]));
        assert_eq!(holds(">= 3"), Some([false, true, true]));
        assert_eq!(holds("<=3"), Some([true, true, false]));
        assert_eq!(holds("> 3"), Some([false, false, true]));
        assert_eq!(holds("< 3"), Some([true, false, false]));
        assert_eq!(["", ">=", "=> 3", "three", "-1"].map(bound), [None; 5]);
    }

    #[test]
    fn amounts_are_bounds_and_what_is_remembered() {
        let three = |relation| Bound { relation, value: 3 };
        assert_eq!(amount("remember"), Some(Amount::Remember));
        assert_eq!(amount("<= 3"), Some(Amount::Absolute(three(Relation::AtMost))));
        assert_eq!(amount("+3"), Some(Amount::More(three(Relation::Equal))));
        assert_eq!([">= +3", ">=+3"].map(amount), [Some(Amount::More(three(Relation::AtLeast))); 2]);
        assert_eq!(["", "+", "-3", "++3", "+ 3", "3+", "+>= 3", "steady"].map(amount), [None; 8]);
    }

    #[test]
    fn points_are_exact_to_the_thousandth() {
        assert_eq!(["8", "7.5", "0.125"].map(points), [Some(Points(8000)), Some(Points(7500)), Some(Points(125))]);
        assert_eq!(["", "-1", "1.", ".5", "0.1234", "1e3", "1001", "nan"].map(points), [None; 8]);
    }
}
