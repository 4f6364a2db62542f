//! How far a run is, in a line.

use std::time::{Duration, Instant};

use crate::class::News;
use crate::score::Standing;

#[derive(Debug)]
pub struct Status {
    began: Instant,
    pub chosen: usize,
    pub kept: usize,
    pub graded: usize,
    pub faulted: usize,
    building: Vec<usize>,
    playing: Vec<usize>,
    /// When the first one was graded, and how many by then: before that, no rate is known.
    first: Option<Instant>,
}

impl Status {
    pub fn new() -> Status {
        let (building, playing) = (Vec::new(), Vec::new());
        Status { began: Instant::now(), chosen: 0, kept: 0, graded: 0, faulted: 0, building, playing, first: None }
    }

    pub fn hear(&mut self, news: &News) {
        match news {
            News::Begun { chosen } => self.chosen = *chosen,
            News::Building(at) => self.building.push(*at),
            News::Kept(at) => {
                self.building.retain(|other| other != at);
                self.kept += 1;
            }
            News::Built(at) => self.building.retain(|other| other != at),
            News::Playing(at) => self.playing.push(*at),
            News::Graded { at, standing, .. } => {
                self.playing.retain(|other| other != at);
                self.graded += 1;
                self.faulted += usize::from(*standing == Standing::Faulted);
                self.first.get_or_insert_with(Instant::now);
            }
        }
    }

    pub fn done(&self) -> usize {
        self.kept + self.graded
    }

    /// Of what is graded in this run; what has not changed goes much faster and would promise too much.
    fn left(&self) -> Option<Duration> {
        let since = self.first?.elapsed();
        let left = self.chosen - self.done();
        (self.graded > 1).then(|| since.mul_f64(left as f64 / (self.graded - 1) as f64))
    }

    /// `37 of 200 done, 2 being built, 4 being played, 3.1 a second, 0:52 left`
    pub fn line(&self) -> String {
        let mut line = format!("{} of {} done", self.done(), self.chosen);
        for (count, what) in [(self.building.len(), "being built"), (self.playing.len(), "being played")] {
            if count > 0 {
                line.push_str(&format!(", {count} {what}"));
            }
        }
        let passed = self.began.elapsed().as_secs_f64();
        if self.graded > 0 && passed > 0.0 {
            line.push_str(&format!(", {:.1} a second", self.graded as f64 / passed));
        }
        if let Some(left) = self.left() {
            line.push_str(&format!(", {} left", clock(left)));
        }
        if self.faulted > 0 {
            line.push_str(&format!(", {} faulted", self.faulted));
        }
        line
    }
}

/// `0:52`, `1:02:03`
fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, News, Status, clock};

    #[test]
    fn a_line_says_what_goes_on() {
        let mut status = Status::new();
        [
            News::Begun { chosen: 5 },
            News::Building(0),
            News::Building(1),
            News::Kept(0),
            News::Building(2),
            News::Built(1),
            News::Playing(1),
        ]
        .iter()
        .for_each(|news| status.hear(news));
        assert_eq!(status.line(), "1 of 5 done, 1 being built, 1 being played");
    }

    #[test]
    fn a_time_is_written_as_a_clock_does() {
        let written = [0, 52, 61, 3723].map(|seconds| clock(Duration::from_secs(seconds)));
        assert_eq!(written, ["0:00", "0:52", "1:01", "1:02:03"]);
    }
}
