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
	e := m.exact
	s := fmt.Sprintf("{weights %s, means %s, covariance", ratio(e.Weights), rowsString(e.Means))
	if m.Shared() {
		return "Mixture" + s + " " + covarianceString(e.Covariance) + "}"
	}
	s = "General" + s + "s"
	for _, covariance := range e.Covariances {
		s += " [" + covarianceString(covariance) + "]"
	}
	return s + "}"
}

func covarianceString(covariance [][]*big.Rat) string {
	if IsIdentity(covariance) {
		return "identity"
	}
	return rowsString(covariance)
}

// GoString writes the pairs in exact numbers, one line, for failing tests.
func (p Pairs) GoString() string {
	if p.Left == nil || p.Right == nil {
		return "gmm.Pairs{}"
	}
	delta := fmt.Sprintf(", δ = %s}", FormatNumber(p.delta))
	switch {
	case p.Modalities() == 2 && p.WantCertain() == nil:
		return fmt.Sprintf("Paired{visual %#v, text %#v}", p.Left, p.Right)
	case p.Modalities() == 2:
		return fmt.Sprintf("Paired{visual %#v, text %#v", p.Left, p.Right) + delta
	case p.Shared():
		return "Pairs{" + p.Left.GoString() + delta
	}
	return "GeneralPairs{" + p.Left.GoString() + delta
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
	whole := IntegerRows([][]*big.Rat{weights})[0]
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
		parts[i] = "(" + strings.Join(formatRow(row), ", ") + ")"
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
