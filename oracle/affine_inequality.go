package oracle

import (
	"fmt"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// AffineMonotonicity evaluates, of the loss of affine maps and centred pairs, both sides of
//
//	⟨∇_M L₂ − ∇_M L₁, V⟩ + (∇_c L₂ − ∇_c L₁)·v ≥ ‖V‖²_F + |v|²,   V = M₂ − M₁,   v = c₂ − c₁,
//
// at the products M of representations and vectors c, d numbers each in some whitened coordinates: it holds everywhere iff L is 1-strongly convex in M and c together. It refuses what Affine does, and
// panics if a vector does not fit.
func AffineMonotonicity(p gmm.Pairs, a1, a2 Encoders, c1, c2 []float64, tolerance float64) (Inequality, error) {
	one, e1, err := jointly(p, a1, c1, tolerance)
	if err != nil {
		return Inequality{}, err
	}
	two, e2, err := jointly(p, a2, c2, tolerance)
	if err != nil {
		return Inequality{}, err
	}
	var move, rise mat.Dense
	move.Sub(two.m, one.m)
	rise.Sub(e2.Matrix, e1.Matrix)
	size := mat.Norm(&move, 2)
	var length, along, slopes float64
	for i, c := range c2 {
		v := c - c1[i]
		length += v * v
		along += v * (e2.Slope[i] - e1.Slope[i])
		slopes += (e2.Slope[i] - e1.Slope[i]) * (e2.Slope[i] - e1.Slope[i])
	}
	relative := one.formError * (mat.Norm(one.m, 2) + mat.Norm(two.m, 2))
	const rounding = 1e-13 // of the sums here, beside Scale
	scale := 1 + mat.Norm(&rise, 2)*size + slopes + length
	return Inequality{
		Left:  dense.Inner(&rise, &move) + along,
		Right: size*size + length,
		Error: whitenedPrimal(one, &move)*(e1.Err+e2.Err) + (1+length)*(e1.SlopeErr+e2.SlopeErr) + relative*(mat.Norm(&rise, 2)+2*size) + rounding*scale,
		Scale: scale,
	}, nil
}

func whitenedPrimal(at *point, move *mat.Dense) float64 {
	return at.loss.metric.PrimalNorm(at.left, move, at.right)
}

// jointly evaluates both gradients.
func jointly(p gmm.Pairs, a Encoders, c []float64, tolerance float64) (*point, enclosure.Joint, error) {
	at, err := Affine.place(p, a)
	if err != nil {
		return nil, enclosure.Joint{}, err
	}
	if len(c) != len(at.left.W) {
		panic(fmt.Sprintf("oracle: a vector of %d numbers does not fit dimension %d", len(c), len(at.left.W)))
	}
	joint, err := at.sum.Terms[0].(*enclosure.Affine).Joint(c, tolerance, at.work)
	return at, joint, err
}
