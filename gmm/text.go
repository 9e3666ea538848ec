package gmm

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"unicode/utf8"
)

// ReadText returns the whole of a file of numbers that commas and lines part, in UTF-8, without the byte order mark
// that some programs put before it. It refuses, with an InputError that names the source, what cannot be read (the
// reader's error), is no UTF-8 text (ErrSyntax), or is longer or has more numbers, each of a cost, than the limit
// allows (ErrCost).
func (l Limit) ReadText(source string, r io.Reader, number Cost) ([]byte, error) {
	const mostText = mostBytes / 8 // a number takes two characters or more
	most := int64(math.Min(mostText*float64(l), math.MaxInt64/2))
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, unreadable(source, err)
	}
	if int64(len(text)) > most {
		return nil, &InputError{Source: source, Reason: ErrCost, Expected: fmt.Sprintf("a file of at most %s; --limit N allows N times as much", size(float64(most))),
			Found: "a longer one"}
	}
	numbers := float64(bytes.Count(text, []byte(",")) + bytes.Count(text, []byte("\n")))
	if err := l.Allows(source, "reading "+plain(numbers)+" numbers",
		Cost{number.Seconds * numbers, number.Bytes*numbers + 2*float64(len(text))}); err != nil {
		return nil, err
	}
	if !utf8.Valid(text) {
		return nil, &InputError{Source: source, Expected: "UTF-8 text", Reason: ErrSyntax}
	}
	return bytes.TrimPrefix(text, []byte("\ufeff")), nil
}
