"""What a reader with a phone gets, by the marks of Lighthouse."""
