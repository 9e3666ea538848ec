package solver_test

import (
	"math"
	"testing"

	"contrastcheck/solver"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

func TestZZOwn(t *testing.T) {
	_ = math.Abs
	_ = floats.Sum
	_ = mat.Norm
	_ = solver.Affine
}
