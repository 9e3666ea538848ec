package oracle

import (
	"errors"
	"math"
	"math/bits"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// point is a matrix M in whitened coordinates of two sides, beside a loss. In one modality the sides are the same,
// and M is symmetric.
//
// In the norm ‖G‖²_d = Σ_ij 2G_ij²/(w_i + v_j), w and v the diagonals of W and V as computed, strong convexity,
// D²f ⪰ ½c(W· + ·V), gives ‖W^¼(M − M*)V^¼‖_F ≤ ‖∇f(M)‖_d/c.
type point struct {
	loss        Loss
	left, right *whitened.Mixture
	delta       float64
	seeds       [2]uint64 // of random points
	m           *mat.Dense
	weighted    *mat.Dense    // W^¼ M V^¼
	sum         enclosure.Sum // at M
	formError   float64       // relative error of M, Frobenius norm
	defect      float64       // bound of ‖D^{−½}WD^{−½} − I‖, D the diagonals as computed
	work        *enclosure.Budget
}

// errDefect says that W is not known well enough to weigh with it.
var errDefect = errors.New("oracle: the means are so long, in standard deviations, that double precision loses the directions across them")

// see views a candidate.
func see(loss Loss, p gmm.Pairs, form gmm.Form, work *enclosure.Budget) (*point, error) {
	v, err := whitened.See(p.Mixture, form.Frame)
	if err != nil {
		return nil, err
	}
	seed := seedOf(p)
	at := &point{loss: loss, left: v, right: v, delta: p.Delta(), seeds: [2]uint64{seed, seed}, formError: v.FormError, work: work}
	at.trust(v)
	return at.trusted(dense.Symmetric(whitened.Matrix(v, form.N, v)))
}

// seePaired views a candidate of two modalities.
func seePaired(loss Loss, p gmm.Paired, form gmm.CrossForm, work *enclosure.Budget) (*point, error) {
	at := &point{loss: loss, delta: 1, work: work}
	var err error
	for i, side := range []struct {
		view    **whitened.Mixture
		mixture *gmm.Mixture
		frame   gmm.Frame
	}{{&at.left, p.Visual, form.Visual}, {&at.right, p.Text, form.Text}} {
		if *side.view, err = whitened.See(side.mixture, side.frame); err != nil {
			return nil, err
		}
		pairs, err := gmm.NewPairs(side.mixture, gmm.Rationals(1)[0])
		if err != nil {
			return nil, err
		}
		at.seeds[i] = seedOf(pairs)
		at.formError += (*side.view).FormError
		at.trust(*side.view)
	}
	return at.trusted(whitened.Matrix(at.left, form.N, at.right))
}

func (at *point) trust(v *whitened.Mixture) {
	defect, moved := v.Defect()
	at.defect = max(at.defect, defect+moved)
}

// trusted places a matrix, where the weights can be trusted.
func (at *point) trusted(m *mat.Dense) (*point, error) {
	const trusted = 0.5
	if !(at.defect < trusted) {
		return nil, errDefect
	}
	return at.with(m), nil
}

// with is the point of another matrix.
func (at *point) with(m *mat.Dense) *point {
	out := *at
	out.m, out.weighted = m, dense.Scaled(at.left.W, m, at.right.W, 0.25)
	out.sum = at.loss.sum(&out)
	return &out
}

// bounded evaluates the gradient with an error of at most about tolerance.
func (at *point) bounded(tolerance float64) (enclosure.Gradient, error) {
	return at.sum.Bounded(tolerance, at.work)
}

// sampled estimates the gradient by random points.
func (at *point) sampled(negligible float64, enough func(e enclosure.Gradient, more float64) bool) enclosure.Gradient {
	seed := at.seeds[0]
	if at.left != at.right {
		seed ^= bits.ReverseBytes64(at.seeds[1])
	}
	return at.sum.Sampled(negligible, seed, at.work, enough)
}

// distances turns a bound of ‖∇f(M)‖_d into bounds of ‖M − M*‖_F and of ‖W^¼(M − M*)V^¼‖_F.
func (at *point) distances(gradient float64) (plain, weighted float64) {
	weighted = gradient / (at.loss.modulus * (1 - at.defect))
	return weighted / at.least(), weighted
}

// least is the smallest √½(w_i + v_j) ≥ 1.
func (at *point) least() float64 {
	return math.Sqrt((slices.Min(at.left.W) + slices.Min(at.right.W)) / 2)
}
