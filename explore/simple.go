package explore

import (
	"math/big"
	"strconv"

	"contrastcheck/gmm"
)

// decimal is a number rounded to so many significant digits.
func decimal(x float64, digits int) *big.Rat {
	r, _ := new(big.Rat).SetString(strconv.FormatFloat(x, 'e', digits-1, 64)) // nil where it is not finite, which no mixture takes
	if r == nil {
		return new(big.Rat)
	}
	return r
}

// nearest is the multiple of a unit next to a number.
func nearest(x, unit *big.Rat) *big.Rat {
	half := big.NewRat(1, 2)
	n := new(big.Rat).Quo(x, unit)
	n.Add(n, half)
	floor := new(big.Int).Div(n.Num(), n.Denom()) // Euclid's, which is the floor
	return new(big.Rat).Mul(new(big.Rat).SetInt(floor), unit)
}

// balanced is a mixture with the mean of its heaviest component such that its mean is 0.
func balanced(e gmm.Exact) gmm.Exact {
	at := 0
	for k, w := range e.Weights {
		if w.Cmp(e.Weights[at]) > 0 {
			at = k
		}
	}
	e.Means = replaced(e.Means, at, gmm.CentringMean(e.Weights, e.Means, at))
	return e
}

// length is how long a number is to write: the bits of its numerator and of its denominator.
func length(x *big.Rat) int {
	if x.Sign() == 0 {
		return 0
	}
	return x.Num().BitLen() + x.Denom().BitLen()
}
