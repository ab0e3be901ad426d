//! How many lines of an import are done in one command: as many as the writer decides and saves in a
//! short time, for others wait meanwhile.

use std::time::Duration;

/// The time that a chunk is to take.
const AIM: Duration = Duration::from_millis(25);
/// The fewest lines of a chunk.
const FEWEST: usize = 10;
/// The most lines of a chunk.
pub const MOST: usize = 200;

/// How many lines the next chunk has.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    lines: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { lines: MOST / 4 }
    }
}

impl Pace {
    /// The lines of the next chunk.
    pub fn lines(self) -> usize {
        self.lines
    }

    /// So many lines took so long. From one chunk to the next their number doubles or halves at most: a
    /// single chunk that was held up says little.
    pub fn note(&mut self, lines: usize, took: Duration) {
        let in_time = lines as u128 * AIM.as_micros() / took.as_micros().max(1);
        let in_time = usize::try_from(in_time).unwrap_or(usize::MAX);
        self.lines = in_time.clamp(self.lines / 2, self.lines * 2).clamp(FEWEST, MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of a chunk at last, where each line takes so many microseconds.
    fn settled(line_us: u64) -> usize {
        let mut pace = Pace::default();
        for _ in 0..10 {
            let lines = pace.lines();
            pace.note(lines, Duration::from_micros(line_us * lines as u64));
        }
        pace.lines()
    }

    #[test]
    fn a_chunk_takes_a_short_time_on_every_machine() {
        let table = [(0, MOST), (80, MOST), (250, 100), (1_000, 25), (2_500, FEWEST), (100_000, FEWEST)];
        for (line_us, lines) in table {
            assert_eq!(settled(line_us), lines, "{line_us} us a line");
        }
    }

    #[test]
    fn one_chunk_alone_changes_little() {
        let mut pace = Pace { lines: 100 };
        pace.note(100, Duration::from_secs(5));
        assert_eq!(pace.lines(), 50);
        pace.note(50, Duration::ZERO);
        assert_eq!(pace.lines(), 100);
        // The rest of a block is short, and says as much of a line as the whole.
        pace.note(20, Duration::from_millis(5));
        assert_eq!(pace.lines(), 100);
    }
}
