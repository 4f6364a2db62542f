//! The same work on many things, several at a time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What `work` makes of each number below `count`, in their order. They are begun in their order, too.
pub fn in_parallel<T: Send>(count: usize, workers: usize, work: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let made = Mutex::new(Vec::with_capacity(count));
    thread::scope(|scope| {
        for _ in 0..workers.clamp(1, count.max(1)) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return;
                    }
                    let one = work(number);
                    made.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((number, one));
                }
            });
        }
    });
    let mut made = made.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    made.sort_by_key(|(number, _)| *number);
    made.into_iter().map(|(_, one)| one).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn what_is_made_comes_in_the_order_of_the_numbers() {
        assert_eq!(in_parallel(5, 2, &|number| number * number), [0, 1, 4, 9, 16]);
        assert_eq!(in_parallel(0, 2, &|number| number), Vec::<usize>::new());
    }

    #[test]
    fn as_many_as_there_are_workers_work_at_a_time() {
        // Each waits until all three are there: one after another, they would wait for ever.
        let all = Barrier::new(3);
        let leaders = in_parallel(6, 3, &|_| all.wait().is_leader());
        assert_eq!(leaders.into_iter().filter(|leader| *leader).count(), 2);
    }
}
