package gmm

import (
	"fmt"
	"math/big"
	"slices"
)

// check refuses what has no mixture's shape, is not symmetric or has unusable denominators.
func (e Exact) check() error {
	if err := checkMeans(e.Weights, e.Means); err != nil {
		return err
	}
	d := len(e.Means[0])
	covariances := slices.Concat(e.Covariances...)
	switch {
	case e.Covariances == nil:
		covariances = e.Covariance
		if err := checkSymmetric("covariance", e.Covariance, d); err != nil {
			return err
		}
	case e.Covariance != nil:
		return &InputError{Key: "covariance", Expected: "one shared covariance, or one for each component", Found: "both", Reason: ErrShape}
	case len(e.Covariances) != len(e.Weights):
		return &InputError{Key: "covariance", Expected: fmt.Sprintf("%d matrices, one for each weight", len(e.Weights)),
			Found: fmt.Sprint(len(e.Covariances)), Reason: ErrShape}
	}
	for k, own := range e.Covariances {
		if err := checkSymmetric(fmt.Sprintf("covariance[%d]", k), own, d); err != nil {
			return err
		}
	}
	for _, part := range []struct {
		key  string
		rows [][]*big.Rat
	}{{"weights", [][]*big.Rat{e.Weights}}, {"means", e.Means}, {"covariance", covariances}} {
		if _, err := CommonDenominator(part.key, part.rows...); err != nil {
			return err
		}
	}
	return nil
}

// checkMeans refuses what is not K ≥ 1 weights and K means of one dimension d ≥ 1.
func checkMeans(weights []*big.Rat, means [][]*big.Rat) error {
	k := len(weights)
	switch {
	case k == 0:
		return &InputError{Key: "weights", Expected: "at least one weight", Found: "none", Reason: ErrShape}
	case len(means) != k:
		return &InputError{Key: "means", Expected: fmt.Sprintf("%d rows, one for each weight", k),
			Found: fmt.Sprint(len(means)), Reason: ErrShape}
	case len(means[0]) == 0:
		return &InputError{Key: "means", Expected: "at least one coordinate", Found: "none", Reason: ErrShape}
	}
	d := len(means[0])
	for i, row := range means {
		if len(row) != d {
			return &InputError{Key: fmt.Sprintf("means[%d]", i), Expected: fmt.Sprintf("%d numbers, as in the first row", d),
				Found: fmt.Sprint(len(row)), Reason: ErrShape}
		}
	}
	return nil
}

// checkSymmetric refuses what is not a symmetric d×d matrix.
func checkSymmetric(key string, covariance [][]*big.Rat, d int) error {
	if len(covariance) != d {
		return &InputError{Key: key, Expected: fmt.Sprintf("%d rows, one for each coordinate of the means", d),
			Found: fmt.Sprint(len(covariance)), Reason: ErrShape}
	}
	for i, row := range covariance {
		if len(row) != d {
			return &InputError{Key: fmt.Sprintf("%s[%d]", key, i), Expected: fmt.Sprintf("%d numbers", d),
				Found: fmt.Sprint(len(row)), Reason: ErrShape}
		}
		for j := range i {
			if row[j].Cmp(covariance[j][i]) != 0 {
				return &InputError{Key: fmt.Sprintf("%s[%d][%d]", key, i, j),
					Expected: "a symmetric matrix with " + FormatNumber(covariance[j][i]) + " here",
					Found:    FormatNumber(row[j]), Reason: ErrNotSymmetric}
			}
		}
	}
	return nil
}

// longestDenominator bounds a common denominator of all weights, all means, or
// all variances, in bits: decimals and floats of any size fit, but thousands of
// unrelated fractions, on which exact arithmetic would take forever, do not.
const longestDenominator = 8192

// CommonDenominator returns the least common denominator of numbers. It refuses, with an InputError of the key and
// ErrNumber, one of more than 8192 bits.
func CommonDenominator(key string, rows ...[]*big.Rat) (*big.Int, error) {
	common := big.NewInt(1)
	for _, row := range rows {
		for _, x := range row {
			if widen(common, x); common.BitLen() > longestDenominator {
				return nil, &InputError{Key: key, Expected: "decimals, or fractions of a few denominators",
					Found: "a common denominator of thousands of digits", Reason: ErrNumber}
			}
		}
	}
	return common, nil
}

// widen makes a common denominator one of x, too.
func widen(common *big.Int, x *big.Rat) {
	if x.IsInt() || x.Denom().Cmp(common) == 0 {
		return
	}
	gcd := new(big.Int).GCD(nil, nil, common, x.Denom())
	common.Mul(common, gcd.Quo(x.Denom(), gcd))
}

// whole clears the denominators of a mixture's symmetric matrix by the least common one.
func whole(rows [][]*big.Rat) (whole [][]*big.Int, common *big.Int) {
	common, _ = CommonDenominator("", rows...) // which is short, as the mixture was made
	whole = make([][]*big.Int, len(rows))
	for i, row := range rows {
		whole[i] = make([]*big.Int, len(row))
		for j, x := range row[:i+1] {
			factor := common
			if !x.IsInt() {
				factor = new(big.Int).Quo(common, x.Denom())
			}
			whole[i][j] = new(big.Int).Mul(x.Num(), factor)
			whole[j][i] = whole[i][j]
		}
	}
	return whole, common
}

// normalised divides weights by their sum.
func normalised(weights []*big.Rat) ([]*big.Rat, error) {
	sum := new(big.Rat)
	for k, w := range weights {
		if w.Sign() <= 0 {
			return nil, &InputError{Key: fmt.Sprintf("weights[%d]", k), Expected: "a positive number",
				Found: FormatNumber(w), Reason: ErrWeight}
		}
		sum.Add(sum, w)
	}
	out := make([]*big.Rat, len(weights))
	for k, w := range weights {
		out[k] = new(big.Rat).Quo(w, sum)
	}
	return out, nil
}
