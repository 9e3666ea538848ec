package reports

import "regexp"

// indexed is a symbol of one letter with an index, as in S_F or λ_min, in HTML or
// Markdown; names such as class_0 are none.
var indexed = regexp.MustCompile(`(^|[^a-z0-9_])([A-Za-zμλ])\\?_(δ|[A-Z]|min|u|k|i|j)`)

// typeset lowers the indices of symbols in text that is escaped already, as HTML
// and GitHub show them: S_F becomes S<sub>F</sub>.
func typeset(escaped string) string { return indexed.ReplaceAllString(escaped, "$1$2<sub>$3</sub>") }
