package solver

import (
	"fmt"
	"math"
	"math/rand/v2"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// ClipLiteral minimises L(A_V, A_T) = g(A_V A_Tᵀ) over pairs of representations with r
// columns each, as the CLIP loss is stated, over all dimensions: L-BFGS from starts
// random points. CrossCandidate.Visual, d_V×r, and Text, d_T×r, are the pair that it ends
// with, which need not be one of least norm; Rank is r and GradientNorm ‖∇L(A_V, A_T)‖_F
// in whitened coordinates. For r < min(s_V, s_T) the problem is not convex, nothing
// bounds the distance to a global minimum, and DistanceBound is +Inf. It panics if
// r < 1 or starts < 1.
func ClipLiteral(p gmm.Pairs, r, starts int, o Options) (CrossCandidate, error) {
	if r < 1 || starts < 1 {
		panic(fmt.Sprintf("solver: %d columns from %d starts", r, starts))
	}
	if err := p.WantCertain(); err != nil {
		return CrossCandidate{}, err
	}
	w, err := p.WhitenFull()
	if err != nil {
		return CrossCandidate{}, err
	}
	visual, text := w.Left, w.Right
	f, err := newSteeredClip(p, visual, text, o)
	if err != nil {
		return CrossCandidate{}, err
	}
	l := &clipLiteral{f: f, columns: r, tolerance: o.tolerance(p.Components()) * f.signal()}
	rng := rand.New(rand.NewPCG(o.Seed, 1))
	var best []float64
	least := math.Inf(1)
	for range starts {
		found, err := l.descend(rng)
		if err != nil {
			return CrossCandidate{}, err
		}
		if value, _ := l.point.value(); value < least {
			best, least = found, value
		}
	}
	if err := l.at(best); err != nil {
		return CrossCandidate{}, err
	}
	for i, side := range f.sides() {
		s := &l.point.softmaxes[i]
		side.look(s, side.measure, l.tolerance, false)
		l.point.err += s.blind.gradient
	}
	c := f.candidate("literal", p, &l.point)
	c.write(p, visual, text, f.turnedBack(l.point.m))
	c.Rank, c.GradientNorm = r, math.Sqrt(inner(l.slopeVisual, l.slopeVisual)+inner(l.slopeText, l.slopeText))
	if r < min(p.Left.FisherDimension().Value, p.Right.FisherDimension().Value) {
		c.DistanceBound = math.Inf(1)
	}
	left, right := l.split(best)
	var turned mat.Dense
	turned.Mul(f.visual.rotation, left)
	c.Visual, c.VisualCoefficients = visual.Columns(p.Left, &turned), visual.Coefficients(&turned)
	turned.Reset()
	turned.Mul(f.text.rotation, right)
	c.Text, c.TextCoefficients = text.Columns(p.Right, &turned), text.Coefficients(&turned)
	return c, nil
}

// clipLiteral is L as a function of both representations, in the coordinates of f:
// ∇_{A_V}L = ∇g(M)A_T and ∇_{A_T}L = ∇g(M)ᵀA_V.
type clipLiteral struct {
	f                      *clip
	columns                int
	tolerance              float64
	point                  clipPoint // at the last pair
	slopeVisual, slopeText *mat.Dense
}

// split returns A_V and A_T, which share memory with x.
func (l *clipLiteral) split(x []float64) (visual, text *mat.Dense) {
	m, n := len(l.f.visual.second), len(l.f.text.second)
	return mat.NewDense(m, l.columns, x[:m*l.columns]), mat.NewDense(n, l.columns, x[m*l.columns:])
}

func (l *clipLiteral) at(x []float64) error {
	visual, text := l.split(x)
	var m mat.Dense
	m.Mul(visual, text.T())
	if err := l.f.at(&l.point, &m, l.tolerance); err != nil {
		return err
	}
	l.slopeVisual, l.slopeText = new(mat.Dense), new(mat.Dense)
	l.slopeVisual.Mul(l.point.gradient, text)
	l.slopeText.Mul(l.point.gradient.T(), visual)
	return nil
}

// descend runs L-BFGS from a random pair until it no longer progresses; rounding
// stops its line search near a gradient norm of 1e-10, which is no failure.
func (l *clipLiteral) descend(rng *rand.Rand) ([]float64, error) {
	start := make([]float64, (len(l.f.visual.second)+len(l.f.text.second))*l.columns)
	size := 1 / math.Sqrt((1+mat.Norm(l.f.visual.means, 2)*mat.Norm(l.f.text.means, 2))*float64(l.columns))
	for i := range start {
		start[i] = size * rng.NormFloat64()
	}
	problem := optimize.Problem{
		Func: func(x []float64) float64 {
			if l.at(x) != nil {
				return math.Inf(1)
			}
			value, _ := l.point.value()
			return value
		},
		Grad: func(gradient, x []float64) {
			if l.at(x) != nil {
				for i := range gradient {
					gradient[i] = math.NaN()
				}
				return
			}
			copy(gradient, l.slopeVisual.RawMatrix().Data)
			copy(gradient[len(l.slopeVisual.RawMatrix().Data):], l.slopeText.RawMatrix().Data)
		},
	}
	const iterations = 500
	result, err := optimize.Minimize(problem, start, &optimize.Settings{GradientThreshold: 1e-10, MajorIterations: iterations}, &optimize.LBFGS{})
	if result == nil {
		return nil, fmt.Errorf("solver: L-BFGS found no point: %w", err)
	}
	return result.X, l.at(result.X)
}
