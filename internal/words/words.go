// Package words says what went wrong in the user's words.
package words

import (
	"errors"
	"slices"
	"strings"

	"contrastcheck/gmm"
)

// packages are the names that errors begin with.
var packages = strings.Fields(`gmm solver quadrature oracle theorems comparison training search frontier losses files proof predicate interval network
	noncontrastive line cosine planar frequency price kernel information reports figures atlas explore serve campaign`)

// WithoutPackages is the text of an error without the names of the packages that it comes from, for users, who know none.
func WithoutPackages(text string) string {
	const end = ": "
	var b strings.Builder
	for {
		before, after, more := strings.Cut(text, end)
		if !more {
			b.WriteString(text)
			return b.String()
		}
		name := strings.LastIndexFunc(before, func(r rune) bool { return !letter(r) }) + 1
		if slices.Contains(packages, before[name:]) {
			b.WriteString(before[:name])
		} else {
			b.WriteString(before + end)
		}
		text = after
	}
}

// letter tells whether a name goes on with it.
func letter(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
}

// Sentence is an error in one line, without the prefixes of packages.
func Sentence(err error) string {
	var input *gmm.InputError
	text := err.Error()
	if errors.As(err, &input) {
		text = input.Line()
	}
	return strings.ReplaceAll(WithoutPackages(text), "\n", " ")
}
