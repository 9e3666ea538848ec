package solver

import (
	"math"
	"math/rand/v2"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Clip minimises the CLIP loss of p,
//
//	g(M) = −2 E_{pairs}[ xᵀMy ] + E_x log E_y exp(xᵀMy) + E_y log E_x exp(xᵀMy),   M = A_V A_Tᵀ,
//
// x visual, y text, over all M, inside the Fisher subspaces, by Newton's method from
// M = 0. With at least min(s_V, s_T) columns the minimum over A_V and A_T is this one.
func Clip(p gmm.Pairs, o Options) (CrossCandidate, error) {
	if err := p.WantCertain(); err != nil {
		return CrossCandidate{}, err
	}
	w, err := p.WhitenFisher()
	if err != nil {
		return CrossCandidate{}, err
	}
	visual, text := w.Left, w.Right
	if visual.Means == nil || text.Means == nil {
		return CrossCandidate{Method: "reduced", Form: gmm.WhitenedPairs{Left: visual, Right: text}.Form(nil), Rule: "exact", Points: 1}, nil
	}
	f, err := newSteeredClip(p, visual, text, o)
	if err != nil {
		return CrossCandidate{}, err
	}
	return f.find("reduced", p, mat.NewDense(len(f.visual.second), len(f.text.second), nil), o)
}

// ClipBlind minimises the CLIP loss of p over all d_V×d_T matrices, from a random
// one of full rank. It neither computes nor uses the Fisher subspaces: whether the
// minimiser lies there is for others to judge.
func ClipBlind(p gmm.Pairs, o Options) (CrossCandidate, error) {
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
	return f.find("blind", p, f.randomStart(rand.New(rand.NewPCG(o.Seed, 0))), o)
}

// newSteeredClip states the loss as the options ask.
func newSteeredClip(p gmm.Pairs, visual, text gmm.Whitened, o Options) (*clip, error) {
	if err := checkComponents(p); err != nil {
		return nil, err
	}
	f, err := newClip(p, visual, text)
	if err != nil {
		return nil, err
	}
	f.visual.steer(o)
	f.text.steer(o)
	f.text.work = f.visual.work // one budget for both
	return f, nil
}

// randomStart returns a random matrix of full rank, small enough that its
// softmaxes are no steeper than those of typical minimisers.
func (f *clip) randomStart(rng *rand.Rand) *mat.Dense {
	start := mat.NewDense(len(f.visual.second), len(f.text.second), nil)
	rows, columns := start.Dims()
	longest := mat.Norm(f.visual.means, 2) * mat.Norm(f.text.means, 2)
	size := 1 / ((1 + longest) * math.Sqrt(float64(max(rows, columns))))
	start.Apply(func(_, _ int, _ float64) float64 { return size * rng.NormFloat64() }, start)
	return start
}

// find minimises f from start and brings the minimiser back to original coordinates.
func (f *clip) find(method string, p gmm.Pairs, start *mat.Dense, o Options) (CrossCandidate, error) {
	found, err := f.minimise(start, o.tolerance(p.Components())*f.signal())
	if err != nil {
		return CrossCandidate{}, err
	}
	c := f.candidate(method, p, found)
	c.Rank = found.rank()
	c.write(p, f.visual.whitened, f.text.whitened, f.turnedBack(found.m))
	return c, nil
}

// candidate reports a point, but for its matrix.
func (f *clip) candidate(method string, p gmm.Pairs, pt *clipPoint) CrossCandidate {
	c := CrossCandidate{Method: method, GradientNorm: pt.norm, DistanceBound: pt.distance()}
	c.Loss, c.LossError = pt.value()
	visual, text := &pt.softmaxes[0], &pt.softmaxes[1]
	c.Rule = visual.ruleName() + " and " + text.ruleName()
	if pt.spent {
		c.Rule += atLimit
	}
	c.Points = visual.nodes() + text.nodes()
	for i, s := range f.sensitivity {
		c.RuleError += pt.softmaxes[i].ruleError(s)
	}
	return c
}

// rank counts the singular values of W_V^¼MW_T^¼ that are positive for certain.
func (pt *clipPoint) rank() int {
	f := pt.f
	weighted := new(mat.Dense)
	weighted.Apply(func(i, j int, x float64) float64 {
		return x * math.Pow(f.visual.second[i]*f.text.second[j], 0.25)
	}, pt.m)
	bound := (pt.norm+pt.err)/2 + f.relative()*mat.Norm(weighted, 2)
	var svd mat.SVD
	if !svd.Factorize(weighted, mat.SVDNone) {
		panic("solver: the singular values did not converge")
	}
	rank := 0
	for _, x := range svd.Values(nil) {
		if x > bound {
			rank++
		}
	}
	return rank
}

// turnedBack returns M before the sides were turned.
func (f *clip) turnedBack(m *mat.Dense) *mat.Dense {
	var half mat.Dense
	half.Mul(f.visual.rotation, m)
	out := new(mat.Dense)
	out.Mul(&half, f.text.rotation.T())
	return out
}
