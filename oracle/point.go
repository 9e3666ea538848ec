package oracle

import (
	"errors"
	"math"
	"math/bits"
	"slices"
	"sync"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// point is a matrix M in whitened coordinates of two sides, beside a loss. In one modality the sides are the same,
// and M is symmetric.
//
// With w and v the diagonals of W and V as computed and H_ij the loss's mean of w_i and v_j, strong convexity,
// D²f[V,V] ≥ c Σ H_ij V_ij², bounds the distance by the norm ‖G‖²_d = Σ G_ij²/H_ij: Σ H_ij (M − M*)_ij² ≤ ‖∇f(M)‖_d²/c², and
// W^p(M − M*)V^p is no longer in the Frobenius norm.
type point struct {
	loss        Loss
	left, right *whitened.Mixture
	frames      [2]gmm.Frame  // of M, on either side
	own         *whitened.Own // where the loss depends on own covariances
	delta       float64
	seeds       [2]func() uint64 // of random points, once they are drawn
	m           *mat.Dense
	weighted    *mat.Dense    // W^p M V^p
	sum         enclosure.Sum // at M
	formError   float64       // relative error of M, Frobenius norm
	defect      float64       // bound of ‖D^{−½}WD^{−½} − I‖, D the diagonals as computed
	work        *enclosure.Budget
}

var (
	// errDefect says that W is not known well enough to weigh with it.
	errDefect = errors.New("oracle: the means are so long, in standard deviations, that double precision loses the directions across them")
	errNone   = errors.New("oracle: the solver found no matrix beside 0")
	errFinite = errors.New("oracle: a matrix is judged that is not finite")
)

// see views a candidate.
func see(l Loss, p gmm.Pairs, form gmm.Form, work *enclosure.Budget) (*point, error) {
	if form.N == nil {
		return nil, errNone
	}
	if err := wantFinite(form); err != nil {
		return nil, err
	}
	at := &point{loss: l, frames: [2]gmm.Frame{form.Left, form.Right}, delta: p.Delta(), work: work}
	for i, m := range sides(p) {
		v, own, err := l.view(m, at.frames[i])
		if err != nil {
			return nil, err
		}
		at.own = own
		if at.right = v; i == 0 {
			at.left = v
		}
		defect, moved := v.Defect()
		at.defect = max(at.defect, defect+moved)
		at.formError += v.FormError
		at.seeds[i] = sync.OnceValue(func() uint64 { return seedOf(m, at.delta) })
	}
	if p.Modalities() == 1 {
		at.seeds[1] = at.seeds[0]
	}
	return at.trusted(at.matrix(form))
}

func finite(n *mat.Dense) bool {
	sum := mat.Sum(n)
	return !math.IsNaN(sum) && !math.IsInf(sum, 0)
}

// matrix is that of a form in the frames of the point, in its coordinates.
func (at *point) matrix(form gmm.Form) *mat.Dense {
	if at.left == at.right {
		return dense.Symmetric(whitened.Matrix(at.left, form.Symmetric(), at.right))
	}
	return whitened.Matrix(at.left, form.N, at.right)
}

// of is the point of a form in the same frames, with its own work.
func (at *point) of(form gmm.Form, work *enclosure.Budget) *point {
	out := *at
	out.work = work
	return out.with(at.matrix(form))
}

func wantFinite(form gmm.Form) error {
	if sum := mat.Sum(form.N); math.IsNaN(sum) || math.IsInf(sum, 0) {
		return errFinite
	}
	return nil
}

// view sees a mixture, and its own covariances where the loss depends on them.
func (l Loss) view(m *gmm.Mixture, frame gmm.Frame) (*whitened.Mixture, *whitened.Own, error) {
	if l.ownTerm == nil || m.Shared() {
		v, err := whitened.See(m, frame)
		return v, nil, err
	}
	own, err := whitened.SeeOwn(m, frame)
	if err != nil {
		return nil, nil, err
	}
	return own.Mixture, own, nil
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
	out.m, out.weighted = m, dense.Scaled(at.left.W, m, at.right.W, at.loss.metric.Power)
	out.sum = at.loss.sum(&out)
	return &out
}

// bounded evaluates the gradient with an error of at most about tolerance.
func (at *point) bounded(tolerance float64) (enclosure.Gradient, error) {
	return at.sum.Bounded(tolerance, at.work)
}

// sampled estimates the gradient by random points.
func (at *point) sampled(negligible float64, enough func(e enclosure.Gradient, more float64) bool) enclosure.Gradient {
	seed := at.seeds[0]()
	if at.left != at.right {
		seed ^= bits.ReverseBytes64(at.seeds[1]())
	}
	return at.sum.Sampled(negligible, seed, at.work, enough)
}

// sampledPlainly is sampled with errors in Frobenius norm.
func (at *point) sampledPlainly(enough func(e enclosure.Gradient, more float64) bool) enclosure.Gradient {
	plain := *at
	plain.sum = at.sum.Plain()
	return plain.sampled(0, enough)
}

// distances turns a bound of ‖∇f(M)‖_d into bounds of ‖M − M*‖_F and of ‖W^p(M − M*)V^p‖_F.
func (at *point) distances(gradient float64) (plain, weighted float64) {
	weighted = gradient / at.modulus(gradient)
	return weighted / at.least(), weighted
}

// modulus is that of strong convexity in the metric of W as computed.
func (at *point) modulus(gradient float64) float64 {
	return at.loss.modulus(at, gradient) * at.loss.metric.Trusted(at.defect)
}

// least is the smallest √H_ij ≥ 1.
func (at *point) least() float64 {
	return math.Sqrt(at.loss.metric.Mean(slices.Min(at.left.W), slices.Min(at.right.W)))
}
