package gmm

import (
	"fmt"
	"math/big"
	"strings"
)

// GoString writes the mixture in exact numbers, one line, for failing tests.
func (m *Mixture) GoString() string {
	if m == nil {
		return "(*gmm.Mixture)(nil)"
	}
	return fmt.Sprintf("Mixture{weights %s, means %s, covariance %s}",
		ratio(m.exact.Weights), rowsString(m.exact.Means), covarianceString(m.exact.Covariance))
}

func covarianceString(covariance [][]*big.Rat) string {
	if IsIdentity(covariance) {
		return "identity"
	}
	return rowsString(covariance)
}

// GoString writes the pairs in exact numbers, one line, for failing tests.
func (p Pairs) GoString() string {
	if p.Mixture == nil {
		return "gmm.Pairs{}"
	}
	return fmt.Sprintf("Pairs{%s, δ = %s}", p.Mixture.GoString(), FormatNumber(p.delta))
}

// String is GoString.
func (p Pairs) String() string { return p.GoString() }

// String is GoString.
func (m *Mixture) String() string { return m.GoString() }

// ratio writes weights as the smallest whole numbers in their proportion, "3:7".
func ratio(weights []*big.Rat) string {
	parts := make([]string, len(weights))
	for i, w := range SmallestWhole(weights) {
		parts[i] = w.String()
	}
	return strings.Join(parts, ":")
}

// SmallestWhole returns the smallest whole numbers in the proportion of positive weights.
func SmallestWhole(weights []*big.Rat) []*big.Int {
	whole := integerRows([][]*big.Rat{weights})[0]
	gcd := new(big.Int)
	for _, w := range whole {
		gcd.GCD(nil, nil, gcd, w)
	}
	for _, w := range whole {
		w.Quo(w, gcd)
	}
	return whole
}

func rowsString(rows [][]*big.Rat) string {
	parts := make([]string, len(rows))
	for i, row := range rows {
		numbers := make([]string, len(row))
		for j, x := range row {
			numbers[j] = FormatNumber(x)
		}
		parts[i] = "(" + strings.Join(numbers, ", ") + ")"
	}
	return strings.Join(parts, " ")
}

// IsIdentity tells whether a square matrix is the identity.
func IsIdentity(rows [][]*big.Rat) bool {
	return IsScalar(rows) && rows[0][0].Cmp(big.NewRat(1, 1)) == 0
}

// IsScalar tells whether a square matrix is a multiple of the identity.
func IsScalar(rows [][]*big.Rat) bool {
	for i, row := range rows {
		for j, x := range row {
			if i == j && x.Cmp(rows[0][0]) != 0 || i != j && x.Sign() != 0 {
				return false
			}
		}
	}
	return true
}
