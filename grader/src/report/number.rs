//! Numbers as they stand in the file.

use std::time::Duration;

use serde_json::Number;

use crate::rubric::Points;

/// `8`, `7.5`, `0.333`: at most three decimals.
pub fn points(points: Points) -> Number {
    thousandths(points.0)
}

/// Seconds in whole milliseconds.
pub fn seconds(time: Duration) -> Number {
    thousandths(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

fn thousandths(number: u64) -> Number {
    match number % 1000 {
        0 => Number::from(number / 1000),
        // The shortest text that stands for the nearest float: never more than three decimals.
        _ => Number::from_f64(number as f64 / 1000.0).unwrap_or_else(|| Number::from(number / 1000)),
    }
}

#[cfg(test)]
mod tests {
    use super::thousandths;

    #[test]
    fn numbers_have_no_more_decimals_than_they_need() {
        let written = [0, 8000, 7500, 333, 64_501, 100_000, 1].map(|number| thousandths(number).to_string());
        assert_eq!(written, ["0", "8", "7.5", "0.333", "64.501", "100", "0.001"]);
    }
}
