package losses

import (
	"fmt"
	"math/big"
	"strings"

	"contrastcheck/gmm"
)

// counts are the numbers of negatives that a loss takes.
type counts struct {
	expected string // in words
	standard string
	finite   func(n *big.Rat) bool // nil where none is served
	infinite bool
}

// The numbers of negatives.
var (
	none     = counts{expected: "none"}
	infinite = counts{expected: "inf", standard: infinity, infinite: true}
	weighted = counts{expected: "a number > 0", standard: "1", finite: func(n *big.Rat) bool { return n.Sign() > 0 }}
	several  = counts{expected: fmt.Sprintf("a whole number from 1 to %d", MostNegatives), standard: "16", finite: func(n *big.Rat) bool {
		return n.IsInt() && n.Sign() > 0 && n.Cmp(big.NewRat(MostNegatives, 1)) <= 0
	}}
	single = counts{expected: "1", standard: "1", finite: func(n *big.Rat) bool { return n.Cmp(big.NewRat(1, 1)) == 0 }}
)

// MostNegatives bounds the number of negatives of InfoNCE: with as many as this InfoNCE differs from its limit by 1e-8 or so.
const MostNegatives = 1_000_000_000

// read returns the number of negatives, nil for infinitely many and for none, and whether it is one of these.
func (c counts) read(text string) (n *big.Rat, ok bool) {
	if text == "" {
		text = c.standard
	}
	switch {
	case c.standard == "":
		return nil, text == ""
	case strings.EqualFold(text, infinity):
		return nil, c.infinite
	case c.finite == nil:
		return nil, false
	}
	n, err := gmm.ParseNumber(text)
	if err != nil || !c.finite(n) {
		return nil, false
	}
	return n, true
}
