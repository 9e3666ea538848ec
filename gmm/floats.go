package gmm

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

// New returns the mixture of weights (positive, any scale), the K×d matrix of
// means and the d×d covariance that all components share. Every float64 is taken for
// the dyadic rational m·2ᵉ that it is, so the mixture is exact, and theorems can be proved
// of it: of these numbers, not of those that a program rounded to them.
//
// Means that a program centred in floating point do not have the mean 0: what is left is
// rounding noise, in a direction that counts for the rank of the means as any other
// does. Centre such a mixture with Centre, or give its rationals to NewExact.
//
// It refuses, with an InputError, what Mixture does not allow.
func New(weights []float64, means, covariance mat.Matrix) (*Mixture, error) {
	var e Exact
	var err error
	if e.Weights, err = rationalRow("weights", weights); err != nil {
		return nil, err
	}
	if e.Means, err = rationalRows("means", means); err != nil {
		return nil, err
	}
	if e.Covariance, err = rationalRows("covariance", covariance); err != nil {
		return nil, err
	}
	return NewExact(e)
}

func rationalRows(key string, a mat.Matrix) ([][]*big.Rat, error) {
	rows, _ := a.Dims()
	out := make([][]*big.Rat, rows)
	for i := range out {
		row, err := rationalRow(fmt.Sprintf("%s[%d]", key, i), mat.Row(nil, i, a))
		if err != nil {
			return nil, err
		}
		out[i] = row
	}
	return out, nil
}

// rationalRow refuses values that are not finite or out of ParseNumber's range.
func rationalRow(key string, xs []float64) ([]*big.Rat, error) {
	for _, x := range xs {
		size := math.Abs(x)
		if x != 0 && !(smallestMagnitude <= size && size <= largestMagnitude) {
			return nil, &InputError{Key: key, Expected: "numbers " + magnitudes,
				Found: fmt.Sprint(x), Reason: ErrNumber}
		}
	}
	return Rationals(xs...), nil
}

func doubled(rows [][]*big.Rat) [][]dd.Number {
	out := make([][]dd.Number, len(rows))
	for i, row := range rows {
		out[i] = make([]dd.Number, len(row))
		for j, x := range row {
			out[i][j] = dd.FromRat(x)
		}
	}
	return out
}

func rounded(rows [][]dd.Number) *mat.Dense {
	a := mat.NewDense(len(rows), len(rows[0]), nil)
	for i, row := range rows {
		for j, x := range row {
			a.Set(i, j, x.Float64())
		}
	}
	return a
}

func symmetricOf(rows [][]dd.Number) *mat.SymDense {
	a := mat.NewSymDense(len(rows), nil)
	for i, row := range rows {
		for j := i; j < len(row); j++ {
			a.SetSym(i, j, row[j].Float64())
		}
	}
	return a
}
