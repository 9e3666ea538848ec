package gmm

import (
	"errors"
	"io/fs"
	"strings"
)

// Reasons why an input is refused. An InputError wraps one of them.
var (
	ErrSyntax              = errors.New("malformed text")
	ErrNumber              = errors.New("not a usable number")
	ErrShape               = errors.New("wrong shape")
	ErrWeight              = errors.New("weight not positive")
	ErrDelta               = errors.New("delta outside [0, 1]")
	ErrNotSymmetric        = errors.New("covariance not symmetric")
	ErrNotPositiveDefinite = errors.New("covariance not positive definite")
	ErrIllConditioned      = errors.New("covariance too ill-conditioned")
	ErrOtherModel          = errors.New("another model")
	ErrPath                = errors.New("no such number")
)

// InputError says which part of an input cannot be used, what was expected
// there and what was found. Source is the file's name, or empty for values
// that a program built; Key is the part, in the words of the mixture file.
type InputError struct {
	Source, Key, Expected, Found string
	Reason                       error
}

// Error returns one line, "gmm: source: key: expected …, found …".
func (e *InputError) Error() string { return "gmm: " + e.Line() }

// Line is Error without the package's prefix, for programs that set their own.
func (e *InputError) Line() string {
	var b strings.Builder
	for _, part := range []string{e.Source, e.Key} {
		if part != "" {
			b.WriteString(oneLine(part))
			b.WriteString(": ")
		}
	}
	b.WriteString("expected ")
	b.WriteString(e.Expected)
	if e.Found != "" {
		b.WriteString(", found ")
		b.WriteString(oneLine(e.Found))
	}
	return b.String()
}

// unreadable is the refusal of a file whose text could not be read.
func unreadable(source string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &InputError{Source: source, Expected: "a readable file", Found: err.Error(), Reason: err}
}

// Unwrap returns the reason, for errors.Is.
func (e *InputError) Unwrap() error { return e.Reason }

// InSource returns err with the name of the file that it arose in, if it is an InputError without one.
func InSource(source string, err error) error {
	var input *InputError
	if errors.As(err, &input) && input.Source == "" {
		named := *input
		named.Source = source
		return &named
	}
	return err
}

// relabelled returns err with another beginning of its key, if it is an
// InputError whose key begins with from.
func relabelled(err error, from, to string) error {
	var input *InputError
	if errors.As(err, &input) && strings.HasPrefix(input.Key, from) {
		renamed := *input
		renamed.Key = to + strings.TrimPrefix(input.Key, from)
		return &renamed
	}
	return err
}

// oneLine shortens a stranger's text and replaces control characters.
func oneLine(s string) string {
	const longest = 80
	var b strings.Builder
	for i, r := range s {
		if i >= longest {
			b.WriteString("…")
			break
		}
		if r < ' ' || r == 0x7f {
			r = '␣'
		}
		b.WriteRune(r)
	}
	return b.String()
}
