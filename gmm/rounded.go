package gmm

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

// NewRounded returns the mixture of weights (positive, any scale), the K×d matrix of
// means and the d×d covariance that all components share. Its numbers are taken as
// rounded. It refuses, with an InputError, what Mixture does not allow.
func NewRounded(weights []float64, means, covariance mat.Matrix) (*Mixture, error) {
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
	m, err := New(e)
	if err != nil {
		return nil, err
	}
	m.rounded = true
	return m, nil
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
