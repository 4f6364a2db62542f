//! What the writer of a word may have meant.

/// The known word nearest to `word`, if one is near: about one slip in three letters.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(slips, candidate)| slips * 3 <= word.chars().count().max(candidate.chars().count()))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn swapped_and_missing_letters_are_near() {
        let known = ["send", "expect", "expect_close"];
        assert_eq!(nearest("sned", known), Some("send"));
        assert_eq!(nearest("expct", known), Some("expect"));
        assert_eq!(nearest("Expect-Close", known), Some("expect_close"));
    }

    #[test]
    fn another_word_altogether_is_not_near() {
        assert_eq!(nearest("fly", ["send", "wait", "try"]), None);
        assert_eq!(nearest("", ["send"]), None);
    }
}
