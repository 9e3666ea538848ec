package gmm

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"unicode/utf8"
)

// ErrCost says that what an input asks for would cost more time or memory than the limit allows.
var ErrCost = errors.New("work beyond the limit")

// Limit multiplies the limits on the time and the memory that an input may ask for: > 0. 1
// stands for a minute and 4 GB, and is what functions without a limit use.
type Limit float64

// Cost is an estimate of what a piece of work takes, made before it. It is a count of
// operations at nominal rates, the same on every computer, and right to a factor of about 3.
type Cost struct {
	Seconds float64 // on one core
	Bytes   float64 // at the peak
}

// The limits for a Limit of 1.
const mostSeconds, mostBytes = 60, 4e9

// Plus returns the cost of two pieces of work, one after the other, both of which keep their memory.
func (c Cost) Plus(d Cost) Cost { return Cost{c.Seconds + d.Seconds, c.Bytes + d.Bytes} }

// Allows refuses a cost beyond the limit, with an InputError of reason ErrCost that names
// the source, the work, the estimate, the limit, and the limit that would do.
func (l Limit) Allows(source, work string, c Cost) error {
	seconds, bytes := mostSeconds*float64(l), mostBytes*float64(l)
	if c.Seconds <= seconds && c.Bytes <= bytes {
		return nil
	}
	enough := math.Ceil(float64(l) * math.Max(c.Seconds/seconds, c.Bytes/bytes))
	return &InputError{Source: source, Reason: ErrCost,
		Expected: fmt.Sprintf("work of at most %s and %s; --limit %s allows this", duration(seconds), size(bytes), plain(enough)),
		Found:    fmt.Sprintf("%s: about %s and %s", work, duration(c.Seconds), size(c.Bytes))}
}

// plain writes a whole number without an exponent where it is of use to a person.
func plain(x float64) string {
	if x < 1e9 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.0e", x)
}

// brief writes two digits, or the whole number where it has more.
func brief(x float64) string {
	if x >= 100 {
		return plain(x)
	}
	return fmt.Sprintf("%.2g", x)
}

// duration is a time in units that a person thinks in.
func duration(seconds float64) string {
	for _, unit := range []struct {
		name    string
		seconds float64
	}{{"years", 365.25 * 86400}, {"days", 86400}, {"hours", 3600}, {"minutes", 60}} {
		if seconds > 2*unit.seconds {
			return brief(seconds/unit.seconds) + " " + unit.name
		}
	}
	return brief(seconds) + " s"
}

// size is an amount of memory.
func size(bytes float64) string {
	for _, unit := range []struct {
		name  string
		bytes float64
	}{{"TB", 1e12}, {"GB", 1e9}} {
		if bytes > unit.bytes {
			return brief(bytes/unit.bytes) + " " + unit.name
		}
	}
	return brief(math.Ceil(bytes/1e6)) + " MB"
}

// MixtureCost is the cost of a mixture of K means that share a d×d covariance, with the exact rank of the means, whose
// numbers have so many bits once denominators are cleared.
func MixtureCost(components, dimension int, bits float64) Cost {
	return storing(components, dimension, 1).Plus(ranking(components, dimension, bits))
}

// storing is the cost of mixtures of K means and so many d×d covariances: the numbers of
// each in rationals and in floating point, and one factorisation each.
func storing(components, dimension, covariances int) Cost {
	const perEntry, perProduct = 150e-9, 1e-10
	d, n := float64(dimension), float64(covariances)
	entries := n*d*d + float64(components)*d
	return Cost{Seconds: perEntry*entries + perProduct*n*d*d*d, Bytes: 150 * entries}
}

// IntegerOperation is the time of a step of exact elimination: two products and a division of integers of so many
// bits.
func IntegerOperation(bits float64) float64 { return 250e-9 + 6.5e-9*math.Pow(bits/64, 1.75) }

// ranking is the cost of the exact rank of K means, whose numbers have so many bits once denominators are cleared: minors
// grow by that at each step.
func ranking(components, dimension int, bits float64) Cost {
	var c Cost
	for step := range min(components, dimension) {
		c.Seconds += float64(components-step) * float64(dimension-step) * IntegerOperation(float64(step)*bits)
	}
	return c
}

// multiplying is the cost of the Gram matrices of K means, one for each covariance but those of the components, in
// double-double with their errors. It was measured on 1,000 and 8,000 components in two dimensions.
func multiplying(components, dimension, covariances int) Cost {
	const perEntry, perTerm, bytes = 160e-9, 15e-9, 45
	entries := float64(min(covariances, 2)) * float64(components) * float64(components)
	return Cost{Seconds: entries * (perEntry + perTerm*float64(dimension)), Bytes: entries * bytes}
}

// storable refuses mixtures that would take too much memory or time to hold.
func (l Limit) storable(components, dimension, covariances int) error {
	work := fmt.Sprintf("%d×%d covariance", dimension, dimension)
	if covariances > 1 {
		work = fmt.Sprintf("%d covariances of %d×%d", covariances, dimension, dimension)
	}
	return l.Allows("", work, storing(components, dimension, covariances))
}

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
