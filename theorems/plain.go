package theorems

import "regexp"

// packages are the names that errors begin with.
var packages = regexp.MustCompile(`\b(gmm|solver|quadrature|oracle|theorems|comparison|training|search|frontier|losses|files|proof|predicate|interval|network|noncontrastive|line|cosine|planar|frequency|price|kernel|information|reports|figures|atlas|campaign): `)

// WithoutPackages is the text of an error without the names of the packages that it comes from, for users, who know none.
func WithoutPackages(text string) string { return packages.ReplaceAllString(text, "") }
