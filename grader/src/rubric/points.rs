//! Points, in thousandths: the only number type scores are made of.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

/// Points in thousandths, so that adding them up is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(pub u64);

impl Points {
    pub const ZERO: Points = Points(0);

    pub const fn whole(points: u64) -> Points {
        Points(points * 1000)
    }
}

impl Add for Points {
    type Output = Points;
    fn add(self, other: Points) -> Points {
        Points(self.0 + other.0)
    }
}

impl AddAssign for Points {
    fn add_assign(&mut self, other: Points) {
        self.0 += other.0;
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Points>>(points: I) -> Points {
        points.fold(Points::ZERO, Add::add)
    }
}

impl fmt::Display for Points {
    /// At most two decimals, a dot, no trailing zeros: `8`, `7.5`, `0.25`.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (whole, hundredths) = (self.0 / 1000, self.0 % 1000 / 10);
        match hundredths {
            0 => write!(f, "{whole}"),
            h if h % 10 == 0 => write!(f, "{whole}.{}", h / 10),
            h => write!(f, "{whole}.{h:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Points;

    #[test]
    fn points_are_written_without_needless_decimals() {
        let written = |thousandths| Points(thousandths).to_string();
        assert_eq!([0, 8000, 7500, 250, 1001].map(written), ["0", "8", "7.5", "0.25", "1"].map(String::from));
    }
}
