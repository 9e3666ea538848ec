package reports

import "regexp"

// indexed is a letter with an index, as in S_F, in HTML or Markdown.
var indexed = regexp.MustCompile(`(^|[^\pL_])([A-ZaμλW])\\?_([a-zA-Z]{1,3})`)

// typeset lowers the indices of symbols in text that is escaped already, as HTML
// and GitHub show them: S_F becomes S<sub>F</sub>.
func typeset(escaped string) string { return indexed.ReplaceAllString(escaped, "$1$2<sub>$3</sub>") }
