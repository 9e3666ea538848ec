package gmm

import (
	"fmt"
	"math/big"
)

func checkShape(e Exact) error {
	if err := checkMeans(e.Weights, e.Means); err != nil {
		return err
	}
	return checkSymmetric(e.Covariance, len(e.Means[0]))
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
func checkSymmetric(covariance [][]*big.Rat, d int) error {
	if len(covariance) != d {
		return &InputError{Key: "covariance", Expected: fmt.Sprintf("%d rows, one for each coordinate of the means", d),
			Found: fmt.Sprint(len(covariance)), Reason: ErrShape}
	}
	for i, row := range covariance {
		if len(row) != d {
			return &InputError{Key: fmt.Sprintf("covariance[%d]", i), Expected: fmt.Sprintf("%d numbers", d),
				Found: fmt.Sprint(len(row)), Reason: ErrShape}
		}
		for j := range i {
			if row[j].Cmp(covariance[j][i]) != 0 {
				return &InputError{Key: fmt.Sprintf("covariance[%d][%d]", i, j),
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

func checkDenominators(e Exact) error {
	for _, part := range []struct {
		key  string
		rows [][]*big.Rat
	}{{"weights", [][]*big.Rat{e.Weights}}, {"means", e.Means}, {"covariance", e.Covariance}} {
		if err := checkDenominator(part.key, part.rows); err != nil {
			return err
		}
	}
	return nil
}

func checkDenominator(key string, rows [][]*big.Rat) error {
	common := big.NewInt(1)
	for _, row := range rows {
		for _, x := range row {
			if x.IsInt() || x.Denom().Cmp(common) == 0 {
				continue
			}
			gcd := new(big.Int).GCD(nil, nil, common, x.Denom())
			if common.Mul(common, gcd.Quo(x.Denom(), gcd)); common.BitLen() > longestDenominator {
				return &InputError{Key: key, Expected: "decimals, or fractions of a few denominators",
					Found: "a common denominator of thousands of digits", Reason: ErrNumber}
			}
		}
	}
	return nil
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
