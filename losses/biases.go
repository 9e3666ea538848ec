package losses

import (
	"fmt"
	"math/big"
	"strings"

	"contrastcheck/gmm"
)

// biases are those that a loss takes.
type biases int

const (
	noBias   biases = iota
	freeBias        // the best one alone
	anyBias         // the best one, or a number
)

// read reads a bias: nil for none and for a free one.
func (b biases) read(text, word, score string) (*big.Rat, error) {
	refused := func(size string) error {
		expected := [...]string{"none", free, "a number" + size + ", or " + free + ","}[b]
		return fmt.Errorf("losses: --bias: expected %s with --loss %s --score %s, found %s", expected, word, score, text)
	}
	switch {
	case text == "" || b != noBias && strings.EqualFold(text, free):
		return nil, nil
	case b != anyBias:
		return nil, refused("")
	}
	x, err := gmm.ParseNumber(text)
	if err != nil {
		return nil, refused(gmm.Sized(err))
	}
	return x, nil
}
